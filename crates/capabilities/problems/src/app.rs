//! Use cases around problems.

use capability::{Ctx, Event, FileDoor, Finder, FoundRecord, PermissionDef, Recorded, Work};
use cases::store::Case;
use db::{Db, DbError, Tx};
use files::{FileRow, NewFile, Prepared};
use futures_util::future::BoxFuture;
use kernel::{Cursor, Day, Fault, FieldErrors, Id, IdGen, Permission, RecordRef, Scope, Timestamp, of};
use metrics::Delta;
use notices::Notice;
use parties::domain::text;
use search::Piece;
use serde::{Deserialize, Serialize};

use crate::domain::{State, go};
use crate::store::{self, Filter, Problem, ProblemId};

/// See problems of one's place.
pub const VIEW: Permission = Permission("problems.view");
/// Promote cases, change problems.
pub const EDIT: Permission = Permission("problems.edit");
/// The word for problems in journal, files and live events.
pub const RECORD: &str = "problem";

/// All of them with the roles that hold them by default.
pub const PERMISSIONS: &[PermissionDef] = &[
    PermissionDef {
        permission: VIEW,
        defaults: &[
            ("clerk", Scope::Store),
            ("technician", Scope::Store),
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
            ("assessor", Scope::Company),
        ],
    },
    PermissionDef {
        permission: EDIT,
        defaults: &[
            ("clerk", Scope::Store),
            ("store_manager", Scope::Store),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
        ],
    },
];

/// Longest title, text and post, in characters.
pub const TITLE: usize = 120;
/// Longest text.
pub const TEXT: usize = 5_000;
/// Most people who help with one problem.
const EXPERTS: usize = 20;
/// Entries of one record that the timeline looks at.
const ENTRIES: i64 = 200;

/// Whoever sees a problem sees its files.
pub const DOOR: FileDoor = FileDoor { kind: RECORD, see: sees };

fn sees<'t>(tx: &'t mut Tx, ctx: &'t Ctx, id: i64) -> BoxFuture<'t, Result<(), Fault>> {
    Box::pin(async move { look(tx, ctx, Id::new(id)).await.map(|_| ()) })
}

/// Whoever sees a problem finds it.
pub const FINDER: Finder = Finder { kind: RECORD, open };

fn open<'t>(tx: &'t mut Tx, ctx: &'t Ctx, ids: &'t [i64]) -> BoxFuture<'t, Result<Vec<FoundRecord>, Fault>> {
    Box::pin(async move {
        let mut found = Vec::new();
        for id in ids {
            let Some(problem) = store::get(tx, Id::new(*id)).await? else { continue };
            if ctx.actor.may(VIEW, &problem) {
                found.push(FoundRecord {
                    id: *id,
                    state: format!("problems-state-{}", problem.state.as_str().replace('_', "-")),
                    number: problem.number,
                    title: problem.title,
                    store: problem.store,
                    at: problem.opened_at,
                });
            }
        }
        Ok(found)
    })
}

/// By what a problem is found.
fn piece(problem: &Problem) -> Piece {
    let said = [Some(problem.number.as_str()), Some(&problem.title), Some(&problem.body)];
    let known = [problem.cause.as_deref(), problem.solution.as_deref()];
    Piece {
        record: RecordRef::new(RECORD, problem.id),
        piece: 0,
        store: problem.store,
        team: None,
        owner: Some(problem.owner),
        text: said.into_iter().chain(known).flatten().collect::<Vec<_>>().join("\n"),
        codes: vec![problem.number.clone()],
    }
}

/// The problem `id` with its experts, if the actor may see it: at their place, or because they help with it.
async fn look(tx: &mut Tx, ctx: &Ctx, id: Id<ProblemId>) -> Result<(Problem, Vec<Id<of::User>>), Fault> {
    let problem = store::get(tx, id).await?.ok_or_else(Fault::not_found)?;
    let experts = store::experts(tx, id).await?;
    let own = ctx.actor.user.is_some_and(|me| me == problem.owner || experts.contains(&me));
    if own || ctx.actor.may(VIEW, &problem) { Ok((problem, experts)) } else { Err(Fault::not_found()) }
}

/// Whether the actor works on it: whoever may change problems there, owns it or helps with it.
fn works(ctx: &Ctx, problem: &Problem, experts: &[Id<of::User>]) -> bool {
    let own = ctx.actor.user.is_some_and(|me| me == problem.owner || experts.contains(&me));
    own || ctx.actor.may(EDIT, problem)
}

