//! Tables that people bring (表格): comma-separated values in the encodings that spreadsheets write here, and workbooks; points in time as
//! they are written in them; the form that brings one. Nothing in them is run.

mod form;
mod moment;

pub use form::sent;
pub use moment::moment;

use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};

/// The largest file, in bytes, and the largest part of a workbook once it is unpacked.
pub const LARGEST: usize = 2 * 1024 * 1024;
const UNPACKED: u64 = 32 * 1024 * 1024;
/// Most lines and columns that are read, the line of names included.
pub const LINES: usize = 501;
const COLUMNS: usize = 40;
/// Longest cell, in characters.
const CELL: usize = 4_000;

/// Why a file is no table: codes of field errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// Nothing is in it.
    Empty,
    /// It is neither.
    Unreadable,
    /// It is too large, packed or unpacked.
    TooLarge,
    /// More lines than are taken at once.
    TooMany,
}

impl Broken {
    /// The code of the field's error.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "table-empty",
            Self::Unreadable => "table-unreadable",
            Self::TooLarge => "table-large",
            Self::TooMany => "table-many",
        }
    }
}

/// The lines of `bytes`, a workbook when it begins like one and text otherwise; empty lines are left out.
///
/// # Errors
/// Why it is none.
pub fn read(bytes: &[u8]) -> Result<Vec<Vec<String>>, Broken> {
    if bytes.len() > LARGEST {
        return Err(Broken::TooLarge);
    }
    let lines = if bytes.starts_with(b"PK\x03\x04") { workbook(bytes)? } else { text(bytes)? };
    let mut lines: Vec<Vec<String>> = lines;
    lines.retain(|line| line.iter().any(|cell| !cell.is_empty()));
    match lines.len() {
        0 => Err(Broken::Empty),
        n if n > LINES => Err(Broken::TooMany),
        _ => Ok(lines),
    }
}

fn text(bytes: &[u8]) -> Result<Vec<Vec<String>>, Broken> {
    if bytes.contains(&0) {
        return Err(Broken::Unreadable);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // Spreadsheets here save in UTF-8 or in the encoding of Windows for China.
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_other) => {
            let (text, _, wrong) = encoding_rs::GB18030.decode(bytes);
            if wrong {
                return Err(Broken::Unreadable);
            }
            text.into_owned()
        }
    };
    let first = text.lines().next().unwrap_or_default();
    let count = |mark: char| first.chars().filter(|letter| *letter == mark).count();
    let parted = [('\t', b'\t'), (';', b';'), (',', b',')];
    let (_, delimiter) = parted.into_iter().max_by_key(|(mark, _)| count(*mark)).unwrap_or((',', b','));
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_broken| Broken::Unreadable)?;
        lines.push(record.iter().take(COLUMNS).map(clean).collect());
        if lines.len() > LINES * 2 {
            return Err(Broken::TooMany);
        }
    }
    Ok(lines)
}

/// The first sheet. What is packed is unpacked once for nothing but its size: a small file can hold a large one.
fn workbook(bytes: &[u8]) -> Result<Vec<Vec<String>>, Broken> {
    let mut packed = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_broken| Broken::Unreadable)?;
    let mut left = UNPACKED;
    for nth in 0..packed.len() {
        let part = packed.by_index(nth).map_err(|_broken| Broken::Unreadable)?;
        let size =
            std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|_broken| Broken::Unreadable)?;
        left = left.checked_sub(size).ok_or(Broken::TooLarge)?;
    }
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes))
        .map_err(|_broken: calamine::XlsxError| Broken::Unreadable)?;
    let sheet = book.worksheet_range_at(0).ok_or(Broken::Empty)?.map_err(|_broken| Broken::Unreadable)?;
    if sheet.height() > LINES * 2 {
        return Err(Broken::TooMany);
    }
    Ok(sheet.rows().map(|row| row.iter().take(COLUMNS).map(cell).collect()).collect())
}

