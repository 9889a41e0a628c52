//! `baton workspace`: one more tenant in this installation, with its first admin.

use anyhow::Context as _;
use clap::Args;

use super::{Answer, print};
use crate::access::Caller;
use crate::access::people::{NewUser, found_tenant, invite_in};
use crate::clock::{Clock as _, SystemClock};
use crate::config::{ListenSettings, StorageSettings};
use crate::domain::user::{Role, UserKind};
use crate::store::Store;

/// Arguments of `baton workspace`.
#[derive(Debug, Args)]
pub(super) struct WorkspaceArgs {
    /// The workspace's name: a company or a division; its words are walled off from every other workspace's
    name: String,
    /// The first admin's name
    #[arg(long, value_name = "NAME")]
    admin: String,
    /// The first admin's mail address
    #[arg(long, value_name = "MAIL")]
    email: String,
    #[command(flatten)]
    storage: StorageSettings,
    #[command(flatten)]
    server: ListenSettings,
}

pub(super) async fn run(args: WorkspaceArgs) -> anyhow::Result<Answer> {
    std::fs::create_dir_all(&args.storage.data_dir)?;
    let store = Store::open(&args.storage.data_dir.join("baton.db")).await.context("cannot open the database")?;
    let now = SystemClock.now();
    let mut tx = store.write().await?;
    let tenant = found_tenant(&mut tx, &args.name, now).await?;
    let new =
        NewUser { kind: UserKind::Person, name: args.admin, email: Some(args.email), title: None, role: Role::Admin };
    let (_, link) = invite_in(&mut tx, &Caller::console(tenant), new, now).await?;
    tx.commit().await?;
    store.close().await;
    let link = link.context("a person got no link")?;
    print(&args.server.sign_in_link(&link))?;
    Ok(Answer::Yes)
}
