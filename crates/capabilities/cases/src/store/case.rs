use std::collections::BTreeMap;

use db::{Columns, DbError, FromRow, Row, Tx, Value, args};
use kernel::{Id, Place, Placed, Timestamp, of};
use serde::{Deserialize, Serialize};

use crate::domain::{Active, Cause, Channel, Kind, Outcome, Priority, Stage, State, StateName, Step, Wait, Wish};

/// `due_at` of a live case without a running deadline (the last millisecond of the year 9999): it sorts behind all others.
pub const NOTHING_RUNS: i64 = 253_402_300_799_999;

/// The nearest running deadline of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// Of which stage.
    pub stage: Stage,
    /// When it ends; exactly then is in time.
    pub at: Timestamp,
    /// From when on it is soon.
    pub soon_at: Timestamp,
    /// When it began.
    pub from: Timestamp,
}

/// A case as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Its id.
    pub id: Id<of::Case>,
    /// What people call it.
    pub number: String,
    /// Its kind.
    pub kind: Kind,
    /// How it reached us.
    pub channel: Channel,
    /// How urgent it is.
    pub priority: Priority,
    /// Where it stands.
    pub state: State,
    /// The step of the service flow; void cases keep the one at which they ended.
    pub step: Step,
    /// The store that it belongs to.
    pub store: Id<of::Unit>,
    /// The team that works on it.
    pub team: Option<Id<of::Unit>>,
    /// Who has it.
    pub owner: Option<Id<of::User>>,
    /// Whose it is; `None` when the customer stays unnamed.
    pub customer: Option<Id<of::Customer>>,
    /// The customer's name as of intake; empty when unnamed.
    pub customer_name: String,
    /// The number as everybody may see it; empty when there is none.
    pub phone_masked: String,
    /// In a few words.
    pub subject: String,
    /// What the customer said.
    pub body: String,
    /// What the customer hopes for.
    pub wish: Wish,
    /// The customer is upset (情绪激动).
    pub upset: bool,
    /// Which product, as text.
    pub product: Option<String>,
    /// Which unit of it.
    pub serial: Option<String>,
    /// What came with it.
    pub accessories: Option<String>,
    /// The case's key in another program.
    pub external_id: Option<String>,
    /// The nearest running deadline.
    pub due: Option<Due>,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// What lay behind it.
    pub cause: Option<Cause>,
    /// What was done.
    pub result_note: Option<String>,
    /// How many plans the customer refused.
    pub declined: i64,
    /// How often it was opened again.
    pub reopened: i64,
    /// The case in which it goes on.
    pub merged_into: Option<Id<of::Case>>,
    /// When the customer came.
    pub happened_at: Timestamp,
    /// When it was typed in.
    pub created_at: Timestamp,
    /// Who typed it in.
    pub created_by: Option<Id<of::User>>,
    /// When somebody took it on.
    pub accepted_at: Option<Timestamp>,
    /// When the customer first heard from a person.
    pub first_answered_at: Option<Timestamp>,
    /// When it was last resolved.
    pub resolved_at: Option<Timestamp>,
    /// When it was last closed.
    pub closed_at: Option<Timestamp>,
    /// Counts its changes.
    pub version: i64,
    /// Another capability moves it: its kind has a flow of its own.
    pub own_flow: bool,
}

impl Placed for Case {
    fn place(&self) -> Place {
        Place { store: self.store, team: self.team, owner: self.owner }
    }
}

/// All columns, in the order of [`Case::from_row`] and of [`values`].
macro_rules! columns {
    () => {
        "id, number, kind, channel, priority, state, category, step, wait_reason, wait_until, wait_owner, wait_previous,
        store_id, team_id, owner_id, customer_id, customer_name, phone_masked, subject, body, wish, upset, product, serial,
        accessories, external_id, due_at, due_stage, due_soon_at, due_from, outcome, cause, result_note, declined, reopened, merged_into,
        happened_at, created_at, created_by, accepted_at, first_answered_at, resolved_at, closed_at, version, own_flow"
    };
}

const INSERT: &str = concat!(
    "INSERT INTO service_case (",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
        $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45)"
);

