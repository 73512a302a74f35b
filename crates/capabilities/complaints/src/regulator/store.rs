//! Rows of regulator cases, their statements, and what is sealed; the only SQL of this module.

use approvals::store::ApprovalId;
use db::{DbError, Filter as Sql, FromRow, Row, Tx, Value, args};
use kernel::{Cursor, Day, Id, IdGen, Money, Place, Placed, Reach, Timestamp, of};
use serde::{Deserialize, Serialize};

use super::domain::{Known, Mediation, Nature, Platform, RegulatorOutcome, RegulatorState, ReplyWay};

db::stored_words!(Mediation, Nature, Platform, RegulatorOutcome, RegulatorState, ReplyWay);

/// What an authority passed on; it has its case's id. Number, subject and place are the case's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegulatorCase {
    /// The case.
    pub case: Id<of::Case>,
    /// Where the notice came from.
    pub platform: Platform,
    /// Which authority.
    pub authority: String,
    /// The platform's number, as written.
    pub number: String,
    /// Who deals with it there.
    pub officer: Option<String>,
    /// That person's number.
    pub officer_phone: Option<String>,
    /// What it is.
    pub nature: Nature,
    /// The store that it is about.
    pub about: Id<of::Unit>,
    /// The day that the notice bears.
    pub notice_day: Day,
    /// When it came.
    pub received_at: Timestamp,
    /// When it was entered.
    pub entered_at: Timestamp,
    /// By whom.
    pub entered_by: Option<Id<of::User>>,
    /// The due time that the notice states.
    pub due_at: Timestamp,
    /// Who complained or reported.
    pub claimant_name: Option<String>,
    /// That person's number, digits only.
    pub claimant_phone: Option<String>,
    /// What is claimed.
    pub claim: String,
    /// How much.
    pub amount: Money,
    /// Where it stands with the authority.
    pub state: RegulatorState,
    /// Whether we take part in the mediation.
    pub mediation: Option<Mediation>,
    /// When that was said.
    pub mediation_at: Option<Timestamp>,
    /// What was agreed, or why not.
    pub mediation_note: Option<String>,
    /// When the written answer went out.
    pub replied_at: Option<Timestamp>,
    /// How.
    pub reply_way: Option<ReplyWay>,
    /// The proof.
    pub reply_note: Option<String>,
    /// Whether that was within the stated time.
    pub in_time: Option<bool>,
    /// When the authority ended it.
    pub ended_at: Option<Timestamp>,
    /// How.
    pub outcome: Option<RegulatorOutcome>,
    /// In its words.
    pub outcome_note: Option<String>,
    /// What we paid by it.
    pub paid: Money,
    /// The newest version of the statement; 0 before the first.
    pub draft: i64,
    /// The version that the second person is asked about.
    pub asked: Option<i64>,
    /// The question.
    pub approval: Option<Id<ApprovalId>>,
    /// The version that was signed.
    pub signed: Option<i64>,
    /// When.
    pub signed_at: Option<Timestamp>,
    /// By whom.
    pub signed_by: Option<Id<of::User>>,
    /// SHA-256 of what was signed.
    pub signed_digest: Option<String>,
    /// The case's number.
    pub case_number: String,
    /// The case in a few words.
    pub subject: String,
    /// Where the case stands.
    pub store: Id<of::Unit>,
    /// The team that works on it.
    pub team: Option<Id<of::Unit>>,
    /// Who has it.
    pub owner: Option<Id<of::User>>,
}

impl Placed for RegulatorCase {
    fn place(&self) -> Place {
        Place { store: self.store, team: self.team, owner: self.owner }
    }
}

impl RegulatorCase {
    /// What the rules want to know.
    pub const fn known(&self) -> Known {
        Known { nature: self.nature, state: self.state, signed: self.signed.is_some() }
    }
    /// It was entered more than a day after it came, so much later, in milliseconds.
    pub fn late_entry(&self) -> Option<i64> {
        let late = self.entered_at.since(self.received_at);
        (late > 86_400_000).then_some(late)
    }
}

macro_rules! columns {
    () => {
        "r.case_id, r.platform, r.authority, r.number, r.officer, r.officer_phone, r.nature, r.about_store, r.notice_day, r.received_at,
        r.entered_at, r.entered_by, r.due_at, r.claimant_name, r.claimant_phone, r.claim, r.amount_fen, r.state, r.mediation,
        r.mediation_at, r.mediation_note, r.replied_at, r.reply_way, r.reply_note, r.in_time, r.ended_at, r.outcome, r.outcome_note,
        r.paid_fen, r.draft, r.asked_version, r.approval_id, r.signed_version, r.signed_at, r.signed_by, r.signed_digest,
        s.number, s.subject, s.store_id, s.team_id, s.owner_id"
    };
}

