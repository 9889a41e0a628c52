//! The lines of Google's documents that are no speech, in the languages they come in: title, date, marks of time, the notice
//! about the machine, the end.

use jiff::Timestamp;
use jiff::civil::{DateTime, Time};
use jiff::tz::{Offset, TimeZone};

use super::super::super::clock::{clock_ms, moment};

/// `Transcript` and its relatives: transcription, transcripción, transcrição, trascrizione, Transkript, transkrypcja…
const TRANSCRIPT_STEMS: &[&str] = &["transcri", "trascri", "transkri", "afschrift", "文字起こし", "녹취록"];
/// Ends that do not name the transcript: `Meeting ended after 00:46:43 👋`.
const MEETING_STEMS: &[&str] = &[
    "meeting ended",
    "reunião terminou",
    "reunión terminó",
    "reunión finalizó",
    "réunion terminée",
    "riunione terminata",
    "besprechung",
];
/// Words of the notice that a machine wrote the text.
const MACHINE_STEMS: &[&str] = &["comput", "ordenador", "ordinateur", "ordinador", "コンピュータ"];
/// What stands before the list of those who were there.
const ATTENDEES: &[&str] = &[
    "attendees",
    "participants",
    "teilnehmer",
    "teilnehmende",
    "asistentes",
    "participantes",
    "partecipanti",
    "deelnemers",
    "uczestnicy",
    "参加者",
    "參與者",
    "参会者",
    "참석자",
];
/// Longer lines are no title, mark or end.
const MAX_CHARS: usize = 160;

/// `00:05:10`: where in the call the lines below begin.
pub(super) fn mark(line: &str) -> Option<i64> {
    let line = line.trim_matches(['[', ']', '(', ')']);
    let padded = line.len() == 8 && line.matches(':').count() == 2;
    clock_ms(line).filter(|_| padded)
}

/// `Transcription ended after 00:46:43`: the length of the call.
pub(super) fn end(line: &str) -> Option<i64> {
    let lower = short_lower(line)?;
    let is_end = has_any(&lower, TRANSCRIPT_STEMS) || has_any(&lower, MEETING_STEMS);
    let time = lower.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_ascii_digit())).find_map(mark)?;
    (is_end && !lower.contains(": ")).then_some(time)
}

/// `This editable transcript was computer generated and might contain errors.`
pub(super) fn is_notice(line: &str) -> bool {
    let lower = line.chars().take(MAX_CHARS).flat_map(char::to_lowercase).collect::<String>();
    has_any(&lower, TRANSCRIPT_STEMS) && has_any(&lower, MACHINE_STEMS) && !lower.contains(": ")
}

/// `Transcript`, `📖 Transcript`: the heading of the part that is speech.
pub(super) fn is_section(line: &str) -> bool {
    let word = line.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    !word.contains(char::is_whitespace) && TRANSCRIPT_STEMS.iter().any(|stem| word.starts_with(stem))
}

/// `Kickoff Acme (2026-03-02 at 10:02 GMT+1) - Transcript`: the words before the last dash.
pub(super) fn title(line: &str) -> Option<&str> {
    let (title, last) =
        [" - ", " – ", " — "].iter().filter_map(|dash| line.rsplit_once(dash)).min_by_key(|(_, last)| last.len())?;
    (line.chars().count() <= MAX_CHARS && is_section(last)).then_some(title)
}

/// Whether the names of those who were there follow.
pub(super) fn is_attendees(line: &str) -> bool {
    let lower = line.trim_end_matches(':').to_lowercase();
    ATTENDEES.contains(&lower.as_str())
}

/// Whether the line is a date in any language: a year, a day, and few words besides (`2 de marzo de 2026`, `2026年3月2日`).
pub(super) fn is_date(line: &str) -> bool {
    let numbers: Vec<&str> = line.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty()).collect();
    let of_length =
        |range: std::ops::RangeInclusive<usize>| numbers.iter().filter(|one| range.contains(&one.len())).count();
    let whole = of_length(4..=4) == 1 && (1..=2).contains(&of_length(1..=2)) && numbers.len() <= 3;
    whole && line.split_whitespace().count() <= 5 && !line.contains([':', '(', '-', '/'])
}

