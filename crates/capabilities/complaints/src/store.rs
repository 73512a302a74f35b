//! Rows of complaints, their lines and promises; the only SQL of this crate. Lists read the case beside the complaint: who, what,
//! until when.

use approvals::store::ApprovalId;
use cases::domain::{Deadline, Stage, Unit, WARN_SHARE};
use db::{DbError, Filter as Sql, FromRow, Row, Tx, Value, args};
use kernel::{Cursor, Day, Id, IdGen, Money, Place, Placed, Reach, Timestamp, of};
use serde::{Deserialize, Serialize};

use crate::domain::{Cause, Line, Party, Pending, Reason, Remedy, Severity, Source, State, Topic};

db::stored_words!(Party, Pending, Reason, Remedy, Severity, Source, State, Topic);

/// A complaint; it has its case's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    /// The case.
    pub case: Id<of::Case>,
    /// The case's store.
    pub store: Id<of::Unit>,
    /// The team that works on it.
    pub team: Option<Id<of::Unit>>,
    /// Who has it.
    pub owner: Option<Id<of::User>>,
    /// The case's number.
    pub number: String,
    /// Where it stands.
    pub state: State,
    /// How grave it is.
    pub severity: Severity,
    /// What it is about.
    pub topic: Option<Topic>,
    /// How we came to know.
    pub source: Source,
    /// Somebody was hurt or something damaged.
    pub harm: bool,
    /// When the customer complained.
    pub registered_at: Timestamp,
    /// What happened.
    pub facts: Option<String>,
    /// By what we know.
    pub evidence: Option<String>,
    /// Who has to answer for it.
    pub party: Option<Party>,
    /// What lay behind it.
    pub cause: Option<Cause>,
    /// Which of our departments or stores.
    pub unit: Option<Id<of::Unit>>,
    /// Who of us.
    pub user: Option<Id<of::User>>,
    /// Who found it out.
    pub concluded_by: Option<Id<of::User>>,
    /// When.
    pub concluded_at: Option<Timestamp>,
    /// Why it was not taken on.
    pub reason: Option<Reason>,
    /// What the customer reads about that.
    pub notice: Option<String>,
    /// What a second signature is asked for.
    pub pending: Option<Pending>,
    /// The question.
    pub approval: Option<Id<ApprovalId>>,
    /// The offer that stands, from 1.
    pub round: i64,
    /// What the customer reads of it.
    pub wording: Option<String>,
    /// Until when it can be taken.
    pub valid_until: Option<Timestamp>,
    /// The answer that the customer got at the end.
    pub answer: Option<String>,
    /// Who had it before an appeal.
    pub handler_before: Option<Id<of::User>>,
    /// How often it was appealed.
    pub appeals: i64,
    /// How often it did not hold.
    pub reopened: i64,
    /// When it was taken on.
    pub accepted_at: Option<Timestamp>,
    /// When the offer that stands went out.
    pub offered_at: Option<Timestamp>,
    /// When the customer agreed.
    pub agreed_at: Option<Timestamp>,
    /// When all was carried out.
    pub executed_at: Option<Timestamp>,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// When it went into the archive.
    pub archived_at: Option<Timestamp>,
    /// Who called back.
    pub called_by: Option<Id<of::User>>,
    /// What the customer said then.
    pub outcome: Option<String>,
    /// 1 to 5.
    pub satisfaction: Option<i64>,
    /// Every promised time was kept.
    pub in_time: Option<bool>,
    /// Until when the archive keeps it.
    pub retain_until: Option<Day>,
    /// Why it is kept longer.
    pub legal_hold: Option<String>,
}

impl Placed for Complaint {
    fn place(&self) -> Place {
        Place { store: self.store, team: self.team, owner: self.owner }
    }
}

/// The columns of a complaint, in the order of [`Complaint::read`] and of [`values`].
macro_rules! columns {
    () => {
        "p.case_id, p.store_id, p.team_id, p.owner_id, p.number, p.state, p.severity, p.topic, p.source, p.harm, p.registered_at,
        p.facts, p.evidence, p.party, p.cause, p.responsible_unit, p.responsible_user, p.concluded_by, p.concluded_at, p.reason,
        p.notice, p.pending, p.approval_id, p.round, p.wording, p.valid_until, p.answer, p.handler_before, p.appeals, p.reopened,
        p.accepted_at, p.offered_at, p.agreed_at, p.executed_at, p.ended_at, p.archived_at, p.called_by, p.outcome, p.satisfaction,
        p.in_time, p.retain_until, p.legal_hold"
    };
}

