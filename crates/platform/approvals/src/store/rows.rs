use db::{DbError, FromRow, Row, Tx, Value, args};
use kernel::{Id, Money, Place, Placed, RecordRef, Timestamp, of};

use crate::domain::{Limit, Seat, Signature, Split, State, What};

/// Marks the id of an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ApprovalId {}

/// A question that needs a second yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Its id.
    pub id: Id<ApprovalId>,
    /// What kind of question, e.g. `goodwill`.
    pub kind: String,
    /// The kind of record that it is about.
    pub record_kind: String,
    /// That record's id.
    pub record_id: i64,
    /// What people call that record.
    pub number: String,
    /// Where its page is.
    pub href: String,
    /// What is asked.
    pub sentence: String,
    /// The two amounts; only the extra waits.
    pub split: Split,
    /// The store for which it is asked.
    pub store: Id<of::Unit>,
    /// Who asked.
    pub asked_by: Id<of::User>,
    /// When.
    pub asked_at: Timestamp,
    /// The limit of whoever asked.
    pub own_limit: Limit,
    /// The version of the limits by which it is judged.
    pub limits_version: i64,
    /// How many minutes of working time a level has.
    pub minutes: i64,
    /// How many different persons have to say yes.
    pub needed: i64,
    /// What has become of it.
    pub state: State,
    /// Whose turn it is, or was last.
    pub unit: Id<of::Unit>,
    /// The clock of that turn.
    pub clock: Option<Id<of::Clock>>,
    /// Until when that turn is in time.
    pub due_at: Timestamp,
    /// When those whose turn it is are reminded, if they still are.
    pub remind_at: Option<Timestamp>,
    /// Nobody is higher up, so it stays where it is.
    pub stays: bool,
    /// From then on it is void.
    pub expires_at: Timestamp,
    /// How often it went up.
    pub passed: i64,
    /// When it first did.
    pub passed_at: Option<Timestamp>,
    /// Who decided, and in whose name.
    pub decided_by: Option<Seat>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Why not; why it was taken back.
    pub reason: Option<String>,
    /// Whether the first level answered in time.
    pub in_time: Option<bool>,
    /// Counts its changes.
    pub version: i64,
}

impl Approval {
    /// When time does something next; nothing once it is decided.
    pub fn next_at(&self) -> Option<Timestamp> {
        if self.state != State::Asked {
            return None;
        }
        // Exactly when it is due is still in time.
        let passes = (!self.stays).then(|| self.due_at.plus(1));
        [self.remind_at, passes, Some(self.expires_at)].into_iter().flatten().min()
    }
}

/// It stands at its store and belongs to whoever asked.
impl Placed for Approval {
    fn place(&self) -> Place {
        Place { store: self.store, team: None, owner: Some(self.asked_by) }
    }
}

macro_rules! columns {
    () => {
        "id, kind, record_kind, record_id, number, href, sentence, statutory_fen, extra_fen, store_id, asked_by, asked_at, \
         own_limit_fen, limits_version, minutes, needed, state, unit_id, clock_id, due_at, remind_at, stays, expires_at, passed, \
         passed_at, decided_by, decided_for, decided_at, reason, in_time, version"
    };
}
pub(super) use columns;

impl FromRow for Approval {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        let (id, kind, record_kind, record_id) = (c.next()?, c.next()?, c.next()?, c.next()?);
        let (number, href, sentence) = (c.next()?, c.next()?, c.next()?);
        let split = Split { statutory: c.next()?, extra: c.next()? };
        let (store, asked_by, asked_at) = (c.next()?, c.next()?, c.next()?);
        let own_limit = Limit::from_stored(c.next::<Option<Money>>()?);
        let (limits_version, minutes, needed, state) = (c.next()?, c.next()?, c.next()?, c.next()?);
        let (unit, clock, due_at, remind_at, stays, expires_at) =
            (c.next()?, c.next()?, c.next()?, c.next()?, c.next()?, c.next()?);
        let (passed, passed_at) = (c.next()?, c.next()?);
        let (user, in_name_of): (Option<Id<of::User>>, Option<Id<of::User>>) = (c.next()?, c.next()?);
        Ok(Self {
            id,
            kind,
            record_kind,
            record_id,
            number,
            href,
            sentence,
            split,
            store,
            asked_by,
            asked_at,
            own_limit,
            limits_version,
            minutes,
            needed,
            state,
            unit,
            clock,
            due_at,
            remind_at,
            stays,
            expires_at,
            passed,
            passed_at,
            decided_by: user.map(|user| Seat { user, in_name_of }),
            decided_at: c.next()?,
            reason: c.next()?,
            in_time: c.next()?,
            version: c.next()?,
        })
    }
}