/// The date that is all of the line, or the moment inside a title: `(2026-03-02 at 10:02 GMT+1)`, `2026/05/15 10:00 UTC`.
pub(super) fn started_at(line: &str) -> Option<Timestamp> {
    moment(line).or_else(|| {
        let words: Vec<&str> = line.split([' ', '(', ')', ',', '–']).filter(|word| !word.is_empty()).collect();
        let at = words.iter().position(|word| day(word).is_some())?;
        let day = day(words.get(at)?)?;
        let mut rest = words.iter().skip(at + 1).filter(|word| **word != "at");
        let time: Option<Time> = rest.next().and_then(|word| word.parse().ok());
        let offset = rest.next().and_then(|zone| offset(zone));
        // A time in a zone that has no number could be an hour off: then only the day is certain.
        let (time, offset) = time.zip(offset).unwrap_or((Time::midnight(), Offset::UTC));
        let local = DateTime::from_parts(day, time);
        local.to_zoned(TimeZone::fixed(offset)).ok().map(|zoned| zoned.timestamp())
    })
}

fn day(word: &str) -> Option<jiff::civil::Date> {
    let is_day = word.len() == 10 && word.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'/'));
    if is_day { word.replace('/', "-").parse().ok() } else { None }
}

/// `GMT+1`, `GMT-03:30`, `UTC`.
fn offset(zone: &str) -> Option<Offset> {
    let number = zone.strip_prefix("GMT").or_else(|| zone.strip_prefix("UTC"))?;
    let (hours, minutes) = number.split_once(':').unwrap_or((number, "0"));
    let hours: i32 = if hours.is_empty() { 0 } else { hours.replace('−', "-").parse().ok()? };
    let minutes: i32 = minutes.parse().ok()?;
    let minutes = if number.starts_with(['-', '−']) { -minutes } else { minutes };
    Offset::from_seconds(hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?).ok()
}

fn short_lower(line: &str) -> Option<String> {
    (line.len() <= MAX_CHARS * 4 && line.chars().count() <= MAX_CHARS).then(|| line.to_lowercase())
}

fn has_any(text: &str, stems: &[&str]) -> bool {
    stems.iter().any(|stem| text.contains(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_and_notices_are_known_in_other_languages() {
        let ends = [
            ("Transcription ended after 00:46:43", Some(2_803_000)),
            ("La transcripción finalizó después de 00:02:00", Some(120_000)),
            ("A transcrição foi encerrada após 00:00:07", Some(7_000)),
            ("Transcription terminée après 00:42:25", Some(2_545_000)),
            ("Trascrizione terminata dopo 00:17:13", Some(1_033_000)),
            ("Meeting ended after 00:46:43 👋", Some(2_803_000)),
            ("Dana: The transcript ended after 00:46:43", None),
            ("We meet at 00:46:43", None),
        ];
        for (line, expected) in ends {
            assert_eq!(end(line), expected, "{line}");
        }
        assert!(is_notice("Esta transcripción editable se generó por computadora y puede contener errores."));
        assert!(!is_notice("Dana: The transcript was made by a computer."));
    }

    #[test]
    fn a_date_is_one_in_any_language() {
        for line in ["2 mars 2026", "2. März 2026", "2 de marzo de 2026", "2026年3月2日", "Mar 2, 2026"] {
            assert!(is_date(line), "{line}");
        }
        for line in ["Kickoff 2026", "Plan 2026 for 40 seats at 2 sites", "Weekly", "Sync (2026-03-02)"] {
            assert!(!is_date(line), "{line}");
        }
    }

    #[test]
    fn a_title_tells_when_the_call_began() {
        let cases = [
            ("Kickoff (2026-03-02 at 10:02 GMT+1)", Some("2026-03-02T09:02:00Z")),
            ("Kickoff (2026-03-02 at 10:02 GMT-03:30)", Some("2026-03-02T13:32:00Z")),
            ("Sync – 2026/05/15 10:00 CEST", Some("2026-05-15T00:00:00Z")),
            ("Mar 2, 2026", Some("2026-03-02T00:00:00Z")),
            ("Kickoff", None),
        ];
        for (line, expected) in cases {
            assert_eq!(started_at(line), expected.map(|text| text.parse().unwrap()), "{line}");
        }
        assert_eq!(title("Norrland / Osprey - Weekly - Transcript"), Some("Norrland / Osprey - Weekly"));
        assert_eq!(title("Weekly - Plan"), None);
    }
}
