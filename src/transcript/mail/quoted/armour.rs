//! The lines that PGP puts around words it signs (RFC 4880, 6.2 and 7), and around what it encrypts.

use super::Numbered;

/// What is said of encrypted text.
pub(in crate::transcript::mail) const ENCRYPTED_TEXT: &str = "encrypted text (PGP)";
const SIGNED: &str = "SIGNED MESSAGE";

/// What stands between the dashes of `-----BEGIN PGP SIGNATURE-----`.
fn begins(line: &str) -> Option<&str> {
    line.trim_end().strip_prefix("-----BEGIN PGP ")?.strip_suffix("-----")
}

/// Whether armour begins on the line: how many lines it has, and what it is.
pub(super) fn armour(lines: &[Numbered<'_>], at: usize) -> Option<(usize, &'static str)> {
    let rest = lines.get(at..)?;
    let kind = begins(rest.first()?.text)?;
    if kind == SIGNED {
        let headers = rest.iter().take_while(|line| !line.text.trim().is_empty()).count();
        return Some((headers, "head of a signed text (PGP)"));
    }
    let is_end = |line: &Numbered<'_>| line.text.starts_with("-----END PGP ");
    let length = rest.iter().position(is_end).map_or(rest.len(), |end| end + 1);
    Some((length, if kind == "MESSAGE" { ENCRYPTED_TEXT } else { "signature or key (PGP)" }))
}

/// The lines with those of a signed text as they were written: it has `- ` before every dash.
pub(in crate::transcript::mail) fn unescaped<'t>(lines: impl Iterator<Item = Numbered<'t>>) -> Vec<Numbered<'t>> {
    let mut signed = false;
    let unescape = |line: Numbered<'t>| {
        signed = begins(line.text).map_or(signed, |kind| kind == SIGNED);
        let text = line.text.strip_prefix("- ").filter(|text| signed && text.starts_with('-'));
        Numbered { text: text.unwrap_or(line.text), ..line }
    };
    lines.map(unescape).collect()
}
