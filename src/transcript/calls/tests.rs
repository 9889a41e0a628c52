//! Ways to write a call down that no fixture has, and notes that look like one.

use super::read;
use crate::domain::transcript::Format::{
    self, GeminiNotes, GoogleMeetText, NameText, NameTimeText, OtterText, TimedText,
};

/// The format, and the cues as `seconds speaker: words`.
fn told(text: &str) -> Option<(Format, Vec<String>)> {
    let reading = read(text, false)?;
    let line = |cue: &crate::transcript::reading::Cue| {
        let time = cue.start_ms.map(|ms| format!("{} ", ms / 1000)).unwrap_or_default();
        format!("{time}{}: {}", cue.speaker.as_deref().unwrap_or("-"), cue.text)
    };
    Some((reading.format, reading.cues.iter().map(line).collect()))
}

#[test]
fn calls_are_read_however_a_tool_writes_them() {
    let three = ["5 Dana Ruiz: Hi Omar.", "9 Omar: Hi Dana.", "12 Dana Ruiz: So."];
    let cases = [
        ("Dana Ruiz\t0:05\nHi Omar.\n\nOmar\t0:09\nHi Dana.\n\nDana Ruiz\t0:12\nSo.", OtterText),
        ("0:05 - Dana Ruiz\n  Hi Omar.\n\n0:09 - Omar\n  Hi Dana.\n\n0:12 - Dana Ruiz\n  So.", NameTimeText),
        ("Dana Ruiz - 0:05\nHi Omar.\n\nOmar - 0:09\nHi Dana.\n\nDana Ruiz - 0:12\nSo.", NameTimeText),
        ("Dana Ruiz [0:05]\nHi Omar.\n\nOmar [0:09]\nHi Dana.\n\nDana Ruiz [0:12]\nSo.", NameTimeText),
        ("Dana Ruiz\n0:05\nHi Omar.\n\nOmar\n0:09\nHi Dana.\n\nDana Ruiz\n0:12\nSo.", NameTimeText),
        ("0:05\nDana Ruiz: Hi Omar.\n0:09\nOmar: Hi Dana.\n0:12\nDana Ruiz: So.", TimedText),
        ("Dana Ruiz: (0:05) Hi Omar.\nOmar: (0:09) Hi Dana.\nDana Ruiz: (0:12) So.", NameTimeText),
        ("[0:05 - 0:08] Dana Ruiz: Hi Omar.\n[0:09 - 0:11] Omar: Hi Dana.\n[0:12 - 0:14] Dana Ruiz: So.", TimedText),
        ("0:05 Dana Ruiz: Hi Omar.\n0:09 Omar: Hi Dana.\n0:12 Dana Ruiz: So.", TimedText),
        ("[0:05] [Dana Ruiz]: Hi Omar.\n[0:09] [Omar]: Hi Dana.\n[0:12] [Dana Ruiz]: So.", TimedText),
        (
            "[5.00s -> 8.2s] Dana Ruiz: Hi Omar.\n[9.00s -> 9.9s] Omar: Hi Dana.\n[12.0s -> 13.1s] Dana Ruiz: So.",
            TimedText,
        ),
        (
            "start\tend\tspeaker\ttext\n5000\t8000\tDana Ruiz\tHi Omar.\n9000\t9500\tOmar\tHi Dana.\n12000\t12500\tDana Ruiz\tSo.",
            TimedText,
        ),
        ("Dana Ruiz (0:05):\nHi Omar.\n\nOmar (0:09):\nHi Dana.\n\nDana Ruiz (0:12):\nSo.", NameTimeText),
        ("**[0:05] Dana Ruiz:** Hi Omar.\n\n**[0:09] Omar:** Hi Dana.\n\n**[0:12] Dana Ruiz:** So.", TimedText),
    ];
    for (text, format) in cases {
        assert_eq!(told(text), Some((format, three.map(str::to_owned).to_vec())), "{text}");
    }
    let (format, cues) = told("agent: hi there\ncustomer: hi\nagent: so\ncustomer: bye").unwrap();
    assert_eq!((format, cues[1].as_str()), (NameText, "customer: hi"));
}

#[test]
fn notes_do_not_become_calls() {
    let notes = [
        "Kunde: Lindenhof\nRisiko: Datenschutz\nFrage: wer zahlt?\nRisiko: Betriebsrat\nFrage: wann?\nRisiko: Geld",
        "Harbor: first dock\nHarbor: second dock\nMill: later\nMill: never\nMill: maybe",
        "9:00 Welcome\n9:30 Pricing\n10:15 Break\n11:00 Close",
        "9:00 - Welcome\nby Dana\n\n9:30 - Pricing\nby Omar\n\n10:00 - Pricing\nagain",
        "09:30\nmet Priya\n\n10:15\nhall two\n\n11:00\ncoffee",
        "Next steps\nDana: send the list\nOmar: check it\nDana: book the room\nOmar: ask legal\n\nSummary\nWe agreed.",
        "Summary\nWe should review Gemini's notes, I think.\n\nDetails\nNone.",
    ];
    for text in notes {
        assert_eq!(told(text), None, "{text}");
    }
}

#[test]
fn google_is_read_in_other_languages_and_as_markdown() {
    let text = "Semanal – Transcrição\nParticipantes\nAna Souza, Bruno\nTranscrição\n00:00:00\n\nAna Souza: Bom dia.\nbruno: Olá.\n\
        \n00:05:01\n\nAna Souza: Sim.\nA transcrição foi encerrada após 00:06:10";
    let cues = ["0 Ana Souza: Bom dia.", "0 bruno: Olá.", "301 Ana Souza: Sim."];
    assert_eq!(told(text), Some((GoogleMeetText, cues.map(str::to_owned).to_vec())));
    let text = "# **📖 Transcript**\n\n## **Sync \\- Transcript**\n\n### **00:00:34** {#00:00:34}\n\n**edwin:** f\\*\\*\\*\n\n\
        **Lucas (SCN\\&Co):** Aham.  \n&nbsp;\n\n### **Transcription ended after 00:02:00**";
    let cues = ["34 edwin: f***", "34 Lucas (SCN&Co): Aham."];
    assert_eq!(told(text), Some((GoogleMeetText, cues.map(str::to_owned).to_vec())));
    let text = "## **Sync**\n\nInvited [Dana](mailto:dana@a.example)\n\n### **Next steps**\n\n- [ ] \\[Dana\\] Call: Call Omar.\n\n\
        *You should review Gemini's notes to make sure they're accurate.*";
    assert_eq!(told(text), Some((GeminiNotes, vec!["-: [Dana] Call: Call Omar.".to_owned()])));
}
