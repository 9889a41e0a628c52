//! The documents of a final version: each made from the same approved items, and none longer than it must be.
//!
//! Pure functions: a stored version and what is known around it ([`Context`]) go in, texts come out. How a document is worded
//! is decided in `templates/documents/`, files that a team can change ([`Templates`]); what may stand in it is decided here,
//! so that no template can show a customer what is not theirs, or a reader what they may not see ([`Sight`]).

mod agenda;
mod brief;
mod changes;
pub mod client_dna;
mod context;
mod crm;
mod discretion;
mod introduction;
mod kickoff;
mod kind;
mod lines;
mod print;
pub(crate) mod rank;
mod read_back;
mod success_plan;
mod templates;
pub(crate) mod words;

pub use self::changes::{AttributeChange, ChangedItem, ItemChange, ScoreMove, VersionChanges, changes};
pub use self::context::{Context, Deadline, Fact, Person, Question, Sight};
pub use self::kind::{Audience, DocumentKind, UnknownDocument};
pub use self::print::print_html;
pub use self::templates::{TemplateError, Templates};
use crate::dna::{self, ClientDna, DnaDeal};
use crate::domain::record::HandoffRecord;
use crate::render::view::HandoffView;

/// One document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Which one.
    pub kind: DocumentKind,
    /// Its title, with the account's name.
    pub title: String,
    /// What its text is.
    pub media_type: &'static str,
    /// Markdown, or JSON for [`DocumentKind::Crm`] and [`DocumentKind::Json`].
    pub text: String,
}

/// Why a document could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// A template or mapping cannot be used.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The version cannot be written as JSON.
    #[error("the version cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// Every document of a version, for somebody of that sight.
///
/// # Errors
///
/// [`DocumentError`] where a template of the team names something that does not exist.
pub fn documents(templates: &Templates, context: &Context, sight: Sight) -> Result<Vec<Document>, DocumentError> {
    DocumentKind::ALL.into_iter().map(|kind| document(templates, context, sight, kind)).collect()
}

/// One document of a version, for somebody of that sight.
///
/// # Errors
///
/// [`DocumentError`] where a template of the team names something that does not exist.
pub fn document(
    templates: &Templates,
    context: &Context,
    sight: Sight,
    kind: DocumentKind,
) -> Result<Document, DocumentError> {
    let sensitive = sight == Sight::WithSensitive && kind.may_hold_sensitive();
    let record = if sensitive { context.handoff.clone() } else { context::without_sensitive(&context.handoff) };
    let text = match kind {
        DocumentKind::Brief => brief::markdown(templates, context, &record)?,
        DocumentKind::Full => full(templates, context, &record)?,
        DocumentKind::Agenda => agenda::markdown(templates, context, &record)?,
        // What they leave out also depends on what is sensitive: the whole version is looked at, and none of that shown.
        DocumentKind::Introduction => introduction::markdown(templates, context, &context.handoff)?,
        DocumentKind::ReadBack => read_back::markdown(templates, context, &context.handoff)?,
        DocumentKind::Kickoff => kickoff::markdown(templates, context, &record)?,
        DocumentKind::SuccessPlan => success_plan::markdown(templates, context, &record)?,
        DocumentKind::ClientDna => client_dna::markdown(templates, &of_version(context, &record, sensitive))?,
        DocumentKind::Crm => pretty(&templates.mapping(context.crm).map(|mapping| mapping.payload(context, &record)))?,
        // For whoever may see all of it, the very bytes that were hashed; so too where there is nothing to leave out.
        DocumentKind::Json if sensitive || record == context.handoff => record.document,
        DocumentKind::Json => pretty(&context::document_without_sensitive(&record.document)?)?,
    };
    let title = format!("{}: {}", kind.title(), words::clip(&context.handoff.account, 8));
    Ok(Document { kind, title, media_type: kind.media_type(), text })
}

/// The customer's profile out of a version's items.
fn of_version(context: &Context, record: &HandoffRecord, sensitive: bool) -> ClientDna {
    let deal = DnaDeal { id: None, name: record.deal.clone() };
    // Which phrases notes about persons rest on is told from the whole version.
    let whole = dna::profile(&record.account, deal, &context.handoff.items, &context.around);
    if sensitive { whole } else { whole.without_sensitive() }
}

/// Everything that was approved, with every citation.
fn full(templates: &Templates, context: &Context, record: &HandoffRecord) -> Result<String, TemplateError> {
    let mut view = HandoffView::of_handoff(record);
    let hands = [("Handed over by", &context.ae), ("Handed over to", &context.csm)];
    let person = |(label, person): (&str, &Option<Person>)| {
        let person = person.as_ref()?;
        let parts = [Some(&person.name), person.title.as_ref(), person.email.as_ref()];
        let value = parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ");
        Some(Fact { label: label.to_owned(), value })
    };
    view.facts = hands.into_iter().filter_map(person).chain(context.facts.iter().cloned()).collect();
    view.questions.clone_from(&context.questions);
    templates.fill("full.md", &view)
}

fn pretty<T: serde::Serialize>(value: &T) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}
