//! Which schemes there are: those that came with the program, those that the company loaded itself, and which is in force on a day.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use capability::{Ctx, Event};
use db::Tx;
use kernel::{Day, Fault, FieldErrors, Id, RecordRef, of};
use metrics::MetricDef;
use parties::domain::text;
use scoring::{Kind, Points, RecordKind, Scheme, SchemeError};
use sha2::{Digest, Sha256};

use crate::app::{self, TEXT};
use crate::domain;
use crate::store::{self, Choice, Loaded, LoadedId};

/// The word for a scheme that the company loaded.
pub const SCHEME_RECORD: &str = "score_scheme";
/// The longest file, in bytes: ten times the one that comes with the program.
pub const LONGEST: usize = 512 * 1024;
/// Code of what came with the program, where a choice is asked for.
pub const SHIPPED: &str = "shipped";

/// Loaded schemes that were read once, by the digest of their text. A company has a handful, and they stay for the life of the process.
static READ: LazyLock<Mutex<BTreeMap<String, &'static Scheme>>> = LazyLock::new(Mutex::default);

fn known(digest: &str) -> Option<&'static Scheme> {
    READ.lock().unwrap_or_else(PoisonError::into_inner).get(digest).copied()
}

fn digest_of(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

fn interned(digest: &str, text: &str) -> Result<&'static Scheme, SchemeError> {
    if let Some(scheme) = known(digest) {
        return Ok(scheme);
    }
    let scheme: &'static Scheme = Box::leak(Box::new(Scheme::parse(text)?));
    let mut all = READ.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(*all.entry(digest.to_owned()).or_insert(scheme))
}

/// The loaded scheme `id`, read.
async fn opened(tx: &mut Tx, id: Id<LoadedId>, digest: &str) -> Result<Option<&'static Scheme>, Fault> {
    if let Some(scheme) = known(digest) {
        return Ok(Some(scheme));
    }
    let Some(body) = store::scheme_body(tx, id).await? else { return Ok(None) };
    // It was checked when it was loaded; a newer program that reads it no more says so in its log.
    match interned(digest, &body) {
        Ok(scheme) => Ok(Some(scheme)),
        Err(error) => {
            tracing::error!(%error, scheme = id.get(), "a loaded scheme is read no more");
            Ok(None)
        }
    }
}

fn stands(scheme: &Scheme, day: Day) -> bool {
    scheme.from <= day.date() && scheme.until.is_none_or(|until| day.date() <= until)
}

/// The schemes in force on `day`, each code once: the standard first, then what else came with the program, then the company's own.
///
/// # Errors
/// What the database says.
pub async fn in_force(tx: &mut Tx, day: Day) -> Result<Vec<&'static Scheme>, Fault> {
    let mut chosen: BTreeMap<String, Option<&'static Scheme>> = BTreeMap::new();
    for one in store::choices_on(tx, day).await? {
        if chosen.contains_key(&one.code) {
            continue;
        }
        let scheme = match one.scheme {
            Some((id, digest)) => opened(tx, id, &digest).await?.filter(|scheme| stands(scheme, day)),
            None => None,
        };
        chosen.insert(one.code, scheme);
    }
    let mut all: Vec<&'static Scheme> = Vec::new();
    for shipped in domain::shipped(day) {
        all.push(chosen.remove(&shipped.code).flatten().unwrap_or(shipped));
    }
    all.extend(chosen.into_values().flatten());
    Ok(all)
}

/// The scheme with `code` that is in force today; without a code the standard.
///
/// # Errors
/// `not-found` for a code that nothing has; `scores-no-scheme`.
pub async fn chosen(ctx: &Ctx, code: &str) -> Result<&'static Scheme, Fault> {
    let all = all(ctx).await?;
    let wanted = if code.trim().is_empty() { domain::SCHEME } else { code.trim() };
    match all.iter().find(|one| one.code == wanted) {
        Some(scheme) => Ok(scheme),
        None if wanted == domain::SCHEME => Err(Fault::refused("scores-no-scheme")),
        None => Err(Fault::not_found()),
    }
}

