//! Salesforce's outbound message: a SOAP document with up to 100 records, each a list of fields.

use std::mem;

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use serde_json::{Map, Value};

use super::{Notice, ParseError, salesforce};

/// The answer that tells Salesforce the message has arrived.
pub(super) const ACK: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8"?>"#,
    r#"<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>"#,
    r#"<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse>"#,
    r"</soapenv:Body></soapenv:Envelope>"
);

/// Elements inside one another at most; a message needs six.
const MAX_DEPTH: usize = 16;
/// Where the records are, from the root down.
const RECORDS: [&str; 5] = ["Envelope", "Body", "notifications", "Notification", "sObject"];

/// What a message says of each of its records.
pub(super) fn notices(xml: &str) -> Result<Vec<Notice>, ParseError> {
    let mut reader = Reader::from_str(xml);
    let mut message = Message::default();
    loop {
        match reader.read_event().map_err(|error| unreadable(&error))? {
            Event::Start(element) => message.open(&element)?,
            Event::Empty(element) => {
                message.open(&element)?;
                message.close()?;
            }
            Event::End(_) => message.close()?,
            Event::Text(text) => message.text.push_str(&text.xml10_content()),
            Event::CData(text) => message.text.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => message.text.push_str(&resolved(&reference)?),
            Event::DocType(_) => return Err(ParseError::DocType),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    if !message.path.is_empty() {
        return Err(unreadable(&"it ends in the middle"));
    }
    if !message.is_outbound {
        return Err(ParseError::UnknownShape);
    }
    Ok(message.notices)
}

/// What has been read of a message.
#[derive(Default)]
struct Message {
    /// The elements that are open, without their prefixes.
    path: Vec<String>,
    /// The text of the element that is open.
    text: String,
    /// The fields of the record that is open.
    fields: Map<String, Value>,
    is_outbound: bool,
    notices: Vec<Notice>,
}

impl Message {
    fn open(&mut self, element: &BytesStart<'_>) -> Result<(), ParseError> {
        if self.path.len() == MAX_DEPTH {
            return Err(unreadable(&"its elements are nested too deeply"));
        }
        self.path.push(element.local_name().as_ref().to_owned());
        self.text.clear();
        self.is_outbound |= self.path == RECORDS[..3];
        if self.path == RECORDS {
            // Kept as JSON keeps it, so that both are read by the same code.
            let kind = kind_of(element)?;
            self.fields.insert("attributes".to_owned(), serde_json::json!({ "type": kind }));
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), ParseError> {
        let text = mem::take(&mut self.text);
        if self.path == RECORDS {
            let fields = mem::take(&mut self.fields);
            self.notices.push(salesforce::opportunity(&fields)?);
        }
        let is_field = self.path.len() == RECORDS.len() + 1 && self.path.starts_with(&RECORDS.map(str::to_owned));
        if let (Some(name), true) = (self.path.pop(), is_field) {
            self.fields.insert(name, Value::String(text));
        }
        Ok(())
    }
}

/// The record's type after `xsi:type`, without its prefix; an opportunity where nothing is said.
fn kind_of(element: &BytesStart<'_>) -> Result<String, ParseError> {
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|error| unreadable(&error))?;
        if attribute.key.local_name().as_ref() == "type" {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| unreadable(&error))?;
            return Ok(value.rsplit(':').next().unwrap_or_default().to_owned());
        }
    }
    Ok("Opportunity".to_owned())
}

/// A character reference or one of the five entities that XML knows by itself.
fn resolved(reference: &BytesRef<'_>) -> Result<String, ParseError> {
    if let Some(character) = reference.resolve_char_ref().map_err(|error| unreadable(&error))? {
        return Ok(character.to_string());
    }
    let name = reference.xml10_content();
    let known = resolve_predefined_entity(&name).map(str::to_owned);
    known.ok_or_else(|| unreadable(&"it uses an entity that it does not declare"))
}

fn unreadable(reason: &dyn std::fmt::Display) -> ParseError {
    ParseError::Unreadable { content_type: "text/xml".to_owned(), reason: format!(": {reason}") }
}
