//! Patterns over many handoffs, for those who lead: which parts are weak again and again, and how the handovers go. Never by
//! seller, and never over so few deals that a line would point at one.

use std::collections::{BTreeMap, HashSet};

use jiff::SignedDuration;
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::{Act, Caller};
use crate::app::App;
use crate::domain::field::Field;
use crate::domain::handover::ReasonCode;
use crate::domain::ids::DealId;
use crate::domain::policy::Step;
use crate::domain::scorecard::{Clarity, RULES, Scorecard, transition};
use crate::error::Error;
use crate::store::patterns::{self, AskedAgain, Checked, DoneStep, Said, Selection, WonDeal};

/// Deals that a pattern takes at least.
pub const MIN_DEALS: usize = 3;
/// A part that is not clear in this share of the handoffs is weak.
const WEAK: f64 = 0.4;
/// Time to first contact that the seeds ask for.
const FIRST_CONTACT: SignedDuration = SignedDuration::from_hours(48);

/// What stands out over a selection of won deals.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Patterns {
    /// Won deals in the selection.
    pub deals: usize,
    /// Those with a final version.
    pub finalized: usize,
    /// Whether there are too few deals to say anything; then all lists are empty.
    pub too_few: bool,
    /// How clear each part of the scorecard is.
    pub parts: Vec<PartPattern>,
    /// What came back, by field.
    pub returns: Vec<ReturnPattern>,
    /// Fields that stay unknown most often.
    pub unknown: Vec<FieldCount>,
    /// Final versions that passed the gate by override.
    pub overridden: usize,
    /// The figures by which a handover is measured.
    pub metrics: Vec<Metric>,
}

/// How clear one part of the scorecard is over the handoffs.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PartPattern {
    /// The part.
    pub part: &'static str,
    /// Handoffs in which it is clear.
    pub clear: usize,
    /// Partial.
    pub partial: usize,
    /// Unclear.
    pub unclear: usize,
    /// What usually helps, where the part is weak.
    pub advice: Option<&'static str>,
}

/// How often a field was the reason for a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReturnPattern {
    /// The field.
    pub field: Field,
    /// Returns that call it missing.
    pub missing: usize,
    /// Unclear.
    pub unclear: usize,
    /// Wrong.
    pub wrong: usize,
}

/// A field with a count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldCount {
    /// The field.
    pub field: Field,
    /// Handoffs.
    pub handoffs: usize,
}

/// One figure with what is aimed at.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Metric {
    /// Names it, for programs.
    pub name: &'static str,
    /// Names it, for people.
    pub label: &'static str,
    /// The figure; none where nothing was recorded to compute it from.
    pub value: Option<f64>,
    /// `percent`, `hours`, `of_5` or `times`.
    pub unit: &'static str,
    /// What is aimed at, in words.
    pub aim: &'static str,
    /// Whether the figure is there.
    pub met: Option<bool>,
    /// Deals or answers that it is computed from.
    pub over: usize,
}

/// Computes the patterns over a selection of won deals.
///
/// # Errors
///
/// [`Error::Forbidden`] after the caller's rights.
pub async fn patterns(app: &App, caller: &Caller, of: &Selection) -> Result<Patterns, Error> {
    caller.require(Act::SeePatterns)?;
    let mut conn = app.store.snapshot().await?;
    let record = Record {
        won: patterns::won(&mut conn, &caller.tenant, of).await?,
        steps: patterns::done_steps(&mut conn, &caller.tenant, of).await?,
        said: patterns::receipts(&mut conn, &caller.tenant, of).await?,
        checked: patterns::check_ins(&mut conn, &caller.tenant, of).await?,
        asked_again: patterns::asked_again(&mut conn, &caller.tenant, of).await?,
    };
    Ok(record.patterns())
}

struct Record {
    won: Vec<WonDeal>,
    steps: Vec<DoneStep>,
    said: Vec<Said>,
    checked: Vec<Checked>,
    asked_again: Vec<AskedAgain>,
}

impl Record {
    fn patterns(&self) -> Patterns {
        let finalized = self.won.iter().filter(|deal| deal.finalized_at.is_some()).count();
        let too_few = self.won.len() < MIN_DEALS;
        if too_few {
            return Patterns {
                deals: self.won.len(),
                finalized,
                too_few,
                parts: Vec::new(),
                returns: Vec::new(),
                unknown: Vec::new(),
                overridden: 0,
                metrics: Vec::new(),
            };
        }
        Patterns {
            deals: self.won.len(),
            finalized,
            too_few,
            parts: self.parts(),
            returns: self.returns(),
            unknown: self.unknown(),
            overridden: self.won.iter().filter(|deal| deal.overridden).count(),
            metrics: self.metrics(),
        }
    }

    fn parts(&self) -> Vec<PartPattern> {
        part_patterns(&self.won.iter().filter_map(|deal| self.card(deal)).collect::<Vec<_>>())
    }

