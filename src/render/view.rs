//! What a document shows: items with their words, who said them, in which file, at which moment.

use serde::Serialize;

use crate::documents::{Fact, Question};
use crate::domain::field::Field;
use crate::domain::finding::Finding;
use crate::domain::handoff::{HandoffSource, MarkedUnknown, Missing};
use crate::domain::item::ItemState;
use crate::domain::record::{CitationRecord, HandoffRecord, ItemRecord};
use crate::domain::scorecard::{RULES, Scorecard};
use crate::domain::transcript::{Precision, Side};
use crate::draft::document::DraftDocument;
use crate::engine::{EngineIdentity, QuoteRole};
use crate::ground::MatchStatus;

/// A draft or a final handoff, ready for a template.
#[derive(Debug, Clone, Default, Serialize)]
pub struct HandoffView {
    /// The account's name.
    pub account: String,
    /// The deal's name.
    pub deal: String,
    /// `Draft` or `Version 2, finalized by … on …`.
    pub status: String,
    /// The engine, in words; none before anything was drafted.
    pub engine: Option<String>,
    /// Who hands over to whom, and what the CRM says of the deal; only in the documents of a final version.
    pub facts: Vec<Fact>,
    /// What customer success asked; only in the documents of a final version.
    pub questions: Vec<Question>,
    /// Why the gate was passed although something was missing, and what it was.
    pub overridden: Option<OverrideView>,
    /// Sources that could not be read, with the reason.
    pub unread: Vec<String>,
    /// The fields with their items.
    pub sections: Vec<SectionView>,
    /// The scorecard.
    pub scorecard: Vec<ScoreView>,
    /// Claims that were rejected because the record does not say them.
    pub rejected: Vec<RejectedView>,
}

/// A gate that was passed.
#[derive(Debug, Clone, Serialize)]
pub struct OverrideView {
    /// The reason given.
    pub reason: String,
    /// What was missing, one line each.
    pub missing: Vec<String>,
}

/// One field.
#[derive(Debug, Clone, Serialize)]
pub struct SectionView {
    /// The field's word.
    pub field: &'static str,
    /// The field's heading.
    pub heading: &'static str,
    /// Whether the field must be answered.
    pub core: bool,
    /// Whether it holds notes about persons.
    pub sensitive: bool,
    /// Its items.
    pub items: Vec<ItemView>,
    /// Who marked it unknown.
    pub marked_by: Option<String>,
}

/// One item.
#[derive(Debug, Clone, Serialize)]
pub struct ItemView {
    /// The item's id.
    pub id: String,
    /// What it says.
    pub statement: String,
    /// Its attributes in words.
    pub tags: Vec<String>,
    /// Who attests it.
    pub attested_by: Option<String>,
    /// Who rewrote it.
    pub reworded_by: Option<String>,
    /// Confidence in per cent.
    pub confidence: Option<u8>,
    /// Where it stands in the review.
    pub state: ItemState,
    /// Whether a newer word took its place.
    pub superseded: bool,
    /// The words it rests on.
    pub citations: Vec<CitationView>,
    /// In a final version: the earlier words whose place this one took.
    pub history: Vec<ItemView>,
}

/// One citation.
#[derive(Debug, Clone, Serialize)]
pub struct CitationView {
    /// Who said it.
    pub who: String,
    /// The speaker's side, where it is known.
    pub side: Option<&'static str>,
    /// The file.
    pub source: String,
    /// The moment, no more exact than the file gives it.
    pub when: String,
    /// The words.
    pub quote: String,
    /// What the quote does for the item, where it is not its support.
    pub role: Option<&'static str>,
    /// Whether punctuation, case or disfluencies differed from what the engine claimed.
    pub normalized: bool,
    /// The source's id, where it is kept in the store: the page shows the moment there.
    pub source_id: Option<String>,
    /// The turn in the source.
    pub turn: u32,
}

/// One line of the scorecard.
#[derive(Debug, Clone, Serialize)]
pub struct ScoreView {
    /// The question.
    pub label: String,
    /// clear, partial or unclear.
    pub answer: &'static str,
    /// The rule behind the answer.
    pub rule: &'static str,
}

/// One rejected claim.
#[derive(Debug, Clone, Serialize)]
pub struct RejectedView {
    /// The field's heading.
    pub heading: &'static str,
    /// What the engine said.
    pub statement: String,
    /// The file it was reading.
    pub source: String,
    /// Why it was rejected.
    pub reason: String,
}

