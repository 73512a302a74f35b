//! Rows of surveys and of their rule; the only SQL of this crate.

mod rule;

pub use rule::{RuleRow, insert_rule, last_asked, rule, rules};

use db::{Cell, DbError, Filter as Sql, FromRow, FromValue, Row, Tx, Value, args};
use kernel::{Cursor, Id, Place, Placed, Reach, Timestamp, of};

use crate::domain::{Answer, AnsweredBy, Flagged, Recovery, Skipped, Solved};

/// Marks the id of a survey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SurveyId {}

/// An invitation and, once given, its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// Its id.
    pub id: Id<SurveyId>,
    /// The case that is rated.
    pub case: Id<of::Case>,
    /// The case's store.
    pub store: Id<of::Unit>,
    /// The team that worked on it.
    pub team: Option<Id<of::Unit>>,
    /// Who had it.
    pub owner: Option<Id<of::User>>,
    /// The case's number.
    pub number: String,
    /// The case in a few words.
    pub subject: String,
    /// The case's kind.
    pub kind: String,
    /// The case's channel.
    pub channel: String,
    /// When the customer was invited.
    pub invited_at: Timestamp,
    /// Whether the link went out by itself.
    pub sent: bool,
    /// The version of the rule that decided.
    pub rule: i64,
    /// Whose case it is.
    pub customer: Option<Id<of::Customer>>,
    /// Why the customer is not asked.
    pub skipped: Option<Skipped>,
    /// When the link is to go out.
    pub send_at: Option<Timestamp>,
    /// What the customer answered.
    pub answer: Option<Answer>,
    /// When first.
    pub answered_at: Option<Timestamp>,
    /// When last.
    pub changed_at: Option<Timestamp>,
    /// How the answer came.
    pub answered_by: Option<AnsweredBy>,
    /// Who noted what was said on the phone.
    pub noted_by: Option<Id<of::User>>,
    /// What makes one look twice.
    pub flagged: Option<Flagged>,
    /// When headquarters excluded it.
    pub excluded_at: Option<Timestamp>,
    /// Who.
    pub excluded_by: Option<Id<of::User>>,
    /// Why.
    pub excluded_reason: Option<String>,
    /// Whether somebody has made up for it.
    pub recovery: Recovery,
    /// Who is to.
    pub recovery_owner: Option<Id<of::User>>,
    /// By when.
    pub recovery_due: Option<Timestamp>,
    /// How.
    pub recovery_note: Option<String>,
    /// Who.
    pub recovered_by: Option<Id<of::User>>,
    /// When.
    pub recovered_at: Option<Timestamp>,
    /// Counts its changes.
    pub version: i64,
}

impl Survey {
    /// The invitation of `case`, not decided yet.
    pub fn invitation(id: Id<SurveyId>, case: &cases::store::Case, rule: i64, at: Timestamp) -> Self {
        Self {
            id,
            case: case.id,
            store: case.store,
            team: case.team,
            owner: case.owner,
            number: case.number.clone(),
            subject: case.subject.clone(),
            kind: case.kind.to_string(),
            channel: case.channel.to_string(),
            invited_at: at,
            sent: false,
            rule,
            customer: case.customer,
            skipped: None,
            send_at: None,
            answer: None,
            answered_at: None,
            changed_at: None,
            answered_by: None,
            noted_by: None,
            flagged: None,
            excluded_at: None,
            excluded_by: None,
            excluded_reason: None,
            recovery: Recovery::None,
            recovery_owner: None,
            recovery_due: None,
            recovery_note: None,
            recovered_by: None,
            recovered_at: None,
            version: 1,
        }
    }
    /// What lists are ordered by: the answer, else the invitation.
    pub fn moved_at(&self) -> Timestamp {
        self.answered_at.unwrap_or(self.invited_at)
    }
}

impl Placed for Survey {
    fn place(&self) -> Place {
        Place { store: self.store, team: self.team, owner: self.owner }
    }
}

const COLUMNS: &str = "SELECT id, case_id, store_id, team_id, owner_id, number, subject, kind, channel, invited_at, sent, rule_version,
    customer_id, skipped, send_at, csat, nps, effort, solved, words, answered_at, changed_at, answered_by, noted_by, flagged,
    excluded_at, excluded_by, excluded_reason, recovery, recovery_owner, recovery_due, recovery_note, recovered_by, recovered_at,
    version FROM survey WHERE ";

