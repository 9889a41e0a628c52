//! What HTML's elements do to text, and which of them nobody sees.

use std::collections::BTreeMap;

use html5gum::{HtmlString, Spanned};

use super::is_one_of;

pub(super) type Attributes = BTreeMap<HtmlString, Spanned<HtmlString, usize>>;

/// What an element does to the text around and inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::transcript) enum Role {
    /// Its text is part of the line it stands in.
    Inline,
    /// Its text begins a line.
    Line,
    /// Its text is a paragraph of its own.
    Block,
    /// A block whose words are somebody else's.
    Quote,
    /// A heading of a level.
    Heading(u8),
    Table,
    Row,
    Cell,
    /// Line ends inside count.
    Preformatted,
    /// The title of the page.
    Title,
    /// Never shown as text.
    Skipped,
    /// Who speaks, in a podcast's transcript.
    Cite,
    /// When, in a podcast's transcript.
    Time,
}

/// Elements whose content is no text of the page, with what it is.
const SKIPPED: &[(&str, &str)] = &[
    ("audio", "recording"),
    ("canvas", "drawing"),
    ("datalist", "list of suggestions"),
    ("iframe", "frame"),
    ("noembed", "frame"),
    ("noframes", "frame"),
    ("noscript", "text for browsers without scripts"),
    ("object", "embedded file"),
    ("rp", "brackets of a reading aid"),
    ("script", "script"),
    ("style", "style"),
    ("svg", "drawing"),
    ("template", "template"),
    ("video", "recording"),
];

/// Elements without content.
const VOID: &str = "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr";
/// Elements that begin a line of their own.
const LINES: &str = "address article aside body center dd details dialog div dt fieldset figcaption figure footer form head \
    header hgroup html legend main nav search section select summary textarea";
/// Elements that stand by themselves, with space around them: paragraphs and items.
const BLOCKS: &str = "dir dl hr li listing menu ol option p ul";

/// Whether the element has no content.
pub(in crate::transcript) fn is_void(name: &str) -> bool {
    is_one_of(name, VOID)
}

/// What an element is.
pub(in crate::transcript) fn role(name: &str) -> Role {
    match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Role::Heading(name.bytes().last().map_or(1, |digit| digit - b'0')),
        "table" | "caption" | "tbody" | "thead" | "tfoot" => Role::Table,
        "tr" => Role::Row,
        "td" | "th" => Role::Cell,
        "pre" | "xmp" | "plaintext" => Role::Preformatted,
        "blockquote" => Role::Quote,
        "title" => Role::Title,
        "cite" => Role::Cite,
        "time" => Role::Time,
        _ if skipped(name).is_some() => Role::Skipped,
        _ if is_one_of(name, LINES) => Role::Line,
        _ if is_one_of(name, BLOCKS) => Role::Block,
        _ => Role::Inline,
    }
}

/// What is inside an element that is not shown.
pub(super) fn skipped(name: &str) -> Option<&'static str> {
    SKIPPED.iter().find(|(skipped, _)| *skipped == name).map(|(_, what)| *what)
}

/// An attribute's value as text.
pub(super) fn attribute(attributes: &Attributes, name: &str) -> Option<String> {
    attributes.get(name.as_bytes()).map(|value| String::from_utf8_lossy(value).into_owned())
}

/// Whether nobody sees the element: the attribute `hidden`, or a style that hides it. Styles by class are not followed.
pub(super) fn is_hidden(name: &str, attributes: &Attributes) -> bool {
    let closed = name == "dialog" && attribute(attributes, "open").is_none();
    closed
        || attribute(attributes, "hidden").is_some()
        || attribute(attributes, "style").is_some_and(|style| hides(&style))
}

/// Whether an inline style takes its element out of sight.
fn hides(style: &str) -> bool {
    let mut nothing_overflows = false;
    let mut flat = false;
    for (property, value) in style.split(';').filter_map(|declaration| declaration.split_once(':')) {
        let value = value.to_ascii_lowercase().replace("!important", "");
        match (property.trim().to_ascii_lowercase().as_str(), value.trim()) {
            ("display", "none")
            | ("visibility", "hidden" | "collapse")
            | ("mso-hide", "all")
            | ("color", "transparent") => return true,
            ("font-size" | "opacity", size) if is_zero(size) => return true,
            ("text-indent" | "left" | "top" | "margin-left" | "right", far) if is_far_off(far) => return true,
            ("overflow", "hidden" | "clip") => nothing_overflows = true,
            ("width" | "height" | "max-height" | "max-width", size) if is_zero(size) => flat = true,
            _ => {}
        }
    }
    flat && nothing_overflows
}

fn amount(length: &str) -> Option<f64> {
    length.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%').trim().parse().ok()
}

fn is_zero(length: &str) -> bool {
    amount(length).is_some_and(|amount| amount.abs() < 0.02)
}

/// Far to the left or above the page.
fn is_far_off(length: &str) -> bool {
    amount(length).is_some_and(|amount| amount <= -900.0)
}
