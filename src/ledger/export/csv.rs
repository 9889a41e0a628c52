//! The ledger as CSV, for people who open it in a spreadsheet.

use super::TEXT_COLUMNS;
use crate::error::Error;
use crate::ledger::entry::LedgerEntry;

pub(super) fn write(entries: &[LedgerEntry]) -> Result<Vec<u8>, Error> {
    let mut lines = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| Error::Internal(error.into());
    let head = TEXT_COLUMNS.iter().map(|(name, _)| *name).chain(["due_on", "amount", "closed_at"]);
    lines.write_record(head).map_err(failed)?;
    for entry in entries {
        let texts = TEXT_COLUMNS.iter().map(|(_, text)| text(entry).map(harmless).unwrap_or_default());
        let due = entry.due_on.map(|day| day.to_string()).unwrap_or_default();
        let closed = entry.deal.closed_at.map(|at| at.to_string()).unwrap_or_default();
        // A decimal as it is kept: a credit begins with its sign and stays a number.
        let amount = entry.deal.amount.clone().unwrap_or_default();
        lines.write_record(texts.chain([due, amount, closed])).map_err(failed)?;
    }
    lines.into_inner().map_err(|error| Error::Internal(anyhow::anyhow!("{error}")))
}

/// A text that no spreadsheet takes for a formula: what begins like one gets an apostrophe before it.
pub(crate) fn harmless(text: String) -> String {
    let begins_formula =
        text.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    if begins_formula || text.starts_with(['\t', '\r', '\n']) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_begins_like_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =HYPERLINK(\"x\")", "＝1"] {
            assert_eq!(harmless(text.to_owned()), format!("'{text}"));
        }
        for text in ["Go live", "'quoted'", "", "a=b"] {
            assert_eq!(harmless(text.to_owned()), text);
        }
    }
}