const SELECT: &str = concat!("SELECT ", columns!(), " FROM complaint p WHERE ");

impl Complaint {
    fn read(c: &mut db::Columns<'_>) -> Result<Self, DbError> {
        Ok(Self {
            case: c.next()?,
            store: c.next()?,
            team: c.next()?,
            owner: c.next()?,
            number: c.next()?,
            state: c.next()?,
            severity: c.next()?,
            topic: c.next()?,
            source: c.next()?,
            harm: c.next()?,
            registered_at: c.next()?,
            facts: c.next()?,
            evidence: c.next()?,
            party: c.next()?,
            cause: c.next()?,
            unit: c.next()?,
            user: c.next()?,
            concluded_by: c.next()?,
            concluded_at: c.next()?,
            reason: c.next()?,
            notice: c.next()?,
            pending: c.next()?,
            approval: c.next()?,
            round: c.next()?,
            wording: c.next()?,
            valid_until: c.next()?,
            answer: c.next()?,
            handler_before: c.next()?,
            appeals: c.next()?,
            reopened: c.next()?,
            accepted_at: c.next()?,
            offered_at: c.next()?,
            agreed_at: c.next()?,
            executed_at: c.next()?,
            ended_at: c.next()?,
            archived_at: c.next()?,
            called_by: c.next()?,
            outcome: c.next()?,
            satisfaction: c.next()?,
            in_time: c.next()?,
            retain_until: c.next()?,
            legal_hold: c.next()?,
        })
    }
}

impl FromRow for Complaint {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Self::read(&mut row.columns())
    }
}

fn values(one: &Complaint) -> Vec<Value> {
    vec![
        one.case.into(),
        one.store.into(),
        one.team.into(),
        one.owner.into(),
        one.number.clone().into(),
        one.state.into(),
        one.severity.into(),
        one.topic.into(),
        one.source.into(),
        one.harm.into(),
        one.registered_at.into(),
        one.facts.clone().into(),
        one.evidence.clone().into(),
        one.party.into(),
        one.cause.clone().into(),
        one.unit.into(),
        one.user.into(),
        one.concluded_by.into(),
        one.concluded_at.into(),
        one.reason.into(),
        one.notice.clone().into(),
        one.pending.into(),
        one.approval.into(),
        one.round.into(),
        one.wording.clone().into(),
        one.valid_until.into(),
        one.answer.clone().into(),
        one.handler_before.into(),
        one.appeals.into(),
        one.reopened.into(),
        one.accepted_at.into(),
        one.offered_at.into(),
        one.agreed_at.into(),
        one.executed_at.into(),
        one.ended_at.into(),
        one.archived_at.into(),
        one.called_by.into(),
        one.outcome.clone().into(),
        one.satisfaction.into(),
        one.in_time.into(),
        one.retain_until.into(),
        one.legal_hold.clone().into(),
    ]
}

/// Inserts a complaint, unless its case has one.
///
/// # Errors
/// What the database says.
pub async fn insert(tx: &mut Tx, one: &Complaint) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO complaint (case_id, store_id, team_id, owner_id, number, state, severity, topic, source, harm, registered_at,
            facts, evidence, party, cause, responsible_unit, responsible_user, concluded_by, concluded_at, reason, notice, pending,
            approval_id, round, wording, valid_until, answer, handler_before, appeals, reopened, accepted_at, offered_at, agreed_at,
            executed_at, ended_at, archived_at, called_by, outcome, satisfaction, in_time, retain_until, legal_hold, confidential)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
            $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, FALSE)
         ON CONFLICT (case_id) DO NOTHING",
        &values(one),
    )
    .await
    .map(|_| ())
}

