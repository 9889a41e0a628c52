//! The captions that Zoom saves on the computer: `[Dana Ruiz] 16:20:05`, the words below, a blank line.
//!
//! The shape is as public readers of `meeting_saved_closed_caption.txt` describe it. The time is the time of day, so it is
//! counted from the first caption.

use super::super::super::clock::clock_ms;
use super::super::super::reading::{Cue, Reading, ordinal};
use super::wall::{HALF_A_DAY_MS, Wall};
use crate::domain::transcript::{Format, Precision};

/// How far into the file the first caption may be.
const LINES_TO_FIRST_CAPTION: usize = 10;

/// Reads the captions; none if none begins near the top.
pub(super) fn read(text: &str) -> Option<Reading> {
    text.lines().filter(|line| !line.trim().is_empty()).take(LINES_TO_FIRST_CAPTION).find_map(head)?;
    let mut reading = Reading::call(Format::ZoomCaptionText, Precision::Cue);
    let mut wall = Wall::default();
    for (index, line) in text.lines().enumerate() {
        if let Some((speaker, clock)) = head(line) {
            reading.cues.push(Cue {
                id: format!("L{}", ordinal(index)),
                line: ordinal(index),
                speaker: Some(speaker.to_owned()),
                start_ms: Some(wall.since_first(None, clock)),
                ..Cue::default()
            });
        } else if let Some(caption) = reading.cues.last_mut() {
            caption.text.push(' ');
            caption.text.push_str(line.trim());
        } else if !line.trim().is_empty() {
            reading.drop(ordinal(index), "before the first caption");
        }
    }
    reading.warnings.push("the file's times are the time of day; they are counted from the first caption".to_owned());
    Some(reading)
}

/// `16:20:05`, or `4:20:05 PM`.
fn time_of_day(time: &str) -> Option<i64> {
    let (clock, half) = time.split_once(char::is_whitespace).unwrap_or((time, ""));
    let ms = clock_ms(clock).filter(|_| clock.matches(':').count() == 2)?;
    match half.trim().to_ascii_lowercase().as_str() {
        "" => Some(ms),
        "am" => Some(ms % HALF_A_DAY_MS),
        "pm" => Some(ms % HALF_A_DAY_MS + HALF_A_DAY_MS),
        _ => None,
    }
}

/// `[Dana Ruiz] 16:20:05` and nothing else; `[inaudible] at 16:30: I have to leave` is speech.
fn head(line: &str) -> Option<(&str, i64)> {
    let (name, time) = line.trim().strip_prefix('[')?.rsplit_once(']')?;
    let clock = time_of_day(time.trim())?;
    Some((name.trim(), clock)).filter(|(name, _)| name.contains(char::is_alphanumeric) && clock_ms(name).is_none())
}
