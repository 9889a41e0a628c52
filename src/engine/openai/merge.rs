//! The claims of all windows as those of one source.

use super::reply::ParsedReply;
use crate::engine::Claim;

/// Claims gathered so far, and what was left out of the replies.
#[derive(Debug, Default)]
pub(super) struct Merged {
    claims: Vec<Claim>,
    bad_claims: usize,
    ignored_attributes: usize,
}

impl Merged {
    /// Adds a window's claims. What an earlier window claimed from the same words is dropped: it comes from the overlap.
    pub(super) fn add(&mut self, reply: ParsedReply) {
        let earlier = self.claims.len();
        for claim in reply.claims {
            let repeated = self.claims[..earlier].iter().any(|known| rests_on_the_same(known, &claim));
            if !repeated && !self.claims[earlier..].contains(&claim) {
                self.claims.push(claim);
            }
        }
        self.bad_claims += reply.bad_claims;
        self.ignored_attributes += reply.ignored_attributes;
    }

    /// The claims in the order of the turns they rest on; those without a quote come last.
    pub(super) fn finish(mut self) -> Vec<Claim> {
        if self.bad_claims + self.ignored_attributes > 0 {
            tracing::warn!(
                claims = self.claims.len(),
                bad_claims = self.bad_claims,
                ignored_attributes = self.ignored_attributes,
                "parts of the model's reply could not be used"
            );
        }
        self.claims.sort_by_key(|claim| claim.quotes.first().map_or(u32::MAX, |quote| quote.turn));
        self.claims
    }
}

fn rests_on_the_same(known: &Claim, claim: &Claim) -> bool {
    !claim.quotes.is_empty() && known.finding == claim.finding && known.quotes == claim.quotes
}
