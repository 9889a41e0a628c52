//! `baton sign-in-link`: a way in for whoever has lost theirs, from the machine that holds the data.

use anyhow::Context as _;
use clap::Args;

use super::{Answer, print};
use crate::access::Caller;
use crate::access::sign_in::make_link;
use crate::clock::{Clock as _, SystemClock};
use crate::config::{ListenSettings, StorageSettings};
use crate::domain::user::UserState;
use crate::store::{Store, users};

/// Arguments of `baton sign-in-link`.
#[derive(Debug, Args)]
pub(super) struct SignInLinkArgs {
    /// Whose: the mail address they sign in with
    email: String,
    #[command(flatten)]
    storage: StorageSettings,
    #[command(flatten)]
    server: ListenSettings,
}

pub(super) async fn run(args: SignInLinkArgs) -> anyhow::Result<Answer> {
    let database = args.storage.data_dir.join("baton.db");
    anyhow::ensure!(database.exists(), "there is no Baton in `{}`; say --data-dir", args.storage.data_dir.display());
    // A server may be running on it: the database takes both.
    let store = Store::open(&database).await.context("cannot open the database")?;
    let mut tx = store.write().await?;
    let known = users::find_by_email(&mut tx, &args.email.trim().to_lowercase()).await?;
    let known = known.with_context(|| format!("nobody signs in with `{}`", args.email))?;
    let user = known.user;
    anyhow::ensure!(
        user.state == UserState::Active,
        "{} may not come in any more; an admin can let them in again",
        user.name
    );
    let link = make_link(&mut tx, &Caller::console(user.tenant), &user.id, SystemClock.now()).await?;
    tx.commit().await?;
    store.close().await;
    print(&args.server.sign_in_link(&link))?;
    Ok(Answer::Yes)
}
