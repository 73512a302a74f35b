use db::{DbError, FromRow, Row, Tx, Value, args};
use kernel::{Id, Place, Placed, Reach, Timestamp, of};

use super::case::{Due, due, state, step, wait};
use super::list::Selected;
use crate::domain::{Cause, Channel, Kind, Outcome, Priority, State, StateName, Step, WaitReason};

/// A case as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// Its id.
    pub id: Id<of::Case>,
    /// What people call it.
    pub number: String,
    /// In a few words.
    pub subject: String,
    /// Its kind.
    pub kind: Kind,
    /// How it reached us.
    pub channel: Channel,
    /// How urgent it is.
    pub priority: Priority,
    /// Where it stands, with what it waits for.
    pub state: State,
    /// The step of the service flow.
    pub step: Step,
    /// The customer is upset.
    pub upset: bool,
    /// Whose it is.
    pub customer: Option<Id<of::Customer>>,
    /// The customer's name; empty when unnamed.
    pub customer_name: String,
    /// The number, masked; empty when there is none.
    pub phone: String,
    /// Which product.
    pub product: Option<String>,
    /// The store that it belongs to.
    pub store: Id<of::Unit>,
    /// The team that works on it.
    pub team: Option<Id<of::Unit>>,
    /// Who has it.
    pub owner: Option<Id<of::User>>,
    /// The nearest running deadline; none for a live case: its clocks stand still (see the wait).
    pub due: Option<Due>,
    /// When the customer came.
    pub happened_at: Timestamp,
    /// When it was typed in.
    pub created_at: Timestamp,
    /// Counts its changes.
    pub version: i64,
    /// Another capability moves it.
    pub own_flow: bool,
}

impl CaseRow {
    /// What it waits for, if it waits.
    pub fn wait(&self) -> Option<WaitReason> {
        self.state.wait().map(|wait| wait.reason)
    }
}

impl Placed for CaseRow {
    fn place(&self) -> Place {
        Place { store: self.store, team: self.team, owner: self.owner }
    }
}

/// The columns of [`CaseRow::from_row`], in its order.
macro_rules! columns {
    () => {
        "SELECT id, number, subject, kind, channel, priority, state, wait_reason, wait_until, wait_owner, wait_previous, step, upset,
    customer_id, customer_name, phone_masked, product, store_id, team_id, owner_id, due_at, due_stage, due_soon_at, due_from,
    happened_at, created_at, version, own_flow"
    };
}

/// Cases as [`CaseRow::from_row`] reads them.
pub(super) const SELECT: &str = concat!(columns!(), " FROM service_case");

impl Selected for CaseRow {
    const SELECT: &'static str = columns!();
    const COLUMNS: usize = 28;
}

/// A case as exports show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// What lists show.
    pub case: CaseRow,
    /// When somebody took it on.
    pub accepted_at: Option<Timestamp>,
    /// When the customer first heard from a person.
    pub first_answered_at: Option<Timestamp>,
    /// When it was resolved.
    pub resolved_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Why it came.
    pub cause: Option<Cause>,
    /// How often it was opened again.
    pub reopened: i64,
}

impl Selected for Exported {
    const SELECT: &'static str =
        concat!(columns!(), ", accepted_at, first_answered_at, resolved_at, closed_at, outcome, cause, reopened");
    const COLUMNS: usize = CaseRow::COLUMNS + 7;
}

impl FromRow for Exported {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            case: CaseRow::from_row(row)?,
            accepted_at: row.get(CaseRow::COLUMNS)?,
            first_answered_at: row.get(CaseRow::COLUMNS + 1)?,
            resolved_at: row.get(CaseRow::COLUMNS + 2)?,
            closed_at: row.get(CaseRow::COLUMNS + 3)?,
            outcome: row.get(CaseRow::COLUMNS + 4)?,
            cause: row.get(CaseRow::COLUMNS + 5)?,
            reopened: row.get(CaseRow::COLUMNS + 6)?,
        })
    }
}

