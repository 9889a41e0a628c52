//! One kept answer as a page shows it.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::access::{Act, Caller};
use crate::ask::document::Searched;
use crate::ask::kept::KeptAnswer;
use crate::domain::deal::Deal;
use crate::domain::ids::DealId;
use crate::domain::record::CitationRecord;
use crate::domain::user::{Role, User};
use crate::engine::EngineIdentity;
use crate::error::Error;
use crate::http::pages::shell::sentence;
use crate::http::pages::words::{moment_of, name_of};
use crate::render::view::citation_view;
use crate::store::{Conn, users};

/// Passages that are named where the record does not answer, at most.
const MOST_READ: usize = 3;
/// Words that stand open below an answer; more are folded.
const MOST_WORDS: usize = 6;

/// What a page needs of a kept `baton.answer/1` document.
#[derive(Deserialize)]
struct Document {
    question: String,
    answered: bool,
    lines: Vec<DocumentLine>,
    citations: Vec<CitationRecord>,
    evidence: Vec<DocumentEvidence>,
    #[serde(default)]
    searched: Option<Searched>,
    #[serde(default)]
    missing: Vec<String>,
    #[serde(default)]
    wording: Option<DocumentWording>,
}

/// What a model had to do with the answer.
#[derive(Deserialize)]
struct DocumentWording {
    engine: EngineIdentity,
    removed: usize,
    #[serde(default)]
    note: Option<String>,
}

#[derive(Deserialize)]
struct DocumentLine {
    text: String,
    citations: Vec<usize>,
    #[serde(default)]
    aside: bool,
}

#[derive(Deserialize)]
struct DocumentEvidence {
    #[serde(default)]
    source_id: Option<String>,
    source: String,
    turns: [u32; 2],
}

/// A kept answer, ready for the template.
#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a mark of its own, for the template")]
pub(super) struct AnswerView {
    id: String,
    question: String,
    answered: bool,
    open: bool,
    lines: Vec<LineView>,
    /// The words it rests on, but for those that a line quotes as they are.
    words: Vec<WordsView>,
    /// Lines that answer less likely, folded.
    aside: Vec<LineView>,
    /// The words that only those rest on.
    aside_words: Vec<WordsView>,
    folds_words: bool,
    /// `5 sources, 612 turns`; none where that is not the reader's to know.
    searched: Option<String>,
    /// What was read most closely, where the record does not answer.
    read: Vec<LinkView>,
    missing: Vec<String>,
    /// Whose words these are, where a model was asked.
    worded: Option<String>,
    /// What has changed since in the record it rests on.
    stale: Vec<String>,
    /// `You asked`, `Priya Raman asked`, `Answered ahead`.
    asked: String,
    when: String,
    own: bool,
    ahead: bool,
    shared: bool,
    may_share: bool,
    /// What was asked, where the page is about more than that.
    about: Option<LinkView>,
    /// Where it is asked again.
    again_url: String,
    /// Where a person can be asked in the record's place.
    person_url: Option<String>,
}

#[derive(Serialize)]
struct LineView {
    text: String,
    /// The line is these words as they stand.
    quote: Option<WordsView>,
    numbers: Vec<NumberView>,
}

/// The number of a citation within a line.
#[derive(Serialize)]
struct NumberView {
    number: usize,
    url: Option<String>,
    label: String,
}

/// Cited words.
#[derive(Clone, Serialize)]
struct WordsView {
    number: usize,
    quote: String,
    who: String,
    side: Option<&'static str>,
    role: Option<&'static str>,
    /// `call.vtt, 7:40`.
    place: String,
    url: Option<String>,
}

#[derive(Serialize)]
struct LinkView {
    label: String,
    url: Option<String>,
}

/// The answers as views, in their order; `tells_about` for a page that shows answers about several things.
pub(super) async fn views(
    conn: &mut Conn,
    caller: &Caller,
    kept: Vec<KeptAnswer>,
    tells_about: bool,
) -> Result<Vec<AnswerView>, Error> {
    let people = users::list(conn, &caller.tenant).await?;
    let mut deals: HashMap<DealId, Deal> = HashMap::new();
    let mut views = Vec::new();
    for kept in kept {
        let document = Document::deserialize(&kept.answer).map_err(|error| Error::Internal(error.into()))?;
        let mut view = AnswerView::new(&kept, document, caller, &people);
        if let Some(id) = &kept.deal
            && !deals.contains_key(id)
        {
            deals.insert(id.clone(), caller.deal(conn, id, Act::SeeDeal).await?);
        }
        let deal = kept.deal.as_ref().and_then(|id| deals.get(id));
        if tells_about {
            view.about = Some(about(conn, caller, &kept, deal).await?);
        }
        // Whoever receives the deal may ask the seller what the record does not say.
        let asks = deal.filter(|deal| caller.may_with(Act::Receive, deal));
        view.person_url = asks.map(|deal| format!("/deals/{}/handover", deal.id));
        views.push(view);
    }
    Ok(views)
}

/// What was asked, with the page to ask more about it.
async fn about(conn: &mut Conn, caller: &Caller, kept: &KeptAnswer, deal: Option<&Deal>) -> Result<LinkView, Error> {
    let (label, url) = match (deal, &kept.account) {
        (Some(deal), _) => (deal.name.clone(), format!("/deals/{}/ask", deal.id)),
        (None, Some(account)) => {
            (caller.account(conn, account, Act::SeeDeal).await?.name, format!("/accounts/{account}/ask"))
        }
        (None, None) => ("every deal within reach".to_owned(), "/ask".to_owned()),
    };
    Ok(LinkView { label, url: Some(url) })
}

