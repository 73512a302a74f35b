use db::{Columns, DbError, Filter as Sql, FromRow, Row, Tx, Value, args};
use kernel::{Day, Id, Money, Place, Placed, Timestamp, of};
use parties::store::RepairId;
use returns::store::{LineRow, ReturnId};
use serde::{Deserialize, Serialize};

use crate::domain::{Account, After, CommandName, Days, Facts, Ground, State};

db::stored_words!(Account, After, CommandName, Ground, State);

/// Marks the id of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ClaimId {}

/// A claim (索赔单).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Its id.
    pub id: Id<ClaimId>,
    /// What people call it.
    pub number: String,
    /// Who owes it: the brand of the goods.
    pub maker: String,
    /// What it cost us.
    pub ground: Ground,
    /// The case behind it.
    pub case: Option<Id<of::Case>>,
    /// The return behind it.
    pub of: Option<Id<ReturnId>>,
    /// Which line of it.
    pub line: Option<Id<LineRow>>,
    /// The repair behind it.
    pub repair: Option<Id<RepairId>>,
    /// Which product.
    pub product: Id<of::Product>,
    /// Which unit.
    pub unit: Option<Id<of::SerialUnit>>,
    /// What the goods are called.
    pub goods: String,
    /// Their serial number.
    pub serial: Option<String>,
    /// How many.
    pub quantity: i64,
    /// The store that bore it.
    pub store: Id<of::Unit>,
    /// The team.
    pub team: Option<Id<of::Unit>>,
    /// Who has it.
    pub owner: Option<Id<of::User>>,
    /// Where it stands.
    pub state: State,
    /// Why the maker owes it.
    pub reason: String,
    /// What is claimed.
    pub claimed: Money,
    /// What the maker said yes to.
    pub accepted: Option<Money>,
    /// What has come.
    pub credited: Money,
    /// What was given up.
    pub written: Money,
    /// The customer bought it.
    pub bought_on: Option<Day>,
    /// The customer asked for it.
    pub claimed_on: Option<Day>,
    /// It was looked at.
    pub inspected_on: Option<Day>,
    /// The money went back, or the repair was finished.
    pub refunded_on: Option<Day>,
    /// The maker's last day for it.
    pub due_on: Option<Day>,
    /// Somebody is told on this day.
    pub warn_on: Option<Day>,
    /// Somebody was told.
    pub warned_on: Option<Day>,
    /// The cut-off passed while it lay here.
    pub missed_on: Option<Day>,
    /// It was first sent.
    pub sent_on: Option<Day>,
    /// The day of its last step.
    pub last_on: Day,
    /// Who opened it; nobody when it opened by itself.
    pub opened_by: Option<Id<of::User>>,
    /// When.
    pub opened_at: Timestamp,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// Counts its changes.
    pub version: i64,
}

impl Placed for Claim {
    fn place(&self) -> Place {
        Place { store: self.store, team: self.team, owner: self.owner }
    }
}

impl Claim {
    /// What the rules want to know.
    pub const fn facts(&self) -> Facts {
        Facts {
            state: self.state,
            claimed: self.claimed,
            accepted: self.accepted,
            credited: self.credited,
            written: self.written,
            last: self.last_on,
            booked: self.sent_on.is_some(),
        }
    }
    /// The days from which makers count.
    pub const fn days(&self) -> Days {
        Days {
            bought: self.bought_on,
            claimed: self.claimed_on,
            inspected: self.inspected_on,
            refunded: self.refunded_on,
        }
    }
    /// What the maker owes of it.
    pub fn receivable(&self) -> Money {
        if self.state.owed() { self.facts().left() } else { Money::ZERO }
    }
}

/// The columns of a claim, in the order of [`Claim::read`].
macro_rules! columns {
    () => {
        "c.id, c.number, c.maker, c.ground, c.case_id, c.return_id, c.line_id, c.repair_id, c.product_id, c.unit_id, c.goods, c.serial,
        c.quantity, c.store_id, c.team_id, c.owner_id, c.state, c.reason, c.claimed_fen, c.accepted_fen, c.credited_fen, c.written_fen,
        c.bought_on, c.claimed_on, c.inspected_on, c.refunded_on, c.due_on, c.warn_on, c.warned_on, c.missed_on, c.sent_on, c.last_on,
        c.opened_by, c.opened_at, c.ended_at, c.version"
    };
}
pub(super) use columns;