    /// The scorecard of a deal's last version, with what customer success said of its versions.
    fn card(&self, deal: &WonDeal) -> Option<[Clarity; 5]> {
        let said = self.said.iter().filter(|said| said.deal == deal.id);
        let transition = transition(said.map(|said| (said.verdict, said.rating)));
        Some(Scorecard { transition, ..deal.scorecard? }.answers())
    }

    fn returns(&self) -> Vec<ReturnPattern> {
        let mut by_field: BTreeMap<Field, ReturnPattern> = BTreeMap::new();
        for reason in self.said.iter().flat_map(|said| &said.reasons) {
            let none = ReturnPattern { field: reason.field, missing: 0, unclear: 0, wrong: 0 };
            let pattern = by_field.entry(reason.field).or_insert(none);
            match reason.code {
                ReasonCode::Missing => pattern.missing += 1,
                ReasonCode::Unclear => pattern.unclear += 1,
                ReasonCode::Wrong => pattern.wrong += 1,
            }
        }
        let mut returns: Vec<ReturnPattern> = by_field.into_values().collect();
        returns.sort_by_key(|pattern| std::cmp::Reverse(pattern.missing + pattern.unclear + pattern.wrong));
        returns
    }

    fn unknown(&self) -> Vec<FieldCount> {
        let count = |field: Field| self.won.iter().filter(|deal| deal.unknown.contains(&field)).count();
        let counts = Field::ALL.into_iter().map(|field| FieldCount { field, handoffs: count(field) });
        let mut counts: Vec<FieldCount> = counts.filter(|count| count.handoffs > 0).collect();
        counts.sort_by_key(|count| std::cmp::Reverse(count.handoffs));
        counts
    }

    fn metrics(&self) -> Vec<Metric> {
        let deals = self.won.len();
        let finalized = self.won.iter().filter(|deal| deal.finalized_at.is_some()).count();
        let met = self.steps.iter().filter(|step| step.step == Step::InternalCall).count();
        vec![
            share("document_completion", "Handoff documents, of deals won", (finalized, deals), "100 %", is_all),
            share("meeting_completion", "Internal calls held, of deals won", (met, deals), "100 %", is_all),
            self.first_contact(),
            self.repeats(),
            self.repeat_rate(),
            self.deals_with_repeats(),
            self.satisfaction(),
            self.smooth(),
            self.rating(),
        ]
    }

    /// Median hours from the deal's close to the first contact of customer success with the customer.
    fn first_contact(&self) -> Metric {
        let mut hours: Vec<f64> = self.won.iter().filter_map(|deal| self.hours_to_contact(deal)).collect();
        hours.sort_by(f64::total_cmp);
        let value = median(&hours);
        Metric {
            name: "hours_to_first_contact",
            label: "Time to first contact by customer success, median",
            value,
            unit: "hours",
            aim: "under 48 h",
            met: value.map(|value| value < FIRST_CONTACT.as_hours() as f64),
            over: hours.len(),
        }
    }

    fn hours_to_contact(&self, deal: &WonDeal) -> Option<f64> {
        let contact =
            |step: &&DoneStep| step.deal == deal.id && matches!(step.step, Step::Introduction | Step::Kickoff);
        let first = self.steps.iter().filter(contact).map(|step| step.done_at).min()?;
        Some(first.duration_since(deal.closed_at).as_secs_f64() / 3600.0)
    }

    /// Questions after the sale that the customer had answered before it, as the record shows them (seed 001: the repeat rate).
    fn repeat_rate(&self) -> Metric {
        let sum = |count: fn(&AskedAgain) -> u32| self.asked_again.iter().map(count).sum::<u32>() as usize;
        let of = (sum(|asked| asked.repeated), sum(|asked| asked.questions));
        share("repeat_rate", "Questions after the sale that the record had answered", of, "0 %", is_none)
    }

    /// Deals with such a question, of those whose record goes on after the sale.
    fn deals_with_repeats(&self) -> Metric {
        let repeating = self.asked_again.iter().filter(|asked| asked.repeated > 0).count();
        let of = (repeating, self.asked_again.len());
        share("deals_with_repeats", "Deals in which the record shows such a question", of, "0 %", is_none)
    }

    /// How often a customer had to say something again, per check, as customer success counted it.
    fn repeats(&self) -> Metric {
        let repeats: u32 = self.checked.iter().map(|checked| checked.repeats).sum();
        let value = mean(f64::from(repeats), self.checked.len());
        Metric {
            name: "repeats_per_check",
            label: "Things customers had to say again, per check",
            value,
            unit: "times",
            aim: "0",
            met: value.map(|value| value < f64::EPSILON),
            over: self.checked.len(),
        }
    }

    fn satisfaction(&self) -> Metric {
        let ratings: Vec<u32> = self.checked.iter().filter_map(|checked| checked.satisfaction).collect();
        rating("customer_satisfaction", "Customers' rating of the change of hands", &ratings, "above 4.5 of 5", 4.5)
    }

    fn rating(&self) -> Metric {
        let ratings: Vec<u32> = self.said.iter().map(|said| said.rating.into()).collect();
        rating("csm_rating", "Customer success' rating of the handoffs", &ratings, "above 4 of 5", 4.0)
    }