/// What is said of a problem; texts as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// In a few words.
    pub title: String,
    /// What is known.
    pub body: String,
    /// Who answers for it; the actor when left out.
    pub owner: Option<Id<of::User>>,
    /// Who helps.
    pub experts: Vec<Id<of::User>>,
    /// When somebody looks again.
    pub review_on: Option<Day>,
    /// What lies behind it.
    pub cause: Option<String>,
    /// What helps.
    pub solution: Option<String>,
    /// Where it stands.
    pub state: Option<State>,
}

fn checked(ctx: &Ctx, draft: &Draft) -> Result<Draft, Fault> {
    let mut errors = FieldErrors::default();
    let title = text::required(&mut errors, "title", &draft.title, TITLE);
    let optional = |errors: &mut FieldErrors, field: &str, typed: &Option<String>| {
        let typed = typed.as_deref().map(str::trim).filter(|text| !text.is_empty())?;
        Some(text::required(errors, field, typed, TEXT))
    };
    let body = optional(&mut errors, "body", &Some(draft.body.clone())).unwrap_or_default();
    let cause = optional(&mut errors, "cause", &draft.cause);
    let solution = optional(&mut errors, "solution", &draft.solution);
    let directory = ctx.house.identity.directories().now();
    let active = |id: &Id<of::User>| directory.user(*id).is_some_and(|user| user.active);
    if draft.owner.is_some_and(|owner| !active(&owner)) {
        errors.add("owner", "unknown");
    }
    let mut experts = draft.experts.clone();
    experts.sort();
    experts.dedup();
    if experts.len() > EXPERTS || !experts.iter().all(active) {
        errors.add("experts", "unknown");
    }
    errors.check()?;
    Ok(Draft { title, body, cause, solution, experts, ..draft.clone() })
}

/// Makes `case` a problem: the case is linked, whoever helps is told.
///
/// # Errors
/// `invalid` with the fields; `problems-has-one`; `not-found`; `forbidden`.
pub async fn promote(ctx: &Ctx, case: Id<of::Case>, draft: Draft) -> Result<Problem, Fault> {
    let draft = checked(ctx, &draft)?;
    ctx.write((case, draft), |work, (case, draft)| {
        Box::pin(async move {
            let case = seen_case(work, *case).await?;
            promote_within(work, &case, draft).await
        })
    })
    .await
}

async fn seen_case(work: &mut Work<'_>, case: Id<of::Case>) -> Result<Case, Fault> {
    let case = cases::store::get(work.tx, case).await?.ok_or_else(Fault::not_found)?;
    work.require(cases::app::VIEW, &case)?;
    if work.ctx.actor.may(EDIT, &case) { Ok(case) } else { Err(Fault::forbidden()) }
}

/// The same within a write that does more; the draft has been checked.
///
/// # Errors
/// `problems-has-one`; what the database says.
pub async fn promote_within(work: &mut Work<'_>, case: &Case, draft: &Draft) -> Result<Recorded<Problem>, Fault> {
    let directory = work.ctx.house.identity.directories().now();
    let zone = directory.unit(case.store).map_or_else(|| work.ctx.house.zone.clone(), |unit| unit.zone.clone());
    let day = work.now.day(&zone);
    let owner = draft.owner.or(work.ctx.actor.user).or(case.owner).ok_or_else(|| Fault::field("owner", "choose"))?;
    let sequence = store::next_number(work.tx, day).await?;
    let problem = Problem {
        id: work.ctx.house.ids.next(),
        number: format!("NT{}-{sequence:03}", day.to_string().replace('-', "")),
        title: draft.title.clone(),
        body: draft.body.clone(),
        state: State::Open,
        store: case.store,
        owner,
        cause: draft.cause.clone(),
        solution: draft.solution.clone(),
        review_on: draft.review_on,
        opened_at: work.now,
        opened_by: work.ctx.actor.user,
        solved_at: None,
        closed_at: None,
        version: 1,
    };
    store::insert(work.tx, &problem).await?;
    store::set_experts(work.tx, problem.id, &draft.experts).await?;
    let mut event = event(&problem, "problem.opened")
        .change("state", None, Some(problem.state.to_string()))
        .change("owner", None, name(work.ctx, Some(owner)))
        .change("experts", None, Some(names(work.ctx, &draft.experts)).filter(|names| !names.is_empty()))
        .change("review_on", None, problem.review_on.map(|day| day.to_string()))
        .personal("title", None, Some(problem.title.clone()))
        .personal("text", None, Some(problem.body.clone()).filter(|text| !text.is_empty()))
        .index(piece(&problem));
    event.deltas = Delta::spread("problems.opened", problem.store, day, 1, &[]);
    let _ = work.record(event).await?;
    join(work, &problem, case, day).await?;
    let told: Vec<Id<of::User>> = draft.experts.iter().copied().chain([owner]).collect();
    notices::tell(work, &told, &notice("problem.expert", &problem)).await?;
    Ok(work.unchanged(problem))
}

