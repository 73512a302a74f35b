//! Rows of rules, flags, hand-overs, call-backs and words of care; the only SQL of this crate.

use std::collections::BTreeMap;

use db::{DbError, Filter as Sql, FromRow, Row, Tx, args};
use kernel::{Cursor, Id, Place, Placed, Reach, Timestamp, of};
use serde::{Deserialize, Serialize};

use crate::domain::{Ended, Language, Level, Lexicon, Role, Source};

db::stored_words!(Ended, Language, Level, Role, Source);

/// Marks the id of a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FlagId {}
/// Marks the id of a hand-over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HandOverId {}
/// Marks the id of a cooling call-back; the call in the call log has the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallId {}
/// Marks the id of a word of care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CareId {}

/// One version of the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Counts the versions.
    pub version: i64,
    /// When they were made.
    pub made_at: Timestamp,
    /// By whom; `None` for what came with the program.
    pub made_by: Option<Id<of::User>>,
    /// Why.
    pub reason: String,
    /// Working minutes until the next answer to somebody upset.
    pub answer_upset: i64,
    /// The same for somebody very upset.
    pub answer_very_upset: i64,
    /// Hours until the suggested call-back.
    pub cooling_hours: i64,
    /// The words.
    pub lexicon: Lexicon,
}

impl Rules {
    /// Working minutes until the next answer.
    pub const fn answer(&self, level: Level) -> i64 {
        match level {
            Level::Upset => self.answer_upset,
            Level::VeryUpset => self.answer_very_upset,
        }
    }
}

/// The rules of `version`, or the newest.
///
/// # Errors
/// What the database says.
pub async fn rules(tx: &mut Tx, version: Option<i64>) -> Result<Option<Rules>, DbError> {
    let mut query = Sql::new(
        "SELECT version, made_at, made_by, reason, answer_upset, answer_very_upset, cooling_hours FROM emotion_rules WHERE ",
    );
    match version {
        Some(version) => query.bind("version = ?", args![version]),
        None => query.push("version = (SELECT MAX(version) FROM emotion_rules)"),
    };
    let Some(mut rules) = tx.one::<Rules>(query.sql(), query.values()).await? else { return Ok(None) };
    let lists: Vec<(Language, Role, String)> =
        tx.all("SELECT language, role, words FROM emotion_words WHERE version = $1", args![rules.version]).await?;
    let lists = lists.into_iter().map(|(language, role, words)| ((language, role), lines(&words)));
    rules.lexicon = Lexicon(lists.collect::<BTreeMap<_, _>>());
    Ok(Some(rules))
}

impl FromRow for Rules {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            version: c.next()?,
            made_at: c.next()?,
            made_by: c.next()?,
            reason: c.next()?,
            answer_upset: c.next()?,
            answer_very_upset: c.next()?,
            cooling_hours: c.next()?,
            lexicon: Lexicon::default(),
        })
    }
}

fn lines(text: &str) -> Vec<String> {
    text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Inserts a version of the rules.
///
/// # Errors
/// What the database says; `Unique` when somebody was faster.
pub async fn insert_rules(tx: &mut Tx, rules: &Rules) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO emotion_rules (version, made_at, made_by, reason, answer_upset, answer_very_upset, cooling_hours)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![
            rules.version,
            rules.made_at,
            rules.made_by,
            &*rules.reason,
            rules.answer_upset,
            rules.answer_very_upset,
            rules.cooling_hours
        ],
    )
    .await?;
    for ((language, role), words) in &rules.lexicon.0 {
        tx.exec(
            "INSERT INTO emotion_words (version, language, role, words) VALUES ($1, $2, $3, $4)",
            args![rules.version, language.as_str(), role.as_str(), words.join("\n")],
        )
        .await?;
    }
    Ok(())
}

/// The versions of the rules with when, by whom and why, newest first, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn versions(tx: &mut Tx, limit: i64) -> Result<Vec<Rules>, DbError> {
    tx.all(
        "SELECT version, made_at, made_by, reason, answer_upset, answer_very_upset, cooling_hours FROM emotion_rules
         ORDER BY version DESC LIMIT $1",
        args![limit],
    )
    .await
}

