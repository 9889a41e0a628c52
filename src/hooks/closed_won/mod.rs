//! The webhook that a CRM calls when a deal is won.
//!
//! Nobody has to say which CRM it is: the shape is told from the content. One call may tell of several deals, and of some
//! that are not won; those are named and left alone, because a CRM that gets an error sends the whole call again.

mod hubspot;
mod outbound_message;
mod plain;
mod record;
mod salesforce;
#[cfg(test)]
mod tests;
mod values;

use std::collections::HashSet;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

pub use crate::domain::deal::CrmSystem;

/// The largest body that is read; HubSpot and Salesforce send at most 100 records at once.
pub const MAX_BODY_BYTES: usize = 1 << 20;
/// Records of one call at most.
const MAX_NOTICES: usize = 500;

/// A deal that was won, as far as the CRM told of it. Every text is one line without control or bidirectional marks, and cut
/// to its limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedWon {
    /// The CRM.
    pub system: CrmSystem,
    /// The deal's id there: a second notice with the same id is about the same deal.
    pub external_id: String,
    /// The customer's name.
    pub account_name: Option<String>,
    /// The customer's id in the CRM.
    pub account_external_id: Option<String>,
    /// The deal's name.
    pub deal_name: Option<String>,
    /// The amount as a decimal, without exponent: `48000`, `48000.5`.
    pub amount: Option<String>,
    /// The currency of the amount, ISO 4217.
    pub currency: Option<String>,
    /// The segment.
    pub segment: Option<String>,
    /// The territory.
    pub territory: Option<String>,
    /// The account executive's mail address, in lower case.
    pub owner_email: Option<String>,
    /// The account executive's id in the CRM.
    pub owner_external_id: Option<String>,
    /// The customer success manager's mail address, in lower case.
    pub csm_email: Option<String>,
    /// When it was won; a date without a time is its midnight in UTC.
    pub closed_at: Option<Timestamp>,
}

impl ClosedWon {
    /// A deal of which nothing but its id is known.
    fn bare(system: CrmSystem, external_id: String) -> Self {
        Self {
            system,
            external_id,
            account_name: None,
            account_external_id: None,
            deal_name: None,
            amount: None,
            currency: None,
            segment: None,
            territory: None,
            owner_email: None,
            owner_external_id: None,
            csm_email: None,
            closed_at: None,
        }
    }
}

/// What a call says of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// A deal was won.
    ClosedWon(Box<ClosedWon>),
    /// Something else happened; nothing is to be done.
    Ignored {
        /// The record's id in the CRM, where the call names it.
        external_id: Option<String>,
        /// Why nothing is to be done, and what would change that.
        why: String,
    },
}

impl Notice {
    fn ignored(external_id: Option<String>, why: impl Into<String>) -> Self {
        Self::Ignored { external_id, why: why.into() }
    }
}

/// The shape a call came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Baton's own: `{"account": {…}, "deal": {…}}`.
    Plain,
    /// A HubSpot workflow's webhook action: the deal as the API gives it.
    HubspotWorkflow,
    /// A HubSpot app's webhook: a list of changes.
    HubspotApp,
    /// A Salesforce outbound message: SOAP.
    SalesforceOutboundMessage,
    /// A Salesforce Flow's HTTP callout: the opportunity's fields as JSON.
    SalesforceFlow,
    /// A Salesforce change data capture event.
    SalesforceChange,
}

impl Shape {
    /// The body and content type of the answer that the caller insists on; none where any success will do. Salesforce sends
    /// an outbound message again and again until it gets this very document.
    #[must_use]
    pub const fn acknowledgement(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::SalesforceOutboundMessage => Some((outbound_message::ACK, "text/xml; charset=utf-8")),
            _ => None,
        }
    }
}

/// A call, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedWonNotice {
    /// The shape it came in.
    pub shape: Shape,
    /// What it says, in its order; no deal is won in it twice.
    pub notices: Vec<Notice>,
}