impl FromRow for Survey {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        let (id, case, store, team, owner) = (c.next()?, c.next()?, c.next()?, c.next()?, c.next()?);
        let (number, subject, kind, channel) = (c.next()?, c.next()?, c.next()?, c.next()?);
        let (invited_at, sent, rule) = (c.next()?, c.next()?, c.next()?);
        let (customer, skipped, send_at) = (c.next()?, c.next()?, c.next()?);
        let (csat, nps, effort, solved, words): (Option<i64>, _, _, Option<Solved>, _) =
            (c.next()?, c.next()?, c.next()?, c.next()?, c.next()?);
        Ok(Self {
            id,
            case,
            store,
            team,
            owner,
            number,
            subject,
            kind,
            channel,
            invited_at,
            sent,
            rule,
            customer,
            skipped,
            send_at,
            answer: csat.map(|csat| Answer { csat, nps, effort, solved, words }),
            answered_at: c.next()?,
            changed_at: c.next()?,
            answered_by: c.next()?,
            noted_by: c.next()?,
            flagged: c.next()?,
            excluded_at: c.next()?,
            excluded_by: c.next()?,
            excluded_reason: c.next()?,
            recovery: c.next()?,
            recovery_owner: c.next()?,
            recovery_due: c.next()?,
            recovery_note: c.next()?,
            recovered_by: c.next()?,
            recovered_at: c.next()?,
            version: c.next()?,
        })
    }
}

impl FromValue for Solved {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        word(cell, Self::parse)
    }
}
impl FromValue for Recovery {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        word(cell, Self::parse)
    }
}

impl FromValue for Skipped {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        word(cell, Self::parse)
    }
}
impl FromValue for AnsweredBy {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        word(cell, Self::parse)
    }
}
impl FromValue for Flagged {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        word(cell, Self::parse)
    }
}

fn word<T>(cell: Cell<'_>, parse: fn(&str) -> Option<T>) -> Result<T, String> {
    match cell {
        Cell::Text(text) => parse(text).ok_or_else(|| format!("no such word: {text}")),
        Cell::Null | Cell::Int(_) | Cell::Bool(_) | Cell::Bytes(_) => {
            Err("no text where a word is expected".to_owned())
        }
    }
}

/// Inserts an invitation; false when the case has one already.
///
/// # Errors
/// What the database says.
pub async fn invite(tx: &mut Tx, survey: &Survey) -> Result<bool, DbError> {
    let inserted = tx
        .exec(
            "INSERT INTO survey (id, case_id, store_id, team_id, owner_id, number, subject, kind, channel, invited_at, sent, recovery,
             moved_at, version, rule_version, customer_id, skipped, send_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) ON CONFLICT (case_id) DO NOTHING",
            args![
                survey.id,
                survey.case,
                survey.store,
                survey.team,
                survey.owner,
                &*survey.number,
                &*survey.subject,
                &*survey.kind,
                &*survey.channel,
                survey.invited_at,
                survey.sent,
                survey.recovery.as_str(),
                survey.moved_at(),
                survey.version,
                survey.rule,
                survey.customer,
                survey.skipped.map(Skipped::as_str),
                survey.send_at
            ],
        )
        .await?;
    Ok(inserted == 1)
}

/// Saves the answer and the making up of `survey` (whose version is the new one); false when somebody was faster.
///
/// # Errors
/// What the database says.
pub async fn save(tx: &mut Tx, survey: &Survey) -> Result<bool, DbError> {
    let answer = survey.answer.as_ref();
    let saved = tx
        .exec(
            "UPDATE survey SET csat = $3, nps = $4, effort = $5, solved = $6, words = $7, answered_at = $8, changed_at = $9,
             recovery = $10, recovery_note = $11, recovered_by = $12, recovered_at = $13, moved_at = $14, version = $15,
             answered_by = $16, noted_by = $17, flagged = $18, excluded_at = $19, excluded_by = $20, excluded_reason = $21,
             recovery_owner = $22, recovery_due = $23, sent = $24, send_at = $25
             WHERE id = $1 AND version = $2",
            args![
                survey.id,
                survey.version - 1,
                answer.map(|answer| answer.csat),
                answer.and_then(|answer| answer.nps),
                answer.and_then(|answer| answer.effort),
                answer.and_then(|answer| answer.solved).map(Solved::as_str),
                answer.and_then(|answer| answer.words.clone()),
                survey.answered_at,
                survey.changed_at,
                survey.recovery.as_str(),
                survey.recovery_note.clone(),
                survey.recovered_by,
                survey.recovered_at,
                survey.moved_at(),
                survey.version,
                survey.answered_by.map(AnsweredBy::as_str),
                survey.noted_by,
                survey.flagged.map(Flagged::as_str),
                survey.excluded_at,
                survey.excluded_by,
                survey.excluded_reason.clone(),
                survey.recovery_owner,
                survey.recovery_due,
                survey.sent,
                survey.send_at
            ],
        )
        .await?;
    Ok(saved == 1)
}

