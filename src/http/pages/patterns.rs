//! What stands out over many handoffs.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::deals::known_segments;
use super::shell::{Failed, Place, Visitor, query};
use crate::access::Act;
use crate::app::App;
use crate::error::Error;
use crate::http::extract::Query;
use crate::patterns::{self as use_case, MIN_DEALS, Metric, PartPattern, Patterns, ReturnPattern};
use crate::render::view::in_words;
use crate::store::patterns::Selection;

/// Spans of time: what is sent, what is read, and how many days back it reaches.
const PERIODS: [(&str, &str, Option<i64>); 3] = [
    ("quarter", "Won in the last 3 months", Some(91)),
    ("year", "Won in the last 12 months", Some(365)),
    ("all", "Won at any time", None),
];

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    period: String,
    #[serde(default)]
    segment: String,
}

#[derive(Serialize)]
struct PatternsPage {
    summary: String,
    export_url: String,
    periods: Vec<Chosen>,
    segments: Vec<Chosen>,
    deals_counted: usize,
    handoffs_counted: usize,
    too_few: Option<String>,
    metrics: Vec<MetricView>,
    parts: Vec<PartView>,
    reasons: Vec<ReasonView>,
    unknown: Vec<UnknownView>,
    overridden: usize,
}

/// One choice of a select.
#[derive(Serialize)]
struct Chosen {
    value: String,
    label: String,
    selected: bool,
}

#[derive(Serialize)]
struct MetricView {
    label: &'static str,
    value: String,
    note: String,
}

/// A part of the scorecard; the percentages make 100.
#[derive(Serialize)]
struct PartView {
    label: String,
    clear: usize,
    partial: usize,
    unclear: usize,
    clear_percent: usize,
    partial_percent: usize,
    unclear_percent: usize,
    hint: Option<&'static str>,
}

#[derive(Serialize)]
struct ReasonView {
    heading: &'static str,
    missing: usize,
    unclear: usize,
    wrong: usize,
    /// Of the reason that is given most.
    percent: usize,
}

#[derive(Serialize)]
struct UnknownView {
    heading: &'static str,
    handoffs: usize,
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Failed> {
    visitor.caller.require(Act::SeePatterns)?;
    let period = PERIODS.into_iter().find(|(value, ..)| *value == asked.period).unwrap_or(PERIODS[0]);
    let segment = Some(asked.segment.trim().to_owned()).filter(|segment| !segment.is_empty());
    let selection = Selection { from: period.2.map(|days| ago(app.clock.now(), days)), until: None, segment };
    let found = use_case::patterns(&app, &visitor.caller, &selection).await?;
    let mut conn = app.store.snapshot().await.map_err(Error::from)?;
    let mut segments =
        vec![Chosen { value: String::new(), label: "All".to_owned(), selected: asked.segment.is_empty() }];
    for known in known_segments(&mut conn, &visitor).await? {
        let selected = selection.segment.as_ref().is_some_and(|own| own.to_lowercase() == known.value.to_lowercase());
        segments.push(Chosen { value: known.value, label: known.label, selected });
    }
    let periods = PERIODS.into_iter().map(|(value, label, _)| Chosen {
        value: value.to_owned(),
        label: label.to_owned(),
        selected: value == period.0,
    });
    let page = PatternsPage {
        summary: summary(&found),
        export_url: export_url(&selection),
        periods: periods.collect(),
        segments,
        deals_counted: found.deals,
        handoffs_counted: found.parts.first().map_or(0, |part| part.clear + part.partial + part.unclear),
        too_few: found
            .too_few
            .then(|| format!("Patterns begin at {MIN_DEALS} deals: below that a line would be about one of them.")),
        metrics: found.metrics.iter().map(metric).collect(),
        parts: found.parts.iter().map(part).collect(),
        reasons: reasons(&found.returns),
        unknown: found
            .unknown
            .iter()
            .map(|count| UnknownView { heading: count.field.heading(), handoffs: count.handoffs })
            .collect(),
        overridden: found.overridden,
    };
    Ok(visitor.page("pages/patterns.html", "Patterns", Place::Patterns, page)?)
}

fn ago(now: Timestamp, days: i64) -> Timestamp {
    now - SignedDuration::from_hours(24 * days)
}

fn summary(found: &Patterns) -> String {
    let deals = if found.deals == 1 { "deal" } else { "deals" };
    format!("{} won {deals}, {} with a final handoff.", found.deals, found.finalized)
}

/// The same selection as CSV.
fn export_url(selection: &Selection) -> String {
    let from = selection.from.map(|at| at.to_string()).unwrap_or_default();
    let pairs = [("from", from.as_str()), ("segment", selection.segment.as_deref().unwrap_or_default())];
    let told: Vec<(&str, &str)> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    if told.is_empty() { "/v1/patterns/export".to_owned() } else { format!("/v1/patterns/export?{}", query(&told)) }
}

fn metric(metric: &Metric) -> MetricView {
    let value = match (metric.value, metric.unit) {
        (None, _) => "–".to_owned(),
        (Some(value), "percent") => format!("{value:.0} %"),
        (Some(value), "hours") => format!("{value:.0} h"),
        (Some(value), "of_5") => format!("{value:.1} of 5"),
        (Some(value), _) => format!("{value:.1}"),
    };
    let note = match metric.met {
        None => format!("nothing recorded yet; aim: {}", metric.aim),
        Some(true) => format!("over {}; aim met: {}", metric.over, metric.aim),
        Some(false) => format!("over {}; aim not met: {}", metric.over, metric.aim),
    };
    MetricView { label: metric.label, value, note }
}

fn part(part: &PartPattern) -> PartView {
    let all = part.clear + part.partial + part.unclear;
    let percent = |count: usize| (count * 100).checked_div(all).unwrap_or(0);
    let (clear_percent, unclear_percent) = (percent(part.clear), percent(part.unclear));
    PartView {
        label: in_words(part.part),
        clear: part.clear,
        partial: part.partial,
        unclear: part.unclear,
        clear_percent,
        // What rounding leaves over goes to the middle, and to the end where there is no middle.
        partial_percent: if part.partial == 0 { 0 } else { 100 - clear_percent - unclear_percent },
        unclear_percent: if part.partial == 0 && all > 0 { 100 - clear_percent } else { unclear_percent },
        hint: part.advice,
    }
}

fn reasons(returns: &[ReturnPattern]) -> Vec<ReasonView> {
    let times = |pattern: &ReturnPattern| pattern.missing + pattern.unclear + pattern.wrong;
    let most = returns.iter().map(times).max().unwrap_or(1).max(1);
    let view = |pattern: &ReturnPattern| ReasonView {
        heading: pattern.field.heading(),
        missing: pattern.missing,
        unclear: pattern.unclear,
        wrong: pattern.wrong,
        percent: times(pattern) * 100 / most,
    };
    returns.iter().map(view).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_bars_of_a_part_fill_their_line(clear in 0..500_usize, partial in 0..500_usize, unclear in 0..500_usize) {
            let view = part(&PartPattern { part: "transition", clear, partial, unclear, advice: None });
            let sum = view.clear_percent + view.partial_percent + view.unclear_percent;
            prop_assert_eq!(sum, if clear + partial + unclear == 0 { 0 } else { 100 });
        }
    }
}
