//! The five questions of the scorecard at a glance.

use serde::Serialize;

use super::Picture;
use super::frame::{Frame, Size, draw, tenth};
use crate::domain::scorecard::{Clarity, RULES, Scorecard};
use crate::render::view::in_words;

const SIZE: Size = Size { width: 288.0, class: "pic-288" };
const ROW: f64 = 40.0;

/// The scorecard, ready for its template.
#[derive(Debug, Serialize)]
struct Card {
    frame: Frame,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    y: f64,
    edge: f64,
    question: String,
    rule: &'static str,
    answer: &'static str,
    sign: &'static str,
    /// How many of the three parts of its bar are filled.
    filled: u8,
}

/// The five answers, each as a word, a sign and a bar.
#[must_use]
pub fn scorecard(card: &Scorecard) -> Picture {
    let answers = || RULES.into_iter().zip(card.answers());
    let row = |(at, ((name, rule), answer)): (usize, ((&str, &'static str), Clarity))| Row {
        y: tenth((at as f64 + 0.5) * ROW),
        edge: tenth((at + 1) as f64 * ROW),
        question: in_words(name),
        rule,
        answer: answer.as_str(),
        sign: match answer {
            Clarity::Clear => "check",
            Clarity::Partial => "half",
            Clarity::Unclear => "query",
        },
        filled: match answer {
            Clarity::Clear => 3,
            Clarity::Partial => 2,
            Clarity::Unclear => 1,
        },
    };
    let title = "Scorecard".to_owned();
    let count = |wanted: Clarity| card.answers().into_iter().filter(|answer| *answer == wanted).count();
    let each: Vec<String> =
        answers().map(|((name, _), answer)| format!("{}: {}", in_words(name), answer.as_str())).collect();
    let summary = format!(
        "Of five questions, {} clear, {} partial, {} unclear. {}.",
        count(Clarity::Clear),
        count(Clarity::Partial),
        count(Clarity::Unclear),
        each.join("; ")
    );
    let frame = Frame::new("scorecard", SIZE, 5.0 * ROW, (&title, &summary));
    let rows =
        answers().map(|((name, rule), answer)| vec![in_words(name), answer.as_str().to_owned(), rule.to_owned()]);
    Picture {
        title,
        svg: draw("pictures/scorecard.svg", &Card { frame, rows: answers().enumerate().map(row).collect() }),
        summary,
        header: ["Question", "Answer", "Rule"].map(str::to_owned).into(),
        rows: rows.collect(),
    }
}
