//! What is seen of HTML: blocks with their line, the headings above them and the quotes around them.
//!
//! A WHATWG tokenizer (`html5gum`, kept: it knows at which byte a tag starts, and takes linear time whatever it is given)
//! gives the tags. One pass over them makes blocks, without a tree and without recursion, however deep they nest. Scripts,
//! styles, comments and what a style hides are in the report, never words. Notes, pages, podcasts and mails are read with it.

mod build;
mod elements;
mod line_count;
mod mails;
mod rows;
mod stack;
mod tokens;
mod walk;

pub(super) use build::{Kind, Page, Part};
pub(super) use elements::{Role, is_void, role};
pub(super) use walk::walk;

/// What is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// A page or note: a paragraph, list item or table row is a block.
    Page,
    /// A podcast's transcript: `cite` and `time` stand by themselves, an empty `p` counts.
    Podcast,
    /// Text without tags: its line ends count.
    Plain,
    /// A mail: every line is a block, and one without words is the space between paragraphs. Headings are words.
    Mail,
}

/// Whether the word is one of those in the list.
fn is_one_of(word: &str, list: &str) -> bool {
    list.split_ascii_whitespace().any(|one| one == word)
}
