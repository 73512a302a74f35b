//! The worked cases: every row is judged by the engine, none by a rule of its own.
#![cfg(test)]

use std::fmt::Write as _;

use remedies::{FactName, Facts, Remedy, Rulebook};

fn join<T>(items: impl Iterator<Item = T>, word: impl Fn(T) -> &'static str) -> String {
    items.map(word).collect::<Vec<_>>().join("|")
}

#[test]
fn all_worked_cases_agree() {
    let book = Rulebook::china().unwrap();
    let mut table = csv::Reader::from_path(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases.csv")).unwrap();
    let heads = table.headers().unwrap().clone();
    let mut wrong = String::new();
    let mut rows = 0;
    for row in table.records() {
        let row = row.unwrap();
        let cell = |name: &str| heads.iter().zip(&row).find(|(head, _)| *head == name).map(|(_, cell)| cell).unwrap();
        let mut facts = Facts::on(cell("claim_date").parse().unwrap());
        for (head, cell) in heads.iter().zip(&row) {
            if let Some(fact) = FactName::parse(head) {
                facts.set_cell(fact, cell).unwrap();
            }
        }
        let verdict = book.verdict(&facts, &[]).unwrap();
        let remedies = join(verdict.remedies.iter(), |open| open.remedy.as_str());
        let compensation = verdict.compensation.as_ref().and_then(|sum| sum.fen).unwrap_or(0).to_string();
        let last_day = verdict.last_day.map(|day| day.to_string()).unwrap_or_default();
        let extras = join(verdict.extras.iter(), |owed| owed.extra.as_str());
        for (column, found) in [
            ("expected_remedies", remedies),
            ("expected_fee_fen", verdict.fee_fen().to_string()),
            ("expected_comp_fen", compensation),
            ("expected_deadline", last_day),
            ("expected_extras", extras),
        ] {
            if cell(column) != found {
                writeln!(wrong, "{}: {column} is {:?}, found {found:?} ({})", cell("id"), cell(column), cell("note"))
                    .unwrap();
            }
        }
        assert!(verdict.remedies.iter().all(|open| open.remedy == Remedy::None || !open.grounds.is_empty()));
        rows += 1;
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert_eq!(rows, 136);
}