impl AnswerView {
    fn new(kept: &KeptAnswer, document: Document, caller: &Caller, people: &[User]) -> Self {
        let own = caller.user.is_some() && caller.user == kept.asked_by;
        let ahead = kept.asked_by.is_none();
        let cited: Vec<WordsView> = document.citations.iter().enumerate().map(words).collect();
        let (aside, lines): (Vec<_>, Vec<_>) = document.lines.into_iter().partition(|line| line.aside);
        let of_lines: HashSet<usize> = lines.iter().flat_map(|line| line.citations.iter().copied()).collect();
        let [lines, aside] =
            [lines, aside].map(|own| own.into_iter().map(|own| line(own, &cited)).collect::<Vec<LineView>>());
        let quoted = |words: &WordsView| {
            let mut quotes = lines.iter().chain(&aside).filter_map(|line| line.quote.as_ref());
            quotes.any(|quote| quote.number == words.number)
        };
        let (words, aside_words): (Vec<WordsView>, Vec<WordsView>) =
            cited.iter().filter(|words| !quoted(words)).cloned().partition(|words| of_lines.contains(&words.number));
        let evidence = document.evidence.iter().take(MOST_READ).filter(|_| !document.answered);
        Self {
            id: kept.id.to_string(),
            question: document.question,
            answered: document.answered,
            open: false,
            folds_words: words.len() > MOST_WORDS,
            words,
            searched: document.searched.map(searched),
            read: evidence.map(passage).collect(),
            missing: document.missing.iter().map(|gap| sentence(gap)).collect(),
            worded: document.wording.map(worded),
            stale: kept.stale.iter().map(|change| sentence(change)).collect(),
            asked: asked(own, kept, people),
            when: moment_of(kept.created_at),
            own,
            ahead,
            shared: kept.shared,
            may_share: own || (!ahead && caller.role == Role::Admin),
            about: None,
            again_url: again_url(kept),
            person_url: None,
            lines,
            aside,
            aside_words,
        }
    }

    /// Shows it unfolded.
    pub(super) const fn unfold(&mut self) {
        self.open = true;
    }
}

fn words((at, citation): (usize, &CitationRecord)) -> WordsView {
    let view = citation_view(citation);
    WordsView {
        number: at + 1,
        place: format!("{}, {}", view.source, view.when),
        url: view.source_id.map(|id| format!("/sources/{id}#t{}", view.turn)),
        quote: view.quote,
        who: view.who,
        side: view.side,
        role: view.role,
    }
}

fn line(line: DocumentLine, cited: &[WordsView]) -> LineView {
    let own = || line.citations.iter().filter_map(|number| cited.get(number.checked_sub(1)?));
    // A line that only quotes is shown as the words themselves; what it says of who and where stands beside them.
    let is_quote = |words: &&WordsView| line.text.starts_with(&format!("“{}” (", words.quote));
    let quote = own().next().filter(|_| line.citations.len() == 1).filter(is_quote).cloned();
    let number = |words: &WordsView| NumberView {
        number: words.number,
        url: words.url.clone(),
        label: format!("{}: {}, {}", words.number, words.who, words.place),
    };
    let numbers = own().map(number).collect();
    LineView { text: line.text, quote, numbers }
}

/// `Worded by gpt-4.1-mini; 2 sentences that the record does not say were removed.`
fn worded(wording: DocumentWording) -> String {
    if let Some(note) = wording.note {
        return sentence(&note);
    }
    let by = format!("Worded by {}", wording.engine.model);
    match wording.removed {
        0 => format!("{by}; every sentence was checked against the record."),
        1 => format!("{by}; 1 sentence that the record does not say was removed."),
        n => format!("{by}; {n} sentences that the record does not say were removed."),
    }
}

/// `01-call.txt, passages 5 to 9`.
fn passage(read: &DocumentEvidence) -> LinkView {
    let [first, last] = read.turns;
    let which = if first == last {
        format!("passage {}", first + 1)
    } else {
        format!("passages {} to {}", first + 1, last + 1)
    };
    LinkView {
        label: format!("{}, {which}", read.source),
        url: read.source_id.as_ref().map(|id| format!("/sources/{id}#t{first}")),
    }
}

/// How much was looked through.
fn searched(searched: Searched) -> String {
    let number = |n: u64, name: &str| if n == 1 { format!("1 {name}") } else { format!("{n} {name}s") };
    format!("{}, {}", number(searched.sources, "source"), number(searched.turns, "turn"))
}

fn asked(own: bool, kept: &KeptAnswer, people: &[User]) -> String {
    match name_of(people, kept.asked_by.as_ref()) {
        _ if own => "You asked".to_owned(),
        Some(name) => format!("{name} asked"),
        None if kept.asked_by.is_some() => "Somebody asked".to_owned(),
        None => "Answered ahead".to_owned(),
    }
}

fn again_url(kept: &KeptAnswer) -> String {
    match (&kept.deal, &kept.account) {
        (Some(deal), _) => format!("/v1/deals/{deal}/ask"),
        (None, Some(account)) => format!("/v1/accounts/{account}/ask"),
        (None, None) => "/v1/ask".to_owned(),
    }
}
