//! SQL on clocks and their ledgers.

use db::{DbError, Filter, FromRow, Row, Tx, Value, args, values};
use kernel::{Id, RecordRef, Timestamp, of};
use worktime::{BasisPoints, CalendarRef, DayEnd, DueRule, Entry, Millis, Outcome, Policy};

use crate::clock::{Clock, Ending, Entered, Standing, Told};
use crate::load::Key;
use crate::store::corrupt;

const COLUMNS: &str = "id, record_kind, record_id, stage, store_id, calendar_code, calendar_id, calendar_version, policy_code, \
     policy_version, unit, amount, state, started_at, due_at, warn_at, next_at, told, breached_at, paused_at, pause_reason, \
     stopped_at, outcome, entries, version";

impl FromRow for Clock {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            record_kind: c.next()?,
            record_id: c.next()?,
            stage: c.next()?,
            store: c.next()?,
            calendar_code: c.next()?,
            calendar_id: c.next()?,
            calendar_version: c.next()?,
            policy_code: c.next()?,
            policy_version: c.next()?,
            unit: c.next()?,
            amount: c.next()?,
            state: word(&c.next::<String>()?, Standing::parse)?,
            started_at: c.next()?,
            due_at: c.next()?,
            warn_at: c.next()?,
            next_at: c.next()?,
            told: word(&c.next::<String>()?, Told::parse)?,
            breached_at: c.next()?,
            paused_at: c.next()?,
            pause_reason: c.next()?,
            stopped_at: c.next()?,
            outcome: c.next::<Option<String>>()?.map(|text| word(&text, Ending::parse)).transpose()?,
            entries: c.next()?,
            version: c.next()?,
        })
    }
}

fn word<T>(text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, DbError> {
    parse(text).ok_or_else(|| corrupt(format!("{text} is no word of this column")))
}

pub(crate) async fn get(tx: &mut Tx, id: Id<of::Clock>) -> Result<Option<Clock>, DbError> {
    let mut filter = Filter::new("SELECT ");
    filter.push(COLUMNS).bind(" FROM clock WHERE id = ?", args![id]);
    tx.one(filter.sql(), filter.values()).await
}

pub(crate) async fn of_record(tx: &mut Tx, record: &RecordRef) -> Result<Vec<Clock>, DbError> {
    let mut filter = Filter::new("SELECT ");
    filter
        .push(COLUMNS)
        .bind(" FROM clock WHERE record_kind = ? AND record_id = ? ORDER BY id", args![record.kind, record.id]);
    tx.all(filter.sql(), filter.values()).await
}

pub(crate) async fn of_records(tx: &mut Tx, kind: &str, records: &[i64]) -> Result<Vec<Clock>, DbError> {
    let mut filter = Filter::new("SELECT ");
    filter.push(COLUMNS).bind(" FROM clock WHERE record_kind = ? AND ", args![kind]);
    filter.bind_in("record_id", records.iter().map(|id| Value::from(*id))).push(" ORDER BY record_id, id");
    tx.all(filter.sql(), filter.values()).await
}

/// Clocks whose next instant has come, earliest first.
pub(crate) async fn due(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Clock>, DbError> {
    let mut filter = Filter::new("SELECT ");
    filter.push(COLUMNS).bind(
        " FROM clock WHERE next_at IS NOT NULL AND stopped_at IS NULL AND next_at <= ? ORDER BY next_at, id LIMIT ?",
        args![now, limit],
    );
    tx.all(filter.sql(), filter.values()).await
}

/// Open clocks in the order of their ids.
pub(crate) async fn open(tx: &mut Tx, after: Option<Id<of::Clock>>, limit: i64) -> Result<Vec<Clock>, DbError> {
    let mut filter = Filter::new("SELECT ");
    filter.push(COLUMNS).bind(
        " FROM clock WHERE stopped_at IS NULL AND id > ? ORDER BY id LIMIT ?",
        args![after.map_or(i64::MIN, Id::get), limit],
    );
    tx.all(filter.sql(), filter.values()).await
}

/// How many clocks are open.
pub(crate) async fn count_open(tx: &mut Tx) -> Result<i64, DbError> {
    let found = tx.one::<(i64,)>("SELECT COUNT(*) FROM clock WHERE stopped_at IS NULL", &[]).await?;
    Ok(found.map_or(0, |(found,)| found))
}

/// A row of the ledger with the calendar it names.
pub(crate) struct EntryRow {
    pub entry: Entry,
    pub calendar: Option<Key>,
    pub entered: Entered,
}

impl FromRow for EntryRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        let kind: String = c.next()?;
        let at = c.next::<Timestamp>()?.to_jiff();
        let entered = Entered { at: c.next()?, by: c.next()? };
        let reason = c.next::<Option<String>>()?.unwrap_or_default();
        let policy = read_policy(&mut c)?;
        let calendar = match (c.next::<Option<i64>>()?, c.next::<Option<i64>>()?, c.next::<Option<i64>>()?) {
            (Some(calendar), unit, Some(version)) => {
                Some(Key { calendar: Id::new(calendar), unit: unit.map(Id::new), version })
            }
            _ => None,
        };
        let outcome = c.next::<Option<String>>()?;
        let named = calendar.as_ref().map(Key::reference);
        let entry = match (kind.as_str(), policy, named) {
            ("start", Some(policy), Some(calendar)) => Entry::Start { at, policy, calendar },
            ("pause", _, _) => Entry::Pause { at, reason },
            ("resume", _, _) => Entry::Resume { at },
            ("change", policy, calendar) => Entry::Change { at, policy, calendar, reason },
            ("stop", _, _) if outcome.as_deref() == Some("cancelled") => {
                Entry::Stop { at, outcome: Outcome::Cancelled }
            }
            ("stop", _, _) => Entry::Stop { at, outcome: Outcome::Met },
            _ => return Err(corrupt("an entry of a clock that cannot be read")),
        };
        Ok(Self { entry, calendar, entered })
    }
}

