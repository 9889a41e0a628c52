//! How close a clause is to what each field sounds like: cosine similarity to example sentences, embedded once.

use super::scorer::PerField;
use crate::domain::field::Field;
use crate::embed::{EmbedError, Embedder};

static EXAMPLES: &str = include_str!("prototypes.txt");

/// Example vectors by field; `None` holds the talk that belongs to no field.
pub(super) struct Prototypes {
    examples: Vec<(Option<Field>, Vec<f32>)>,
}

/// Cosine similarities of one clause.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Similarities {
    /// To the nearest examples of each field.
    pub field: PerField<f32>,
    /// To the nearest examples of talk that belongs to no field.
    pub neutral: f32,
}

impl Prototypes {
    /// Embeds the examples.
    pub(super) async fn load(embedder: &dyn Embedder) -> Result<Self, EmbedError> {
        let examples = parse(EXAMPLES);
        let texts: Vec<&str> = examples.iter().map(|(_, text)| *text).collect();
        let vectors = embedder.embed(&texts).await?;
        Ok(Self { examples: examples.into_iter().map(|(field, _)| field).zip(vectors).collect() })
    }

    /// For each field the mean of the two highest cosines, so that one odd example decides nothing.
    pub(super) fn similarities(&self, vector: &[f32]) -> Similarities {
        let mut best = [[-1.0_f32; 2]; Field::ALL.len() + 1];
        for (field, example) in &self.examples {
            let place = field.map_or(Field::ALL.len(), |field| field as usize);
            let [first, second] = &mut best[place];
            let cosine = cosine(vector, example);
            if cosine > *first {
                (*first, *second) = (cosine, *first);
            } else if cosine > *second {
                *second = cosine;
            }
        }
        let mean = |[first, second]: [f32; 2]| f32::midpoint(first, second);
        let field = PerField::from_fn(|field| mean(best[field as usize]));
        Similarities { field, neutral: mean(best[Field::ALL.len()]) }
    }
}

/// The cosine of two vectors of unit length.
pub(super) fn cosine(left: &[f32], right: &[f32]) -> f32 {
    left.iter().zip(right).map(|(a, b)| a * b).sum()
}

fn parse(examples: &str) -> Vec<(Option<Field>, &str)> {
    let mut field = None;
    let mut parsed = Vec::new();
    for line in examples.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix('[').and_then(|heading| heading.strip_suffix(']')) {
            Some(heading) => field = heading.parse().ok(),
            None => parsed.push((field, line)),
        }
    }
    parsed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_and_the_neutral_talk_have_examples() {
        let examples = parse(EXAMPLES);
        for field in Field::ALL.map(Some).into_iter().chain([None]) {
            assert!(examples.iter().filter(|(of, _)| *of == field).count() >= 2, "{field:?}");
        }
        let headings: Vec<_> = EXAMPLES.lines().filter_map(|line| line.strip_prefix('[')?.strip_suffix(']')).collect();
        assert!(
            headings.iter().all(|heading| *heading == "neutral" || heading.parse::<Field>().is_ok()),
            "{headings:?}"
        );
    }
}
