//! Pages for people: one file per page, each from the request to what its template shows. Everything that changes something
//! goes through `/v1`.

mod account;
mod after;
mod ask;
mod assets;
mod deal;
mod deal_head;
mod deals;
mod dna;
mod document;
mod handover;
mod ledger;
mod patterns;
mod pictures;
mod profile;
mod review;
mod settings;
mod shell;
mod sign_in;
mod source;
mod tokens;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::routing::{MethodRouter, get};

pub(super) use document::paper;
pub(super) use shell::{problem_page, reads_pages};

use crate::app::App;

/// Every page with its address.
fn pages() -> Vec<(&'static str, MethodRouter<Arc<App>>)> {
    let mut pages = vec![
        ("/", get(deals::page)),
        ("/sign-in", get(sign_in::page)),
        ("/sign-in/link/{link}", get(sign_in::link_page)),
        ("/deals/{deal_id}", get(deal::page)),
        ("/deals/{deal_id}/review", get(review::page)),
        ("/deals/{deal_id}/ask", get(ask::of_deal)),
        ("/deals/{deal_id}/dna", get(dna::of_deal)),
        ("/deals/{deal_id}/handover", get(handover::page)),
        ("/deals/{deal_id}/versions/{number}/changes", get(document::compare)),
        ("/deals/{deal_id}/versions/{number}/{document}", get(document::page)),
        ("/sources/{source_id}", get(source::page)),
        ("/sources/{source_id}/turns", get(source::turns)),
        ("/accounts/{account_id}", get(account::page)),
        ("/accounts/{account_id}/ask", get(ask::of_account)),
        ("/accounts/{account_id}/dna", get(dna::of_account)),
        ("/ask", get(ask::of_everything)),
        ("/answers/{answer_id}", get(ask::one)),
        ("/answers/{answer_id}/card", get(ask::card)),
        ("/ledger", get(ledger::page)),
        ("/ledger/contradictions", get(ledger::contradictions_page)),
        ("/patterns", get(patterns::page)),
        ("/profile", get(profile::page)),
        ("/assets/{name}", get(assets::asset)),
    ];
    pages.extend(settings::pages());
    pages
}

pub(super) fn router() -> Router<Arc<App>> {
    pages().into_iter().fold(Router::new(), |router, (path, page)| router.route(path, page))
}

/// The addresses of the pages.
pub(super) fn routes() -> Vec<&'static str> {
    pages().into_iter().map(|(path, _)| path).collect()
}
