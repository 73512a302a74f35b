//! `aftercare import cases FILE`: cases from a CSV file, in constant memory, each line once.
#![expect(clippy::print_stdout, reason = "the command's answer")]

pub(crate) mod source;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use capability::Ctx;
use cases::app::replay::Replay;
use cases::app::{CustomerChoice, Intake};
use cases::domain::{Channel, Kind, Priority, Wish};
use csv::StringRecord;
use kernel::{Fault, FaultKind, Id, Timestamp, of};
use parties::app::CustomerInput;
use sha2::{Digest, Sha256};
use web::Locale;

use crate::open::Installed;
use crate::progress::Progress;
use source::{Line, Source};

/// Lines that are written in one transaction.
const BATCH: usize = 200;
/// The longest subject that is made from a body, in characters.
const SUBJECT: usize = 40;

/// What was asked on the command line.
pub(crate) struct Asked {
    pub(crate) file: PathBuf,
    pub(crate) store: String,
    pub(crate) map: Vec<String>,
    pub(crate) kind: String,
    pub(crate) source: Option<String>,
    pub(crate) refused: Option<PathBuf>,
}

/// What a column can be, with headers that are taken for it when nothing else is said.
const FIELDS: &[(&str, &[&str])] = &[
    ("subject", &["subject", "title", "标题", "主题"]),
    ("body", &["body", "text", "content", "review", "内容", "描述", "问题", "评论"]),
    ("name", &["name", "customer", "姓名", "顾客", "客户", "联系人"]),
    ("phone", &["phone", "mobile", "tel", "电话", "手机", "手机号"]),
    ("product", &["product", "model", "category", "商品", "型号", "品类"]),
    ("serial", &["serial", "sn", "序列号"]),
    ("kind", &["kind", "type", "类型"]),
    ("channel", &["channel", "渠道"]),
    ("priority", &["priority", "优先级"]),
    ("happened_at", &["happened_at", "time", "date", "时间", "日期"]),
    ("external_id", &["external_id", "id", "编号", "单号"]),
];

/// What came of the lines.
#[derive(Default)]
struct Tally {
    imported: u64,
    known: u64,
    refused: u64,
}

