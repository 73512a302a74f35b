//! The file that is brought in, record by record, in constant memory.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

use anyhow::{Context as _, bail};
use csv::{ByteRecord, StringRecord};
use kernel::{Fault, FieldErrors};

/// The longest record in bytes; texts may have 20,000 characters. What is longer has lost a quotation mark, and would be read
/// to the end of the file.
const LONGEST: usize = 1024 * 1024;

/// A CSV file with a header line.
pub(crate) struct Source {
    reader: csv::Reader<Watched>,
    seen: Rc<Seen>,
    headers: StringRecord,
    /// Lines end as on Windows.
    crlf: bool,
}

/// A record as it was read; `fault` says why it cannot be taken.
pub(crate) struct Line {
    /// Where it begins, from 1.
    pub(crate) number: u64,
    /// Its fields; what is no UTF-8 is replaced.
    pub(crate) record: StringRecord,
    /// What is wrong with it as a record.
    pub(crate) fault: Option<Fault>,
}

impl Source {
    /// Opens `file` and reads its header line.
    pub(crate) fn open(file: &Path) -> anyhow::Result<Self> {
        let opened = File::open(file).with_context(|| format!("{} cannot be opened", file.display()))?;
        let mut input = BufReader::new(opened);
        // A byte-order mark, as spreadsheets write it, is not part of the first column's name.
        if input.fill_buf().context("the file cannot be read")?.starts_with(b"\xEF\xBB\xBF") {
            input.consume(3);
        }
        let first = input.fill_buf().context("the file cannot be read")?;
        let crlf = first
            .iter()
            .position(|byte| *byte == b'\n')
            .is_some_and(|at| first.get(..at).is_some_and(|line| line.ends_with(b"\r")));
        let seen = Rc::new(Seen::default());
        let watched = Watched { input, seen: Rc::clone(&seen) };
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(watched);
        let headers = reader.headers().context("the first line must name the columns, in UTF-8")?.clone();
        if headers.is_empty() {
            bail!("{} is empty; the first line must name the columns", file.display());
        }
        Ok(Self { reader, seen, headers, crlf })
    }

    /// The names of the columns.
    pub(crate) fn headers(&self) -> &StringRecord {
        &self.headers
    }

    /// The next record; `None` at the end.
    pub(crate) fn next(&mut self) -> anyhow::Result<Option<Line>> {
        let after = self.reader.position().line();
        self.seen.bytes.set(0);
        let mut record = ByteRecord::new();
        let more =
            self.reader.read_byte_record(&mut record).with_context(|| match self.seen.bytes.get() > LONGEST {
                true => format!("the record after line {after} does not end; a quotation mark is missing"),
                false => format!("what comes after line {after} cannot be read"),
            })?;
        if !more {
            return Ok(None);
        }
        let number = self.begins(&record);
        let lossy: StringRecord = record.iter().map(String::from_utf8_lossy).collect();
        let fault = self.fault(&record);
        Ok(Some(Line { number, record: lossy, fault }))
    }

    /// The line on which `record`, just read, begins. The reader knows where it stands: behind the record, except that it leaves
    /// the second half of a Windows line end for later. Its own idea of where a record begins does not count empty lines.
    fn begins(&self, record: &ByteRecord) -> u64 {
        let inside = record.iter().flatten().filter(|byte| **byte == b'\n').count();
        let unended = self.seen.ended.get() && (self.seen.quotes_odd.get() || self.seen.last.get() != b'\n');
        let behind = u64::from(!self.crlf && !unended) + u64::try_from(inside).unwrap_or_default();
        self.reader.position().line().saturating_sub(behind)
    }

    fn fault(&self, record: &ByteRecord) -> Option<Fault> {
        if record.iter().any(|field| std::str::from_utf8(field).is_err()) {
            return Some(Fault::field("line", "not-utf8"));
        }
        // The last record reaches to the end of the file when its quotation mark was never closed.
        let spans_lines = record.iter().any(|field| field.contains(&b'\n'));
        if self.seen.ended.get() && self.seen.quotes_odd.get() && spans_lines {
            return Some(Fault::field("line", "quote-open"));
        }
        if record.len() != self.headers.len() {
            let mut errors = FieldErrors::default();
            let counts = vec![("now", record.len().to_string()), ("columns", self.headers.len().to_string())];
            errors.add_with("line", "columns", counts);
            return Some(Fault::invalid(errors));
        }
        None
    }
}

/// What went by since the last record.
#[derive(Default)]
struct Seen {
    bytes: Cell<usize>,
    quotes_odd: Cell<bool>,
    ended: Cell<bool>,
    last: Cell<u8>,
}

/// The file, refusing to go on within a record that does not end.
struct Watched {
    input: BufReader<File>,
    seen: Rc<Seen>,
}

impl Read for Watched {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.seen.bytes.get() > LONGEST {
            return Err(io::Error::other("too long"));
        }
        let n = self.input.read(into)?;
        let quotes = into.iter().take(n).filter(|byte| **byte == b'"').count();
        self.seen.bytes.set(self.seen.bytes.get().saturating_add(n));
        self.seen.quotes_odd.set(self.seen.quotes_odd.get() != (quotes % 2 == 1));
        if let Some(last) = into.iter().take(n).next_back() {
            self.seen.last.set(*last);
        }
        self.seen.ended.set(n == 0 && !into.is_empty());
        Ok(n)
    }
}
