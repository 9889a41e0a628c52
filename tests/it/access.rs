//! Who gets what: one row per route, one letter per caller, each of them tried.

mod discretion;
mod isolation;

use std::collections::BTreeSet;

use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};

use crate::support::calls::{api_routes, page_routes};
use crate::support::world::{Who, World};

/// `+` taken (2xx), `1` not signed in (401; pages lead to the sign-in), `3` not allowed (403), `4` not there (404), `9` taken
/// from this caller, but there is nothing to do (409), `>` led to another page. The callers:
///
/// ```text
/// nobody | the deal's AE, another AE | the deal's CSM, another CSM | RevOps, Leader, Admin | Admin of another workspace
///        | tokens: an integration's for the CRM's call, the AE's for reading, the Admin's for everything
/// ```
const TABLE: &str = "
POST   /v1/session                                      + ++ ++ +++ + +++
POST   /v1/session/link                                 + ++ ++ +++ + +++
DELETE /v1/session                                      1 ++ ++ +++ + 999

GET    /v1/me                                           1 ++ ++ +++ + +++
PATCH  /v1/me                                           1 ++ ++ +++ + 333
POST   /v1/me/password                                  1 ++ ++ +++ + 333
GET    /v1/me/sessions                                  1 ++ ++ +++ + 3++
DELETE /v1/me/sessions/{session_id}                     1 ++ ++ +++ + 333
DELETE /v1/me/sessions/{session_id}@somebody's          1 44 44 444 4 333
GET    /v1/me/tokens                                    1 ++ ++ +++ + 3++
POST   /v1/me/tokens                                    1 ++ ++ +++ + 333
DELETE /v1/tokens/{token_id}@own                        1 ++ ++ +++ + 333
DELETE /v1/tokens/{token_id}@integration's              1 44 44 44+ 4 333

GET    /v1/users                                        1 33 33 +++ + 33+
POST   /v1/users                                        1 33 33 33+ + 333
PATCH  /v1/users/{user_id}                              1 33 33 33+ 4 333
POST   /v1/users/{user_id}/link                         1 33 33 33+ 4 333
POST   /v1/users/{user_id}/tokens                       1 33 33 33+ 4 333
POST   /v1/users/{user_id}/tokens@person's              1 33 33 333 4 333

GET    /v1/accounts                                     1 ++ ++ +++ + 3++
POST   /v1/accounts                                     1 ++ 33 +3+ + 33+
GET    /v1/accounts/{account_id}                        1 +4 +4 +++ 4 3++
GET    /v1/accounts/{account_id}/deals                  1 +4 +4 +++ 4 3++
GET    /v1/accounts/{account_id}/dna                    1 +4 +4 +++ 4 3++
GET    /v1/accounts/{account_id}/dna/changes            1 +4 +4 +++ 4 3++
POST   /v1/accounts/{account_id}/deals                  1 +4 34 +3+ 4 33+

GET    /v1/deals                                        1 ++ ++ +++ + 3++
POST   /v1/deals                                        1 ++ 33 +3+ + 33+
GET    /v1/deals/{deal_id}                              1 +4 +4 +++ 4 3++
PATCH  /v1/deals/{deal_id}                              1 +4 34 +++ 4 33+
POST   /v1/deals/{deal_id}/closed-won                   1 +4 34 +++ 4 33+
GET    /v1/deals/{deal_id}/events                       1 +4 +4 +++ 4 3++
GET    /v1/deals/{deal_id}/sources                      1 +4 +4 +++ 4 3++
POST   /v1/deals/{deal_id}/sources                      1 +4 +4 33+ 4 33+
GET    /v1/sources/{source_id}                          1 +4 +4 +++ 4 3++
GET    /v1/sources/{source_id}/turns                    1 +4 +4 +++ 4 3++
PUT    /v1/sources/{source_id}                          1 +4 +4 33+ 4 33+
GET    /v1/deals/{deal_id}/people                       1 +4 +4 +++ 4 3++
POST   /v1/deals/{deal_id}/people/join                  1 +4 +4 33+ 4 33+
POST   /v1/deals/{deal_id}/people/split                 1 +4 +4 33+ 4 33+
PUT    /v1/deals/{deal_id}/people/side                  1 +4 +4 33+ 4 33+
GET    /v1/jobs/{job_id}                                1 +4 +4 +++ 4 3++
GET    /v1/jobs/{job_id}@of_no_deal                     1 44 44 +++ 4 34+

