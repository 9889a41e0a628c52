//! What a question asks of the findings as a whole: how many, which, who in a role, what no contract carries, what changed.
//!
//! Conservative on purpose: a question that asks for anything beside that ("which objection did *Priya* raise about *pricing*?")
//! is about words of the record, and the record answers it.

use std::collections::HashSet;

use unicode_segmentation::UnicodeSegmentation as _;

use crate::domain::field::Field;
use crate::domain::finding::{ContractStatus, Role, Strength};
use crate::domain::transcript::Side;

/// A question to the findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Intent {
    /// Which findings.
    pub(super) what: What,
    /// Whether only their number is asked for.
    pub(super) count: bool,
}

/// Which findings are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// All of a field.
    Field(Field),
    /// Commitments: of one side, of one contract status, of one strength where they are named.
    Commitments {
        /// Whose.
        owed_by: Option<Side>,
        /// What the contract says.
        contract: Option<ContractStatus>,
        /// How binding the words are.
        strength: Option<Strength>,
    },
    /// People in a role.
    Role(Role),
    /// What took the place of something said earlier; about these words, if there are any.
    Changes(Vec<String>),
    /// Who decided on the findings.
    Approvals,
}

/// Words that name a field.
const FIELDS: [(&str, Field); 25] = [
    ("promise", Field::Commitment),
    ("promises", Field::Commitment),
    ("promised", Field::Commitment),
    ("commitment", Field::Commitment),
    ("commitments", Field::Commitment),
    ("objection", Field::Objection),
    ("objections", Field::Objection),
    ("concerns", Field::Objection),
    ("worries", Field::Objection),
    ("risk", Field::Risk),
    ("risks", Field::Risk),
    ("competitors", Field::Competitor),
    ("competitor", Field::Competitor),
    ("alternatives", Field::Competitor),
    ("stakeholders", Field::Stakeholder),
    ("people", Field::Stakeholder),
    ("goals", Field::SuccessCriteria),
    ("success", Field::SuccessCriteria),
    ("milestones", Field::Timeline),
    ("deadlines", Field::Timeline),
    ("dates", Field::Timeline),
    ("scope", Field::Scope),
    ("systems", Field::Technical),
    ("integrations", Field::Technical),
    ("buy", Field::WhyBought),
];

/// Words that name a role.
const ROLES: [(&str, Role); 13] = [
    ("champion", Role::Champion),
    ("champions", Role::Champion),
    ("sponsor", Role::ExecutiveSponsor),
    ("economic", Role::EconomicBuyer),
    ("buyer", Role::EconomicBuyer),
    ("decides", Role::EconomicBuyer),
    ("signs", Role::EconomicBuyer),
    ("evaluator", Role::Evaluator),
    ("skeptic", Role::Skeptic),
    ("skeptics", Role::Skeptic),
    ("skeptical", Role::Skeptic),
    ("detractor", Role::Detractor),
    ("detractors", Role::Detractor),
];

/// Words that ask, point or fill, and add nothing to what is asked for.
const FILLERS: &str = "a about agreed all and any are as at be been bought by criteria customer customer's deal did do does for from \
    give had has have how in is it key know list made main make many matter matters me mentioned name number of on open our out \
    over raised record said say see sold still tell that the their them there they this to us vendor was we were what when which \
    who whom why will with would you executive handoff each show identified";

/// Words that say that something is not the same any more.
const CHANGED: [&str; 10] =
    ["change", "changed", "changes", "move", "moved", "slip", "slipped", "postponed", "shifted", "different"];

/// Words that speak of the contract, and of not standing in it.
const OF_CONTRACT: [&str; 21] = [
    "contract",
    "contracts",
    "written",
    "unwritten",
    "signed",
    "paper",
    "contradict",
    "contradicts",
    "contradicted",
    "not",
    "no",
    "outside",
    "carries",
    "carry",
    "doesn't",
    "isn't",
    "aren't",
    "beside",
    "beyond",
    "verbal",
    "verbally",
];

