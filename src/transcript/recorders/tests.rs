//! Rules that the fixtures do not show: other envelopes, sides and their reasons, and what refusals say.

use serde_json::{Value, json};

use crate::domain::transcript::Transcript;
use crate::transcript::parse;

fn read(file: &Value) -> Transcript {
    parse("x.json", file.to_string().as_bytes()).unwrap()
}

fn refused(file: &Value) -> String {
    parse("x.json", file.to_string().as_bytes()).unwrap_err().to_string()
}

/// Turns as `start speaker: text`.
fn turns(call: &Transcript) -> Vec<String> {
    let line = |turn: &crate::domain::transcript::Turn| {
        let start = turn.start_ms.map_or("?".to_owned(), |ms| ms.to_string());
        format!("{start} {}: {}", turn.speaker.as_deref().unwrap_or("-"), turn.text)
    };
    call.turns.iter().map(line).collect()
}

/// People as `label side: reason`.
fn sides(call: &Transcript) -> Vec<String> {
    let line = |one: &crate::domain::transcript::Participant| {
        format!("{} {}: {}", one.label, one.side.as_str(), one.side_reason.as_deref().unwrap_or("-"))
    };
    call.participants.iter().map(line).collect()
}

#[test]
fn gong_answers_may_be_a_list_wrapped_or_in_snake_case() {
    let monologue = json!([{"speaker_id": "1", "sentences": [{"start": 9000, "end": 10500, "text": "We hold it."}]}]);
    let party =
        json!({"speaker_id": "1", "name": "Dana Ruiz", "email_address": "dana@v.example", "affiliation": "Internal"});
    let transcript = json!({"call_transcripts": [{"call_id": "7", "transcript": monologue}]});
    let details = json!({"calls": [{"meta_data": {"id": "7", "duration": 3600}, "parties": [party]}]});
    for file in [json!([details, transcript]), json!([{"payload": transcript}, {"payload": details}])] {
        let call = read(&file);
        assert_eq!(turns(&call), ["9000 Dana Ruiz: We hold it."], "an excerpt of a long call is still in ms");
        assert_eq!(sides(&call), ["Dana Ruiz vendor: Gong has the person as Internal"]);
    }
    assert_eq!(turns(&read(&monologue)), ["9000 1: We hold it."]);
}

#[test]
fn people_of_one_name_with_two_ids_stay_two() {
    let party = |id: &str, side: &str| json!({"speakerId": id, "name": "Sam Lee", "affiliation": side});
    let words = |id: &str, at: i64| json!({"speakerId": id, "sentences": [{"start": at, "end": at + 900, "text": "Yes, I do."}]});
    let call = read(&json!({"callTranscripts": [{"callId": "7", "transcript": [words("1", 0), words("2", 1000)]}],
        "calls": [{"metaData": {"id": "7"}, "parties": [party("1", "Internal"), party("2", "External")]}]}));
    assert_eq!(turns(&call), ["0 Sam Lee: Yes, I do.", "1000 Sam Lee (2): Yes, I do."]);
    assert_eq!((call.participants[0].side.as_str(), call.participants[1].side.as_str()), ("vendor", "customer"));
}

#[test]
fn fathom_joins_speakers_with_the_calendar() {
    let entry = |name: &str, email: Value| json!({"speaker": {"display_name": name, "matched_calendar_invitee_email": email}, "text": "Hi.", "timestamp": "00:01"});
    let call = read(
        &json!({"items": [{"title": "Demo", "recorded_by": {"name": "Dana Ruiz", "email": "dana@v.example"},
        "calendar_invitees": [{"name": "Omar H.", "email": "omar@a.example", "is_external": true},
            {"name": "Lea", "email": null, "is_external": true}],
        "transcript": [entry("Omar Haddad", json!("Omar@a.example")), entry("Dana Ruiz", Value::Null), entry("3", Value::Null)]}]}),
    );
    assert_eq!(
        sides(&call),
        [
            "Omar Haddad customer: Fathom has the person as external",
            "Dana Ruiz vendor: Fathom has the person as the one who recorded the call",
            "Speaker 3 unknown: -",
            "Lea customer: Fathom has the person as external",
        ]
    );
}

