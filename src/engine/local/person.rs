//! First and second person to third: "we'll send you" as "the vendor will send the customer", or nothing where a verb or a
//! reference could go wrong.

/// Who the pronouns of a clause stand for, as written inside a sentence; none where it cannot be told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cast<'a> {
    /// "I".
    pub me: Option<&'a str>,
    /// "We".
    pub us: Option<&'a str>,
    /// "You".
    pub you: Option<&'a str>,
}

/// Verb forms behind "I", "we" or "you", and behind a name.
const AGREEMENT: &[(&str, &str)] = &[
    ("am", "is"),
    ("are", "is"),
    ("aren't", "isn't"),
    ("were", "was"),
    ("weren't", "wasn't"),
    ("have", "has"),
    ("haven't", "hasn't"),
    ("do", "does"),
    ("don't", "doesn't"),
];
/// Verbs that only take an `s` behind a name.
const REGULAR: &[&str] = &[
    "need", "want", "run", "own", "pay", "get", "know", "see", "think", "believe", "expect", "keep", "plan", "hope",
    "owe", "work", "sign", "stay", "lose", "trust", "use", "head", "lead", "manage", "look", "report", "prefer",
];
/// Verb forms that are the same behind every subject.
const INVARIABLE: &[&str] = &[
    "will",
    "won't",
    "can",
    "can't",
    "cannot",
    "should",
    "shouldn't",
    "would",
    "wouldn't",
    "could",
    "couldn't",
    "must",
    "might",
    "may",
    "had",
    "hadn't",
    "did",
    "didn't",
    "was",
    "wasn't",
    "lost",
    "threw",
    "went",
    "got",
    "said",
    "came",
    "sold",
    "made",
    "took",
    "gave",
    "found",
    "paid",
    "kept",
    "told",
    "met",
    "saw",
    "built",
    "bought",
    "thought",
    "knew",
];
const ADVERBS: &[&str] = &[
    "just",
    "also",
    "still",
    "really",
    "already",
    "only",
    "never",
    "always",
    "actually",
    "probably",
    "definitely",
    "currently",
    "usually",
    "both",
];
/// Words behind which "you" is an object.
const GOVERNORS: &[&str] = &[
    "to", "for", "with", "from", "of", "at", "by", "on", "behind", "without", "than", "send", "sent", "give", "gives",
    "gave", "get", "gets", "charge", "show", "shows", "help", "helps", "call", "mail", "email", "offer", "offers",
    "tell", "told", "hand", "ship", "assign", "cost", "costs", "let", "bring", "lend", "set", "walk", "bill",
    "invoice", "keep", "save", "saves", "refund", "put", "ask", "asked", "meet", "pay", "quote", "connect", "support",
    "cap",
];
/// Words whose person cannot be changed.
const FIXED: &[&str] = &[
    "mine",
    "ours",
    "yours",
    "myself",
    "meself",
    "ourselves",
    "yourself",
    "yourselves",
    "yerself",
    "yous",
    "youse",
    "let's",
    "y'all",
];

/// The clause in the third person; none where that cannot be done safely. A clause without persons stays as it is.
pub(super) fn third_person(clause: &str, cast: Cast<'_>) -> Option<String> {
    let tokens: Vec<Token> = clause.split(' ').map(Token::of).collect();
    let mut rewritten: Vec<String> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let (text, used) = rewrite(&tokens, at, cast)?;
        let opens = at.checked_sub(1).and_then(|before| tokens.get(before)).is_none_or(Token::ends_sentence);
        rewritten.push(if opens && token.text != text { capitalized(&text) } else { text });
        at += used.max(1);
    }
    Some(rewritten.join(" "))
}

/// With a capital letter at the start.
pub(super) fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// A word between spaces.
struct Token<'a> {
    text: &'a str,
    /// In lower case, with a straight apostrophe, without what stands around it.
    core: String,
    /// The marks before and behind it.
    marks: (&'a str, &'a str),
}

impl<'a> Token<'a> {
    fn of(text: &'a str) -> Self {
        let core = text.trim_matches(|c: char| !c.is_alphanumeric());
        let marks = if core.is_empty() { None } else { text.split_once(core) };
        let core = core.to_lowercase().replace('\u{2019}', "'");
        Self { text, core, marks: marks.unwrap_or_default() }
    }

    fn ends_sentence(&self) -> bool {
        self.text.ends_with(['.', '!', '?'])
    }

    fn with(&self, core: &str) -> String {
        format!("{}{core}{}", self.marks.0, self.marks.1)
    }
}