/// A flag (情绪标记).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flag {
    /// Its id.
    pub id: Id<FlagId>,
    /// Of which case.
    pub case: Id<of::Case>,
    /// How upset.
    pub level: Level,
    /// How we know.
    pub source: Source,
    /// The message in which the words stand; `None`: in what the case says.
    pub message: Option<i64>,
    /// The words that were found.
    pub words: Vec<String>,
    /// By which version of the rules they were found.
    pub rules_version: Option<i64>,
    /// Why staff say so.
    pub reason: Option<String>,
    /// When the customer showed it.
    pub raised_at: Timestamp,
    /// Who says so.
    pub raised_by: Option<Id<of::User>>,
    /// How it ended, if it did.
    pub ended: Option<Ended>,
    /// When.
    pub ended_at: Option<Timestamp>,
    /// By whom.
    pub ended_by: Option<Id<of::User>>,
    /// Why.
    pub ended_reason: Option<String>,
}

const FLAG: &str = "SELECT id, case_id, level, source, message_id, words, rules_version, reason, raised_at, raised_by, ended, ended_at,
    ended_by, ended_reason FROM emotion_flag WHERE ";

impl FromRow for Flag {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        let (id, case, level, source, message) = (c.next()?, c.next()?, c.next()?, c.next()?, c.next()?);
        let words: Option<String> = c.next()?;
        Ok(Self {
            id,
            case,
            level,
            source,
            message,
            words: words.as_deref().map(lines).unwrap_or_default(),
            rules_version: c.next()?,
            reason: c.next()?,
            raised_at: c.next()?,
            raised_by: c.next()?,
            ended: c.next()?,
            ended_at: c.next()?,
            ended_by: c.next()?,
            ended_reason: c.next()?,
        })
    }
}

/// Inserts a flag that stands.
///
/// # Errors
/// What the database says; `Unique` when the case has one that stands.
pub async fn insert_flag(tx: &mut Tx, flag: &Flag) -> Result<(), DbError> {
    let words = (flag.source == Source::Words).then(|| flag.words.join("\n"));
    tx.exec(
        "INSERT INTO emotion_flag (id, case_id, level, source, message_id, words, rules_version, reason, raised_at, raised_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            flag.id,
            flag.case,
            flag.level.as_str(),
            flag.source.as_str(),
            flag.message,
            words,
            flag.rules_version,
            flag.reason.clone(),
            flag.raised_at,
            flag.raised_by
        ],
    )
    .await
    .map(|_| ())
}

/// Ends the flag that stands; false when somebody was faster.
///
/// # Errors
/// What the database says.
pub async fn end_flag(tx: &mut Tx, flag: &Flag) -> Result<bool, DbError> {
    let ended = tx
        .exec(
            "UPDATE emotion_flag SET ended = $2, ended_at = $3, ended_by = $4, ended_reason = $5 WHERE id = $1 AND ended_at IS NULL",
            args![
                flag.id,
                flag.ended.map(Ended::as_str),
                flag.ended_at,
                flag.ended_by,
                flag.ended_reason.clone()
            ],
        )
        .await?;
    Ok(ended == 1)
}

/// The flag of `case` that stands.
///
/// # Errors
/// What the database says.
pub async fn standing(tx: &mut Tx, case: Id<of::Case>) -> Result<Option<Flag>, DbError> {
    let mut query = Sql::new(FLAG);
    query.bind("case_id = ? AND ended_at IS NULL", args![case]);
    tx.one(query.sql(), query.values()).await
}

/// The flags of `case`, newest first.
///
/// # Errors
/// What the database says.
pub async fn flags(tx: &mut Tx, case: Id<of::Case>) -> Result<Vec<Flag>, DbError> {
    let mut query = Sql::new(FLAG);
    query.bind("case_id = ? ORDER BY raised_at DESC, id DESC LIMIT 50", args![case]);
    tx.all(query.sql(), query.values()).await
}

/// A case that somebody more senior is asked to take over (转由上级处理).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {
    /// Its id.
    pub id: Id<HandOverId>,
    /// Which case.
    pub case: Id<of::Case>,
    /// Who had it.
    pub from: Option<Id<of::User>>,
    /// Who is asked.
    pub to: Id<of::User>,
    /// What they should know.
    pub note: Option<String>,
    /// When.
    pub asked_at: Timestamp,
    /// Who asks.
    pub asked_by: Option<Id<of::User>>,
    /// When they took it.
    pub accepted_at: Option<Timestamp>,
    /// When it was asked of somebody else instead.
    pub dropped_at: Option<Timestamp>,
}

