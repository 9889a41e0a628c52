use proptest::prelude::*;

use super::*;
use crate::domain::field::Field;
use crate::domain::finding::{Finding, Stakeholder};
use crate::domain::transcript::{Format, ParseReport, Precision, SourceKind, TRANSCRIPT_SCHEMA};

fn transcript(turns: &[&str]) -> Transcript {
    let turns = turns.iter().zip(0..).map(|(text, index)| Turn {
        index,
        speaker: None,
        start_ms: None,
        end_ms: None,
        precision: Precision::None,
        text: (*text).to_owned(),
        cues: Vec::new(),
    });
    Transcript {
        schema: TRANSCRIPT_SCHEMA.to_owned(),
        format: Format::NameText,
        kind: SourceKind::CallTranscript,
        title: None,
        started_at: None,
        duration_ms: None,
        participants: Vec::new(),
        turns: turns.collect(),
        report: ParseReport::default(),
    }
}

fn claim(turn: u32, quote: &str) -> Claim {
    Claim {
        finding: Finding::bare(Field::Risk),
        statement: "a statement".to_owned(),
        confidence: 0.5,
        quotes: vec![ClaimedQuote { turn, quote: quote.to_owned(), role: QuoteRole::Support }],
    }
}

fn ground(turns: &[&str], turn: u32, quote: &str) -> Result<(u32, String, MatchStatus), String> {
    let transcript = transcript(turns);
    match SourceText::new(None, "call.vtt", &transcript).ground(claim(turn, quote)) {
        Ok(grounded) => {
            let citation = &grounded.citations[0];
            Ok((citation.turn(), citation.quote().to_owned(), citation.matched()))
        }
        Err(rejected) => Err(rejected.reason),
    }
}

#[test]
fn a_quote_is_found_exactly_or_normalized_or_not_at_all() {
    use MatchStatus::{Exact, Normalized};
    let turns = [
        "So, um, we we can have you live, uh, before June.",
        "We cannot do that. We can\u{2019}t.",
        "نعم، سنفعل ذلك 👩🏽‍💻 قبل يونيو. Cafe\u{301} Zürich",
        "They pay 2,500 for 2,500 seats and can't support it. We will not.",
        "Is it Dana? Not she. It is not. Augie signs, not Dana.",
    ];
    let cases = [
        (0, "have you live", Ok((0, "have you live", Exact))),
        (0, "we can have you live before june", Ok((0, "we can have you live, uh, before June", Normalized))),
        (0, "So we can have", Ok((0, "So, um, we we can have", Normalized))),
        // Not inside "cannot", but as whole words in the only other turn that has them.
        (1, "We can", Ok((0, "we can", Normalized))),
        (1, "We can't", Ok((1, "We can\u{2019}t", Normalized))),
        (2, "سنفعل ذلك", Ok((2, "سنفعل ذلك", Exact))),
        (2, "👩🏽‍💻 قبل", Ok((2, "👩🏽‍💻 قبل", Exact))),
        (2, "Caf\u{e9}", Ok((2, "Cafe\u{301}", Normalized))),
        (2, "Cafe", Err("quote not found")),
        (9, "have you live", Ok((0, "have you live", Exact))),
        (0, "we will have you live", Err("quote not found")),
        (3, "500 seats", Err("quote not found")),
        (3, "pay 2", Err("quote not found")),
        (3, "support it", Err("the words around the quote negate it")),
        (3, "We will", Err("the words around the quote negate it")),
        (4, "Augie signs", Ok((4, "Augie signs", Exact))),
        (4, "Is it Dana?", Ok((4, "Is it Dana?", Exact))),
        (3, "2,500 seats", Ok((3, "2,500 seats", Exact))),
        (0, "", Err("no quote given")),
        (0, " … ", Err("no quote given")),
    ];
    for (turn, quote, expected) in cases {
        let found = ground(&turns, turn, quote);
        match expected {
            Ok((turn, words, status)) => assert_eq!(found, Ok((turn, words.to_owned(), status)), "{quote:?}"),
            Err(reason) => assert_eq!(found, Err(reason.to_owned()), "{quote:?}"),
        }
    }
}

#[test]
fn words_that_stand_in_several_other_turns_are_not_attributed_to_one_of_them() {
    let found = ground(&["yes, by June", "by June", "maybe"], 2, "by June");
    assert_eq!(found, Err("quote not found in the stated turn, and found in 2 others".to_owned()));
}