fn read_policy(c: &mut db::Columns<'_>) -> Result<Option<Policy>, DbError> {
    let (code, version): (Option<String>, Option<i64>) = (c.next()?, c.next()?);
    let (unit, amount): (Option<String>, Option<i64>) = (c.next()?, c.next()?);
    let (end, roll): (Option<String>, Option<bool>) = (c.next()?, c.next()?);
    let shares: Option<String> = c.next()?;
    let (Some(unit), Some(amount)) = (unit, amount) else {
        return Ok(None);
    };
    let end = if end.as_deref() == Some("close") { DayEnd::Close } else { DayEnd::Midnight };
    let days = || u32::try_from(amount).map_err(|error| corrupt(error.to_string()));
    let rule = match unit.as_str() {
        "working" => DueRule::Working { allowed: Millis(amount) },
        "natural" => DueRule::Natural { allowed: Millis(amount) },
        "working-days" => DueRule::WorkingDays { days: days()?, end },
        "calendar-days" => DueRule::CalendarDays { days: days()?, roll: roll.unwrap_or(false), end },
        "fixed" => DueRule::Fixed { at: Timestamp::from_millis(amount).to_jiff() },
        other => return Err(corrupt(format!("{other} is no unit of a policy"))),
    };
    let shares = shares.unwrap_or_default();
    let warn_at = shares.split(',').filter_map(|share| share.parse().ok()).map(BasisPoints).collect();
    Ok(Some(Policy { code: code.unwrap_or_default(), version: version.unwrap_or(0), rule, warn_at }))
}

/// Unit and amount of a rule, as they are stored.
pub(crate) fn unit_amount(rule: &DueRule) -> (&'static str, i64) {
    match rule {
        DueRule::Working { allowed } => ("working", allowed.0),
        DueRule::Natural { allowed } => ("natural", allowed.0),
        DueRule::WorkingDays { days, .. } => ("working-days", i64::from(*days)),
        DueRule::CalendarDays { days, .. } => ("calendar-days", i64::from(*days)),
        DueRule::Fixed { at } => ("fixed", at.as_millisecond()),
    }
}

pub(crate) async fn entries(tx: &mut Tx, clock: Id<of::Clock>) -> Result<Vec<EntryRow>, DbError> {
    let sql = "SELECT kind, at, entered_at, entered_by, reason, policy_code, policy_version, unit, amount, day_end, roll, \
               warn_shares, calendar_id, calendar_unit, calendar_version, outcome FROM clock_entry WHERE clock_id = $1 ORDER BY seq";
    tx.all(sql, args![clock]).await
}

/// The statement that appends an entry, and its values.
pub(crate) const APPEND: &str = "INSERT INTO clock_entry (clock_id, seq, kind, at, entered_at, entered_by, reason, policy_code, \
     policy_version, unit, amount, day_end, roll, warn_shares, calendar_id, calendar_unit, calendar_version, outcome) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";

