//! Rows of proposals; the only SQL of this module.

use db::{DbError, Filter as Sql, FromRow, Row, Tx, args};
use kernel::{Id, Money, Timestamp, of};
use serde::{Deserialize, Serialize};

use super::domain::{ProposalKind, ProposalProof, ProposalState, Side};
use crate::store::ReturnId;

db::stored_words!(ProposalKind, ProposalProof, ProposalState, Side);

/// Marks the id of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ProposalId {}

/// An offer or a counter-offer (协商方案).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Its id.
    pub id: Id<ProposalId>,
    /// Of which return.
    pub of: Id<ReturnId>,
    /// Its number in the return, from 1.
    pub seq: i64,
    /// Who said it.
    pub side: Side,
    /// What it is.
    pub kind: ProposalKind,
    /// On top of the law.
    pub amount: Money,
    /// What a gesture costs us.
    pub cost: Money,
    /// In words.
    pub body: String,
    /// From then on it cannot be taken.
    pub valid_until: Option<Timestamp>,
    /// Where it stands.
    pub state: ProposalState,
    /// Who entered it.
    pub made_by: Option<Id<of::User>>,
    /// When.
    pub made_at: Timestamp,
    /// How the customer's yes is proved.
    pub proof: Option<ProposalProof>,
    /// What was said at its end.
    pub note: Option<String>,
    /// Who ended it.
    pub ended_by: Option<Id<of::User>>,
    /// When.
    pub ended_at: Option<Timestamp>,
}

impl FromRow for Proposal {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            of: c.next()?,
            seq: c.next()?,
            side: c.next()?,
            kind: c.next()?,
            amount: c.next()?,
            cost: c.next()?,
            body: c.next()?,
            valid_until: c.next()?,
            state: c.next()?,
            made_by: c.next()?,
            made_at: c.next()?,
            proof: c.next()?,
            note: c.next()?,
            ended_by: c.next()?,
            ended_at: c.next()?,
        })
    }
}

const SELECT: &str = "SELECT id, return_id, seq, side, kind, amount_fen, cost_fen, body, valid_until, state, made_by, made_at, proof, note,
    ended_by, ended_at FROM return_proposal WHERE ";

/// The proposals of a return, oldest first.
///
/// # Errors
/// What the database says.
pub async fn of_return(tx: &mut Tx, id: Id<ReturnId>) -> Result<Vec<Proposal>, DbError> {
    let mut query = Sql::new(SELECT);
    query.bind("return_id = ? ORDER BY seq", args![id]);
    tx.all(query.sql(), query.values()).await
}

/// Inserts a proposal; what stood is answered by it. The caller holds the return.
///
/// # Errors
/// What the database says.
pub async fn insert(tx: &mut Tx, one: &Proposal) -> Result<(), DbError> {
    tx.exec(
        "UPDATE return_proposal SET state = 'countered', ended_by = $2, ended_at = $3 WHERE return_id = $1 AND state = 'open'",
        args![one.of, one.made_by, one.made_at],
    )
    .await?;
    tx.exec(
        "INSERT INTO return_proposal (id, return_id, seq, side, kind, amount_fen, cost_fen, body, valid_until, state, made_by, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        args![
            one.id,
            one.of,
            one.seq,
            one.side,
            one.kind,
            one.amount,
            one.cost,
            one.body.clone(),
            one.valid_until,
            one.state,
            one.made_by,
            one.made_at
        ],
    )
    .await
    .map(|_| ())
}

/// Ends a proposal that stands; false when it was answered already.
///
/// # Errors
/// What the database says.
pub async fn end(tx: &mut Tx, one: &Proposal) -> Result<bool, DbError> {
    let changed = tx
        .exec(
            "UPDATE return_proposal SET state = $2, proof = $3, note = $4, ended_by = $5, ended_at = $6 WHERE id = $1 AND state = 'open'",
            args![one.id, one.state, one.proof, one.note.clone(), one.ended_by, one.ended_at],
        )
        .await?;
    Ok(changed == 1)
}

/// What was said in the proposals of a return is gone for ever.
///
/// # Errors
/// What the database says.
pub async fn erase(tx: &mut Tx, id: Id<ReturnId>) -> Result<(), DbError> {
    tx.exec("UPDATE return_proposal SET body = $2, note = NULL WHERE return_id = $1", args![id, parties::store::MARK])
        .await
        .map(|_| ())
}
