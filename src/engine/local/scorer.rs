//! Features to confidence: how likely a clause is a finding of each field.
//!
//! The weights are rounded from one logistic fit over the sample deals and shared by all fields, so that no field is tuned to
//! the few examples it has there. A trained head with the signature of [`score`] can take their place.

use std::ops::Index;

use super::cues;
use super::features::Features;
use crate::domain::field::Field;
use crate::domain::transcript::{Side, SourceKind};

/// One value for every field of the catalogue.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct PerField<T>([T; Field::ALL.len()]);

impl<T: Copy + Default> PerField<T> {
    pub(super) fn from_fn(mut value: impl FnMut(Field) -> T) -> Self {
        let mut values = [T::default(); Field::ALL.len()];
        for field in Field::ALL {
            values[field as usize] = value(field);
        }
        Self(values)
    }
}

impl<T> Index<Field> for PerField<T> {
    type Output = T;

    fn index(&self, field: Field) -> &T {
        &self.0[field as usize]
    }
}

/// Confidence by field, 0 to 1; 0 where a rule says that the clause cannot be a finding of it.
pub(super) fn score(features: &Features) -> PerField<f32> {
    PerField::from_fn(|field| if may_be(field, features) { sigmoid(evidence(field, features)) } else { 0.0 })
}

fn sigmoid(z: f32) -> f32 {
    1.0 / (1.0 + (-z).exp())
}

/// Log-odds of a clause that may be a finding of `field`.
fn evidence(field: Field, features: &Features) -> f32 {
    if field == Field::Commitment {
        return promise_evidence(features);
    }
    let similarity = features.similarity.field[field];
    let rivals = Field::ALL.into_iter().filter(|rival| *rival != field && !is_read_elsewhere(*rival));
    let rival = rivals.map(|rival| features.similarity.field[rival]).fold(0.0, f32::max);
    let semantic = 4.0 * similarity - 5.0 * features.similarity.neutral - 7.0 * (rival - similarity).max(0.0);
    let lexical = 3.4 * features.cue[field];
    let promised = if features.promise.is_some() { -1.3 } else { 0.0 };
    BIAS + semantic
        + lexical
        + promised
        + side_evidence(field, features)
        + value_evidence(field, features)
        + shape_evidence(features)
}

/// What every clause starts from: most clauses of a call are no finding.
const BIAS: f32 = -2.4;

/// Promises and people have readers of their own, and sound like much else.
const fn is_read_elsewhere(field: Field) -> bool {
    matches!(field, Field::Commitment | Field::Stakeholder)
}

fn promise_evidence(features: &Features) -> f32 {
    let promise = features.promise.map_or(0.0, |promise| 1.0 + 2.2 * promise.weight);
    let semantic = 4.5 * (features.similarity.field[Field::Commitment] - features.similarity.neutral);
    let dated = if features.when.is_some() { 1.1 } else { 0.0 };
    let valued = if features.number { 1.2 } else { 0.0 };
    let logistics = if features.logistics { -1.2 } else { 0.0 };
    let past = if features.modality.past { -1.5 } else { 0.0 };
    let side = match features.side {
        Side::Vendor => 0.7,
        Side::Customer => -0.3,
        Side::Unknown => 0.0,
    };
    -4.0 + promise + semantic + dated + valued + logistics + past + side + shape_evidence(features)
}

/// Short clauses rarely carry a fact.
fn shape_evidence(features: &Features) -> f32 {
    let short = if features.length < 7 { -0.8 } else { 0.0 };
    short + 1.2 * (features.length.min(30) as f32 / 30.0)
}

fn side_evidence(field: Field, features: &Features) -> f32 {
    match (cues::side(field), features.side) {
        (Some(expected), side) if side == expected => 0.2,
        (_, Side::Vendor) => -0.9,
        _ => 0.0,
    }
}

fn value_evidence(field: Field, features: &Features) -> f32 {
    let modality = features.modality;
    let doubt = if modality.hypothetical || modality.reported { -0.8 } else { 0.0 };
    let hedge = if modality.hedged { -0.4 } else { 0.0 };
    let told = features.when.as_ref().map_or(0.0, |when| if when.day.is_some() { 2.4 } else { 1.4 });
    let value = match field {
        Field::Timeline => told,
        Field::SuccessCriteria | Field::WhyBought if features.terms => -1.4,
        Field::SuccessCriteria if features.percent => 1.9,
        Field::SuccessCriteria | Field::WhyBought if features.number || features.money => 1.4,
        Field::Pricing if features.money || features.percent => 0.5,
        _ => 0.0,
    };
    doubt + hedge + value
}

/// The rules that no similarity overrules.
fn may_be(field: Field, features: &Features) -> bool {
    let modality = features.modality;
    if modality.is_void() || modality.question || features.length < 4 {
        return false;
    }
    if features.kind == SourceKind::Contract && !matches!(field, Field::Scope | Field::Timeline | Field::Pricing) {
        return false;
    }
    let fact = !modality.hypothetical && !modality.reported;
    match field {
        Field::Commitment => {
            let set = features.side == Side::Vendor && features.when.is_some() && !modality.negated && !modality.past;
            fact && (features.promise.is_some() || set)
        }
        Field::Stakeholder => false,
        Field::Timeline => fact && features.when.is_some(),
        Field::Scope | Field::Technical | Field::Pricing => fact,
        Field::SuccessCriteria | Field::Competitor | Field::Politics | Field::Relationship => true,
        Field::WhyBought | Field::Objection | Field::Risk => !(modality.reported && features.side == Side::Vendor),
    }
}
