//! How promises made on different occasions stand to each other.

use std::collections::BTreeMap;

use super::subject::{Saying, Subject, worth_comparing};
use super::{DealSource, Occasion, quoted};
use crate::domain::finding::Finding;
use crate::encoder::ModelError;
use crate::ground::GroundedClaim;
use crate::reader::{Pair, Reader, Relation};

/// The ties between the promises among the claims, by their places: the earlier one, then the later one.
pub(super) struct Ties(BTreeMap<(usize, usize), Relation>);

impl Ties {
    /// Compares every promise with the likeliest ones of earlier occasions.
    pub(super) async fn of(
        reader: &Reader,
        sources: &[DealSource],
        claims: &[(Occasion, GroundedClaim)],
        subjects: &[Subject],
    ) -> Result<Self, ModelError> {
        let promise = |(place, (_, grounded)): (usize, &'_ (Occasion, GroundedClaim))| {
            let Finding::Commitment(commitment) = &grounded.claim.finding else { return None };
            Some((place, commitment.owed_by, quoted(grounded.citations.first()?, sources)?))
        };
        let promises: Vec<_> = claims.iter().enumerate().filter_map(promise).collect();
        let saying = |(place, owed_by, _): &(usize, _, _)| Saying {
            occasion: &claims[*place].0,
            owed_by: *owed_by,
            subject: &subjects[*place],
        };
        let chosen = worth_comparing(&promises.iter().map(saying).collect::<Vec<_>>());
        let pair = |(old, new): &(usize, usize)| Pair::Later(promises[*old].2.clone(), promises[*new].2.clone());
        let relations = reader.compare(&chosen.iter().map(pair).collect::<Vec<_>>()).await?;
        let places = chosen.into_iter().map(|(old, new)| (promises[old].0, promises[new].0));
        Ok(Self(places.zip(relations).collect()))
    }

    /// How the claim at `new` stands to that at `old`; as something about another thing where they were not compared.
    pub(super) fn between(&self, old: usize, new: usize) -> Relation {
        self.0.get(&(old, new)).copied().unwrap_or_default()
    }
}
