//! What a team sets for itself: deadlines after a deal is won, and who receives which deals. Data, not code.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::handover::Milestone;
use super::ids::{RuleId, UserId};
use super::vocabulary::vocabulary;
use crate::error::Error;

vocabulary!(
    /// A step of the handover that has a clock.
    Step {
        /// The handoff document is final.
        Document,
        /// Sales and customer success have met.
        InternalCall,
        /// The customer has been introduced to their manager.
        Introduction,
        /// The kickoff with the customer was held.
        Kickoff,
        /// The pulse of about day 14.
        Pulse,
        /// The check-in of about day 30.
        CheckIn,
    }
);

impl Step {
    /// The word used in documents, requests and the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::InternalCall => "internal_call",
            Self::Introduction => "introduction",
            Self::Kickoff => "kickoff",
            Self::Pulse => "pulse",
            Self::CheckIn => "check_in",
        }
    }

    /// What people read, unless a policy says it in other words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Document => "Handoff document",
            Self::InternalCall => "Internal call",
            Self::Introduction => "Introduction",
            Self::Kickoff => "Kickoff",
            Self::Pulse => "Pulse, day 14",
            Self::CheckIn => "Check-in, day 30",
        }
    }

    /// Whether a person marks it; the others are done by what is done: a final version, a recorded check-in.
    #[must_use]
    pub const fn is_marked_by_hand(self) -> bool {
        matches!(self, Self::InternalCall | Self::Introduction | Self::Kickoff)
    }
}

/// One deadline of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SlaStep {
    /// The step.
    pub step: Step,
    /// Hours after the deal was won.
    pub due_after_hours: u32,
    /// Hours before that at which the people concerned are told.
    pub remind_hours_before: u32,
}

impl SlaStep {
    /// When it is due for a deal won at `closed_at`, and when to tell.
    #[must_use]
    pub fn times(&self, closed_at: Timestamp) -> (Timestamp, Timestamp) {
        let due = closed_at + SignedDuration::from_hours(i64::from(self.due_after_hours));
        let remind = due - SignedDuration::from_hours(i64::from(self.remind_hours_before));
        (remind.max(closed_at), due)
    }
}

/// The deadlines of one segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SlaPolicy {
    /// Its name, for people.
    pub name: String,
    /// The segment it is for; none for every deal that no other policy takes.
    pub segment: Option<String>,
    /// Its deadlines.
    pub steps: Vec<SlaStep>,
}

impl SlaPolicy {
    /// The clock that it gives a step of a deal won at `closed_at`; none where it does not name the step.
    #[must_use]
    pub fn milestone(&self, step: Step, closed_at: Timestamp) -> Option<Milestone> {
        let (remind_at, due_at) = self.steps.iter().find(|own| own.step == step)?.times(closed_at);
        Some(Milestone { step, label: step.label().to_owned(), remind_at, due_at, done_at: None, done_by: None })
    }
}

impl SlaPolicy {
    /// Whether it is the policy of just this segment, or the one without a segment where there is none.
    fn is_for(&self, segment: Option<&str>) -> bool {
        match (self.segment.as_deref(), segment) {
            (None, None) => true,
            (own, segment) => is_same(own, segment),
        }
    }

    /// The policy as it may be kept.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] says what cannot be taken.
    pub fn checked(self) -> Result<Self, Error> {
        let name = words("policy's name", Some(self.name))?;
        let name = name.ok_or_else(|| Error::Invalid("a policy has no name; give it one".to_owned()))?;
        for step in &self.steps {
            let word = step.step.as_str();
            if !(1..=MAX_HOURS).contains(&step.due_after_hours) || step.remind_hours_before > step.due_after_hours {
                return Err(Error::Invalid(format!(
                    "`{name}`, {word}: due after 1 to {MAX_HOURS} hours, and told of no earlier than the deal was won"
                )));
            }
            if self.steps.iter().filter(|other| other.step == step.step).count() > 1 {
                return Err(Error::Invalid(format!("`{name}` names {word} twice")));
            }
        }
        Ok(Self { segment: words("segment", self.segment)?, name, steps: self.steps })
    }
}

