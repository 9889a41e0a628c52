//! Salesforce: an opportunity's fields (a Flow's HTTP callout, or an outbound message once its XML is read), and change data
//! capture events.

use serde_json::{Map, Value};

use super::record::Record;
use super::{ClosedWon, CrmSystem, Notice, ParseError, values};

// Fields of a team's own making, under the names that are commonly given to them.
const SEGMENT: [&str; 4] = ["Segment__c", "Customer_Segment__c", "Market_Segment__c", "Account_Segment__c"];
const TERRITORY: [&str; 4] = ["Territory__c", "Sales_Territory__c", "Account_Territory__c", "Region__c"];
const OWNER_EMAIL: [&str; 3] = ["Owner_Email__c", "OwnerEmail__c", "Opportunity_Owner_Email__c"];
const CSM_EMAIL: [&str; 4] =
    ["CSM_Email__c", "CSMEmail__c", "Customer_Success_Manager_Email__c", "CS_Manager_Email__c"];
const ACCOUNT_NAME: [&str; 2] = ["Account_Name__c", "AccountName__c"];

/// Whether an object has the fields of an opportunity, or says that it is a Salesforce record.
pub(super) fn is_record(object: &Map<String, Value>) -> bool {
    object.contains_key("StageName")
        || object.contains_key("IsWon")
        || object.get("attributes").is_some_and(|attributes| attributes.get("type").is_some())
}

/// The payload of a change event, however much of its envelope came along.
pub(super) fn change_of(object: &Map<String, Value>) -> Option<&Map<String, Value>> {
    let payload = object.get("data").and_then(Value::as_object).unwrap_or(object);
    let payload = payload.get("payload").and_then(Value::as_object).unwrap_or(payload);
    payload.get("ChangeEventHeader").is_some_and(Value::is_object).then_some(payload)
}

/// An opportunity's fields.
pub(super) fn opportunity(object: &Map<String, Value>) -> Result<Notice, ParseError> {
    let record = Record(object);
    let external_id = record.id(&["Id"]).ok_or_else(|| ParseError::Missing("Id".to_owned()))?;
    let kind = record.child("attributes").and_then(|attributes| attributes.name(&["type"]));
    if let Some(kind) = kind.filter(|kind| kind != "Opportunity") {
        return Ok(Notice::ignored(Some(external_id), format!("a record of type `{kind}` is no opportunity")));
    }
    Ok(match why_not_won(record) {
        Some(why) => Notice::ignored(Some(external_id), why),
        None => Notice::ClosedWon(Box::new(won(record, external_id))),
    })
}

/// Why an opportunity does not count as won; none when it does.
fn why_not_won(record: Record<'_>) -> Option<String> {
    match (record.truth(&["IsWon"]), record.name(&["StageName"])) {
        (Some(true), _) => None,
        (Some(false), stage) => Some(format!("stage `{}` is not won", stage.as_deref().unwrap_or("unknown"))),
        (None, Some(stage)) if values::is_closed_won(&stage) => None,
        (None, Some(stage)) => Some(format!("stage `{stage}` is not closed-won; send `IsWon` if it should count")),
        (None, None) => Some("neither `IsWon` nor `StageName` is sent; add one of them".to_owned()),
    }
}

fn won(record: Record<'_>, external_id: String) -> ClosedWon {
    let (account, owner) = (record.child("Account"), record.child("Owner"));
    ClosedWon {
        account_name: account.and_then(|account| account.name(&["Name"])).or_else(|| record.name(&ACCOUNT_NAME)),
        account_external_id: record.id(&["AccountId"]).or_else(|| account?.id(&["Id"])),
        deal_name: record.name(&["Name"]),
        amount: record.decimal(&["Amount"]),
        currency: record.currency(&["CurrencyIsoCode"]),
        segment: record.name(&SEGMENT),
        territory: record.name(&TERRITORY),
        owner_email: owner.and_then(|owner| owner.email(&["Email"])).or_else(|| record.email(&OWNER_EMAIL)),
        owner_external_id: record.id(&["OwnerId"]).or_else(|| owner?.id(&["Id"])),
        csm_email: record.email(&CSM_EMAIL),
        closed_at: record.moment(&["CloseDate"]),
        ..ClosedWon::bare(CrmSystem::Salesforce, external_id)
    }
}

/// What a change event says of each of its records. Only fields that changed are in it, so most of the deal is unknown.
pub(super) fn changes(event: &Map<String, Value>) -> Vec<Notice> {
    let record = Record(change_of(event).unwrap_or(event));
    let Some(header) = record.child("ChangeEventHeader") else {
        return vec![Notice::ignored(None, "an entry of the list is no change event")];
    };
    let list = |name: &str| header.0.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let ids: Vec<String> = list("recordIds").iter().filter_map(|id| values::line(id.as_str()?, 100)).collect();
    if ids.is_empty() {
        return vec![Notice::ignored(None, "`ChangeEventHeader.recordIds` names no record")];
    }
    let changed: Vec<&str> = list("changedFields").iter().filter_map(Value::as_str).collect();
    let why = why_no_win(record, header, &changed);
    let committed = header.moment(&["commitTimestamp"]);
    let notice = |id: String| match &why {
        _ if id.ends_with('*') => Notice::ignored(Some(id), "the event names no single record"),
        Some(why) => Notice::ignored(Some(id), why.clone()),
        None => {
            let won = won(record, id);
            Notice::ClosedWon(Box::new(ClosedWon { closed_at: won.closed_at.or(committed), ..won }))
        }
    };
    ids.into_iter().map(notice).collect()
}

/// Why a change event does not tell of a deal being won.
fn why_no_win(record: Record<'_>, header: Record<'_>, changed: &[&str]) -> Option<String> {
    let entity = header.name(&["entityName"]).unwrap_or_default();
    if entity != "Opportunity" {
        return Some(format!("a record of type `{entity}` is no opportunity"));
    }
    let change = header.name(&["changeType"]).unwrap_or_default();
    if !matches!(change.as_str(), "CREATE" | "UPDATE" | "UNDELETE") {
        return Some(format!("a change of type `{change}` says nothing of the stage"));
    }
    // A subscriber that has not decoded the list has a bitmap here: then the fields themselves have to do.
    let is_bitmap = changed.iter().any(|name| name.starts_with("0x"));
    let stage_changed = changed.iter().any(|name| matches!(*name, "StageName" | "IsWon"));
    if change == "UPDATE" && !changed.is_empty() && !is_bitmap && !stage_changed {
        return Some("the stage did not change".to_owned());
    }
    why_not_won(record)
}
