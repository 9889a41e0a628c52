//! The letters of a page with their places, as the page draws them.

use std::panic::resume_unwind;
use std::sync::atomic::Ordering;

use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::page::Page as PdfPage;
use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect, Shape, Vec2};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, Paint, SoftMask, TransformExt, interpret_page,
};

use super::super::super::error::ParseError;
use super::deadline::Stop;
use super::ground::{Ground, is_white};
use super::layout;

/// Letters of a page; a full page of small print has some ten thousand.
const MAX_LETTERS: usize = 500_000;
/// Letters of a file, at which a page is not begun any more.
const MAX_LETTERS_OF_FILE: usize = 20_000_000;
/// The units in which fonts measure, for the size of a letter.
const EM: f64 = 1000.0;
/// Smaller letters, in points, are seen by nobody.
const SMALLEST: f64 = 1.0;

/// A page as lines.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub lines: Vec<TextLine>,
    /// Letters, white space aside, and how many of them the file does not name.
    pub letters: usize,
    pub unknown: usize,
    /// What the page shows and the lines do not have.
    pub left_out: Vec<String>,
}

/// A line of a page, with the size of its largest letters.
#[derive(Debug, Default)]
pub(super) struct TextLine {
    pub text: String,
    pub size: f64,
}

/// A letter on a page, places counted from its top left.
#[derive(Debug, Clone)]
pub(super) struct Letter {
    pub text: String,
    pub at: Point,
    /// From its left to its right end.
    pub advance: Vec2,
    pub size: f64,
    pub is_hidden: bool,
}

/// Draws all pages.
pub(super) fn pages(pdf: &Pdf, stop: &Stop) -> Result<Vec<Page>, ParseError> {
    let cache = InterpreterCache::new();
    let mut pages: Vec<Page> = Vec::new();
    let mut sum = 0_usize;
    for page in pdf.pages().iter() {
        let Collector { letters, has_picture, unseen, .. } = draw(page, pdf, &cache, stop);
        sum = sum.saturating_add(letters.len());
        if letters.len() >= MAX_LETTERS || sum > MAX_LETTERS_OF_FILE {
            return Err(ParseError::over("letters on a page", letters.len() as u64, MAX_LETTERS as u64));
        }
        let mut laid_out = layout::page(letters);
        if unseen > 0 {
            let reason = format!("hidden text of {unseen} letters (white on white, or too small to be seen)");
            laid_out.left_out.push(reason);
        }
        if laid_out.letters == 0 && has_picture {
            laid_out
                .left_out
                .push("a page that is a picture: run text recognition (OCR) on it to have its words".to_owned());
        }
        pages.push(laid_out);
    }
    Ok(pages)
}

fn draw<'a>(page: &PdfPage<'a>, pdf: &'a Pdf, cache: &InterpreterCache<'a>, stop: &Stop) -> Collector {
    let (width, height) = page.render_dimensions();
    let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let place = page.initial_transform(true).to_kurbo();
    let mut context = Context::new(place, area, cache, pdf.xref(), InterpreterSettings::default());
    let mut collector = Collector {
        letters: Vec::new(),
        has_picture: false,
        unseen: 0,
        ground: Ground::default(),
        area,
        stop: Stop::clone(stop),
    };
    interpret_page(page, &mut context, &mut collector);
    collector
}

/// Takes letters in and draws nothing.
struct Collector {
    letters: Vec<Letter>,
    has_picture: bool,
    /// Letters that nobody can see: white on white, or without any size.
    unseen: usize,
    ground: Ground,
    area: Rect,
    stop: Stop,
}

impl Collector {
    /// Ends the drawing from within, where it is over its deadline; the thread catches it.
    fn go_on(&self) {
        if self.stop.load(Ordering::Relaxed) {
            resume_unwind(Box::new("asked to stop"));
        }
    }

    fn add(&mut self, glyph: &Glyph<'_>, place: Affine, paint: &Paint<'_>, is_hidden: bool) {
        let width = match glyph {
            Glyph::Outline(outline) => outline.advance_width(),
            Glyph::Type3(drawn) => drawn.advance_width(),
        };
        let at = place * Point::ZERO;
        let advance = place * Point::new(f64::from(width.unwrap_or(0.0)), 0.0) - at;
        let size = (place * Point::new(0.0, EM) - at).hypot();
        let text = match glyph.as_unicode() {
            Some(BfString::Char(c)) => c.to_string(),
            Some(BfString::String(text)) => text,
            None => '\u{fffd}'.to_string(),
        };
        let is_sound = [at.x, at.y, advance.x, advance.y, size].into_iter().all(f64::is_finite);
        // What lies outside of the page is not on it; a small margin is for boxes cut too close.
        let is_shown = is_sound && size > 0.0 && self.area.inflate(size, size).contains(at);
        let is_seen = size >= SMALLEST && (is_hidden || !self.ground.hides(at, paint));
        if is_shown && !is_seen {
            self.unseen += usize::from(!text.trim().is_empty());
        } else if is_shown && self.letters.len() < MAX_LETTERS {
            self.letters.push(Letter { text, at, advance, size, is_hidden });
        }
    }
}

impl Device<'_> for Collector {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, '_>, props: DrawProps<'_>, mode: &DrawMode) {
        self.go_on();
        for glyph in run.glyphs() {
            let is_hidden = matches!(mode, DrawMode::Invisible);
            self.add(glyph, props.transform * glyph.transform(), &props.paint, is_hidden);
        }
    }

    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'_>, mode: &DrawMode) {
        self.go_on();
        if matches!(mode, DrawMode::Fill(_) | DrawMode::FillAndStroke(..)) && !is_white(&props.paint) {
            self.ground.add(props.transform.transform_rect_bbox(path.bounding_box()));
        }
    }

    fn push_clip_path(&mut self, _: &ClipPath) {
        self.go_on();
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {
        self.go_on();
    }

    fn draw_image(&mut self, image: Image<'_, '_>, props: ImageDrawProps<'_>) {
        self.go_on();
        let size = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        self.ground.add(props.transform.transform_rect_bbox(size));
        self.has_picture = true;
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}