/// A tenant's policies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SlaPolicies {
    /// The first that takes a deal's segment is its own.
    pub policies: Vec<SlaPolicy>,
}

/// Hours a step may take at most: a year.
const MAX_HOURS: u32 = 366 * 24;
/// Policies or rules of a tenant at most.
const MAX_ENTRIES: usize = 100;
/// Characters of a name at most, as everywhere.
const MAX_NAME_CHARS: usize = 200;

impl Default for SlaPolicies {
    /// Document after 24 h, internal call 48 h, introduction day 3, kickoff day 7, pulse day 14, check-in day 30.
    fn default() -> Self {
        let step = |step, due_after_hours, remind_hours_before| SlaStep { step, due_after_hours, remind_hours_before };
        let steps = vec![
            step(Step::Document, 24, 6),
            step(Step::InternalCall, 48, 12),
            step(Step::Introduction, 72, 24),
            step(Step::Kickoff, 7 * 24, 48),
            step(Step::Pulse, 14 * 24, 48),
            step(Step::CheckIn, 30 * 24, 72),
        ];
        Self { policies: vec![SlaPolicy { name: "Standard".to_owned(), segment: None, steps }] }
    }
}

impl SlaPolicies {
    /// The policy of a deal's segment.
    #[must_use]
    pub fn of_segment(&self, segment: Option<&str>) -> Option<&SlaPolicy> {
        let of = |segment| self.policies.iter().find(|policy| policy.is_for(segment));
        of(segment).or_else(|| of(None))
    }

    /// Sets the policy of a segment, or that of every other deal.
    pub fn set(&mut self, policy: SlaPolicy) {
        match self.policies.iter_mut().find(|other| other.is_for(policy.segment.as_deref())) {
            Some(old) => *old = policy,
            None => self.policies.push(policy),
        }
    }

    /// The policies as they may be kept.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] says what cannot be taken.
    pub fn checked(self) -> Result<Self, Error> {
        let count = self.policies.len();
        if count == 0 || count > MAX_ENTRIES {
            return Err(Error::Invalid(format!("there are {count} policies; 1 to {MAX_ENTRIES} are taken")));
        }
        let mut checked: Vec<SlaPolicy> = Vec::with_capacity(count);
        for policy in self.policies {
            let policy = policy.checked()?;
            if let Some(other) = checked.iter().find(|other| other.is_for(policy.segment.as_deref())) {
                return Err(Error::Invalid(format!(
                    "`{}` and `{}` are for the same deals; only the first would ever count",
                    other.name, policy.name
                )));
            }
            checked.push(policy);
        }
        Ok(Self { policies: checked })
    }
}

/// Who receives the deals of a segment or territory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignmentRule {
    /// The rule's id.
    pub id: RuleId,
    /// The segment it is for; none for every one.
    pub segment: Option<String>,
    /// The territory it is for; none for every one.
    pub territory: Option<String>,
    /// The managers to choose from: the one with the fewest handoffs on their way gets the deal.
    pub csms: Vec<UserId>,
}

/// A tenant's rules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignmentRules {
    /// The first that takes a deal decides.
    pub rules: Vec<AssignmentRule>,
}

impl AssignmentRules {
    /// Who receives a deal: of the first rule's managers that `may_receive`, the one who carries least.
    #[must_use]
    pub fn choose(
        &self,
        segment: Option<&str>,
        territory: Option<&str>,
        load: &[(UserId, i64)],
        may_receive: impl Fn(&UserId) -> bool,
    ) -> Option<UserId> {
        let takes = |rule: &&AssignmentRule| {
            (rule.segment.is_none() || is_same(rule.segment.as_deref(), segment))
                && (rule.territory.is_none() || is_same(rule.territory.as_deref(), territory))
        };
        let carried = |id: &UserId| load.iter().find(|(csm, _)| csm == id).map_or(0, |(_, deals)| *deals);
        let rule = self.rules.iter().filter(takes).find(|rule| rule.csms.iter().any(&may_receive))?;
        rule.csms.iter().filter(|id| may_receive(id)).min_by_key(|id| carried(id)).cloned()
    }

