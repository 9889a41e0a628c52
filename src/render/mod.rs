//! Drafts and handoffs as documents for people. What is shown is decided in [`view`]; how it looks is decided in `templates/`.

pub(crate) mod markdown;
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
    static ENVIRONMENT: OnceLock<Environment<'static>> = OnceLock::new();
    let environment = ENVIRONMENT.get_or_init(|| {
        let mut environment = markdown::environment();
        add(&mut environment, FULL, include_str!("../../templates/documents/full.md"));
        environment
    });
    fill(environment, FULL, view)
}

/// The full document, of a draft as of a final version.
const FULL: &str = "full.md";

/// Fills one of the embedded page templates; what is put in is escaped.
///
/// # Errors
///
/// [`RenderError`] for a defect of the template.
pub fn render<T: Serialize>(template: &'static str, view: &T) -> Result<String, RenderError> {
    fill(environment(), template, view)
}

fn fill<T: Serialize>(environment: &Environment<'_>, template: &'static str, view: &T) -> Result<String, RenderError> {
    let filled = environment.get_template(template).and_then(|found| found.render(Value::from(Serde(view))));
    filled.map_err(|error| RenderError { template, error })
}

fn environment() -> &'static Environment<'static> {
    static ENVIRONMENT: OnceLock<Environment<'static>> = OnceLock::new();
    ENVIRONMENT.get_or_init(|| {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_syntax(syntax());
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        for (name, source) in TEMPLATES.iter().copied() {
            add(&mut environment, name, source);
        }
        environment
    })
}

/// Adds an embedded template. One with a syntax error is then missing, and whoever asks for it is told.
fn add(environment: &mut Environment<'static>, name: &'static str, source: &'static str) {
    if let Err(error) = environment.add_template(name, source) {
        tracing::error!(template = name, error = %error, "template cannot be read");
    }
}

/// A line that holds only a block leaves no line behind.
fn syntax() -> SyntaxConfig {
    SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().unwrap_or_default()
}

macro_rules! templates {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../templates/", $name)))),+]
    };
}

const TEMPLATES: &[(&str, &str)] = templates!(
    "pages/account.html",
    "pages/answer.html",
    "pages/ask.html",
    "pages/compare.html",
    "pages/deal-head.html",
    "pages/deal.html",
    "pages/deals.html",
    "pages/dna.html",
    "pages/document.html",
    "pages/handover.html",
    "pages/layout.html",
    "pages/ledger.html",
    "pages/ledger-contradictions.html",
    "pages/ledger-filters.html",
    "pages/macros.html",
    "pages/paper.html",
    "pages/patterns.html",
    "pages/problem.html",
    "pages/profile.html",
    "pages/review.html",
    "pages/settings-assignment.html",
    "pages/settings-audit.html",
    "pages/settings-nav.html",
    "pages/settings-people.html",
    "pages/settings-sla.html",
    "pages/settings-webhooks.html",
    "pages/sign-in-link.html",
    "pages/sign-in.html",
    "pages/source.html",
    "pages/turns.html",
    "pictures/parts.svg",
    "pictures/coverage.svg",
    "pictures/promises.svg",
    "pictures/scorecard.svg",
    "pictures/stakeholders.svg",
    "pictures/trends.svg",
);
