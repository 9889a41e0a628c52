//! The reader's answers: what the numbers of its output mean.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Pair, PerField};
use crate::domain::field::Field;
use crate::domain::finding::{
    Category, History, Level, ObjectionStatus, Role, Stance, Strength, TechnicalKind, TimelineKind, WhyKind,
};
use crate::domain::transcript::Side;
use crate::encoder::ModelError;

/// The file that comes with the weights.
#[derive(Deserialize)]
struct SheetFile {
    questions: Vec<QuestionSection>,
    calibration: HashMap<String, Platt>,
}

#[derive(Deserialize)]
struct QuestionSection {
    name: String,
    answers: Vec<String>,
}

/// Platt scaling of a field's logit, fitted on deals that the reader was not trained on.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
struct Platt {
    scale: f32,
    shift: f32,
}

/// A question with its answers, and where they stand in the output.
#[derive(Debug, Clone)]
struct Question<T> {
    start: usize,
    answers: Vec<T>,
}

/// Where each answer stands.
pub(super) struct Sheet {
    field: Question<Field>,
    strength: Question<Strength>,
    owed_by: Question<Side>,
    category: Question<Category>,
    history: Question<History>,
    status: Question<ObjectionStatus>,
    why_kind: Question<WhyKind>,
    technical_kind: Question<TechnicalKind>,
    timeline_kind: Question<TimelineKind>,
    in_scope: Question<bool>,
    severity: Question<Level>,
    stance: Question<Stance>,
    role: Question<Role>,
    leaving: Question<bool>,
    side: Question<Side>,
    clause: Question<Tie>,
    later: Question<Tie>,
    calibration: PerField<Platt>,
    /// Numbers in a row of the output.
    width: usize,
}

/// What the reader says about one clause.
#[derive(Debug, Clone, Default)]
pub struct Judgement {
    /// How likely the clause is a finding of each field, calibrated.
    pub field: PerField<f32>,
    /// How binding a promise in it is.
    pub strength: Option<Answer<Strength>>,
    /// Whose duty it is.
    pub owed_by: Option<Answer<Side>>,
    /// What a promise in it is about.
    pub category: Option<Category>,
    /// Whether it changes or takes back what was said.
    pub history: Option<Answer<History>>,
    /// Whether an objection in it is met.
    pub status: Option<Answer<ObjectionStatus>>,
    /// What kind of reason.
    pub why_kind: Option<WhyKind>,
    /// What kind of technical fact.
    pub technical_kind: Option<TechnicalKind>,
    /// What kind of date.
    pub timeline_kind: Option<TimelineKind>,
    /// Whether it is part of what was sold.
    pub in_scope: Option<bool>,
    /// How bad.
    pub severity: Option<Level>,
    /// Where a person stands.
    pub stance: Option<Answer<Stance>>,
    /// How a person counts.
    pub roles: Vec<Role>,
    /// How likely it says that somebody leaves.
    pub leaving: f32,
    /// Whose side the speaker is on; worth something only where no side was given.
    pub side: Option<Answer<Side>>,
}

/// How something stands to a promise: what is left of 1 is the likelihood that it is about something else.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Relation {
    /// How likely it says the same: a clause that writes it, words that repeat it.
    pub agrees: f32,
    /// How likely it says something else about the same thing: a clause that contradicts it, words that change it.
    pub differs: f32,
}

impl Relation {
    /// How likely it is about the same thing.
    #[must_use]
    pub fn same_subject(&self) -> f32 {
        self.agrees + self.differs
    }
}

/// How something may stand to a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tie {
    /// It says the same, or more.
    Agrees,
    /// It says something else of the same thing.
    Differs,
    /// It is about something else.
    Beside,
}

/// The likeliest answer, and how likely it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer<T> {
    /// The answer.
    pub is: T,
    /// 0 to 1.
    pub probability: f32,
}

/// From this probability on a role is taken.
const ROLE: f32 = 0.5;

