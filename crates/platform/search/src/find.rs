//! Reading: how a query finds its pieces with bounded work.
//!
//! 1. The newest pieces are looked through on their folded text: the newest [`WINDOW`] of all, or, when reach is a few stores,
//!    teams or the person, of each of those. What is common fills its page here, and costs the same however many pieces there
//!    are; what is all within the window ends here.
//! 2. What is not is rare there, and is looked up in the engine's index: candidates with all tokens (and, when reach is by
//!    stores, one of their tokens), newest first, each confirmed on its folded text and its reach. At most [`MOST_CANDIDATES`] are
//!    examined for one page; past them the page ends early and its cursor goes on from there.
//!
//! Measured (200 stores, pieces of 90 characters, a page of 20, warm, other jobs on both cores). A phrase in 30 % of the
//! pieces: under 1 ms at 10,000 and at 1,000,000 pieces on SQLite, at 10,000 and 500,000 on PostgreSQL. A phrase in 1 %: 3 ms
//! (SQLite, 1,000,000), 15 to 35 ms (PostgreSQL, 500,000: all 5,000 candidates are fetched and sorted). A phrase in 0.02 %:
//! 3 to 8 ms. A phone number: 0.1 to 0.4 ms. With 2,000 pieces looked through first the work for a common phrase is constant.

use db::{Columns, DbError, Engine, Filter, FromRow, Row, Tx, Value, args};
use kernel::{Cursor, Id, Reach, Timestamp, of};

use crate::snippet::{Snippet, snippet};
use crate::token::{Lookup, Term, Terms, of_kind, store_token};

/// Newest pieces that are looked through before the index is asked.
const WINDOW: i64 = 2_000;
/// Candidates examined for one page: what is common where one reaches nothing is looked for among so many in vain.
const MOST_CANDIDATES: usize = 4_096;
/// Candidates confirmed by one statement.
const CONFIRM: usize = 256;
/// Reach over more stores than this is left to the confirmation: their tokens would cost more than they save.
const MOST_STORES: usize = 16;
/// Reach that consists of up to so many stores, teams and persons is looked through part by part.
const MOST_PARTS: usize = 8;

/// What is searched for, and how far.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a> {
    /// What a person typed.
    pub text: &'a str,
    /// The records that the person may find.
    pub reach: &'a Reach,
    /// Only records of these kinds; without one nothing is found.
    pub kinds: &'a [&'a str],
    /// Hits on one page.
    pub limit: usize,
    /// Go on after this place, see [`Found::next`].
    pub before: Option<Cursor>,
}

/// A page of hits, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// One for each piece found; several texts of one record are several hits.
    pub hits: Vec<Hit>,
    /// Where the next page begins; `None` when this is the last. A page with fewer hits than asked for can have a next one: the
    /// search stopped after examining very many pieces.
    pub next: Option<Cursor>,
}

/// A piece that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The kind of its record.
    pub record_kind: String,
    /// The id of its record.
    pub record_id: i64,
    /// Which text of the record it is.
    pub piece: i64,
    /// The words around what was found.
    pub snippet: Snippet,
    /// When it was first indexed.
    pub at: Timestamp,
}

/// A row that was found.
struct FoundRow {
    id: i64,
    kind: String,
    record: i64,
    piece: i64,
    body: String,
}
impl FromRow for FoundRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c: Columns<'_> = row.columns();
        Ok(Self { id: c.next()?, kind: c.next()?, record: c.next()?, piece: c.next()?, body: c.next()? })
    }
}

/// Finds the pieces that `query` asks for.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, query: &Query<'_>) -> Result<Found, DbError> {
    let Some(terms) = Terms::of(query.text) else { return Ok(Found::default()) };
    if query.reach.is_empty() || query.kinds.is_empty() || query.limit == 0 {
        return Ok(Found::default());
    }
    let mut search =
        Search { query, terms: &terms, rows: Vec::new(), below: query.before.map_or(i64::MAX, |cursor| cursor.id) };
    let ended = search.run(tx).await?;
    Ok(search.found(ended))
}

struct Search<'a> {
    query: &'a Query<'a>,
    terms: &'a Terms,
    /// Pieces found, at most one more than the page holds.
    rows: Vec<FoundRow>,
    /// All pieces with this id and above have been examined.
    below: i64,
}

