//! Who may do what: the one table that every route, page and list goes by.

use crate::domain::user::{Role, Scope};

/// What a user is to a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tie {
    /// Its account executive.
    Owner,
    /// Its customer success manager.
    Csm,
    /// Neither.
    None,
}

/// What a caller wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// See one's own sessions and tokens.
    SeeOwn,
    /// See a deal, its sources, its draft and its versions.
    SeeDeal,
    /// See what the draft says of persons: politics and relationship.
    SeeSensitive,
    /// Open accounts and deals.
    OpenDeal,
    /// Add sources, and have the deal drafted.
    Collect,
    /// Decide on items, attest, answer questions, finalize.
    Review,
    /// Accept, return, ask, record the customer's corrections, check in.
    Receive,
    /// Say that a step of the handover was taken.
    MarkStep,
    /// Say what became of a promise.
    TellOutcome,
    /// Keep filters of the ledger under a name.
    KeepViews,
    /// Say whose deal it is, who receives it, its segment and when it was won.
    Assign,
    /// Tell what the CRM says: that a deal was won.
    ReportCrm,
    /// See patterns and figures over all deals.
    SeePatterns,
    /// Invite people, change roles, give out integrations' tokens.
    ManagePeople,
    /// Set SLA policies, assignment rules and webhooks.
    ManagePolicies,
    /// Read and export the audit log.
    ReadAudit,
}

impl Act {
    /// The scope that a token needs for it.
    #[must_use]
    pub const fn scope(self) -> Scope {
        match self {
            Self::SeeOwn | Self::SeeDeal | Self::SeeSensitive | Self::SeePatterns => Scope::Read,
            Self::OpenDeal | Self::Collect => Scope::Upload,
            Self::Review => Scope::Review,
            Self::Receive | Self::MarkStep | Self::TellOutcome => Scope::Receive,
            Self::ReportCrm => Scope::Crm,
            Self::Assign | Self::KeepViews | Self::ManagePeople | Self::ManagePolicies | Self::ReadAudit => {
                Scope::Manage
            }
        }
    }

    /// The act after "may not".
    pub(super) const fn in_words(self) -> &'static str {
        match self {
            Self::SeeOwn => "see your sessions and tokens",
            Self::SeeDeal => "see this deal",
            Self::SeeSensitive => "see notes about persons",
            Self::OpenDeal => "open accounts and deals",
            Self::Collect => "add sources to this deal",
            Self::Review => "review this deal; its account executive does",
            Self::Receive => "receive this deal; its customer success manager does",
            Self::MarkStep => "mark steps of this deal",
            Self::TellOutcome => "say what became of a promise of this deal",
            Self::KeepViews => "keep views",
            Self::Assign => "assign this deal",
            Self::ReportCrm => "report deals from the CRM",
            Self::SeePatterns => "see patterns over all deals",
            Self::ManagePeople => "manage people",
            Self::ManagePolicies => "set policies",
            Self::ReadAudit => "read the audit log",
        }
    }
}

/// Whether a user of this role, with this tie to the deal (none where the act is about no deal), may do it.
#[must_use]
pub const fn allows(role: Role, tie: Tie, act: Act) -> bool {
    use Role::{Admin, Ae, Csm, Leader, RevOps};
    if matches!(role, Admin) {
        return true;
    }
    match act {
        Act::SeeOwn | Act::KeepViews => true,
        Act::SeeDeal => matches!(role, RevOps | Leader) || !matches!(tie, Tie::None),
        Act::SeeSensitive | Act::Collect | Act::MarkStep | Act::TellOutcome => !matches!(tie, Tie::None),
        Act::OpenDeal => matches!(role, Ae | RevOps),
        Act::Review => matches!(tie, Tie::Owner),
        Act::Receive => matches!((role, tie), (Csm, Tie::Csm)),
        Act::Assign => matches!(role, RevOps | Leader) || matches!(tie, Tie::Owner),
        Act::ReportCrm | Act::ManagePolicies | Act::ReadAudit => matches!(role, RevOps),
        Act::SeePatterns => matches!(role, RevOps | Leader),
        Act::ManagePeople => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_no_tie_to_a_deal_never_decides_on_it() {
        for &role in Role::ALL.iter().filter(|role| **role != Role::Admin) {
            for act in [Act::Review, Act::Receive, Act::Collect, Act::SeeSensitive, Act::MarkStep, Act::TellOutcome] {
                assert!(!allows(role, Tie::None, act), "{role:?} {act:?}");
            }
        }
    }

    #[test]
    fn the_seller_does_not_accept_and_the_receiver_does_not_finalize() {
        assert!(!allows(Role::Ae, Tie::Owner, Act::Receive));
        assert!(!allows(Role::Csm, Tie::Csm, Act::Review));
    }
}
