use std::fmt::Write;

use kernel::Reach;

use crate::Value;

/// Puts a statement together from fragments and keeps the bound values in step. Fragments write `?` for each of their values;
/// the filter numbers them `$1`, `$2` … A `?` between single quotes is text.
///
/// ```
/// let mut filter = db::Filter::new("SELECT id FROM case_record WHERE state = ?");
/// filter.args(db::args!["open"]).bind(" AND due_at < ?", db::args![5_i64]);
/// assert_eq!(filter.sql(), "SELECT id FROM case_record WHERE state = $1 AND due_at < $2");
/// ```
#[derive(Debug, Clone)]
pub struct Filter {
    sql: String,
    values: Vec<Value>,
    markers: usize,
}

impl Filter {
    /// Statements that begin with `insert`, hold several rows each (`row` with a `?` for each value) and end with `ending`. Above 16
    /// rows there are a few sizes only, so that prepared statements are found again.
    pub fn of_rows(insert: &'static str, row: &'static str, ending: &'static str, rows: Vec<Vec<Value>>) -> Vec<Self> {
        let (mut left, mut rows, mut made) = (rows.len(), rows.into_iter(), Vec::new());
        while left > 0 {
            let size = match left {
                few @ 0..=16 => few,
                17..=63 => 16,
                _ => 64,
            };
            left -= size;
            let mut filter = Self::new(insert);
            for (n, values) in rows.by_ref().take(size).enumerate() {
                filter.push(if n > 0 { ", " } else { "" }).number(row);
                filter.values.extend(values);
            }
            filter.push(ending);
            made.push(filter);
        }
        made
    }
    /// Starts with `sql`, whose own values (`?`, or already numbered `$1` …) are given by [`Filter::args`] straight afterwards.
    pub fn new(sql: &'static str) -> Self {
        let mut filter = Self { sql: String::with_capacity(sql.len() + 256), values: Vec::new(), markers: 0 };
        filter.number(sql);
        filter
    }
    /// The values of the statement that [`Filter::new`] began with.
    pub fn args(&mut self, args: &[Value]) -> &mut Self {
        self.values.extend_from_slice(args);
        // A beginning that was numbered by hand has no markers.
        self.markers = self.markers.max(self.values.len());
        self
    }
    /// Adds a fragment without values.
    pub fn push(&mut self, sql: &'static str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }
    /// Adds a fragment with a `?` for each of `args`.
    pub fn bind(&mut self, sql: &'static str, args: &[Value]) -> &mut Self {
        let before = self.markers;
        self.number(sql);
        debug_assert_eq!(self.markers - before, args.len(), "markers and values of {sql}");
        self.values.extend_from_slice(args);
        self
    }
    /// Adds `column IN (…)`, or `FALSE` for no values. The list is padded to 1, 2, 4, 8 … places with its last value, so that
    /// few different statements arise and the engines' statement caches work.
    pub fn bind_in(&mut self, column: &'static str, values: impl IntoIterator<Item = Value>) -> &mut Self {
        let start = self.values.len();
        self.values.extend(values);
        let count = self.values.len() - start;
        let Some(last) = self.values.last().filter(|_| count > 0).cloned() else {
            return self.push("FALSE");
        };
        let places = count.next_power_of_two();
        self.values.resize(start + places, last);
        self.sql.push_str(column);
        self.sql.push_str(" IN (");
        for place in 0..places {
            self.sql.push_str(if place == 0 { "" } else { ", " });
            self.marker();
        }
        self.push(")")
    }
    /// Adds ` AND (…)` that keeps the rows within `reach`; the arguments are the columns that hold a row's store, team and
    /// owner. Reach over the company adds nothing but what it leaves out, no reach adds ` AND (FALSE)`.
    pub fn reach(&mut self, reach: &Reach, store: &'static str, team: &'static str, owner: &'static str) -> &mut Self {
        if reach.company {
            if reach.except.is_empty() {
                return self;
            }
            self.push(" AND (NOT ").bind_in(store, reach.except.iter().copied().map(Value::from));
            if let Some(own) = reach.own {
                self.push(" OR ").push(owner).bind(" = ?", crate::args![own]);
            }
            return self.push(")");
        }
        self.push(" AND (").bind_in(store, reach.stores.iter().copied().map(Value::from));
        if !reach.teams.is_empty() {
            self.push(" OR ").bind_in(team, reach.teams.iter().copied().map(Value::from));
        }
        if let Some(own) = reach.own {
            self.push(" OR ").push(owner).bind(" = ?", crate::args![own]);
        }
        self.push(")")
    }
    /// The statement so far.
    pub fn sql(&self) -> &str {
        &self.sql
    }
    /// Its values.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    fn number(&mut self, fragment: &str) {
        // Every other piece between single quotes is text.
        for (n, piece) in fragment.split('\'').enumerate() {
            if n > 0 {
                self.sql.push('\'');
            }
            for (m, part) in piece.split('?').enumerate() {
                match m {
                    0 => {}
                    _ if n % 2 == 1 => self.sql.push('?'),
                    _ => self.marker(),
                }
                self.sql.push_str(part);
            }
        }
    }
    fn marker(&mut self) {
        self.markers += 1;
        // Writing into a String cannot fail.
        let _ = write!(self.sql, "${}", self.markers);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Id, Reach};

    fn ints(values: &[i64]) -> Vec<Value> {
        values.iter().copied().map(Value::from).collect()
    }

    #[test]
    fn lists_are_padded_to_powers_of_two_and_an_empty_one_finds_nothing() {
        let mut filter = Filter::new("SELECT 1 FROM t WHERE ");
        filter.bind_in("a", ints(&[7, 8, 9])).push(" OR ").bind_in("b", ints(&[])).bind(" OR c = ?", &ints(&[5]));
        assert_eq!(filter.sql(), "SELECT 1 FROM t WHERE a IN ($1, $2, $3, $4) OR FALSE OR c = $5");
        assert_eq!(filter.values(), ints(&[7, 8, 9, 9, 5]));
    }

    #[test]
    fn a_beginning_may_be_numbered_by_hand_and_quoted_question_marks_stay() {
        let mut filter = Filter::new("SELECT '?' FROM t WHERE a = $1 AND b = $2 AND c = $1");
        filter.args(&ints(&[1, 2])).bind(" AND d = ?", &ints(&[3]));
        assert_eq!(filter.sql(), "SELECT '?' FROM t WHERE a = $1 AND b = $2 AND c = $1 AND d = $3");
    }

    #[test]
    fn reach_becomes_a_condition() {
        let sql = |reach: &Reach| {
            let mut filter = Filter::new("S WHERE TRUE");
            filter.reach(reach, "store", "team", "owner");
            (filter.sql().to_owned(), filter.values().len())
        };
        assert_eq!(sql(&Reach::company()), ("S WHERE TRUE".to_owned(), 0));
        assert_eq!(sql(&Reach::default()), ("S WHERE TRUE AND (FALSE)".to_owned(), 0));
        let reach = Reach {
            stores: [Id::new(1), Id::new(2)].into(),
            teams: [Id::new(3)].into(),
            own: Some(Id::new(4)),
            ..Reach::default()
        };
        assert_eq!(sql(&reach), ("S WHERE TRUE AND (store IN ($1, $2) OR team IN ($3) OR owner = $4)".to_owned(), 4));
        let sealed_out =
            Reach { company: true, except: [Id::new(9)].into(), own: Some(Id::new(4)), ..Reach::default() };
        assert_eq!(sql(&sealed_out), ("S WHERE TRUE AND (NOT store IN ($1) OR owner = $2)".to_owned(), 2));
    }
}