pub(crate) fn append_values(clock: Id<of::Clock>, seq: i64, row: &EntryRow) -> Vec<Value> {
    let (kind, reason, policy, outcome): (_, Option<&str>, Option<&Policy>, Option<&str>) = match &row.entry {
        Entry::Start { policy, .. } => ("start", None, Some(policy), None),
        Entry::Pause { reason, .. } => ("pause", Some(reason), None, None),
        Entry::Resume { .. } => ("resume", None, None, None),
        Entry::Change { policy, reason, .. } => ("change", Some(reason), policy.as_ref(), None),
        Entry::Stop { outcome: Outcome::Met, .. } => ("stop", None, None, Some("met")),
        Entry::Stop { outcome: Outcome::Cancelled, .. } => ("stop", None, None, Some("cancelled")),
    };
    let rule = policy.map(|policy| &policy.rule);
    let stored = rule.map(unit_amount);
    let (end, roll) = match rule {
        Some(DueRule::WorkingDays { end, .. }) => (Some(*end), None),
        Some(DueRule::CalendarDays { end, roll, .. }) => (Some(*end), Some(*roll)),
        _ => (None, None),
    };
    let end = end.map(|end| match end {
        DayEnd::Midnight => "midnight",
        DayEnd::Close => "close",
    });
    let shares = policy.map(|policy| {
        let shares: Vec<String> = policy.warn_at.iter().map(|share| share.0.to_string()).collect();
        shares.join(",")
    });
    values![
        clock,
        seq,
        kind,
        Timestamp::from_jiff(row.entry.at()),
        row.entered.at,
        row.entered.by,
        reason,
        policy.map(|policy| policy.code.as_str()),
        policy.map(|policy| policy.version),
        stored.map(|(unit, _)| unit),
        stored.map(|(_, amount)| amount),
        end,
        roll,
        shares,
        row.calendar.map(|key| key.calendar),
        row.calendar.and_then(|key| key.unit),
        row.calendar.map(|key| key.version),
        outcome,
    ]
}

/// The statement that adds a clock, and its values.
pub(crate) const INSERT: &str = "INSERT INTO clock (id, record_kind, record_id, stage, store_id, calendar_code, calendar_id, \
     calendar_version, policy_code, policy_version, unit, amount, state, started_at, due_at, warn_at, next_at, told, breached_at, \
     paused_at, pause_reason, stopped_at, outcome, entries, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, \
     $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)";

pub(crate) fn insert_values(clock: &Clock) -> Vec<Value> {
    values![
        clock.id,
        &clock.record_kind,
        clock.record_id,
        &clock.stage,
        clock.store,
        &clock.calendar_code,
        clock.calendar_id,
        clock.calendar_version,
        &clock.policy_code,
        clock.policy_version,
        &clock.unit,
        clock.amount,
        clock.state.as_str(),
        clock.started_at,
        clock.due_at,
        clock.warn_at,
        clock.next_at,
        clock.told.as_str(),
        clock.breached_at,
        clock.paused_at,
        &clock.pause_reason,
        clock.stopped_at,
        clock.outcome.map(Ending::as_str),
        clock.entries,
        clock.version,
    ]
}

/// The statement that follows an entry; changes nothing if the clock is no longer as it was read.
const UPDATE: &str = "UPDATE clock SET store_id = $2, calendar_id = $3, calendar_version = $4, policy_code = $5, policy_version = $6, \
     unit = $7, amount = $8, state = $9, due_at = $10, warn_at = $11, next_at = $12, told = $13, breached_at = $14, \
     paused_at = $15, pause_reason = $16, stopped_at = $17, outcome = $18, entries = $19, version = version + 1 \
     WHERE id = $1 AND version = $20";

/// Writes the present state; `false` if somebody else was faster.
pub(crate) async fn update(tx: &mut Tx, clock: &Clock) -> Result<bool, DbError> {
    let changed = tx
        .exec(
            UPDATE,
            args![
                clock.id,
                clock.store,
                clock.calendar_id,
                clock.calendar_version,
                &clock.policy_code,
                clock.policy_version,
                &clock.unit,
                clock.amount,
                clock.state.as_str(),
                clock.due_at,
                clock.warn_at,
                clock.next_at,
                clock.told.as_str(),
                clock.breached_at,
                clock.paused_at,
                &clock.pause_reason,
                clock.stopped_at,
                clock.outcome.map(Ending::as_str),
                clock.entries,
                clock.version,
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// The name that a ledger's reference has in the database.
pub(crate) fn key_of<'a>(rows: &'a [EntryRow], reference: &CalendarRef) -> Option<&'a Key> {
    rows.iter().filter_map(|row| row.calendar.as_ref()).find(|key| key.reference() == *reference)
}