impl FromRow for CaseRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut columns = row.columns();
        let c = &mut columns;
        let (id, number, subject, kind, channel, priority) =
            (c.next()?, c.next()?, c.next()?, c.next()?, c.next()?, c.next()?);
        let name: StateName = c.next()?;
        let state = state(name, wait(c)?)?;
        Ok(Self {
            id,
            number,
            subject,
            kind,
            channel,
            priority,
            state,
            step: step(c.next()?)?,
            upset: c.next()?,
            customer: c.next()?,
            customer_name: c.next()?,
            phone: c.next()?,
            product: c.next()?,
            store: c.next()?,
            team: c.next()?,
            owner: c.next()?,
            due: due(c)?,
            happened_at: c.next()?,
            created_at: c.next()?,
            version: c.next()?,
            own_flow: c.next()?,
        })
    }
}

/// Live cases of `customer` within `reach`, newest first, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn of_customer(
    tx: &mut Tx,
    customer: Id<of::Customer>,
    reach: &Reach,
    limit: i64,
) -> Result<Vec<CaseRow>, DbError> {
    let mut find = db::Filter::new(SELECT);
    find.bind(" WHERE customer_id = ? AND due_at IS NOT NULL", args![customer]);
    find.reach(reach, "store_id", "team_id", "owner_id");
    find.bind(" ORDER BY happened_at DESC, id DESC LIMIT ?", args![limit]);
    tx.all(find.sql(), find.values()).await
}

/// The case that people call `number`, within `reach`.
///
/// # Errors
/// What the database says.
pub async fn by_number(tx: &mut Tx, number: &str, reach: &Reach) -> Result<Option<CaseRow>, DbError> {
    let mut find = db::Filter::new(SELECT);
    find.bind(" WHERE number = ?", args![number]);
    find.reach(reach, "store_id", "team_id", "owner_id");
    tx.one(find.sql(), find.values()).await
}

/// The serial number that the case `id` names.
///
/// # Errors
/// What the database says.
pub async fn serial_of(tx: &mut Tx, id: Id<of::Case>) -> Result<Option<String>, DbError> {
    let found: Option<Option<String>> = tx.one("SELECT serial FROM service_case WHERE id = $1", args![id]).await?;
    Ok(found.flatten())
}

/// Live cases within `reach` that name one of `serials`, then the others of `customer`, each newest first, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn of_unit(
    tx: &mut Tx,
    serials: &[String],
    customer: Option<Id<of::Customer>>,
    reach: &Reach,
    limit: i64,
) -> Result<Vec<CaseRow>, DbError> {
    let named = |find: &mut db::Filter| {
        find.bind_in("serial", serials.iter().cloned().map(Value::from));
    };
    let mut find = db::Filter::new(SELECT);
    // Each part has an index of its own.
    find.push(" WHERE due_at IS NOT NULL AND id IN (SELECT id FROM service_case WHERE ");
    named(&mut find);
    if let Some(customer) = customer {
        find.bind(" UNION SELECT id FROM service_case WHERE customer_id = ?", args![customer]);
    }
    find.push(")");
    find.reach(reach, "store_id", "team_id", "owner_id");
    find.push(" ORDER BY CASE WHEN serial IS NOT NULL AND ");
    named(&mut find);
    find.bind(" THEN 0 ELSE 1 END, happened_at DESC, id DESC LIMIT ?", args![limit]);
    tx.all(find.sql(), find.values()).await
}

/// Hands the cases of one customer (of them only those of `only`, when it is given) to another, with the copies of name and
/// number; says which they were. A version counts what people change on the case, and this is none of it.
///
/// # Errors
/// What the database says.
pub async fn move_customer(
    tx: &mut Tx,
    (from, to): (Id<of::Customer>, Id<of::Customer>),
    name: &str,
    phone: &str,
    only: Option<&[i64]>,
) -> Result<Vec<i64>, DbError> {
    let mut change = db::Filter::new("UPDATE service_case SET ");
    change.bind(
        "customer_id = ?, customer_name = ?, phone_masked = ? WHERE customer_id = ?",
        args![to, name, phone, from],
    );
    if let Some(ids) = only {
        change.push(" AND ").bind_in("id", ids.iter().copied().map(Value::from));
    }
    change.push(" RETURNING id");
    tx.all(change.sql(), change.values()).await
}