/// All schemes in force today.
///
/// # Errors
/// What the database says.
pub async fn all(ctx: &Ctx) -> Result<Vec<&'static Scheme>, Fault> {
    let day = ctx.now().day(&ctx.house.zone);
    ctx.read(day, |tx, day| Box::pin(in_force(tx, *day))).await
}

/// The kind of record with `code` of any scheme in force, or of the registers that no scheme asks for.
///
/// # Errors
/// What the database says.
pub async fn record_kind(ctx: &Ctx, code: &str) -> Result<Option<RecordKind>, Fault> {
    let found = all(ctx).await?.iter().find_map(|scheme| scheme.record(code).cloned());
    Ok(found.or_else(|| crate::registers::own_kind(code).cloned()))
}

/// What is wrong with a file: the line, where one is to blame, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// From 1.
    pub line: Option<usize>,
    /// What.
    pub error: SchemeError,
}

/// Reads `text` as a scheme of a company whose numbers are `metrics`; nothing is written.
///
/// # Errors
/// The first thing that is wrong, with its line.
pub fn read(text: &str, metrics: &[MetricDef]) -> Result<Scheme, Wrong> {
    let wrong = |error: SchemeError| Wrong { line: error.line_in(text), error };
    let scheme = Scheme::parse(text).map_err(wrong)?;
    domain::check_one(&scheme, metrics).map_err(wrong)?;
    Ok(scheme)
}

/// Loads `text` as a scheme of the company; it is in force only once somebody chooses it.
///
/// # Errors
/// `forbidden`; `invalid` with what is wrong at `text`: nothing is written then.
pub async fn load(ctx: &Ctx, text: &str) -> Result<Id<LoadedId>, Fault> {
    if !app::may_change_schemes(ctx) {
        return Err(Fault::forbidden());
    }
    if text.trim().is_empty() {
        return Err(Fault::field("text", "required"));
    }
    if text.len() > LONGEST {
        return Err(Fault::field("text", "too-long"));
    }
    let scheme = read(text, &ctx.house.metrics).map_err(|wrong| fault_of(&wrong))?;
    let today = ctx.now().day(&ctx.house.zone);
    if domain::shipped(today).iter().any(|one| one.code == scheme.code && one.version == scheme.version) {
        return Err(taken(text, &scheme));
    }
    let company = ctx.house.identity.directories().now().company().map(|unit| unit.id).ok_or_else(Fault::not_found)?;
    let digest = digest_of(text);
    let name = scheme.name.zh.clone();
    let double = taken(text, &scheme);
    let input = (scheme.code, scheme.version, digest, text.to_owned(), name, company, double);
    ctx.write(input, |work, (code, version, digest, body, name, company, double)| {
        Box::pin(async move {
            let one = Loaded {
                id: work.ctx.house.ids.next(),
                code: code.clone(),
                version: version.clone(),
                digest: digest.clone(),
                by: work.ctx.actor.user,
                at: work.now,
            };
            if !store::insert_scheme(work.tx, &one, body).await? {
                return Err(double.clone());
            }
            let event = Event::new(RecordRef::new(SCHEME_RECORD, one.id), "score_scheme.loaded", app::place(*company))
                .change("scheme", None, Some(format!("{code} {version}")))
                .change("name", None, Some(name.clone()))
                .change("digest", None, Some(digest.clone()));
            Ok(work.record(event).await?.with(one.id))
        })
    })
    .await
}

fn taken(text: &str, scheme: &Scheme) -> Fault {
    let line = text.lines().position(|line| line.trim_start().starts_with("version")).map_or(0, |at| at + 1);
    let said = format!("{} {}", scheme.code, scheme.version);
    at_text("scores-scheme-version", vec![("line", line.to_string()), ("scheme", said)])
}

