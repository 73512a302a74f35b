use db::{DbError, FromRow, Row, Tx, Value, args, values};
use kernel::{Cursor, Id, Place, Placed, Reach, Timestamp, of};

use crate::domain::TaskState;

/// Marks the id of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaskId {}

/// A task as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its id.
    pub id: Id<TaskId>,
    /// The case that gave it.
    pub case: Id<of::Case>,
    /// The store of that case.
    pub case_store: Id<of::Unit>,
    /// Where it is worked on: a store, or headquarters.
    pub store: Id<of::Unit>,
    /// The department or store that was asked.
    pub unit: Option<Id<of::Unit>>,
    /// Who has it.
    pub assignee: Option<Id<of::User>>,
    /// In a few words.
    pub title: String,
    /// What exactly.
    pub body: String,
    /// Where it stands.
    pub state: TaskState,
    /// What came of it, or why it was returned or withdrawn.
    pub answer: Option<String>,
    /// Who gave it.
    pub given_by: Option<Id<of::User>>,
    /// When.
    pub given_at: Timestamp,
    /// When it is due; exactly then is in time.
    pub due_at: Timestamp,
    /// From when on it is due soon.
    pub soon_at: Timestamp,
    /// When somebody took it on.
    pub accepted_at: Option<Timestamp>,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// Who ended it.
    pub ended_by: Option<Id<of::User>>,
    /// Counts its changes.
    pub version: i64,
}

impl Placed for Task {
    fn place(&self) -> Place {
        Place { store: self.store, team: self.unit, owner: self.assignee }
    }
}

/// All columns, in the order of [`Task::from_row`] and [`values`].
macro_rules! columns {
    () => {
        "id, case_id, case_store_id, store_id, unit_id, assignee_id, title, body, state, answer, given_by, given_at, due_at,
        soon_at, accepted_at, ended_at, ended_by, version"
    };
}

const INSERT: &str = concat!(
    "INSERT INTO case_task (",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
);

impl FromRow for Task {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            case: c.next()?,
            case_store: c.next()?,
            store: c.next()?,
            unit: c.next()?,
            assignee: c.next()?,
            title: c.next()?,
            body: c.next()?,
            state: c.next()?,
            answer: c.next()?,
            given_by: c.next()?,
            given_at: c.next()?,
            due_at: c.next()?,
            soon_at: c.next()?,
            accepted_at: c.next()?,
            ended_at: c.next()?,
            ended_by: c.next()?,
            version: c.next()?,
        })
    }
}

fn values(task: &Task) -> Vec<Value> {
    values![
        task.id,
        task.case,
        task.case_store,
        task.store,
        task.unit,
        task.assignee,
        &task.title,
        &task.body,
        task.state,
        &task.answer,
        task.given_by,
        task.given_at,
        task.due_at,
        task.soon_at,
        task.accepted_at,
        task.ended_at,
        task.ended_by,
        task.version
    ]
}

/// Inserts tasks; pipelined where the engine can.
///
/// # Errors
/// What the database says.
pub async fn insert_tasks(tx: &mut Tx, tasks: &[Task]) -> Result<(), DbError> {
    let rows: Vec<Vec<Value>> = tasks.iter().map(values).collect();
    let statements: Vec<(&str, &[Value])> = rows.iter().map(|row| (INSERT, row.as_slice())).collect();
    tx.batch(&statements).await
}

/// The task `id`.
///
/// # Errors
/// What the database says.
pub async fn task(tx: &mut Tx, id: Id<TaskId>) -> Result<Option<Task>, DbError> {
    tx.one(concat!("SELECT ", columns!(), " FROM case_task WHERE id = $1"), args![id]).await
}

/// The task `id`, held for this transaction.
///
/// # Errors
/// What the database says.
pub async fn hold_task(tx: &mut Tx, id: Id<TaskId>) -> Result<Option<Task>, DbError> {
    tx.one(concat!("UPDATE case_task SET version = version WHERE id = $1 RETURNING ", columns!()), args![id]).await
}

/// Saves when `task` is due. No new version, so that nobody's form is stale because a calendar was edited.
///
/// # Errors
/// What the database says.
pub async fn save_task_pace(tx: &mut Tx, task: &Task) -> Result<(), DbError> {
    let args = args![task.id, task.due_at, task.soon_at];
    tx.exec("UPDATE case_task SET due_at = $2, soon_at = $3 WHERE id = $1", args).await.map(|_| ())
}

/// Saves what can change of `task` as the next version; false when `task.version` is not the present one.
///
/// # Errors
/// What the database says.
pub async fn save_task(tx: &mut Tx, task: &Task) -> Result<bool, DbError> {
    let saved = tx
        .exec(
            "UPDATE case_task SET version = version + 1, store_id = $3, unit_id = $4, assignee_id = $5, state = $6, answer = $7,
                accepted_at = $8, ended_at = $9, ended_by = $10 WHERE id = $1 AND version = $2",
            args![
                task.id,
                task.version,
                task.store,
                task.unit,
                task.assignee,
                task.state,
                &task.answer,
                task.accepted_at,
                task.ended_at,
                task.ended_by
            ],
        )
        .await?;
    Ok(saved == 1)
}

/// The tasks of `case`: what is open first, by deadline.
///
/// # Errors
/// What the database says.
pub async fn tasks_of(tx: &mut Tx, case: Id<of::Case>) -> Result<Vec<Task>, DbError> {
    tx.all(
        concat!(
            "SELECT ",
            columns!(),
            " FROM case_task WHERE case_id = $1 ORDER BY CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, due_at, id LIMIT 100"
        ),
        args![case],
    )
    .await
}