/// What says that a promise stands in no contract.
const UNWRITTEN: [&str; 10] = [
    "not in the contract",
    "not in any contract",
    "no contract",
    "isn't in the contract",
    "aren't in the contract",
    "outside the contract",
    "beyond the contract",
    "unwritten",
    "not written",
    "verbal",
];

/// Words that say how binding a promise is.
const STRENGTHS: [(&str, Strength); 6] = [
    ("firm", Strength::Firm),
    ("conditional", Strength::Conditional),
    ("soft", Strength::Soft),
    ("hedged", Strength::Soft),
    ("implied", Strength::Implied),
    ("roadmap", Strength::Roadmap),
];

/// Words that go with a change and do not say of what.
const ANYTHING: [&str; 8] = ["anything", "something", "during", "since", "between", "calls", "call", "what"];

impl Intent {
    /// The fields whose findings answer.
    pub(super) fn fields(&self) -> Vec<Field> {
        match self.what {
            What::Field(field) => vec![field],
            What::Commitments { .. } | What::Changes(_) => vec![Field::Commitment],
            What::Role(_) => vec![Field::Stakeholder],
            What::Approvals => Field::ALL.to_vec(),
        }
    }
}

/// What `question` asks of the findings; none where it asks for words of the record.
pub(super) fn intent(question: &str) -> Option<Intent> {
    let text = question.to_lowercase().replace('\u{2019}', "'");
    let words: Vec<&str> = text.unicode_words().collect();
    let fillers: HashSet<&str> = FILLERS.split_whitespace().collect();
    let rest: Vec<&str> = words.iter().copied().filter(|word| !fillers.contains(word)).collect();
    let count = words.windows(2).any(|pair| pair == ["how", "many"]);
    let asks_who = words.first().is_some_and(|word| *word == "who");
    let what = approvals(&words, &rest)
        .or_else(|| commitments(&text, &words, &rest))
        .or_else(|| asks_who.then(|| role(&rest)).flatten())
        .or_else(|| changes(&words, &rest))
        .or_else(|| field(&words, &rest))?;
    Some(Intent { what, count })
}

fn approvals(words: &[&str], rest: &[&str]) -> Option<What> {
    let approved = words.starts_with(&["who", "approved"]) || words.starts_with(&["who", "reviewed"]);
    (approved && rest.len() == 1).then_some(What::Approvals)
}

fn commitments(text: &str, words: &[&str], rest: &[&str]) -> Option<What> {
    let contract = contract(text, words);
    let strength = rest.iter().find_map(|word| strength(word));
    let qualifies = |word: &str| OF_CONTRACT.contains(&word) || self::strength(word).is_some();
    let beside: Vec<&str> = rest.iter().copied().filter(|word| !qualifies(word)).collect();
    let promised = beside.iter().any(|word| names(word) == Some(Field::Commitment));
    let only = beside.iter().all(|word| names(word) == Some(Field::Commitment));
    (promised && only).then(|| What::Commitments { owed_by: owner(words), contract, strength })
}

fn strength(word: &str) -> Option<Strength> {
    STRENGTHS.iter().find(|(name, _)| *name == word).map(|(_, strength)| *strength)
}

fn contract(text: &str, words: &[&str]) -> Option<ContractStatus> {
    if words.iter().any(|word| word.starts_with("contradict")) {
        return Some(ContractStatus::Contradicted);
    }
    UNWRITTEN.iter().any(|phrase| text.contains(phrase)).then_some(ContractStatus::Unwritten)
}

/// Whose promises: the word right before, or right behind "did".
fn owner(words: &[&str]) -> Option<Side> {
    let promise = words.iter().position(|word| names(word) == Some(Field::Commitment))?;
    let near = &words[promise.saturating_sub(3)..promise];
    let by = words.get(promise + 1..).unwrap_or_default();
    if near.iter().any(|word| ["we", "our", "vendor", "seller"].contains(word)) || by.starts_with(&["did", "we"]) {
        return Some(Side::Vendor);
    }
    let customer = near.iter().any(|word| ["they", "their", "customer", "customer's", "buyer"].contains(word));
    (customer || by.starts_with(&["did", "they"])).then_some(Side::Customer)
}

