//! What mail programs mark in the HTML they write: the earlier mail that is answered, and signatures.

use super::elements::{Attributes, attribute};
use super::is_one_of;

/// Classes and ids of the element that holds the earlier mail.
const QUOTES: &str = "yahoo_quoted protonmail_quote tutanota_quote zmail_extra moz-forward-container \
    mail-editor-reference-message-container ms-outlook-mobile-reference-message outlookmessageheader";
/// Ids of the element behind which the earlier mail stands.
const QUOTE_STARTS: &str = "appendonsend divrplyfwdmsg replysplit";
/// Classes and ids of signatures.
const SIGNATURES: &str = "gmail_signature moz-signature signature applemailsignature ms-outlook-mobile-signature";

/// What an element is marked as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// It holds the earlier mail.
    Quoted,
    /// All from here on is the earlier mail.
    QuotedFromHere,
    Signature,
}

/// What a mail program says of an element by its class or id.
pub(super) fn mark(attributes: &Attributes) -> Option<Mark> {
    let names = ["class", "id"].iter().filter_map(|name| attribute(attributes, name)).collect::<Vec<_>>().join(" ");
    let names = names.to_ascii_lowercase();
    let is = |list: &str| names.split_ascii_whitespace().any(|name| is_one_of(name, list));
    [(QUOTES, Mark::Quoted), (QUOTE_STARTS, Mark::QuotedFromHere), (SIGNATURES, Mark::Signature)]
        .into_iter()
        .find_map(|(list, mark)| is(list).then_some(mark))
}

#[cfg(test)]
mod tests {
    use super::super::{Mode, walk};

    fn lines(html: &str) -> Vec<String> {
        let parts = walk(html, Mode::Mail).parts.into_iter();
        let lines = parts.map(|part| if part.quoted { format!("> {}", part.text) } else { part.text });
        lines.filter(|line| line.contains(|c: char| c == '-' || c.is_alphanumeric())).collect()
    }

    #[test]
    fn what_is_seen_of_a_mail_becomes_lines() {
        let cases: &[(&str, &[&str])] = &[
            ("<div>a<div>b</div>c</div>", &["a", "b", "c"]),
            ("a <b>b</b>\n c&amp;d<br>e", &["a b c&d", "e"]),
            ("a<blockquote>q<blockquote>r</blockquote></blockquote>b", &["a", "> q", "> r", "b"]),
            ("<script>x('</b>')</script><style>y</style><h1>a</h1>", &["a"]),
            ("<div style='font-size:0px'>x<div>y</div>z</div>a", &["a"]),
            ("<span style='font-size:0.9em'>a</span>", &["a"]),
            ("<div>a<div id=appendonsend></div></div>x<p>y", &["a"]),
            ("a<div class='x yahoo_quoted'>x</div>b", &["a", "b"]),
            ("a<div class=gmail_signature>b</div>", &["a", "-- ", "b"]),
            ("<pre>a\nb</pre>", &["a", "b"]),
        ];
        for (html, expected) in cases {
            assert_eq!(lines(html), *expected, "{html}");
        }
    }

    #[test]
    fn space_stands_where_a_reader_sees_it() {
        let blank = |html: &str| walk(html, Mode::Mail).parts.iter().any(|part| part.text.is_empty());
        assert!(!blank("<div>a<br></div><div>b</div>"));
        assert!(blank("<div>a</div><div><br></div><div>b</div>"));
        assert!(blank("a<br><br>b"));
        assert!(blank("<div>a</div><p>b</p>"));
    }
}
