//! What HTML's elements do to text, and which of them nobody sees.

use std::collections::BTreeMap;

use html5gum::{HtmlString, Spanned};

pub(super) type Attributes = BTreeMap<HtmlString, Spanned<HtmlString, usize>>;

/// What an element does to the text around and inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Its text is part of the line it stands in.
    Inline,
    /// Its text is a paragraph of its own.
    Block,
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

/// Whether the element has no content.
pub(super) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "basefont"
            | "bgsound"
            | "br"
            | "col"
            | "embed"
            | "frame"
            | "hr"
            | "img"
            | "input"
            | "keygen"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// What an element is.
pub(super) fn role(name: &str) -> Role {
    match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Role::Heading(name.bytes().last().map_or(1, |digit| digit - b'0')),
        "table" | "caption" | "tbody" | "thead" | "tfoot" => Role::Table,
        "tr" => Role::Row,
        "td" | "th" => Role::Cell,
        "pre" | "xmp" | "plaintext" => Role::Preformatted,
        "title" => Role::Title,
        "cite" => Role::Cite,
        "time" => Role::Time,
        _ if skipped(name).is_some() => Role::Skipped,
        _ if is_block(name) => Role::Block,
        _ => Role::Inline,
    }
}

/// Elements that stand by themselves.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "head"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "legend"
            | "li"
            | "listing"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "option"
            | "p"
            | "search"
            | "section"
            | "select"
            | "summary"
            | "textarea"
            | "ul"
    )
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
    let hidden = attribute(attributes, "hidden").is_some_and(|value| !value.eq_ignore_ascii_case("false"));
    closed || hidden || attribute(attributes, "style").is_some_and(|style| hides(&style))
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
