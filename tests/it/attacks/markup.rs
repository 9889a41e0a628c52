//! What a browser would make of a page: its tags and attributes, read as the HTML standard tokenizes them, as far as our pages
//! need it.

/// A tag with its attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    /// The text up to the closing tag, for those whose text is no markup.
    pub(super) text: String,
}

impl Tag {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The tags of a page, in their order.
pub(super) fn tags(html: &str) -> Vec<Tag> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
        } else if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let (mut tag, after) = tag(rest);
            rest = after;
            if matches!(tag.name.as_str(), "script" | "style" | "textarea" | "title") {
                let end = rest.to_ascii_lowercase().find(&format!("</{}", tag.name)).unwrap_or(rest.len());
                rest[..end].clone_into(&mut tag.text);
                rest = &rest[end..];
            }
            found.push(tag);
        }
    }
    found
}

/// The tag that `text` begins with, and what comes after it.
fn tag(text: &str) -> (Tag, &str) {
    let name_end = text.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).unwrap_or(text.len());
    let mut tag = Tag { name: text[..name_end].to_ascii_lowercase(), attributes: Vec::new(), text: String::new() };
    let mut rest = &text[name_end..];
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return (tag, after);
        }
        if rest.is_empty() {
            return (tag, "");
        }
        let end = rest[1..].find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '='));
        let end = end.map_or(rest.len(), |end| end + 1);
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            (value, rest) = self::value(after.trim_start());
        }
        tag.attributes.push((name, decoded(value)));
    }
}

/// The value that `text` begins with, quoted or not, and what comes after it.
fn value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(quote) {
            return inside.split_once(quote).unwrap_or((inside, ""));
        }
    }
    text.split_at(text.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(text.len()))
}

/// A value without the entities that our escaping writes, and the numeric ones.
fn decoded(value: &str) -> String {
    let mut decoded = String::new();
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        let end = rest[at..].find(';').map_or(rest.len(), |end| at + end + 1);
        let entity = &rest[at..end];
        let number = entity.strip_prefix("&#").map(|number| number.trim_end_matches(';'));
        let number = number.and_then(|number| match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => number.parse().ok(),
        });
        match (entity, number.and_then(char::from_u32)) {
            (_, Some(c)) => decoded.push(c),
            ("&lt;", _) => decoded.push('<'),
            ("&gt;", _) => decoded.push('>'),
            ("&quot;", _) => decoded.push('"'),
            ("&amp;", _) => decoded.push('&'),
            _ => decoded.push_str(entity),
        }
        rest = &rest[end..];
    }
    decoded + rest
}

#[test]
fn markup_is_read_as_browsers_read_it() {
    let html = "<!-- <img evil> --><P Class=a title='x > y' data-x=\"&lt;b&#x3a;\" hidden>a < b</P><script src=/a.js>if (a<b) \
                \"<i evil>\"</script><br/><a/href=x onclick=y>";
    let tags = tags(html);
    let names: Vec<&str> = tags.iter().map(|tag| tag.name.as_str()).collect();
    assert_eq!(names, ["p", "script", "br", "a"]);
    assert_eq!(
        (tags[0].get("title"), tags[0].get("data-x"), tags[0].get("hidden")),
        (Some("x > y"), Some("<b:"), Some(""))
    );
    assert_eq!((tags[1].get("src"), tags[1].text.as_str()), (Some("/a.js"), "if (a<b) \"<i evil>\""));
    assert_eq!((tags[3].get("href"), tags[3].get("onclick")), (Some("x"), Some("y")));
}