/// Saves what can change; the caller holds the case.
///
/// # Errors
/// What the database says.
pub async fn save(tx: &mut Tx, one: &Complaint) -> Result<(), DbError> {
    let mut all = values(one);
    // Number and time of registration never change.
    all.remove(10);
    all.remove(4);
    tx.exec(
        "UPDATE complaint SET store_id = $2, team_id = $3, owner_id = $4, state = $5, severity = $6, topic = $7, source = $8,
            harm = $9, facts = $10, evidence = $11, party = $12, cause = $13, responsible_unit = $14, responsible_user = $15,
            concluded_by = $16, concluded_at = $17, reason = $18, notice = $19, pending = $20, approval_id = $21, round = $22,
            wording = $23, valid_until = $24, answer = $25, handler_before = $26, appeals = $27, reopened = $28, accepted_at = $29,
            offered_at = $30, agreed_at = $31, executed_at = $32, ended_at = $33, archived_at = $34, called_by = $35, outcome = $36,
            satisfaction = $37, in_time = $38, retain_until = $39, legal_hold = $40
         WHERE case_id = $1",
        &all,
    )
    .await
    .map(|_| ())
}

/// The complaint of `case`.
///
/// # Errors
/// What the database says.
pub async fn get(tx: &mut Tx, case: Id<of::Case>) -> Result<Option<Complaint>, DbError> {
    let mut query = Sql::new(SELECT);
    query.bind("p.case_id = ?", args![case]);
    tx.one(query.sql(), query.values()).await
}

/// The complaint for which the question `approval` was asked.
///
/// # Errors
/// What the database says.
pub async fn by_approval(tx: &mut Tx, approval: Id<ApprovalId>) -> Result<Option<Complaint>, DbError> {
    let mut query = Sql::new(SELECT);
    query.bind("p.approval_id = ?", args![approval]);
    tx.one(query.sql(), query.values()).await
}

/// Live complaint cases that have no flow of their own yet, oldest first: taken in before there was one, imported, or found to be a
/// complaint later.
///
/// # Errors
/// What the database says.
pub async fn without(tx: &mut Tx, limit: i64) -> Result<Vec<Id<of::Case>>, DbError> {
    let rows: Vec<(Id<of::Case>,)> = tx
        .all(
            "SELECT id FROM service_case WHERE kind = 'complaint' AND NOT own_flow AND due_at IS NOT NULL ORDER BY id LIMIT $1",
            args![limit],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Marks the id of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LineId {}

/// A line of an offer as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRow {
    /// Of which offer, from 1.
    pub round: i64,
    /// Its number in it, from 1.
    pub seq: i64,
    /// What is offered.
    pub line: Line,
    /// When it was carried out.
    pub done_at: Option<Timestamp>,
    /// By whom.
    pub done_by: Option<Id<of::User>>,
    /// How.
    pub done_note: Option<String>,
}

impl FromRow for LineRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            round: c.next()?,
            seq: c.next()?,
            line: Line { kind: c.next()?, text: c.next()?, amount: c.next()?, by_law: c.next()? },
            done_at: c.next()?,
            done_by: c.next()?,
            done_note: c.next()?,
        })
    }
}

/// All lines of all offers of `case`, in order.
///
/// # Errors
/// What the database says.
pub async fn lines(tx: &mut Tx, case: Id<of::Case>) -> Result<Vec<LineRow>, DbError> {
    tx.all(
        "SELECT round, seq, kind, body, amount_fen, by_law, done_at, done_by, done_note FROM complaint_line WHERE case_id = $1
         ORDER BY round, seq",
        args![case],
    )
    .await
}

/// Puts `lines` in the place of those of the offer number `round`.
///
/// # Errors
/// What the database says.
pub async fn set_lines(
    tx: &mut Tx,
    ids: &IdGen,
    case: Id<of::Case>,
    round: i64,
    lines: &[Line],
) -> Result<(), DbError> {
    tx.exec("DELETE FROM complaint_line WHERE case_id = $1 AND round = $2", args![case, round]).await?;
    for (seq, line) in (1_i64..).zip(lines) {
        tx.exec(
            "INSERT INTO complaint_line (id, case_id, round, seq, kind, body, amount_fen, by_law) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![ids.next::<LineId>(), case, round, seq, line.kind, &*line.text, line.amount, line.by_law],
        )
        .await?;
    }
    Ok(())
}

