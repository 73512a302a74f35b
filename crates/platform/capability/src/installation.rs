use std::sync::Arc;

use db::{Db, Lease};
use files::Files;
use identity::{Identity, Permissions};
use jobs::{Every, JobError, JobKind, Periodic, Runner};
use journal::InstallationKey;
use kernel::{Clock, Fault, IdGen, Zone};
use messaging::Providers;
use secrets::MasterKey;
use web::Live;

use crate::{Capability, FileDoor, Finder, Gate, Jobs, Listener, MenuEntry, Watch};

/// The running installation: what every request shares.
pub struct Installation {
    /// The database.
    pub db: Db,
    /// Where "now" comes from.
    pub clock: Clock,
    /// Makes ids.
    pub ids: IdGen,
    /// The company's zone.
    pub zone: Zone,
    /// Who can sign in, and the organisation as a cached snapshot.
    pub identity: Identity,
    /// Tells open pages what happened.
    pub live: Live,
    /// Counts what strangers send.
    pub gate: Gate,
    /// Proxies whose word about addresses is taken.
    pub proxies: web::Proxies,
    /// Photos and papers.
    pub files: Files,
    /// Who may see the files of which kind of record.
    pub file_doors: Vec<FileDoor>,
    /// How records are shown that search found.
    pub finders: Vec<Finder>,
    /// Wakes the job runner after a commit.
    pub wake: jobs::Wake,
    /// What capabilities do on each other's events.
    pub listeners: Vec<Listener>,
    /// Whose pages hear of which records.
    pub watch: Vec<Watch>,
    /// What capabilities put on a store's public page.
    pub portal: Vec<crate::PortalPiece>,
    /// Counts unread notices for the top bar.
    pub bell: Option<crate::Bell>,
    /// All menu entries, in order.
    pub menu: Vec<MenuEntry>,
    /// Where those begin who hold a permission and take no part in daily work.
    pub landings: Vec<(kernel::Permission, &'static str)>,
    /// Kinds of questions that are asked for approval.
    pub approval_kinds: Vec<&'static str>,
    /// All metrics.
    pub metrics: Vec<metrics::MetricDef>,
    /// Where people reach the installation.
    pub public_url: Option<String>,
    /// The demonstration company, which is served to its own machine only and whose messages nobody receives.
    demo: bool,
    /// Seals the secrets of the settings.
    pub master: MasterKey,
    /// Signs seals and dossiers.
    pub key: InstallationKey,
    /// Send mail and SMS.
    pub providers: Providers,
    node: u16,
}

/// What an installation is opened with.
pub struct Opening {
    /// The database, migrated.
    pub db: Db,
    /// Where "now" comes from.
    pub clock: Clock,
    /// This process, for people who look at a running job.
    pub node: String,
    /// Where people reach the installation.
    pub public_url: Option<String>,
    /// This is the demonstration company.
    pub demo: bool,
    /// Proxies whose word about addresses is taken.
    pub proxies: web::Proxies,
    /// Signs the journal's seals.
    pub key: InstallationKey,
    /// Photos and papers.
    pub files: Files,
    /// Seals the secrets of the settings.
    pub master: MasterKey,
    /// Send mail and SMS.
    pub providers: Providers,
}

/// How long a node's number is leased: ten minutes, in milliseconds; renewed every two.
const NODE_LEASE: i64 = 600_000;

impl Installation {
    /// Opens the installation and the runner of its jobs.
    ///
    /// # Errors
    /// What the database says, or a defect in how capabilities declare themselves.
    pub async fn open(opening: Opening, capabilities: &[Capability]) -> Result<(Arc<Self>, Runner), Fault> {
        let Opening { db, clock, node, public_url, demo, proxies, key, files, master, providers } = opening;
        search::prepare(&db).await?;
        let lease = Lease { holder: node.clone(), now: clock.now(), millis: NODE_LEASE };
        let number = db::lease_node(&db, lease).await?;
        let ids = IdGen::new(number, clock.clone());
        let defs = capabilities.iter().flat_map(|capability| capability.permissions).copied();
        let identity = Identity::open(db.clone(), clock.clone(), ids.clone(), Permissions::new(defs)).await?;
        db.write(ids.clone(), |tx, ids| Box::pin(calendar::seed(tx, ids))).await?;
        let mut menu: Vec<_> = capabilities.iter().flat_map(|capability| capability.menu).copied().collect();
        menu.sort_by_key(|entry| (entry.group, entry.order));
        let wake = jobs::Wake::default();
        let house = Arc::new(Self {
            live: Live::new(clock.now().millis()),
            identity,
            zone: Zone::china(),
            wake: wake.clone(),
            gate: Gate::default(),
            proxies,
            files,
            file_doors: capabilities.iter().flat_map(|capability| capability.file_doors).copied().collect(),
            finders: capabilities.iter().flat_map(|capability| capability.finders).copied().collect(),
            listeners: capabilities.iter().flat_map(|capability| capability.listeners).copied().collect(),
            portal: capabilities.iter().filter_map(|capability| capability.portal).collect(),
            bell: capabilities.iter().find_map(|capability| capability.bell),
            landings: capabilities.iter().filter_map(|capability| capability.landing).collect(),
            watch: capabilities.iter().flat_map(|capability| capability.watch).copied().collect(),
            approval_kinds: capabilities.iter().flat_map(|capability| capability.approval_kinds).copied().collect(),
            metrics: capabilities.iter().flat_map(|capability| capability.metrics).cloned().collect(),
            menu,
            public_url,
            demo,
            master,
            key: key.clone(),
            providers: providers.clone(),
            node: number,
            db,
            clock,
            ids,
        });
        let mut all = platform_jobs(&house, key, providers, number, &node);
        for capability in capabilities {
            let Jobs { kinds, periodic } = (capability.jobs)(&house);
            all.kinds.extend(kinds);
            all.periodic.extend(periodic);
        }
        let settings = jobs::Settings { node, wake, ..jobs::Settings::default() };
        let runner =
            Runner::new(house.db.clone(), house.clock.clone(), house.ids.clone(), settings, all.kinds, all.periodic)?;
        Ok((house, runner))
    }

