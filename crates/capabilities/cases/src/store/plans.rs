use approvals::store::ApprovalId;
use db::{DbError, FromRow, Row, Tx, Value, args, values};
use kernel::{Id, Money, Timestamp, of};

use crate::domain::{Party, Plan, PlanLine, PlanOption, PlanState, ProofKind};

/// Marks the id of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlanId {}

/// A plan as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRow {
    /// Its id.
    pub id: Id<PlanId>,
    /// Of which case.
    pub case: Id<of::Case>,
    /// 1 for the first plan of a case.
    pub revision: i64,
    /// What became of it.
    pub state: PlanState,
    /// Findings and options.
    pub plan: Plan,
    /// Who proposed it.
    pub proposed_by: Option<Id<of::User>>,
    /// When.
    pub proposed_at: Timestamp,
    /// When the customer decided.
    pub decided_at: Option<Timestamp>,
    /// Which option, from 0.
    pub chosen: Option<i64>,
    /// How we know.
    pub proof: Option<ProofKind>,
    /// The note of the call.
    pub proof_note: Option<String>,
    /// Why not.
    pub decline_reason: Option<String>,
    /// Options whose extra is not granted, from 0.
    pub held: Vec<usize>,
    /// The question that was asked for its extra.
    pub approval: Option<Id<ApprovalId>>,
}

impl FromRow for PlanRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            case: c.next()?,
            revision: c.next()?,
            state: c.next()?,
            plan: Plan { findings: c.next()?, options: Vec::new() },
            proposed_by: c.next()?,
            proposed_at: c.next()?,
            decided_at: c.next()?,
            chosen: c.next()?,
            proof: c.next()?,
            proof_note: c.next()?,
            decline_reason: c.next()?,
            approval: c.next()?,
            held: Vec::new(),
        })
    }
}

/// The plans of `case` with options and lines, newest first, at most 20.
///
/// # Errors
/// What the database says.
pub async fn plans_of(tx: &mut Tx, case: Id<of::Case>) -> Result<Vec<PlanRow>, DbError> {
    let mut plans: Vec<PlanRow> = tx
        .all(
            "SELECT id, case_id, revision, state, findings, proposed_by, proposed_at, decided_at, chosen, proof, proof_note,
                decline_reason, approval_id
             FROM case_plan WHERE case_id = $1 ORDER BY revision DESC LIMIT 20",
            args![case],
        )
        .await?;
    if plans.is_empty() {
        return Ok(plans);
    }
    let ids = || plans.iter().map(|plan| Value::from(plan.id));
    let mut find = db::Filter::new("SELECT plan_id, ordinal, body, done_by, held FROM case_plan_option WHERE ");
    find.bind_in("plan_id", ids()).push(" ORDER BY plan_id, ordinal");
    let options: Vec<(Id<PlanId>, i64, String, Option<Timestamp>, bool)> = tx.all(find.sql(), find.values()).await?;
    let mut find =
        db::Filter::new("SELECT plan_id, option_ordinal, body, amount_fen, bearer, by_law FROM case_plan_line WHERE ");
    find.bind_in("plan_id", ids()).push(" ORDER BY plan_id, option_ordinal, ordinal");
    let lines: Vec<(Id<PlanId>, i64, String, Money, Party, bool)> = tx.all(find.sql(), find.values()).await?;
    for plan in &mut plans {
        for (_, ordinal, text, done_by, held) in options.iter().filter(|(id, ..)| *id == plan.id) {
            let lines = lines
                .iter()
                .filter(|(id, option, ..)| *id == plan.id && option == ordinal)
                .map(|(.., text, amount, bearer, by_law)| PlanLine {
                    text: text.clone(),
                    amount: *amount,
                    bearer: *bearer,
                    by_law: *by_law,
                })
                .collect();
            if *held {
                plan.held.push(plan.plan.options.len());
            }
            plan.plan.options.push(PlanOption { text: text.clone(), done_by: *done_by, lines });
        }
    }
    Ok(plans)
}

