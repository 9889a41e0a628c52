//! The `baton.dna/1` document.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::item::ItemState;
use crate::domain::record::{CitationRecord, ItemRecord};
use crate::domain::vocabulary::{Outcome, vocabulary};

/// The name and version of the document that [`ClientDna`] serializes to.
pub const DNA_SCHEMA: &str = "baton.dna/1";

vocabulary!(
    /// A part of the profile.
    Section {
        /// What they want to reach.
        Goals,
        /// What is in their way.
        Challenges,
        /// What already worked.
        Wins,
        /// What moved them to buy.
        WhatMovedThem,
        /// Who counts.
        People,
        /// How they decide.
        Decisions,
        /// How they like to be talked to. Sensitive.
        Conversation,
        /// What one side promised and has not done yet.
        OpenPromises,
        /// Phrases that are theirs.
        OwnWords,
        /// What happened when.
        History,
    }
);

impl Section {
    /// The heading people read.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Goals => "Goals",
            Self::Challenges => "Challenges",
            Self::Wins => "Wins",
            Self::WhatMovedThem => "What moved them",
            Self::People => "People",
            Self::Decisions => "How they decide",
            Self::Conversation => "How they like to be talked to",
            Self::OpenPromises => "Open promises",
            Self::OwnWords => "Their own words",
            Self::History => "History",
        }
    }
}

/// A deal that the profile is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct DnaDeal {
    /// The deal's id; none for files that are not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The deal's name.
    pub name: String,
}

/// One line: an item of the deal, with the words it rests on or who attests it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DnaLine {
    /// The item. One that nobody has approved yet says so (`state`).
    #[serde(flatten)]
    pub item: ItemRecord,
    /// What became of a promise after the sale, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// The deals it is from; only in the profile of an account.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deals: Vec<DnaDeal>,
}

impl DnaLine {
    /// Whether a person stands behind it.
    #[must_use]
    pub fn is_reviewed(&self) -> bool {
        self.item.state == ItemState::Approved
    }
}

/// A phrase of the customer's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DnaPhrase {
    /// The words, in lower case.
    pub words: String,
    /// How often the customer's side says it in the record.
    pub times: u32,
    /// How often the vendor's side does.
    pub vendor_times: u32,
    /// How much it is theirs: log-odds against the vendor's turns and against ordinary English, as one z score.
    pub score: f64,
    /// One place where somebody of the customer's side says it.
    pub citation: CitationRecord,
    /// Whether a note about persons rests on the same words: then it is for those only who may see that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sensitive: bool,
    /// The deals it is from; only in the profile of an account.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deals: Vec<DnaDeal>,
}

/// What an event rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Basis {
    /// A file of the record: that it is there, its date and who speaks in it.
    Source {
        /// The source's id, where it is kept.
        #[serde(default)]
        source_id: Option<String>,
        /// The source's name.
        source: String,
    },
    /// Words of the record.
    Citation {
        /// Where they stand.
        citation: CitationRecord,
    },
    /// An entry of the audit log.
    Log {
        /// The entry's number.
        seq: i64,
        /// The entry's hash.
        hash: String,
        /// What was done, as `noun.verb`.
        action: String,
    },
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DnaEvent {
    /// Tells the event from others, also when the profile is made again.
    pub id: String,
    /// The day, where the record says it.
    #[schema(value_type = Option<String>, format = Date)]
    pub on: Option<Date>,
    /// What happened.
    pub text: String,
    /// Whether nobody has approved yet what it is told from.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_reviewed: bool,
    /// What it rests on.
    pub basis: Basis,
    /// The deals it is of; only in the profile of an account.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deals: Vec<DnaDeal>,
}

/// A customer's profile, of one deal or of an account's deals.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ClientDna {
    /// Always [`DNA_SCHEMA`].
    pub schema: String,
    /// The account's name.
    pub account: String,
    /// The deals it is of.
    pub deals: Vec<DnaDeal>,
    /// What they want to reach.
    pub goals: Vec<DnaLine>,
    /// What is in their way: pains, open objections, risks, limits and dates that cannot move.
    pub challenges: Vec<DnaLine>,
    /// What the record says already worked.
    pub wins: Vec<DnaLine>,
    /// Triggers, drivers, influences, and why not somebody else.
    pub what_moved_them: Vec<DnaLine>,
    /// Who counts, who signs, who leaves.
    pub people: Vec<DnaLine>,
    /// Steps and powers on the way to a decision.
    pub decisions: Vec<DnaLine>,
    /// How they like to be talked to. Sensitive.
    pub conversation: Vec<DnaLine>,
    /// Promises of both sides that still count.
    pub open_promises: Vec<DnaLine>,
    /// Phrases that are theirs and not the vendor's.
    pub own_words: Vec<DnaPhrase>,
    /// What happened when, in ten lines at most for each deal.
    pub history: Vec<DnaEvent>,
}

impl ClientDna {
    /// A profile that says nothing yet.
    #[must_use]
    pub fn new(account: &str, deals: Vec<DnaDeal>) -> Self {
        Self {
            schema: DNA_SCHEMA.to_owned(),
            account: account.to_owned(),
            deals,
            goals: Vec::new(),
            challenges: Vec::new(),
            wins: Vec::new(),
            what_moved_them: Vec::new(),
            people: Vec::new(),
            decisions: Vec::new(),
            conversation: Vec::new(),
            open_promises: Vec::new(),
            own_words: Vec::new(),
            history: Vec::new(),
        }
    }

    /// The sections that are made of items, in the order in which they are read.
    #[must_use]
    pub fn sections(&self) -> [(Section, &[DnaLine]); 8] {
        [
            (Section::Goals, &self.goals),
            (Section::Challenges, &self.challenges),
            (Section::Wins, &self.wins),
            (Section::WhatMovedThem, &self.what_moved_them),
            (Section::People, &self.people),
            (Section::Decisions, &self.decisions),
            (Section::Conversation, &self.conversation),
            (Section::OpenPromises, &self.open_promises),
        ]
    }

    /// The lines of a section that is made of items; none for the other two.
    pub fn section_mut(&mut self, section: Section) -> Option<&mut Vec<DnaLine>> {
        match section {
            Section::Goals => Some(&mut self.goals),
            Section::Challenges => Some(&mut self.challenges),
            Section::Wins => Some(&mut self.wins),
            Section::WhatMovedThem => Some(&mut self.what_moved_them),
            Section::People => Some(&mut self.people),
            Section::Decisions => Some(&mut self.decisions),
            Section::Conversation => Some(&mut self.conversation),
            Section::OpenPromises => Some(&mut self.open_promises),
            Section::OwnWords | Section::History => None,
        }
    }

    /// The same without a word about persons that only some may see.
    #[must_use]
    pub fn without_sensitive(mut self) -> Self {
        for section in Section::ALL {
            if let Some(lines) = self.section_mut(*section) {
                lines.retain(|line| !line.item.field().is_sensitive());
            }
        }
        self.own_words.retain(|phrase| !phrase.sensitive);
        self
    }

    /// How many lines a person stands behind, and how many nobody has decided on.
    #[must_use]
    pub fn reviewed(&self) -> (usize, usize) {
        let lines = || self.sections().into_iter().flat_map(|(_, lines)| lines);
        let reviewed = lines().filter(|line| line.is_reviewed()).count();
        (reviewed, lines().count() - reviewed)
    }
}
