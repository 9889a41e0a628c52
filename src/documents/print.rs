//! Documents as HTML to print: nothing of them can run, load or lead anywhere it should not.

use pulldown_cmark::{Alignment, Event, Options, Parser, Tag, TagEnd, html};

/// The Markdown as HTML, to stand inside a page. HTML in it is shown as text; links lead to web pages and mail addresses only;
/// pictures are replaced by their description, because nothing is loaded from elsewhere.
#[must_use]
pub fn print_html(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    // Whether each open link is one that stays.
    let mut open = Vec::new();
    let events = Parser::new_ext(markdown, options).filter_map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        // An alignment would be written as an inline style, which no page of Baton may carry.
        Event::Start(Tag::Table(columns)) => Some(Event::Start(Tag::Table(vec![Alignment::None; columns.len()]))),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Link { ref dest_url, .. }) => {
            open.push(leads_somewhere_known(dest_url));
            open.last().copied().unwrap_or_default().then_some(event)
        }
        Event::End(TagEnd::Link) => open.pop().unwrap_or_default().then_some(event),
        _ => Some(event),
    });
    let mut page = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut page, events);
    // Markdown has no table without a head; a cell of it that says nothing heads nothing.
    page.replace("<th></th>", "<td></td>")
}

fn leads_somewhere_known(address: &str) -> bool {
    let scheme = address.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https" | "mailto"))
}

#[cfg(test)]
mod tests {
    use super::print_html;

    #[test]
    fn markup_is_kept_and_html_is_text() {
        let page = print_html(
            "# A *title*\n\n<script>alert(1)</script>\n\na <b onclick=x>b</b> ~~c~~\n\n| a |\n| --- |\n| b |\n",
        );
        assert!(
            page.contains("<h1>A <em>title</em></h1>") && page.contains("<del>c</del>") && page.contains("<td>b</td>")
        );
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && page.contains("&lt;b onclick=x&gt;"));
        assert!(!page.contains("<script") && !page.contains("<b "));
    }

    #[test]
    fn tables_carry_no_style_of_their_own() {
        let page = print_html("| a | b |\n| --: | :-: |\n| c | d |\n");
        assert!(page.contains("<th>a</th>") && page.contains("<td>d</td>") && !page.contains("style"), "{page}");
        let facts = print_html("| | |\n| --- | --- |\n| Value | 12 |\n");
        assert!(!facts.contains("<th>") && facts.contains("<td>Value</td>"), "{facts}");
    }

    #[test]
    fn links_lead_to_web_pages_and_mail_only_and_nothing_is_loaded() {
        let page = print_html(
            "[a](https://a.example) [m](mailto:a@b.example) [j](javascript:alert(1)) [J](JaVaScRiPt:alert%281%29) \
             [d](data:text/html;base64,PHM+) [r](/logout) <javascript:alert(2)> ![pic *x*](https://evil.example/p.png)",
        );
        assert_eq!(page.matches("<a href").count(), 2, "{page}");
        assert!(page.contains("href=\"https://a.example\"") && page.contains("href=\"mailto:a@b.example\""));
        assert!(!page.contains("<img") && !page.contains("evil.example") && page.contains("pic <em>x</em>"));
    }
}