const FROM: &str = " FROM regulator_case r JOIN service_case s ON s.id = r.case_id WHERE ";
const SELECT: &str = concat!("SELECT ", columns!());

impl FromRow for RegulatorCase {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            case: c.next()?,
            platform: c.next()?,
            authority: c.next()?,
            number: c.next()?,
            officer: c.next()?,
            officer_phone: c.next()?,
            nature: c.next()?,
            about: c.next()?,
            notice_day: c.next()?,
            received_at: c.next()?,
            entered_at: c.next()?,
            entered_by: c.next()?,
            due_at: c.next()?,
            claimant_name: c.next()?,
            claimant_phone: c.next()?,
            claim: c.next()?,
            amount: c.next()?,
            state: c.next()?,
            mediation: c.next()?,
            mediation_at: c.next()?,
            mediation_note: c.next()?,
            replied_at: c.next()?,
            reply_way: c.next()?,
            reply_note: c.next()?,
            in_time: c.next()?,
            ended_at: c.next()?,
            outcome: c.next()?,
            outcome_note: c.next()?,
            paid: c.next()?,
            draft: c.next()?,
            asked: c.next()?,
            approval: c.next()?,
            signed: c.next()?,
            signed_at: c.next()?,
            signed_by: c.next()?,
            signed_digest: c.next()?,
            case_number: c.next()?,
            subject: c.next()?,
            store: c.next()?,
            team: c.next()?,
            owner: c.next()?,
        })
    }
}

/// Inserts a regulator case; `key` is its number as it is compared.
///
/// # Errors
/// A conflict when the number is here already.
pub async fn insert(tx: &mut Tx, one: &RegulatorCase, key: &str) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO regulator_case (case_id, platform, authority, number, number_key, officer, officer_phone, nature, about_store,
            notice_day, received_at, entered_at, entered_by, due_at, claimant_name, claimant_phone, claim, amount_fen, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        args![
            one.case,
            one.platform,
            one.authority.as_str(),
            one.number.as_str(),
            key,
            one.officer.clone(),
            one.officer_phone.clone(),
            one.nature,
            one.about,
            one.notice_day,
            one.received_at,
            one.entered_at,
            one.entered_by,
            one.due_at,
            one.claimant_name.clone(),
            one.claimant_phone.clone(),
            one.claim.as_str(),
            one.amount,
            one.state
        ],
    )
    .await
    .map(|_| ())
}

/// Saves what can change; the caller holds the case.
///
/// # Errors
/// What the database says.
pub async fn save(tx: &mut Tx, one: &RegulatorCase) -> Result<(), DbError> {
    tx.exec(
        "UPDATE regulator_case SET due_at = $2, state = $3, mediation = $4, mediation_at = $5, mediation_note = $6, replied_at = $7,
            reply_way = $8, reply_note = $9, in_time = $10, ended_at = $11, outcome = $12, outcome_note = $13, paid_fen = $14,
            draft = $15, asked_version = $16, approval_id = $17, signed_version = $18, signed_at = $19, signed_by = $20,
            signed_digest = $21
         WHERE case_id = $1",
        args![
            one.case,
            one.due_at,
            one.state,
            one.mediation,
            one.mediation_at,
            one.mediation_note.clone(),
            one.replied_at,
            one.reply_way,
            one.reply_note.clone(),
            one.in_time,
            one.ended_at,
            one.outcome,
            one.outcome_note.clone(),
            one.paid,
            one.draft,
            one.asked,
            one.approval,
            one.signed,
            one.signed_at,
            one.signed_by,
            one.signed_digest.clone()
        ],
    )
    .await
    .map(|_| ())
}

async fn one_by(tx: &mut Tx, condition: &'static str, value: Value) -> Result<Option<RegulatorCase>, DbError> {
    let mut query = Sql::new(SELECT);
    query.push(FROM).bind(condition, &[value]);
    tx.one(query.sql(), query.values()).await
}

/// The regulator case of `case`.
///
/// # Errors
/// What the database says.
pub async fn get(tx: &mut Tx, case: Id<of::Case>) -> Result<Option<RegulatorCase>, DbError> {
    one_by(tx, "r.case_id = ?", case.into()).await
}

/// The one with that number, as it is compared.
///
/// # Errors
/// What the database says.
pub async fn by_key(tx: &mut Tx, key: &str) -> Result<Option<RegulatorCase>, DbError> {
    one_by(tx, "r.number_key = ?", key.to_owned().into()).await
}

/// The one whose statement the question `approval` is about.
///
/// # Errors
/// What the database says.
pub async fn by_approval(tx: &mut Tx, approval: Id<ApprovalId>) -> Result<Option<RegulatorCase>, DbError> {
    one_by(tx, "r.approval_id = ?", approval.into()).await
}

