use db::{DbError, FromRow, Row, Tx, args};
use kernel::{Id, Place, Placed, Timestamp, of};

use crate::domain::{LinkKind, StateName};

/// Marks the id of a link between cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RelationId {}

/// Another case, seen from one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// The link's id.
    pub id: Id<RelationId>,
    /// What they have to do with each other.
    pub kind: LinkKind,
    /// True when the other is the one that the word is about: "that one is the follow-up of this".
    pub inward: bool,
    /// The other case.
    pub case: Id<of::Case>,
    /// Its number.
    pub number: String,
    /// What it is about.
    pub subject: String,
    /// Where it stands.
    pub state: StateName,
    place: Place,
}

impl Placed for Related {
    fn place(&self) -> Place {
        self.place
    }
}

impl FromRow for Related {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            kind: c.next()?,
            inward: c.next()?,
            case: c.next()?,
            number: c.next()?,
            subject: c.next()?,
            state: c.next()?,
            place: Place { store: c.next()?, team: c.next()?, owner: c.next()? },
        })
    }
}

/// Links `from` to `to`; false when that link is there already.
///
/// # Errors
/// What the database says.
pub async fn relate(
    tx: &mut Tx,
    id: Id<RelationId>,
    (from, to): (Id<of::Case>, Id<of::Case>),
    kind: LinkKind,
    by: Option<Id<of::User>>,
    now: Timestamp,
) -> Result<bool, DbError> {
    let made = tx
        .exec(
            "INSERT INTO case_link (id, from_case, to_case, kind, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (from_case, to_case, kind) DO NOTHING",
            args![id, from, to, kind, now, by],
        )
        .await?;
    Ok(made == 1)
}

/// Takes the link `kind` from `from` to `to` away; false when there is none.
///
/// # Errors
/// What the database says.
pub async fn unrelate(tx: &mut Tx, from: Id<of::Case>, to: Id<of::Case>, kind: LinkKind) -> Result<bool, DbError> {
    let gone = tx
        .exec("DELETE FROM case_link WHERE from_case = $1 AND to_case = $2 AND kind = $3", args![from, to, kind])
        .await?;
    Ok(gone > 0)
}

/// The cases that have to do with `case`, newest link first.
///
/// # Errors
/// What the database says.
pub async fn related_to(tx: &mut Tx, case: Id<of::Case>) -> Result<Vec<Related>, DbError> {
    let mut all: Vec<Related> = tx
        .all(
            "SELECT l.id, l.kind, FALSE, c.id, c.number, c.subject, c.state, c.store_id, c.team_id, c.owner_id
             FROM case_link l JOIN service_case c ON c.id = l.to_case WHERE l.from_case = $1 ORDER BY l.id DESC LIMIT 50",
            args![case],
        )
        .await?;
    all.extend(
        tx.all::<Related>(
            "SELECT l.id, l.kind, TRUE, c.id, c.number, c.subject, c.state, c.store_id, c.team_id, c.owner_id
             FROM case_link l JOIN service_case c ON c.id = l.from_case WHERE l.to_case = $1 ORDER BY l.id DESC LIMIT 50",
            args![case],
        )
        .await?,
    );
    Ok(all)
}