/// Notes that a line is carried out; false when it was already, or there is no such line.
///
/// # Errors
/// What the database says.
pub async fn carry_out(
    tx: &mut Tx,
    (case, round, seq): (Id<of::Case>, i64, i64),
    by: Option<Id<of::User>>,
    at: Timestamp,
    note: &str,
) -> Result<bool, DbError> {
    let done = tx
        .exec(
            "UPDATE complaint_line SET done_at = $4, done_by = $5, done_note = $6
             WHERE case_id = $1 AND round = $2 AND seq = $3 AND done_at IS NULL",
            args![case, round, seq, at, by, note],
        )
        .await?;
    Ok(done == 1)
}

/// Whom the complaint of `case` is about.
///
/// # Errors
/// What the database says.
pub async fn interested(tx: &mut Tx, case: Id<of::Case>) -> Result<Vec<Id<of::User>>, DbError> {
    let rows: Vec<(Id<of::User>,)> =
        tx.all("SELECT user_id FROM complaint_interest WHERE case_id = $1 ORDER BY user_id", args![case]).await?;
    Ok(rows.into_iter().map(|(user,)| user).collect())
}

/// It is about `user`, too.
///
/// # Errors
/// What the database says.
pub async fn add_interested(tx: &mut Tx, case: Id<of::Case>, user: Id<of::User>) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO complaint_interest (case_id, user_id) VALUES ($1, $2) ON CONFLICT (case_id, user_id) DO NOTHING",
        args![case, user],
    )
    .await
    .map(|_| ())
}

/// What is promised for `stage` of a complaint this grave, begun at `at`.
///
/// # Errors
/// What the database says.
pub async fn promise(
    tx: &mut Tx,
    severity: Severity,
    stage: Stage,
    at: Timestamp,
) -> Result<Option<Deadline>, DbError> {
    let row: Option<(Unit, i64, i64)> = tx
        .one(
            "SELECT unit, amount, version FROM complaint_promise WHERE severity = $1 AND stage = $2 AND effective_from <= $3
             ORDER BY effective_from DESC, version DESC LIMIT 1",
            args![severity, stage, at],
        )
        .await?;
    Ok(row.map(|(unit, amount, version)| Deadline { amount, unit, warn_share: WARN_SHARE, version }))
}

/// Which complaints a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Show {
    /// Not over, the nearest deadline first.
    #[default]
    Open,
    /// Of those, what the reader has.
    Mine,
    /// Of those, what is late.
    Late,
    /// Of those, customers who are upset.
    Upset,
    /// Of those, the gravest.
    Severe,
    /// Over, the last first.
    Ended,
    /// Over after work: what numbers count as closed.
    Closed,
    /// Closed in time.
    InTime,
    /// Taken on, over or not; by when they came.
    Accepted,
    /// Did not hold at least once; by when they came.
    Reopened,
    /// What was found out; by when.
    Concluded,
}

impl Show {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Open,
        Self::Mine,
        Self::Late,
        Self::Upset,
        Self::Severe,
        Self::Ended,
        Self::Closed,
        Self::InTime,
        Self::Accepted,
        Self::Reopened,
        Self::Concluded,
    ];
    /// Those that the page shows as tabs.
    pub const TABS: [Self; 5] = [Self::Open, Self::Mine, Self::Late, Self::Upset, Self::Ended];
    /// The word in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Mine => "mine",
            Self::Late => "late",
            Self::Upset => "upset",
            Self::Severe => "severe",
            Self::Ended => "ended",
            Self::Closed => "closed",
            Self::InTime => "in_time",
            Self::Accepted => "accepted",
            Self::Reopened => "reopened",
            Self::Concluded => "concluded",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
    const fn is_live(self) -> bool {
        matches!(self, Self::Open | Self::Mine | Self::Late | Self::Upset | Self::Severe)
    }
    /// What it means without reader and time.
    const fn condition(self) -> &'static str {
        match self {
            Self::Open => "",
            Self::Mine | Self::Late => " AND FALSE",
            Self::Upset => " AND s.upset",
            Self::Severe => " AND p.severity IN ('s1', 's2')",
            Self::Ended => " AND p.ended_at IS NOT NULL",
            Self::Closed => " AND p.ended_at IS NOT NULL AND p.state IN ('closed', 'archived')",
            Self::InTime => " AND p.ended_at IS NOT NULL AND p.in_time",
            Self::Accepted => " AND p.accepted_at IS NOT NULL",
            Self::Reopened => " AND p.reopened > 0",
            Self::Concluded => " AND p.concluded_at IS NOT NULL",
        }
    }
    /// What orders such a list.
    const fn key(self) -> &'static str {
        match self {
            Self::Open | Self::Mine | Self::Late | Self::Upset | Self::Severe => "s.due_at",
            Self::Ended | Self::Closed | Self::InTime => "p.ended_at",
            Self::Accepted | Self::Reopened => "p.registered_at",
            Self::Concluded => "p.concluded_at",
        }
    }
}