/// The survey `id`.
///
/// # Errors
/// What the database says.
pub async fn get(tx: &mut Tx, id: Id<SurveyId>) -> Result<Option<Survey>, DbError> {
    one(tx, "id = ?", args![id]).await
}

/// The survey of `case`.
///
/// # Errors
/// What the database says.
pub async fn of_case(tx: &mut Tx, case: Id<of::Case>) -> Result<Option<Survey>, DbError> {
    one(tx, "case_id = ?", args![case]).await
}

async fn one(tx: &mut Tx, condition: &'static str, values: &[Value]) -> Result<Option<Survey>, DbError> {
    let mut query = Sql::new(COLUMNS);
    query.bind(condition, values);
    tx.one(query.sql(), query.values()).await
}

/// Which surveys a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Show {
    /// Those with an answer.
    #[default]
    Answered,
    /// Those rated low.
    Low,
    /// Those for which somebody has to make up.
    Recovery,
    /// Those without an answer.
    Unanswered,
    /// All that were sent out.
    Invited,
    /// Those whose customers were not asked, by rule.
    Skipped,
    /// Those that headquarters excluded.
    Excluded,
    /// Those that make one look twice.
    Flagged,
    /// Those for which somebody has made up.
    Recovered,
    /// Those with an answer on recommending us.
    Nps,
    /// Those with an answer on effort.
    Effort,
}

impl Show {
    /// Those that are tabs, in their order.
    pub const TABS: [Self; 8] = [
        Self::Answered,
        Self::Low,
        Self::Recovery,
        Self::Unanswered,
        Self::Invited,
        Self::Skipped,
        Self::Flagged,
        Self::Excluded,
    ];
    /// The word in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Low => "low",
            Self::Recovery => "recovery",
            Self::Unanswered => "unanswered",
            Self::Invited => "invited",
            Self::Skipped => "skipped",
            Self::Excluded => "excluded",
            Self::Flagged => "flagged",
            Self::Recovered => "recovered",
            Self::Nps => "nps",
            Self::Effort => "effort",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::TABS.into_iter().chain([Self::Recovered, Self::Nps, Self::Effort]).find(|one| one.as_str() == text)
    }
    const fn condition(self) -> &'static str {
        match self {
            Self::Answered => " AND csat IS NOT NULL AND excluded_at IS NULL",
            Self::Low => " AND csat <= 2 AND excluded_at IS NULL",
            Self::Recovery => " AND recovery = 'open'",
            Self::Unanswered => " AND csat IS NULL AND skipped IS NULL",
            Self::Invited => " AND skipped IS NULL",
            Self::Skipped => " AND skipped IS NOT NULL",
            Self::Excluded => " AND excluded_at IS NOT NULL",
            Self::Flagged => " AND flagged IS NOT NULL",
            Self::Recovered => " AND recovery = 'done'",
            Self::Nps => " AND nps IS NOT NULL AND excluded_at IS NULL",
            Self::Effort => " AND effort IS NOT NULL AND excluded_at IS NULL",
        }
    }
    /// Invitations are listed by their own time, everything else by the last move.
    pub const fn by_invitation(self) -> bool {
        matches!(self, Self::Invited | Self::Skipped)
    }
    const fn order(self) -> (&'static str, &'static str, &'static str) {
        if self.by_invitation() {
            (" AND invited_at >= ?", " AND invited_at < ?", "(invited_at, id) < (?, ?)")
        } else {
            (" AND moved_at >= ?", " AND moved_at < ?", "(moved_at, id) < (?, ?)")
        }
    }
}