const HAND_OVER: &str = "SELECT id, case_id, from_id, to_id, note, asked_at, asked_by, accepted_at, dropped_at FROM emotion_handover WHERE ";

impl FromRow for HandOver {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            case: c.next()?,
            from: c.next()?,
            to: c.next()?,
            note: c.next()?,
            asked_at: c.next()?,
            asked_by: c.next()?,
            accepted_at: c.next()?,
            dropped_at: c.next()?,
        })
    }
}

/// Asks; what was asked before falls.
///
/// # Errors
/// What the database says.
pub async fn insert_hand_over(tx: &mut Tx, asked: &HandOver) -> Result<(), DbError> {
    drop_hand_over(tx, asked.case, asked.asked_at).await?;
    tx.exec(
        "INSERT INTO emotion_handover (id, case_id, from_id, to_id, note, asked_at, asked_by) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![asked.id, asked.case, asked.from, asked.to, asked.note.clone(), asked.asked_at, asked.asked_by],
    )
    .await
    .map(|_| ())
}

/// Nobody is asked any more.
///
/// # Errors
/// What the database says.
pub async fn drop_hand_over(tx: &mut Tx, case: Id<of::Case>, at: Timestamp) -> Result<(), DbError> {
    tx.exec(
        "UPDATE emotion_handover SET dropped_at = $2 WHERE case_id = $1 AND accepted_at IS NULL AND dropped_at IS NULL",
        args![case, at],
    )
    .await
    .map(|_| ())
}

/// Whoever was asked has taken it; false when it was dropped meanwhile.
///
/// # Errors
/// What the database says.
pub async fn accept_hand_over(tx: &mut Tx, id: Id<HandOverId>, at: Timestamp) -> Result<bool, DbError> {
    let sql =
        "UPDATE emotion_handover SET accepted_at = $2 WHERE id = $1 AND accepted_at IS NULL AND dropped_at IS NULL";
    Ok(tx.exec(sql, args![id, at]).await? == 1)
}

/// The hand-overs of `case`, newest first.
///
/// # Errors
/// What the database says.
pub async fn hand_overs(tx: &mut Tx, case: Id<of::Case>) -> Result<Vec<HandOver>, DbError> {
    let mut query = Sql::new(HAND_OVER);
    query.bind("case_id = ? ORDER BY asked_at DESC, id DESC LIMIT 20", args![case]);
    tx.all(query.sql(), query.values()).await
}

/// A cooling call-back (冷静回访).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Its id, here and in the call log.
    pub id: Id<CallId>,
    /// Which case.
    pub case: Id<of::Case>,
    /// Who calls.
    pub caller: Id<of::User>,
    /// When it was planned.
    pub planned_at: Timestamp,
    /// By whom.
    pub planned_by: Option<Id<of::User>>,
    /// When it is due.
    pub due_at: Timestamp,
    /// When somebody got through.
    pub done_at: Option<Timestamp>,
    /// Who.
    pub done_by: Option<Id<of::User>>,
    /// What came of it.
    pub note: Option<String>,
}

const CALL: &str =
    "SELECT id, case_id, caller_id, planned_at, planned_by, due_at, done_at, done_by, note FROM emotion_call WHERE ";

impl FromRow for Call {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            case: c.next()?,
            caller: c.next()?,
            planned_at: c.next()?,
            planned_by: c.next()?,
            due_at: c.next()?,
            done_at: c.next()?,
            done_by: c.next()?,
            note: c.next()?,
        })
    }
}

/// Inserts a planned call.
///
/// # Errors
/// What the database says; `Unique` when one is planned already.
pub async fn insert_call(tx: &mut Tx, call: &Call) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO emotion_call (id, case_id, caller_id, planned_at, planned_by, due_at) VALUES ($1, $2, $3, $4, $5, $6)",
        args![call.id, call.case, call.caller, call.planned_at, call.planned_by, call.due_at],
    )
    .await
    .map(|_| ())
}

/// The call `id`, if it is one of these.
///
/// # Errors
/// What the database says.
pub async fn call(tx: &mut Tx, id: Id<CallId>) -> Result<Option<Call>, DbError> {
    let mut query = Sql::new(CALL);
    query.bind("id = ?", args![id]);
    tx.one(query.sql(), query.values()).await
}

