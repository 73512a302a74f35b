//! What a capability is, who asks, and the one way to write.
//!
//! Nouns: 能力 = [`Capability`], 请求上下文 = [`Ctx`], 安装 = [`Installation`], 写入 = [`Work`], 事件 = [`Event`].
//!
//! Invariants: a write is one transaction and ends in [`Work::record`], which puts the journal entry, the metric deltas, the
//! search pieces and the jobs beside the rows (a use case that forgets it does not compile, because only `record` makes a
//! [`Recorded`]); a route without an [`Access`] does not compile either; live events are told only after the commit; a repeated
//! request with the same key is answered with the first one's result. Not here: HTML (`web`), who may do what by default
//! (each capability), wiring (`aftercare`).

mod access;
mod ctx;
mod event;
mod frame;
mod gate;
mod installation;
mod replay;
mod router;
mod served;
mod upload;
mod work;

pub use access::{Access, Route};
pub use ctx::Ctx;
pub use event::Event;
pub use files::Files;
pub use gate::{Gate, Pace};
pub use identity::PermissionDef;
pub use installation::{Installation, Opening};
pub use replay::{ReplayKey, forget_old_replays};
pub use router::{SESSION_COOKIE, router};
pub use secrets::MasterKey;
pub use served::{seen_file, serve_file};
pub use upload::{Taken, Upload, UploadRules};
pub use work::{Recorded, Work};

use std::sync::Arc;

use db::Tx;
use futures_util::future::BoxFuture;
use kernel::{Fault, Id, Permission, of};

/// The word for notices in live events; only the receiver's own pages hear of them.
pub const NOTICE: &str = "notice";

/// Counts what somebody has not read, for the bell in the top bar.
pub type Bell = for<'t> fn(&'t mut Tx, Id<of::User>) -> BoxFuture<'t, Result<i64, Fault>>;

/// A piece of the public page of a store, for everybody to see; empty when there is nothing.
pub type PortalPiece = for<'c> fn(&'c Ctx, &'c web::Lang, Id<of::Unit>) -> BoxFuture<'c, Result<web::Markup, Fault>>;

/// Runs inside the transaction of every event; slow work enqueues a job instead.
pub type Listener = for<'w> fn(&'w mut Work<'_>, &'w Event) -> BoxFuture<'w, Result<(), Fault>>;

/// One entry of the menu; shown to those who hold the permission.
#[derive(Debug, Clone, Copy)]
pub struct MenuEntry {
    /// The group that it stands in.
    pub group: MenuGroup,
    /// Where it stands in its group; small numbers first.
    pub order: u16,
    /// Fluent key of its word.
    pub label: &'static str,
    /// The page.
    pub href: &'static str,
    /// The icon's name in the sprite.
    pub icon: &'static str,
    /// The key that goes there after `G`, if it has one.
    pub go: Option<&'static str>,
    /// Who sees it; `None` = everyone who is signed in.
    pub needs: Option<Permission>,
}

/// The groups of the menu, in order (design: work, 资料, 改进, 经营, 设置).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MenuGroup {
    /// Daily work; has no heading.
    Work,
    /// 资料.
    Reference,
    /// 改进.
    Improvement,
    /// 经营.
    Management,
    /// 设置.
    Settings,
}

/// Whose pages are told of live events about one kind of record: those who hold the permission where the record stands.
#[derive(Debug, Clone, Copy)]
pub struct Watch {
    /// The kind of record, e.g. `case`.
    pub kind: &'static str,
    /// Who is told.
    pub needs: Permission,
}

impl Watch {
    /// True when `ctx` may hear of `event`.
    pub fn shows(&self, ctx: &Ctx, event: &web::LiveEvent) -> bool {
        event.record.kind == self.kind && ctx.actor.may(self.needs, &event.place)
    }
}

/// Who may see the files of one kind of record: the record's capability looks and answers `not-found` where it must stay a secret.
#[derive(Clone, Copy)]
pub struct FileDoor {
    /// The kind of record, e.g. `case`.
    pub kind: &'static str,
    /// `Ok` when the actor may see the files of the record with this id.
    pub see: for<'t> fn(&'t mut db::Tx, &'t Ctx, i64) -> BoxFuture<'t, Result<(), Fault>>,
}

/// A record that search found, as a list of hits shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundRecord {
    /// Its id.
    pub id: i64,
    /// What people call it.
    pub number: String,
    /// In a few words.
    pub title: String,
    /// The Fluent key of where it stands.
    pub state: String,
    /// Where it stands in the organisation.
    pub store: kernel::Id<kernel::of::Unit>,
    /// When it was opened.
    pub at: kernel::Timestamp,
}

/// How records of one kind are opened that search found: only those that the actor may see.
#[derive(Clone, Copy)]
pub struct Finder {
    /// The kind of record, e.g. `problem`.
    pub kind: &'static str,
    /// The records with these ids, in any order.
    pub open: for<'t> fn(&'t mut db::Tx, &'t Ctx, &'t [i64]) -> BoxFuture<'t, Result<Vec<FoundRecord>, Fault>>,
}

/// The jobs of one capability.
#[derive(Default)]
pub struct Jobs {
    /// Its kinds of job.
    pub kinds: Vec<jobs::JobKind>,
    /// Those that come back by themselves.
    pub periodic: Vec<jobs::Periodic>,
}

/// Everything that one capability brings; the program collects them.
pub struct Capability {
    /// The capability's word, e.g. `cases`; prefix of its permissions, Fluent keys and fault codes.
    pub code: &'static str,
    /// Its pages and API, each with who may call it.
    pub routes: Vec<Route>,
    /// Its permissions with the roles that hold them by default.
    pub permissions: &'static [PermissionDef],
    /// Its jobs, for the installation in which they run.
    pub jobs: fn(&Arc<Installation>) -> Jobs,
    /// Whose pages hear of its records.
    pub watch: &'static [Watch],
    /// Its menu entries.
    pub menu: &'static [MenuEntry],
    /// Where those begin who hold the permission and take no part in daily work.
    pub landing: Option<(Permission, &'static str)>,
    /// Its metrics.
    pub metrics: &'static [metrics::MetricDef],
    /// Kinds of questions that it asks somebody else to approve; their limits are edited under settings.
    pub approval_kinds: &'static [&'static str],
    /// What it does when any capability records an event.
    pub listeners: &'static [Listener],
    /// Counts unread notices, if this is where they are kept.
    pub bell: Option<Bell>,
    /// What it puts on a store's public page.
    pub portal: Option<PortalPiece>,
    /// Who may see the files of its records.
    pub file_doors: &'static [FileDoor],
    /// How its records are shown among what search found.
    pub finders: &'static [Finder],
    /// Its part of the API's description.
    pub openapi: Option<utoipa::openapi::OpenApi>,
}

impl Capability {
    /// A capability that brings nothing yet; fill in what it has.
    pub fn new(code: &'static str) -> Self {
        Self {
            code,
            routes: Vec::new(),
            permissions: &[],
            jobs: |_| Jobs::default(),
            watch: &[],
            menu: &[],
            landing: None,
            metrics: &[],
            approval_kinds: &[],
            listeners: &[],
            bell: None,
            portal: None,
            file_doors: &[],
            finders: &[],
            openapi: None,
        }
    }
}