fn role(rest: &[&str]) -> Option<What> {
    if rest == ["decision", "maker"] {
        return Some(What::Role(Role::EconomicBuyer));
    }
    let of = |word: &str| ROLES.iter().find(|(name, _)| *name == word).map(|(_, role)| *role);
    let role = of(rest.first()?)?;
    rest.iter().all(|word| of(word) == Some(role)).then_some(What::Role(role))
}

fn changes(words: &[&str], rest: &[&str]) -> Option<What> {
    let asks = words.iter().any(|word| ["did", "has", "have", "what"].contains(word));
    let changed = rest.iter().any(|word| CHANGED.contains(word));
    // Since the first call everything has changed that ever did.
    let since_first = words.windows(2).any(|pair| pair == ["first", "call"]);
    let is_said = |word: &str| CHANGED.contains(&word) || ANYTHING.contains(&word) || since_first && word == "first";
    let about = rest.iter().filter(|word| !is_said(word));
    (asks && changed).then(|| What::Changes(about.map(|word| (*word).to_owned()).collect()))
}

fn field(words: &[&str], rest: &[&str]) -> Option<What> {
    let field = names(rest.first()?)?;
    // "Buy" asks for the reasons only after "why".
    let why = field != Field::WhyBought || words.first() == Some(&"why");
    (why && rest.iter().all(|word| names(word) == Some(field))).then_some(What::Field(field))
}

fn names(word: &str) -> Option<Field> {
    FIELDS.iter().find(|(name, _)| *name == word).map(|(_, field)| *field)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(question: &str) -> Option<What> {
        intent(question).map(|intent| intent.what)
    }

    #[test]
    fn questions_about_a_field_as_a_whole_are_for_the_findings() {
        assert_eq!(what("What are the risks?"), Some(What::Field(Field::Risk)));
        assert_eq!(what("Why did they buy?"), Some(What::Field(Field::WhyBought)));
        assert_eq!(what("Which competitors were mentioned?"), Some(What::Field(Field::Competitor)));
        assert!(intent("How many objections were raised?").unwrap().count);
    }

    #[test]
    fn a_question_that_asks_for_more_is_for_the_record() {
        for question in [
            "Which objection did Priya raise about pricing?",
            "What dates were named for the Ostend pilot?",
            "Who approved the discount?",
            "What risk does the old scheduler carry?",
            "How many seats did they buy?",
            "When do they go live?",
        ] {
            assert_eq!(intent(question), None, "{question}");
        }
    }

    #[test]
    fn promises_are_asked_for_by_owner_and_contract() {
        let of = |owed_by, contract, strength| What::Commitments { owed_by, contract, strength };
        let unwritten = Some(ContractStatus::Unwritten);
        let asked = what("What did we promise that is not in the contract?");
        assert_eq!(asked, Some(of(Some(Side::Vendor), unwritten, None)));
        let asked = what("Which of their promises does the contract contradict?");
        let contract = Some(ContractStatus::Contradicted);
        assert_eq!(asked, Some(of(Some(Side::Customer), contract, None)));
        assert_eq!(what("How many promises were made?"), Some(of(None, None, None)));
        assert_eq!(what("How many promises are firm?"), Some(of(None, None, Some(Strength::Firm))));
        let asked = what("Which firm promises did we make that are not in the contract?");
        assert_eq!(asked, Some(of(Some(Side::Vendor), unwritten, Some(Strength::Firm))));
    }

    #[test]
    fn changes_roles_and_approvals() {
        assert_eq!(what("Did the date change?"), Some(What::Changes(vec!["date".into()])));
        assert_eq!(what("Has anything changed since the first call?"), Some(What::Changes(Vec::new())));
        assert_eq!(what("Who is the champion?"), Some(What::Role(Role::Champion)));
        assert_eq!(what("Who is the decision maker?"), Some(What::Role(Role::EconomicBuyer)));
        assert_eq!(what("Who is skeptical?"), Some(What::Role(Role::Skeptic)));
        assert_eq!(intent("Who is skeptical of the dates?"), None);
        assert_eq!(what("Who approved it?"), Some(What::Approvals));
    }
}