/// What a list is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Which.
    pub show: Show,
    /// In this state.
    pub state: Option<State>,
    /// This grave.
    pub severity: Option<Severity>,
    /// About this.
    pub topic: Option<Topic>,
    /// With this cause.
    pub cause: Option<Cause>,
    /// From there.
    pub source: Option<Source>,
    /// Of this store.
    pub store: Option<Id<of::Unit>>,
    /// For which this department or store has to answer.
    pub unit: Option<Id<of::Unit>>,
    /// From then on, by what orders the list.
    pub from: Option<Timestamp>,
    /// Before then.
    pub before: Option<Timestamp>,
    /// Who reads.
    pub reader: Option<Id<of::User>>,
    /// When it is read.
    pub now: Option<Timestamp>,
}

/// A line of a list: the complaint and what of its case people look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The complaint.
    pub complaint: Complaint,
    /// The case in a few words.
    pub subject: String,
    /// The customer is upset.
    pub upset: bool,
    /// Who; empty when unnamed.
    pub customer: String,
    /// The number, masked.
    pub phone: String,
    /// Which product.
    pub product: Option<String>,
    /// The step of the service flow.
    pub step: i64,
    /// The nearest deadline: when it began, until when, of what.
    pub due: Option<(Timestamp, Timestamp, Stage)>,
    /// What orders the list.
    pub key: i64,
}

impl FromRow for Listed {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut columns = row.columns();
        let c = &mut columns;
        let complaint = Complaint::read(c)?;
        let (subject, upset, customer, phone, product, step) =
            (c.next()?, c.next()?, c.next()?, c.next()?, c.next()?, c.next()?);
        let (from, at, stage): (Option<_>, Option<_>, Option<_>) = (c.next()?, c.next()?, c.next()?);
        let due = from.zip(at).zip(stage).map(|((from, at), stage)| (from, at, stage));
        Ok(Self { complaint, subject, upset, customer, phone, product, step, due, key: c.next()? })
    }
}

impl Filter {
    fn narrow(&self, query: &mut Sql, reach: &Reach) {
        query.push(if self.show.is_live() { "s.own_flow AND s.due_at IS NOT NULL" } else { "1 = 1" });
        query.reach(reach, "p.store_id", "p.team_id", "p.owner_id");
        match (self.show, self.reader, self.now) {
            (Show::Mine, Some(reader), _) => query.bind(" AND s.owner_id = ?", args![reader]),
            (Show::Late, _, Some(now)) => query.bind(" AND s.due_at < ?", args![now]),
            (show, _, _) => query.push(show.condition()),
        };
        if let Some(state) = self.state {
            query.bind(" AND p.state = ?", args![state]);
        }
        if let Some(severity) = self.severity {
            query.bind(" AND p.severity = ?", args![severity]);
        }
        if let Some(topic) = self.topic {
            query.bind(" AND p.topic = ?", args![topic]);
        }
        if let Some(cause) = &self.cause {
            query.bind(" AND p.cause = ?", args![cause.clone()]);
        }
        if let Some(source) = self.source {
            query.bind(" AND p.source = ?", args![source]);
        }
        if let Some(store) = self.store {
            query.bind(" AND p.store_id = ?", args![store]);
        }
        if let Some(unit) = self.unit {
            query.bind(" AND p.responsible_unit = ?", args![unit]);
        }
        let key = self.show.key();
        if let Some(at) = self.from {
            query.push(" AND ").push(key).bind(" >= ?", args![at]);
        }
        if let Some(at) = self.before {
            query.push(" AND ").push(key).bind(" < ?", args![at]);
        }
    }
}

