//! The elements that are open, kept as browsers do where tags are missing, and in time linear in the number of tags.

use std::collections::HashMap;

use super::elements::Role;
use super::is_one_of;

/// Elements that end a paragraph that is still open.
const END_PARAGRAPHS: &str = "address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption \
    figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li main menu nav ol p pre search section summary table ul";
/// Elements inside which an end tag cannot end what is open outside.
const SCOPES: &str = "table td th caption template object button marquee applet svg";

/// An open element: its name, what it does, and where the one of the same name before it is.
#[derive(Debug, Clone, Copy)]
struct Open {
    name: u32,
    before: Option<u32>,
    role: Role,
}

/// The open elements, outermost first.
#[derive(Debug, Default)]
pub(super) struct Stack {
    names: HashMap<String, u32>,
    /// Where the innermost element of each name is, by the name's number.
    innermost: Vec<Option<u32>>,
    scopes: Vec<u32>,
    open: Vec<Open>,
}

impl Stack {
    /// How many elements are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Whether an element of the name is open.
    pub(super) fn is_open(&self, name: &str) -> bool {
        self.at(name).is_some()
    }

    /// Opens an element.
    pub(super) fn push(&mut self, name: &str, role: Role) {
        let at = u32::try_from(self.open.len()).unwrap_or(u32::MAX);
        let number = self.number(name);
        let before = self.innermost.get_mut(number as usize).and_then(|place| place.replace(at));
        self.open.push(Open { name: number, before, role });
        if is_one_of(name, SCOPES) {
            self.scopes.push(at);
        }
    }

    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.names.get(name) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.insert(name.to_owned(), number);
        self.innermost.push(None);
        number
    }

    /// Closes the innermost element and says what it was, as long as more than `depth` are open.
    pub(super) fn pop_above(&mut self, depth: usize) -> Option<Role> {
        let open = (self.open.len() > depth).then(|| self.open.pop())??;
        if let Some(place) = self.innermost.get_mut(open.name as usize) {
            *place = open.before;
        }
        if self.scopes.last().is_some_and(|scope| *scope as usize >= self.open.len()) {
            self.scopes.pop();
        }
        Some(open.role)
    }

    /// How many elements stay open after an end tag; none if it closes nothing.
    pub(super) fn ended_by(&self, name: &str) -> Option<usize> {
        let at = self.at(name)?;
        let limit = match name {
            "table" | "template" | "object" | "button" | "marquee" | "applet" | "svg" => None,
            "tr" | "td" | "th" | "tbody" | "thead" | "tfoot" | "caption" => self.at("table"),
            _ => self.scope(),
        };
        (limit.is_none_or(|limit| at > limit)).then_some(at as usize)
    }

    /// How many elements stay open before a start tag: it may end a paragraph, item, row or cell.
    pub(super) fn ended_before(&self, name: &str) -> Option<usize> {
        let within = |ends: &[&str], inside: &[&str]| {
            let limit = inside.iter().filter_map(|name| self.at(name)).max();
            ends.iter().filter_map(|name| self.at(name)).filter(|at| limit.is_none_or(|limit| *at > limit)).min()
        };
        let scoped = |at: Option<u32>| at.filter(|at| self.scope().is_none_or(|scope| *at > scope));
        let sibling = match name {
            "li" => scoped(within(&["li"], &["ul", "ol", "menu", "dir"])),
            "dt" | "dd" => scoped(within(&["dt", "dd"], &["dl"])),
            "td" | "th" => within(&["td", "th"], &["tr", "table"]),
            "tr" => within(&["tr"], &["table"]),
            "tbody" | "thead" | "tfoot" => within(&["tbody", "thead", "tfoot"], &["table"]),
            "option" => scoped(within(&["option"], &["select", "datalist"])),
            _ => None,
        };
        let paragraph = scoped(self.at("p")).filter(|_| is_one_of(name, END_PARAGRAPHS));
        [sibling, paragraph].into_iter().flatten().min().map(|at| at as usize)
    }

    fn at(&self, name: &str) -> Option<u32> {
        *self.innermost.get(*self.names.get(name)? as usize)?
    }

    fn scope(&self) -> Option<u32> {
        self.scopes.last().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Mode, walk};

    fn words(html: &str) -> Vec<String> {
        walk(html, Mode::Page).parts.into_iter().map(|part| part.text).collect()
    }

    #[test]
    fn missing_tags_are_added_as_browsers_do() {
        assert_eq!(words("<p>a<p>b<ul><li>c<li>d<ul><li>e</ul><li>f</ul>g"), ["a", "b", "c", "d", "e", "f", "g"]);
        assert_eq!(words("<table><tr><td>a<td>b<tr><td>c<td>d</table>"), ["a | b", "c | d"]);
        assert_eq!(words("<h2>a<p>b"), ["b"]);
    }

    #[test]
    fn what_is_hidden_stays_hidden_however_it_is_closed() {
        for html in [
            "<div hidden><table><tr><td></div>no</td></tr></table>no</div>yes",
            "<p style='display: NONE !important'>no<p>yes",
            "<ul><li hidden>no<li>yes</ul>",
            "<div style=display:none><div>no</div>no</div></div>yes",
            "<span hidden><b>no</span>yes",
            "<template><p>no</template>yes",
        ] {
            assert_eq!(words(html), ["yes"], "{html}");
        }
    }
}
