use std::fmt;

/// The table that the bench ends with.
#[derive(Default)]
pub struct Report {
    rows: Vec<Row>,
}

struct Row {
    what: String,
    found: String,
    bar: String,
    verdict: &'static str,
}

impl Report {
    /// A number that is to be at most `bar`.
    pub fn at_most(&mut self, what: impl Into<String>, found: f64, bar: f64, details: impl fmt::Display) {
        let verdict = if found <= bar { "reached" } else { "MISSED" };
        self.add(what.into(), format!("{found:.2} ({details})"), format!("≤ {bar}"), verdict);
    }
    fn add(&mut self, what: String, found: String, bar: String, verdict: &'static str) {
        println!("  {what}: {found} {bar} {verdict}");
        self.rows.push(Row { what, found, bar, verdict });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(to, "| what | found | bar | |\n| --- | --- | --- | --- |")?;
        for Row { what, found, bar, verdict } in &self.rows {
            writeln!(to, "| {what} | {found} | {bar} | {verdict} |")?;
        }
        Ok(())
    }
}
