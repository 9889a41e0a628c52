//! The attributes of a finding, read from its clause: what cannot be told stays absent.

use std::sync::LazyLock;

use super::features::Features;
use super::metric::metric;
use super::modality::condition;
use super::sentences::Sentence;
use super::words::{Phrases, Words, phrases};
use crate::domain::field::Field;
use crate::domain::finding::{
    Category, Commitment, Competitor, Finding, History, Level, Objection, ObjectionStatus, Risk, Scope,
    SuccessCriteria, Technical, TechnicalKind, Timeline, TimelineKind, WhyBought, WhyKind,
};
use crate::domain::transcript::Side;

/// The finding of `field` that a clause makes.
pub(super) fn finding(field: Field, sentence: &Sentence<'_>, features: &Features) -> Finding {
    let words = &sentence.words;
    let due = || features.when.as_ref().map(super::dates::When::due);
    match field {
        Field::Commitment => Finding::Commitment(commitment(sentence, features)),
        Field::WhyBought => Finding::WhyBought(WhyBought { kind: why_kind(words), still_urgent: still_urgent(words) }),
        Field::SuccessCriteria => {
            Finding::SuccessCriteria(SuccessCriteria { metric: metric(sentence.text, words), due: due() })
        }
        Field::Scope => Finding::Scope(Scope { in_scope: Some(!words.any(&OUT_OF_SCOPE)) }),
        Field::Timeline => Finding::Timeline(Timeline { kind: Some(timeline_kind(words)), due: due() }),
        Field::Technical => Finding::Technical(Technical { kind: technical_kind(words) }),
        Field::Objection => Finding::Objection(Objection { status: Some(ObjectionStatus::Open) }),
        Field::Competitor => Finding::Competitor(Competitor { name: alternative(sentence), reason: reason(sentence) }),
        Field::Risk => Finding::Risk(Risk { severity: severity(words), mitigation: None }),
        Field::Stakeholder | Field::Pricing | Field::Politics | Field::Relationship => Finding::bare(field),
    }
}

phrases! {
    WITHDRAWN = "\
        take that back | take it back | take back what | taking that back | no longer able | have to withdraw";
    BUILD = "\
        build it ourselves | build our own | built our own | building it ourselves | in house";
    NOTHING = "\
        do nothing | stay with spreadsheets | keep the spreadsheets";
    STILL = "\
        still | to this day | every day | every week | right now | keeps happening | again and again | gets worse";
    NO_LONGER = "\
        no longer | not anymore | is fixed | is solved | used to be | not urgent";
    REASON = "\
        because | too expensive | too slow | too complicated | too big | too small | could not | can not | did not | does not";
    SEVERE = "\
        biggest | largest | kill* | derail* | nobody knows | fiction | whole thing | stop the | huge | serious* | \
        critical";
    OUT_OF_SCOPE = "out of scope | not in scope | leave those out | leave that out | leave out | not part of | excluded | \
        exclude | not included | not covered | not doing | not buying | not maintained | later | phase two | \
        second phase | will not be | keep out | stays where | not connecting | not in this | except";
}

fn commitment(sentence: &Sentence<'_>, features: &Features) -> Commitment {
    let words = &sentence.words;
    let third_person = features.promise.is_some_and(|promise| promise.third_person);
    let owed_by = Some(sentence.side).filter(|side| *side != Side::Unknown && !third_person);
    let owed_to = owed_by.map(|side| if side == Side::Vendor { Side::Customer } else { Side::Vendor });
    let withdrawn = words.any(&WITHDRAWN);
    Commitment {
        owed_by,
        owed_to,
        strength: Some(features.modality.strength()),
        condition: features.modality.conditional.then(|| condition(sentence.text)).flatten().map(str::to_owned),
        due: features.when.as_ref().map(super::dates::When::due),
        category: Some(category(words, features)),
        history: withdrawn.then_some(History::Withdrawn),
        superseded_by: None,
        contract: None,
    }
}

/// The first category whose words the clause has; money and integrations say more than the verb around them.
fn category(words: &Words, features: &Features) -> Category {
    words.first(&CATEGORIES).unwrap_or(if features.money { Category::Pricing } else { Category::Other })
}

fn why_kind(words: &Words) -> Option<WhyKind> {
    words.first(&REASONS).or(Some(WhyKind::Pain))
}

/// Whether the clause says outright that the reason still holds, or that it does not.
fn still_urgent(words: &Words) -> Option<bool> {
    let over = words.any(&NO_LONGER);
    (over || words.any(&STILL)).then_some(!over)
}

/// Why an alternative was not chosen, as said: from the word that gives the reason to the next pause.
fn reason(sentence: &Sentence<'_>) -> Option<String> {
    let words: Vec<&str> = sentence.words.iter().collect();
    let start = (0..words.len()).find(|&at| REASON.length_at(&words[at..]).is_some())?;
    let start = start + usize::from(words.get(start) == Some(&"because"));
    let end = (start + 1..words.len()).find(|&end| sentence.words.pause_behind(sentence.text, end - 1))?;
    let said = sentence.words.as_said(sentence.text, start..end)?;
    (said.split_whitespace().count() > 1).then(|| said.to_owned())
}

