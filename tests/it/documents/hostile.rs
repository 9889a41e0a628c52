//! What people say, and what they call themselves and their files, is text: in no document does it do anything.

use baton::documents::{DocumentKind, Sight, print_html};
use baton::domain::record::HandoffRecord;
use serde_json::json;

use super::all;
use crate::support::handoff::{handed_over, item, version};

const ATTACKS: [&str; 8] = [
    "<script>alert(1)</script> and <img src=x onerror=alert(1)>",
    "[click here](javascript:alert(1)) or <https://evil.example/a> or https://evil.example/b",
    "![pixel](https://evil.example/p.png) | cell | cell\n\n# Heading\n\n- list",
    "</td></table></article><form action=https://evil.example><input name=password>",
    "*bold* ~~gone~~ `code` **Taken back.** {{ account }} {% raw %} [ref]: https://evil.example",
    "> “Not part of the mail”\n\n---\n\n1. one",
    "&lt;b&gt; &#106;avascript: www.evil.example evil@evil.example",
    "= 1\n== 2\n```\nfence\n```\n<!-- hidden -->",
];

#[test]
fn nothing_that_somebody_said_is_markup_in_print() {
    for attack in ATTACKS {
        let attributes = [
            (
                "commitment",
                json!({"owed_by": "vendor", "strength": "firm", "due": attack, "condition": attack, "contract": "written"}),
            ),
            ("stakeholder", json!({"name": attack, "title": attack, "email": attack, "roles": ["champion", "admin"]})),
            ("success_criteria", json!({"metric": attack, "due": attack})),
            ("why_bought", json!({"kind": "driver"})),
            ("scope", json!({"in_scope": true})),
            ("timeline", json!({"due": "2026-04-30"})),
            ("risk", json!({"severity": "high", "mitigation": attack})),
            ("objection", json!({"status": "open"})),
            ("politics", json!({})),
        ];
        let items: Vec<_> = attributes
            .iter()
            .enumerate()
            .map(|(n, (field, a))| item(&format!("itm_{n}"), field, attack, a, attack))
            .collect();
        let stored = version(1, &items, &[]).replace("call.vtt", &json!(attack).to_string().replace('"', ""));
        let mut context = handed_over(HandoffRecord::read(&stored).unwrap());
        context.handoff.account = attack.to_owned();
        context.handoff.deal = attack.to_owned();
        context.vendor = Some(attack.to_owned());
        context.facts[0].value = attack.to_owned();
        context.questions[1].question = attack.to_owned();
        for document in all(&context, Sight::WithSensitive).iter().filter(|d| d.media_type.starts_with("text/markdown"))
        {
            let page = print_html(&document.text);
            for markup in ["<script", "<img", "<form", "<input", "<a ", "<code", "<pre", "<!--", "onerror=alert(1)>"] {
                assert!(!page.contains(markup), "{}: {markup}: {page}", document.kind);
            }
            assert_eq!(
                page.matches("<h1>").count(),
                1 - usize::from(document.kind == DocumentKind::Introduction),
                "{page}"
            );
            assert!(!page.contains("<h1>Heading") && !page.contains("<del>gone"), "{page}");
            for row in page.lines().filter(|line| line.starts_with("<tr>")) {
                assert!(!row.contains("<td>cell"), "{row}");
            }
        }
    }
}
