//! Who is who in a deal: labels of several files that are one person, as the record proves it and as people say.

use serde_json::json;

use crate::access::{Act, Caller};
use crate::app::App;
use crate::audit::{self, Change};
use crate::domain::ids::DealId;
use crate::domain::person::{Person, PersonLabel, SourceLabel, Tie};
use crate::domain::transcript::{Participant, Side};
use crate::error::Error;
use crate::intake::queue_draft;
use crate::store::people::{self, Labelled};
use crate::store::{Conn, Tx};
use crate::transcript::roster::{self, At};

/// The people of a deal with their labels, in order of appearance.
///
/// # Errors
///
/// [`Error::NotFound`] and [`Error::Forbidden`] after the caller's rights.
pub async fn of_deal(app: &App, caller: &Caller, deal: &DealId) -> Result<Vec<Person>, Error> {
    let mut conn = app.store.read().await?;
    caller.deal(&mut conn, deal, Act::SeeDeal).await?;
    list(&mut conn, deal).await
}

/// Makes labels one person.
///
/// # Errors
///
/// As [`of_deal`]; [`Error::Invalid`] where there are fewer than two labels, or one is in no file of the deal.
pub async fn join(app: &App, caller: &Caller, deal: &DealId, labels: &[SourceLabel]) -> Result<Vec<Person>, Error> {
    let [first, others @ ..] = labels else { return Err(too_few()) };
    if others.is_empty() {
        return Err(too_few());
    }
    let ties = |persons: &[Person]| {
        let mut ties = Vec::new();
        for other in others {
            // What was kept apart before is joined now, whichever of their labels it was said of.
            for one in labels_of(persons, first)? {
                let others = labels_of(persons, other)?.into_iter().filter(|other| *other != one);
                ties.extend(others.map(|other| Tie { one: one.clone(), other, same: true }));
            }
        }
        Ok(ties)
    };
    let change = Change {
        action: "person.joined",
        subject: deal.to_string(),
        deal: Some(deal),
        after: Some(json!({"labels": labels})),
        ..Change::default()
    };
    tie(app, caller, deal, change, ties).await
}

/// Makes a label a person of its own, whom no evidence joins with those it was taken for.
///
/// # Errors
///
/// As [`of_deal`]; [`Error::Invalid`] where no file of the deal has the label.
pub async fn split(app: &App, caller: &Caller, deal: &DealId, label: &SourceLabel) -> Result<Vec<Person>, Error> {
    let ties = |persons: &[Person]| {
        let others = labels_of(persons, label)?.into_iter().filter(|other| other != label);
        Ok(others.map(|other| Tie { one: label.clone(), other, same: false }).collect())
    };
    let change = Change {
        action: "person.split",
        subject: deal.to_string(),
        deal: Some(deal),
        after: Some(json!({"label": label})),
        ..Change::default()
    };
    tie(app, caller, deal, change, ties).await
}

/// Says on whose side a person is; without a side, takes back what was said.
///
/// # Errors
///
/// As [`split`].
pub async fn place(
    app: &App,
    caller: &Caller,
    deal: &DealId,
    label: &SourceLabel,
    side: Option<Side>,
) -> Result<Vec<Person>, Error> {
    let (mut tx, now) = (app.store.write().await?, app.clock.now());
    caller.deal(&mut tx, deal, Act::Collect).await?;
    let persons = list(&mut tx, deal).await?;
    // One word for the person: what was said of their other labels before does not speak against it.
    for other in labels_of(&persons, label)? {
        people::place(&mut tx, deal, &other, None, None, now).await?;
    }
    people::place(&mut tx, deal, label, side, caller.user.as_ref(), now).await?;
    let change = Change {
        action: "person.placed",
        subject: deal.to_string(),
        deal: Some(deal),
        after: Some(json!({"label": label, "side": side})),
        ..Change::default()
    };
    settle(app, caller, tx, deal, change).await
}