impl FromRow for Case {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut columns = row.columns();
        let c = &mut columns;
        let (id, number, kind, channel, priority) = (c.next()?, c.next()?, c.next()?, c.next()?, c.next()?);
        let state_name = c.next()?;
        // The category follows from the state; it is stored for indexes and reports.
        let _: String = c.next()?;
        let step = step(c.next()?)?;
        let state = state(state_name, wait(c)?)?;
        Ok(Self {
            id,
            number,
            kind,
            channel,
            priority,
            state,
            step,
            store: c.next()?,
            team: c.next()?,
            owner: c.next()?,
            customer: c.next()?,
            customer_name: c.next()?,
            phone_masked: c.next()?,
            subject: c.next()?,
            body: c.next()?,
            wish: c.next()?,
            upset: c.next()?,
            product: c.next()?,
            serial: c.next()?,
            accessories: c.next()?,
            external_id: c.next()?,
            due: due(c)?,
            outcome: c.next()?,
            cause: c.next()?,
            result_note: c.next()?,
            declined: c.next()?,
            reopened: c.next()?,
            merged_into: c.next()?,
            happened_at: c.next()?,
            created_at: c.next()?,
            created_by: c.next()?,
            accepted_at: c.next()?,
            first_answered_at: c.next()?,
            resolved_at: c.next()?,
            closed_at: c.next()?,
            version: c.next()?,
            own_flow: c.next()?,
        })
    }
}

fn broken(what: &str) -> DbError {
    DbError { kind: db::DbErrorKind::Sql, constraint: None, message: format!("service_case: {what}") }
}

pub(super) fn step(number: i64) -> Result<Step, DbError> {
    Step::from_number(number).ok_or_else(|| broken("no such step"))
}

pub(super) fn state(name: StateName, wait: Option<Wait>) -> Result<State, DbError> {
    State::from_name(name, wait).ok_or_else(|| broken("a waiting case without its reason"))
}

/// The four columns of a wait.
pub(super) fn wait(c: &mut Columns<'_>) -> Result<Option<Wait>, DbError> {
    let (reason, until, owner) = (c.next::<Option<_>>()?, c.next::<Option<_>>()?, c.next::<Option<_>>()?);
    let previous = c.next::<Option<StateName>>()?.and_then(Active::named);
    Ok(match (reason, until, owner, previous) {
        (Some(reason), Some(until), Some(owner), Some(previous)) => Some(Wait { reason, until, owner, previous }),
        _ => None,
    })
}

/// The four columns of the nearest deadline.
pub(super) fn due(c: &mut Columns<'_>) -> Result<Option<Due>, DbError> {
    let (at, stage, soon_at, from) =
        (c.next::<Option<_>>()?, c.next::<Option<_>>()?, c.next::<Option<_>>()?, c.next::<Option<_>>()?);
    Ok(match (at, stage, soon_at, from) {
        (Some(at), Some(stage), Some(soon_at), Some(from)) => Some(Due { stage, at, soon_at, from }),
        _ => None,
    })
}

fn due_values(over: bool, due: Option<Due>) -> [Value; 4] {
    match due {
        _ if over => [Value::Null, Value::Null, Value::Null, Value::Null],
        None => [NOTHING_RUNS.into(), Value::Null, Value::Null, Value::Null],
        Some(due) => [due.at.into(), due.stage.into(), due.soon_at.into(), due.from.into()],
    }
}

fn wait_values(wait: Option<Wait>) -> [Value; 4] {
    [
        wait.map(|wait| wait.reason).into(),
        wait.map(|wait| wait.until).into(),
        wait.map(|wait| wait.owner).into(),
        wait.map(|wait| wait.previous.name()).into(),
    ]
}