const SELECT: &str = concat!("SELECT ", columns!(), " FROM claim c WHERE ");

impl Claim {
    pub(super) fn read(c: &mut Columns<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: c.next()?,
            number: c.next()?,
            maker: c.next()?,
            ground: c.next()?,
            case: c.next()?,
            of: c.next()?,
            line: c.next()?,
            repair: c.next()?,
            product: c.next()?,
            unit: c.next()?,
            goods: c.next()?,
            serial: c.next()?,
            quantity: c.next()?,
            store: c.next()?,
            team: c.next()?,
            owner: c.next()?,
            state: c.next()?,
            reason: c.next()?,
            claimed: c.next()?,
            accepted: c.next()?,
            credited: c.next()?,
            written: c.next()?,
            bought_on: c.next()?,
            claimed_on: c.next()?,
            inspected_on: c.next()?,
            refunded_on: c.next()?,
            due_on: c.next()?,
            warn_on: c.next()?,
            warned_on: c.next()?,
            missed_on: c.next()?,
            sent_on: c.next()?,
            last_on: c.next()?,
            opened_by: c.next()?,
            opened_at: c.next()?,
            ended_at: c.next()?,
            version: c.next()?,
        })
    }
}

impl FromRow for Claim {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Self::read(&mut row.columns())
    }
}

/// The next sequence of `day`.
///
/// # Errors
/// What the database says.
pub async fn next_number(tx: &mut Tx, day: Day) -> Result<i64, DbError> {
    let sql = "INSERT INTO claim_number (day, last) VALUES ($1, 1)
        ON CONFLICT (day) DO UPDATE SET last = claim_number.last + 1 RETURNING last";
    Ok(tx.one::<(i64,)>(sql, args![day]).await?.map_or(1, |(n,)| n))
}

/// Inserts a claim.
///
/// # Errors
/// What the database says; `Unique` when the line or repair is claimed already.
pub async fn insert(tx: &mut Tx, one: &Claim) -> Result<(), DbError> {
    let values: Vec<Value> = vec![
        one.id.into(),
        one.number.clone().into(),
        one.maker.clone().into(),
        one.ground.into(),
        one.case.into(),
        one.of.into(),
        one.line.into(),
        one.repair.into(),
        one.product.into(),
        one.unit.into(),
        one.goods.clone().into(),
        one.serial.clone().into(),
        one.quantity.into(),
        one.store.into(),
        one.team.into(),
        one.owner.into(),
        one.state.into(),
        one.reason.clone().into(),
        one.claimed.into(),
        one.bought_on.into(),
        one.claimed_on.into(),
        one.inspected_on.into(),
        one.refunded_on.into(),
        one.due_on.into(),
        one.warn_on.into(),
        one.last_on.into(),
        one.opened_by.into(),
        one.opened_at.into(),
        one.version.into(),
    ];
    tx.exec(
        "INSERT INTO claim (id, number, maker, ground, case_id, return_id, line_id, repair_id, product_id, unit_id, goods, serial,
            quantity, store_id, team_id, owner_id, state, reason, claimed_fen, bought_on, claimed_on, inspected_on, refunded_on, due_on,
            warn_on, last_on, opened_by, opened_at, version, credited_fen, written_fen, live)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26,
            $27, $28, $29, 0, 0, TRUE)",
        &values,
    )
    .await
    .map(|_| ())
}

