//! Markdown templates: everything that is put in is escaped, whether the template asks for it or not.

use minijinja::{AutoEscape, Environment, Error, Output, State, UndefinedBehavior, Value};

use super::syntax;

/// An environment in which words of the record can be nothing but words: there is no way to put them in unescaped, and a
/// variable that does not exist is an error.
pub(crate) fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(syntax());
    environment.set_auto_escape_callback(|_| AutoEscape::Custom("markdown".into()));
    environment.set_formatter(write_escaped);
    environment.add_filter("md", |value: &Value| escaped(value));
    for unescaped in ["safe", "escape", "e", "tojson"] {
        environment.remove_filter(unescaped);
    }
    environment
}

/// What is not known prints as nothing; what does not exist never comes here.
fn write_escaped(out: &mut Output, _: &mut State, value: &Value) -> Result<(), Error> {
    if value.is_none() {
        return Ok(());
    }
    out.write_str(escaped(value).as_str().unwrap_or_default()).map_err(Error::from)
}

/// The value as text that may stand anywhere in a line of Markdown.
fn escaped(value: &Value) -> Value {
    if value.is_safe() {
        return value.clone();
    }
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Value::from_safe_string(escape(&text))
}

/// Words of the record as Markdown text: one line, and no sign of theirs is read as Markdown, HTML or a link.
fn escape(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut escaped = String::with_capacity(line.len() + 8);
    for (at, c) in line.char_indices() {
        let begins_list = matches!(c, '-' | '+' | '=') && at == 0;
        let numbers_list = matches!(c, '.' | ')') && line[..at].bytes().all(|b| b.is_ascii_digit()) && at > 0;
        let links = (c == '/' && line[..at].ends_with(':')) || (c == '.' && line[..at].to_lowercase().ends_with("www"));
        let is_sign = matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '@');
        if begins_list || numbers_list || links || is_sign {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{environment, escape};

    #[test]
    fn words_of_the_record_are_text_in_markdown() {
        let cases = [
            ("*bold* [x](y) <b>", r"\*bold\* \[x\](y) \<b\>"),
            ("- a list", r"\- a list"),
            ("12. a list", r"12\. a list"),
            ("at 12.5 percent", "at 12.5 percent"),
            ("see https://x.example and www.x.example", r"see https:\//x.example and www\.x.example"),
            ("two\n\nlines", "two lines"),
        ];
        for (text, expected) in cases {
            assert_eq!(escape(text), expected);
        }
    }

    #[test]
    fn a_template_that_asks_for_nothing_escapes_all_the_same_and_none_escapes_twice() {
        let filled = |template: &str| {
            environment().render_str(template, minijinja::context! { words => "<b>*", list => ["a*"] })
        };
        assert_eq!(filled("{{ words }}").unwrap(), r"\<b\>\*");
        assert_eq!(filled("{{ words|md }}").unwrap(), r"\<b\>\*");
        assert_eq!(filled("{{ list|join(' · ')|md }}").unwrap(), r"a\*");
        assert_eq!(filled("{% set all %}{{ words }}{% endset %}{{ all }}").unwrap(), r"\<b\>\*");
        assert_eq!(filled("{% autoescape false %}{{ words }}{% endautoescape %}").unwrap(), r"\<b\>\*");
        assert!(filled("{{ words|safe }}").is_err());
        assert!(filled("{{ nothing }}").is_err());
    }
}
