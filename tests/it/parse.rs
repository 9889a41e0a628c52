//! Every format through the public door: small files, and what a person reads in them.

use baton::domain::transcript::{Format, Precision, Side, SourceKind, Transcript};
use baton::transcript::parse;

pub(crate) fn bytes(file: &str) -> Vec<u8> {
    std::fs::read(format!("{}/fixtures/transcripts/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

pub(crate) fn fixture(file: &str) -> Transcript {
    parse(file, &bytes(file)).unwrap()
}

/// Turns as `start-end speaker [cues] text`.
pub(crate) fn turns(transcript: &Transcript) -> Vec<String> {
    let time = |time: Option<i64>| time.map_or_else(|| "?".to_owned(), |ms| ms.to_string());
    let line = |turn: &baton::domain::transcript::Turn| {
        let times =
            turn.start_ms.map(|_| format!("{}-{} ", time(turn.start_ms), time(turn.end_ms))).unwrap_or_default();
        let speaker = turn.speaker.as_deref().unwrap_or("-");
        format!("{times}{speaker} [{}] {}", turn.cues.join(", "), turn.text)
    };
    transcript.turns.iter().map(line).collect()
}

/// People as `label = name <mail> (title) side`.
fn people(transcript: &Transcript) -> Vec<String> {
    let line = |one: &baton::domain::transcript::Participant| {
        let name = one.name.as_deref().unwrap_or("?");
        let email = one.email.as_ref().map(|email| format!(" <{email}>")).unwrap_or_default();
        let title = one.title.as_ref().map(|title| format!(" ({title})")).unwrap_or_default();
        format!("{} = {name}{email}{title} {}", one.label, one.side.as_str())
    };
    transcript.participants.iter().map(line).collect()
}

fn dropped(transcript: &Transcript) -> Vec<String> {
    transcript.report.dropped.iter().map(|one| format!("{}: {}", one.line, one.reason)).collect()
}

#[test]
fn each_format_is_told_from_its_content() {
    use Format::{
        Eml, FirefliesJson, GongJson, Markdown, NameText, NameTimeText, PlainText, Srt, TeamsVtt, TimedText, Webvtt,
        ZoomVtt,
    };
    use Precision::{Cue, None, Sentence};
    use SourceKind::{CallTranscript, Contract, Mail, Notes};
    let cases = [
        ("zoom.vtt", ZoomVtt, CallTranscript, Cue),
        ("teams-download.vtt", TeamsVtt, CallTranscript, Cue),
        ("teams-graph.vtt", TeamsVtt, CallTranscript, Cue),
        ("tolerant.vtt", Webvtt, CallTranscript, Cue),
        ("monologue.vtt", ZoomVtt, CallTranscript, Cue),
        ("captions.srt", Srt, CallTranscript, Cue),
        ("label-at-change.srt", Srt, CallTranscript, Cue),
        ("gong-extensive.json", GongJson, CallTranscript, Sentence),
        ("gong-transcript.json", GongJson, CallTranscript, Sentence),
        ("fireflies.json", FirefliesJson, CallTranscript, Sentence),
        ("fireflies-bare.json", FirefliesJson, CallTranscript, Sentence),
        ("timed.txt", TimedText, CallTranscript, Cue),
        ("name-time.txt", NameTimeText, CallTranscript, Cue),
        ("name-wrapped.txt", NameText, CallTranscript, None),
        ("bold.md", NameText, CallTranscript, None),
        ("notes.md", Markdown, Notes, None),
        ("field-notes.txt", PlainText, Notes, None),
        ("reply.eml", Eml, Mail, None),
        ("html-only.eml", Eml, Mail, None),
        ("order-form.md", Markdown, Contract, None),
        ("signed-paper.txt", PlainText, Contract, None),
    ];
    for (file, format, kind, precision) in cases {
        for name in [file, "upload.bin", "wrong.json", "wrong.vtt"] {
            let transcript = parse(name, &bytes(file)).unwrap();
            let found = (transcript.format, transcript.kind, transcript.turns[0].precision);
            assert_eq!(found, (format, kind, precision), "{file} as {name}");
            assert_eq!(transcript.report.turns as usize, transcript.turns.len(), "{file}");
            assert!(transcript.turns.iter().enumerate().all(|(at, turn)| turn.index as usize == at), "{file}");
        }
    }
}

#[test]
fn a_zoom_caption_without_a_label_has_no_speaker_and_a_colon_makes_none() {
    let call = fixture("zoom.vtt");
    assert_eq!(
        turns(&call),
        [
            "2170-5560 Dana Ruiz [1] We can have you live before June.",
            "6020-13000 Omar Haddad [2, 3] Good. Note: finance closes on the 30th. So two things: first, the price.",
            "14000-15500 - [4] Note: this line has no speaker at all.",
            "17000-19000 Dana Ruiz [6] It is on https://ferrite.example, and we start at 9:30.",
        ]
    );
    assert_eq!(dropped(&call), ["20: cue without text"]);
    assert_eq!((call.report.cues, call.report.turns, call.duration_ms), (6, 4, Some(19_000)));
}

#[test]
fn teams_cues_are_merged_sorted_and_their_marks_tell_the_sides() {
    let call = fixture("teams-download.vtt");
    let id = "7b1d0c52-9e3f-4a1c-8d77-51f0a6b2c9e4";
    assert_eq!(
        turns(&call),
        [
            format!(
                "3258-7900 Haddad, Omar [EXT] [{id}/11-0, {id}/11-1] We would need single sign-on before anyone logs in."
            ),
            format!("8500-10000 Pat O'Neil (Guest) [{id}/12-0] Same here."),
            format!("12000-14000 Ruiz, Dana [{id}/13-0] Noted, R&D has it <already>."),
        ]
    );
    assert_eq!(
        people(&call),
        [
            "Haddad, Omar [EXT] = Omar Haddad customer",
            "Pat O'Neil (Guest) = Pat O'Neil customer",
            "Ruiz, Dana = Dana Ruiz vendor",
        ]
    );
    assert_eq!(call.report.warnings, ["cues out of time order, sorted by start: 1 (at 16)"]);
}

#[test]
fn the_graph_form_of_teams_may_begin_before_zero() {
    let call = fixture("teams-graph.vtt");
    assert_eq!(
        turns(&call),
        ["0-4120 Dana Ruiz [1, 2] Thanks for joining again.", "60000-63500 Omar Haddad [3] Sure."]
    );
    assert_eq!(call.report.warnings, ["negative times, set to 0: 1 (at 3)"]);
    assert_eq!(call.participants[0].side, Side::Unknown, "without marks nobody is placed");
}

#[test]
fn what_is_no_speech_in_webvtt_is_reported() {
    let call = fixture("tolerant.vtt");
    assert_eq!(turns(&call), ["1000-5000 - [1, 2, 3] Morning, all first half of a sentence. 5 < 6 & so on."]);
    assert_eq!(
        dropped(&call),
        [
            "1: file header",
            "4: style block",
            "7: region block",
            "10: note block",
            "15: text without a time",
            "22: caption with an unreadable time",
            "25: cue without words",
        ]
    );
}

#[test]
fn a_monologue_is_split_after_a_long_stretch_and_at_a_silence() {
    let call = fixture("monologue.vtt");
    let found: Vec<_> = call.turns.iter().map(|turn| (turn.cues.len(), turn.start_ms, turn.end_ms)).collect();
    assert_eq!(found, [(15, Some(0), Some(45_000)), (3, Some(45_000), Some(54_000)), (2, Some(94_000), Some(100_000))]);
}

#[test]
fn subrip_has_speakers_only_where_the_file_labels_them() {
    assert_eq!(
        turns(&fixture("captions.srt")),
        [
            "1000-3500 - [1] Thanks for the second look.",
            "4000-8000 - [2, 3] We still have one open point.",
            "30000-31000 - [4] 9:30 works: see you then.",
        ]
    );
    let call = fixture("label-at-change.srt");
    let found = turns(&call);
    assert_eq!(found[1], "2500-6000 Omar Haddad [2, 3] Wendell does, but he is away until Monday.");
    assert_eq!(found[2], "4000-6000 Dana Ruiz [3] Noted.");
    assert_eq!(found[8], "90000-91000 - [9] Hello, can anybody hear me?", "not across a silence");
    assert!(
        call.report.warnings[0].starts_with("captions without a label, read as the speaker before them going on: 1;")
    );
}

#[test]
fn gong_takes_people_from_the_extensive_call_and_keeps_unknown_voices() {
    let call = fixture("gong-extensive.json");
    assert_eq!(
        turns(&call),
        [
            "460230-463900 Dana Ruiz [1.1, 1.2] We can hold that price for a year. Not longer.",
            "464000-465000 Omar Haddad [2.1] Fine.",
            "466000-467000 999 [3.1] Who is on the line?",
        ]
    );
    assert_eq!(
        people(&call),
        [
            "Dana Ruiz = Dana Ruiz <dana@ferrite.example> (AE) vendor",
            "Omar Haddad = Omar Haddad <omar@harborpine.example> customer",
            "999 = ? unknown",
            "room4@harborpine.example = ? <room4@harborpine.example> unknown",
        ]
    );
    assert_eq!(call.title.as_deref(), Some("Harbor x Ferrite"));
    assert_eq!(call.started_at.unwrap().to_string(), "2026-03-02T09:02:00Z");
    assert_eq!((call.duration_ms, call.report.warnings.len()), (Some(1_820_000), 0));
}

#[test]
fn gong_times_in_seconds_are_told_from_milliseconds() {
    let call = fixture("gong-transcript.json");
    assert_eq!(turns(&call), ["1500-3500 1 [1.1] Is the dock scheduling part of it?", "4000-5250 2 [2.1] Yes it is."]);
    assert_eq!(call.report.warnings, ["the times were read as seconds; Gong's own unit is ms"]);
    let seconds =
        String::from_utf8(bytes("gong-extensive.json")).unwrap().replace("\"duration\":1820", "\"duration\":470000");
    assert_eq!(
        parse("x", seconds.as_bytes()).unwrap().turns[0].start_ms,
        Some(460_230_000),
        "the call's length decides"
    );
}

#[test]
fn fireflies_cites_what_was_heard_and_places_people_by_domain() {
    let call = fixture("fireflies.json");
    assert_eq!(
        turns(&call),
        [
            "12400-14100 Dana Ruiz [0] live in six weeks",
            "14300-15000 Omar Haddad [1] Six?",
            "15500-16000 Speaker 2 [2] Hm, no."
        ]
    );
    assert_eq!(
        people(&call),
        [
            "Dana Ruiz = Dana Ruiz <dana@ferrite.example> vendor",
            "Omar Haddad = Omar Haddad <omar@harborpine.example> customer",
            "Speaker 2 = ? unknown",
            "lorraine@harborpine.example = ? <lorraine@harborpine.example> customer",
            "Sam = Sam <sam@gmail.com> unknown",
        ]
    );
    assert_eq!(
        call.report.warnings,
        [
            "sentences whose `text` is not what was heard: 1 (at 1); the words heard (`raw_text`) are cited",
            "no `raw_text` in 1 (at 3): `text` is cited, which may have been edited in Fireflies",
        ]
    );
    assert_eq!(call.started_at.unwrap().to_string(), "2026-03-02T10:02:00Z");
    assert_eq!(turns(&fixture("fireflies-bare.json")), ["500-3000 Dana Ruiz [7, 8] Two gateways are late. Sorry."]);
}

#[test]
fn calls_written_as_text_keep_wrapped_lines_together() {
    let timed = fixture("timed.txt");
    assert_eq!(
        turns(&timed),
        [
            "4000-? Dana Ruiz [L4] Morning. Can everybody hear me, or is it the headset again?",
            "9000-? Omar Haddad [L6, L7] We got you. Note: the forklift is not me. It is outside.",
            "60000-? - [L8] (door closes)",
            "3723000-? Dana Ruiz [L9] Last point: the gate code.",
        ]
    );
    assert_eq!(dropped(&timed), ["1: read as the title", "2: before the first speaker"]);
    assert_eq!(timed.started_at.unwrap().to_string(), "2026-05-04T00:00:00Z");
    assert_eq!(
        turns(&fixture("name-time.txt")),
        [
            "5000-? Dana Ruiz [L1] I think that's everybody.",
            "12000-? Henrik Sørby [L2] Hello. I run the implementation, so I come with boots.",
            "3634000-? Omar Haddad [L4] Okay. He can come.",
        ]
    );
    let wrapped = turns(&fixture("name-wrapped.txt"));
    assert!(wrapped[0].ends_with("the Kestrel: that is the freezer nobody may switch off, so it comes last."));
    assert_eq!(wrapped[3], "Bridie [L6] Question for Omar: who signs?");
    assert_eq!(wrapped[4..], ["Omar Haddad [L7] Lorraine signs. Bridie knows her.", "- [L10] [recording ends]"]);
    let bold = turns(&fixture("bold.md"));
    assert_eq!(
        bold,
        ["Dana Ruiz [L3] We start Monday.", "Omar Haddad [L5] At seven.", "Dana Ruiz [L7] At seven, then."]
    );
}

#[test]
fn notes_are_cited_by_heading_and_line() {
    let notes = fixture("notes.md");
    assert_eq!(
        turns(&notes),
        [
            "- [My notes · L10] Wrote this on the train.",
            "- [My notes / People · L15] Omar Haddad – champion",
            "- [My notes / People · L16] no decks",
            "- [My notes / People · L17] Lorraine signs Friday.",
            "- [My notes / People · L18] [ ] ask for the gate code",
            "- [My notes / Systems · L24] System | Owner",
            "- [My notes / Systems · L26] Packline | Wendell",
        ]
    );
    assert_eq!(dropped(&notes), ["5: front matter `stage`", "20: HTML block"]);
    assert_eq!(notes.title.as_deref(), Some("Harbor & Pine"));
    assert_eq!(notes.started_at.unwrap().to_string(), "2026-04-22T00:00:00Z");
    assert_eq!(
        turns(&fixture("field-notes.txt")),
        [
            "- [L1] Champion: Omar",
            "- [L2] Budget: 40k, maybe 45",
            "- [L3] Timeline: June",
            "- [L5] wants dock scheduling",
            "- [L6] hates decks, texts before 7",
        ]
    );
}

#[test]
fn a_mail_is_its_newest_part() {
    let mail = fixture("reply.eml");
    assert_eq!(
        turns(&mail),
        [
            "Dana Ruiz [¶1] Omar,",
            "Dana Ruiz [¶2] 1. Port Sorrel goes live June 15.",
            "Dana Ruiz [¶3] 2. The café is out of scope.",
            "Dana Ruiz [¶4] Best, Dana",
        ]
    );
    assert_eq!(
        people(&mail),
        [
            "Dana Ruiz = Dana Ruiz <dana@ferrite.example> (Account Executive, Ferrite) unknown",
            "Haddad, Omar = Omar Haddad <omar@harborpine.example> unknown",
            "lorraine@harborpine.example = ? <lorraine@harborpine.example> unknown",
            "Siobhán Keefe = Siobhán Keefe <siobhan@harborpine.example> unknown",
        ]
    );
    assert_eq!(mail.title.as_deref(), Some("Re: Today’s call"));
    assert_eq!(mail.started_at.unwrap().to_string(), "2026-05-22T13:14:02Z");
    assert_eq!(
        dropped(&mail),
        [
            "10: signature from here",
            "14: line above a quoted mail (2 lines of the body)",
            "16: quoted earlier mail (3 lines of the body)"
        ]
    );
    let html = fixture("html-only.eml");
    let sender = "omar@harborpine.example";
    assert_eq!(
        turns(&html),
        [format!("{sender} [¶1] Dana, the docks & the gates are yours."), format!("{sender} [¶2] Second paragraph.")]
    );
    assert_eq!(
        dropped(&html),
        ["1: style (in the HTML)", "4: quoted earlier mail (3 lines of the body)", "4: hidden text (in the HTML)"]
    );
}

#[test]
fn clauses_of_a_contract_are_cited_by_number_and_heading() {
    let found = |file: &str| {
        let contract = fixture(file);
        assert_eq!(contract.started_at.unwrap().to_string(), "2026-04-24T00:00:00Z");
        assert!(contract.turns.iter().all(|turn| turn.speaker.is_none()));
        contract.turns.into_iter().map(|turn| (turn.cues.join(""), turn.text)).collect::<Vec<_>>()
    };
    let form = found("order-form.md");
    let ids: Vec<&str> = form.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids, ["ORDER FORM FE-1", "1.1 Fees", "1.1(a) Fees", "1.1(a) Fees", "1.1(a) Fees", "2.1 Term"]);
    assert_eq!(form[4].1, "Spare sensor | none");
    let paper = found("signed-paper.txt");
    assert_eq!(paper[1], ("preamble".to_owned(), "Customer: Harbor & Pine Logistics LLC".to_owned()));
    assert_eq!(
        paper[3],
        ("1.1 SERVICES".to_owned(), "1.1 Ferrite shall configure the rooms named by Customer.".to_owned())
    );
    assert_eq!(paper.last().unwrap().0, "2.1 FEES");
}

#[test]
fn a_name_turns_a_short_paper_into_a_contract_but_never_a_call() {
    let paper = b"Order form\n\n1.1 Ten seats.\n";
    assert_eq!(parse("order-form.txt", paper).unwrap().kind, SourceKind::Contract);
    assert_eq!(parse("x.txt", paper).unwrap().kind, SourceKind::Notes);
    assert_eq!(parse("contract.md", &bytes("zoom.vtt")).unwrap().kind, SourceKind::CallTranscript);
}