impl Search<'_> {
    /// True when nothing is left to examine.
    async fn run(&mut self, tx: &mut Tx) -> Result<bool, DbError> {
        if !self.terms.look_rare() {
            let floor = self.look_through(tx).await?;
            if self.is_full() {
                return Ok(false);
            }
            match floor {
                Some(floor) => self.below = floor,
                None => return Ok(true),
            }
        }
        let mut examined = 0;
        // On SQLite candidates come one by one, newest first; PostgreSQL gathers all of them each time it is asked.
        let mut ask = match tx.engine() {
            Engine::Sqlite => CONFIRM,
            Engine::Postgres => MOST_CANDIDATES,
        };
        while examined < MOST_CANDIDATES {
            let candidates = self.candidates(tx, ask).await?;
            for some in candidates.chunks(CONFIRM) {
                let found = self.confirm(tx, &Part::All, &Among::These(some)).await?;
                self.rows.extend(found);
                if self.is_full() {
                    return Ok(false);
                }
                self.below = some.last().copied().unwrap_or(self.below);
            }
            if candidates.len() < ask {
                return Ok(true);
            }
            examined += candidates.len();
            ask = (ask * 4).min(4_096).max(ask);
        }
        Ok(false)
    }

    fn is_full(&self) -> bool {
        self.rows.len() > self.query.limit
    }

    fn found(mut self, ended: bool) -> Found {
        let more = self.is_full();
        self.rows.truncate(self.query.limit);
        let next = match (more, ended) {
            (true, _) => self.rows.last().map(|row| Cursor { key: row.id, id: row.id }),
            (false, true) => None,
            (false, false) => Some(Cursor { key: self.below, id: self.below }),
        };
        let hits = self.rows.into_iter().map(|row| Hit {
            snippet: snippet(&row.body, self.terms),
            at: made_at(row.id),
            record_kind: row.kind,
            record_id: row.record,
            piece: row.piece,
        });
        Found { hits: hits.collect(), next }
    }

    /// Looks through the newest pieces; says from which id on all have been, `None` when that is all there are.
    async fn look_through(&mut self, tx: &mut Tx) -> Result<Option<i64>, DbError> {
        let parts = parts(self.query.reach);
        let mut floor = None;
        for part in &parts {
            floor = floor.max(self.window(tx, part).await?);
        }
        let mut rows = Vec::new();
        for part in &parts {
            rows.extend(self.confirm(tx, part, &Among::From(floor.unwrap_or(i64::MIN))).await?);
        }
        // A piece can be in several parts.
        rows.sort_by_key(|row| std::cmp::Reverse(row.id));
        rows.dedup_by_key(|row| row.id);
        rows.truncate(self.query.limit + 1);
        self.rows = rows;
        Ok(floor)
    }

    /// The id of the last of the newest pieces of `part`; `None` when there are no more than those.
    async fn window(&self, tx: &mut Tx, part: &Part) -> Result<Option<i64>, DbError> {
        let mut filter = Filter::new("SELECT id FROM search_piece WHERE id < ?");
        filter.args(args![self.below]);
        if let Part::One(condition, value) = part {
            filter.bind(condition, std::slice::from_ref(value));
        }
        filter.bind(" ORDER BY id DESC LIMIT 1 OFFSET ?", args![WINDOW - 1]);
        tx.one(filter.sql(), filter.values()).await
    }

    /// What is found in `part` of the reach among the pieces given, newest first, as far as the page needs.
    async fn confirm(&self, tx: &mut Tx, part: &Part, among: &Among<'_>) -> Result<Vec<FoundRow>, DbError> {
        let mut filter = Filter::new("SELECT id, record_kind, record_id, piece, body FROM search_piece WHERE ");
        match among {
            Among::These(ids) => filter.bind_in("id", ids.iter().map(|id| Value::from(*id))),
            Among::From(floor) => filter.bind("id >= ? AND id < ?", args![*floor, self.below]),
        };
        match part {
            Part::One(condition, value) => filter.bind(condition, std::slice::from_ref(value)),
            Part::All => filter.reach(self.query.reach, "store_id", "team_id", "owner_id"),
        };
        // As an expression, lest the planner walks through all pieces of the kind by the unique index instead of the newest by id.
        filter.push(" AND ").bind_in("(record_kind || '')", self.query.kinds.iter().map(|kind| Value::from(*kind)));
        filter.push(" AND (TRUE");
        for term in &self.terms.terms {
            filter.bind(" AND (folded LIKE ? OR codes LIKE ?)", args![format!("%{}%", term.folded), whole_code(term)]);
        }
        if let Some(whole) = &self.terms.whole {
            filter.bind(" OR codes LIKE ?", args![whole_code(whole)]);
        }
        let wanted = (self.query.limit + 1).saturating_sub(self.rows.len());
        filter.bind(") ORDER BY id DESC LIMIT ?", args![i64::try_from(wanted).unwrap_or(i64::MAX)]);
        tx.all(filter.sql(), filter.values()).await
    }

    /// The newest pieces below [`Search::below`] that the index says may be found.
    async fn candidates(&self, tx: &mut Tx, limit: usize) -> Result<Vec<i64>, DbError> {
        let sql = match tx.engine() {
            Engine::Sqlite => {
                "SELECT rowid FROM search_index WHERE search_index MATCH $1 AND rowid < $2 ORDER BY rowid DESC LIMIT $3"
            }
            // All candidates first, then the newest, and no help from the primary key (+ 0): else the planner, who does not
            // know how few they are, walks through the whole table or its key.
            Engine::Postgres => {
                "WITH candidate AS MATERIALIZED (SELECT rowid FROM search_index WHERE tokens @@ $1::tsquery AND rowid + 0 < $2) \
                 SELECT rowid FROM candidate ORDER BY rowid DESC LIMIT $3"
            }
        };
        tx.all(sql, args![self.expression(tx.engine()), self.below, i64::try_from(limit).unwrap_or(i64::MAX)]).await
    }

    /// What the index is asked, in its language.
    fn expression(&self, engine: Engine) -> String {
        let words = Words::of(engine);
        let each = self.query.kinds.iter().map(|kind| format!("({})", self.of_kind(kind, &words)));
        each.collect::<Vec<_>>().join(words.or)
    }

    fn of_kind(&self, kind: &str, words: &Words) -> String {
        let all = |lookups: &[Lookup]| {
            lookups.iter().map(|lookup| words.lookup(kind, lookup)).collect::<Vec<_>>().join(words.and)
        };
        let code = |term: &Term| words.lookup(kind, &term.code_lookup());
        let term = |term: &Term| format!("(({}){}{})", all(&term.lookups), words.or, code(term));
        let mut expression = self.terms.terms.iter().map(term).collect::<Vec<_>>().join(words.and);
        if let Some(whole) = &self.terms.whole {
            expression = format!("({expression}){}{}", words.or, code(whole));
        }
        let reach = self.query.reach;
        let by_store =
            !reach.company && reach.teams.is_empty() && reach.own.is_none() && reach.stores.len() <= MOST_STORES;
        if by_store {
            let store =
                |store: &Id<of::Unit>| words.lookup(kind, &Lookup { token: store_token(*store), prefix: false });
            let stores = reach.stores.iter().map(store).collect::<Vec<_>>().join(words.or);
            expression = format!("({expression}){}({stores})", words.and);
        }
        expression
    }
}

