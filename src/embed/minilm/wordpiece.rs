//! Texts to token ids, the way the bundled encoder was trained: lower case, no accents, `WordPiece`, at most 256 tokens.

use std::collections::HashMap;

use rten_text::models::{Model as _, WordPiece};
use rten_text::normalizers::{self, Normalizer as _};
use rten_text::pre_tokenizers::{self, PreTokenizer as _};
use serde::Deserialize;

use super::model_error;
use crate::embed::EmbedError;

/// The length the model was trained for, with the two tokens that frame a text.
pub(super) const MAX_TOKENS: usize = 256;
/// More characters than any text of [`MAX_TOKENS`] needs; what stands behind them is never tokenized.
const MAX_CHARS: usize = 8 * 1024;

/// The vocabulary of `tokenizer.json`, and the fixed steps around it.
///
/// The steps are rten-text's own. Its `Tokenizer`, which would chain them, cannot be shared between threads, and panics
/// where it maps the offsets of a word of several pieces back through the normalizer; offsets are not needed here.
pub(super) struct Tokenizer {
    normalizer: normalizers::Bert,
    splitter: pre_tokenizers::Bert,
    pieces: WordPiece,
    start: i32,
    end: i32,
}

#[derive(Deserialize)]
struct TokenizerFile {
    model: ModelSection,
}

#[derive(Deserialize)]
struct ModelSection {
    vocab: HashMap<String, u32>,
}

impl Tokenizer {
    /// Reads the vocabulary from the text of a `tokenizer.json`; its padding and truncation are not ours and are ignored.
    pub(super) fn from_json(json: &str) -> Result<Self, EmbedError> {
        let file: TokenizerFile = serde_json::from_str(json).map_err(|error| model_error("tokenizer.json", error))?;
        let pieces = WordPiece::from_vocab(file.model.vocab, rten_text::models::WordPieceOptions::default());
        let special = |token: &str| {
            let id = pieces.get_token_id(token).and_then(|id| i32::try_from(id).ok());
            id.ok_or_else(|| EmbedError::Model(format!("the vocabulary has no usable {token}")))
        };
        let (start, end) = (special("[CLS]")?, special("[SEP]")?);
        let normalizer = normalizers::Bert::new(normalizers::BertOptions { lowercase: true, strip_accents: true });
        Ok(Self { normalizer, splitter: pre_tokenizers::Bert::new(), pieces, start, end })
    }

    /// Token ids of `text`, framed by the start and end tokens, cut to [`MAX_TOKENS`].
    pub(super) fn encode(&self, text: &str) -> Result<Vec<i32>, EmbedError> {
        let mut ids = vec![self.start];
        let text = clean(text);
        let (normalized, _) = self.normalizer.normalize(&text).map_err(|error| model_error("normalizing", error))?;
        let words = self.splitter.pre_tokenize(&normalized).map_err(|error| model_error("splitting", error))?;
        for word in words {
            if ids.len() >= MAX_TOKENS {
                break;
            }
            self.pieces
                .encode_with_offsets(word, &mut |_, id| ids.push(i32::try_from(id).unwrap_or_default()))
                .map_err(|error| model_error("tokenizing", error))?;
        }
        ids.truncate(MAX_TOKENS - 1);
        ids.push(self.end);
        Ok(ids)
    }
}

/// Cuts, drops control characters and sets ideographs apart: the part of BERT's cleaning that rten-text leaves out.
fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len().min(MAX_CHARS));
    for c in text.chars().take(MAX_CHARS) {
        match c {
            '\u{0}' | '\u{FFFD}' | '\u{200B}'..='\u{200F}' | '\u{FEFF}' => {}
            '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{F900}'..='\u{FAFF}' => {
                cleaned.extend([' ', c, ' ']);
            }
            c if c.is_whitespace() => cleaned.push(' '),
            c if c.is_control() => {}
            c => cleaned.push(c),
        }
    }
    cleaned
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tokenizer() -> Tokenizer {
        Tokenizer::from_json(include_str!("../../../models/tokenizer.json")).unwrap()
    }

    #[test]
    fn tokens_are_those_of_the_reference_tokenizer() {
        let tokenizer = tokenizer();
        for (text, ids) in [
            ("", vec![101, 102]),
            ("Hello, World!", vec![101, 7592, 1010, 2088, 999, 102]),
            ("  caf\u{e9}\tna\u{ef}ve ", vec![101, 7668, 15743, 102]),
            ("we'll go live", vec![101, 2057, 1005, 2222, 2175, 2444, 102]),
        ] {
            assert_eq!(tokenizer.encode(text).unwrap(), ids, "{text:?}");
        }
    }

    #[test]
    fn words_of_many_pieces_do_not_panic() {
        for text in ["qzx", "xxqzvw qzx", "\u{1F642}\u{1F642}", "\u{4F60}\u{597D}", "\u{0}\u{200B}"] {
            assert!(tokenizer().encode(text).unwrap().len() >= 2);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_text_is_framed_and_cut(text in "\\PC{0,600}") {
            let ids = tokenizer().encode(&text).unwrap();
            prop_assert!(ids.len() <= MAX_TOKENS);
            prop_assert_eq!((ids[0], ids[ids.len() - 1]), (101, 102));
        }
    }
}
