//! `baton demo`: the sample deals through the whole pipeline, then the server.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use rust_embed::RustEmbed;

use super::{Answer, note, print, serve};
use crate::access::people::{self, NewUser};
use crate::access::{Caller, Sight};
use crate::app::App;
use crate::clock::SystemClock;
use crate::config::Settings;
use crate::domain::deal::{Deal, DealTerms, SourceState};
use crate::domain::ids::UserId;
use crate::domain::user::{Role, UserKind};
use crate::error::Error;
use crate::handover::{self, DealChange};
use crate::intake::{self, Upload};
use crate::jobs::Worker;
use crate::render::{self, view::HandoffView};
use crate::review;
use crate::store::{accounts, deals, sources, users};

/// The sample deals, in the program itself, so that the demo runs from anywhere.
#[derive(RustEmbed)]
#[folder = "fixtures/deals/"]
#[exclude = "*/gold.json"]
struct SampleDeals;

/// Arguments of `baton demo`.
#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// Print the handoff and end, without serving
    #[arg(long)]
    no_serve: bool,
    #[command(flatten)]
    settings: Settings,
}

pub(super) async fn run(args: DemoArgs) -> anyhow::Result<Answer> {
    let started = Instant::now();
    let (settings, listener) = if args.no_serve {
        (args.settings, None)
    } else {
        let (settings, listener) = serve::listen(args.settings).await?;
        (settings, Some(listener))
    };
    let app = Arc::new(App::open(settings, Arc::new(SystemClock)).await?);
    let console = Caller::console(app.home.clone());
    let mut first = None;
    for (folder, files) in sample_deals() {
        let deal = load(&app, &console, &title_of(&folder), files).await?;
        first.get_or_insert(deal);
    }
    work(&app).await?;
    tell_unread(&app, &console).await?;
    if let Some(deal) = &first {
        print(&handoff(&app, &console, deal).await?)?;
    }
    note(&format!(
        "drafted in {:.1} s; the deals are in `{}`",
        started.elapsed().as_secs_f32(),
        app.settings.storage.data_dir.display()
    ));
    match listener {
        Some(listener) => {
            let link = people::admin_link(&app, &app.home).await?;
            serve::until_stopped(app, listener, Some(link)).await
        }
        None => Ok(Answer::Yes),
    }
}

/// The files of each sample deal, by folder.
fn sample_deals() -> BTreeMap<String, Vec<Upload>> {
    let mut by_folder: BTreeMap<String, Vec<Upload>> = BTreeMap::new();
    for path in SampleDeals::iter() {
        if let (Some((folder, name)), Some(file)) = (path.split_once('/'), SampleDeals::get(&path)) {
            let upload = Upload { name: name.to_owned(), bytes: file.data.into_owned() };
            by_folder.entry(folder.to_owned()).or_default().push(upload);
        }
    }
    by_folder
}

/// `harbor-cold-chain` as `Harbor Cold Chain`.
pub(super) fn title_of(folder: &str) -> String {
    let capital = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    folder.split(['-', '_', ' ']).map(capital).collect::<Vec<_>>().join(" ")
}

/// The deal of that name with these files; everything that is there already stays as it is.
async fn load(app: &App, caller: &Caller, name: &str, files: Vec<Upload>) -> Result<Deal, Error> {
    let deal = match find(app, caller, name).await? {
        Some(deal) => deal,
        None => open(app, caller, name).await?,
    };
    intake::upload(app, caller, &deal.id, files, None, |_| String::new()).await?;
    Ok(deal)
}

/// Opens a won deal between an account executive and a customer success manager, so that clocks run and both have work.
async fn open(app: &App, caller: &Caller, name: &str) -> Result<Deal, Error> {
    let owner = somebody(app, caller, "Alex Moreau", "alex@baton.example", Role::Ae).await?;
    let csm = somebody(app, caller, "Robin Castellano", "robin@baton.example", Role::Csm).await?;
    let account = intake::open_account(app, caller, name).await?;
    let deal = intake::open_deal(app, caller, &account.id, "Sample deal", DealTerms::default()).await?;
    let won = Some(Some(app.clock.now()));
    let change = DealChange { owner: Some(Some(owner)), csm: Some(Some(csm)), closed_at: won, ..DealChange::default() };
    handover::change_deal(app, caller, &deal.id, change).await
}

/// The sample person with this mail address, added if they are new.
async fn somebody(app: &App, caller: &Caller, name: &str, email: &str, role: Role) -> Result<UserId, Error> {
    if let Some(known) = users::find_by_email(&mut *app.store.read().await?, email).await? {
        return Ok(known.user.id);
    }
    let new =
        NewUser { kind: UserKind::Person, name: name.to_owned(), email: Some(email.to_owned()), title: None, role };
    Ok(people::invite(app, caller, new).await?.0.id)
}

async fn find(app: &App, caller: &Caller, name: &str) -> Result<Option<Deal>, Error> {
    let mut conn = app.store.read().await?;
    let accounts = accounts::list(&mut conn, &caller.tenant, &Sight::All, None, 1000).await?;
    let Some(account) = accounts.into_iter().find(|account| account.name == name) else { return Ok(None) };
    let filter = deals::Filter { account: Some(account.id), ..deals::Filter::default() };
    Ok(deals::list(&mut conn, &caller.tenant, &Sight::All, &filter, None, 1).await?.into_iter().next())
}

/// Runs every job that is due, with a progress bar where there is a terminal.
async fn work(app: &Arc<App>) -> anyhow::Result<()> {
    let bar = ProgressBar::new_spinner();
    bar.set_style(ProgressStyle::with_template("{spinner} {pos} jobs done, {elapsed}: reading, embedding, drafting")?);
    let worker = Worker::new(Arc::clone(app));
    while worker.step().await? {
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(())
}

/// Names every file that could not be read: the handoff rests on the others only.
async fn tell_unread(app: &App, caller: &Caller) -> anyhow::Result<()> {
    let mut conn = app.store.read().await?;
    for deal in deals::list(&mut conn, &caller.tenant, &Sight::All, &deals::Filter::default(), None, 1000).await? {
        for source in sources::list(&mut conn, &deal.id).await?.into_iter().filter(|s| s.state != SourceState::Ready) {
            note(&format!("`{}` was not read: {}", source.name, source.error.unwrap_or_else(|| "it waits".to_owned())));
        }
    }
    Ok(())
}

async fn handoff(app: &App, caller: &Caller, deal: &Deal) -> anyhow::Result<String> {
    let current = review::current_draft(app, caller, &deal.id).await?;
    let account = accounts::find(&mut *app.store.read().await?, &caller.tenant, &Sight::All, &deal.account_id).await?;
    let account = account.map(|account| account.name).unwrap_or_default();
    Ok(render::markdown(&HandoffView::of_draft(&account, &deal.name, &current.document))?)
}