fn values(case: &Case) -> Vec<Value> {
    let mut all = Vec::with_capacity(45);
    all.extend([
        case.id.into(),
        case.number.clone().into(),
        case.kind.into(),
        case.channel.into(),
        case.priority.into(),
        case.state.name().into(),
        case.state.category().into(),
        case.step.number().into(),
    ]);
    all.extend(wait_values(case.state.wait()));
    all.extend([
        case.store.into(),
        case.team.into(),
        case.owner.into(),
        case.customer.into(),
        case.customer_name.clone().into(),
        case.phone_masked.clone().into(),
        case.subject.clone().into(),
        case.body.clone().into(),
        case.wish.into(),
        case.upset.into(),
        case.product.clone().into(),
        case.serial.clone().into(),
        case.accessories.clone().into(),
        case.external_id.clone().into(),
    ]);
    all.extend(due_values(case.state.is_over(), case.due));
    all.extend([
        case.outcome.into(),
        case.cause.clone().into(),
        case.result_note.clone().into(),
        case.declined.into(),
        case.reopened.into(),
        case.merged_into.into(),
        case.happened_at.into(),
        case.created_at.into(),
        case.created_by.into(),
        case.accepted_at.into(),
        case.first_answered_at.into(),
        case.resolved_at.into(),
        case.closed_at.into(),
        case.version.into(),
        case.own_flow.into(),
    ]);
    all
}

/// The case `id`.
///
/// # Errors
/// What the database says.
pub async fn get(tx: &mut Tx, id: Id<of::Case>) -> Result<Option<Case>, DbError> {
    tx.one(concat!("SELECT ", columns!(), " FROM service_case WHERE id = $1"), args![id]).await
}

/// The cases `ids` that there are, in a statement for 256 of them.
///
/// # Errors
/// What the database says.
pub async fn get_many(tx: &mut Tx, ids: &[Id<of::Case>]) -> Result<BTreeMap<Id<of::Case>, Case>, DbError> {
    let mut found = BTreeMap::new();
    for some in ids.chunks(256) {
        let mut query = db::Filter::new(concat!("SELECT ", columns!(), " FROM service_case WHERE "));
        query.bind_in("id", some.iter().copied().map(Value::from));
        let cases = tx.all::<Case>(query.sql(), query.values()).await?;
        found.extend(cases.into_iter().map(|case| (case.id, case)));
    }
    Ok(found)
}

/// The case `id`, held for this transaction: whoever else wants to change it waits and then sees what this one left. Without
/// it two people who act at once would meet at the clocks, and the second would hear of a clock instead of the case.
///
/// # Errors
/// What the database says.
pub async fn hold(tx: &mut Tx, id: Id<of::Case>) -> Result<Option<Case>, DbError> {
    tx.one(concat!("UPDATE service_case SET version = version WHERE id = $1 RETURNING ", columns!()), args![id]).await
}

/// The id of the case that people call `number`, whoever asks.
///
/// # Errors
/// What the database says.
pub async fn id_of_number(tx: &mut Tx, number: &str) -> Result<Option<Id<of::Case>>, DbError> {
    tx.one("SELECT id FROM service_case WHERE number = $1", args![number]).await
}

/// The case that another program calls `external_id` at `store`.
///
/// # Errors
/// What the database says.
pub async fn by_external_id(tx: &mut Tx, store: Id<of::Unit>, external_id: &str) -> Result<Option<Case>, DbError> {
    tx.one(
        concat!("SELECT ", columns!(), " FROM service_case WHERE store_id = $1 AND external_id = $2"),
        args![store, external_id],
    )
    .await
}

/// Inserts `case`.
///
/// # Errors
/// What the database says; `Unique` when its number, or its external id at its store, is taken.
pub async fn insert(tx: &mut Tx, case: &Case) -> Result<(), DbError> {
    tx.exec(INSERT, &values(case)).await.map(|_| ())
}

/// Inserts many cases at once, for seeding and imports; pipelined where the engine can.
///
/// # Errors
/// As [`insert`].
pub async fn insert_many(tx: &mut Tx, cases: &[Case]) -> Result<(), DbError> {
    let rows: Vec<Vec<Value>> = cases.iter().map(values).collect();
    let statements: Vec<(&str, &[Value])> = rows.iter().map(|row| (INSERT, row.as_slice())).collect();
    tx.batch(&statements).await
}