    /// Puts a rule after the others.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] says what cannot be taken.
    pub fn add(&mut self, mut rule: AssignmentRule) -> Result<(), Error> {
        if self.rules.len() >= MAX_ENTRIES {
            return Err(Error::Invalid(format!("there are {MAX_ENTRIES} rules already; remove one first")));
        }
        if rule.csms.is_empty() || rule.csms.len() > MAX_ENTRIES {
            return Err(Error::Invalid(format!("the rule must name 1 to {MAX_ENTRIES} people to receive the deals")));
        }
        rule.segment = words("segment", rule.segment)?;
        rule.territory = words("territory", rule.territory)?;
        self.rules.push(rule);
        Ok(())
    }
}

/// A name without outer space; none where nothing is left.
fn words(what: &str, text: Option<String>) -> Result<Option<String>, Error> {
    let Some(text) = text else { return Ok(None) };
    let text = text.trim();
    match text.chars().count() {
        n if n > MAX_NAME_CHARS => {
            Err(Error::Invalid(format!("the {what} has {n} characters; at most {MAX_NAME_CHARS} are taken")))
        }
        n => Ok((n > 0).then(|| text.to_owned())),
    }
}

/// Segments and territories are written by people and CRMs: case and outer space do not count.
fn is_same(a: Option<&str>, b: Option<&str>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a.trim().to_lowercase() == b.trim().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_has_its_own_policy_and_every_other_the_one_without() {
        let own = SlaPolicy { name: "Enterprise".to_owned(), segment: Some("Enterprise".to_owned()), steps: vec![] };
        let policies = SlaPolicies { policies: SlaPolicies::default().policies.into_iter().chain([own]).collect() };
        let name = |segment| policies.of_segment(segment).map(|policy| policy.name.as_str());
        assert_eq!(name(Some(" enterprise ")), Some("Enterprise"));
        assert_eq!((name(Some("SMB")), name(None)), (Some("Standard"), Some("Standard")));
    }

    #[test]
    fn who_carries_least_and_may_receive_gets_the_deal() {
        let [a, b, c] = [UserId::generate(), UserId::generate(), UserId::generate()];
        let rule = |segment: Option<&str>, csms: &[&UserId]| AssignmentRule {
            id: RuleId::generate(),
            segment: segment.map(str::to_owned),
            territory: None,
            csms: csms.iter().map(|id| (*id).clone()).collect(),
        };
        let rules = AssignmentRules { rules: vec![rule(Some("smb"), &[&c]), rule(None, &[&a, &b])] };
        let load = [(a.clone(), 3), (b.clone(), 1)];
        assert_eq!(rules.choose(Some("SMB"), None, &load, |_| true), Some(c.clone()));
        assert_eq!(rules.choose(None, None, &load, |_| true), Some(b.clone()));
        assert_eq!(rules.choose(None, None, &load, |id| *id != b), Some(a.clone()));
        assert_eq!(rules.choose(Some("SMB"), None, &load, |id| *id != c), Some(b), "a rule of nobody is passed over");
    }

    #[test]
    fn impossible_policies_are_refused() {
        let step = |due_after_hours, remind_hours_before| SlaStep {
            step: Step::Kickoff,
            due_after_hours,
            remind_hours_before,
        };
        let of = |steps| SlaPolicies { policies: vec![SlaPolicy { name: "x".to_owned(), segment: None, steps }] };
        assert!(of(vec![step(0, 0)]).checked().is_err());
        assert!(of(vec![step(5, 6)]).checked().is_err());
        assert!(of(vec![step(5, 1), step(6, 1)]).checked().is_err());
        assert!(SlaPolicies::default().checked().is_ok());
        let named = |segment: &str| SlaPolicy {
            name: " Own ".to_owned(),
            segment: Some(segment.to_owned()),
            steps: vec![step(5, 1)],
        };
        let two = |a, b| SlaPolicies { policies: vec![named(a), named(b)] }.checked();
        assert!(two("SMB", " smb").is_err() && two("", " ").is_err(), "two for the same deals");
        let kept = two(" SMB ", "Enterprise").unwrap().policies;
        assert_eq!((kept[0].name.as_str(), kept[0].segment.as_deref()), ("Own", Some("SMB")));
    }
}