/// Why a call was not understood; the message is for whoever set the webhook up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// The body is too large.
    #[error("the body has {0} bytes; at most {MAX_BODY_BYTES} are taken")]
    TooLarge(usize),
    /// Too many records in one call.
    #[error("the body holds {0} records; at most {MAX_NOTICES} are taken at once")]
    TooMany(usize),
    /// It is neither JSON nor XML.
    #[error("the body (`{content_type}`) is neither JSON nor XML in UTF-8{reason}; send `application/json`")]
    Unreadable {
        /// What the request called it.
        content_type: String,
        /// Where the reading stopped, where that is known.
        reason: String,
    },
    /// A document type could make the reader fetch or repeat anything: none is accepted.
    #[error("the XML declares a document type; send it without DOCTYPE")]
    DocType,
    /// It is JSON or XML of no known shape.
    #[error(
        "the body has none of the known shapes: {{\"account\": {{\"name\"}}, \"deal\": {{\"id\", \"name\"}}}}, a HubSpot \
         deal or list of events, a Salesforce opportunity, change event or outbound message"
    )]
    UnknownShape,
    /// A key without which nothing can be done is not there.
    #[error("`{0}` is missing or empty")]
    Missing(String),
    /// A key holds something else than it promises.
    #[error("`{key}` is not {expected}")]
    Malformed {
        /// The key.
        key: String,
        /// What it should be.
        expected: &'static str,
    },
}

/// Reads a call. `content_type` only serves the error message: what the body is, it says itself.
///
/// # Errors
///
/// [`ParseError`] when it is of no known shape or lacks what its shape requires.
pub fn parse(content_type: &str, body: &[u8]) -> Result<ClosedWonNotice, ParseError> {
    if body.len() > MAX_BODY_BYTES {
        return Err(ParseError::TooLarge(body.len()));
    }
    let unreadable = |reason: String| ParseError::Unreadable {
        content_type: values::line(content_type, 80).unwrap_or_else(|| "no content type".to_owned()),
        reason,
    };
    let text = std::str::from_utf8(body).map_err(|_| unreadable(String::new()))?;
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.starts_with('<') {
        return checked(Shape::SalesforceOutboundMessage, outbound_message::notices(text)?);
    }
    if !text.starts_with(['{', '[']) {
        return Err(unreadable(String::new()));
    }
    let json: Value = serde_json::from_str(text).map_err(|error| unreadable(format!(": {error}")))?;
    let records = match json {
        Value::Array(records) => records,
        one => vec![one],
    };
    let shape = shape_of(&records)?;
    if records.len() > MAX_NOTICES {
        return Err(ParseError::TooMany(records.len()));
    }
    let notices = records.iter().map(|record| read(shape, record)).collect::<Result<Vec<_>, _>>()?;
    checked(shape, notices.into_iter().flatten().collect())
}

/// The shape of a list of records is that of its first one.
fn shape_of(records: &[Value]) -> Result<Shape, ParseError> {
    let object = records.first().and_then(Value::as_object).ok_or(ParseError::UnknownShape)?;
    let has = |name: &str| object.contains_key(name);
    if has("subscriptionType") {
        return Ok(Shape::HubspotApp);
    }
    if salesforce::change_of(object).is_some() {
        return Ok(Shape::SalesforceChange);
    }
    if hubspot::is_deal(object) {
        return Ok(Shape::HubspotWorkflow);
    }
    if salesforce::is_record(object) {
        return Ok(Shape::SalesforceFlow);
    }
    if has("deal") || has("account") {
        return Ok(Shape::Plain);
    }
    Err(ParseError::UnknownShape)
}

fn read(shape: Shape, record: &Value) -> Result<Vec<Notice>, ParseError> {
    let Some(object) = record.as_object() else {
        return Ok(vec![Notice::ignored(None, "an entry of the list is no object")]);
    };
    match shape {
        Shape::Plain => plain::notice(object).map(|notice| vec![notice]),
        Shape::HubspotWorkflow => hubspot::deal(object).map(|notice| vec![notice]),
        Shape::HubspotApp => Ok(vec![hubspot::event(object)]),
        Shape::SalesforceFlow | Shape::SalesforceOutboundMessage => {
            salesforce::opportunity(object).map(|notice| vec![notice])
        }
        Shape::SalesforceChange => Ok(salesforce::changes(object)),
    }
}

/// A deal that one call tells of twice is told of once.
fn checked(shape: Shape, mut notices: Vec<Notice>) -> Result<ClosedWonNotice, ParseError> {
    if notices.len() > MAX_NOTICES {
        return Err(ParseError::TooMany(notices.len()));
    }
    let mut seen = HashSet::new();
    notices.retain(|notice| match notice {
        Notice::ClosedWon(won) => seen.insert(won.external_id.clone()),
        Notice::Ignored { .. } => true,
    });
    Ok(ClosedWonNotice { shape, notices })
}
