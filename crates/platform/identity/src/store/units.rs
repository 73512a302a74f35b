//! Units of the organisation.

use std::collections::BTreeSet;

use db::{DbError, FromRow, Row, Tx, args};
use kernel::{Fault, Id, IdGen, Timestamp, Zone, of};

use super::touch;
use crate::draft::UnitDraft;
use crate::unit::{Unit, UnitKind};

const COLUMNS: &str =
    "SELECT id, parent_id, kind, code, name, name_en, zone, phone, address, path, active, version FROM org_unit";

impl FromRow for Unit {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            parent: c.next()?,
            // The table's CHECK lists the same words.
            kind: UnitKind::parse(&c.next::<String>()?).unwrap_or(UnitKind::Team),
            code: c.next()?,
            name: c.next()?,
            name_en: c.next()?,
            zone: Zone::named(&c.next::<String>()?).unwrap_or_else(|_| Zone::china()),
            phone: c.next()?,
            address: c.next()?,
            path: read_path(&c.next::<String>()?),
            active: c.next()?,
            version: c.next()?,
        })
    }
}

/// The code of the unit for sealed records.
const SEALED_CODE: &str = "SEALED";

fn read_path(text: &str) -> Vec<Id<of::Unit>> {
    text.split('/').filter_map(|step| step.parse().ok()).collect()
}

fn write_path(path: &[Id<of::Unit>]) -> String {
    let steps: Vec<String> = path.iter().map(ToString::to_string).collect();
    format!("/{}/", steps.join("/"))
}

/// All units in the order of their ids.
///
/// # Errors
/// When the database fails.
pub async fn all(tx: &mut Tx) -> Result<Vec<Unit>, DbError> {
    tx.all(&format!("{COLUMNS} ORDER BY id"), args![]).await
}

/// The unit `id`.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, id: Id<of::Unit>) -> Result<Option<Unit>, DbError> {
    tx.one(&format!("{COLUMNS} WHERE id = $1"), args![id]).await
}

/// Adds a unit. `draft` is [`UnitDraft::tidied`].
///
/// # Errors
/// `invalid` when the code is taken or the unit does not fit below its parent.
pub async fn insert(tx: &mut Tx, ids: &IdGen, draft: &UnitDraft) -> Result<Unit, Fault> {
    let id: Id<of::Unit> = ids.next();
    let mut path = path_below(tx, draft.kind, draft.parent, None).await?;
    path.push(id);
    refuse_taken_code(tx, &draft.code, id).await?;
    tx.exec(
        "INSERT INTO org_unit (id, parent_id, kind, code, name, name_en, zone, phone, address, path, active, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)",
        args![
            id,
            draft.parent,
            draft.kind.as_str(),
            draft.code.as_str(),
            draft.name.as_str(),
            draft.name_en.clone(),
            draft.zone.as_str(),
            draft.phone.clone(),
            draft.address.clone(),
            write_path(&path),
            draft.active
        ],
    )
    .await?;
    touch(tx).await?;
    get(tx, id).await?.ok_or_else(|| Fault::internal("the unit just added is not there"))
}

/// Changes the unit `id`, which was read at `version`; moving it takes everything below along. Its kind never changes.
///
/// # Errors
/// Not found; stale; `invalid` when the code is taken or the new parent does not fit.
pub async fn save(tx: &mut Tx, id: Id<of::Unit>, version: i64, draft: &UnitDraft) -> Result<(Unit, Unit), Fault> {
    let before = get(tx, id).await?.ok_or_else(Fault::not_found)?;
    if before.version != version {
        return Err(Fault::stale(before.version));
    }
    let mut path = path_below(tx, before.kind, draft.parent, Some(id)).await?;
    path.push(id);
    refuse_taken_code(tx, &draft.code, id).await?;
    let saved = tx
        .exec(
            "UPDATE org_unit SET parent_id = $1, code = $2, name = $3, name_en = $4, zone = $5, phone = $6, address = $7,
                    active = $8, version = version + 1
             WHERE id = $9 AND version = $10",
            args![
                draft.parent,
                draft.code.as_str(),
                draft.name.as_str(),
                draft.name_en.clone(),
                draft.zone.as_str(),
                draft.phone.clone(),
                draft.address.clone(),
                draft.active,
                id,
                version
            ],
        )
        .await?;
    if saved == 0 {
        return Err(Fault::stale(version + 1));
    }
    if path != before.path {
        move_below(tx, &before.path, &path).await?;
    }
    touch(tx).await?;
    let after = get(tx, id).await?.ok_or_else(Fault::not_found)?;
    Ok((before, after))
}

