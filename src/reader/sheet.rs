//! The reader's answers: what the numbers of its output mean.

use std::collections::HashMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::domain::field::Field;
use crate::domain::finding::{
    Category, History, Level, ObjectionStatus, Role, Stance, Strength, TechnicalKind, TimelineKind, WhyKind,
};
use crate::domain::transcript::Side;
use crate::encoder::ModelError;
use crate::engine::local::per_field::PerField;

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
    calibration: PerField<Platt>,
    /// Numbers in a row of the output.
    width: usize,
}

/// What the reader says about one clause.
#[derive(Debug, Clone, Default)]
pub(in crate::engine::local) struct Judgement {
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

/// The likeliest answer, and how likely it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::engine::local) struct Answer<T> {
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
        Ok(Self {
            field: question(&file, "field")?,
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
