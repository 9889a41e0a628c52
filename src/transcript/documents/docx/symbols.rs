//! Letters of Word's symbol fonts: `<w:sym w:font="Symbol" w:char="F0B0"/>` is a degree sign, in Wingdings a letter is a picture.

use roxmltree::Node;

use super::package::{attribute, is_on};

/// Signs of the font Symbol that change what is said: `≤ 5`, `24 °C`, `± 2`, `15 µg`.
const SYMBOL: &[(u32, &str)] = &[
    (0x2d, "−"),
    (0x44, "Δ"),
    (0x57, "Ω"),
    (0x61, "α"),
    (0x62, "β"),
    (0x67, "γ"),
    (0x6d, "µ"),
    (0x70, "π"),
    (0x73, "σ"),
    (0xa0, "€"),
    (0xa3, "≤"),
    (0xa5, "∞"),
    (0xac, "←"),
    (0xae, "→"),
    (0xb0, "°"),
    (0xb1, "±"),
    (0xb3, "≥"),
    (0xb4, "×"),
    (0xb8, "÷"),
    (0xb9, "≠"),
    (0xbb, "≈"),
    (0xd2, "®"),
    (0xd3, "©"),
    (0xd4, "™"),
    (0xde, "⇒"),
    (0xe2, "®"),
    (0xe3, "©"),
    (0xe4, "™"),
];
/// Boxes that forms are ticked with, in Wingdings; all its other signs are ornaments.
const TICKED: &[u32] = &[0xfe, 0xfd, 0x52, 0x53];
const OPEN: &[u32] = &[0xa8, 0x6f, 0xa3];
const ORNAMENT: &str = " ";

/// What a sign of a symbol font says.
pub(super) fn symbol(node: Node<'_, '_>) -> &'static str {
    // The same letter, as such or in the area for private use.
    let code = attribute(node, "char").and_then(|code| u32::from_str_radix(code, 16).ok()).map(|code| code & 0xff);
    let Some(code) = code else { return ORNAMENT };
    if attribute(node, "font").is_some_and(|font| font.eq_ignore_ascii_case("Symbol")) {
        return SYMBOL.iter().find(|(sign, _)| *sign == code).map_or(ORNAMENT, |(_, text)| *text);
    }
    ticked_box(TICKED.contains(&code), OPEN.contains(&code))
}

/// A box of a form's field.
pub(super) fn check_box(node: Node<'_, '_>) -> &'static str {
    let is_ticked = is_on(node, "checked").or_else(|| is_on(node, "default")).unwrap_or(false);
    ticked_box(is_ticked, true)
}

const fn ticked_box(is_ticked: bool, is_box: bool) -> &'static str {
    match (is_ticked, is_box) {
        (true, _) => "[x] ",
        (false, true) => "[ ] ",
        (false, false) => ORNAMENT,
    }
}