fn timeline_kind(words: &Words) -> TimelineKind {
    words.first(&MILESTONES).unwrap_or(TimelineKind::Milestone)
}

fn technical_kind(words: &Words) -> Option<TechnicalKind> {
    words.first(&TECHNICAL)
}

/// `build`, `do nothing`, or the first capitalized word behind the beginning of the clause.
fn alternative(sentence: &Sentence<'_>) -> Option<String> {
    let words = &sentence.words;
    if words.any(&BUILD) {
        return Some("build".to_owned());
    }
    if words.any(&NOTHING) {
        return Some("do nothing".to_owned());
    }
    let names = sentence.text.split_whitespace().skip(1).filter(|word| word.chars().count() > 3);
    let bare = names.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).find(|word| {
        let name = word.starts_with(char::is_uppercase) && word.chars().skip(1).any(char::is_lowercase);
        name && !word.contains('\'') && !super::people::is_no_name(word)
    });
    bare.map(str::to_owned)
}

fn severity(words: &Words) -> Option<Level> {
    let high = words.any(&SEVERE);
    high.then_some(Level::High)
}

static CATEGORIES: LazyLock<Vec<(Category, Phrases)>> = LazyLock::new(|| {
    Phrases::table(&[
        (
            Category::Integration,
            "\
            integrat* | connect* | interface* | api | sso | sync* | connector* | sandbox",
        ),
        (
            Category::Pricing,
            "\
            price* | discount* | fee | fees | refund* | waive* | credit | renewal | invoice* | charge | no extra cost \
            | free | cap",
        ),
        (
            Category::Support,
            "\
            support | sla | uptime | help desk | hotline | response time | respond* | phone | export",
        ),
        (
            Category::People,
            "\
            train* | on site | project manager | dedicated | point of contact | join | visit | weekly | workshop | \
            meeting | call | staff | session* | people",
        ),
        (
            Category::Configuration,
            "\
            configur* | set up | setup | template* | workflow* | permission* | import* | migrat* | custom* | load",
        ),
        (
            Category::Feature,
            "\
            feature* | roadmap | release | module | report | dashboard | app | beta | language | build",
        ),
        (
            Category::Timeline,
            "\
            live | go live | kickoff | rollout | start | ready | launch",
        ),
    ])
});

static REASONS: LazyLock<Vec<(WhyKind, Phrases)>> = LazyLock::new(|| {
    Phrases::table(&[
        (
            WhyKind::Influence,
            "\
            sold me | convinced | we picked you | we chose you | why we picked | reference | stood out",
        ),
        (
            WhyKind::Driver,
            "\
            goal | want to | growing | growth | board | mandate* | regulat* | audit* | probation | deadline | renewal",
        ),
        (
            WhyKind::Trigger,
            "\
            incident* | happened | went down | were down | broke | lost | fined | wrote us up | last straw | trigger* \
            | acquired",
        ),
    ])
});

static MILESTONES: LazyLock<Vec<(TimelineKind, Phrases)>> = LazyLock::new(|| {
    Phrases::table(&[
        (
            TimelineKind::Blackout,
            "\
            blackout | freeze | frozen | shutdown | shut down | nobody touches | nobody does | can not touch | closed \
            | inventory | peak season | no changes",
        ),
        (
            TimelineKind::HardDeadline,
            "\
            deadline* | has to be | have to be | must be | audit | inspection | can not move | expires | expire | runs \
            out | contract ends | they are coming | before | hard date",
        ),
        (
            TimelineKind::Roi,
            "\
            pay for itself | paid for itself | pays for itself | payback | return on investment | roi",
        ),
        (
            TimelineKind::QuickWin,
            "\
            quick win | first win | first result | first two weeks",
        ),
        (
            TimelineKind::Rollout,
            "\
            go live | goes live | going live | be live | rollout | roll out | cutover | in production",
        ),
    ])
});

static TECHNICAL: LazyLock<Vec<(TechnicalKind, Phrases)>> = LazyLock::new(|| {
    Phrases::table(&[
        (
            TechnicalKind::Migration,
            "\
            migrat* | move over | moving over | import* | bring over",
        ),
        (
            TechnicalKind::Constraint,
            "\
            require* | must | have to | can not | no wi fi | no wifi | no network | not allow* | firewall* | mfa | two \
            factor | only | gdpr | need | offline",
        ),
        (
            TechnicalKind::Integration,
            "\
            integrat* | api | connect* | interface* | sync* | single sign on | sso | connector* | webhook* | hl7 | edi",
        ),
        (
            TechnicalKind::Data,
            "\
            data | records | database* | duplicates | history | fields | backup* | master data",
        ),
        (
            TechnicalKind::System,
            "\
            system* | we use | we run | runs on | server* | erp | crm",
        ),
    ])
});
