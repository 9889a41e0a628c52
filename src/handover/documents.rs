//! The documents of a deal's final versions: kept where they are the record, made anew where they are working papers.

use jiff::tz::TimeZone;

use super::reading::is_about_notes;
use crate::access::{Act, Caller};
use crate::app::App;
use crate::dna;
use crate::documents::{
    self as make, Context, Deadline, Document, DocumentKind, Fact, Person, Question, Sight, VersionChanges,
};
use crate::domain::deal::{Deal, DealTerms};
use crate::domain::ids::{UserId, VersionId};
use crate::domain::policy::Step;
use crate::domain::record::HandoffRecord;
use crate::error::Error;
use crate::store::versions::Version;
use crate::store::{Conn, accounts, deals, documents, handover, milestones, users, versions};

/// The name of the tenant that every installation begins with: nobody chose it.
const UNNAMED: &str = "local";

/// Makes the documents that are kept with a version, in the transaction in which it becomes final.
///
/// # Errors
///
/// [`Error::Invalid`] where a template of the team cannot be filled.
pub async fn keep_documents(app: &App, conn: &mut Conn, deal: &Deal, version: &Version) -> Result<(), Error> {
    let context = context(conn, deal, version).await?;
    for kind in DocumentKind::ALL.into_iter().filter(|kind| kind.is_kept()) {
        for sight in [Sight::WithSensitive, Sight::WithoutSensitive] {
            let document = made(app, &context, sight, kind)?;
            documents::insert(conn, &version.id, sight, &document).await?;
        }
    }
    Ok(())
}

/// A document of a version, as far as the caller may see it.
///
/// # Errors
///
/// [`Error::NotFound`] and [`Error::Forbidden`] after the caller's rights; [`Error::Invalid`] where a template of the team
/// cannot be filled.
pub async fn document(app: &App, caller: &Caller, id: &VersionId, kind: DocumentKind) -> Result<Document, Error> {
    let mut conn = app.store.snapshot().await?;
    let (version, deal) = caller.version(&mut conn, id, Act::SeeDeal).await?;
    let sight = sight(caller, &deal);
    if let Some(kept) = documents::find(&mut conn, id, sight, kind).await? {
        return Ok(kept);
    }
    let mut context = context(&mut conn, &deal, &version).await?;
    if kind == DocumentKind::ClientDna {
        context.around = dna::around(&mut conn, &deal).await?;
    }
    made(app, &context, sight, kind)
}

/// What changed between two versions of a deal; from the one before, where none is named.
///
/// # Errors
///
/// [`Error::NotFound`] and [`Error::Forbidden`] after the caller's rights, and where there is no such version;
/// [`Error::Conflict`] for a deal's first version.
pub async fn version_changes(
    app: &App,
    caller: &Caller,
    id: &VersionId,
    since: Option<i64>,
) -> Result<VersionChanges, Error> {
    let mut conn = app.store.snapshot().await?;
    let (version, deal) = caller.version(&mut conn, id, Act::SeeDeal).await?;
    if since.is_none() && version.number == 1 {
        return Err(Error::Conflict("this is the deal's first version; there is none to compare it with".to_owned()));
    }
    let since = since.unwrap_or(version.number - 1);
    let older = versions::list(&mut conn, &deal.id).await?.into_iter().find(|older| older.number == since);
    let older = older.ok_or_else(|| Error::not_found("version", since))?;
    let changes = make::changes(&older.document, &version.document).map_err(|error| Error::Internal(error.into()))?;
    Ok(match sight(caller, &deal) {
        Sight::WithSensitive => changes,
        Sight::WithoutSensitive => changes.without_sensitive(),
    })
}

fn sight(caller: &Caller, deal: &Deal) -> Sight {
    if caller.may_with(Act::SeeSensitive, deal) { Sight::WithSensitive } else { Sight::WithoutSensitive }
}

fn made(app: &App, context: &Context, sight: Sight, kind: DocumentKind) -> Result<Document, Error> {
    make::document(&app.templates, context, sight, kind).map_err(|error| Error::Invalid(error.to_string()))
}

/// A version with what is known around it now.
async fn context(conn: &mut Conn, deal: &Deal, version: &Version) -> Result<Context, Error> {
    let record = HandoffRecord::read(&version.document).map_err(|error| Error::Internal(error.into()))?;
    let vendor = accounts::tenant_name(conn, &deal.tenant).await?.filter(|name| name != UNNAMED);
    let steps = milestones::list(conn, &deal.id).await?.into_iter();
    // The document that tells of deadlines is itself the first of them.
    let open = steps.filter(|step| step.done_at.is_none() && step.step != Step::Document);
    let asked = handover::questions(conn, &deal.id).await?;
    Ok(Context {
        vendor,
        ae: person(conn, deal, deal.owner.as_ref()).await?,
        csm: person(conn, deal, deal.csm.as_ref()).await?,
        facts: facts(&deal.terms),
        starts_on: deal.terms.closed_at.map(|at| at.to_zoned(TimeZone::UTC).date()),
        deadlines: open
            .map(|step| Deadline { label: step.label, due: step.due_at.to_zoned(TimeZone::UTC).date() })
            .collect(),
        questions: asked
            .into_iter()
            .filter(|asked| !is_about_notes(asked))
            .map(|q| Question { question: q.question, answer: q.answer })
            .collect(),
        crm: deals::crm(conn, &deal.id).await?.unwrap_or_default(),
        ..Context::new(record)
    })
}

async fn person(conn: &mut Conn, deal: &Deal, id: Option<&UserId>) -> Result<Option<Person>, Error> {
    let Some(id) = id else { return Ok(None) };
    let user = users::find(conn, &deal.tenant, id).await?;
    Ok(user.map(|user| Person { name: user.name, email: user.email, title: user.title }))
}

fn facts(terms: &DealTerms) -> Vec<Fact> {
    let amount = terms.amount.as_ref().map(|amount| match &terms.currency {
        Some(currency) => format!("{currency} {}", grouped(amount)),
        None => grouped(amount),
    });
    let closed = terms.closed_at.map(|at| at.strftime("%-d %B %Y").to_string());
    let (segment, territory) = (terms.segment.clone(), terms.territory.clone());
    let facts = [("Value", amount), ("Closed", closed), ("Segment", segment), ("Territory", territory)];
    facts.into_iter().filter_map(|(label, value)| Some(Fact { label: label.to_owned(), value: value? })).collect()
}

/// `108540.50` as `108,540.50`.
fn grouped(amount: &str) -> String {
    let whole = amount.split('.').next().unwrap_or_default();
    let mut grouped = String::with_capacity(amount.len() + whole.len() / 3);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + &amount[whole.len()..]
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn an_amount_is_read_in_groups_of_three() {
        let cases =
            [("5", "5"), ("540", "540"), ("8540", "8,540"), ("108540.50", "108,540.50"), ("1000000", "1,000,000")];
        for (amount, expected) in cases {
            assert_eq!(grouped(amount), expected);
        }
    }
}
