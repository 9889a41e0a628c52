//! Templates and mappings are files a team can change: what they get wrong is told with file and line.

use std::fs;

use baton::documents::{Context, DocumentKind, Sight, Templates, document};
use baton::domain::deal::CrmSystem;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::handoff::{handed_over, reviewed};

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn refused(name: &str, text: &str) -> String {
    let folder = folder(&[(name, text)]);
    let error = Templates::with_folder(folder.path()).unwrap_err().to_string();
    error.replace(&format!("{}/", folder.path().display()), "")
}

fn deal() -> Context {
    handed_over(reviewed("harbor-cold-chain"))
}

fn payload(files: &[(&str, &str)], system: CrmSystem) -> Value {
    let folder = folder(files);
    let templates = Templates::with_folder(folder.path()).unwrap();
    let context = Context { crm: system, ..deal() };
    let made = document(&templates, &context, Sight::WithSensitive, DocumentKind::Crm).unwrap();
    serde_json::from_str(&made.text).unwrap()
}

#[test]
fn a_file_of_the_folder_takes_the_place_of_the_template_of_its_name_and_escapes_too() {
    let own = "# Ours: {{ account }}\n\n{% for line in promises.lines[:1] %}\n- {{ line.text }}\n{% endfor %}\n";
    let folder = folder(&[("brief.md", own), ("README.md", "{{ not a template }}")]);
    let templates = Templates::with_folder(folder.path()).unwrap();
    let text = |kind| document(&templates, &deal(), Sight::WithSensitive, kind).unwrap().text;
    let promise = "If nobody takes a critical alarm, a person from Ferrite calls within fifteen minutes, 24x7.";
    assert_eq!(text(DocumentKind::Brief), format!("# Ours: Harbor \\& Pine Logistics\n\n- {promise}\n"));
    assert!(text(DocumentKind::Kickoff).contains("## Say first"), "the others stay as they are");
}

#[test]
fn a_template_that_cannot_be_used_is_refused_with_file_and_line() {
    let syntax =
        refused("brief.md", "# {{ account }}\n\n{% for line in why.lines %}\n- {{ line.text }\n{% endfor %}\n");
    assert!(syntax.starts_with("`brief.md` line 4: "), "{syntax}");
    // Also in a branch that this deal does not take.
    let unknown = refused("kickoff.md", "# {{ account }}\n{% if false %}\n{{ champion }}\n{% endif %}\n");
    assert!(
        unknown.starts_with("`kickoff.md` line 3: there is no variable `champion`; there are account, "),
        "{unknown}"
    );
    let misspelt = refused("breif.md", "# Brief");
    assert!(misspelt.starts_with("`breif.md` is the name of no template; there are brief.md, full.md, "), "{misspelt}");
    // A customer's document has no variables but the customer's.
    let leak = refused("read_back.md", "{{ account }}\n{% for risk in risks.lines %}{{ risk.text }}{% endfor %}\n");
    assert!(leak.contains("there is no variable `risks`"), "{leak}");
    let nowhere = Templates::with_folder("/nowhere/at/all".as_ref()).unwrap_err().to_string();
    assert!(nowhere.starts_with("cannot read `/nowhere/at/all`"), "{nowhere}");
}

#[test]
fn an_attribute_that_does_not_exist_is_an_error_at_first_use() {
    let folder =
        folder(&[("brief.md", "# {{ account }}\n\n{% for line in why.lines %}\n- {{ line.txt }}\n{% endfor %}\n")]);
    let templates = Templates::with_folder(folder.path()).unwrap();
    let error = document(&templates, &deal(), Sight::WithSensitive, DocumentKind::Brief).unwrap_err().to_string();
    assert!(error.contains("brief.md` line 4: undefined value"), "{error}");
}

#[test]
fn a_mapping_says_what_becomes_of_the_handoff_in_a_crm() {
    let mapping = json!({"schema": "baton.crm-mapping/1", "under": "properties", "properties": [
        {"property": "account", "from": "account"},
        {"property": "champion", "field": "stakeholder", "where": {"roles": "champion"}, "take": "name"},
        {"property": "spoken_only", "field": "commitment", "where": {"strength": "firm", "contract": ["unwritten", "contradicted"]}, "take": "count"},
        {"property": "worth_it", "field": "success_criteria", "max": 1, "max_chars": 13},
        {"property": "said", "field": "competitor", "where": {"name": "ColdVantage"}, "take": "quote"},
        {"property": "nothing", "field": "objection", "where": {"status": "open"}, "take": "status", "max": 0},
    ]});
    let made = payload(&[("crm.json", &mapping.to_string())], CrmSystem::Plain);
    let expected = json!({"properties": {
        "account": "Harbor & Pine Logistics",
        "champion": "Omar Haddad",
        "spoken_only": 10,
        "worth_it": "Average dwell",
        "said": "the alarms are just emails, and there's nothing for docks",
    }});
    assert_eq!(made, expected, "a property without a value is left out");
    assert!(payload(&[], CrmSystem::Hubspot)["properties"]["handoff_champion"] == "Omar Haddad");
    assert!(payload(&[], CrmSystem::Salesforce)["Handoff_Customer_Intent__c"] == "clear");
}

#[test]
fn a_mapping_that_cannot_be_used_is_refused_with_what_is_wrong() {
    let with = |property: &str| {
        let mapping = format!("{{\"schema\": \"baton.crm-mapping/1\",\n\"properties\": [\n{property}\n]}}");
        refused("crm.hubspot.json", &mapping)
    };
    let cases = [
        (r#"{"property": "a", "feild": "risk"}"#, "unknown field `feild`, expected one of"),
        (r#"{"property": "a", "field": "riks"}"#, "unknown variant `riks`"),
        (r#"{"property": "a", "field": "risk", "take": "stance"}"#, "property `a`: `risk`: unknown field `stance`"),
        (r#"{"property": "a", "field": "risk", "where": {"severity": "huge"}}"#, "property `a`: `risk`: "),
        (r#"{"property": "a", "field": "politics"}"#, "`politics` is sensitive and leaves in no payload"),
        (r#"{"property": "a"}"#, "either `field` or `from`"),
        (r#"{"property": "a", "from": "version", "take": "count"}"#, "`from` goes without"),
    ];
    for (property, reason) in cases {
        let error = with(property);
        assert!(error.starts_with("`crm.hubspot.json`: ") && error.contains(reason), "{error}");
    }
    assert!(with("{\"property\": \"a\", \"feild\": 1}").contains("line 3"));
    let other = refused("crm.json", r#"{"schema": "baton.draft/1", "properties": []}"#);
    assert!(other.contains("`schema` is `baton.draft/1`; `baton.crm-mapping/1` is expected"), "{other}");
}
