//! The parts of a Word file: a zip in which relationships say which part is the document, its styles, its footnotes.
//!
//! The shape is that of ECMA-376 (Office Open XML), part 2; both its namespaces occur, so that names are compared without.

use roxmltree::{Document, Node, ParsingOptions};

use super::super::super::archive::Archive;
use super::super::super::decode::decode;
use super::super::super::error::ParseError;

/// Elements and texts of a part: five hundred pages have about half a million.
const MAX_NODES: u32 = 4_000_000;
const MAX_ID_BYTES: usize = 64;
const WHAT: &str = "a Word file";
const ADVICE: &str = "open it in Word, save it again and upload that, or save it as PDF or text";

/// The XML of the parts that are read.
#[derive(Default)]
pub(super) struct Package {
    pub document: Part,
    pub styles: Option<Part>,
    pub numbering: Option<Part>,
    pub comments: Option<Part>,
    pub footnotes: Option<Part>,
    pub endnotes: Option<Part>,
    /// Headers and footers, each with what it is.
    pub margins: Vec<(&'static str, Part)>,
}

/// One part, as text.
#[derive(Default)]
pub(super) struct Part {
    name: String,
    xml: String,
}

impl Package {
    /// Reads the parts; none if the zip is no Word file.
    pub(super) fn open(archive: &mut Archive<'_>) -> Option<Result<Self, ParseError>> {
        match main_part(archive) {
            Ok(name) => name.map(|name| Self::read(archive, &name)),
            Err(error) => Some(Err(error)),
        }
    }

    fn read(archive: &mut Archive<'_>, main: &str) -> Result<Self, ParseError> {
        let document = Part::read(archive, main)?.ok_or_else(|| unreadable("it has no text".to_owned()))?;
        let mut package = Self { document, ..Self::default() };
        for (kind, name) in relationships(archive, main)? {
            package.add(archive, &kind, &name)?;
        }
        Ok(package)
    }

    fn add(&mut self, archive: &mut Archive<'_>, kind: &str, name: &str) -> Result<(), ParseError> {
        let place = match kind {
            "styles" => &mut self.styles,
            "numbering" => &mut self.numbering,
            "comments" => &mut self.comments,
            "footnotes" => &mut self.footnotes,
            "endnotes" => &mut self.endnotes,
            "header" => {
                self.margins.extend(Part::read(archive, name)?.map(|part| ("page header", part)));
                return Ok(());
            }
            "footer" => {
                self.margins.extend(Part::read(archive, name)?.map(|part| ("page footer", part)));
                return Ok(());
            }
            _ => return Ok(()),
        };
        *place = Part::read(archive, name)?;
        Ok(())
    }
}

impl Part {
    fn read(archive: &mut Archive<'_>, name: &str) -> Result<Option<Self>, ParseError> {
        let Some(bytes) = archive.read(name)? else { return Ok(None) };
        let xml = match decode(&bytes) {
            Ok(source) => source.text,
            Err(ParseError::Empty) => return Ok(None),
            Err(_) => return Err(unreadable(format!("`{name}` is no text"))),
        };
        Ok(Some(Self { name: name.to_owned(), xml }))
    }

    /// The tree of the part. A DOCTYPE is refused before anything in it is looked at: Word writes none.
    pub(super) fn tree(&self) -> Result<Document<'_>, ParseError> {
        let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
        Document::parse_with_options(&self.xml, options).map_err(|error| match error {
            roxmltree::Error::DtdDetected => ParseError::Unsafe { what: format!("DOCTYPE in `{}`", self.name) },
            roxmltree::Error::NodesLimitReached => {
                ParseError::over("XML elements in a part", u64::from(MAX_NODES) + 1, u64::from(MAX_NODES))
            }
            other => unreadable(format!("`{}`: {other}", self.name)),
        })
    }
}

fn unreadable(reason: String) -> ParseError {
    ParseError::Unreadable { what: WHAT, reason, advice: ADVICE }
}

/// The name of the document's part, where the zip is a Word file: the one the package names, or the usual one.
fn main_part(archive: &mut Archive<'_>) -> Result<Option<String>, ParseError> {
    const USUAL: &str = "word/document.xml";
    let named = if archive.has(USUAL) {
        Some(USUAL.to_owned())
    } else {
        relationships(archive, "")?.into_iter().find(|(kind, _)| kind == "officeDocument").map(|(_, name)| name)
    };
    Ok(named.filter(|name| name.starts_with("word/") && archive.has(name)))
}

/// The kinds and names of the parts that a part refers to, within the file only.
fn relationships(archive: &mut Archive<'_>, of: &str) -> Result<Vec<(String, String)>, ParseError> {
    let (folder, file) = of.rsplit_once('/').unwrap_or(("", of));
    let name = format!("{folder}/_rels/{file}.rels");
    let Some(part) = Part::read(archive, name.trim_start_matches('/'))? else { return Ok(Vec::new()) };
    let tree = part.tree()?;
    let inside = tree.root_element().children().filter(|node| attribute(*node, "TargetMode") != Some("External"));
    let found = inside.filter_map(|node| {
        let kind = attribute(node, "Type")?.rsplit('/').next()?;
        let target = attribute(node, "Target")?;
        let name = target.strip_prefix('/').map_or_else(|| format!("{folder}/{target}"), str::to_owned);
        Some((kind.to_owned(), name.trim_start_matches('/').to_owned()))
    });
    Ok(found.collect())
}

/// An attribute, whatever its namespace.
pub(super) fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attributes().find(|attribute| attribute.name() == name).map(|attribute| attribute.value())
}

/// The first child of this name, whatever its namespace.
pub(super) fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| child.is_element() && child.tag_name().name() == name)
}

/// The value of a child such as `<w:numId w:val="3"/>`.
pub(super) fn value<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    attribute(child(node, name)?, "val")
}

/// An attribute that names something, and is kept with every paragraph: honest ones are short.
pub(super) fn short_id<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    attribute(node, name).filter(|id| id.len() <= MAX_ID_BYTES)
}

/// Whether a child such as `<w:vanish/>` is there and not switched off.
pub(super) fn is_on(node: Node<'_, '_>, name: &str) -> Option<bool> {
    child(node, name).map(|child| !matches!(attribute(child, "val"), Some("0" | "false" | "off")))
}