/// Which ones a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Show {
    /// Not ended, the nearest due time first.
    #[default]
    Open,
    /// Of those, what is owed and late.
    Late,
    /// Of those, what is not answered yet.
    Owed,
    /// Ended, the last received first.
    Ended,
    /// Answered.
    Replied,
    /// Answered too late.
    LateReply,
    /// All.
    All,
}

impl Show {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Open, Self::Late, Self::Owed, Self::Ended, Self::Replied, Self::LateReply, Self::All];
    /// Those that the page shows as tabs.
    pub const TABS: [Self; 5] = [Self::Open, Self::Owed, Self::Late, Self::Ended, Self::All];
    /// The word in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Late => "late",
            Self::Owed => "owed",
            Self::Ended => "ended",
            Self::Replied => "replied",
            Self::LateReply => "late_reply",
            Self::All => "all",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
    const fn is_live(self) -> bool {
        matches!(self, Self::Open | Self::Late | Self::Owed)
    }
    const fn condition(self) -> &'static str {
        match self {
            Self::Open => "r.ended_at IS NULL",
            Self::Late | Self::Owed => "r.ended_at IS NULL AND r.replied_at IS NULL",
            Self::Ended => "r.ended_at IS NOT NULL",
            Self::Replied => "r.replied_at IS NOT NULL",
            Self::LateReply => "r.in_time = FALSE",
            Self::All => "TRUE",
        }
    }
    const fn key(self) -> &'static str {
        if self.is_live() { "r.due_at" } else { "r.received_at" }
    }
}

/// What a list is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Which.
    pub show: Show,
    /// Complaints or reports.
    pub nature: Option<Nature>,
    /// From there.
    pub platform: Option<Platform>,
    /// In this state.
    pub state: Option<RegulatorState>,
    /// About this store.
    pub store: Option<Id<of::Unit>>,
    /// Received from then on.
    pub from: Option<Timestamp>,
    /// Before then.
    pub before: Option<Timestamp>,
    /// When it is read.
    pub now: Option<Timestamp>,
}

impl Filter {
    fn narrow(&self, query: &mut Sql, reach: &Reach) {
        query.push(self.show.condition()).reach(reach, "s.store_id", "s.team_id", "s.owner_id");
        if let (Show::Late, Some(now)) = (self.show, self.now) {
            query.bind(" AND r.due_at < ?", args![now]);
        }
        if let Some(nature) = self.nature {
            query.bind(" AND r.nature = ?", args![nature]);
        }
        if let Some(platform) = self.platform {
            query.bind(" AND r.platform = ?", args![platform]);
        }
        if let Some(state) = self.state {
            query.bind(" AND r.state = ?", args![state]);
        }
        if let Some(store) = self.store {
            query.bind(" AND r.about_store = ?", args![store]);
        }
        if let Some(from) = self.from {
            query.bind(" AND r.received_at >= ?", args![from]);
        }
        if let Some(before) = self.before {
            query.bind(" AND r.received_at < ?", args![before]);
        }
    }
    /// What orders `row` in such a list.
    pub const fn key_of(&self, row: &RegulatorCase) -> i64 {
        if self.show.is_live() { row.due_at.millis() } else { row.received_at.millis() }
    }
}

/// At most `limit` regulator cases that `reach` covers, in the order of the filter, from behind `after`.
///
/// # Errors
/// What the database says.
pub async fn list(
    tx: &mut Tx,
    filter: &Filter,
    reach: &Reach,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<RegulatorCase>, DbError> {
    let (key, up) = (filter.show.key(), filter.show.is_live());
    let mut query = Sql::new(SELECT);
    query.push(FROM);
    filter.narrow(&mut query, reach);
    if let Some(cursor) = after {
        query.push(" AND (").push(key).push(if up { ", r.case_id) > (" } else { ", r.case_id) < (" });
        query.bind("?, ?)", args![cursor.key, cursor.id]);
    }
    query.push(" ORDER BY ").push(key).push(if up { ", r.case_id" } else { " DESC, r.case_id DESC" });
    query.bind(" LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// How many that is, counted up to `limit`.
///
/// # Errors
/// What the database says.
pub async fn count(tx: &mut Tx, filter: &Filter, reach: &Reach, limit: i64) -> Result<i64, DbError> {
    let mut query = Sql::new("SELECT COUNT(*) FROM (SELECT r.case_id");
    query.push(FROM);
    filter.narrow(&mut query, reach);
    query.bind(" LIMIT ?) AS counted", args![limit]);
    Ok(tx.one::<(i64,)>(query.sql(), query.values()).await?.map_or(0, |(n,)| n))
}

/// What else came from the person with the number `phone` within `reach`, newest first: neither a score nor a mark, only what was.
///
/// # Errors
/// What the database says.
pub async fn of_claimant(
    tx: &mut Tx,
    phone: &str,
    not: Option<Id<of::Case>>,
    reach: &Reach,
    limit: i64,
) -> Result<Vec<RegulatorCase>, DbError> {
    let mut query = Sql::new(SELECT);
    query.push(FROM).bind("r.claimant_phone = ? AND r.case_id <> ?", args![phone, not.map_or(0, Id::get)]);
    query.reach(reach, "s.store_id", "s.team_id", "s.owner_id");
    query.bind(" ORDER BY r.received_at DESC, r.case_id DESC LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// Marks the id of a version of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatementId {}

/// A version of the statement of facts; none ever changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Counted from 1.
    pub version: i64,
    /// What it says.
    pub body: String,
    /// Who wrote it; nobody when the program did.
    pub made_by: Option<Id<of::User>>,
    /// When.
    pub made_at: Timestamp,
    /// Written from the record by the program.
    pub from_record: bool,
}

impl FromRow for Statement {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            version: c.next()?,
            body: c.next()?,
            made_by: c.next()?,
            made_at: c.next()?,
            from_record: c.next::<String>()? == "record",
        })
    }
}

/// Adds a version.
///
/// # Errors
/// What the database says.
pub async fn add_statement(tx: &mut Tx, ids: &IdGen, case: Id<of::Case>, one: &Statement) -> Result<(), DbError> {
    let id: Id<StatementId> = ids.next();
    tx.exec(
        "INSERT INTO regulator_statement (id, case_id, version, body, made_by, made_at, origin) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![
            id,
            case,
            one.version,
            one.body.as_str(),
            one.made_by,
            one.made_at,
            if one.from_record { "record" } else { "person" }
        ],
    )
    .await
    .map(|_| ())
}

