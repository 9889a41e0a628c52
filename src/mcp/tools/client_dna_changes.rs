//! `client_dna_changes`.

use std::fmt::Write as _;

use rmcp::schemars::{self, JsonSchema};
use serde::{Deserialize, Serialize};

use super::{more, word};
use crate::access::Caller;
use crate::app::App;
use crate::dna::{self, DnaChange, DnaChanges, DnaRewrite, KeptProfile, Since};
use crate::domain::ids::{AccountId, DealId};
use crate::error::Error;
use crate::mcp::page::{begin, cursor, fitting, stamp};
use crate::mcp::quote::{NOTICE, Named};
use crate::mcp::tool::Told;

pub(super) const NAME: &str = "client_dna_changes";
pub(super) const TITLE: &str = "What changed in who the customer is";
pub(super) const ABOUT: &str = "What changed in the customer's profile (client_dna), of one deal or of an account over all of its deals you may \
     see: lines that came, went or say something else since an earlier profile. Profiles are kept when an engine drafts, a version \
     becomes final, customer success accepts it or gives it back, and the customer corrects the record; kept lists them. Notes about \
     persons are told to those only who may see them.";

/// Arguments of `client_dna_changes`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The deal's id; in place of an account.
    #[schemars(with = "Option<String>", example = &"deal_01981f2e7c3b7d4e8a5f6b1c2d3e4f50")]
    deal: Option<DealId>,
    /// The account's id; in place of a deal.
    #[schemars(with = "Option<String>", example = &"acc_01981f2e7c3b7d4e8a5f6b1c2d3e4f50")]
    account: Option<AccountId>,
    /// A day (its end, in UTC), a moment, or a deal's kept profile by its id; the last that differs unless given.
    #[schemars(example = &"2026-03-02")]
    since: Option<String>,
    /// The `next_cursor` of the answer before.
    cursor: Option<String>,
}

/// What `client_dna_changes` answers.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Output {
    /// What the profile is compared with: one for each deal that had one.
    since: Vec<KeptOut>,
    /// Lines that are new.
    came: Vec<LineOut>,
    /// Lines that are gone.
    went: Vec<LineOut>,
    /// Lines that say something else, or stand differently.
    changed: Vec<RewriteOut>,
    /// Every profile that was kept, the newest first; its id can be given as `since` of its deal.
    kept: Vec<KeptOut>,
    /// How many entries these five have, in all parts of the answer.
    total: usize,
    /// Give it as `cursor` to read on; absent at the end.
    next_cursor: Option<String>,
    /// How to take the words of the record.
    notice: &'static str,
}

/// A profile that was kept.
#[derive(Debug, Serialize, JsonSchema)]
struct KeptOut {
    /// Its id.
    id: String,
    /// On which occasion it was kept: drafted, finalized, accepted, returned or corrected.
    occasion: String,
    /// When.
    at: String,
    /// The deal's id.
    deal_id: Option<String>,
    /// The deal's name.
    deal: String,
}

/// A line that came or went.
#[derive(Debug, Serialize, JsonSchema)]
struct LineOut {
    /// The section it stands in, or stood in; as in `client_dna`.
    section: String,
    /// The item, phrase or event.
    id: String,
    /// What it says.
    text: String,
    /// The deal's id.
    deal_id: Option<String>,
    /// The deal's name.
    deal: String,
}

/// A line that says something else now, or stands differently.
#[derive(Debug, Serialize, JsonSchema)]
struct RewriteOut {
    /// The section it stands in.
    section: String,
    /// The section it stood in before, where that is another.
    moved_from: Option<String>,
    /// The item.
    id: String,
    /// What it said.
    before: String,
    /// What it says.
    after: String,
    /// What else differs.
    details: Vec<String>,
    /// The deal's id.
    deal_id: Option<String>,
    /// The deal's name.
    deal: String,
}

/// An entry of one of the five lists: an answer is cut between any two of them.
enum Entry {
    Since(KeptOut),
    Came(LineOut),
    Went(LineOut),
    Changed(RewriteOut),
    Kept(KeptOut),
}

pub(super) async fn run(app: &App, caller: &Caller, input: Input) -> Result<Told<Output>, Error> {
    let since = Since::read(input.since.as_deref())?;
    let changes = match (&input.deal, &input.account) {
        (Some(deal), None) => dna::changes_of_deal(app, caller, deal, &since).await?,
        (None, Some(account)) => dna::changes_of_account(app, caller, account, &since).await?,
        _ => return Err(Error::Invalid("give a deal or an account, one of the two".to_owned())),
    };
    let (stamp, counted) = (stamp(&changes)?, counted(&changes));
    let mut all = entries(changes);
    let total = all.len();
    let at = begin(input.cursor.as_deref(), stamp)?;
    let (range, next) = fitting(&all, at, Entry::chars);
    let output = output(all.drain(range), total, next.map(|at| cursor(stamp, at)));
    let text = text(&counted, &output);
    Ok(Told::new(output, text))
}