/// How many options the plan has that is with the customer; 0 without such a plan.
///
/// # Errors
/// What the database says.
pub async fn options_open(tx: &mut Tx, case: Id<of::Case>) -> Result<usize, DbError> {
    let n: Option<i64> = tx
        .one(
            "SELECT COUNT(*) FROM case_plan p JOIN case_plan_option o ON o.plan_id = p.id
             WHERE p.case_id = $1 AND p.state = 'proposed'",
            args![case],
        )
        .await?;
    Ok(usize::try_from(n.unwrap_or_default()).unwrap_or_default())
}

/// How many plans of `case` there are; the next one's revision is one more.
async fn revisions(tx: &mut Tx, case: Id<of::Case>) -> Result<i64, DbError> {
    Ok(tx.one("SELECT COUNT(*) FROM case_plan WHERE case_id = $1", args![case]).await?.unwrap_or_default())
}

/// Sets aside the plan that is with the customer, because a newer one comes.
///
/// # Errors
/// What the database says.
pub async fn supersede(tx: &mut Tx, case: Id<of::Case>, now: Timestamp) -> Result<u64, DbError> {
    tx.exec(
        "UPDATE case_plan SET state = 'superseded', decided_at = $2 WHERE case_id = $1 AND state = 'proposed'",
        args![case, now],
    )
    .await
}

/// Inserts the next plan of `case` with its options and lines; gives its revision.
///
/// # Errors
/// What the database says.
pub async fn insert_plan(
    tx: &mut Tx,
    id: Id<PlanId>,
    case: Id<of::Case>,
    plan: &Plan,
    by: Option<Id<of::User>>,
    now: Timestamp,
) -> Result<i64, DbError> {
    let revision = revisions(tx, case).await?.saturating_add(1);
    let row = PlanRow {
        id,
        case,
        revision,
        state: PlanState::Proposed,
        plan: plan.clone(),
        proposed_by: by,
        proposed_at: now,
        decided_at: None,
        chosen: None,
        proof: None,
        proof_note: None,
        decline_reason: None,
        held: Vec::new(),
        approval: None,
    };
    insert_plans(tx, std::slice::from_ref(&row)).await?;
    Ok(revision)
}

/// Inserts plans as they stand, with their options and lines.
///
/// # Errors
/// What the database says.
pub async fn insert_plans(tx: &mut Tx, plans: &[PlanRow]) -> Result<(), DbError> {
    let rows: Vec<(&str, Vec<Value>)> = plans.iter().flat_map(rows_of).collect();
    let statements: Vec<(&str, &[Value])> = rows.iter().map(|(sql, values)| (*sql, values.as_slice())).collect();
    tx.batch(&statements).await
}

fn rows_of(row: &PlanRow) -> Vec<(&'static str, Vec<Value>)> {
    let mut rows = vec![(
        "INSERT INTO case_plan (id, case_id, revision, state, findings, proposed_by, proposed_at, decided_at, chosen, proof,
            proof_note, decline_reason, approval_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        values![
            row.id,
            row.case,
            row.revision,
            row.state,
            &*row.plan.findings,
            row.proposed_by,
            row.proposed_at,
            row.decided_at,
            row.chosen,
            row.proof,
            row.proof_note.clone(),
            row.decline_reason.clone(),
            row.approval
        ],
    )];
    for (option, ordinal) in row.plan.options.iter().zip(0_i64..) {
        rows.push((
            "INSERT INTO case_plan_option (plan_id, ordinal, body, done_by, held) VALUES ($1, $2, $3, $4, $5)",
            values![row.id, ordinal, &*option.text, option.done_by, is_held(row, ordinal)],
        ));
        for (line, place) in option.lines.iter().zip(0_i64..) {
            rows.push((
                "INSERT INTO case_plan_line (plan_id, option_ordinal, ordinal, body, amount_fen, bearer, by_law)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
                values![row.id, ordinal, place, &*line.text, line.amount, line.bearer, line.by_law],
            ));
        }
    }
    rows
}

fn is_held(row: &PlanRow, ordinal: i64) -> bool {
    usize::try_from(ordinal).is_ok_and(|ordinal| row.held.contains(&ordinal))
}