/// Saves when it is due and what came of it.
///
/// # Errors
/// What the database says.
pub async fn save_call(tx: &mut Tx, call: &Call) -> Result<(), DbError> {
    tx.exec(
        "UPDATE emotion_call SET due_at = $2, done_at = $3, done_by = $4, note = $5 WHERE id = $1",
        args![call.id, call.due_at, call.done_at, call.done_by, call.note.clone()],
    )
    .await
    .map(|_| ())
}

/// The call-backs of `case`, newest first.
///
/// # Errors
/// What the database says.
pub async fn calls(tx: &mut Tx, case: Id<of::Case>) -> Result<Vec<Call>, DbError> {
    let mut query = Sql::new(CALL);
    query.bind("case_id = ? ORDER BY planned_at DESC, id DESC LIMIT 20", args![case]);
    tx.all(query.sql(), query.values()).await
}

/// A word of care (关怀).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Care {
    /// Its id.
    pub id: Id<CareId>,
    /// What it was about.
    pub case: Id<of::Case>,
    /// Where the person works.
    pub store: Id<of::Unit>,
    /// For whom.
    pub to: Id<of::User>,
    /// From whom.
    pub by: Id<of::User>,
    /// What it says.
    pub text: String,
    /// When.
    pub written_at: Timestamp,
    /// When the person read it.
    pub read_at: Option<Timestamp>,
}

impl Placed for Care {
    fn place(&self) -> Place {
        Place { store: self.store, team: None, owner: Some(self.to) }
    }
}

const CARE: &str = "SELECT id, case_id, store_id, to_id, by_id, text, written_at, read_at FROM emotion_care WHERE ";

impl FromRow for Care {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            case: c.next()?,
            store: c.next()?,
            to: c.next()?,
            by: c.next()?,
            text: c.next()?,
            written_at: c.next()?,
            read_at: c.next()?,
        })
    }
}

/// Inserts a word of care.
///
/// # Errors
/// What the database says.
pub async fn insert_care(tx: &mut Tx, care: &Care) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO emotion_care (id, case_id, store_id, to_id, by_id, text, written_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![care.id, care.case, care.store, care.to, care.by, &*care.text, care.written_at],
    )
    .await
    .map(|_| ())
}

/// Words of care for or from `me`, and of the people whom `reach` covers, newest first, from behind `after`.
///
/// # Errors
/// What the database says.
pub async fn cares(
    tx: &mut Tx,
    me: Id<of::User>,
    reach: &Reach,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Care>, DbError> {
    let mut query = Sql::new(CARE);
    query.bind("(to_id = ? OR by_id = ? OR (1 = 1", args![me, me]);
    query.reach(reach, "store_id", "CAST(NULL AS BIGINT)", "CAST(NULL AS BIGINT)").push("))");
    if let Some(cursor) = after {
        query.bind(" AND (written_at, id) < (?, ?)", args![cursor.key, cursor.id]);
    }
    query.bind(" ORDER BY written_at DESC, id DESC LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// The person has seen what was written to them.
///
/// # Errors
/// What the database says.
pub async fn care_read(tx: &mut Tx, to: Id<of::User>, at: Timestamp) -> Result<u64, DbError> {
    tx.exec("UPDATE emotion_care SET read_at = $2 WHERE to_id = $1 AND read_at IS NULL", args![to, at]).await
}

/// Empties what is said of a case whose customer was forgotten.
///
/// # Errors
/// What the database says.
pub async fn erase(tx: &mut Tx, case: Id<of::Case>) -> Result<(), DbError> {
    tx.exec(
        "UPDATE emotion_flag SET words = CASE WHEN words IS NULL THEN NULL ELSE '' END, reason = NULL, ended_reason = NULL WHERE case_id = $1",
        args![case],
    )
    .await?;
    tx.exec("UPDATE emotion_handover SET note = NULL WHERE case_id = $1", args![case]).await?;
    tx.exec("UPDATE emotion_call SET note = NULL WHERE case_id = $1", args![case]).await?;
    tx.exec("UPDATE emotion_care SET text = '' WHERE case_id = $1", args![case]).await.map(|_| ())
}