/// Links `case` to the problem, in both timelines.
async fn join(work: &mut Work<'_>, problem: &Problem, case: &Case, day: Day) -> Result<(), Fault> {
    let by = work.ctx.actor.user;
    if !store::link(work.tx, problem.id, case.id, by, work.now).await? {
        return Err(Fault::refused("problems-has-one"));
    }
    let mut linked = event(problem, "problem.case_linked").change("case", None, Some(case.number.clone()));
    linked.deltas = Delta::spread("problems.cases", problem.store, day, 1, &[]);
    let _ = work.record(linked).await?;
    let record = RecordRef::new(cases::app::RECORD, case.id);
    let on_case = Event::new(record, "problems.promoted", kernel::Placed::place(case)).change(
        "problem",
        None,
        Some(problem.number.clone()),
    );
    work.record(on_case).await.map(|_| ())
}

/// Links another case to the problem that people call `number`.
///
/// # Errors
/// `invalid` for an unknown number; `problems-has-one`; `not-found`; `forbidden`.
pub async fn link(ctx: &Ctx, number: &str, case: Id<of::Case>) -> Result<Id<ProblemId>, Fault> {
    let number = number.trim().to_ascii_uppercase();
    ctx.write((number, case), |work, (number, case)| {
        Box::pin(async move {
            let case = seen_case(work, *case).await?;
            let unknown = || Fault::field("number", "unknown");
            let found = store::by_number(work.tx, number).await?.ok_or_else(unknown)?;
            let (problem, experts) = look(work.tx, work.ctx, found.id).await.map_err(|_hidden| unknown())?;
            if !works(work.ctx, &problem, &experts) {
                return Err(Fault::forbidden());
            }
            let directory = work.ctx.house.identity.directories().now();
            let zone =
                directory.unit(problem.store).map_or_else(|| work.ctx.house.zone.clone(), |unit| unit.zone.clone());
            let day = work.now.day(&zone);
            join(work, &problem, &case, day).await?;
            Ok(work.unchanged(problem.id))
        })
    })
    .await
}

/// Takes the link of a case away.
///
/// # Errors
/// `not-found`; `forbidden`.
pub async fn unlink(ctx: &Ctx, id: Id<ProblemId>, case: Id<of::Case>) -> Result<(), Fault> {
    ctx.write((id, case), |work, (id, case)| {
        Box::pin(async move {
            let (problem, experts) = look(work.tx, work.ctx, *id).await?;
            if !works(work.ctx, &problem, &experts) {
                return Err(Fault::forbidden());
            }
            let case = cases::store::get(work.tx, *case).await?.ok_or_else(Fault::not_found)?;
            if !store::unlink(work.tx, *id, case.id).await? {
                return Ok(work.unchanged(()));
            }
            let directory = work.ctx.house.identity.directories().now();
            let zone =
                directory.unit(problem.store).map_or_else(|| work.ctx.house.zone.clone(), |unit| unit.zone.clone());
            let mut gone = event(&problem, "problem.case_unlinked").change("case", Some(case.number.clone()), None);
            gone.deltas = Delta::spread("problems.cases", problem.store, work.now.day(&zone), -1, &[]);
            let _ = work.record(gone).await?;
            let record = RecordRef::new(cases::app::RECORD, case.id);
            let on_case = Event::new(record, "problems.parted", kernel::Placed::place(&case)).change(
                "problem",
                Some(problem.number.clone()),
                None,
            );
            work.record(on_case).await
        })
    })
    .await
}

