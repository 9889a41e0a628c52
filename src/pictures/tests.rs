//! The pictures and their text alternatives, on items as a draft has them.

mod colours;
mod heard;
mod hostile;
mod people;
mod promised;
mod trends;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::*;
use crate::domain::finding::{Commitment, Finding, Stakeholder};
use crate::domain::ids::ItemId;
use crate::domain::item::{Item, ItemState, Origin};
use crate::domain::transcript::{
    Format, ParseReport, Participant, Precision, Side, SourceKind, TRANSCRIPT_SCHEMA, Transcript, Turn,
};
use crate::engine::QuoteRole;
use crate::ground::{Anchor, Citation, CitedTurn, MatchStatus};

fn item(finding: Finding, statement: &str) -> Item {
    Item {
        id: ItemId::derived(&[statement]),
        finding,
        statement: statement.to_owned(),
        confidence: Some(0.9),
        origin: Origin::Engine,
        attested_by: None,
        reworded_by: None,
        decided_by: None,
        state: ItemState::Drafted,
        citations: Vec::new(),
    }
}

fn person(name: &str, attributes: Stakeholder) -> Item {
    item(Finding::Stakeholder(Stakeholder { name: Some(name.to_owned()), ..attributes }), name)
}

fn cited(source: &str, role: QuoteRole) -> Citation {
    let turn = Turn {
        index: 0,
        speaker: None,
        start_ms: None,
        end_ms: None,
        precision: Precision::None,
        text: "we will".to_owned(),
        cues: Vec::new(),
    };
    let place = CitedTurn { source_id: None, source, turn: &turn, speaker: None, side: Side::Unknown };
    let anchor = Anchor { chars: 0..7, quote: "we will".to_owned(), matched: MatchStatus::Exact, role };
    Citation::restore(&place, anchor).unwrap()
}

fn promise(statement: &str, sources: &[&str], attributes: Commitment) -> Item {
    let citations = sources.iter().map(|source| cited(source, QuoteRole::Support)).collect();
    Item { citations, ..item(Finding::Commitment(attributes), statement) }
}

fn call(source: &str) -> Call {
    Call { source: source.to_owned(), label: source.to_owned(), on: None }
}

fn voice(name: &str, side: Side, by_source: &[(&str, usize)]) -> Heard {
    Heard {
        name: name.to_owned(),
        side,
        words: by_source.iter().map(|(_, words)| words).sum(),
        by_source: by_source.iter().map(|(source, words)| ((*source).to_owned(), *words)).collect(),
    }
}

fn transcript(people: &[(&str, Option<&str>, Side)], turns: &[(&str, &str)]) -> Transcript {
    let participants = people.iter().map(|(label, name, side)| Participant {
        label: (*label).to_owned(),
        name: name.map(str::to_owned),
        email: label.contains('@').then(|| (*label).to_owned()),
        title: None,
        side: *side,
        side_reason: None,
    });
    let turns = turns.iter().zip(0..).map(|((speaker, text), index)| Turn {
        index,
        speaker: Some((*speaker).to_owned()),
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
        participants: participants.collect(),
        turns: turns.collect(),
        report: ParseReport::default(),
    }
}

/// Every word of the picture, read as XML to its end; fails where it is none.
fn words_of(picture: &Picture) -> String {
    let mut reader = Reader::from_str(&picture.svg);
    let (mut words, mut depth, mut roots) = (String::new(), 0, 0);
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error}: {}", picture.svg)) {
            Event::Start(tag) => {
                assert!(matches!(tag.name().as_ref(), "svg" | "title" | "desc" | "g" | "text" | "circle"), "{tag:?}");
                roots += usize::from(depth == 0);
                depth += 1;
                check_attributes(&tag);
            }
            Event::Empty(tag) => {
                assert!(matches!(tag.name().as_ref(), "path" | "rect" | "circle"), "{tag:?}");
                check_attributes(&tag);
            }
            Event::End(_) => {
                depth -= 1;
                words.push('\n');
            }
            Event::Text(text) => words.push_str(&text),
            Event::GeneralRef(name) => match name.resolve_char_ref().unwrap() {
                Some(c) => words.push(c),
                None => {
                    words.push_str(quick_xml::escape::resolve_predefined_entity(&name).unwrap());
                }
            },
            Event::Eof => break,
            other => panic!("{other:?} has no place in a picture"),
        }
    }
    assert_eq!((depth, roots), (0, 1), "one element that ends");
    words
}

/// Nothing that loads, runs or styles.
fn check_attributes(tag: &quick_xml::events::BytesStart) {
    for attribute in tag.attributes() {
        let attribute = attribute.unwrap();
        let name = attribute.key.as_ref();
        assert!(!name.starts_with("on") && !matches!(name, "style" | "href" | "xlink:href"), "{name}");
        if name != "xmlns" {
            assert!(!attribute.value.contains("://"), "{attribute:?}");
        }
    }
}
