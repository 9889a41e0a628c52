//! Stylesheet, scripts and the icon: in the program itself, served under names that never leave this server.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// The stylesheet: one file for browsers, several for whoever edits them.
const STYLESHEET: &str = concat!(
    include_str!("../../../assets/css/base.css"),
    include_str!("../../../assets/css/components.css"),
    include_str!("../../../assets/css/review.css"),
    include_str!("../../../assets/css/pictures.css"),
    include_str!("../../../assets/css/print.css"),
    include_str!("../../../assets/css/dna.css"),
    include_str!("../../../assets/css/ask.css"),
);

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

macro_rules! scripts {
    ($($name:literal),+ $(,)?) => {
        [$(($name, SCRIPT, include_str!(concat!("../../../assets/js/", $name)))),+]
    };
}

/// Every script of the pages.
const SCRIPTS: [(&str, &str, &str); 15] = scripts!(
    "api.js",
    "ask.js",
    "dialog.js",
    "dom.js",
    "forms.js",
    "review-actions.js",
    "review-cards.js",
    "review-forms.js",
    "review-keys.js",
    "review-model.js",
    "review.js",
    "search.js",
    "source.js",
    "transcript.js",
    "upload.js",
);

pub(super) async fn asset(Path(name): Path<String>) -> Response {
    let found = match name.as_str() {
        "baton.css" => Some((CSS, STYLESHEET)),
        "baton.svg" => Some((SVG, include_str!("../../../assets/baton.svg"))),
        other => SCRIPTS.iter().find(|(script, ..)| *script == other).map(|(_, kind, text)| (*kind, *text)),
    };
    match found {
        // Asked about anew each time: a new version of the program must not run with old scripts.
        Some((kind, text)) => {
            ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], text).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
