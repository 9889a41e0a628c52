//! The line that begins a message in Zoom's chat. Every client writes another one:
//!
//! - in the cloud: `00:01:04<tab>Dana Ruiz:<tab>words`, counted from the start of the recording;
//! - saved on the computer: `14:02:11 From Dana Ruiz to Everyone:`, the words behind a tab on the next line, newer clients with the day
//!   before the time;
//! - saved by older clients: `14:02:11<tab> From  Dana Ruiz  to  Everyone : words`, some without a receiver.
//!
//! The words `From` and `to` are in the language of the client.

use jiff::civil::Date;

use super::super::super::clock::clock_ms;

/// `From` and `to` in the languages of Zoom's clients, in lower case.
const FROM_TO: &[(&str, &[&str])] = &[
    ("from", &["to"]),
    ("von", &["an"]),
    ("de", &["à", "a", "para", "to"]),
    ("da", &["a", "per"]),
    ("van", &["aan", "naar"]),
    ("från", &["till"]),
    ("fra", &["til"]),
    ("od", &["do", "komu"]),
    ("от", &["кому", "для", "до"]),
    ("від", &["кому", "до"]),
    ("開始", &["宛先", "に"]),
    ("来自", &["至", "到"]),
    ("發件人", &["收件人"]),
    ("发件人", &["收件人"]),
    ("발신자", &["수신자"]),
];
/// What stands behind the receiver of a message that only two people saw, in lower case.
const PRIVATE: &[&str] =
    &["(direct message)", "(privately)", "(direktnachricht)", "(privat)", "(message direct)", "(mensaje directo)"];

/// Who wrote a message, to whom, when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head<'t> {
    pub day: Option<Date>,
    /// Milliseconds since midnight, or since the start of the recording.
    pub clock: i64,
    /// The cloud's form: the time counts from the start of the recording.
    pub in_cloud: bool,
    pub sender: &'t str,
    pub private: bool,
    /// The words on the same line.
    pub words: &'t str,
}

/// Reads the line as the beginning of a message; none if it is something else.
pub(super) fn read(line: &str) -> Option<Head<'_>> {
    let (day, rest) = day(line);
    let (time, rest) = rest.split_once([' ', '\t'])?;
    let clock = clock_ms(time).filter(|_| time.len() >= 7 && time.matches(':').count() == 2)?;
    let head = Head { day, clock, in_cloud: false, sender: "", private: false, words: "" };
    if let Some((word, rest)) = rest.trim_start().split_once(' ')
        && let Some((_, to)) = FROM_TO.iter().find(|(from, _)| *from == word.to_lowercase())
    {
        return addressed(&head, to, rest);
    }
    let (sender, words) =
        rest.split_once(":\t").or_else(|| rest.trim_end().strip_suffix(':').map(|name| (name, "")))?;
    let sender = Some(sender.trim()).filter(|sender| !sender.is_empty() && line.contains('\t'))?;
    Some(Head { in_cloud: true, sender, words, ..head })
}

/// `2026-03-03 rest`; the order of other dates is unknown, so no day is read from them.
fn day(line: &str) -> (Option<Date>, &str) {
    match line.split_once(' ') {
        Some((first, rest))
            if first.len() == 10 && first.bytes().all(|b| b.is_ascii_digit() || b"-/.".contains(&b)) =>
        {
            (first.parse().ok(), rest.trim_start())
        }
        _ => (None, line),
    }
}

/// `Dana Ruiz to Everyone:`, or with the words behind ` : `.
fn addressed<'t>(head: &Head<'t>, to: &[&str], rest: &'t str) -> Option<Head<'t>> {
    let (people, words) = match rest.split_once(" : ") {
        Some(split) => split,
        None => (rest.trim_end().strip_suffix(':')?, ""),
    };
    let (sender, receiver) = between(people, to).unwrap_or((people, ""));
    let receiver = receiver.to_lowercase();
    let private = PRIVATE.iter().any(|mark| receiver.contains(mark));
    let sender = Some(sender.trim()).filter(|sender| !sender.is_empty())?;
    Some(Head { sender, private, words, ..head.clone() })
}

/// Splits at the last word that means `to`: the receiver is one person or `Everyone`, a sender can call himself anything.
fn between<'t>(people: &'t str, to: &[&str]) -> Option<(&'t str, &'t str)> {
    let mut end = people.len();
    while let Some(at) = people.get(..end)?.rfind(' ') {
        let word = people.get(at + 1..)?.split(' ').next()?;
        if to.contains(&word.to_lowercase().as_str()) && !people.get(..at)?.trim().is_empty() {
            return Some((people.get(..at)?, people.get(at + 1 + word.len()..)?));
        }
        end = at;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_client_begins_a_message_in_its_own_way() {
        let cases = [
            ("00:01:04\tEsme Laurent:\tMorning", Some(("Esme Laurent", "Morning", false))),
            ("14:02:11 From Dana Ruiz to Everyone:", Some(("Dana Ruiz", "", false))),
            ("2026-03-03 10:03:33 From Dana Ruiz To Everyone:", Some(("Dana Ruiz", "", false))),
            ("23:59:30\t From  A B  to  C D(Privately) : My", Some(("A B", "My", true))),
            ("12:58:22\t From  Dana Ruiz : Hi : you", Some(("Dana Ruiz", "Hi : you", false))),
            ("14:02:11 From Road to Rome to Dana Ruiz(Direct Message):", Some(("Road to Rome", "", true))),
            ("18:05:11 От Мария Попова кому Все:", Some(("Мария Попова", "", false))),
            ("18:05:11 Von Dana Ruiz an Alle:", Some(("Dana Ruiz", "", false))),
            ("10:02:11 開始 佐藤 美咲 宛先 全員:", Some(("佐藤 美咲", "", false))),
            ("18:05:11 Dana Ruiz: words", None),
            ("\tFrom Dana Ruiz to Everyone:", None),
            ("00:01:04 From here on we talk", None),
        ];
        for (line, expected) in cases {
            let head = read(line);
            assert_eq!(head.map(|head| (head.sender, head.words, head.private)), expected, "{line}");
        }
    }
}
