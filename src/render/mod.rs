//! Drafts and handoffs as documents for people. What is shown is decided in [`view`]; how it looks is decided in `templates/`.

pub mod view;

use std::sync::OnceLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};
use serde::Serialize;

use view::HandoffView;

/// A template that could not be filled: a defect of the template.
#[derive(Debug, thiserror::Error)]
#[error("template `{template}` cannot be filled: {error:#}")]
pub struct RenderError {
    template: &'static str,
    #[source]
    error: minijinja::Error,
}

/// The handoff as Markdown.
///
/// # Errors
///
/// [`RenderError`] for a defect of the template.
pub fn markdown(view: &HandoffView) -> Result<String, RenderError> {
    render("handoff.md", view)
}

/// Fills one of the embedded templates. Those ending in `.html` and `.svg` escape what is put in; those in `.md` say with
/// the filter `md` what is escaped.
///
/// # Errors
///
/// [`RenderError`] for a defect of the template.
pub fn render<T: Serialize>(template: &'static str, view: &T) -> Result<String, RenderError> {
    let filled = environment().get_template(template).and_then(|found| found.render(Value::from(Serde(view))));
    filled.map_err(|error| RenderError { template, error })
}

fn environment() -> &'static Environment<'static> {
    static ENVIRONMENT: OnceLock<Environment<'static>> = OnceLock::new();
    ENVIRONMENT.get_or_init(|| {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_syntax(syntax());
        environment.set_auto_escape_callback(|name| match name.rsplit_once('.') {
            Some((_, "html" | "svg")) => AutoEscape::Html,
            _ => AutoEscape::None,
        });
        environment.add_filter("md", escape_markdown);
        for (name, source) in TEMPLATES.iter().copied() {
            // A template with a syntax error is then missing, and whoever asks for it is told.
            if let Err(error) = environment.add_template(name, source) {
                tracing::error!(template = name, error = %error, "template cannot be read");
            }
        }
        environment
    })
}

/// A line that holds only a block leaves no line behind.
fn syntax() -> SyntaxConfig {
    SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().unwrap_or_default()
}

const TEMPLATES: &[(&str, &str)] = &[
    ("handoff.md", include_str!("../../templates/handoff.md")),
    ("layout.html", include_str!("../../templates/layout.html")),
    ("deals.html", include_str!("../../templates/deals.html")),
    ("deal.html", include_str!("../../templates/deal.html")),
    ("source.html", include_str!("../../templates/source.html")),
    ("problem.html", include_str!("../../templates/problem.html")),
    ("pictures/parts.svg", include_str!("../../templates/pictures/parts.svg")),
    ("pictures/coverage.svg", include_str!("../../templates/pictures/coverage.svg")),
    ("pictures/promises.svg", include_str!("../../templates/pictures/promises.svg")),
    ("pictures/scorecard.svg", include_str!("../../templates/pictures/scorecard.svg")),
    ("pictures/stakeholders.svg", include_str!("../../templates/pictures/stakeholders.svg")),
];

/// Words of the record as Markdown text: one line, and no sign of theirs is read as Markdown, HTML or a link.
#[expect(clippy::needless_pass_by_value, reason = "the signature of a minijinja filter")]
fn escape_markdown(text: String) -> String {
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
    use super::escape_markdown;

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
            assert_eq!(escape_markdown(text.to_owned()), expected);
        }
    }
}