    /// What stands before the path of a link that goes out to somebody, without a slash at its end. `None` unless people reach the
    /// installation by HTTPS: such a link lets its holder act, so it must not be readable on its way. The demonstration company,
    /// whose messages stay in its outbox, has links that its own machine opens.
    pub fn customer_url(&self) -> Option<String> {
        let own = self.public_url.as_deref().filter(|_| self.demo).map(|url| url.trim_end_matches('/').to_owned());
        self.secure_url().or(own)
    }

    /// As [`Self::customer_url`] for what a stranger's telephone scans: by HTTPS or not at all.
    pub fn secure_url(&self) -> Option<String> {
        let url = self.public_url.as_deref()?.trim_end_matches('/');
        let scheme = url.get(..8)?;
        scheme.eq_ignore_ascii_case("https://").then(|| url.to_owned())
    }

    /// Keeps the node number that `holder` leased; false when it has gone to another process, and no id may be made any more.
    ///
    /// # Errors
    /// What the database says.
    pub async fn renew_node(&self, holder: &str) -> Result<bool, Fault> {
        let lease = Lease { holder: holder.to_owned(), now: self.clock.now(), millis: NODE_LEASE };
        Ok(db::renew_node(&self.db, self.node, lease).await?)
    }
}

/// Jobs of the platform: sending, folding metrics, sealing the journal, forgetting replays.
fn platform_jobs(
    house: &Arc<Installation>,
    key: InstallationKey,
    providers: Providers,
    number: u16,
    node: &str,
) -> Jobs {
    let fold = JobKind::new("metrics.fold", 3, |run, _| async move {
        metrics::fold(&run.db).await.map(|_| ()).map_err(JobError::retry)
    });
    let seal = JobKind::new("journal.seal", 3, move |run, _| {
        let key = key.clone();
        async move { journal::seal(&run.db, &run.ids, &key, &run.clock).await.map(|_| ()).map_err(JobError::retry) }
    });
    let forget = JobKind::new("replay.forget", 3, |run, _| async move {
        let now = run.clock.now();
        let forgotten = run.db.write(now, |tx, now| Box::pin(crate::forget_old_replays(tx, *now))).await;
        forgotten.map(|_| ()).map_err(JobError::retry)
    });
    let daily = |hour| Every::Daily { hour, minute: 30, zone: house.zone.clone() };
    let periodic = vec![
        Periodic::new("metrics.fold", Every::Millis(5_000)),
        Periodic::new("journal.seal", Every::Millis(60_000)),
        Periodic::new("replay.forget", daily(3)),
        files::periodic(),
    ];
    tracing::debug!(number, node, "node number leased");
    Jobs {
        kinds: vec![
            messaging::kind(providers, house.master.clone()),
            fold,
            seal,
            forget,
            files::kind(house.files.clone()),
        ],
        periodic,
    }
}
