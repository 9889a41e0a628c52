//! What words are drawn on: white words on the white page are seen by nobody, those on a coloured cell by everybody.

use hayro_interpret::Paint;
use hayro_interpret::kurbo::{Point, Rect};

/// Coloured areas that are kept; on a page with more, white words count as seen.
const MAX_AREAS: usize = 1000;
/// From here on a colour is white to the eye.
const WHITE: u8 = 250;

/// The coloured areas of a page so far.
#[derive(Default)]
pub(super) struct Ground {
    areas: Vec<Rect>,
}

impl Ground {
    /// An area is filled or has a picture on it.
    pub(super) fn add(&mut self, area: Rect) {
        if self.areas.len() <= MAX_AREAS {
            self.areas.push(area);
        }
    }

    /// Whether nobody sees what is drawn here with this paint.
    pub(super) fn hides(&self, at: Point, paint: &Paint<'_>) -> bool {
        let is_bare = || self.areas.len() <= MAX_AREAS && !self.areas.iter().rev().any(|area| area.contains(at));
        is_clear(paint) || (is_white(paint) && is_bare())
    }
}

/// Whether a paint leaves no trace.
fn is_clear(paint: &Paint<'_>) -> bool {
    matches!(paint, Paint::Color(color) if matches!(color.to_rgba().to_rgba8(), [.., 0]))
}

/// Whether a paint is that of the page.
pub(super) fn is_white(paint: &Paint<'_>) -> bool {
    matches!(paint, Paint::Color(color) if color.to_rgba().to_rgba8().iter().all(|part| *part >= WHITE))
}
