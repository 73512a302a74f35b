//! Use cases around audits.

mod access;
mod draws;
mod findings;
mod plan;
mod sheet;

pub use access::{Given, Guest, Let, give, until, visits, withdraw};
pub use draws::{Again, Asked, again, draw, drawn};
pub(crate) use findings::DUE;
pub use findings::{
    Answer, FindingDraft, FindingPage, FindingWhole, answer, assign, finding, judge, list as findings, remind, write,
};
pub use plan::{
    Draft, LineDraft, Page, Whole, add_line, change, create, go, home, list, remove_line, replay_state, scopes, whole,
};
pub use sheet::{Sheet, Told, sheet};

use capability::{Ctx, FileDoor, Finder, FoundRecord, PermissionDef, Work};
use db::Tx;
use futures_util::future::BoxFuture;
use identity::Directory;
use kernel::{Fault, Id, Permission, Place, Scope, of};
use search::Piece;

use crate::domain::{Kind, State};
use crate::store::{self, Audit, AuditId, Finding};

/// See all audits.
pub const VIEW: Permission = Permission("audits.view");
/// Plan audits, draw samples, let assessors in, give findings to people.
pub const EDIT: Permission = Permission("audits.edit");
/// See findings at one's place.
pub const FINDINGS: Permission = Permission("audits.findings");
/// Look at the audit to which one was let in from outside.
pub const ASSESS: Permission = Permission("audits.assess");

/// All of them with the roles that hold them by default.
pub const PERMISSIONS: &[PermissionDef] = &[
    PermissionDef {
        permission: VIEW,
        defaults: &[("headquarters_quality", Scope::Company), ("assessor", Scope::Company)],
    },
    PermissionDef { permission: EDIT, defaults: &[("headquarters_quality", Scope::Company)] },
    PermissionDef {
        permission: FINDINGS,
        defaults: &[
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
            ("assessor", Scope::Company),
        ],
    },
    PermissionDef { permission: ASSESS, defaults: &[("external_assessor", Scope::Own)] },
];

/// The word for audits in journal, search and live events.
pub const RECORD: &str = "audit";
/// The word for findings.
pub const FINDING: &str = "audit_finding";

/// Longest title and name, in characters.
pub const TITLE: usize = 120;
/// Longest text.
pub const TEXT: usize = 4_000;
/// The scheme whose clauses are known.
pub const SCHEME: &str = "gbt27922";

/// Whoever sees a finding sees its files.
pub const DOOR: FileDoor = FileDoor { kind: FINDING, see: sees };

fn sees<'t>(tx: &'t mut Tx, ctx: &'t Ctx, id: i64) -> BoxFuture<'t, Result<(), Fault>> {
    Box::pin(async move { findings::look(tx, ctx, Id::new(id)).await.map(|_| ()) })
}

/// Whoever sees audits finds them.
pub const FINDER: Finder = Finder { kind: RECORD, open };
/// Whoever sees a finding finds it.
pub const FINDING_FINDER: Finder = Finder { kind: FINDING, open: open_findings };

fn open<'t>(tx: &'t mut Tx, ctx: &'t Ctx, ids: &'t [i64]) -> BoxFuture<'t, Result<Vec<FoundRecord>, Fault>> {
    Box::pin(async move {
        let mut found = Vec::new();
        for id in ids {
            let Some(one) = store::get(tx, Id::new(*id)).await? else { continue };
            if ctx.actor.may(VIEW, &one) {
                found.push(FoundRecord {
                    id: *id,
                    state: format!("audits-state-{}", one.state),
                    number: one.number,
                    title: one.title,
                    store: one.unit,
                    at: one.created_at,
                });
            }
        }
        Ok(found)
    })
}

fn open_findings<'t>(tx: &'t mut Tx, ctx: &'t Ctx, ids: &'t [i64]) -> BoxFuture<'t, Result<Vec<FoundRecord>, Fault>> {
    Box::pin(async move {
        let mut found = Vec::new();
        for id in ids {
            let Some(one) = store::find(tx, Id::new(*id)).await? else { continue };
            if ctx.actor.may(FINDINGS, &one) {
                found.push(FoundRecord {
                    id: *id,
                    state: format!("audits-finding-state-{}", one.state),
                    title: one.seen.chars().take(60).collect(),
                    number: one.number,
                    store: one.unit,
                    at: one.written_at,
                });
            }
        }
        Ok(found)
    })
}