/// How many tasks of `case` are not over.
///
/// # Errors
/// What the database says.
pub async fn open_tasks(tx: &mut Tx, case: Id<of::Case>) -> Result<usize, DbError> {
    let n: Option<i64> =
        tx.one("SELECT COUNT(*) FROM case_task WHERE case_id = $1 AND ended_at IS NULL", args![case]).await?;
    Ok(usize::try_from(n.unwrap_or_default()).unwrap_or_default())
}

/// Whose tasks are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// This person has them.
    Mine(Id<of::User>),
    /// These departments or stores were asked.
    Units(Vec<Id<of::Unit>>),
    /// This person gave them.
    Given(Id<of::User>),
    /// All within reach: of the task's place, or of the store whose case gave it.
    Reached {
        /// Over tasks.
        tasks: Reach,
        /// Over cases.
        cases: Reach,
    },
}

/// Which tasks are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskFilter {
    /// Whose.
    pub whose: Whose,
    /// Only those of this case.
    pub case: Option<Id<of::Case>>,
    /// Those that are over instead of those that are not.
    pub over: bool,
    /// Only what is due before then.
    pub due_before: Option<Timestamp>,
}

fn conditions(find: &mut db::Filter, filter: &TaskFilter) {
    find.push(if filter.over { " WHERE ended_at IS NOT NULL" } else { " WHERE ended_at IS NULL" });
    match &filter.whose {
        Whose::Mine(user) => {
            find.bind(" AND assignee_id = ?", args![*user]);
        }
        Whose::Units(units) => {
            find.push(" AND ").bind_in("unit_id", units.iter().copied().map(Value::from));
        }
        Whose::Given(user) => {
            find.bind(" AND given_by = ?", args![*user]);
        }
        Whose::Reached { tasks, cases } if tasks.company || cases.company => {
            let wider = if cases.company { cases } else { tasks };
            if !wider.except.is_empty() {
                find.push(" AND (NOT ").bind_in("case_store_id", wider.except.iter().copied().map(Value::from));
                if let Some(own) = wider.own {
                    find.bind(" OR assignee_id = ? OR given_by = ?", args![own, own]);
                }
                find.push(")");
            }
        }
        Whose::Reached { tasks, cases } => {
            find.push(" AND (").bind_in("store_id", tasks.stores.iter().copied().map(Value::from));
            find.push(" OR ").bind_in("unit_id", tasks.teams.iter().copied().map(Value::from));
            find.push(" OR ").bind_in("case_store_id", cases.stores.iter().copied().map(Value::from));
            if let Some(own) = tasks.own {
                find.bind(" OR assignee_id = ? OR given_by = ?", args![own, own]);
            }
            find.push(")");
        }
    }
    if let Some(case) = filter.case {
        find.bind(" AND case_id = ?", args![case]);
    }
    if let Some(before) = filter.due_before {
        find.bind(" AND due_at < ?", args![before]);
    }
}

/// A task with what a list shows of its case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskLine {
    /// The task.
    pub task: Task,
    /// The case's number.
    pub number: String,
    /// What it is about.
    pub subject: String,
}

/// Tasks that `filter` means: by deadline, or those that are over with the latest first.
///
/// # Errors
/// What the database says.
pub async fn tasks(
    tx: &mut Tx,
    filter: &TaskFilter,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<TaskLine>, DbError> {
    let mut find = db::Filter::new(concat!("SELECT ", columns!(), " FROM case_task"));
    conditions(&mut find, filter);
    match (filter.over, after) {
        (false, Some(after)) => find.bind(" AND (due_at, id) > (?, ?)", args![after.key, after.id]),
        (true, Some(after)) => find.bind(" AND (ended_at, id) < (?, ?)", args![after.key, after.id]),
        (_, None) => &mut find,
    };
    find.push(if filter.over { " ORDER BY ended_at DESC, id DESC" } else { " ORDER BY due_at, id" });
    find.bind(" LIMIT ?", args![limit]);
    let tasks: Vec<Task> = tx.all(find.sql(), find.values()).await?;
    if tasks.is_empty() {
        return Ok(Vec::new());
    }
    let mut find = db::Filter::new("SELECT id, number, subject FROM service_case WHERE ");
    find.bind_in("id", tasks.iter().map(|task| Value::from(task.case)));
    let cases: Vec<(Id<of::Case>, String, String)> = tx.all(find.sql(), find.values()).await?;
    let known = |id| cases.iter().find(|(case, ..)| *case == id).cloned();
    let line = |task: Task| {
        let (_, number, subject) = known(task.case).unwrap_or((task.case, String::new(), String::new()));
        TaskLine { task, number, subject }
    };
    Ok(tasks.into_iter().map(line).collect())
}

/// How many tasks `filter` means, at most `most`.
///
/// # Errors
/// What the database says.
pub async fn count_tasks(tx: &mut Tx, filter: &TaskFilter, most: i64) -> Result<i64, DbError> {
    let mut find = db::Filter::new("SELECT COUNT(*) FROM (SELECT id FROM case_task");
    conditions(&mut find, filter);
    find.bind(" LIMIT ?) AS found", args![most]);
    Ok(tx.one(find.sql(), find.values()).await?.unwrap_or_default())
}