/// Changes what is said of a problem, and where it stands.
///
/// # Errors
/// `invalid` with the fields, such as a missing cause; `stale`; `not-found`; `forbidden`.
pub async fn change(ctx: &Ctx, id: Id<ProblemId>, version: i64, draft: Draft) -> Result<i64, Fault> {
    let draft = checked(ctx, &draft)?;
    ctx.write((id, version, draft), |work, (id, version, draft)| {
        Box::pin(async move {
            let (before, experts) = look(work.tx, work.ctx, *id).await?;
            if !works(work.ctx, &before, &experts) {
                return Err(Fault::forbidden());
            }
            if before.version != *version {
                return Err(Fault::stale(before.version));
            }
            let state = draft.state.unwrap_or(before.state);
            go(before.state, state, draft.cause.is_some(), draft.solution.is_some())
                .map_err(|(field, code)| Fault::field(field, code))?;
            // What it stands by is not taken from under it.
            if state != State::Open && draft.cause.is_none() {
                return Err(Fault::field("cause", "required"));
            }
            if matches!(state, State::Solved | State::Closed) && draft.solution.is_none() {
                return Err(Fault::field("solution", "required"));
            }
            let newly = |wanted: State| state == wanted && before.state != wanted;
            let after = Problem {
                title: draft.title.clone(),
                body: draft.body.clone(),
                state,
                owner: draft.owner.unwrap_or(before.owner),
                cause: draft.cause.clone(),
                solution: draft.solution.clone(),
                review_on: draft.review_on,
                solved_at: if newly(State::Solved) { Some(work.now) } else { before.solved_at },
                closed_at: if newly(State::Closed) { Some(work.now) } else { before.closed_at },
                version: before.version + 1,
                ..before.clone()
            };
            if !store::save(work.tx, &after).await? {
                return Err(Fault::stale(after.version));
            }
            store::set_experts(work.tx, *id, &draft.experts).await?;
            let said = |experts: &[Id<of::User>]| Some(names(work.ctx, experts)).filter(|names| !names.is_empty());
            let mut event = event(&after, "problem.changed")
                .change("state", Some(before.state.to_string()), Some(after.state.to_string()))
                .change("owner", name(work.ctx, Some(before.owner)), name(work.ctx, Some(after.owner)))
                .change("experts", said(&experts), said(&draft.experts))
                .change(
                    "review_on",
                    before.review_on.map(|day| day.to_string()),
                    after.review_on.map(|day| day.to_string()),
                )
                .personal("title", Some(before.title.clone()), Some(after.title.clone()))
                .personal("text", Some(before.body.clone()), Some(after.body.clone()))
                .personal("cause", before.cause.clone(), after.cause.clone())
                .personal("solution", before.solution.clone(), after.solution.clone())
                .index(piece(&after));
            if newly(State::Solved) {
                let directory = work.ctx.house.identity.directories().now();
                let zone =
                    directory.unit(after.store).map_or_else(|| work.ctx.house.zone.clone(), |unit| unit.zone.clone());
                event.deltas = Delta::spread("problems.solved", after.store, work.now.day(&zone), 1, &[]);
            }
            let recorded = work.record(event).await?.with(after.version);
            let new: Vec<_> = draft.experts.iter().copied().filter(|one| !experts.contains(one)).collect();
            let owner = (after.owner != before.owner).then_some(after.owner);
            let new: Vec<_> = new.into_iter().chain(owner).collect();
            notices::tell(work, &new, &notice("problem.expert", &after)).await?;
            if newly(State::Solved) {
                // Whoever has one of its cases can go on.
                let ids = store::cases(work.tx, *id).await?;
                let linked = cases::store::get_many(work.tx, &ids).await?;
                let owners: Vec<_> = linked.values().filter_map(|case| case.owner).collect();
                let told = notice("problem.solved", &after).text(after.solution.as_deref().unwrap_or_default());
                notices::tell(work, &owners, &told).await?;
            }
            Ok(recorded)
        })
    })
    .await
}