fn piece(one: &Audit) -> Piece {
    let said = [Some(one.number.as_str()), Some(&one.title), one.body.as_deref(), one.lead_name.as_deref()];
    Piece {
        record: kernel::RecordRef::new(RECORD, one.id),
        piece: 0,
        store: one.unit,
        team: None,
        owner: one.lead,
        text: said
            .into_iter()
            .chain([one.note.as_deref(), one.result.as_deref()])
            .flatten()
            .collect::<Vec<_>>()
            .join("\n"),
        codes: vec![one.number.clone()],
    }
}

fn finding_piece(one: &Finding) -> Piece {
    let said =
        [Some(one.number.as_str()), Some(&one.clause), Some(&one.seen), one.cause.as_deref(), one.done.as_deref()];
    Piece {
        record: kernel::RecordRef::new(FINDING, one.id),
        piece: 0,
        store: one.unit,
        team: None,
        owner: one.owner,
        text: said.into_iter().flatten().collect::<Vec<_>>().join("\n"),
        codes: vec![one.number.clone()],
    }
}

/// What the actor is to an audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Keeps audits: plans, draws, lets in, gives findings to people.
    pub keeps: bool,
    /// Was let in from outside for this one.
    pub outside: bool,
    /// Leads it.
    pub leads: bool,
}

impl Part {
    /// Writes findings: whoever was let in or leads; at audits of our own whoever keeps them too.
    pub fn writes(&self, audit: &Audit) -> bool {
        audit.state == State::Running && (self.outside || self.leads || (self.keeps && audit.kind != Kind::External))
    }
    /// Opens whole records where the other permissions reach; from outside only what was drawn, masked.
    pub const fn inside(&self) -> bool {
        !self.outside
    }
}

/// The audit `id` and what the actor is to it.
async fn look(tx: &mut Tx, ctx: &Ctx, id: Id<AuditId>) -> Result<(Audit, Part), Fault> {
    let audit = store::get(tx, id).await?.ok_or_else(Fault::not_found)?;
    let outside = match ctx.actor.user {
        Some(me) => let_in(tx, ctx, me, id).await?,
        None => false,
    };
    let leads = ctx.actor.user.is_some() && audit.lead == ctx.actor.user;
    let part = Part { keeps: ctx.actor.may(EDIT, &audit), outside, leads };
    if part.outside || part.leads || ctx.actor.may(VIEW, &audit) { Ok((audit, part)) } else { Err(Fault::not_found()) }
}

/// Whether `user` is from outside and may look at the audit `id` now.
async fn let_in(tx: &mut Tx, ctx: &Ctx, user: Id<of::User>, id: Id<AuditId>) -> Result<bool, Fault> {
    let access = store::access_of_user(tx, user).await?;
    if access.is_none_or(|one| one.audit != id) {
        return Ok(false);
    }
    let window = identity::store::windows::get(tx, user).await?;
    Ok(window.is_some_and(|window| window.shut(ctx.now()).is_none()))
}

/// From here on nobody takes the actor's access away before the write is done; for staff nothing happens.
async fn hold(work: &mut Work<'_>, part: Part) -> Result<(), Fault> {
    let Some(me) = work.ctx.actor.user.filter(|_| part.outside) else { return Ok(()) };
    if identity::store::windows::hold(work.tx, me, work.now).await? {
        return Ok(());
    }
    let window = identity::store::windows::get(work.tx, me).await?;
    Err(window.and_then(|window| window.shut(work.now)).map_or_else(Fault::not_found, identity::Shut::fault))
}

/// The place of a unit at which nobody stands.
fn place(unit: Id<of::Unit>) -> Place {
    Place { store: unit, team: None, owner: None }
}

fn company(directory: &Directory) -> Result<Id<of::Unit>, Fault> {
    directory.company().map(|unit| unit.id).ok_or_else(Fault::not_found)
}

fn name(ctx: &Ctx, user: Option<Id<of::User>>) -> Option<String> {
    let directory = ctx.house.identity.directories().now();
    user.and_then(|user| directory.user_name(user)).map(str::to_owned)
}

fn unit_name(ctx: &Ctx, unit: Id<of::Unit>) -> Option<String> {
    ctx.house.identity.directories().now().unit(unit).map(|unit| unit.name.clone())
}
