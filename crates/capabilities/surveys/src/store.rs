//! Rows of surveys; the only SQL of this crate.

use db::{Cell, DbError, Filter as Sql, FromRow, FromValue, Row, Tx, Value, args};
use kernel::{Cursor, Id, Place, Placed, Reach, Timestamp, of};

use crate::domain::{Answer, Recovery, Solved};

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
    /// What the customer answered.
    pub answer: Option<Answer>,
    /// When first.
    pub answered_at: Option<Timestamp>,
    /// When last.
    pub changed_at: Option<Timestamp>,
    /// Whether somebody has made up for it.
    pub recovery: Recovery,
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

const COLUMNS: &str = "SELECT id, case_id, store_id, team_id, owner_id, number, subject, kind, channel, invited_at, sent, csat, nps, effort,
    solved, words, answered_at, changed_at, recovery, recovery_note, recovered_by, recovered_at, version FROM survey WHERE ";

impl FromRow for Survey {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        let (id, case, store, team, owner) = (c.next()?, c.next()?, c.next()?, c.next()?, c.next()?);
        let (number, subject, kind, channel) = (c.next()?, c.next()?, c.next()?, c.next()?);
        let (invited_at, sent) = (c.next()?, c.next()?);
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
            answer: csat.map(|csat| Answer { csat, nps, effort, solved, words }),
            answered_at: c.next()?,
            changed_at: c.next()?,
            recovery: c.next()?,
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
             moved_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (case_id) DO NOTHING",
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
                survey.version
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
             recovery = $10, recovery_note = $11, recovered_by = $12, recovered_at = $13, moved_at = $14, version = $15
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
                survey.version
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
}

impl Show {
    /// All of them, in the order of the tabs.
    pub const ALL: [Self; 5] = [Self::Answered, Self::Low, Self::Recovery, Self::Unanswered, Self::Invited];
    /// The word in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Low => "low",
            Self::Recovery => "recovery",
            Self::Unanswered => "unanswered",
            Self::Invited => "invited",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
    const fn condition(self) -> &'static str {
        match self {
            Self::Answered => " AND csat IS NOT NULL",
            Self::Low => " AND csat <= 2",
            Self::Recovery => " AND recovery = 'open'",
            Self::Unanswered => " AND csat IS NULL",
            Self::Invited => "",
        }
    }
    /// Invitations are listed by their own time, everything else by the last move.
    const fn order(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Invited => (" AND invited_at >= ?", " AND invited_at < ?", "(invited_at, id) < (?, ?)"),
            Self::Answered | Self::Low | Self::Recovery | Self::Unanswered => {
                (" AND moved_at >= ?", " AND moved_at < ?", "(moved_at, id) < (?, ?)")
            }
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
    let order = if filter.show == Show::Invited {
        " ORDER BY invited_at DESC, id DESC"
    } else {
        " ORDER BY moved_at DESC, id DESC"
    };
    query.push(order).bind(" LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
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
