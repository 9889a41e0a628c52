//! The form of the ledger's filters, as they were asked for.

use serde::Serialize;

use crate::access::Caller;
use crate::app::App;
use crate::error::Error;
use crate::ledger::{self as use_case, LedgerQuery};
use crate::render::view::in_words;
use crate::store::ledger;

/// What the form shows.
#[derive(Serialize)]
pub(super) struct FilterForm {
    /// The page that it leads to.
    action: &'static str,
    q: String,
    contract: Vec<Chosen>,
    strength: Vec<Chosen>,
    due_within: Vec<Chosen>,
    sort: Vec<Chosen>,
    /// Further selects: name, label, choices.
    selects: Vec<Select>,
    /// Further fields: name, label, type, value.
    fields: Vec<Field>,
    /// Whether any of the further ones says something.
    more: bool,
    /// Parts of the filter that no field shows, and that stay: an account or a deal.
    hidden: Vec<(&'static str, String)>,
}

/// One choice of a select.
#[derive(Serialize)]
struct Chosen {
    value: String,
    label: String,
    selected: bool,
}

#[derive(Serialize)]
struct Select {
    name: &'static str,
    label: &'static str,
    choices: Vec<Chosen>,
}

#[derive(Serialize)]
struct Field {
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    value: String,
}

const CONTRACT: [(&str, &str); 7] = [
    ("", "Any"),
    ("unwritten", "Unwritten"),
    ("contradicted", "Contradicted"),
    ("contradicted,unwritten", "Contradicted or unwritten"),
    ("written", "Written"),
    ("no_contract", "No contract in the record"),
    ("untold", "Not compared"),
];
const STRENGTH: [(&str, &str); 7] = [
    ("", "Any"),
    ("firm", "Firm"),
    ("conditional", "Conditional"),
    ("soft", "Soft"),
    ("implied", "Implied"),
    ("roadmap", "Roadmap"),
    ("untold", "Not told"),
];
const DUE: [(&str, &str); 5] = [
    ("", "At any time"),
    ("30", "Within 30 days"),
    ("60", "Within 60 days"),
    ("90", "Within 90 days"),
    ("365", "Within a year"),
];
const SORT: [(&str, &str); 3] = [("", "Due first"), ("closed", "Won last"), ("amount", "Largest deal")];
const STANDING: [(&str, &str); 3] =
    [("current", "Last words"), ("replaced", "Replaced or taken back"), ("all", "All words")];
const OUTCOME: [(&str, &str); 6] = [
    ("", "Any"),
    ("open", "Open"),
    ("kept", "Kept"),
    ("late", "Late"),
    ("broken", "Broken"),
    ("renegotiated", "Renegotiated"),
];
const OWED_BY: [(&str, &str); 4] =
    [("", "Anybody"), ("vendor", "The vendor"), ("customer", "The customer"), ("unknown", "Not told")];
const STATE: [(&str, &str); 3] = [("", "Any"), ("approved", "Approved"), ("drafted", "Not decided yet")];
const CATEGORIES: [&str; 8] =
    ["timeline", "feature", "integration", "configuration", "support", "pricing", "people", "other"];

/// The form for a filter, on the page at `action`, which shows words of the `usual` standing unless asked otherwise.
pub(super) async fn filter_form(
    app: &App,
    caller: &Caller,
    query: &LedgerQuery,
    (action, usual): (&'static str, &str),
) -> Result<FilterForm, Error> {
    let scope = use_case::scope(caller)?;
    let mut conn = app.store.read().await?;
    let owners = ledger::owners(&mut conn, &scope).await?;
    let owners = owners.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    let products = ledger::products(&mut conn, &scope).await?;
    let segments = ledger::segments(&mut conn, &scope).await?;
    drop(conn);
    let plain = |values: Vec<String>| values.into_iter().map(|value| (value.clone(), value)).collect();
    let categories = CATEGORIES.iter().map(|word| ((*word).to_owned(), in_words(word))).collect();
    let selects = vec![
        select("category", "About", query.category.as_ref(), with_any("Anything", categories)),
        select("owed_by", "Owed by", query.owed_by.as_ref(), fixed(&OWED_BY)),
        select("outcome", "What became of it", query.outcome.as_ref(), fixed(&OUTCOME)),
        select("standing", "Words", query.standing.as_ref(), fixed(&STANDING)),
        select("state", "Review", query.state.as_ref(), fixed(&STATE)),
        select("owner", "Account executive", query.owner.as_ref(), with_any("Anybody", owners)),
        select("product", "Product", query.product.as_ref(), with_any("Any", plain(products))),
        select("segment", "Segment", query.segment.as_ref(), with_any("Any", plain(segments))),
    ];
    let fields = fields(query);
    let is_said = |select: &Select| {
        select.choices.iter().any(|choice| choice.selected && !choice.value.is_empty() && choice.value != usual)
    };
    let hidden = [("account", query.account.as_ref()), ("deal", query.deal.as_ref())];
    Ok(FilterForm {
        action,
        q: said(query.q.as_ref()),
        contract: choices(query.contract.as_ref(), fixed(&CONTRACT)),
        strength: choices(query.strength.as_ref(), fixed(&STRENGTH)),
        due_within: choices(query.due_within.as_ref(), fixed(&DUE)),
        sort: choices(query.sort.as_ref(), fixed(&SORT)),
        more: selects.iter().any(is_said) || fields.iter().any(|field| !field.value.is_empty()),
        selects,
        fields,
        hidden: hidden
            .into_iter()
            .map(|(name, value)| (name, said(value)))
            .filter(|(_, value)| !value.is_empty())
            .collect(),
    })
}

fn fields(query: &LedgerQuery) -> Vec<Field> {
    let field = |name, label, kind, value: Option<&String>| Field { name, label, kind, value: said(value) };
    vec![
        field("amount_min", "Amount from", "number", query.amount_min.as_ref()),
        field("amount_max", "Amount to", "number", query.amount_max.as_ref()),
        field("due_from", "Due from", "date", query.due_from.as_ref()),
        field("due_to", "Due to", "date", query.due_to.as_ref()),
        field("closed_from", "Won from", "date", query.closed_from.as_ref()),
        field("closed_to", "Won to", "date", query.closed_to.as_ref()),
    ]
}

fn said(value: Option<&String>) -> String {
    value.map(|value| value.trim().to_owned()).unwrap_or_default()
}

fn fixed(choices: &[(&str, &str)]) -> Vec<(String, String)> {
    choices.iter().map(|(value, label)| ((*value).to_owned(), (*label).to_owned())).collect()
}

fn with_any(any: &str, choices: Vec<(String, String)>) -> Vec<(String, String)> {
    [(String::new(), any.to_owned())].into_iter().chain(choices).collect()
}

fn select(name: &'static str, label: &'static str, value: Option<&String>, known: Vec<(String, String)>) -> Select {
    Select { name, label, choices: choices(value, known) }
}

/// The choices with the one that is asked for; what is none of them is one all the same, so that nothing asked for is lost.
fn choices(value: Option<&String>, mut known: Vec<(String, String)>) -> Vec<Chosen> {
    let value = said(value);
    let is_known = known.iter().any(|(choice, _)| choice.eq_ignore_ascii_case(&value));
    if !is_known {
        known.push((value.clone(), in_words(&value.replace(',', ", "))));
    }
    let chosen = |(choice, label): (String, String)| Chosen {
        selected: choice.eq_ignore_ascii_case(&value),
        value: choice,
        label,
    };
    known.into_iter().map(chosen).collect()
}