GET    /v1/deals/{deal_id}/dna                          1 +4 +4 +++ 4 3++
GET    /v1/deals/{deal_id}/dna/changes                  1 +4 +4 +++ 4 3++
GET    /v1/deals/{deal_id}/draft                        1 +4 +4 +++ 4 3++
POST   /v1/deals/{deal_id}/draft                        1 +4 +4 33+ 4 33+
PUT    /v1/deals/{deal_id}/unknown/{field}              1 +4 34 33+ 4 33+
DELETE /v1/deals/{deal_id}/unknown/{field}              1 +4 34 33+ 4 33+
POST   /v1/deals/{deal_id}/items                        1 +4 34 33+ 4 33+
POST   /v1/deals/{deal_id}/approve                      1 +4 34 33+ 4 33+
GET    /v1/items/{item_id}                              1 +4 +4 +++ 4 3++
GET    /v1/items/{item_id}@note                         1 +4 +4 44+ 4 3++
PATCH  /v1/items/{item_id}                              1 +4 34 33+ 4 33+
POST   /v1/items/{item_id}/approve                      1 +4 34 33+ 4 33+
POST   /v1/items/{item_id}/approve@note                 1 +4 34 33+ 4 33+
POST   /v1/items/{item_id}/reject                       1 +4 34 33+ 4 33+
POST   /v1/items/{item_id}/undo                         1 +4 34 33+ 4 33+
PUT    /v1/items/{item_id}/outcome                      1 +4 +4 33+ 4 33+
DELETE /v1/items/{item_id}/outcome                      1 +4 +4 33+ 4 33+

POST   /v1/deals/{deal_id}/finalize                     1 +4 34 33+ 4 33+
GET    /v1/deals/{deal_id}/versions                     1 +4 +4 +++ 4 3++
GET    /v1/versions/{version_id}                        1 +4 +4 +++ 4 3++
GET    /v1/versions/{version_id}@note                   1 +4 +4 +++ 4 3++
GET    /v1/versions/{version_id}/markdown               1 +4 +4 +++ 4 3++
GET    /v1/versions/{version_id}/markdown@note          1 +4 +4 +++ 4 3++
GET    /v1/versions/{version_id}/documents              1 +4 +4 +++ 4 3++
GET    /v1/versions/{version_id}/documents/{document}   1 +4 +4 +++ 4 3++
GET    /v1/versions/{version_id}/changes                1 94 94 999 4 399

GET    /v1/deals/{deal_id}/steps                        1 +4 +4 +++ 4 3++
PUT    /v1/deals/{deal_id}/steps/{step}                 1 +4 +4 33+ 4 33+
DELETE /v1/deals/{deal_id}/steps/{step}                 1 +4 +4 33+ 4 33+
POST   /v1/deals/{deal_id}/accept                       1 34 +4 33+ 4 33+
POST   /v1/deals/{deal_id}/return                       1 34 +4 33+ 4 33+
GET    /v1/deals/{deal_id}/receipts                     1 +4 +4 +++ 4 3++
GET    /v1/deals/{deal_id}/questions                    1 +4 +4 +++ 4 3++
POST   /v1/deals/{deal_id}/questions                    1 34 +4 33+ 4 33+
POST   /v1/questions/{question_id}/answer               1 +4 34 33+ 4 33+
GET    /v1/deals/{deal_id}/corrections                  1 +4 +4 +++ 4 3++
POST   /v1/deals/{deal_id}/corrections                  1 34 +4 33+ 4 33+
GET    /v1/deals/{deal_id}/repeats                      1 +4 +4 +++ 4 3++
GET    /v1/deals/{deal_id}/check-ins                    1 +4 +4 +++ 4 3++
POST   /v1/deals/{deal_id}/check-ins                    1 34 +4 33+ 4 33+