/// The same as a field error, in words of the reader's language.
pub fn fault_of(wrong: &Wrong) -> Fault {
    let line = wrong.line.unwrap_or(0).to_string();
    let (code, mut args): (&'static str, Vec<(&'static str, String)>) = match &wrong.error {
        SchemeError::Read(what) => ("scores-scheme-read", vec![("what", what.trim().to_owned())]),
        SchemeError::Twice(clause) => ("scores-scheme-twice", vec![("clause", clause.clone())]),
        SchemeError::Parent { clause, parent } => {
            ("scores-scheme-parent", vec![("clause", clause.clone()), ("parent", parent.clone())])
        }
        SchemeError::Cycle(clause) => ("scores-scheme-cycle", vec![("clause", clause.clone())]),
        SchemeError::Sum { clause, points, sum } => {
            ("scores-scheme-sum", vec![("clause", clause.clone()), ("points", points.clone()), ("sum", sum.clone())])
        }
        SchemeError::Total { points, sum } => {
            ("scores-scheme-total", vec![("points", points.clone()), ("sum", sum.clone())])
        }
        SchemeError::At { place, what } => ("scores-scheme-read", vec![("what", format!("{place}: {what}"))]),
        SchemeError::Record { clause, name } => {
            ("scores-scheme-record", vec![("clause", clause.clone()), ("name", name.clone())])
        }
        SchemeError::Unknown { clause, name, .. } => {
            ("scores-scheme-unknown", vec![("clause", clause.clone()), ("name", name.clone())])
        }
        SchemeError::TwoVersions { day, first, second, .. } => {
            ("scores-scheme-two", vec![("day", day.clone()), ("first", first.clone()), ("second", second.clone())])
        }
    };
    args.push(("line", line));
    at_text(code, args)
}

fn at_text(code: &'static str, args: Vec<(&'static str, String)>) -> Fault {
    let mut errors = FieldErrors::default();
    errors.add_with("text", code, args);
    Fault::invalid(errors)
}

/// Says which version of `code` is in force from `from` on, with a reason: a loaded one, or the one that came with the program.
///
/// # Errors
/// `forbidden`; `not-found`; `invalid` with the fields: two versions from one day on, a day that has passed, a day on which the version
/// does not stand.
pub async fn choose(
    ctx: &Ctx,
    code: &str,
    loaded: Option<Id<LoadedId>>,
    from: Option<Day>,
    reason: &str,
) -> Result<(), Fault> {
    if !app::may_change_schemes(ctx) {
        return Err(Fault::forbidden());
    }
    let today = ctx.now().day(&ctx.house.zone);
    let mut errors = FieldErrors::default();
    let reason = text::required(&mut errors, "reason", reason, TEXT);
    match from {
        None => errors.add("from_day", "required"),
        Some(day) if day < today => errors.add("from_day", "scores-past-day"),
        Some(_) => {}
    }
    errors.check()?;
    let from = from.unwrap_or(today);
    let company = ctx.house.identity.directories().now().company().map(|unit| unit.id).ok_or_else(Fault::not_found)?;
    let shipped = domain::shipped(from).into_iter().find(|one| one.code == code).map(|one| one.version.clone());
    let input = (code.to_owned(), loaded, from, reason, company, shipped);
    ctx.write(input, |work, (code, loaded, from, reason, company, shipped)| {
        Box::pin(async move {
            let version = match loaded {
                Some(id) => {
                    let one = store::loaded(work.tx, *id).await?.filter(|one| one.code == *code);
                    let one = one.ok_or_else(Fault::not_found)?;
                    let scheme = opened(work.tx, *id, &one.digest).await?.ok_or_else(Fault::not_found)?;
                    if !stands(scheme, *from) {
                        return Err(Fault::field("from_day", "scores-not-in-force"));
                    }
                    one.version
                }
                None => shipped.clone().ok_or_else(Fault::not_found)?,
            };
            let one = Choice {
                code: code.clone(),
                loaded: *loaded,
                from_day: *from,
                reason: reason.clone(),
                by: work.ctx.actor.user,
                at: work.now,
            };
            if !store::insert_choice(work.tx, work.ctx.house.ids.next(), &one).await? {
                return Err(Fault::field("from_day", "scores-two-versions"));
            }
            let record = RecordRef::new(SCHEME_RECORD, loaded.unwrap_or(Id::new(0)));
            let event = Event::new(record, "score_scheme.chosen", app::place(*company))
                .change("scheme", None, Some(format!("{code} {version}")))
                .change("from", None, Some(from.to_string()))
                .change("reason", None, Some(reason.clone()));
            work.record(event).await
        })
    })
    .await?;
    app::recalculate(&app::system(ctx)).await.map(|_| ())
}

