//! Markdown documents as blocks under their headings, and Markdown notes as cues.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::super::clock::moment;
use super::super::person;
use super::super::reading::{Cue, Reading, one_line};
use super::blocks::{Block, without_bullet};
use super::outline::{Heading, Outline, fits};
use crate::domain::transcript::{Dropped, Format, SourceKind};

/// Whether the text uses Markdown's own structure; bullets alone do not count, mails and plain notes have them too.
pub(in crate::transcript) fn looks_like(text: &str) -> bool {
    front_matter(text).is_some() || text.lines().any(|line| is_heading(line) || is_table_rule(line) || has_bold(line))
}

/// Whether a heading is underlined with `===` or `---`, which people do in plain text too.
pub(in crate::transcript) fn has_underlined_heading(text: &str) -> bool {
    let lines = || text.lines().map(str::trim);
    let is_line = |line: &str| line.len() >= 3 && (line.bytes().all(|b| b == b'=') || line.bytes().all(|b| b == b'-'));
    let is_title = |line: &str| !line.is_empty() && fits(line) && !is_line(line);
    let above = std::iter::once("").chain(lines());
    above
        .zip(lines())
        .zip(lines().skip(1))
        .any(|((above, title), line)| above.is_empty() && is_title(title) && is_line(line))
}

fn is_heading(line: &str) -> bool {
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    (1..=6).contains(&level) && rest.starts_with(' ')
}

fn is_table_rule(line: &str) -> bool {
    line.contains("--") && line.contains('|') && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
}

fn has_bold(line: &str) -> bool {
    line.find("**").is_some_and(|at| line[at + 2..].contains("**"))
}

/// Reads notes: each block is a cue, found again by its headings and line.
pub(in crate::transcript) fn read(text: &str) -> Reading {
    let mut reading = Reading::document(Format::Markdown, SourceKind::Notes);
    for block in blocks(text, &mut reading) {
        let path = block.headings.join(" / ");
        let id = if path.is_empty() { format!("L{}", block.line) } else { format!("{path} · L{}", block.line) };
        reading.cues.push(Cue { id, line: block.line, text: block.text, ..Cue::default() });
    }
    reading
}

/// The blocks of a Markdown document; its title, date and author go into the reading.
pub(in crate::transcript) fn blocks(text: &str, reading: &mut Reading) -> Vec<Block> {
    let body = front_matter(text).map_or(0, |end| read_front_matter(text, end, reading));
    let source = &text[body..];
    let lines_before = text[..body].matches('\n').count();
    let mut walk = Walk::new(source, lines_before);
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS | Options::ENABLE_FOOTNOTES;
    for (event, range) in Parser::new_ext(source, options).into_offset_iter() {
        walk.event(event, range.start);
    }
    walk.flush();
    reading.title = reading.title.take().or(walk.title);
    reading.dropped.extend(walk.dropped);
    reading.dropped.extend(walk.outline.finish());
    walk.blocks
}

/// The byte after a front matter at the very top.
fn front_matter(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("---\n")?;
    let mut at = 4;
    for line in rest.split_inclusive('\n') {
        at += line.len();
        match line.trim_end() {
            "---" | "..." => return Some(at),
            "" => return None,
            _ => {}
        }
    }
    None
}

fn read_front_matter(text: &str, end: usize, reading: &mut Reading) -> usize {
    for (line, entry) in super::blocks::numbered(&text[..end]) {
        let Some((key, value)) = entry.split_once(':') else { continue };
        let value = value.trim().trim_matches(['"', '\'']);
        match key.trim().to_lowercase().as_str() {
            "title" if !value.is_empty() => reading.title = Some(value.to_owned()),
            "author" if !value.is_empty() => reading.people.push(person::from_label(value)),
            "date" | "updated" | "created" if reading.started_at.is_none() => reading.started_at = moment(value),
            key => reading.drop(line, format!("front matter `{}`", key.chars().take(40).collect::<String>())),
        }
    }
    end
}