/// What a list is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Which.
    pub show: Show,
    /// From then on.
    pub from: Option<Timestamp>,
    /// Before then.
    pub before: Option<Timestamp>,
    /// Of this store.
    pub store: Option<Id<of::Unit>>,
    /// Of cases of this kind.
    pub kind: Option<String>,
    /// Of cases from this channel.
    pub channel: Option<String>,
    /// Of cases that came by this registered channel.
    pub via: Option<Id<of::Channel>>,
}

impl Filter {
    fn narrow(&self, query: &mut Sql, reach: &Reach) {
        query.push("1 = 1").reach(reach, "store_id", "team_id", "owner_id").push(self.show.condition());
        let (from, before, _) = self.show.order();
        if let Some(at) = self.from {
            query.bind(from, args![at]);
        }
        if let Some(at) = self.before {
            query.bind(before, args![at]);
        }
        if let Some(store) = self.store {
            query.bind(" AND store_id = ?", args![store]);
        }
        if let Some(kind) = &self.kind {
            query.bind(" AND kind = ?", args![&**kind]);
        }
        if let Some(channel) = &self.channel {
            query.bind(" AND channel = ?", args![&**channel]);
        }
        if let Some(via) = self.via {
            query.bind(" AND case_id IN (SELECT id FROM service_case WHERE via_id = ?)", args![via]);
        }
    }
}

/// At most `limit` surveys that `reach` covers, newest first, from behind `after`.
///
/// # Errors
/// What the database says.
pub async fn list(
    tx: &mut Tx,
    filter: &Filter,
    reach: &Reach,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Survey>, DbError> {
    let mut query = Sql::new(COLUMNS);
    filter.narrow(&mut query, reach);
    let (_, _, behind) = filter.show.order();
    if let Some(cursor) = after {
        query.push(" AND ").bind(behind, args![cursor.key, cursor.id]);
    }
    let order = if filter.show.by_invitation() {
        " ORDER BY invited_at DESC, id DESC"
    } else {
        " ORDER BY moved_at DESC, id DESC"
    };
    query.push(order).bind(" LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// Surveys whose link is to go out by `now`, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn to_send(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Id<SurveyId>>, DbError> {
    tx.all("SELECT id FROM survey WHERE send_at <= $1 ORDER BY send_at, id LIMIT $2", args![now, limit]).await
}

/// How many surveys that is, counted up to `limit`.
///
/// # Errors
/// What the database says.
pub async fn count(tx: &mut Tx, filter: &Filter, reach: &Reach, limit: i64) -> Result<i64, DbError> {
    let mut query = Sql::new("SELECT COUNT(*) FROM (SELECT id FROM survey WHERE ");
    filter.narrow(&mut query, reach);
    query.bind(" LIMIT ?) AS counted", args![limit]);
    Ok(tx.one::<(i64,)>(query.sql(), query.values()).await?.map_or(0, |(n,)| n))
}

/// Gives the surveys of `from` to `to`, all of them or those of the cases `only`.
///
/// # Errors
/// What the database says.
pub async fn move_customer(
    tx: &mut Tx,
    from: Id<of::Customer>,
    to: Id<of::Customer>,
    only: Option<&[i64]>,
) -> Result<(), DbError> {
    if only.is_some_and(<[i64]>::is_empty) {
        return Ok(());
    }
    let mut change = Sql::new("UPDATE survey SET customer_id = ");
    change.bind("?", args![to]).bind(" WHERE customer_id = ?", args![from]);
    if let Some(cases) = only {
        change.push(" AND ").bind_in("case_id", cases.iter().map(|id| Value::from(*id)));
    }
    tx.exec(change.sql(), change.values()).await.map(|_| ())
}

/// Empties what was written about the case `id`; marks stay.
///
/// # Errors
/// What the database says.
pub async fn erase(tx: &mut Tx, id: Id<of::Case>) -> Result<u64, DbError> {
    tx.exec(
        "UPDATE survey SET subject = $2, words = NULL, recovery_note = NULL, send_at = NULL, version = version + 1 WHERE case_id = $1",
        args![id, parties::store::MARK],
    )
    .await
}
