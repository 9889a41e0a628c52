//! The OpenAPI document, generated from the handlers, and the route that serves it.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use axum::{Json, Router};
use utoipa::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use super::guard::{self, Guard};
use super::v1::{
    accounts, answers, audit, deals, dna, drafts, events, handover, items, jobs, ledger, me, patterns, people, session,
    settings, sources, users, versions, webhooks,
};
use crate::app::App;

/// Bytes of a form with files at most. Each file has its own, smaller limit; this one only ends what never ends.
const MAX_FORM_BYTES: usize = 1 << 30;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Baton",
        description = "Turns the calls, mails and notes of a B2B sale into a handoff that customer success can trust. \
                       Every item cites the words it rests on; errors are `application/problem+json`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    servers((url = "/", description = "This server"))
)]
struct Document;

/// Every `/v1` route with its documentation.
pub(super) fn router(guard: &Arc<Guard>) -> OpenApiRouter<Arc<App>> {
    let held_back = || axum::middleware::from_fn_with_state(Arc::clone(guard), guard::sign_ins);
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(session::sign_in).layer(held_back()))
        .routes(routes!(session::sign_out))
        .routes(routes!(session::sign_in_by_link).layer(held_back()))
        .routes(routes!(me::get, me::change))
        .routes(routes!(me::change_password).layer(held_back()))
        .routes(routes!(me::list_sessions))
        .routes(routes!(me::end_session))
        .routes(routes!(me::list_tokens, me::make_token))
        .routes(routes!(me::revoke_token))
        .routes(routes!(users::list, users::invite))
        .routes(routes!(users::change))
        .routes(routes!(users::new_link))
        .routes(routes!(users::make_token))
        .routes(routes!(accounts::list, accounts::create))
        .routes(routes!(accounts::get))
        .routes(routes!(deals::list_of_account, deals::create))
        .routes(routes!(deals::list, deals::open))
        .routes(routes!(deals::closed_won))
        .routes(routes!(deals::get, deals::change))
        .routes(routes!(sources::list, sources::upload).layer(DefaultBodyLimit::max(MAX_FORM_BYTES)))
        .routes(routes!(sources::get, sources::correct).layer(DefaultBodyLimit::max(MAX_FORM_BYTES)))
        .routes(routes!(sources::turns))
        .routes(routes!(people::list))
        .routes(routes!(people::join))
        .routes(routes!(people::split))
        .routes(routes!(people::place))
        .routes(routes!(events::watch))
        .routes(routes!(jobs::get))
        .routes(routes!(drafts::get, drafts::redraft))
        .routes(routes!(drafts::mark_unknown, drafts::unmark_unknown))
        .routes(routes!(dna::of_deal))
        .routes(routes!(dna::changes_of_deal))
        .routes(routes!(dna::of_account))
        .routes(routes!(dna::changes_of_account))
        .routes(routes!(items::attest))
        .routes(routes!(items::get, items::edit))
        .routes(routes!(items::approve))
        .routes(routes!(items::reject))
        .routes(routes!(items::undo))
        .routes(routes!(items::approve_field))
        .routes(routes!(items::set_outcome, items::clear_outcome))
        .routes(routes!(versions::finalize))
        .routes(routes!(versions::list))
        .routes(routes!(versions::get))
        .routes(routes!(versions::markdown))
        .routes(routes!(versions::documents))
        .routes(routes!(versions::document))
        .routes(routes!(versions::changes))
        .routes(routes!(handover::steps))
        .routes(routes!(handover::mark_step, handover::unmark_step))
        .routes(routes!(handover::accept))
        .routes(routes!(handover::give_back))
        .routes(routes!(handover::receipts))
        .routes(routes!(handover::questions, handover::ask))
        .routes(routes!(handover::answer))
        .routes(routes!(handover::corrections, handover::correct))
        .routes(routes!(handover::repeats))
        .routes(routes!(handover::check_ins, handover::record_check_in))
        .routes(routes!(settings::sla_policies, settings::set_sla_policies, settings::set_sla_policy))
        .routes(routes!(settings::assignment_rules, settings::add_assignment_rule))
        .routes(routes!(settings::remove_assignment_rule))
        .routes(routes!(webhooks::closed_won))
        .routes(routes!(webhooks::list, webhooks::add))
        .routes(routes!(webhooks::change, webhooks::remove))
        .routes(routes!(webhooks::deliveries_of))
        .routes(routes!(webhooks::delivery))
        .routes(routes!(webhooks::redeliver))
        .routes(routes!(answers::ask_all))
        .routes(routes!(answers::ask_account))
        .routes(routes!(answers::ask_deal))
        .routes(routes!(answers::list))
        .routes(routes!(answers::get))
        .routes(routes!(answers::share, answers::unshare))
        .routes(routes!(ledger::list))
        .routes(routes!(ledger::trends))
        .routes(routes!(ledger::contradictions))
        .routes(routes!(ledger::export))
        .routes(routes!(ledger::views, ledger::add_view))
        .routes(routes!(ledger::change_view, ledger::remove_view))
        .routes(routes!(patterns::get))
        .routes(routes!(patterns::export))
        .routes(routes!(audit::list))
        .routes(routes!(audit::export))
}

/// The document itself.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    router(&Arc::new(Guard::idle())).split_for_parts().1
}

/// Serves the document.
pub(super) fn document_route(document: &utoipa::openapi::OpenApi) -> Router<Arc<App>> {
    let document = serde_json::to_value(document).unwrap_or_default();
    Router::new().route("/v1/openapi.json", get(|| async { Json(document) }))
}
