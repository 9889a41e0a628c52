//! HubSpot: a workflow's webhook action posts the deal as the API gives it; an app's webhook posts a list of changes.

use serde_json::{Map, Value};

use super::record::Record;
use super::{ClosedWon, CrmSystem, Notice, ParseError, values};

/// HubSpot's id for the object type "deal".
const DEAL_TYPE: &str = "0-3";
/// The deal's id, in its older and newer writings.
const DEAL_ID: [&str; 4] = ["objectId", "dealId", "hs_object_id", "id"];

// HubSpot has no field of its own for these: the names are those that teams commonly give them.
const SEGMENT: [&str; 4] = ["segment", "deal_segment", "customer_segment", "market_segment"];
const TERRITORY: [&str; 4] = ["territory", "deal_territory", "sales_territory", "region"];
const OWNER_EMAIL: [&str; 5] =
    ["hubspot_owner_email", "owner_email", "deal_owner_email", "ae_email", "account_executive_email"];
const CSM_EMAIL: [&str; 4] = ["csm_email", "csm_owner_email", "customer_success_manager_email", "cs_owner_email"];
const ACCOUNT_NAME: [&str; 4] = ["company_name", "associated_company_name", "account_name", "company"];

/// Whether an object is a HubSpot deal: its properties under `properties`, or flat with HubSpot's own names.
pub(super) fn is_deal(object: &Map<String, Value>) -> bool {
    let has = |name: &str| object.contains_key(name);
    (object.get("properties").is_some_and(Value::is_object) && DEAL_ID.iter().any(|name| has(name)))
        || (has("dealstage") || has("dealname") || has("hs_is_closed_won"))
}

/// A deal as a workflow sends it.
pub(super) fn deal(object: &Map<String, Value>) -> Result<Notice, ParseError> {
    let object = Record(object);
    let properties = object.child("properties").unwrap_or(object);
    let external_id = object.id(&DEAL_ID).or_else(|| properties.id(&["hs_object_id"]));
    let external_id = external_id.ok_or_else(|| ParseError::Missing("objectId".to_owned()))?;
    if let Some(kind) = object.name(&["objectTypeId"]).filter(|kind| kind != DEAL_TYPE) {
        return Ok(Notice::ignored(Some(external_id), format!("an object of type `{kind}` is no deal")));
    }
    if object.truth(&["isDeleted", "archived"]) == Some(true) {
        return Ok(Notice::ignored(Some(external_id), "the deal is deleted"));
    }
    if let Some(why) = why_not_won(properties) {
        return Ok(Notice::ignored(Some(external_id), why));
    }
    Ok(Notice::ClosedWon(Box::new(ClosedWon {
        account_name: properties.name(&ACCOUNT_NAME),
        account_external_id: company_of(object).or_else(|| properties.id(&["hs_primary_associated_company"])),
        deal_name: properties.name(&["dealname"]),
        amount: properties.decimal(&["amount"]),
        currency: properties.currency(&["deal_currency_code"]),
        segment: properties.name(&SEGMENT),
        territory: properties.name(&TERRITORY),
        owner_email: properties.email(&OWNER_EMAIL),
        owner_external_id: properties.id(&["hubspot_owner_id"]),
        csm_email: properties.email(&CSM_EMAIL),
        closed_at: properties.moment(&["closedate"]),
        ..ClosedWon::bare(CrmSystem::Hubspot, external_id)
    })))
}

/// Why a deal does not count as won; none when it does. A custom pipeline's stages are numbers, which say nothing: there
/// `hs_is_closed_won`, or the probability that HubSpot ties to a stage, has to say it.
fn why_not_won(properties: Record<'_>) -> Option<String> {
    if let Some(won) = properties.truth(&["hs_is_closed_won"]) {
        return (!won).then(|| "`hs_is_closed_won` is false".to_owned());
    }
    let Some(stage) = properties.name(&["dealstage"]) else {
        return Some(
            "neither `hs_is_closed_won` nor `dealstage` is sent; add one to the workflow's webhook".to_owned(),
        );
    };
    let is_certain = properties.decimal(&["hs_deal_stage_probability"]).as_deref() == Some("1");
    (!values::is_closed_won(&stage) && !is_certain).then(|| unknown_stage(&stage))
}

fn unknown_stage(stage: &str) -> String {
    let is_custom = stage.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let hint = if is_custom { "; in a pipeline of your own, `hs_is_closed_won` has to say it" } else { "" };
    format!("stage `{stage}` is not closed-won{hint}")
}

/// The first company that the older API names as associated.
fn company_of(object: Record<'_>) -> Option<String> {
    let companies = object.0.get("associations")?.get("associatedCompanyIds")?;
    let first = companies.as_array()?.first()?;
    values::line(&first.to_string(), 100)
}

/// One change as an app's webhook tells it: the id and the stage, nothing else.
pub(super) fn event(event: &Map<String, Value>) -> Notice {
    let event = Record(event);
    let external_id = event.id(&["objectId"]);
    let kind = event.name(&["subscriptionType"]).unwrap_or_default();
    let of_deal = kind == "deal.propertyChange"
        || (kind == "object.propertyChange" && event.name(&["objectTypeId"]).as_deref() == Some(DEAL_TYPE));
    if !of_deal {
        return Notice::ignored(external_id, format!("`{kind}` is no change of a deal"));
    }
    let property = event.name(&["propertyName"]).unwrap_or_default();
    let value = event.name(&["propertyValue"]).unwrap_or_default();
    let why = match property.as_str() {
        "dealstage" if values::is_closed_won(&value) => None,
        "dealstage" => Some(unknown_stage(&value)),
        "hs_is_closed_won" if values::truth(&value) == Some(true) => None,
        "hs_is_closed_won" => Some("`hs_is_closed_won` is not true".to_owned()),
        _ => Some(format!("`{property}` does not say that a deal is won")),
    };
    match (why, external_id) {
        (Some(why), external_id) => Notice::ignored(external_id, why),
        (None, None) => Notice::ignored(None, "`objectId` is missing"),
        (None, Some(external_id)) => Notice::ClosedWon(Box::new(ClosedWon {
            closed_at: event.moment(&["occurredAt"]),
            ..ClosedWon::bare(CrmSystem::Hubspot, external_id)
        })),
    }
}
