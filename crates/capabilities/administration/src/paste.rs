//! Tables as people paste them from a spreadsheet: columns in any order, the first line may name them. Pure.

use std::collections::BTreeMap;

/// The most rows that one paste may hold.
pub(crate) const MOST: usize = 2_000;

/// A column that a paste may have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    /// The field's word.
    pub field: &'static str,
    /// How people name it, in lower case without spaces.
    pub names: &'static [&'static str],
}

/// One line of a paste.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Line {
    /// Which line of the paste it was, from 1, the heading counted.
    pub number: usize,
    cells: BTreeMap<&'static str, String>,
    /// As it was pasted, without the columns' order being touched.
    pub raw: Vec<String>,
}

impl Line {
    /// What stands in a column; empty where there is nothing.
    pub fn get(&self, field: &str) -> &str {
        self.cells.get(field).map_or("", String::as_str)
    }
}

/// A paste that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Table {
    /// Which field each column holds; none for a column that nobody knows.
    pub columns: Vec<Option<&'static str>>,
    /// Its heading as typed, if it has one.
    pub heading: Option<Vec<String>>,
    /// Its lines.
    pub lines: Vec<Line>,
    /// Lines beyond [`MOST`], which were not read.
    pub dropped: usize,
}

impl Table {
    /// The names of columns that nobody knows.
    pub fn unknown(&self) -> Vec<&str> {
        let heading = self.heading.iter().flatten().zip(&self.columns);
        heading.filter(|(name, field)| field.is_none() && !name.is_empty()).map(|(name, _)| name.as_str()).collect()
    }
    /// The lines that `wanted` lets through as text that can be pasted again, with the heading.
    pub fn text_of(&self, wanted: impl Fn(&Line) -> bool) -> String {
        let rows = self.lines.iter().filter(|line| wanted(line)).map(|line| &line.raw);
        let text: Vec<String> = self.heading.iter().chain(rows).map(|cells| cells.join("\t")).collect();
        if self.lines.iter().any(wanted) { text.join("\n") } else { String::new() }
    }
}

/// Reads `text`: cells between tabs, commas or semicolons, quoted where they hold one. The first line is a heading when at least
/// half of its cells name a column; without one the columns are those of `columns` in order.
pub(crate) fn read(text: &str, columns: &[Column]) -> Table {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let between = ['\t', ',', ';', '，'].into_iter().find(|sign| first.contains(*sign)).unwrap_or('\t');
    let mut rows =
        cells(text, between).into_iter().filter(|(_, row)| row.iter().any(|cell| !cell.is_empty())).peekable();
    let named = |cell: &String| {
        let name: String =
            cell.to_lowercase().chars().filter(|letter| !letter.is_whitespace() && *letter != '*').collect();
        columns.iter().find(|column| column.names.contains(&name.as_str())).map(|column| column.field)
    };
    let mut table = Table::default();
    let is_heading = rows.peek().is_some_and(|(_, row)| {
        let known = row.iter().filter(|cell| named(cell).is_some()).count();
        known > 0 && known * 2 >= row.iter().filter(|cell| !cell.is_empty()).count()
    });
    if is_heading && let Some((_, heading)) = rows.next() {
        let mut taken = Vec::new();
        for cell in &heading {
            let field = named(cell).filter(|field| !taken.contains(field));
            taken.extend(field);
            table.columns.push(field);
        }
        table.heading = Some(heading);
    } else {
        table.columns = columns.iter().map(|column| Some(column.field)).collect();
    }
    for (number, row) in rows {
        if table.lines.len() == MOST {
            table.dropped += 1;
            continue;
        }
        let cells = table.columns.iter().zip(&row).filter_map(|(field, cell)| Some(((*field)?, cell.clone())));
        table.lines.push(Line { number, cells: cells.filter(|(_, cell)| !cell.is_empty()).collect(), raw: row });
    }
    table
}

/// Rows of trimmed cells with the number of the line on which each begins.
fn cells(text: &str, between: char) -> Vec<(usize, Vec<String>)> {
    let mut rows = Vec::new();
    let (mut row, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let (mut number, mut began) = (1, 1);
    let mut letters = text.chars().peekable();
    let tidy = |cell: &mut String| std::mem::take(cell).split_whitespace().collect::<Vec<_>>().join(" ");
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.trim().is_empty() => quoted = true,
            '\n' => {
                number += 1;
                if quoted {
                    cell.push(' ');
                } else {
                    row.push(tidy(&mut cell));
                    rows.push((began, std::mem::take(&mut row)));
                    began = number;
                }
            }
            sign if sign == between && !quoted => row.push(tidy(&mut cell)),
            other if other.is_control() && other != '\t' => {}
            other => cell.push(other),
        }
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(tidy(&mut cell));
        rows.push((began, row));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[
        Column { field: "name", names: &["姓名", "name"] },
        Column { field: "login", names: &["工号", "staffno."] },
        Column { field: "phone", names: &["手机", "手机号"] },
    ];

    #[test]
    fn columns_come_in_any_order() {
        let table = read("手机号\t姓名\t备注\t 工号*\r\n13800138000\t王 晓明\t新人\thz1\r\n\r\n\t林\t\thz2", COLUMNS);
        assert_eq!(table.columns, [Some("phone"), Some("name"), None, Some("login")]);
        assert_eq!(table.unknown(), ["备注"]);
        let seen: Vec<_> = table
            .lines
            .iter()
            .map(|line| (line.number, line.get("name"), line.get("login"), line.get("phone")))
            .collect();
        assert_eq!(seen, [(2, "王 晓明", "hz1", "13800138000"), (4, "林", "hz2", "")]);
        assert_eq!(table.text_of(|line| line.number == 4), "手机号\t姓名\t备注\t工号*\n\t林\t\thz2");
        assert_eq!(table.text_of(|_| false), "");
    }

    #[test]
    fn without_a_heading_the_columns_are_the_usual_ones() {
        let table = read("王晓明,hz1,\"138 0013 8000\"\n\"林, \"\"小\"\"\n敏\",hz2", COLUMNS);
        assert_eq!(table.heading, None);
        let seen: Vec<_> = table.lines.iter().map(|line| (line.get("name"), line.get("phone"))).collect();
        assert_eq!(seen, [("王晓明", "138 0013 8000"), ("林, \"小\" 敏", "")]);
        assert!(read("", COLUMNS).lines.is_empty());
        assert!(read("\n \n\t\t\n", COLUMNS).lines.is_empty());
    }

    #[test]
    fn a_book_is_cut_and_says_so() {
        let text: String = (0..MOST + 3).map(|n| format!("名{n}\thz{n}\n")).collect();
        let table = read(&text, COLUMNS);
        assert_eq!((table.lines.len(), table.dropped), (MOST, 3));
    }
}
