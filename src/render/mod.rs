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

/// Fills one of the embedded templates; those ending in `.html` escape what is put in, those in `.md` Markdown's own signs.
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
            Some((_, "html")) => AutoEscape::Html,
            _ => AutoEscape::None,
        });
        environment.add_filter("md", escape_markdown);
        for (name, source) in TEMPLATES {
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

const TEMPLATES: [(&str, &str); 6] = [
    ("handoff.md", include_str!("../../templates/handoff.md")),
    ("layout.html", include_str!("../../templates/layout.html")),
    ("deals.html", include_str!("../../templates/deals.html")),
    ("deal.html", include_str!("../../templates/deal.html")),
    ("source.html", include_str!("../../templates/source.html")),
    ("problem.html", include_str!("../../templates/problem.html")),
];

/// Words of the record as Markdown text: one line, and no sign of theirs is read as Markdown or HTML.
#[expect(clippy::needless_pass_by_value, reason = "the signature of a minijinja filter")]
fn escape_markdown(text: String) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