/// The options, from 0, of the plan that is with the customer (or waits to be) whose extra is not granted.
///
/// # Errors
/// What the database says.
pub async fn held_options(tx: &mut Tx, case: Id<of::Case>) -> Result<Vec<usize>, DbError> {
    let held: Vec<(i64,)> = tx
        .all(
            "SELECT o.ordinal FROM case_plan p JOIN case_plan_option o ON o.plan_id = p.id
             WHERE p.case_id = $1 AND p.state = 'proposed' AND o.held ORDER BY o.ordinal",
            args![case],
        )
        .await?;
    Ok(held.into_iter().filter_map(|(ordinal,)| usize::try_from(ordinal).ok()).collect())
}

/// Whether the plan that is with the customer has an option that waits for nothing.
///
/// # Errors
/// What the database says.
pub async fn has_free_option(tx: &mut Tx, case: Id<of::Case>) -> Result<bool, DbError> {
    let free: Option<(i64,)> = tx
        .one(
            "SELECT o.ordinal FROM case_plan p JOIN case_plan_option o ON o.plan_id = p.id
             WHERE p.case_id = $1 AND p.state = 'proposed' AND NOT o.held LIMIT 1",
            args![case],
        )
        .await?;
    Ok(free.is_some())
}

/// Holds the options `held` (from 0) of the plan that was just proposed until `approval` is granted.
///
/// # Errors
/// What the database says.
pub async fn hold_options(
    tx: &mut Tx,
    case: Id<of::Case>,
    approval: Id<ApprovalId>,
    held: &[usize],
) -> Result<(), DbError> {
    let plan: Option<Id<PlanId>> = tx
        .one(
            "UPDATE case_plan SET approval_id = $2 WHERE case_id = $1
                AND revision = (SELECT MAX(revision) FROM case_plan WHERE case_id = $1) RETURNING id",
            args![case, approval],
        )
        .await?;
    let Some(plan) = plan.filter(|_| !held.is_empty()) else { return Ok(()) };
    let mut hold = db::Filter::new("UPDATE case_plan_option SET held = TRUE WHERE plan_id = ? AND ");
    hold.args(args![plan]).bind_in("ordinal", held.iter().filter_map(|nth| i64::try_from(*nth).ok()).map(Value::from));
    tx.exec(hold.sql(), hold.values()).await.map(|_| ())
}

/// Lets the held options of the plan that waited for `approval` go.
///
/// # Errors
/// What the database says.
pub async fn release_options(tx: &mut Tx, approval: Id<ApprovalId>) -> Result<(), DbError> {
    tx.exec(
        "UPDATE case_plan_option SET held = FALSE WHERE held AND plan_id IN (SELECT id FROM case_plan WHERE approval_id = $1)",
        args![approval],
    )
    .await
    .map(|_| ())
}

/// Notes that the customer chose `option` of the plan that is with the customer; false when there is none.
///
/// # Errors
/// What the database says.
pub async fn decide_plan(
    tx: &mut Tx,
    case: Id<of::Case>,
    option: i64,
    proof: ProofKind,
    note: Option<&str>,
    now: Timestamp,
) -> Result<bool, DbError> {
    let changed = tx
        .exec(
            "UPDATE case_plan SET state = 'confirmed', chosen = $2, proof = $3, proof_note = $4, decided_at = $5
             WHERE case_id = $1 AND state = 'proposed'",
            args![case, option, proof, note, now],
        )
        .await?;
    Ok(changed == 1)
}

/// Notes that the customer refused the plan that is with the customer; false when there is none.
///
/// # Errors
/// What the database says.
pub async fn declined(tx: &mut Tx, case: Id<of::Case>, reason: &str, now: Timestamp) -> Result<bool, DbError> {
    let changed = tx
        .exec(
            "UPDATE case_plan SET state = 'declined', decline_reason = $2, decided_at = $3
             WHERE case_id = $1 AND state = 'proposed'",
            args![case, reason, now],
        )
        .await?;
    Ok(changed == 1)
}