impl HandoffView {
    /// A draft as it stands.
    #[must_use]
    pub fn of_draft(account: &str, deal: &str, draft: &DraftDocument) -> Self {
        let decided = draft.items.iter().filter(|item| item.state != ItemState::Drafted).count();
        let status = match (&draft.engine, decided) {
            (None, _) => "Nothing is drafted yet".to_owned(),
            (Some(_), 0) => "Draft, not approved yet".to_owned(),
            (Some(_), _) => format!("Draft in review: {decided} of {} items decided", draft.items.len()),
        };
        let rejected = draft.rejected.iter().map(|claim| RejectedView {
            heading: claim.field.heading(),
            statement: claim.statement.clone(),
            source: claim.source.clone(),
            reason: claim.reason.clone(),
        });
        Self {
            account: account.to_owned(),
            deal: deal.to_owned(),
            status,
            facts: Vec::new(),
            questions: Vec::new(),
            overridden: None,
            unread: Vec::new(),
            engine: draft.engine.as_ref().map(|run| engine_line(&run.identity)),
            sections: sections(&draft.items.iter().map(ItemRecord::from).collect::<Vec<_>>(), &draft.marked_unknown),
            scorecard: scores(draft.scorecard),
            rejected: rejected.collect(),
        }
    }

    /// A final version.
    #[must_use]
    pub fn of_handoff(handoff: &HandoffRecord) -> Self {
        let day = handoff.finalized_at.strftime("%-d %B %Y");
        let mut sections = sections(&handoff.items, &handoff.unknown);
        for section in &mut sections {
            section.items = under_their_successors(std::mem::take(&mut section.items), &handoff.items);
        }
        Self {
            account: handoff.account.clone(),
            deal: handoff.deal.clone(),
            status: format!("Version {}, finalized by {} on {day}", handoff.version, handoff.finalized_by),
            engine: handoff.engine.as_ref().map(engine_line),
            facts: Vec::new(),
            questions: Vec::new(),
            overridden: handoff
                .override_reason
                .clone()
                .map(|reason| OverrideView { reason, missing: handoff.missing.iter().map(missing_line).collect() }),
            unread: handoff.sources.iter().filter_map(unread_line).collect(),
            sections,
            scorecard: scores(handoff.scorecard),
            rejected: Vec::new(),
        }
    }
}

/// What is missing, in words.
#[must_use]
pub fn missing_line(missing: &Missing) -> String {
    match missing {
        Missing::Field { field, drafted: 0 } => {
            format!("{}: nothing found; add it, or mark it unknown", field.heading())
        }
        Missing::Field { field, drafted } => format!("{}: {drafted} drafted, none approved", field.heading()),
        Missing::Decision { field, statement, .. } => format!("{}: not decided: {statement}", field.heading()),
        Missing::SourcePending { source } => format!("{source} is still being read"),
        Missing::DraftPending => "the newest sources are still to be drafted".to_owned(),
        Missing::DraftFailed { error } => format!("the newest sources are not in the draft: {error}"),
        Missing::BrokenCitation { field, statement, .. } => {
            format!("{}: the cited words have moved: {statement}", field.heading())
        }
    }
}

fn unread_line(source: &HandoffSource) -> Option<String> {
    source.error.as_ref().map(|error| format!("{}: {error}", source.name))
}

fn engine_line(engine: &EngineIdentity) -> String {
    format!("{} {} ({})", engine.name, engine.version, engine.model)
}

/// Every core field, answered or not, and the optional ones that have items.
fn sections(items: &[ItemRecord], marked: &[MarkedUnknown]) -> Vec<SectionView> {
    let section = |field: Field| SectionView {
        field: field.as_str(),
        heading: field.heading(),
        core: field.is_core(),
        sensitive: field.is_sensitive(),
        items: items.iter().filter(|i| i.field() == field && i.state != ItemState::Rejected).map(item_view).collect(),
        marked_by: marked.iter().find(|mark| mark.field == field).map(|mark| mark.by.clone()),
    };
    Field::ALL.into_iter().map(section).filter(|section| section.core || !section.items.is_empty()).collect()
}