/// Saves what can change as the next version; false when its version is no longer the present one.
///
/// # Errors
/// What the database says.
pub async fn save(tx: &mut Tx, one: &Claim) -> Result<bool, DbError> {
    let changed = tx
        .exec(
            "UPDATE claim SET state = $3, claimed_fen = $4, accepted_fen = $5, credited_fen = $6, written_fen = $7, sent_on = $8,
                last_on = $9, ended_at = $10, live = $11, version = version + 1 WHERE id = $1 AND version = $2",
            args![
                one.id,
                one.version,
                one.state,
                one.claimed,
                one.accepted,
                one.credited,
                one.written,
                one.sent_on,
                one.last_on,
                one.ended_at,
                one.state != State::Withdrawn
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// The claim `id`.
///
/// # Errors
/// What the database says.
pub async fn get(tx: &mut Tx, id: Id<ClaimId>) -> Result<Option<Claim>, DbError> {
    let mut query = Sql::new(SELECT);
    query.bind("c.id = ?", args![id]);
    tx.one(query.sql(), query.values()).await
}

/// The claim `id`, held until the end of the transaction: two people at the same moment come one after the other.
///
/// # Errors
/// What the database says.
pub async fn hold(tx: &mut Tx, id: Id<ClaimId>) -> Result<Option<Claim>, DbError> {
    tx.exec("UPDATE claim SET version = version WHERE id = $1", args![id]).await?;
    get(tx, id).await
}

/// The claims of a return, in order.
///
/// # Errors
/// What the database says.
pub async fn of_return(tx: &mut Tx, id: Id<ReturnId>) -> Result<Vec<Claim>, DbError> {
    let mut query = Sql::new(SELECT);
    query.bind("c.return_id = ? ORDER BY c.id", args![id]);
    tx.all(query.sql(), query.values()).await
}

/// The claims of a unit, newest first.
///
/// # Errors
/// What the database says.
pub async fn of_unit(tx: &mut Tx, id: Id<of::SerialUnit>) -> Result<Vec<Claim>, DbError> {
    let mut query = Sql::new(SELECT);
    query.bind("c.unit_id = ? ORDER BY c.id DESC LIMIT 20", args![id]);
    tx.all(query.sql(), query.values()).await
}

/// Which of the lines of a return are claimed.
///
/// # Errors
/// What the database says.
pub async fn of_lines(tx: &mut Tx, id: Id<ReturnId>) -> Result<Vec<Id<LineRow>>, DbError> {
    let rows: Vec<(Id<LineRow>,)> =
        tx.all("SELECT line_id FROM claim WHERE return_id = $1 AND live AND line_id IS NOT NULL", args![id]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The live claim of a repair.
///
/// # Errors
/// What the database says.
pub async fn of_repair(tx: &mut Tx, id: Id<RepairId>) -> Result<Option<Claim>, DbError> {
    let mut query = Sql::new(SELECT);
    query.bind("c.repair_id = ? AND c.live", args![id]);
    tx.one(query.sql(), query.values()).await
}

/// Claims that lie here with their cut-off near, of which nobody has been told.
///
/// # Errors
/// What the database says.
pub async fn near(tx: &mut Tx, today: Day, limit: i64) -> Result<Vec<Claim>, DbError> {
    let mut query = Sql::new(SELECT);
    query.bind(
        "c.state = 'open' AND c.due_on IS NOT NULL AND c.warn_on <= ? AND c.warned_on IS NULL ORDER BY c.due_on, c.id LIMIT ?",
        args![today, limit],
    );
    tx.all(query.sql(), query.values()).await
}

/// Claims that lie here with their cut-off passed, which nobody has counted yet.
///
/// # Errors
/// What the database says.
pub async fn missed(tx: &mut Tx, today: Day, limit: i64) -> Result<Vec<Claim>, DbError> {
    let mut query = Sql::new(SELECT);
    query.bind(
        "c.state = 'open' AND c.due_on < ? AND c.missed_on IS NULL ORDER BY c.due_on, c.id LIMIT ?",
        args![today, limit],
    );
    tx.all(query.sql(), query.values()).await
}

/// Somebody was told that the cut-off is near.
///
/// # Errors
/// What the database says.
pub async fn set_warned(tx: &mut Tx, id: Id<ClaimId>, day: Day) -> Result<(), DbError> {
    tx.exec("UPDATE claim SET warned_on = $2 WHERE id = $1", args![id, day]).await.map(|_| ())
}

/// The cut-off passed.
///
/// # Errors
/// What the database says.
pub async fn set_missed(tx: &mut Tx, id: Id<ClaimId>, day: Day) -> Result<(), DbError> {
    tx.exec("UPDATE claim SET missed_on = $2 WHERE id = $1", args![id, day]).await.map(|_| ())
}

/// Claims on `maker` that still lie here.
///
/// # Errors
/// What the database says.
pub async fn open_of_maker(tx: &mut Tx, maker: &str) -> Result<Vec<Claim>, DbError> {
    let mut query = Sql::new(SELECT);
    query.bind("c.maker = ? AND c.state = 'open' ORDER BY c.id", args![maker]);
    tx.all(query.sql(), query.values()).await
}

/// Another cut-off; somebody will be told anew.
///
/// # Errors
/// What the database says.
pub async fn save_due(tx: &mut Tx, id: Id<ClaimId>, days: Option<(Day, Day)>) -> Result<(), DbError> {
    tx.exec(
        "UPDATE claim SET due_on = $2, warn_on = $3, warned_on = NULL, missed_on = NULL WHERE id = $1",
        args![id, days.map(|(due, _)| due), days.map(|(_, warn)| warn)],
    )
    .await
    .map(|_| ())
}

/// A step of a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What: a command's word, or `open`.
    pub what: String,
    /// When it happened.
    pub day: Day,
    /// The number of the paper.
    pub reference: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// How much.
    pub amount: Money,
    /// Who took it.
    pub by: Option<Id<of::User>>,
    /// When it was entered.
    pub at: Timestamp,
}

impl FromRow for Step {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            what: c.next()?,
            day: c.next()?,
            reference: c.next()?,
            reason: c.next()?,
            amount: c.next()?,
            by: c.next()?,
            at: c.next()?,
        })
    }
}

/// The steps of a claim, in order.
///
/// # Errors
/// What the database says.
pub async fn steps(tx: &mut Tx, id: Id<ClaimId>) -> Result<Vec<Step>, DbError> {
    tx.all(
        "SELECT what, day, reference, reason, amount_fen, by_id, at FROM claim_step WHERE claim_id = $1 ORDER BY seq",
        args![id],
    )
    .await
}

/// Adds a step; gives its number.
///
/// # Errors
/// What the database says.
pub async fn add_step(tx: &mut Tx, id: Id<ClaimId>, step: &Step) -> Result<i64, DbError> {
    let row: Option<(i64,)> = tx
        .one(
            "INSERT INTO claim_step (claim_id, seq, what, day, reference, reason, amount_fen, by_id, at)
             SELECT $1, COALESCE(MAX(seq), 0) + 1, $2, $3, $4, $5, $6, $7, $8 FROM claim_step WHERE claim_id = $1 RETURNING seq",
            args![
                id,
                step.what.clone(),
                step.day,
                step.reference.clone(),
                step.reason.clone(),
                step.amount,
                step.by,
                step.at
            ],
        )
        .await?;
    Ok(row.map_or(1, |(seq,)| seq))
}

/// Marks the id of a maker's term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TermId {}

/// What a maker allows (索赔期限).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// Its id.
    pub id: Id<TermId>,
    /// The maker.
    pub maker: String,
    /// So many days.
    pub days: i64,
    /// After which day.
    pub after: After,
    /// Somebody is told so many days before.
    pub warn_days: i64,
    /// Where claims go.
    pub contact: Option<String>,
    /// Counts its changes.
    pub version: i64,
}

