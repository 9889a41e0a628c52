//! The documents of a final version: what stands in them, how long they are, and what never does.

use baton::documents::{Context, Document, DocumentKind, Sight, Templates, documents, print_html};

use crate::support::handoff::{drafted, handed_over, reviewed};

const DEALS: [&str; 3] = ["harbor-cold-chain", "brightwater-foundry", "lindenhof-clinics"];

fn all(context: &Context, sight: Sight) -> Vec<Document> {
    documents(&Templates::embedded().unwrap(), context, sight).unwrap()
}

#[test]
fn every_document_of_a_reviewed_deal() {
    for document in all(&handed_over(reviewed("harbor-cold-chain")), Sight::WithSensitive) {
        if document.kind != DocumentKind::Json {
            insta::assert_snapshot!(document.kind.as_str(), document.text);
        }
    }
}