/// Says something in the timeline; people called by `@name` are told, and files hang on the problem.
///
/// # Errors
/// `invalid` without words, or for somebody who does not see it; `not-found`; `forbidden`.
pub async fn post(ctx: &Ctx, id: Id<ProblemId>, typed: &str, files: Vec<Prepared>) -> Result<(), Fault> {
    let mut errors = FieldErrors::default();
    let body = text::required(&mut errors, "post", typed, TEXT);
    errors.check()?;
    ctx.write((id, body, files), |work, (id, body, files)| {
        Box::pin(async move {
            let (problem, experts) = look(work.tx, work.ctx, *id).await?;
            if !works(work.ctx, &problem, &experts) {
                return Err(Fault::forbidden());
            }
            let directory = work.ctx.house.identity.directories().now();
            let people: Vec<_> =
                directory.users().filter(|user| user.active).map(|user| (user.id, user.name.as_str())).collect();
            let sees = |user: Id<of::User>| {
                user == problem.owner
                    || experts.contains(&user)
                    || directory.actor(user).is_some_and(|actor| actor.may(VIEW, &problem))
            };
            let called = cases::domain::mentioned(body, &people);
            let hidden = called
                .iter()
                .find(|(user, name)| !sees(*user) && !called.iter().any(|(other, same)| same == name && sees(*other)));
            if let Some((_, name)) = hidden {
                let mut errors = FieldErrors::default();
                errors.add_with("post", "problems-mention", vec![("name", (*name).to_owned())]);
                errors.check()?;
            }
            let record = RecordRef::new(RECORD, *id);
            let new = NewFile::of(record, Some(problem.store), work.ctx.actor.user, work.now);
            let mut named = Vec::new();
            for file in files {
                files::attach(work.tx, &work.ctx.house.ids, file, &new).await?;
                named.push(file.name().to_owned());
            }
            let event = event(&problem, "problem.posted").personal("text", None, Some(body.clone())).personal(
                "files",
                None,
                Some(named.join(", ")).filter(|names| !names.is_empty()),
            );
            let recorded = work.record(event).await?;
            let told: Vec<_> = called.into_iter().map(|(user, _)| user).filter(|user| sees(*user)).collect();
            notices::tell(work, &told, &notice("problem.mentioned", &problem).text(body)).await?;
            Ok(recorded)
        })
    })
    .await
}

/// Tells owners of the problems that are due for a look, once for each day.
///
/// # Errors
/// What the database says.
pub async fn review(ctx: &Ctx) -> Result<usize, Fault> {
    ctx.write((), |work, ()| {
        Box::pin(async move {
            let day = work.now.day(&work.ctx.house.zone);
            let due = store::due(work.tx, day, 200).await?;
            let mut events = Vec::new();
            for problem in &due {
                store::told(work.tx, problem.id).await?;
                notices::tell(work, &[problem.owner], &notice("problem.review", problem)).await?;
                events.push(event(problem, "problem.review_due"));
            }
            if events.is_empty() {
                return Ok(work.unchanged(0));
            }
            Ok(work.record_all(events).await?.with(due.len()))
        })
    })
    .await
}

/// Problems that are made findable in one transaction.
const AT_ONCE: i64 = 200;

/// Makes the problems findable that no search finds yet: they were opened before there was one, and have not changed since. Nothing
/// about them changes, so there is nothing to record. Says how many there were.
///
/// # Errors
/// What the database says.
pub async fn make_findable(db: &Db, ids: &IdGen) -> Result<i64, DbError> {
    let mut all = 0;
    loop {
        let made: i64 = db
            .write(ids.clone(), |tx, ids| {
                Box::pin(async move {
                    let missing = store::unfound(tx, AT_ONCE).await?;
                    let pieces: Vec<Piece> = missing.iter().map(piece).collect();
                    search::index(tx, ids, &pieces).await?;
                    Ok::<_, DbError>(i64::try_from(pieces.len()).unwrap_or(AT_ONCE))
                })
            })
            .await?;
        all += made;
        if made < AT_ONCE {
            return Ok(all);
        }
    }
}

/// One page of problems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Newest first.
    pub rows: Vec<Problem>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// Problems that the actor may see, newest first.
///
/// # Errors
/// What the database says.
pub async fn list(ctx: &Ctx, filter: Filter, after: Option<Cursor>, limit: u16) -> Result<Page, Fault> {
    let input = (filter, ctx.actor.user, ctx.reach(VIEW), after, i64::from(limit));
    ctx.read(input, |tx, (filter, me, reach, after, limit)| {
        Box::pin(async move {
            let mut rows = store::list(tx, filter, *me, reach, *after, *limit + 1).await?;
            let shown = usize::try_from(*limit).unwrap_or(usize::MAX);
            let more = rows.len() > shown;
            rows.truncate(shown);
            let last = rows.last().filter(|_| more);
            let next = last.map(|row| Cursor { key: row.opened_at.millis(), id: row.id.get() });
            Ok(Page { rows, next })
        })
    })
    .await
}

/// One line of the shared timeline.
#[derive(Debug, Clone)]
pub struct Line {
    /// The case in which it happened; `None` for the problem itself.
    pub case: Option<(Id<of::Case>, String)>,
    /// What happened.
    pub verb: String,
    /// Who.
    pub who: String,
    /// When.
    pub at: Timestamp,
    /// What was said.
    pub text: Option<String>,
    /// Names of files that came with it.
    pub files: Option<String>,
    /// Fields that changed: name, before, after.
    pub changes: Vec<(String, Option<String>, Option<String>)>,
}