const FROM: &str = " FROM complaint p JOIN service_case s ON s.id = p.case_id WHERE ";

/// At most `limit` complaints that `reach` covers, in the order of the filter, from behind `after`.
///
/// # Errors
/// What the database says.
pub async fn list(
    tx: &mut Tx,
    filter: &Filter,
    reach: &Reach,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Listed>, DbError> {
    let key = filter.show.key();
    let mut query = Sql::new(concat!(
        "SELECT ",
        columns!(),
        ", s.subject, s.upset, s.customer_name, s.phone_masked, s.product, s.step, s.due_from, s.due_at, s.due_stage, "
    ));
    query.push(key).push(FROM);
    filter.narrow(&mut query, reach);
    let up = filter.show.is_live();
    if let Some(cursor) = after {
        query.push(" AND (").push(key).push(if up { ", p.case_id) > (" } else { ", p.case_id) < (" });
        query.bind("?, ?)", args![cursor.key, cursor.id]);
    }
    query.push(" ORDER BY ").push(key).push(if up { ", p.case_id" } else { " DESC, p.case_id DESC" });
    query.bind(" LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// How many complaints that is, counted up to `limit`.
///
/// # Errors
/// What the database says.
pub async fn count(tx: &mut Tx, filter: &Filter, reach: &Reach, limit: i64) -> Result<i64, DbError> {
    let mut query = Sql::new("SELECT COUNT(*) FROM (SELECT p.case_id");
    query.push(FROM);
    filter.narrow(&mut query, reach);
    query.bind(" LIMIT ?) AS counted", args![limit]);
    Ok(tx.one::<(i64,)>(query.sql(), query.values()).await?.map_or(0, |(n,)| n))
}

/// How often something was found, with how often it was the fault of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<K> {
    /// What.
    pub what: K,
    /// How often.
    pub times: i64,
    /// Of these, how often a party of ours has to answer.
    pub ours: i64,
    /// In how many stores.
    pub stores: i64,
    /// How many are not over.
    pub open: i64,
}

const OURS: &str = "CAST(SUM(CASE WHEN p.party IN ('store', 'carrier', 'installer') THEN 1 ELSE 0 END) AS BIGINT),
    COUNT(DISTINCT p.store_id), CAST(SUM(CASE WHEN p.ended_at IS NULL THEN 1 ELSE 0 END) AS BIGINT)
    FROM complaint p WHERE p.concluded_at >= ? AND p.concluded_at < ?";

/// Causes of what was found out between two instants, the most frequent first.
///
/// # Errors
/// What the database says.
pub async fn causes(
    tx: &mut Tx,
    reach: &Reach,
    from: Timestamp,
    before: Timestamp,
    store: Option<Id<of::Unit>>,
) -> Result<Vec<Found<Cause>>, DbError> {
    let mut query = Sql::new("SELECT p.cause, COUNT(*), ");
    query.bind(OURS, args![from, before]).push(" AND p.cause IS NOT NULL");
    query.reach(reach, "p.store_id", "p.team_id", "p.owner_id");
    if let Some(store) = store {
        query.bind(" AND p.store_id = ?", args![store]);
    }
    query.push(" GROUP BY p.cause ORDER BY 2 DESC, 1");
    let rows: Vec<(Cause, i64, i64, i64, i64)> = tx.all(query.sql(), query.values()).await?;
    Ok(rows.into_iter().map(|(what, times, ours, stores, open)| Found { what, times, ours, stores, open }).collect())
}

/// The same cause again and again in one store, between two instants, at least `least` times.
///
/// # Errors
/// What the database says.
pub async fn recurring(
    tx: &mut Tx,
    reach: &Reach,
    from: Timestamp,
    before: Timestamp,
    least: i64,
) -> Result<Vec<(Id<of::Unit>, Cause, i64)>, DbError> {
    let mut query = Sql::new("SELECT p.store_id, p.cause, COUNT(*) FROM complaint p WHERE p.cause IS NOT NULL");
    query.bind(" AND p.concluded_at >= ? AND p.concluded_at < ?", args![from, before]);
    query.reach(reach, "p.store_id", "p.team_id", "p.owner_id");
    query.bind(" GROUP BY p.store_id, p.cause HAVING COUNT(*) >= ? ORDER BY 3 DESC, 1, 2 LIMIT 20", args![least]);
    tx.all(query.sql(), query.values()).await
}

/// Departments and stores that had to answer between two instants: how often, and how many of these are not over, the most first.
///
/// # Errors
/// What the database says.
pub async fn units(
    tx: &mut Tx,
    reach: &Reach,
    from: Timestamp,
    before: Timestamp,
) -> Result<Vec<Found<Id<of::Unit>>>, DbError> {
    let mut query = Sql::new("SELECT p.responsible_unit, COUNT(*), ");
    query.bind(OURS, args![from, before]).push(" AND p.responsible_unit IS NOT NULL");
    query.reach(reach, "p.store_id", "p.team_id", "p.owner_id");
    query.push(" GROUP BY p.responsible_unit ORDER BY 2 DESC, 1 LIMIT 8");
    let rows: Vec<(Id<of::Unit>, i64, i64, i64, i64)> = tx.all(query.sql(), query.values()).await?;
    Ok(rows.into_iter().map(|(what, times, ours, stores, open)| Found { what, times, ours, stores, open }).collect())
}

/// What others were offered for the same cause and agreed to, newest first.
///
/// # Errors
/// What the database says.
pub async fn precedents(
    tx: &mut Tx,
    reach: &Reach,
    cause: Cause,
    not: Id<of::Case>,
    limit: i64,
) -> Result<Vec<Precedent>, DbError> {
    let mut query = Sql::new(
        "SELECT p.case_id, p.number, p.severity, p.agreed_at, p.satisfaction,
            (SELECT CAST(COALESCE(SUM(l.amount_fen), 0) AS BIGINT) FROM complaint_line l WHERE l.case_id = p.case_id AND l.round = p.round),
            s.subject
         FROM complaint p JOIN service_case s ON s.id = p.case_id WHERE p.agreed_at IS NOT NULL AND p.concluded_at IS NOT NULL",
    );
    query.bind(" AND p.cause = ? AND p.case_id <> ?", args![cause, not]);
    query.reach(reach, "p.store_id", "p.team_id", "p.owner_id");
    query.bind(" ORDER BY p.concluded_at DESC, p.case_id DESC LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// What somebody else was offered and agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Precedent {
    /// The case.
    pub case: Id<of::Case>,
    /// Its number.
    pub number: String,
    /// How grave it was.
    pub severity: Severity,
    /// When the customer agreed.
    pub agreed_at: Timestamp,
    /// What the customer said in the end, 1 to 5.
    pub satisfaction: Option<i64>,
    /// What it cost us.
    pub amount: Money,
    /// The case in a few words.
    pub subject: String,
}

impl FromRow for Precedent {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            case: c.next()?,
            number: c.next()?,
            severity: c.next()?,
            agreed_at: c.next()?,
            satisfaction: c.next()?,
            amount: c.next()?,
            subject: c.next()?,
        })
    }
}

