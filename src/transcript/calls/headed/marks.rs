//! What tools write between and below the words of a call, and nobody said: Otter's footer, and the marks of Fathom,
//! `ACTION ITEM: Send the pack - WATCH: https://fathom.video/…`.

/// How a mark of Fathom begins.
const BEGINNINGS: [&str; 2] = ["ACTION ITEM: ", "SCREEN SHARING: "];
/// How it goes on behind what it says; it ends with the link.
const LINK: &str = " - WATCH: http";

/// `Transcribed by https://otter.ai`.
pub(super) fn is_footer(text: &str) -> bool {
    text.len() <= 80 && text.to_lowercase().starts_with("transcribed by ") && text.contains("otter.ai")
}

/// The words of a line without the marks of Fathom; none if it has no mark.
pub(super) fn without(line: &str) -> Option<String> {
    let mut words = String::new();
    let mut rest = line;
    while let Some((before, link)) = rest.split_once(LINK) {
        let mark = BEGINNINGS.iter().filter_map(|beginning| before.rfind(beginning)).max();
        if let Some((said, _)) = mark.and_then(|at| before.split_at_checked(at)) {
            words.push_str(said);
            rest = link.split_once(char::is_whitespace).map_or("", |(_, behind)| behind);
        } else {
            words.extend([before, LINK]);
            rest = link;
        }
    }
    words.push_str(rest);
    (words.len() < line.len()).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_words_around_a_mark_are_said() {
        let cases = [
            ("ACTION ITEM: Send the pack - WATCH: https://fathom.example/a?t=1", Some("")),
            ("Right. ACTION ITEM: Send it - WATCH: https://fathom.example/a  By Friday.", Some("Right.  By Friday.")),
            ("SCREEN SHARING: Dana started - WATCH: https://fathom.example/a", Some("")),
            ("The ACTION ITEM: is mine", None),
            ("We read it - WATCH: https://fathom.example/a", None),
        ];
        for (line, expected) in cases {
            assert_eq!(without(line).as_deref(), expected, "{line}");
        }
    }
}