/// A part of a reach that has an index of its own, or all of it at once.
enum Part {
    One(&'static str, Value),
    All,
}

/// Which pieces are confirmed.
enum Among<'a> {
    From(i64),
    These(&'a [i64]),
}

/// The parts of `reach`: each store, team and the person when they are few, else all at once.
fn parts(reach: &Reach) -> Vec<Part> {
    let stores = reach.stores.iter().map(|store| Part::One(" AND store_id = ?", Value::from(*store)));
    let teams = reach.teams.iter().map(|team| Part::One(" AND team_id = ?", Value::from(*team)));
    let own = reach.own.iter().map(|own| Part::One(" AND owner_id = ?", Value::from(*own)));
    let parts: Vec<Part> = stores.chain(teams).chain(own).collect();
    if reach.company || parts.len() > MOST_PARTS { vec![Part::All] } else { parts }
}

/// The words of an engine's query language. Tokens hold letters, digits, ideographs and private marks, so quoting suffices.
struct Words {
    quote: char,
    prefix: &'static str,
    and: &'static str,
    or: &'static str,
}

impl Words {
    const fn of(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => Self { quote: '"', prefix: "*", and: " AND ", or: " OR " },
            Engine::Postgres => Self { quote: '\'', prefix: ":*", and: " & ", or: " | " },
        }
    }
    fn lookup(&self, kind: &str, lookup: &Lookup) -> String {
        let Self { quote, prefix, .. } = self;
        format!("{quote}{}{quote}{}", of_kind(kind, &lookup.token), if lookup.prefix { prefix } else { "" })
    }
}

fn whole_code(term: &Term) -> String {
    format!("% {} %", term.code)
}

/// The instant in an id, see [`kernel::IdGen`].
const fn made_at(id: i64) -> Timestamp {
    const EPOCH: i64 = 1_577_836_800_000;
    Timestamp::from_millis((id >> 22) + EPOCH)
}