/// The number of a complaint of `customer` whose dossier has to be kept on `today`, if there is one.
///
/// # Errors
/// What the database says.
pub async fn kept_of_customer(tx: &mut Tx, customer: Id<of::Customer>, today: Day) -> Result<Option<String>, DbError> {
    let sql = "SELECT p.number FROM complaint p JOIN service_case c ON c.id = p.case_id
        WHERE c.customer_id = $1 AND (p.legal_hold IS NOT NULL OR p.retain_until > $2) ORDER BY p.case_id LIMIT 1";
    Ok(tx.one::<(String,)>(sql, args![customer, today]).await?.map(|(number,)| number))
}

/// Empties what was written about the complaint `case`, what was offered in words too; what was decided, done and paid stays.
///
/// # Errors
/// What the database says.
pub async fn erase(tx: &mut Tx, case: Id<of::Case>) -> Result<u64, DbError> {
    tx.exec(
        "UPDATE complaint_line SET body = $2, done_note = CASE WHEN done_note IS NULL THEN NULL ELSE $2 END WHERE case_id = $1",
        args![case, parties::store::MARK],
    )
    .await?;
    tx.exec(
        "UPDATE complaint SET facts = NULL, evidence = NULL, notice = NULL, wording = NULL, answer = NULL, outcome = NULL
         WHERE case_id = $1",
        args![case],
    )
    .await
}