fn cell(data: &Data) -> String {
    match data {
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        Data::DateTime(at) => match at.is_datetime() {
            true => {
                let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
                format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
            }
            false => at.to_string(),
        },
        Data::Error(_) | Data::Empty => String::new(),
        other => clean(&other.to_string()),
    }
}

/// A cell's text; the mark that keeps a spreadsheet from taking it for a formula is no part of it.
fn clean(cell: &str) -> String {
    let text: String = cell.trim().chars().filter(|letter| *letter != '\0').take(CELL).collect();
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest.to_owned(),
        _ => text,
    }
}

/// `lines` as text that [`read`] reads again.
pub fn write(lines: &[Vec<String>]) -> String {
    let mut writer = csv::WriterBuilder::new().flexible(true).delimiter(b'\t').from_writer(Vec::new());
    for line in lines {
        // Writing into memory does not fail; what did would be missing from the preview, where it shows.
        if writer.write_record(line).is_err() {
            break;
        }
    }
    writer.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_in_the_encodings_and_with_the_marks_that_are_usual_here() {
        let expected = vec![vec!["单号".to_owned(), "内容".to_owned()], vec!["A1".to_owned(), "漏水,很多".to_owned()]];
        for text in
            ["\u{feff}单号,内容\r\nA1,\"漏水,很多\"\r\n\r\n", "单号\t内容\nA1\t漏水,很多\n", "单号;内容\nA1;漏水,很多"]
        {
            assert_eq!(read(text.as_bytes()).unwrap(), expected, "{text}");
        }
        let (gbk, _, _) = encoding_rs::GB18030.encode("单号,内容\nA1,\"漏水,很多\"");
        assert_eq!(read(&gbk).unwrap(), expected);
        assert_eq!(read(write(&expected).as_bytes()).unwrap(), expected, "what is written is read again");
    }

    #[test]
    fn what_is_no_table_is_refused() {
        assert_eq!(read(b"").unwrap_err(), Broken::Empty);
        assert_eq!(read(b"\n , \n").unwrap_err(), Broken::Empty);
        assert_eq!(read(b"PK\x03\x04nothing").unwrap_err(), Broken::Unreadable);
        assert_eq!(read(b"a\0b").unwrap_err(), Broken::Unreadable);
        assert_eq!(read(&vec![b'a'; LARGEST + 1]).unwrap_err(), Broken::TooLarge);
        assert_eq!(read("a,b\n".repeat(LINES + 1).as_bytes()).unwrap_err(), Broken::TooMany);
    }

    #[test]
    fn formulas_are_text() {
        let lines = read("a,b\n'=1+1,=2+2".as_bytes()).unwrap();
        assert_eq!(lines[1], ["=1+1", "=2+2"]);
    }

    /// A workbook with `sheet` as its only sheet.
    fn packed(sheet: &str) -> Vec<u8> {
        use std::io::Write;
        let parts = [
            (
                "[Content_Types].xml",
                "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/></Types>",
            ),
            (
                "_rels/.rels",
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
            ),
            (
                "xl/workbook.xml",
                "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
            ),
            (
                "xl/_rels/workbook.xml.rels",
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
            ),
            ("xl/worksheets/sheet1.xml", sheet),
        ];
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            archive.write_all(text.as_bytes()).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    #[test]
    fn workbooks_are_read_and_bombs_are_not() {
        let sheet = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>\
            <row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>单号</t></is></c><c r=\"B1\" t=\"inlineStr\"><is><t>电话</t></is></c></row>\
            <row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>A1</t></is></c><c r=\"B2\"><v>13800001111</v></c></row></sheetData></worksheet>";
        assert_eq!(read(&packed(sheet)).unwrap(), [["单号", "电话"], ["A1", "13800001111"]]);
        let bomb = packed(&format!("<worksheet>{}</worksheet>", " ".repeat(33 * 1024 * 1024)));
        assert!(bomb.len() < LARGEST);
        assert_eq!(read(&bomb).unwrap_err(), Broken::TooLarge);
    }
}