/// A problem with everything on its page.
#[derive(Debug, Clone)]
pub struct Detail {
    /// The problem.
    pub problem: Problem,
    /// Who helps.
    pub experts: Vec<Id<of::User>>,
    /// Its cases, as far as the actor may see them.
    pub cases: Vec<Case>,
    /// How many more there are.
    pub hidden: usize,
    /// Its files.
    pub files: Vec<FileRow>,
    /// What happened, newest first: posts, changes, and what happened in the cases that the actor may see.
    pub lines: Vec<Line>,
    /// The actor works on it.
    pub may_work: bool,
}

/// The problem `id`.
///
/// # Errors
/// `not-found`.
pub async fn detail(ctx: &Ctx, id: Id<ProblemId>) -> Result<Detail, Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let (problem, experts) = look(tx, ctx, *id).await?;
            let ids = store::cases(tx, *id).await?;
            let mut found = cases::store::get_many(tx, &ids).await?;
            let all: Vec<Case> = ids.iter().filter_map(|id| found.remove(id)).collect();
            let linked = all.len();
            let seen: Vec<Case> = all.into_iter().filter(|case| ctx.actor.may(cases::app::VIEW, case)).collect();
            let record = RecordRef::new(RECORD, *id);
            let mut lines: Vec<Line> = journal::of_record(tx, &record, None, ENTRIES)
                .await?
                .into_iter()
                .map(|entry| line(entry, None))
                .collect();
            for case in &seen {
                let record = RecordRef::new(cases::app::RECORD, case.id);
                let entries = journal::of_record(tx, &record, None, ENTRIES).await?;
                let case = Some((case.id, case.number.clone()));
                lines.extend(entries.into_iter().map(|entry| line(entry, case.clone())));
            }
            lines.sort_by_key(|line| std::cmp::Reverse(line.at));
            lines.truncate(100);
            Ok(Detail {
                files: files::of_record(tx, &record, false).await?,
                may_work: works(ctx, &problem, &experts),
                hidden: linked - seen.len(),
                cases: seen,
                lines,
                problem,
                experts,
            })
        })
    })
    .await
}

fn line(entry: journal::Recorded, case: Option<(Id<of::Case>, String)>) -> Line {
    let said =
        |field: &str| entry.changes.iter().find(|change| change.field == field).and_then(|change| change.after.clone());
    let spoken = entry.verb.ends_with("posted");
    Line {
        text: said("text").filter(|_| spoken),
        files: said("files"),
        changes: entry
            .changes
            .iter()
            .filter(|change| !matches!(change.field.as_str(), "text" | "files" | "title") && !spoken)
            .map(|change| (change.field.clone(), change.before.clone(), change.after.clone()))
            .collect(),
        case,
        who: entry.actor_name,
        at: entry.happened_at,
        verb: entry.verb,
    }
}

/// The problem behind `case`, if there is one that the actor may see, and whether they may make one.
///
/// # Errors
/// `not-found` for the case.
pub async fn of_case(ctx: &Ctx, case: Id<of::Case>) -> Result<(Case, Option<Problem>, bool), Fault> {
    ctx.read((case, ctx.clone()), |tx, (case, ctx)| {
        Box::pin(async move {
            let case = cases::store::get(tx, *case).await?.ok_or_else(Fault::not_found)?;
            ctx.require(cases::app::VIEW, &case)?;
            let problem = store::of_case(tx, case.id).await?;
            let may = ctx.actor.may(EDIT, &case);
            Ok((case, problem, may))
        })
    })
    .await
}

fn event(problem: &Problem, verb: &'static str) -> Event {
    Event::new(RecordRef::new(RECORD, problem.id), verb, kernel::Placed::place(problem))
}

fn notice(kind: &'static str, problem: &Problem) -> Notice {
    Notice::new(kind, RecordRef::new(RECORD, problem.id)).number(&problem.number).subject(&problem.title)
}

fn name(ctx: &Ctx, user: Option<Id<of::User>>) -> Option<String> {
    let directory = ctx.house.identity.directories().now();
    user.and_then(|user| directory.user_name(user)).map(str::to_owned)
}

fn names(ctx: &Ctx, users: &[Id<of::User>]) -> String {
    users.iter().filter_map(|user| name(ctx, Some(*user))).collect::<Vec<_>>().join("、")
}