/// Follows the parser's events; one block is open at a time, because an inner list item ends the outer one's words.
struct Walk<'t> {
    line_starts: Vec<usize>,
    lines_before: usize,
    blocks: Vec<Block>,
    dropped: Vec<Dropped>,
    title: Option<String>,
    outline: Outline<usize>,
    open: Option<(usize, String)>,
    heading: Option<usize>,
    html: Option<usize>,
    /// Whether a line of the source begins, which is none of what is seen.
    begins_line: bool,
    source: &'t str,
}

impl<'t> Walk<'t> {
    fn new(source: &'t str, lines_before: usize) -> Self {
        let line_starts = std::iter::once(0).chain(source.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self {
            line_starts,
            lines_before,
            blocks: Vec::new(),
            dropped: Vec::new(),
            title: None,
            outline: Outline::default(),
            open: None,
            heading: None,
            html: None,
            begins_line: false,
            source,
        }
    }

    fn event(&mut self, event: Event<'_>, at: usize) {
        match event {
            Event::Start(tag) => self.start(&tag, at),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(at, &text),
            Event::Code(text) => self.push(at, &text),
            Event::SoftBreak | Event::HardBreak => {
                self.push(at, " ");
                self.begins_line = true;
            }
            Event::TaskListMarker(done) => self.push(at, if done { "[x] " } else { "[ ] " }),
            Event::Html(_) => self.html = self.html.or(Some(at)),
            Event::InlineHtml(tag) if tag.starts_with("<!--") => self.leave_out(at, "HTML comment"),
            Event::InlineHtml(tag) if tag.starts_with("<br") => self.push(at, " "),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, at: usize) {
        match tag {
            Tag::Heading { level, .. } => {
                self.flush();
                self.heading = Some(*level as usize);
                self.open = Some((at, String::new()));
            }
            Tag::Paragraph | Tag::Item | Tag::CodeBlock(_) | Tag::TableHead | Tag::TableRow | Tag::List(_) => {
                self.flush();
            }
            Tag::TableCell if self.open.as_ref().is_some_and(|(_, text)| !text.trim().is_empty()) => {
                self.push(at, " | ");
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => self.close_heading(),
            TagEnd::HtmlBlock => {
                if let Some(at) = self.html.take() {
                    self.leave_out(at, "HTML block");
                }
            }
            TagEnd::Paragraph | TagEnd::Item | TagEnd::CodeBlock | TagEnd::TableHead | TagEnd::TableRow => self.flush(),
            _ => {}
        }
    }

    /// Bullets that are pasted from elsewhere are items too.
    fn text(&mut self, at: usize, text: &str) {
        let begins = self.begins_line || self.open.is_none();
        match without_bullet(text).filter(|_| begins && self.heading.is_none()) {
            Some(words) => {
                self.flush();
                self.push(at, words);
            }
            None => self.push(at, text),
        }
    }

    fn push(&mut self, at: usize, text: &str) {
        self.begins_line = false;
        self.open.get_or_insert_with(|| (at, String::new())).1.push_str(text);
    }

    fn close_heading(&mut self) {
        let Some(level) = self.heading.take() else { return };
        let Some((at, text)) = self.open.take_if(|(_, text)| fits(text)) else { return self.flush() };
        let (line, text) = (self.line(at), one_line(&text));
        if text.is_empty() {
            return;
        }
        let is_title = self.title.is_none() && self.blocks.is_empty() && self.outline.is_empty();
        if is_title {
            self.title = Some(text.clone());
        }
        self.outline.enter(Heading { level, line, text, used: is_title });
    }

    fn flush(&mut self) {
        let Some((at, text)) = self.open.take() else { return };
        let text = one_line(&text);
        if !text.is_empty() {
            let headings = self.outline.above();
            self.blocks.push(Block { line: self.line(at), headings, text, ..Block::default() });
        }
    }

    fn leave_out(&mut self, at: usize, reason: &str) {
        let line = self.line(at);
        self.dropped.push(Dropped { line, reason: reason.to_owned() });
    }

    fn line(&self, at: usize) -> u32 {
        let at = at.min(self.source.len());
        let lines = self.line_starts.partition_point(|start| *start <= at);
        u32::try_from(self.lines_before + lines).unwrap_or(u32::MAX)
    }
}