/// The units whose records only those see who hold [`crate::SEALED`].
///
/// # Errors
/// When the database fails.
pub async fn sealed(tx: &mut Tx) -> Result<BTreeSet<Id<of::Unit>>, DbError> {
    let rows: Vec<(Id<of::Unit>,)> = tx.all("SELECT id FROM org_unit WHERE sealed ORDER BY id", args![]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The unit for sealed records; made below the company when there is none. It is closed from the start: nobody works there, and no
/// list of places offers it.
///
/// # Errors
/// `not-found` without a company; what the database says.
pub async fn seal(tx: &mut Tx, ids: &IdGen) -> Result<Id<of::Unit>, Fault> {
    if let Some(known) = sealed(tx).await?.first() {
        return Ok(*known);
    }
    let company: Option<(Id<of::Unit>, String)> =
        tx.one("SELECT id, zone FROM org_unit WHERE kind = 'company'", args![]).await?;
    let (company, zone) = company.ok_or_else(Fault::not_found)?;
    let draft = UnitDraft {
        parent: Some(company),
        kind: UnitKind::Team,
        code: SEALED_CODE.to_owned(),
        name: "保密案卷".to_owned(),
        name_en: Some("Restricted files".to_owned()),
        zone,
        phone: None,
        address: None,
        active: false,
    };
    let unit = insert(tx, ids, &draft).await?;
    tx.exec("UPDATE org_unit SET sealed = TRUE WHERE id = $1", args![unit.id]).await?;
    Ok(unit.id)
}

/// A sealed unit for one file, to which people can be admitted by name; as closed as [`seal`]'s.
///
/// # Errors
/// As [`seal`]; `invalid` when there is one for `number`.
pub async fn seal_one(tx: &mut Tx, ids: &IdGen, number: &str) -> Result<Id<of::Unit>, Fault> {
    let company: Option<(Id<of::Unit>, String)> =
        tx.one("SELECT id, zone FROM org_unit WHERE kind = 'company'", args![]).await?;
    let (company, zone) = company.ok_or_else(Fault::not_found)?;
    let draft = UnitDraft {
        parent: Some(company),
        kind: UnitKind::Team,
        code: format!("{SEALED_CODE}-{number}"),
        name: format!("保密案卷 {number}"),
        name_en: Some(format!("Restricted file {number}")),
        zone,
        phone: None,
        address: None,
        active: false,
    };
    // A file that was let out and is sealed again stands where it stood.
    let known: Option<(Id<of::Unit>,)> =
        tx.one("SELECT id FROM org_unit WHERE sealed AND code = $1", args![draft.code.as_str()]).await?;
    if let Some((known,)) = known {
        return Ok(known);
    }
    let unit = insert(tx, ids, &draft).await?;
    tx.exec("UPDATE org_unit SET sealed = TRUE WHERE id = $1", args![unit.id]).await?;
    Ok(unit.id)
}

/// Somebody who is admitted by name to what stands in a sealed unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admission {
    /// Who.
    pub user: Id<of::User>,
    /// By whom.
    pub by: Option<Id<of::User>>,
    /// When.
    pub at: Timestamp,
}

/// Who is admitted to the sealed unit `unit`, in the order of admission.
///
/// # Errors
/// When the database fails.
pub async fn admitted(tx: &mut Tx, unit: Id<of::Unit>) -> Result<Vec<Admission>, DbError> {
    let sql = "SELECT user_id, admitted_by, admitted_at FROM sealed_admission WHERE unit_id = $1 ORDER BY admitted_at, user_id";
    let rows: Vec<(Id<of::User>, Option<Id<of::User>>, Timestamp)> = tx.all(sql, args![unit]).await?;
    Ok(rows.into_iter().map(|(user, by, at)| Admission { user, by, at }).collect())
}

/// Every admission: who, and to which unit.
///
/// # Errors
/// When the database fails.
pub async fn admissions(tx: &mut Tx) -> Result<Vec<(Id<of::User>, Id<of::Unit>)>, DbError> {
    tx.all("SELECT user_id, unit_id FROM sealed_admission ORDER BY user_id, unit_id", args![]).await
}

/// Admits somebody to the sealed unit `unit`; false when they are already.
///
/// # Errors
/// When the database fails.
pub async fn admit(tx: &mut Tx, unit: Id<of::Unit>, new: &Admission) -> Result<bool, DbError> {
    let sql = "INSERT INTO sealed_admission (unit_id, user_id, admitted_by, admitted_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (unit_id, user_id) DO NOTHING";
    let done = tx.exec(sql, args![unit, new.user, new.by, new.at]).await? == 1;
    touch(tx).await?;
    Ok(done)
}

/// Admits `user` no longer, or nobody when none is named; false when nobody was.
///
/// # Errors
/// When the database fails.
pub async fn dismiss(tx: &mut Tx, unit: Id<of::Unit>, user: Option<Id<of::User>>) -> Result<bool, DbError> {
    let gone = match user {
        Some(user) => {
            tx.exec("DELETE FROM sealed_admission WHERE unit_id = $1 AND user_id = $2", args![unit, user]).await?
        }
        None => tx.exec("DELETE FROM sealed_admission WHERE unit_id = $1", args![unit]).await?,
    };
    touch(tx).await?;
    Ok(gone > 0)
}

/// Rewrites the path of everything at or below the unit whose path was `old`.
async fn move_below(tx: &mut Tx, old: &[Id<of::Unit>], new: &[Id<of::Unit>]) -> Result<(), DbError> {
    let below: Vec<Unit> =
        tx.all(&format!("{COLUMNS} WHERE path LIKE $1"), args![format!("{}%", write_path(old))]).await?;
    for unit in below {
        let path: Vec<Id<of::Unit>> = new.iter().chain(unit.path.iter().skip(old.len())).copied().collect();
        tx.exec("UPDATE org_unit SET path = $1 WHERE id = $2", args![write_path(&path), unit.id]).await?;
    }
    Ok(())
}

/// The path of the parent, once it is sure that a unit of `kind` may stand there; `moving` is the unit itself.
async fn path_below(
    tx: &mut Tx,
    kind: UnitKind,
    parent: Option<Id<of::Unit>>,
    moving: Option<Id<of::Unit>>,
) -> Result<Vec<Id<of::Unit>>, Fault> {
    match parent {
        None if kind == UnitKind::Company => Ok(Vec::new()),
        None => Err(Fault::field("parent", "required")),
        Some(parent) => {
            let above = get(tx, parent).await?.ok_or_else(|| Fault::field("parent", "identity-unit-unknown"))?;
            let inside_itself = moving.is_some_and(|id| above.path.contains(&id));
            if inside_itself || !kind.fits_below(above.kind) {
                return Err(Fault::field("parent", "identity-unit-misplaced"));
            }
            Ok(above.path)
        }
    }
}

async fn refuse_taken_code(tx: &mut Tx, code: &str, id: Id<of::Unit>) -> Result<(), Fault> {
    let other: Option<(i64,)> = tx.one("SELECT id FROM org_unit WHERE code = $1 AND id <> $2", args![code, id]).await?;
    if other.is_some() { Err(Fault::field("code", "identity-code-taken")) } else { Ok(()) }
}