db::stored_words!(State, What);

/// Inserts a question.
///
/// # Errors
/// What the database says.
pub async fn insert(tx: &mut Tx, approval: &Approval) -> Result<(), DbError> {
    tx.exec(
        concat!(
            "INSERT INTO approval (",
            columns!(),
            ", next_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
             $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)"
        ),
        args![
            approval.id,
            &*approval.kind,
            &*approval.record_kind,
            approval.record_id,
            &*approval.number,
            &*approval.href,
            &*approval.sentence,
            approval.split.statutory,
            approval.split.extra,
            approval.store,
            approval.asked_by,
            approval.asked_at,
            approval.own_limit.stored(),
            approval.limits_version,
            approval.minutes,
            approval.needed,
            approval.state,
            approval.unit,
            approval.clock,
            approval.due_at,
            approval.remind_at,
            approval.stays,
            approval.expires_at,
            approval.passed,
            approval.passed_at,
            approval.decided_by.map(|seat| seat.user),
            approval.decided_by.and_then(|seat| seat.in_name_of),
            approval.decided_at,
            approval.reason.clone(),
            approval.in_time,
            approval.version,
            approval.next_at()
        ],
    )
    .await
    .map(|_| ())
}

/// Saves what changes in the life of `approval`, whose version is the new one; false when somebody was faster.
///
/// # Errors
/// What the database says.
pub async fn save(tx: &mut Tx, approval: &Approval) -> Result<bool, DbError> {
    let saved = tx
        .exec(
            "UPDATE approval SET state = $3, unit_id = $4, clock_id = $5, due_at = $6, remind_at = $7, stays = $8, passed = $9,
             passed_at = $10, decided_by = $11, decided_for = $12, decided_at = $13, reason = $14, in_time = $15, next_at = $16,
             version = $17 WHERE id = $1 AND version = $2",
            args![
                approval.id,
                approval.version.saturating_sub(1),
                approval.state,
                approval.unit,
                approval.clock,
                approval.due_at,
                approval.remind_at,
                approval.stays,
                approval.passed,
                approval.passed_at,
                approval.decided_by.map(|seat| seat.user),
                approval.decided_by.and_then(|seat| seat.in_name_of),
                approval.decided_at,
                approval.reason.clone(),
                approval.in_time,
                approval.next_at(),
                approval.version
            ],
        )
        .await?;
    Ok(saved == 1)
}

/// Saves what goes on without anybody's doing. No new version, so that nobody's form is stale because time goes on.
///
/// # Errors
/// What the database says.
pub async fn keep_pace(tx: &mut Tx, approval: &Approval) -> Result<(), DbError> {
    tx.exec(
        "UPDATE approval SET due_at = $2, remind_at = $3, stays = $4, next_at = $5 WHERE id = $1",
        args![approval.id, approval.due_at, approval.remind_at, approval.stays, approval.next_at()],
    )
    .await
    .map(|_| ())
}

/// The question `id`.
///
/// # Errors
/// What the database says.
pub async fn get(tx: &mut Tx, id: Id<ApprovalId>) -> Result<Option<Approval>, DbError> {
    tx.one(concat!("SELECT ", columns!(), " FROM approval WHERE id = $1"), args![id]).await
}

/// The question `id`, which nobody else changes until this transaction ends.
///
/// # Errors
/// What the database says.
pub async fn hold(tx: &mut Tx, id: Id<ApprovalId>) -> Result<Option<Approval>, DbError> {
    tx.one(concat!("UPDATE approval SET version = version WHERE id = $1 RETURNING ", columns!()), args![id]).await
}

/// The questions about one record, newest first, at most 50.
///
/// # Errors
/// What the database says.
pub async fn of_record(tx: &mut Tx, kind: &str, record: i64) -> Result<Vec<Approval>, DbError> {
    of_records(tx, kind, &[record]).await
}

/// The questions about several records of one kind, newest first, at most 500.
///
/// # Errors
/// What the database says.
pub async fn of_records(tx: &mut Tx, kind: &str, records: &[i64]) -> Result<Vec<Approval>, DbError> {
    let mut find = db::Filter::new(concat!("SELECT ", columns!(), " FROM approval WHERE record_kind = ?"));
    find.args(args![kind]).push(" AND ").bind_in("record_id", records.iter().copied().map(Value::from));
    find.push(" ORDER BY id DESC LIMIT 500");
    tx.all(find.sql(), find.values()).await
}

