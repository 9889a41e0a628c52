//! Lines that mail programs and servers add by themselves: advertisements and warnings, nobody's words.

use super::Numbered;

/// How the lines begin that mail programs and servers add by themselves.
const ADDED: &[&str] = &[
    "get outlook for",
    "outlook für",
    "holen sie sich outlook",
    "laden sie outlook",
    "obtenez outlook",
    "télécharger outlook",
    "obtener outlook",
    "obtenga outlook",
    "ottieni outlook",
    "scarica outlook",
    "outlook voor",
    "download outlook",
    "sent from my ",
    "sent from outlook",
    "sent from mail for",
    "sent from yahoo",
    "sent with proton mail",
    "von meinem iphone",
    "von meinem ipad",
    "von meinem samsung",
    "von meinem mobil",
    "gesendet von meinem",
    "gesendet mit der ",
    "diese nachricht wurde von meinem",
    "envoyé de mon",
    "envoyé depuis mon",
    "envoyé à partir de",
    "enviado desde mi",
    "enviado desde outlook",
    "enviado do meu",
    "inviato da iphone",
    "inviato da ipad",
    "inviato dal mio",
    "verstuurd vanaf mijn",
    "verzonden vanaf mijn",
    "skickat från min",
    "sendt fra min",
    "wysłane z",
    "wysłano z",
    "отправлено с",
    "отправлено из",
    "iphone'umdan",
    "iphoneから送信",
    "发自我的",
    "[external",
    "external email",
    "caution: this email originated",
    "this email originated from outside",
    "caution: external",
];
/// Underscores of a line that parts the words from a footer.
const RULE_CHARS: usize = 20;
/// Such a line is short.
const ADDED_CHARS: usize = 160;

/// A line of underscores and then the name of a mailing list: Mailman puts it under every mail.
pub(super) fn is_list_footer(lines: &[Numbered<'_>], at: usize) -> bool {
    let text = |at: usize| lines.get(at).map_or("", |line| line.text.trim());
    let ruled = text(at).len() >= RULE_CHARS && text(at).bytes().all(|byte| byte == b'_');
    ruled && text(at + 1).to_lowercase().contains("mailing list")
}

/// Whether a program has added the line.
pub(super) fn is_added(line: &str) -> bool {
    let line = line.trim().trim_start_matches(['*', '_', '-', ' ']).to_lowercase();
    line.chars().count() <= ADDED_CHARS && ADDED.iter().any(|start| line.starts_with(start)) && is_whole(&line)
}

/// An address aside, such a line has a few words: `Sent from my desk yesterday were …` is somebody's sentence.
fn is_whole(line: &str) -> bool {
    let words = line.split(['<', '(']).next().unwrap_or_default().split_whitespace().count();
    words <= 7 || line.starts_with("caution") || line.contains("originated from outside")
}