impl FromRow for Term {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            maker: c.next()?,
            days: c.next()?,
            after: c.next()?,
            warn_days: c.next()?,
            contact: c.next()?,
            version: c.next()?,
        })
    }
}

/// What all makers allow.
///
/// # Errors
/// What the database says.
pub async fn terms(tx: &mut Tx) -> Result<Vec<Term>, DbError> {
    tx.all(
        "SELECT id, maker, days, after_what, warn_days, contact, version FROM claim_term ORDER BY maker LIMIT 1000",
        args![],
    )
    .await
}

/// What `maker` allows.
///
/// # Errors
/// What the database says.
pub async fn term(tx: &mut Tx, maker: &str) -> Result<Option<Term>, DbError> {
    tx.one(
        "SELECT id, maker, days, after_what, warn_days, contact, version FROM claim_term WHERE maker = $1",
        args![maker],
    )
    .await
}

/// Saves what a maker allows as the next version; false when somebody has since (`version` 0 = nobody had said).
///
/// # Errors
/// What the database says.
pub async fn save_term(tx: &mut Tx, term: &Term, now: Timestamp) -> Result<bool, DbError> {
    let changed = tx
        .exec(
            "INSERT INTO claim_term (id, maker, days, after_what, warn_days, contact, version, changed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7 + 1, $8)
             ON CONFLICT (maker) DO UPDATE SET days = excluded.days, after_what = excluded.after_what, warn_days = excluded.warn_days,
                contact = excluded.contact, version = excluded.version, changed_at = excluded.changed_at
             WHERE claim_term.version = $7",
            args![
                term.id,
                term.maker.clone(),
                term.days,
                term.after,
                term.warn_days,
                term.contact.clone(),
                term.version,
                now
            ],
        )
        .await?;
    Ok(changed == 1)
}
