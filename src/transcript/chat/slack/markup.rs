//! Slack's own markup in words people can read: `<@U02ABC>`, `<#C04|deal>`, `<https://…|words>`, `&amp;`.

use super::people::Names;

/// The text with people and channels by their names, links by their words.
pub(super) fn plain(text: &str, names: &Names) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        plain.push_str(before);
        // What the sender typed is escaped, so a bracket that stands there is Slack's.
        let end = after.find(['<', '>', '\n']).filter(|end| after.as_bytes().get(*end) == Some(&b'>'));
        let Some((inside, behind)) = end.and_then(|end| Some((after.get(..end)?, after.get(end + 1..)?))) else {
            plain.push('<');
            rest = after;
            continue;
        };
        plain.push_str(&reference(inside, names));
        rest = behind;
    }
    plain.push_str(rest);
    plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn reference(inside: &str, names: &Names) -> String {
    let (target, words) = inside.split_once('|').map_or((inside, None), |(target, words)| (target, Some(words)));
    let words = words.filter(|words| !words.trim().is_empty());
    let mut chars = target.chars();
    match chars.next() {
        Some('@') => format!("@{}", names.person(chars.as_str()).or(words).unwrap_or(chars.as_str())),
        Some('#') => format!("#{}", words.or_else(|| names.channel(chars.as_str())).unwrap_or(chars.as_str())),
        // `!here`, `!subteam^S1|@sales`, `!date^…|March 2`
        Some('!') => {
            words.map_or_else(|| format!("@{}", chars.as_str().split('^').next().unwrap_or_default()), str::to_owned)
        }
        _ => words.unwrap_or_else(|| target.strip_prefix("mailto:").unwrap_or(target)).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_become_names_and_escapes_become_letters() {
        let cases = [
            ("<@U1> and <@U2|omar>", "@U1 and @omar"),
            ("see <#C1|deal> or <#C2>", "see #deal or #C2"),
            ("<!here> <!subteam^S1|@sales> <!date^1|March 2>", "@here @sales March 2"),
            ("<https://x.example/?a=1&amp;b|the list>, <https://x.example>", "the list, https://x.example"),
            ("<mailto:ap@x.example|ap@x.example>", "ap@x.example"),
            ("5 &lt; 14 &amp;amp; a <b", "5 < 14 &amp; a <b"),
        ];
        for (text, expected) in cases {
            assert_eq!(plain(text, &Names::default()), expected, "{text}");
        }
    }
}
