//! Texts to token ids, the way the bundled encoders were trained: lower case, no accents, `WordPiece`.

use std::collections::HashMap;
use std::sync::LazyLock;

use rten_text::models::{Model as _, WordPiece};
use rten_text::normalizers::{self, Normalizer as _};
use rten_text::pre_tokenizers::{self, PreTokenizer as _};
use serde::Deserialize;

use super::ModelError;

/// The length the encoder was trained for, with the two tokens that frame a text.
pub const MAX_TOKENS: usize = 256;
/// More characters than any text of [`MAX_TOKENS`] needs; what stands behind them is never tokenized.
const MAX_CHARS: usize = 8 * 1024;

/// The vocabulary of `tokenizer.json`, and the fixed steps around it.
///
/// The steps are rten-text's own. Its `Tokenizer`, which would chain them, cannot be shared between threads, and panics
/// where it maps the offsets of a word of several pieces back through the normalizer; offsets are not needed here.
pub struct Tokenizer {
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
    /// The tokenizer that is part of the binary; the process reads its vocabulary once.
    ///
    /// # Errors
    ///
    /// [`ModelError`] where the embedded vocabulary cannot be read: a defect of the build.
    pub fn bundled() -> Result<&'static Self, ModelError> {
        static SHARED: LazyLock<Result<Tokenizer, ModelError>> =
            LazyLock::new(|| Tokenizer::from_json(include_str!("../../models/tokenizer.json")));
        SHARED.as_ref().map_err(Clone::clone)
    }

    /// Reads the vocabulary from the text of a `tokenizer.json`; its padding and truncation are not ours and are ignored.
    fn from_json(json: &str) -> Result<Self, ModelError> {
        let file: TokenizerFile =
            serde_json::from_str(json).map_err(|error| ModelError::new("tokenizer.json", error))?;
        let pieces = WordPiece::from_vocab(file.model.vocab, rten_text::models::WordPieceOptions::default());
        let special = |token: &str| {
            let id = pieces.get_token_id(token).and_then(|id| i32::try_from(id).ok());
            id.ok_or_else(|| ModelError(format!("the vocabulary has no usable {token}")))
        };
        let (start, end) = (special("[CLS]")?, special("[SEP]")?);
        let normalizer = normalizers::Bert::new(normalizers::BertOptions { lowercase: true, strip_accents: true });
        Ok(Self { normalizer, splitter: pre_tokenizers::Bert::new(), pieces, start, end })
    }

    /// Token ids of `text`, framed by the start and end tokens, cut to [`MAX_TOKENS`].
    ///
    /// # Errors
    ///
    /// [`ModelError`] where the vocabulary does not fit: a defect of the build.
    pub fn encode(&self, text: &str) -> Result<Vec<i32>, ModelError> {
        Ok(self.framed(&self.pieces_of(text, MAX_TOKENS - 2)?))
    }

    /// The token that ends a text and parts two.
    #[must_use]
    pub const fn end(&self) -> i32 {
        self.end
    }

    /// `pieces` between the start and the end token.
    #[must_use]
    pub fn framed(&self, pieces: &[i32]) -> Vec<i32> {
        [&[self.start], pieces, &[self.end]].concat()
    }

    /// At most `limit` token ids of `text`, without a frame.
    ///
    /// # Errors
    ///
    /// [`ModelError`] where the vocabulary does not fit: a defect of the build.
    pub fn pieces_of(&self, text: &str, limit: usize) -> Result<Vec<i32>, ModelError> {
        let mut ids = Vec::new();
        let text = clean(text);
        let (normalized, _) =
            self.normalizer.normalize(&text).map_err(|error| ModelError::new("normalizing", error))?;
        let words = self.splitter.pre_tokenize(&normalized).map_err(|error| ModelError::new("splitting", error))?;
        for word in words {
            if ids.len() >= limit {
                break;
            }
            self.pieces
                .encode_with_offsets(word, &mut |_, id| ids.push(i32::try_from(id).unwrap_or_default()))
                .map_err(|error| ModelError::new("tokenizing", error))?;
        }
        ids.truncate(limit);
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

    fn tokenizer() -> &'static Tokenizer {
        Tokenizer::bundled().unwrap()
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