/// Questions for which time does something at or before `now`, the longest waiting first.
///
/// # Errors
/// What the database says.
pub async fn due_next(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Id<ApprovalId>>, DbError> {
    tx.all(
        "SELECT id FROM approval WHERE next_at IS NOT NULL AND next_at <= $1 ORDER BY next_at, id LIMIT $2",
        args![now, limit],
    )
    .await
}

/// One step in the life of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What.
    pub what: What,
    /// When.
    pub at: Timestamp,
    /// Whose turn it is afterwards.
    pub unit: Id<of::Unit>,
    /// Who did it, and in whose name; nobody when time did.
    pub seat: Option<Seat>,
    /// Passed upward: since when the level before had had it.
    pub since: Option<Timestamp>,
    /// Until when the turn is, or was, in time.
    pub due: Option<Timestamp>,
    /// Why not.
    pub reason: Option<String>,
    /// Done by the link on a phone.
    pub by_link: bool,
}

impl Step {
    /// The yes that it is, if it is one.
    pub fn signature(&self) -> Option<Signature> {
        let seat = self.seat.filter(|_| self.what == What::Granted)?;
        Some(Signature { seat, at: self.at })
    }
}

impl FromRow for Step {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        let (what, at, unit) = (c.next()?, c.next()?, c.next()?);
        let (user, in_name_of): (Option<Id<of::User>>, Option<Id<of::User>>) = (c.next()?, c.next()?);
        Ok(Self {
            what,
            at,
            unit,
            seat: user.map(|user| Seat { user, in_name_of }),
            since: c.next()?,
            due: c.next()?,
            reason: c.next()?,
            by_link: c.next()?,
        })
    }
}

/// The steps of `approval` in order.
///
/// # Errors
/// What the database says.
pub async fn steps(tx: &mut Tx, approval: Id<ApprovalId>) -> Result<Vec<Step>, DbError> {
    tx.all(
        "SELECT what, at, unit_id, user_id, in_name_of, since_at, due_at, reason, by_link FROM approval_step
         WHERE approval_id = $1 ORDER BY seq",
        args![approval],
    )
    .await
}

/// Adds a step.
///
/// # Errors
/// What the database says.
pub async fn step(tx: &mut Tx, approval: Id<ApprovalId>, step: &Step) -> Result<(), DbError> {
    let last: Option<(i64,)> =
        tx.one("SELECT COALESCE(MAX(seq), 0) FROM approval_step WHERE approval_id = $1", args![approval]).await?;
    tx.exec(
        "INSERT INTO approval_step (approval_id, seq, what, at, unit_id, user_id, in_name_of, since_at, due_at, reason, by_link)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        args![
            approval,
            last.map_or(1, |(last,)| last.saturating_add(1)),
            step.what,
            step.at,
            step.unit,
            step.seat.map(|seat| seat.user),
            step.seat.and_then(|seat| seat.in_name_of),
            step.since,
            step.due,
            step.reason.clone(),
            step.by_link
        ],
    )
    .await
    .map(|_| ())
}

/// Empties what was written about the questions on the record `record_id` of `kind`, and the reasons of those who answered them;
/// amounts, people and answers stay.
///
/// # Errors
/// What the database says.
pub async fn erase(tx: &mut Tx, kind: &str, record_id: i64) -> Result<u64, DbError> {
    tx.exec(
        "UPDATE approval_step SET reason = NULL WHERE reason IS NOT NULL
         AND approval_id IN (SELECT id FROM approval WHERE record_kind = $1 AND record_id = $2)",
        args![kind, record_id],
    )
    .await?;
    tx.exec(
        "UPDATE approval SET sentence = '', reason = NULL
         WHERE record_kind = $1 AND record_id = $2 AND (sentence <> '' OR reason IS NOT NULL)",
        args![kind, record_id],
    )
    .await
}

/// What was ever asked about `record` stands in `unit` from now on: who does not reach the record there does not reach its questions.
///
/// # Errors
/// What the database says.
pub async fn stand_in(tx: &mut Tx, record: &RecordRef, unit: Id<of::Unit>) -> Result<(), DbError> {
    let sql = "UPDATE approval SET store_id = $3 WHERE record_kind = $1 AND record_id = $2";
    tx.exec(sql, args![record.kind, record.id, unit]).await.map(|_| ())
}