GET    /v1/settings/sla-policies                        1 33 33 +3+ + 33+
PUT    /v1/settings/sla-policies                        1 33 33 +3+ + 33+
POST   /v1/settings/sla-policies                        1 33 33 +3+ + 33+
GET    /v1/settings/assignment-rules                    1 33 33 +3+ + 33+
POST   /v1/settings/assignment-rules                    1 33 33 +3+ 4 33+
DELETE /v1/settings/assignment-rules/{rule_id}          1 33 33 +3+ 4 33+
POST   /v1/crm/closed-won                               1 33 33 +3+ + +3+
GET    /v1/webhooks                                     1 33 33 +3+ + 33+
POST   /v1/webhooks                                     1 33 33 +3+ + 33+
PATCH  /v1/webhooks/{webhook_id}                        1 33 33 +3+ 4 33+
DELETE /v1/webhooks/{webhook_id}                        1 33 33 +3+ 4 33+
GET    /v1/webhooks/{webhook_id}/deliveries             1 33 33 +3+ 4 33+
GET    /v1/deliveries/{delivery_id}                     1 33 33 +3+ 4 33+
POST   /v1/deliveries/{delivery_id}/redeliver           1 33 33 +3+ 4 33+
GET    /v1/ledger                                       1 ++ ++ +++ + 3++
GET    /v1/ledger/trends                                1 ++ ++ +++ + 3++
GET    /v1/ledger/contradictions                        1 ++ ++ +++ + 3++
GET    /v1/ledger/export                                1 ++ ++ +++ + 3++
GET    /v1/ledger/views                                 1 ++ ++ +++ + 3++
POST   /v1/ledger/views                                 1 ++ ++ +++ + 33+
PATCH  /v1/ledger/views/{view_id}                       1 33 33 +3+ 4 33+
DELETE /v1/ledger/views/{view_id}                       1 33 33 +3+ 4 33+
POST   /v1/ask                                          1 ++ ++ +++ + 3++
POST   /v1/accounts/{account_id}/ask                    1 +4 +4 +++ 4 3++
POST   /v1/deals/{deal_id}/ask                          1 +4 +4 +++ 4 3++
GET    /v1/answers                                      1 ++ ++ +++ + 3++
GET    /v1/answers/{answer_id}                          1 +4 +4 +++ 4 3++
PUT    /v1/answers/{answer_id}/shared                   1 +4 34 33+ 4 333
DELETE /v1/answers/{answer_id}/shared                   1 +4 34 33+ 4 333
GET    /v1/patterns                                     1 33 33 +++ + 33+
GET    /v1/patterns/export                              1 33 33 +++ + 33+
GET    /v1/audit-log                                    1 33 33 +3+ + 33+
GET    /v1/audit-log/export                             1 33 33 +3+ + 33+

POST   /mcp                                             1 11 11 111 1 3++
GET    /v1/openapi.json                                 + ++ ++ +++ + +++
GET    /assets/{name}                                   + ++ ++ +++ + +++
GET    /sign-in                                         + >> >> >>> > >>>
GET    /sign-in/link/{link}                             + ++ ++ +++ + +++
GET    /sign-in/oidc                                    9 99 99 999 9 999
GET    /sign-in/oidc/callback                           9 99 99 999 9 999
GET    /                                                1 ++ ++ +++ + 3++
GET    /deals/{deal_id}                                 1 +4 +4 +++ 4 3++
GET    /deals/{deal_id}/review                          1 +4 +4 +++ 4 3++
GET    /deals/{deal_id}/ask                             1 +4 +4 +++ 4 3++
GET    /deals/{deal_id}/dna                             1 +4 +4 +++ 4 3++
GET    /deals/{deal_id}/handover                        1 +4 +4 +++ 4 3++
GET    /deals/{deal_id}/versions/{number}/changes       1 94 94 999 4 399
GET    /deals/{deal_id}/versions/{number}/{document}    1 +4 +4 +++ 4 3++
GET    /sources/{source_id}                             1 +4 +4 +++ 4 3++
GET    /sources/{source_id}/turns                       1 +4 +4 +++ 4 3++
GET    /accounts/{account_id}                           1 +4 +4 +++ 4 3++
GET    /accounts/{account_id}/ask                       1 +4 +4 +++ 4 3++
GET    /accounts/{account_id}/dna                       1 +4 +4 +++ 4 3++
GET    /ask                                             1 ++ ++ +++ + 3++
GET    /answers/{answer_id}                             1 +4 +4 +++ 4 3++
GET    /answers/{answer_id}/card                        1 +4 +4 +++ 4 3++
GET    /profile                                         1 ++ ++ +++ + 3++
GET    /ledger                                          1 ++ ++ +++ + 3++
GET    /ledger/contradictions                           1 ++ ++ +++ + 3++
GET    /patterns                                        1 33 33 +++ + 33+
GET    /settings                                        1 33 33 +3+ + 33+
GET    /settings/deadlines                              1 33 33 +3+ + 33+
GET    /settings/assignment                             1 33 33 +3+ + 33+
GET    /settings/webhooks                               1 33 33 +3+ + 33+
GET    /settings/audit                                  1 33 33 +3+ + 33+
";