/// What the token at `at` becomes, and how many tokens that takes up.
fn rewrite(tokens: &[Token<'_>], at: usize, cast: Cast<'_>) -> Option<(String, usize)> {
    let token = tokens.get(at)?;
    let before = at.checked_sub(1).and_then(|before| tokens.get(before)).filter(|before| before.marks.1.is_empty());
    let before = before.map_or("", |token| token.core.as_str());
    let (pronoun, contraction) =
        token.core.split_once('\'').map_or((token.core.as_str(), None), |(stem, rest)| (stem, Some(rest)));
    match (pronoun, contraction) {
        _ if FIXED.contains(&token.core.as_str()) => None,
        ("me" | "us", None) if before == "let" => None,
        ("me", None) => Some((token.with(cast.me?), 1)),
        ("us", None) => Some((token.with(cast.us?), 1)),
        ("my", None) => Some((token.with(&format!("{}'s", cast.me?)), 1)),
        ("our", None) => Some((token.with(&format!("{}'s", cast.us?)), 1)),
        ("your", None) => Some((token.with(&format!("{}'s", cast.you?)), 1)),
        ("you", None) if is_object(tokens, at, before) => {
            let group = tokens.get(at + 1).filter(|next| matches!(next.core.as_str(), "guys" | "all" | "folks"));
            Some((group.unwrap_or(token).with(cast.you?), 1 + usize::from(group.is_some())))
        }
        ("i" | "we" | "you", _) => {
            let subject = subject(pronoun, before, cast)?;
            contraction.map_or_else(
                || conjugated(tokens, at, subject, before),
                |ending| Some((token.with(&format!("{subject} {}", expanded(ending, tokens.get(at + 1))?)), 1)),
            )
        }
        _ => Some((token.text.to_owned(), 1)),
    }
}

/// Who a pronoun in front of a verb is; behind "if", "we" may be both companies.
fn subject<'a>(pronoun: &str, before: &str, cast: Cast<'a>) -> Option<&'a str> {
    match pronoun {
        "i" => cast.me,
        "we" if matches!(before, "if" | "once" | "when" | "until" | "unless" | "whether") => None,
        "we" => cast.us,
        _ => cast.you,
    }
}

fn is_object(tokens: &[Token<'_>], at: usize, before: &str) -> bool {
    let ends = tokens.get(at).is_some_and(|token| !token.marks.1.is_empty()) || at + 1 == tokens.len();
    let verb = tokens.get(at + 1).is_some_and(|next| agreed(&next.core).is_some());
    !before.is_empty() && ends || GOVERNORS.contains(&before) && !verb
}

/// The verb of a contraction behind a name; `'d` only where it cannot be "had".
fn expanded(ending: &str, next: Option<&Token<'_>>) -> Option<&'static str> {
    match ending {
        "ll" => Some("will"),
        "m" | "re" => Some("is"),
        "ve" => Some("has"),
        "d" => {
            let next = next?.core.as_str();
            let had = matches!(next, "better" | "been" | "had") || INVARIABLE.contains(&next) || next.ends_with("ed");
            (!had || next == "need").then_some("would")
        }
        _ => None,
    }
}

/// The subject with the verb that follows it, adverbs between them included.
fn conjugated(tokens: &[Token<'_>], at: usize, subject: &str, before: &str) -> Option<(String, usize)> {
    let pronoun = tokens.get(at).filter(|token| token.marks.1.is_empty())?;
    let rest = tokens.get(at + 1..)?;
    let skipped = rest.iter().take_while(|token| ADVERBS.contains(&token.core.as_str())).count();
    let verb = rest.get(skipped)?;
    let form = agreed(&verb.core)?;
    if before == "and" && pronoun.core == "i" && form != verb.core
        || rest.iter().take(skipped).any(|adverb| adverb.core == "both")
    {
        return None;
    }
    let mut words = vec![format!("{}{subject}", pronoun.marks.0)];
    words.extend(rest.iter().take(skipped).map(|adverb| adverb.text.to_owned()));
    words.push(verb.with(&form));
    Some((words.join(" "), 2 + skipped))
}

/// The form of a verb behind a name; none for a verb that is not known.
fn agreed(verb: &str) -> Option<String> {
    let listed = AGREEMENT.iter().find(|(plain, _)| *plain == verb).map(|(_, form)| (*form).to_owned());
    let regular = || REGULAR.contains(&verb).then(|| format!("{verb}s"));
    let past = verb.ends_with("ed") && !verb.ends_with("eed");
    listed.or_else(regular).or_else(|| (past || INVARIABLE.contains(&verb)).then(|| verb.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAST: Cast<'_> = Cast { me: Some("Ana Petrov"), us: Some("the vendor"), you: Some("the customer") };

    #[test]
    fn persons_are_named_and_verbs_agree() {
        for (said, told) in [
            ("We'll send you your list.", "The vendor will send the customer the customer's list."),
            (
                "Then I'll own it, and we need it by May.",
                "Then Ana Petrov will own it, and the vendor needs it by May.",
            ),
            ("We were down for two days.", "The vendor was down for two days."),
            ("I just have to ask.", "Ana Petrov just has to ask."),
            ("If you don't sign, we\u{2019}ve lost it.", "If the customer doesn't sign, the vendor has lost it."),
            ("Walter and I will get you a name.", "Walter and Ana Petrov will get the customer a name."),
            ("For you guys, it's free.", "For the customer, it's free."),
            ("Nine sites go live in June.", "Nine sites go live in June."),
            ("\u{2013} it is ours? No.", ""),
        ] {
            assert_eq!(third_person(said, CAST).unwrap_or_default(), told, "{said}");
        }
    }

    #[test]
    fn what_could_go_wrong_is_left_alone() {
        for said in [
            "If we sign in April, it is live in June.",
            "Walter and I have a name.",
            "I'd had enough.",
            "We grow twelve percent.",
            "Let us see.",
            "No charge, you stick it on the wall.",
            "It is on the ones you pick.",
            "We both know.",
        ] {
            assert_eq!(third_person(said, CAST), None, "{said}");
        }
        let unknown = Cast { me: Some("Ana"), us: None, you: None };
        assert_eq!(third_person("We'll see it.", unknown), None);
        assert_eq!(third_person("I'll see it.", unknown).as_deref(), Some("Ana will see it."));
    }
}
