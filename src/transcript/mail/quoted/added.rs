//! Lines that mail programs and servers add by themselves: advertisements and warnings, nobody's words.

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
/// Such a line is short.
const ADDED_CHARS: usize = 160;

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