/// A row of the table.
struct Row {
    method: &'static str,
    path: &'static str,
    /// What of several things the row is about.
    variant: &'static str,
    /// One per caller.
    cells: Vec<char>,
}

fn rows() -> Vec<Row> {
    let row = |line: &'static str| {
        let (method, rest) = line.split_once(' ').unwrap();
        let (route, cells) = rest.trim_start().split_once(' ').unwrap();
        let (path, variant) = route.split_once('@').unwrap_or((route, ""));
        let cells: Vec<char> = cells.chars().filter(|c| *c != ' ').collect();
        assert_eq!(cells.len(), Who::ALL.len(), "{line}");
        Row { method, path, variant, cells }
    };
    TABLE.lines().filter(|line| !line.is_empty()).map(row).collect()
}

#[test]
fn every_route_has_its_row_and_every_row_its_route() {
    let mut routes: BTreeSet<(String, String)> = api_routes().into_iter().collect();
    routes.extend(page_routes().into_iter().map(|path| ("GET".to_owned(), path.to_owned())));
    // It says itself what it takes, and takes tokens only; who gets what from its tools stands in `mcp::rights`.
    routes.insert(("POST".to_owned(), "/mcp".to_owned()));
    let rows: BTreeSet<(String, String)> =
        rows().iter().map(|row| (row.method.to_owned(), row.path.to_owned())).collect();
    let without_row: Vec<_> = routes.difference(&rows).collect();
    let without_route: Vec<_> = rows.difference(&routes).collect();
    assert!(without_row.is_empty(), "routes that the table says nothing of: {without_row:?}");
    assert!(without_route.is_empty(), "rows of no route: {without_route:?}");
}

#[tokio::test]
async fn everybody_gets_what_the_table_says_and_nothing_else() {
    let mut world = World::new().await;
    let deal = world.id("deal_id");
    let note = world.attest(&deal, "politics", "Omar and the velvetmoth board do not speak.").await;
    world.ids.insert("note_id", note.item.id.to_string());
    world.ids.insert("noted_version_id", world.finalize(&deal).await.to_string());
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let mut wrong = Vec::new();
    for (at, who) in Who::ALL.into_iter().enumerate() {
        let (door, pass) = (world.door().await, world.pass(who));
        for row in rows() {
            let is_taken = matches!(row.cells[at], '+' | '9');
            let call = world.call(row.method, row.path, row.variant, who, is_taken).await;
            let answer = call.to(&client, &door, &pass).send().await.unwrap();
            if !is_as_said(row.cells[at], row.path, &answer) {
                let (method, path, variant, said) = (row.method, row.path, row.variant, row.cells[at]);
                wrong.push(format!("{who:?}: {method} {path} {variant}: {} in place of {said}", answer.status()));
            }
        }
    }
    assert!(wrong.is_empty(), "{} cells are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Whether an answer is what the table says of it.
fn is_as_said(cell: char, path: &str, answer: &Response) -> bool {
    let status = answer.status();
    let to_sign_in = answer.headers().get("location").is_some_and(|to| to.as_bytes().starts_with(b"/sign-in"));
    match cell {
        '+' => status.is_success(),
        '1' if !path.starts_with("/v1/") && status == StatusCode::SEE_OTHER => to_sign_in,
        '>' => status == StatusCode::SEE_OTHER && !to_sign_in,
        '1' => status == StatusCode::UNAUTHORIZED,
        '3' => status == StatusCode::FORBIDDEN,
        '4' => status == StatusCode::NOT_FOUND,
        '9' => status == StatusCode::CONFLICT,
        other => unreachable!("`{other}` is no sign of the table"),
    }
}