/// A scorecard in words.
#[must_use]
pub fn scores(scorecard: Scorecard) -> Vec<ScoreView> {
    let line = |((name, rule), answer): ((&str, &'static str), crate::domain::scorecard::Clarity)| ScoreView {
        label: in_words(name),
        answer: answer.as_str(),
        rule,
    };
    RULES.into_iter().zip(scorecard.answers()).map(line).collect()
}

/// Puts every promise that a newer word replaced under that newer word, the oldest last.
fn under_their_successors(views: Vec<ItemView>, items: &[ItemRecord]) -> Vec<ItemView> {
    let successor = |id: &str| {
        let Finding::Commitment(promise) = &items.iter().find(|item| item.id == id)?.finding else { return None };
        promise.superseded_by.as_deref()
    };
    // As many steps as there are items: a chain that comes back to itself ends too.
    let last_word = |id: &str| {
        std::iter::successors(successor(id), |next| successor(next)).take(items.len()).last().map(str::to_owned)
    };
    let (mut live, mut earlier) = (Vec::new(), Vec::new());
    for view in views {
        match last_word(&view.id).filter(|last| *last != view.id && items.iter().any(|item| item.id == *last)) {
            Some(last) => earlier.push((last, view)),
            None => live.push(view),
        }
    }
    for (last, view) in earlier.into_iter().rev() {
        match live.iter_mut().find(|next| next.id == last) {
            Some(next) => next.history.push(view),
            None => live.push(view),
        }
    }
    live
}

fn item_view(item: &ItemRecord) -> ItemView {
    let tags = tags(item);
    ItemView {
        id: item.id.clone(),
        statement: item.statement.clone(),
        superseded: tags.iter().any(|tag| tag == "superseded"),
        tags,
        attested_by: item.attested_by.clone(),
        reworded_by: item.reworded_by.clone(),
        confidence: item.confidence.map(percent),
        state: item.state,
        citations: item.citations.iter().map(citation_view).collect(),
        history: Vec::new(),
    }
}

/// 0 to 1 as 0 to 100.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 to 100 before the cast")]
fn percent(confidence: f32) -> u8 {
    (confidence.clamp(0.0, 1.0) * 100.0).round() as u8
}

/// The attributes in words: a value of a vocabulary speaks for itself, everything else is named.
fn tags(item: &ItemRecord) -> Vec<String> {
    // What the statement says already is not said twice.
    let repeats = |value: &serde_json::Value| value.as_str().is_some_and(|text| item.statement.contains(text));
    let told =
        |key: &str, value: &serde_json::Value| matches!(key, "metric" | "condition" | "reason") && repeats(value);
    item.attributes()
        .into_iter()
        .filter(|(key, value)| !told(key, value))
        .filter_map(|(key, value)| tag(&key, &value))
        .collect()
}

fn tag(key: &str, value: &serde_json::Value) -> Option<String> {
    use serde_json::Value;
    let name = in_words(key).to_lowercase();
    match (key, value) {
        ("superseded_by" | "owed_to" | "name", _) => None,
        ("history", Value::String(word)) if word == "made" => None,
        ("owed_by", Value::String(side)) => Some(format!("by the {side}")),
        ("in_scope", Value::Bool(inside)) => Some(if *inside { "in scope" } else { "out of scope" }.to_owned()),
        ("still_urgent", Value::Bool(urgent)) => {
            Some(if *urgent { "still urgent" } else { "no longer urgent" }.to_owned())
        }
        ("leaving", Value::Bool(leaving)) => leaving.then(|| "leaving".to_owned()),
        ("roles", Value::Array(roles)) => Some(
            roles.iter().filter_map(Value::as_str).map(|r| in_words(r).to_lowercase()).collect::<Vec<_>>().join(", "),
        ),
        ("strength" | "category" | "kind" | "status" | "history" | "stance", Value::String(word)) => {
            Some(in_words(word).to_lowercase())
        }
        (_, Value::String(text)) => Some(format!("{name}: {}", text.replace('_', " "))),
        _ => None,
    }
}

/// A citation in words.
pub(crate) fn citation_view(citation: &CitationRecord) -> CitationView {
    CitationView {
        who: citation.speaker.clone().unwrap_or_else(|| "speaker not named".to_owned()),
        side: (citation.side != Side::Unknown).then(|| citation.side.as_str()),
        source: citation.source.clone(),
        when: moment(citation.start_ms, citation.precision, citation.turn),
        quote: citation.quote.clone(),
        role: match citation.role {
            QuoteRole::Support => None,
            QuoteRole::Counter => Some("speaks against it"),
            QuoteRole::Reply => Some("reply"),
            QuoteRole::Clause => Some("contract"),
        },
        normalized: citation.matched == MatchStatus::Normalized,
        source_id: citation.source_id.clone(),
        turn: citation.turn,
    }
}

/// A moment of a recording, no more exact than the file gives it; without times, the place in the file.
#[must_use]
pub fn moment(start_ms: Option<i64>, precision: Precision, turn: u32) -> String {
    match (start_ms, precision) {
        (None, _) | (_, Precision::None) => format!("passage {}", turn + 1),
        (Some(ms), Precision::Block) => format!("after {}", clock_time(ms)),
        (Some(ms), _) => clock_time(ms),
    }
}

/// Milliseconds as `7:40` or `1:07:40`.
fn clock_time(ms: i64) -> String {
    let seconds = ms.max(0) / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// `economic_buyer` as `Economic buyer`.
pub(crate) fn in_words(word: &str) -> String {
    let spaced = word.replace('_', " ");
    let mut chars = spaced.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
