//! Tables pasted from a spreadsheet: cells parted by tabs, columns in any order by the names in the first row.

use std::collections::BTreeMap;

/// A column that a paste may have.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its field.
    pub name: &'static str,
    /// What its first cell may say, in any language, lower case and without blanks; the first is shown as an example.
    pub words: &'static [&'static str],
}

/// A pasted row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastedRow {
    /// Its number in the paste, from 1, without the row of names.
    pub nth: usize,
    /// Its cells by field; what stands in columns that nobody knows is left out.
    pub cells: BTreeMap<&'static str, String>,
    /// The row as it was pasted.
    pub line: String,
}

/// A pasted table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pasted {
    /// The row of names as it was pasted; absent when the paste has none.
    pub head: Option<String>,
    /// The fields of its columns, in their order, as far as they are known.
    pub fields: Vec<&'static str>,
    /// Names that no column has.
    pub unknown: Vec<String>,
    /// Its rows; empty ones are left out.
    pub rows: Vec<PastedRow>,
    /// There were more rows than are read.
    pub too_many: bool,
}

/// Reads a pasted table, at most `most` rows. Without a row of names the columns stand in the order of `columns`.
pub fn pasted(text: &str, columns: &[Column], most: usize) -> Pasted {
    let mut lines = records(text).into_iter().filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty())).peekable();
    let named = |cell: &str| {
        let plain: String =
            cell.chars().filter(|c| !c.is_whitespace() && !matches!(c, '*' | ':' | '：' | '_')).collect();
        let plain = plain.to_lowercase();
        columns.iter().find(|column| column.words.contains(&plain.as_str()) || column.name.replace('_', "") == plain)
    };
    let heads = lines.peek().map(|(_, cells)| cells.iter().filter(|cell| named(cell).is_some()).count()).unwrap_or(0);
    let filled = lines.peek().map_or(0, |(_, cells)| cells.iter().filter(|cell| !cell.is_empty()).count());
    let mut result = Pasted::default();
    // A row of names has names in at least half of its cells; a row of data happens to hold one at most.
    let places: Vec<Option<&'static str>> = if heads > 0 && heads * 2 >= filled {
        let (line, cells) = lines.next().unwrap_or_default();
        result.head = Some(line);
        result.unknown = cells.iter().filter(|cell| !cell.is_empty() && named(cell).is_none()).cloned().collect();
        cells.iter().map(|cell| named(cell).map(|column| column.name)).collect()
    } else {
        columns.iter().map(|column| Some(column.name)).collect()
    };
    result.fields = places.iter().flatten().copied().collect();
    for (nth, (line, cells)) in (1..).zip(lines) {
        if nth > most {
            result.too_many = true;
            break;
        }
        let mut by_field: BTreeMap<&'static str, String> = BTreeMap::new();
        for (place, cell) in places.iter().zip(cells) {
            if let Some(field) = place {
                by_field.entry(field).or_insert(cell);
            }
        }
        result.rows.push(PastedRow { nth, cells: by_field, line });
    }
    result
}

/// Rows with their cells; a spreadsheet quotes cells that hold tabs, line ends or quotes.
fn records(text: &str) -> Vec<(String, Vec<String>)> {
    let mut all = Vec::new();
    let (mut line, mut cells, mut cell) = (String::new(), Vec::new(), String::new());
    let mut quoted = false;
    let mut letters = text.chars().filter(|c| *c != '\r' && *c != '\u{feff}').peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
                line.push_str("\"\"");
            }
            '"' if quoted => {
                quoted = false;
                line.push('"');
            }
            '"' if cell.is_empty() => {
                quoted = true;
                line.push('"');
            }
            '\t' if !quoted => {
                cells.push(clean(&std::mem::take(&mut cell)));
                line.push('\t');
            }
            '\n' if !quoted => {
                cells.push(clean(&std::mem::take(&mut cell)));
                all.push((std::mem::take(&mut line), std::mem::take(&mut cells)));
            }
            other => {
                cell.push(other);
                line.push(other);
            }
        }
    }
    cells.push(clean(&cell));
    all.push((line, cells));
    all
}

/// A cell's text; the mark that keeps a spreadsheet from taking it for a formula is no part of it.
fn clean(cell: &str) -> String {
    let text = cell.trim();
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest.to_owned(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[
        Column { name: "code", words: &["商品编码", "code"] },
        Column { name: "name", words: &["名称", "productname"] },
        Column { name: "law_months", words: &["三包月数"] },
    ];

    #[test]
    fn columns_stand_in_any_order_under_names_of_any_language() {
        let found = pasted("Product name\t颜色\t商品编码*\r\n洗衣机\t白\tX1\r\n\r\n\"带\t格\"\t\tX2\n", COLUMNS, 10);
        assert_eq!(
            (found.fields.as_slice(), found.unknown.as_slice()),
            (&["name", "code"][..], &["颜色".to_owned()][..])
        );
        assert_eq!(found.rows[0].cells["code"], "X1");
        assert_eq!((found.rows[1].nth, found.rows[1].cells["name"].as_str()), (2, "带\t格"));
        assert_eq!(found.head.as_deref(), Some("Product name\t颜色\t商品编码*"));
    }

    #[test]
    fn without_names_the_usual_order_holds() {
        let found = pasted("X1\t洗衣机\t12\nX2\t冰箱", COLUMNS, 1);
        assert_eq!((found.head.as_deref(), found.rows.len(), found.too_many), (None, 1, true));
        assert_eq!(found.rows[0].cells["law_months"], "12");
    }

    #[test]
    fn the_mark_against_formulas_is_taken_off() {
        let found = pasted("code\tname\nX1\t'=HYPERLINK(1)\nX2\t=1+1", COLUMNS, 9);
        assert_eq!(found.rows[0].cells["name"], "=HYPERLINK(1)");
        assert_eq!(found.rows[1].cells["name"], "=1+1", "text stays text");
        assert!(pasted(" \n\t\n", COLUMNS, 9).rows.is_empty());
    }
}