    /// Handovers without an escalation, of those that were checked.
    fn smooth(&self) -> Metric {
        let deals: HashSet<&DealId> = self.checked.iter().map(|checked| &checked.deal).collect();
        let rough: HashSet<&DealId> = self.checked.iter().filter(|c| c.escalated).map(|c| &c.deal).collect();
        let smooth = deals.len() - rough.len();
        let of = (smooth, deals.len());
        share("smooth_transitions", "Handovers without an escalation", of, "above 90 %", |percent| percent > 90.0)
    }
}

/// How clear each part is over scorecards, with what usually helps where one is weak.
pub(crate) fn part_patterns(cards: &[[Clarity; 5]]) -> Vec<PartPattern> {
    let part = |(at, (name, _)): (usize, (&'static str, &str))| {
        let count = |clarity: Clarity| cards.iter().filter(|card| card[at] == clarity).count();
        let (clear, partial, unclear) = (count(Clarity::Clear), count(Clarity::Partial), count(Clarity::Unclear));
        let weak = !cards.is_empty() && (partial + unclear) as f64 / cards.len() as f64 >= WEAK;
        PartPattern { part: name, clear, partial, unclear, advice: weak.then(|| advice(name)) }
    };
    RULES.into_iter().enumerate().map(part).collect()
}

/// What usually helps where a part is weak: stakeholders want coaching, risk wants discovery, expectations want another sales
/// process (seed 000, "patterns").
fn advice(part: &str) -> &'static str {
    match part {
        "customer_intent" => "Discovery: ask what made them act now, and what result would make it worth it",
        "stakeholder_map" => "Coaching: map who pays, who pushes and who doubts before the proposal goes out",
        "scope_and_expectations" => "Sales process: agree scope, dates and promises in writing before signature",
        "implementation_risk" => "Discovery: ask what could slow it down, and who on their side has the time",
        _ => "Handover: hold the internal call, and have customer success accept before the kickoff",
    }
}

fn is_all(percent: f64) -> bool {
    percent >= 100.0
}

fn is_none(percent: f64) -> bool {
    percent <= 0.0
}

fn share(
    name: &'static str,
    label: &'static str,
    (part, whole): (usize, usize),
    aim: &'static str,
    is_met: fn(f64) -> bool,
) -> Metric {
    let value = mean(part as f64 * 100.0, whole);
    Metric { name, label, value, unit: "percent", aim, met: value.map(is_met), over: whole }
}

fn rating(name: &'static str, label: &'static str, ratings: &[u32], aim: &'static str, above: f64) -> Metric {
    let value = mean(f64::from(ratings.iter().sum::<u32>()), ratings.len());
    Metric { name, label, value, unit: "of_5", aim, met: value.map(|value| value > above), over: ratings.len() }
}

fn mean(sum: f64, count: usize) -> Option<f64> {
    (count > 0).then(|| sum / count as f64)
}

/// The middle of sorted values.
fn median(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    if sorted.len() % 2 == 1 { Some(upper) } else { Some(f64::midpoint(*sorted.get(middle - 1)?, upper)) }
}

impl Patterns {
    /// The patterns as CSV: one line per figure.
    ///
    /// # Errors
    ///
    /// [`Error::Internal`] when the lines cannot be written, which takes a defect.
    pub fn to_csv(&self) -> Result<String, Error> {
        let mut lines = csv::Writer::from_writer(Vec::new());
        let failed = |error: csv::Error| Error::Internal(error.into());
        lines.write_record(["kind", "name", "figure", "value"]).map_err(failed)?;
        let mut line = |kind: &str, name: &str, figure: &str, value: String| {
            lines.write_record([kind, name, figure, value.as_str()]).map_err(failed)
        };
        line("selection", "deals", "won", self.deals.to_string())?;
        line("selection", "deals", "finalized", self.finalized.to_string())?;
        line("selection", "deals", "overridden", self.overridden.to_string())?;
        for part in &self.parts {
            line("scorecard", part.part, "clear", part.clear.to_string())?;
            line("scorecard", part.part, "partial", part.partial.to_string())?;
            line("scorecard", part.part, "unclear", part.unclear.to_string())?;
        }
        for field in &self.returns {
            line("returns", field.field.as_str(), "missing", field.missing.to_string())?;
            line("returns", field.field.as_str(), "unclear", field.unclear.to_string())?;
            line("returns", field.field.as_str(), "wrong", field.wrong.to_string())?;
        }
        for field in &self.unknown {
            line("unknown", field.field.as_str(), "handoffs", field.handoffs.to_string())?;
        }
        for metric in &self.metrics {
            let value = metric.value.map(|value| format!("{value:.2}")).unwrap_or_default();
            line("metric", metric.name, metric.unit, value)?;
        }
        let bytes = lines.into_inner().map_err(|error| Error::Internal(anyhow::anyhow!("{error}")))?;
        String::from_utf8(bytes).map_err(|error| Error::Internal(error.into()))
    }
}
