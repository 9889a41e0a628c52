//! Whether a text is a contract: its title, its drafting, its numbered clauses, and the name of its file.

use super::super::super::reading::one_line;
use super::mark;

/// What a contract calls itself in its first lines.
const TITLES: &[&str] = &[
    "order form",
    "statement of work",
    "master subscription",
    "master services agreement",
    "master service agreement",
    "service order",
    "services agreement",
    "service agreement",
    "subscription agreement",
    "license agreement",
    "licence agreement",
    "data processing agreement",
    "non-disclosure agreement",
    "terms of service",
    "work order",
    "addendum",
    "amendment",
    "auftragsformular",
    "bestellformular",
    "vertrag",
    "vereinbarung",
    "auftragsverarbeitung",
    "leistungsbeschreibung",
    "bon de commande",
    "accord de service",
    "accord-cadre",
    "conditions générales",
    "conditions particulières",
    "contrat",
    "contrato",
    "contratto",
    "overeenkomst",
    "acuerdo marco",
    "acuerdo de servicio",
    "hoja de pedido",
    "ordine di acquisto",
    "avtal",
    "umowa",
];
/// Phrases of legal drafting; ordinary notes hold one of them by chance, not three.
const DRAFTING: &[&str] = &[
    " shall ",
    "governed by",
    "effective date",
    "initial term",
    "entire agreement",
    "either party",
    "hereby",
    "terminate",
    "invoiced",
    "written notice",
    "(\"customer\")",
    "(\"client\")",
    "(the \"",
    "renewal",
    "net forty-five",
    "net thirty",
    "in writing",
    "is excluded",
    "are excluded",
    "exclusions",
    "not included",
    "subscription fee",
    "implementation fee",
    "fees",
    "laufzeit",
    "vertragsbeginn",
    "vertragspartei",
    "auftragnehmer",
    "auftraggeber",
    "gerichtsstand",
    "schriftform",
    "haftung",
    "vergütung",
    "kündigung",
    "les parties",
    "le présent",
    "le prestataire",
    "résiliation",
    "ci-après",
    "prend effet",
    "mise en demeure",
    "pénalités",
    "préavis",
    "est exclu",
    "sont exclus",
    "sont exclues",
    "las partes",
    "el presente",
    "el prestador",
    "rescisión",
    "en adelante",
    "vigencia",
    "le parti",
    "il fornitore",
    "recesso",
    "di seguito",
    "opdrachtgever",
    "opdrachtnemer",
    "opzegging",
    "looptijd",
    "as partes",
    "rescisão",
    "vigência",
];
/// Words of a file name that say contract.
const NAME_WORDS: &[&str] = &[
    "contract",
    "sow",
    "msa",
    "dpa",
    "nda",
    "agreement",
    "bestellformular",
    "contrat",
    "contrato",
    "amendment",
    "addendum",
];
/// Words of a file name that say it is only about a contract.
const ABOUT_WORDS: &[&str] =
    &["notes", "note", "call", "meeting", "transcript", "mail", "review", "negotiation", "summary"];
/// The title stands in the first lines.
const TITLE_LINES: usize = 8;
const MAX_TITLE_CHARS: usize = 70;

/// What a file name hints at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::transcript) enum NameHint {
    /// `contract.md`, `order-form.txt`, `SOW_2.md`.
    Contract,
    /// `ae-notes.md`.
    Notes,
    /// Nothing.
    None,
}

impl NameHint {
    pub(in crate::transcript) fn of(name: &str) -> Self {
        let stem = name.rsplit(['/', '\\']).next().unwrap_or(name).to_lowercase();
        let words: Vec<&str> = stem.split(|c: char| !c.is_alphanumeric()).collect();
        let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
        let order_form = words.windows(2).any(|pair| matches!(pair, ["order", "form"])) || has(&["orderform"]);
        if has(&["notes", "notizen"]) {
            Self::Notes
        } else if (order_form || has(NAME_WORDS) || words.iter().any(|word| word.ends_with("vertrag")))
            && !has(ABOUT_WORDS)
        {
            Self::Contract
        } else {
            Self::None
        }
    }
}

/// Whether the text is a contract: numbered clauses, and a contract's title, drafting or file name.
pub(in crate::transcript) fn looks_like(text: &str, hint: NameHint) -> bool {
    // Markdown writes `1\\.` where no list is meant.
    let text = text.replace("\\.", ".");
    let is_clause = |line: &&str| !mark::read(line.trim_start_matches(['#', ' ', '*'])).marks.is_empty();
    let clauses = text.lines().filter(is_clause).take(3).count();
    let lower = text.to_lowercase().replace(['“', '”', '„'], "\"");
    let mut top = lower.lines().map(one_line).filter(|line| !line.is_empty()).take(TITLE_LINES);
    let titled =
        top.any(|line| line.chars().count() <= MAX_TITLE_CHARS && TITLES.iter().any(|title| line.contains(title)));
    let drafting = DRAFTING.iter().filter(|phrase| lower.contains(**phrase)).count();
    match hint {
        NameHint::Notes => false,
        NameHint::Contract => titled || drafting >= 2 || clauses >= 1,
        NameHint::None => clauses >= 3 && drafting >= 3 && (titled || drafting >= 6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_hints_at_a_contract_only_where_it_is_the_contract() {
        let cases = [
            ("contract.md", NameHint::Contract),
            ("deal/Order-Form_v2.txt", NameHint::Contract),
            ("sow.txt", NameHint::Contract),
            ("contract-call.txt", NameHint::None),
            ("contract-notes.md", NameHint::Notes),
            ("disagreement.md", NameHint::None),
        ];
        for (name, expected) in cases {
            assert_eq!(NameHint::of(name), expected, "{name}");
        }
    }
}