/// Brings in the cases of `asked`. Exit code 1 when lines were refused.
pub(crate) async fn cases(installed: &Installed, asked: Asked) -> anyhow::Result<ExitCode> {
    let directory = installed.house.identity.directories().now();
    let Some(store) = directory.store_by_code(&asked.store) else {
        let codes: Vec<_> = directory.stores().map(|store| store.code.as_str()).collect();
        bail!("there is no store {}; stores: {}", asked.store, codes.join(", "));
    };
    let Some(kind) = Kind::parse(&asked.kind) else {
        bail!("there is no kind of case {}", asked.kind);
    };
    let mut file = Source::open(&asked.file)?;
    let headers = file.headers().clone();
    let columns = Columns::new(&headers, &asked.map)?;
    println!("{}", columns.said(&headers));
    let source = match &asked.source {
        Some(source) => source.clone(),
        None => asked.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
    };
    let refused_file = asked.refused.clone().unwrap_or_else(|| asked.file.with_extension("refused.csv"));
    let mut refusals = Refusals::new(refused_file, headers.clone());
    let lines = Lines {
        columns,
        source,
        store: store.id,
        kind,
        ctx: Ctx::system(Arc::clone(&installed.house), "import cases"),
    };
    let mut progress = Progress::of("lines", None);
    let (mut tally, mut done) = (Tally::default(), 0_u64);
    let mut batch: Vec<(u64, StringRecord, Intake)> = Vec::new();
    let ended = loop {
        let Line { number, record, fault } = match file.next() {
            Ok(Some(line)) => line,
            Ok(None) => break Ok(()),
            // What came before is written all the same.
            Err(error) => break Err(error),
        };
        match fault.map_or_else(|| lines.parse(number, &record), Err) {
            Ok(intake) => batch.push((number, record, intake)),
            Err(fault) => refusals.add(&mut tally, number, &record, &fault)?,
        }
        done += 1;
        if batch.len() == BATCH {
            lines.write(std::mem::take(&mut batch), &mut tally, &mut refusals).await?;
        }
        progress.at(done);
    };
    lines.write(batch, &mut tally, &mut refusals).await?;
    progress.end(done);
    println!("imported: {}, already there: {}, refused: {}", tally.imported, tally.known, tally.refused);
    let refused = refusals.finish()?;
    if let Some(file) = &refused {
        println!("refused lines with their reasons: {}", file.display());
    }
    ended?;
    Ok(if refused.is_some() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Which column is what.
struct Columns(BTreeMap<&'static str, usize>);

impl Columns {
    /// From what was said, else from the headers themselves.
    fn new(headers: &StringRecord, said: &[String]) -> anyhow::Result<Self> {
        let place = |name: &str| headers.iter().position(|header| header.trim().eq_ignore_ascii_case(name));
        let mut columns = BTreeMap::new();
        for pair in said {
            let Some((field, column)) = pair.split_once('=') else { bail!("--map takes FIELD=COLUMN, not {pair}") };
            let Some((field, _)) = FIELDS.iter().find(|(known, _)| *known == field) else {
                let known: Vec<_> = FIELDS.iter().map(|(known, _)| *known).collect();
                bail!("there is no field {field}; fields: {}", known.join(", "));
            };
            let Some(at) = place(column) else { bail!("the file has no column {column}") };
            columns.insert(*field, at);
        }
        for (field, names) in FIELDS {
            let free = |at: &usize| !columns.values().any(|taken| taken == at);
            if !columns.contains_key(field)
                && let Some(at) = names.iter().find_map(|name| place(name)).filter(free)
            {
                columns.insert(*field, at);
            }
        }
        if !columns.contains_key("body") && !columns.contains_key("subject") {
            bail!("no column holds what the customer says; name one with --map body=COLUMN");
        }
        Ok(Self(columns))
    }

    fn get<'r>(&self, record: &'r StringRecord, field: &str) -> &'r str {
        self.0.get(field).and_then(|at| record.get(*at)).map_or("", str::trim)
    }

    fn said(&self, headers: &StringRecord) -> String {
        let taken: Vec<_> =
            self.0.iter().map(|(field, at)| format!("{field} = {}", headers.get(*at).unwrap_or_default())).collect();
        let left: Vec<_> = headers
            .iter()
            .enumerate()
            .filter(|(at, _)| !self.0.values().any(|taken| taken == at))
            .map(|(_, name)| name)
            .collect();
        let left = if left.is_empty() { String::new() } else { format!("; not taken: {}", left.join(", ")) };
        format!("columns: {}{left}", taken.join(", "))
    }
}

/// How lines become cases.
struct Lines {
    columns: Columns,
    source: String,
    store: Id<of::Unit>,
    kind: Kind,
    ctx: Ctx,
}

impl Lines {
    fn parse(&self, line: u64, record: &StringRecord) -> Result<Intake, Fault> {
        let get = |field| self.columns.get(record, field);
        let kind = match get("kind") {
            "" => self.kind,
            word => Kind::parse(word).ok_or_else(|| Fault::field("kind", "unknown"))?,
        };
        let channel = match get("channel") {
            "" => Channel::Import,
            word => Channel::parse(word).ok_or_else(|| Fault::field("channel", "unknown"))?,
        };
        let priority = match get("priority") {
            "" => Priority::Normal,
            word => Priority::parse(word).ok_or_else(|| Fault::field("priority", "unknown"))?,
        };
        let happened_at = match get("happened_at") {
            "" => None,
            word => Some(self.moment(word)?),
        };
        let (subject, body) = match (get("subject"), get("body")) {
            ("", "") => return Err(Fault::field("body", "required")),
            ("", body) => (shortened(body), body),
            (subject, body) => (subject.to_owned(), body),
        };
        let customer = match (get("name"), get("phone")) {
            ("", "") => CustomerChoice::Anonymous,
            (name, phone) => CustomerChoice::New(CustomerInput {
                name: name.to_owned(),
                phone: phone.to_owned(),
                ..CustomerInput::default()
            }),
        };
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Ok(Intake {
            store: self.store,
            kind,
            channel,
            priority,
            customer,
            subject,
            body: body.to_owned(),
            wish: Wish::Unsaid,
            upset: false,
            product: some(get("product")),
            serial: some(get("serial")),
            external_id: Some(self.identity(line, record)),
            happened_at,
            ..Intake::default()
        })
    }

    /// By what a line is known again: its id column, else its place and content.
    fn identity(&self, line: u64, record: &StringRecord) -> String {
        match self.columns.get(record, "external_id") {
            "" => {
                let mut digest = Sha256::new();
                for field in record {
                    digest.update(u64::try_from(field.len()).unwrap_or_default().to_be_bytes());
                    digest.update(field);
                }
                let content: String = hex::encode(digest.finalize()).chars().take(16).collect();
                format!("{}:{line}:{content}", self.source)
            }
            id => format!("{}:{id}", self.source),
        }
    }

    /// RFC 3339, or a wall-clock date (and time) in the company's zone.
    fn moment(&self, word: &str) -> Result<Timestamp, Fault> {
        let wrong = || Fault::field("happened_at", "time");
        if let Ok(at) = word.parse::<Timestamp>() {
            return Ok(at);
        }
        let (day, time) = word.split_once([' ', 'T']).unwrap_or((word, "00:00"));
        // Spreadsheets write 2026/3/4.
        let mut numbers = day.split(['/', '-', '.']);
        let mut number = || numbers.next().and_then(|number| number.parse::<i16>().ok()).ok_or_else(wrong);
        let (year, month, date) = (number()?, number()?, number()?);
        let small = |number: i16| i8::try_from(number).map_err(|_large| wrong());
        let day = kernel::Day::new(year, small(month)?, small(date)?).map_err(|_none| wrong())?;
        let mut parts = time.split(':').map(|part| part.parse::<i8>().ok());
        match (parts.next().flatten(), parts.next().flatten()) {
            (Some(hour @ 0..=23), Some(minute @ 0..=59)) => Ok(day.at(hour, minute, &self.ctx.house.zone)),
            _ => Err(wrong()),
        }
    }

    /// Writes a batch in one transaction; when one line spoils it, each line in one of its own, so that only that line is refused.
    async fn write(
        &self,
        batch: Vec<(u64, StringRecord, Intake)>,
        tally: &mut Tally,
        refusals: &mut Refusals,
    ) -> anyhow::Result<()> {
        if batch.is_empty() {
            return Ok(());
        }
        let intakes: Vec<Intake> = batch.iter().map(|(_, _, intake)| intake.clone()).collect();
        if let Ok(existed) = self.take_in(intakes).await {
            let known = existed.iter().filter(|existed| **existed).count();
            tally.known += u64::try_from(known)?;
            tally.imported += u64::try_from(existed.len() - known)?;
            return Ok(());
        }
        for (line, record, intake) in batch {
            match self.take_in(vec![intake]).await {
                Ok(existed) if existed == [true] => tally.known += 1,
                Ok(_) => tally.imported += 1,
                Err(fault) if matches!(fault.kind(), FaultKind::Busy | FaultKind::Internal) => {
                    return Err(fault)
                        .context("the database does not answer; run the same command again, nothing comes in twice");
                }
                Err(fault) => refusals.add(tally, line, &record, &fault)?,
            }
        }
        Ok(())
    }

    async fn take_in(&self, intakes: Vec<Intake>) -> Result<Vec<bool>, Fault> {
        let now = self.ctx.now();
        let replay = Replay::open(&self.ctx).await?;
        let mut prepared = Vec::with_capacity(intakes.len());
        for intake in intakes {
            prepared.push(replay.prepare(&self.ctx, intake, now).await?);
        }
        self.ctx
            .write((replay, prepared), |w, (replay, prepared)| {
                Box::pin(async move {
                    let (ctx, now) = (w.ctx, w.now);
                    let mut existed = Vec::with_capacity(prepared.len());
                    for prepared in prepared {
                        existed
                            .push(replay.take_in(&mut w.acting(ctx, now), prepared, None).await?.into_value().existed);
                    }
                    Ok(w.unchanged(existed))
                })
            })
            .await
    }
}

fn shortened(body: &str) -> String {
    let line = body.lines().find(|line| !line.trim().is_empty()).unwrap_or(body).trim();
    if line.chars().count() <= SUBJECT {
        return line.to_owned();
    }
    let start: String = line.chars().take(SUBJECT - 1).collect();
    format!("{start}…")
}

/// Lines that were not taken, with why, as a CSV file that can be corrected and brought in again.
struct Refusals {
    path: PathBuf,
    headers: StringRecord,
    file: Option<csv::Writer<File>>,
}

impl Refusals {
    const fn new(path: PathBuf, headers: StringRecord) -> Self {
        Self { path, headers, file: None }
    }

    fn add(&mut self, tally: &mut Tally, line: u64, record: &StringRecord, fault: &Fault) -> anyhow::Result<()> {
        tally.refused += 1;
        let file = match &mut self.file {
            Some(file) => file,
            None => {
                let path = &self.path;
                let made = csv::WriterBuilder::new()
                    .flexible(true)
                    .from_path(path)
                    .with_context(|| format!("{} cannot be written; choose another with --refused", path.display()))?;
                let file = self.file.insert(made);
                file.write_record(self.headers.iter().chain(["line", "reason"]))?;
                file
            }
        };
        let line = line.to_string();
        let reason = web::sentence(Locale::ZhCn, fault);
        file.write_record(record.iter().chain([line.as_str(), reason.as_str()]))?;
        Ok(())
    }

    fn finish(self) -> anyhow::Result<Option<PathBuf>> {
        let Some(mut file) = self.file else { return Ok(None) };
        file.flush()?;
        Ok(Some(self.path))
    }
}