fn entries(of: DnaChanges) -> Vec<Entry> {
    let mut all: Vec<Entry> = of.since.into_iter().map(|profile| Entry::Since(kept(profile))).collect();
    all.extend(of.came.into_iter().map(|change| Entry::Came(line(change))));
    all.extend(of.went.into_iter().map(|change| Entry::Went(line(change))));
    all.extend(of.changed.into_iter().map(|change| Entry::Changed(rewrite(change))));
    all.extend(of.kept.into_iter().map(|profile| Entry::Kept(kept(profile))));
    all
}

fn kept(KeptProfile { id, deal, occasion, at }: KeptProfile) -> KeptOut {
    KeptOut { id: id.to_string(), occasion: word(&occasion), at: at.to_string(), deal_id: deal.id, deal: deal.name }
}

fn line(DnaChange { section, id, text, deal }: DnaChange) -> LineOut {
    LineOut { section: word(&section), id, text, deal_id: deal.id, deal: deal.name }
}

fn rewrite(DnaRewrite { section, moved_from, id, before, after, details, deal }: DnaRewrite) -> RewriteOut {
    let moved_from = moved_from.as_ref().map(word);
    RewriteOut { section: word(&section), moved_from, id, before, after, details, deal_id: deal.id, deal: deal.name }
}

fn output(entries: impl Iterator<Item = Entry>, total: usize, next_cursor: Option<String>) -> Output {
    let (mut since, mut came, mut went, mut changed, mut kept) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for entry in entries {
        match entry {
            Entry::Since(profile) => since.push(profile),
            Entry::Came(line) => came.push(line),
            Entry::Went(line) => went.push(line),
            Entry::Changed(line) => changed.push(line),
            Entry::Kept(profile) => kept.push(profile),
        }
    }
    Output { since, came, went, changed, kept, total, next_cursor, notice: NOTICE }
}

impl Entry {
    /// How much room it takes, roughly: its own words, and some for the names of things.
    fn chars(&self) -> usize {
        let words = match self {
            Self::Since(_) | Self::Kept(_) => 0,
            Self::Came(line) | Self::Went(line) => line.text.chars().count(),
            Self::Changed(line) => {
                let said = [&line.before, &line.after].into_iter().chain(&line.details);
                said.map(|words| words.chars().count()).sum()
            }
        };
        words + 200
    }
}

/// What all parts tell together.
fn counted(changes: &DnaChanges) -> String {
    let DnaChanges { since, came, went, changed, .. } = changes;
    let first = if since.is_empty() { "No earlier profile was kept until then: all lines are new. " } else { "" };
    format!("{first}{} lines came, {} went, {} say something else", came.len(), went.len(), changed.len())
}

fn text(counted: &str, found: &Output) -> String {
    let mut text = format!("{counted}. {NOTICE}\n");
    profiles(&mut text, "Compared with", &found.since);
    lines(&mut text, "Came", &found.came);
    lines(&mut text, "Went", &found.went);
    for (at, line) in found.changed.iter().enumerate() {
        if at == 0 {
            text.push_str("\nSay something else, or stand differently:\n");
        }
        let _ = write!(text, "- {}: {}", line.section.replace('_', " "), Named(&line.after));
        if line.before != line.after {
            let _ = write!(text, ", before: {}", Named(&line.before));
        }
        if let Some(section) = &line.moved_from {
            let _ = write!(text, ", moved from {}", section.replace('_', " "));
        }
        for detail in &line.details {
            let _ = write!(text, ", {}", Named(detail));
        }
        let _ = writeln!(text, ", in {}", Named(&line.deal));
    }
    profiles(&mut text, "Profiles that were kept, each good for since", &found.kept);
    text.push_str(&more(found.next_cursor.as_deref()));
    text
}

fn profiles(text: &mut String, heading: &str, profiles: &[KeptOut]) {
    for (at, profile) in profiles.iter().enumerate() {
        if at == 0 {
            let _ = writeln!(text, "\n{heading}:");
        }
        let KeptOut { id, occasion, at, deal, .. } = profile;
        let _ = writeln!(text, "- {id}: {occasion} at {at}, of {}", Named(deal));
    }
}

fn lines(text: &mut String, heading: &str, lines: &[LineOut]) {
    for (at, line) in lines.iter().enumerate() {
        if at == 0 {
            let _ = writeln!(text, "\n{heading}:");
        }
        let _ = writeln!(text, "- {}: {}, in {}", line.section.replace('_', " "), Named(&line.text), Named(&line.deal));
    }
}
