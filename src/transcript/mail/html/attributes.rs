//! What the attributes of an element say: its name, and whether it is seen.

use html5ever::tokenizer::Tag;

/// Whether one of the element's classes, or its id, is one of the names.
pub(super) fn is_named(tag: &Tag, names: &[&str]) -> bool {
    let mut values = attribute(tag, "class").into_iter().chain(attribute(tag, "id"));
    values.any(|value| value.split_whitespace().any(|word| names.contains(&word.to_ascii_lowercase().as_str())))
}

fn attribute<'t>(tag: &'t Tag, name: &str) -> Option<&'t str> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
}

/// Whether nobody sees the element.
pub(super) fn is_hidden(tag: &Tag) -> bool {
    attribute(tag, "hidden").is_some() || attribute(tag, "style").is_some_and(hides)
}

/// Whether a style hides what it is given to.
fn hides(style: &str) -> bool {
    let style = style.to_ascii_lowercase();
    let declarations: Vec<(&str, &str)> = style
        .split(';')
        .filter_map(|one| one.split_once(':'))
        .map(|(key, value)| (key.trim(), value.trim().trim_end_matches("!important").trim()))
        .collect();
    let is = |key: &str, test: fn(&str) -> bool| declarations.iter().any(|(name, value)| *name == key && test(value));
    let clipped = is("overflow", |value| value == "hidden");
    is("display", |value| value == "none")
        || is("visibility", |value| matches!(value, "hidden" | "collapse"))
        || is("opacity", is_nothing)
        || is("font-size", is_nothing)
        || is("color", |value| value == "transparent")
        || is("text-indent", |value| value.starts_with("-999"))
        || (clipped && ["height", "max-height", "width", "max-width"].iter().any(|key| is(key, is_nothing)))
}

/// `0`, `0px`, `0.0em`; not `0.9em`.
fn is_nothing(value: &str) -> bool {
    let number = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
    number.trim().parse::<f64>().is_ok_and(|number| number == 0.0)
}
