//! The part of a clause that tells: the slice that is quoted, without the answers and fragments in front of it.

use super::dates::{SaidOn, find_when};
use super::modality::Modality;
use super::numbers::has_number;
use super::sentences::{MIN_WORDS, whole_sentences, word_count};
use super::statement::{acknowledges, without_leads};
use super::words::Words;

/// The telling slice of `clause`; `tells` says whether what is left still is the finding.
pub(super) fn telling(clause: &str, tells: impl Fn(&str) -> bool) -> &str {
    let mut rest = clause;
    while let Some(shorter) = behind_fragment(rest).filter(|shorter| tells(shorter)) {
        rest = shorter;
    }
    let rest = before_acknowledgement(rest);
    let led = without_leads(rest);
    if tells(led) { led } else { rest }
}

/// The text behind its first sentence, where that is a fragment whose dates, numbers and hedges are not missed.
fn behind_fragment(text: &str) -> Option<&str> {
    let first = *whole_sentences(text).first()?;
    let rest = text.get(first.len()..)?;
    let (own, more) = (Words::of(first), Words::of(rest));
    let modality = Modality::of(first, &own);
    let dated =
        find_when(first, &own, SaidOn::default()).is_some() && find_when(rest, &more, SaidOn::default()).is_none();
    let opens = Words::of(first.split_whitespace().next().unwrap_or_default());
    let numbered = has_number(&opens) && !has_number(&more);
    let meant = modality.hedged || modality.conditional || modality.roadmap || modality.is_void();
    let spare = word_count(first) < MIN_WORDS && word_count(rest) >= MIN_WORDS && !(dated || numbered || meant);
    spare.then_some(rest)
}

/// The text without sentences at its end that only acknowledge.
fn before_acknowledgement(text: &str) -> &str {
    let mut kept = text;
    while let [_, .., last] = whole_sentences(kept)[..]
        && acknowledges(last)
        && let Some(shorter) = kept.get(..kept.len() - last.len())
    {
        kept = shorter.trim_end();
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_telling_part_is_quoted() {
        for (clause, quote) in [
            ("Yes. Type two. I'll send you the report.", "I'll send you the report."),
            ("Yeah. So we have a connector for it. Good.", "we have a connector for it."),
            ("Okay, then we go live in June.", "we go live in June."),
            ("In January. They revised their standard.", "In January. They revised their standard."),
            ("Three. Okay. We'll cap it at three percent.", "We'll cap it at three percent."),
            ("Twelve dollars. That is what we pay.", "Twelve dollars. That is what we pay."),
            ("Probably. We'll have it by May.", "Probably. We'll have it by May."),
            ("Sixty days. Attachments too.", "Sixty days. Attachments too."),
        ] {
            assert_eq!(telling(clause, |_| true), quote);
        }
        assert_eq!(telling("Nobody knows. The light is on.", |_| false), "Nobody knows. The light is on.");
    }
}