/// A version of a scheme, as the list shows it.
#[derive(Debug, Clone)]
pub struct Version {
    /// The loaded one; `None` = it came with the program.
    pub loaded: Option<Loaded>,
    /// It, read.
    pub scheme: &'static Scheme,
    /// It is what counts today.
    pub in_force: bool,
}

/// Every version that there is, with what counts, and what was chosen, newest first.
///
/// # Errors
/// What the database says.
pub async fn versions(ctx: &Ctx) -> Result<(Vec<Version>, Vec<Choice>), Fault> {
    let day = ctx.now().day(&ctx.house.zone);
    ctx.read(day, |tx, day| {
        Box::pin(async move {
            let current = in_force(tx, *day).await?;
            let counts =
                |scheme: &Scheme| current.iter().any(|one| one.code == scheme.code && one.version == scheme.version);
            let shipped = domain::shipped(*day).into_iter();
            let mut all: Vec<Version> =
                shipped.map(|scheme| Version { loaded: None, scheme, in_force: counts(scheme) }).collect();
            for one in store::loaded_schemes(tx).await? {
                if let Some(scheme) = opened(tx, one.id, &one.digest).await? {
                    all.push(Version { in_force: counts(scheme), loaded: Some(one), scheme });
                }
            }
            Ok((all, store::choices(tx).await?))
        })
    })
    .await
}

/// An indicator of two versions of one scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// Which.
    pub clause: String,
    /// 中文 and English.
    pub name: scoring::Name,
    /// How deep it stands.
    pub depth: usize,
    /// Its points in the one.
    pub ours: Option<Points>,
    /// In the other.
    pub theirs: Option<Points>,
    /// Both have it, with the same evidence and reading.
    pub same_evidence: bool,
}

/// Two versions indicator by indicator, in the order of the first, then what only the second has.
pub fn compare(ours: &Scheme, theirs: &Scheme) -> Vec<Compared> {
    let evidence = |kind: &Kind| match kind {
        Kind::Group(_) => None,
        leaf @ Kind::Leaf { .. } => Some(leaf.clone()),
    };
    let mut all: Vec<Compared> = ours
        .indicators
        .iter()
        .map(|one| {
            let other = theirs.indicator(&one.clause);
            Compared {
                clause: one.clause.clone(),
                name: one.name.clone(),
                depth: one.depth,
                ours: Some(one.points),
                theirs: other.map(|other| other.points),
                same_evidence: other.is_some_and(|other| evidence(&one.kind) == evidence(&other.kind)),
            }
        })
        .collect();
    all.extend(theirs.indicators.iter().filter(|one| ours.indicator(&one.clause).is_none()).map(|one| Compared {
        clause: one.clause.clone(),
        name: one.name.clone(),
        depth: one.depth,
        ours: None,
        theirs: Some(one.points),
        same_evidence: false,
    }));
    all
}

/// Who loaded or chose it.
pub fn person(ctx: &Ctx, id: Option<Id<of::User>>) -> String {
    let directory = ctx.house.identity.directories().now();
    id.and_then(|id| directory.user_name(id)).unwrap_or_default().to_owned()
}