async fn tie(
    app: &App,
    caller: &Caller,
    deal: &DealId,
    change: Change<'_>,
    ties: impl Fn(&[Person]) -> Result<Vec<Tie>, Error>,
) -> Result<Vec<Person>, Error> {
    let (mut tx, now) = (app.store.write().await?, app.clock.now());
    caller.deal(&mut tx, deal, Act::Collect).await?;
    for tie in ties(&list(&mut tx, deal).await?)? {
        people::set_tie(&mut tx, deal, &tie, caller.user.as_ref(), now).await?;
    }
    settle(app, caller, tx, deal, change).await
}

/// Keeps what was said, and has the deal drafted anew: sides and findings follow from who is who.
async fn settle(
    app: &App,
    caller: &Caller,
    mut tx: Tx,
    deal: &DealId,
    change: Change<'_>,
) -> Result<Vec<Person>, Error> {
    audit::record(&mut tx, caller, change, app.clock.now()).await?;
    queue_draft(app, caller, &mut tx, deal).await?;
    let people = list(&mut tx, deal).await?;
    tx.commit().await?;
    app.wake_worker();
    Ok(people)
}

fn too_few() -> Error {
    Error::Invalid("give at least two labels: each with its source and the label there".to_owned())
}

/// All labels of the person who has this one.
fn labels_of(persons: &[Person], label: &SourceLabel) -> Result<Vec<SourceLabel>, Error> {
    let is_it =
        |person: &&Person| person.labels.iter().any(|own| own.source == label.source && own.label == label.label);
    let person = persons.iter().find(is_it).ok_or_else(|| {
        Error::Invalid(format!(
            "no file of the deal that is read has the label `{}` in {}; the deal's people list the labels there are",
            label.label, label.source
        ))
    })?;
    let labels = person.labels.iter();
    Ok(labels.map(|own| SourceLabel { source: own.source.clone(), label: own.label.clone() }).collect())
}

async fn list(conn: &mut Conn, deal: &DealId) -> Result<Vec<Person>, Error> {
    let labelled = people::labels(conn, deal).await?;
    let roster = people::roster(conn, deal, &[]).await?;
    let sources: Vec<&[Labelled]> = labelled.chunk_by(|a, b| a.label.source == b.label.source).collect();
    let participants: Vec<Vec<Participant>> =
        sources.iter().map(|own| own.iter().map(|one| one.participant.clone()).collect()).collect();
    let at = |who: &SourceLabel| -> Option<At> {
        let source = sources.iter().position(|own| own.first().is_some_and(|one| one.label.source == who.source))?;
        Some((source, sources[source].iter().position(|one| one.label.label == who.label)?))
    };
    let borrowed: Vec<&[Participant]> = participants.iter().map(Vec::as_slice).collect();
    let persons = roster::people(&borrowed, &roster.ties_at(at));
    Ok(persons.iter().map(|person| told(person, &sources)).collect())
}

/// A person as their labels together tell.
fn told(person: &[(At, Option<&'static str>)], sources: &[&[Labelled]]) -> Person {
    let of = |((source, at), joined): &(At, Option<&'static str>)| (&sources[*source][*at], *joined);
    let participants = || person.iter().map(|one| &of(one).0.participant);
    let longest = |name: &&String| name.chars().count();
    let placed = participants().find(|one| one.side != Side::Unknown);
    Person {
        name: participants().filter_map(|one| one.name.as_ref()).max_by_key(longest).cloned(),
        email: participants().find_map(|one| one.email.clone()),
        title: participants().find_map(|one| one.title.clone()),
        side: placed.map_or(Side::Unknown, |one| one.side),
        side_reason: placed.and_then(|one| one.side_reason.clone()),
        labels: person
            .iter()
            .map(|one| {
                let (labelled, joined) = of(one);
                PersonLabel { joined: joined.map(str::to_owned), ..labelled.label.clone() }
            })
            .collect(),
    }
}