/// All versions, newest first.
///
/// # Errors
/// What the database says.
pub async fn statements(tx: &mut Tx, case: Id<of::Case>) -> Result<Vec<Statement>, DbError> {
    tx.all(
        "SELECT version, body, made_by, made_at, origin FROM regulator_statement WHERE case_id = $1 ORDER BY version DESC",
        args![case],
    )
    .await
}

/// Version `version`.
///
/// # Errors
/// What the database says.
pub async fn statement(tx: &mut Tx, case: Id<of::Case>, version: i64) -> Result<Option<Statement>, DbError> {
    tx.one(
        "SELECT version, body, made_by, made_at, origin FROM regulator_statement WHERE case_id = $1 AND version = $2",
        args![case, version],
    )
    .await
}

/// Empties what names or quotes whoever complained; numbers, times and what was signed stay.
///
/// # Errors
/// What the database says.
pub async fn erase(tx: &mut Tx, case: Id<of::Case>) -> Result<u64, DbError> {
    tx.exec("DELETE FROM regulator_statement WHERE case_id = $1", args![case]).await?;
    tx.exec(
        "UPDATE regulator_case SET claimant_name = NULL, claimant_phone = NULL, claim = '', mediation_note = NULL, reply_note = NULL,
            outcome_note = NULL
         WHERE case_id = $1",
        args![case],
    )
    .await
}

/// Marks the complaint of `case` confidential, or not.
///
/// # Errors
/// What the database says.
pub async fn set_confidential(tx: &mut Tx, case: Id<of::Case>, confidential: bool) -> Result<(), DbError> {
    tx.exec("UPDATE complaint SET confidential = $2 WHERE case_id = $1", args![case, confidential]).await.map(|_| ())
}

/// Why a complaint is sealed, and where it stood before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// Where it stood.
    pub store: Id<of::Unit>,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: Option<Id<of::User>>,
    /// When.
    pub at: Timestamp,
}

impl FromRow for Seal {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self { store: c.next()?, reason: c.next()?, by: c.next()?, at: c.next()? })
    }
}

/// The seal on the complaint of `case`.
///
/// # Errors
/// What the database says.
pub async fn seal(tx: &mut Tx, case: Id<of::Case>) -> Result<Option<Seal>, DbError> {
    tx.one("SELECT store_id, reason, sealed_by, sealed_at FROM complaint_seal WHERE case_id = $1", args![case]).await
}

/// Puts a seal on the complaint of `case`.
///
/// # Errors
/// What the database says.
pub async fn put_seal(tx: &mut Tx, case: Id<of::Case>, seal: &Seal) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO complaint_seal (case_id, store_id, reason, sealed_by, sealed_at) VALUES ($1, $2, $3, $4, $5)",
        args![case, seal.store, seal.reason.as_str(), seal.by, seal.at],
    )
    .await?;
    set_confidential(tx, case, true).await
}

/// Takes it off.
///
/// # Errors
/// What the database says.
pub async fn lift_seal(tx: &mut Tx, case: Id<of::Case>) -> Result<(), DbError> {
    tx.exec("DELETE FROM complaint_seal WHERE case_id = $1", args![case]).await?;
    set_confidential(tx, case, false).await
}