/// Saves what can change of `case` as the version after `case.version`, if that is still the present one; false when it is not.
///
/// # Errors
/// What the database says.
pub async fn save(tx: &mut Tx, case: &Case) -> Result<bool, DbError> {
    let mut all = vec![
        case.id.into(),
        case.version.into(),
        case.kind.into(),
        case.priority.into(),
        case.state.name().into(),
        case.state.category().into(),
        case.step.number().into(),
    ];
    all.extend(wait_values(case.state.wait()));
    all.extend([case.team.into(), case.owner.into()]);
    all.extend(due_values(case.state.is_over(), case.due));
    all.extend([
        case.outcome.into(),
        case.cause.clone().into(),
        case.result_note.clone().into(),
        case.declined.into(),
        case.reopened.into(),
        case.merged_into.into(),
        case.accepted_at.into(),
        case.first_answered_at.into(),
        case.resolved_at.into(),
        case.closed_at.into(),
    ]);
    let changed = tx
        .exec(
            "UPDATE service_case SET version = version + 1, kind = $3, priority = $4, state = $5, category = $6, step = $7,
                wait_reason = $8, wait_until = $9, wait_owner = $10, wait_previous = $11, team_id = $12, owner_id = $13,
                due_at = $14, due_stage = $15, due_soon_at = $16, due_from = $17, outcome = $18, cause = $19, result_note = $20,
                declined = $21, reopened = $22, merged_into = $23, accepted_at = $24, first_answered_at = $25,
                resolved_at = $26, closed_at = $27
             WHERE id = $1 AND version = $2",
            &all,
        )
        .await?;
    Ok(changed == 1)
}

/// From now on another capability moves the case.
///
/// # Errors
/// What the database says.
pub async fn give_own_flow(tx: &mut Tx, id: Id<of::Case>) -> Result<(), DbError> {
    tx.exec("UPDATE service_case SET own_flow = TRUE WHERE id = $1", args![id]).await.map(|_| ())
}

/// The case stands in `unit` from now on, and what is asked and checked for it.
///
/// # Errors
/// What the database says.
pub async fn stand_in(tx: &mut Tx, id: Id<of::Case>, unit: Id<of::Unit>) -> Result<(), DbError> {
    tx.exec("UPDATE service_case SET store_id = $2, team_id = NULL WHERE id = $1", args![id, unit]).await?;
    tx.exec("UPDATE case_task SET case_store_id = $2 WHERE case_id = $1", args![id, unit]).await?;
    tx.exec("UPDATE case_check SET store_id = $2 WHERE case_id = $1", args![id, unit]).await.map(|_| ())
}

/// Saves what goes on without anybody's doing: the nearest deadline, the first answer. No new version, so nobody's form is stale
/// because time goes on or somebody wrote a message; it still holds the row until the transaction ends.
///
/// # Errors
/// What the database says.
pub async fn save_pace(tx: &mut Tx, case: &Case) -> Result<(), DbError> {
    let mut all = vec![case.id.into(), case.first_answered_at.into()];
    all.extend(due_values(case.state.is_over(), case.due));
    tx.exec(
        "UPDATE service_case SET first_answered_at = $2, due_at = $3, due_stage = $4, due_soon_at = $5, due_from = $6
         WHERE id = $1",
        &all,
    )
    .await
    .map(|_| ())
}

/// Says whether the customer is upset. It is no change of the case by somebody, so its version stays.
///
/// # Errors
/// What the database says.
pub async fn set_upset(tx: &mut Tx, id: Id<of::Case>, upset: bool) -> Result<(), DbError> {
    tx.exec("UPDATE service_case SET upset = $2 WHERE id = $1", args![id, upset]).await.map(|_| ())
}

/// How many live cases a store has.
///
/// # Errors
/// What the database says.
pub async fn live_in(tx: &mut Tx, store: Id<of::Unit>) -> Result<i64, DbError> {
    let sql = "SELECT COUNT(*) FROM service_case WHERE store_id = $1 AND due_at IS NOT NULL";
    Ok(tx.one::<(i64,)>(sql, args![store]).await?.map_or(0, |(found,)| found))
}

/// True when there is any case at all.
///
/// # Errors
/// What the database says.
pub async fn any(tx: &mut Tx) -> Result<bool, DbError> {
    Ok(tx.one::<(i64,)>("SELECT id FROM service_case LIMIT 1", args![]).await?.is_some())
}
