//! Characters that nobody sees: they hide words from a reader, turn them round, or split a word that is then not found.
//! They are taken out, and the report says where. The words and their order stay.

/// Lines that a warning names.
const LINES_SHOWN: usize = 20;

/// What was taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Nul,
    Control,
    Bidi,
    Invisible,
}

const KINDS: [(Kind, &str); 4] = [
    (Kind::Nul, "NUL characters"),
    (Kind::Control, "control characters"),
    (Kind::Bidi, "bidirectional controls"),
    (Kind::Invisible, "invisible characters"),
];

/// What was taken out of a file, by kind.
#[derive(Debug, Default)]
pub(in crate::transcript) struct Removed {
    found: Vec<(Kind, u32)>,
}

impl Removed {
    /// The text without what nobody sees; `line` is the number of its first line.
    pub(in crate::transcript) fn take_out(&mut self, text: String, line: u32) -> String {
        if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t')) {
            return text;
        }
        let mut at_line = line;
        let mut clean = String::with_capacity(text.len());
        let mut before = None;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match kind(c) {
                None if is_joiner(c) && !joins(before, chars.peek().copied()) => {
                    self.found.push((Kind::Invisible, at_line));
                }
                None => {
                    at_line = at_line.saturating_add(u32::from(c == '\n'));
                    clean.push(c);
                    before = Some(c);
                }
                Some(kind) => {
                    self.found.push((kind, at_line));
                    if c == '\u{1b}' {
                        skip_terminal_code(&mut chars);
                    }
                }
            }
        }
        clean
    }

    /// How many characters were taken out that no text has.
    pub(super) fn foreign(&self) -> usize {
        self.found.iter().filter(|(kind, _)| matches!(kind, Kind::Nul | Kind::Control)).count()
    }

    /// A warning for each kind, with the lines.
    pub(in crate::transcript) fn warnings(&self) -> Vec<String> {
        let warnings = KINDS.iter().filter_map(|(kind, name)| {
            let mut lines: Vec<u32> =
                self.found.iter().filter(|(found, _)| found == kind).map(|(_, line)| *line).collect();
            let times = lines.len();
            lines.dedup();
            (times > 0).then(|| format!("{name} taken out: {times} ({})", listed(&lines)))
        });
        warnings.collect()
    }
}

/// `line 3`, `lines 3, 4 and 2 more`.
pub(super) fn listed(lines: &[u32]) -> String {
    let shown: Vec<String> = lines.iter().take(LINES_SHOWN).map(u32::to_string).collect();
    let more = lines.len().saturating_sub(shown.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("line{} {}{more}", if lines.len() == 1 { "" } else { "s" }, shown.join(", "))
}

const fn kind(c: char) -> Option<Kind> {
    match c {
        '\0' => Some(Kind::Nul),
        '\t' | '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' => None,
        '\u{1}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => Some(Kind::Control),
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some(Kind::Bidi),
        // Soft hyphen, grapheme joiner, zero widths, invisible operators, marks of annotation, tags and the selectors that
        // are used to smuggle words.
        '\u{ad}'
        | '\u{34f}'
        | '\u{180e}'
        | '\u{200b}'
        | '\u{2060}'..='\u{2064}'
        | '\u{206a}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e01ef}' => Some(Kind::Invisible),
        _ => None,
    }
}

/// `[1;31m` behind an escape: a colour or a move of the cursor, copied from a terminal.
fn skip_terminal_code(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    if chars.next_if_eq(&'[').is_some() {
        while chars.next_if(|c| matches!(c, ' '..='?')).is_some() {}
        chars.next_if(|c| matches!(c, '@'..='~'));
    }
}

/// Emoji and some scripts are written with joiners; between Latin letters and spaces they are only invisible.
const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

fn joins(before: Option<char>, after: Option<char>) -> bool {
    let part = |c: Option<char>| c.is_some_and(|c| !c.is_ascii() && !c.is_whitespace());
    part(before) && part(after)
}