#[test]
fn a_colleague_of_an_avoma_rep_is_no_customer() {
    let speaker = |id: i64, email: &str, rep: bool| json!({"id": id, "name": null, "email": email, "is_rep": rep});
    let words = |id: i64| json!({"speaker_id": id, "transcript": "Good to see you", "timestamps": [id, id, id, id]});
    let call = read(&json!([{"speakers": [speaker(1, "dana@v.example", true), speaker(2, "lea@v.example", false),
        speaker(3, "omar@a.example", false)], "transcript": [words(1), words(2), words(3)]}]));
    let said: Vec<&str> = call.participants.iter().map(|one| one.side.as_str()).collect();
    assert_eq!(said, ["vendor", "vendor", "customer"]);
}

#[test]
fn times_are_read_in_the_unit_they_are_in() {
    let segment = |start: Value, end: Value| json!({"participant_id": "p", "speaker": "Omar", "start": start, "end": end, "text": "Who owns the migration?"});
    let call = read(&json!([segment(json!("12.4"), json!(14.1)), segment(json!("00:01:00"), Value::Null)]));
    assert_eq!(turns(&call), ["12400 Omar: Who owns the migration?", "60000 Omar: Who owns the migration?"]);
    assert_eq!(call.report.warnings, ["the times were read as seconds; Grain's own unit is ms"]);
}

#[test]
fn answers_without_a_transcript_are_refused_by_name() {
    let cases = [
        (
            json!({"errors": [{"message": "Too many requests"}], "data": null}),
            "error answer of a tool (\"Too many requests\")",
        ),
        (json!({"requestId": "r", "errors": ["Call not found"]}), "(\"Call not found\")"),
        (json!({"error": {"code": 404, "message": "Not\nfound", "status": "NOT_FOUND"}}), "(\"Not found\")"),
        (json!({"code": 3301, "message": "No recording."}), "(\"No recording.\")"),
        (json!({"detail": "Not found."}), "(\"Not found.\")"),
        (
            json!({"data": {"transcript": {"title": "Acme", "sentences": null}}}),
            "Fireflies' answer without the sentences of a meeting (\"Acme\")",
        ),
        (json!({"callTranscripts": []}), "Gong's answer without any call"),
        (
            json!({"type": "call", "id": "1", "call_type": "phone", "transcript_status": "in_progress"}),
            "Intercom's description of a call (\"transcript in_progress\")",
        ),
        (
            json!({"calls": [{"id": "1", "title": "Plan", "externalParticipants": [], "status": "PROCESSING"}]}),
            "Clari Copilot's description of a call (\"PROCESSING\")",
        ),
        (
            json!({"data": {"type": "conversation", "attributes": {"name": "Review"}}}),
            "Chorus's description of a conversation (\"Review\")",
        ),
        (
            json!({"transcripts": [{"name": "conferenceRecords/r1/transcripts/t1", "state": "STARTED"}]}),
            "Google Meet's answer without transcript entries (\"state STARTED\")",
        ),
        (json!({"timeline": [{"ts": "00:00:01.000", "users": []}]}), "Zoom's timeline"),
        (
            json!({"uuid": "1", "transcription_uuid": null, "transcript_ready": false, "subject": "Weekly"}),
            "Avoma's description of a meeting (\"Weekly\")",
        ),
        (
            json!({"title": "Demo", "share_url": "u", "recorded_by": {}, "transcript": null}),
            "Fathom's description of a meeting (\"Demo\")",
        ),
        (
            json!({"title": "Demo", "start_datetime": "2026-03-02T10:00:00Z", "end_datetime": null}),
            "Grain's description of a recording (\"Demo\")",
        ),
    ];
    for (file, expected) in cases {
        let said = refused(&file);
        assert!(said.contains(expected) && said.contains("holds no transcript") && !said.contains('\n'), "{said}");
    }
    let other = refused(&json!({"message": "hello", "author": "Dana"}));
    assert!(other.contains("no transcript of a known tool"), "{other}");
}

#[test]
fn holes_in_any_entry_are_no_reason_to_refuse_a_file() {
    let call = read(&json!({"call": {"title": null, "users": null, "transcript": [null, {}, 7, "text", [],
        {"personId": {"a": 1}, "text": 5, "start": {}, "end": []}, {"personId": 4, "text": "Yes.", "start": "1"}]}}));
    assert_eq!(turns(&call), ["1000 Speaker 4: Yes."]);
    assert_eq!((call.report.cues, call.report.dropped.len()), (7, 6));
}