#[test]
fn a_clause_is_cited_only_where_it_stands() {
    let transcript = transcript(&["Support is provided Monday to Friday.", "Fees are not refundable."]);
    let text = SourceText::new(None, "order-form.md", &transcript);
    let cited = text.cite(0, "Monday to Friday", QuoteRole::Clause).unwrap();
    assert_eq!((cited.quote(), cited.turn(), cited.role()), ("Monday to Friday", 0, QuoteRole::Clause));
    assert_eq!(text.cite(0, "Monday to Sunday", QuoteRole::Clause), Err(Ungrounded::NotFound));
    assert_eq!(text.cite(1, "refundable", QuoteRole::Clause), Err(Ungrounded::Negated));
}

#[test]
fn one_invented_quote_rejects_the_whole_claim() {
    let transcript = transcript(&["we worry about the ERP", "we have a connector"]);
    let mut claim = claim(0, "we worry about the ERP");
    claim.quotes.push(ClaimedQuote { turn: 1, quote: "certified connector".into(), role: QuoteRole::Reply });
    let rejected = SourceText::new(None, "call.vtt", &transcript).ground(claim).unwrap_err();
    assert_eq!((rejected.quote.as_str(), rejected.reason.as_str()), ("certified connector", "quote not found"));
}

#[test]
fn what_the_source_does_not_say_is_taken_off_the_finding_and_told() {
    let transcript = transcript(&["Priya Raman runs our plant floor, and Augie signs."]);
    let person = Stakeholder {
        name: Some("priya raman".into()),
        title: Some("VP Operations".into()),
        email: Some("priya@brightwater.example".into()),
        ..Stakeholder::default()
    };
    let claim = Claim { finding: Finding::Stakeholder(person), ..claim(0, "Priya Raman runs our plant floor") };
    let grounded = SourceText::new(None, "call.vtt", &transcript).ground(claim).unwrap();
    let said = Stakeholder { name: Some("priya raman".into()), ..Stakeholder::default() };
    assert_eq!(grounded.claim.finding, Finding::Stakeholder(said));
    let withheld: Vec<&str> = grounded.withheld.iter().map(|claim| claim.quote.as_str()).collect();
    assert_eq!(withheld, ["VP Operations", "priya@brightwater.example"]);
}

#[test]
fn a_stored_citation_is_restored_only_while_its_words_stand_there() {
    let transcript = transcript(&["we can have you live before June"]);
    let turn = &transcript.turns[0];
    let cited = CitedTurn {
        source_id: None,
        source: "call.vtt",
        turn,
        speaker: None,
        side: crate::domain::transcript::Side::Unknown,
    };
    let anchor = |chars, quote: &str| Anchor {
        chars,
        quote: quote.to_owned(),
        matched: MatchStatus::Exact,
        role: QuoteRole::Support,
    };
    assert_eq!(Citation::restore(&cited, anchor(3..6, "can")).unwrap().quote(), "can");
    for broken in [anchor(3..6, "may"), anchor(3..3, ""), anchor(30..90, "June")] {
        assert!(Citation::restore(&cited, broken).is_err());
    }
}

proptest! {
    /// Whatever an engine claims about whatever text, a citation shown is verbatim at its turn and range.
    #[test]
    fn every_citation_is_verbatim_at_its_turn_and_range(
        turns in prop::collection::vec("[a-zA-Z0-9 ,.'\u{2019}\u{300}-\u{304}éüß👩🏽‍💻🎉ا-ي\u{5d0}-\u{5ea}一二三]{0,40}", 1..5),
        start in 0_usize..30,
        length in 0_usize..30,
        turn in 0_u32..6,
        noise in ".{0,8}",
    ) {
        let texts: Vec<&str> = turns.iter().map(String::as_str).collect();
        let transcript = transcript(&texts);
        let source = SourceText::new(None, "any", &transcript);
        let quoted: String = turns[turn as usize % turns.len()].chars().skip(start).take(length).collect();
        for quote in [quoted.clone(), quoted.to_uppercase(), format!("{quoted}{noise}"), noise] {
            if let Ok(grounded) = source.ground(claim(turn, &quote)) {
                let citation = &grounded.citations[0];
                let text = &transcript.turns[citation.turn() as usize].text;
                let chars = citation.chars();
                let there: String =
                    text.chars().skip(chars.start as usize).take((chars.end - chars.start) as usize).collect();
                prop_assert_eq!(citation.quote(), there);
                prop_assert!(!citation.quote().is_empty());
            }
        }
    }
}
