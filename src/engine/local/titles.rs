//! Job titles, as a clause words them.

use super::names::is_name;
use super::words::{Phrases, Words, phrases};

phrases! {
    TITLE_NOUNS = "\
        cfo | ceo | cto | cio | coo | ciso | chro | cmo | vp | vice president | president | director | manager | \
        supervisor | head | chief | officer | owner | founder | partner | counsel | lawyer | attorney | controller \
        | comptroller | procurement | purchasing | buyer | engineer | architect | administrator | admin | analyst \
        | coordinator | planner | dispatcher | nurse | physician | doctor | principal | dean | superintendent | \
        foreman | steward | lead | technician | specialist | accountant | bookkeeper | consultant | secretary | \
        treasurer | scheduler | operator | teacher | pharmacist | chairman | chairwoman | chair | developer | \
        assistant | deputy | executive | sponsor | champion";
    /// Titles of the body, and of things.
    FIGURATIVE = "my head | her head | his head | your head | their head | our head | head start | heads up | head count";
    /// Titles that are roles in the deal, or open a longer title.
    NO_TITLES = "champion | sponsor | executive | admin | lead | chief | head | deputy | assistant | partner";
    /// What ends a title.
    TITLE_STOPS = "our | the | my | a | an | is | am | are | and | as | your | their | i'm | he's | she's | that's | who's | of | i | \
        was | like | in | at | for | on | here | from | so | who | with | after | by | there | up | new | but";
}

/// The nouns of titles.
pub(super) fn nouns() -> &'static Phrases {
    &TITLE_NOUNS
}

/// The title a clause names: up to three words before its noun, and what it is of.
pub(super) fn title(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (noun, last) = title_noun(&words)?;
    let ends = |word: &&str| word.ends_with([',', '.', ';', ':', '!', '?']);
    let runs_on = |word: &&&str| !TITLE_STOPS.has(&bare(word)) && !ends(word);
    let before = words.get(..noun)?.iter().rev().take(3).take_while(runs_on).count();
    let mut after = last + 1;
    if words.get(last).is_some_and(|word| !ends(word)) && words.get(after) == Some(&"of") {
        let of = words.get(after + 1..)?;
        let whole = of.iter().take(3).take_while(runs_on).count();
        let closed = whole < 3 && of.get(whole).is_some_and(|word| ends(word) && !TITLE_STOPS.has(&bare(word)));
        after += 1 + whole + usize::from(closed);
    }
    let title = words.get(noun - before..after)?.join(" ");
    Some(title.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()).filter(|title| !title.is_empty())
}

/// Where the title stands: `manager`, `chief` up to `officer`, `lead` with the word behind it, `head` only of something.
fn title_noun(words: &[&str]) -> Option<(usize, usize)> {
    let ends = |at: usize| words.get(at).is_none_or(|word| word.ends_with([',', '.', ';', ':', '!', '?']));
    let titles = |at: &usize| words.get(*at).is_some_and(|word| TITLE_NOUNS.has(&bare(word)));
    (0..words.len()).filter(titles).find_map(|at| {
        let word = bare(words.get(at)?);
        if !NO_TITLES.has(&word) || words.get(at + 1) == Some(&"of") && !ends(at) {
            return Some((at, at));
        }
        let longer = (at + 1..at + 4).take_while(|next| !ends(next - 1)).find(titles);
        let named = at.checked_sub(1).is_some_and(|before| !ends(before) && !TITLE_STOPS.has(&bare(words[before])));
        let next =
            || (word == "lead" && !ends(at)).then_some(at + 1).filter(|&next| !TITLE_STOPS.has(&bare(words[next])));
        let alone = matches!(word.as_str(), "lead" | "admin" | "partner") && named && !is_name(words[at - 1]);
        longer.or_else(next).or_else(|| alone.then_some(at)).map(|last| (at, last))
    })
}

/// The word in lower case without the marks around it.
pub(super) fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

/// `in my head` is no title.
pub(super) fn figurative(words: &Words) -> bool {
    words.any(&FIGURATIVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_read_as_said() {
        for (text, expected) in [
            ("So I'm the head of logistics here.", "head of logistics"),
            ("Ana Petrov, she's our chief financial officer.", "chief financial officer"),
            ("I am head of patient services, so it's mine.", "head of patient services"),
            ("He is the head of cardiology in Lyon.", "head of cardiology"),
            ("Jo Ray, lead electrician on nights.", "lead electrician"),
            ("She was our dock admin, too.", "dock admin"),
            ("He is the night shift supervisor, more or less.", "night shift supervisor"),
        ] {
            assert_eq!(title(text).as_deref(), Some(expected), "{text}");
        }
        for text in
            ["We met at the lake.", "So in my head, it is first.", "I'm the sponsor.", "She has it in her head."]
        {
            assert_eq!(title(text), None, "{text}");
        }
    }
}