impl Sheet {
    pub(super) fn from_json(json: &str) -> Result<Self, ModelError> {
        let file: SheetFile = serde_json::from_str(json).map_err(|error| ModelError::new("reader.json", error))?;
        let width = file.questions.iter().map(|question| question.answers.len()).sum();
        let platt = |field: Field| file.calibration.get(field.as_str()).copied();
        if let Some(missing) = Field::ALL.into_iter().find(|field| platt(*field).is_none()) {
            return Err(ModelError(format!("reader.json: no calibration of {missing}")));
        }
        let field: Question<Field> = question(&file, "field")?;
        if let Some(missing) = Field::ALL.into_iter().find(|wanted| !field.answers.contains(wanted)) {
            return Err(ModelError(format!("reader.json: the reader is not asked for {missing}")));
        }
        Ok(Self {
            field,
            strength: question(&file, "strength")?,
            owed_by: question(&file, "owed_by")?,
            category: question(&file, "category")?,
            history: question(&file, "history")?,
            status: question(&file, "status")?,
            why_kind: question(&file, "why_kind")?,
            technical_kind: question(&file, "technical_kind")?,
            timeline_kind: question(&file, "timeline_kind")?,
            in_scope: question(&file, "in_scope")?,
            severity: question(&file, "severity")?,
            stance: question(&file, "stance")?,
            role: question(&file, "role")?,
            leaving: question(&file, "leaving")?,
            side: question(&file, "side")?,
            clause: question(&file, "clause")?,
            later: question(&file, "later")?,
            calibration: PerField::from_fn(|field| platt(field).unwrap_or_default()),
            width,
        })
    }

    /// Numbers in a row of the output.
    pub(super) const fn width(&self) -> usize {
        self.width
    }

    /// What a row of the output says.
    pub(super) fn judgement(&self, row: &[f32]) -> Judgement {
        Judgement {
            field: self.field_probabilities(row),
            strength: self.strength.best(row),
            owed_by: self.owed_by.best(row),
            category: self.category.best(row).map(|answer| answer.is),
            history: self.history.best(row),
            status: self.status.best(row),
            why_kind: self.why_kind.best(row).map(|answer| answer.is),
            technical_kind: self.technical_kind.best(row).map(|answer| answer.is),
            timeline_kind: self.timeline_kind.best(row).map(|answer| answer.is),
            in_scope: self.in_scope.best(row).map(|answer| answer.is),
            severity: self.severity.best(row).map(|answer| answer.is),
            stance: self.stance.best(row),
            roles: self.role.each(row).filter(|(_, z)| sigmoid(*z) >= ROLE).map(|(role, _)| role).collect(),
            leaving: self.leaving.each(row).map(|(_, z)| sigmoid(z)).fold(0.0, f32::max),
            side: self.side.best(row),
        }
    }

    /// What a row of the output says of a pair.
    pub(super) fn relation(&self, pair: &Pair, row: &[f32]) -> Relation {
        let question = match pair {
            Pair::Clause(..) => &self.clause,
            Pair::Later(..) => &self.later,
        };
        let of = |tie| question.probability(row, tie);
        Relation { agrees: of(Tie::Agrees), differs: of(Tie::Differs) }
    }

    fn field_probabilities(&self, row: &[f32]) -> PerField<f32> {
        let logit = |wanted| self.field.each(row).find(|(field, _)| *field == wanted).map_or(0.0, |(_, z)| z);
        PerField::from_fn(|field| {
            let Platt { scale, shift } = self.calibration[field];
            sigmoid(scale * logit(field) + shift)
        })
    }
}

impl<T: Copy> Question<T> {
    fn each<'a>(&'a self, row: &'a [f32]) -> impl Iterator<Item = (T, f32)> + 'a {
        self.answers.iter().copied().zip(row.iter().skip(self.start).copied())
    }

    /// How likely `answer` is, where exactly one holds.
    fn probability(&self, row: &[f32], answer: T) -> f32
    where
        T: PartialEq,
    {
        let sum: f32 = self.each(row).map(|(_, z)| z.exp()).sum();
        self.each(row).filter(|(is, _)| *is == answer).map(|(_, z)| z.exp() / sum).sum()
    }

    /// The likeliest answer, where exactly one holds.
    fn best(&self, row: &[f32]) -> Option<Answer<T>> {
        let (is, highest) = self.each(row).max_by(|a, b| a.1.total_cmp(&b.1))?;
        let sum: f32 = self.each(row).map(|(_, z)| (z - highest).exp()).sum();
        Some(Answer { is, probability: 1.0 / sum })
    }
}

fn question<T: DeserializeOwned>(file: &SheetFile, name: &str) -> Result<Question<T>, ModelError> {
    let mut start = 0;
    for section in &file.questions {
        if section.name == name {
            let answers = section.answers.iter().map(|answer| meaning(answer)).collect::<Result<_, _>>()?;
            return Ok(Question { start, answers });
        }
        start += section.answers.len();
    }
    Err(ModelError(format!("reader.json: the question `{name}` is missing")))
}

/// An answer's word in the catalogue's vocabulary; yes and no are `true` and `false`.
fn meaning<T: DeserializeOwned>(answer: &str) -> Result<T, ModelError> {
    let value = answer.parse::<bool>().map_or_else(|_| Value::String(answer.to_owned()), Value::Bool);
    serde_json::from_value(value).map_err(|error| ModelError::new("reader.json", error))
}

fn sigmoid(z: f32) -> f32 {
    1.0 / (1.0 + (-z).exp())
}
