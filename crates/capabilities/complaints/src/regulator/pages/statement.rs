//! The statement of facts on its page: its versions, its editing, and the words of a draft.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use cases::app::Item;
use kernel::{Fault, FaultKind, Id, Money, Timestamp, of};
use web::{Failure, Filled, Form, Lang, Locale, Markup, Page, View};

use super::{go_to, status, with_done};
use crate::pages::shown::{unit_name, user_name};
use crate::regulator::app::{self, Detail, LONGEST, Sources};
use crate::regulator::domain::{HOLE, Nature};

/// Longest sentence that is taken over from a message, in characters.
const QUOTED: usize = 200;
/// What is entered later than so many milliseconds is said to be.
const LATE: i64 = 60_000;

/// What happened to the complaint that belongs into a statement, by its verb.
const TOLD: [&str; 14] = [
    "case.taken_in",
    "case.files_added",
    "complaints.reg_received",
    "complaints.accepted",
    "complaints.concluded",
    "complaints.offered",
    "complaints.agreed",
    "complaints.refused",
    "complaints.executed",
    "complaints.finished",
    "complaints.closed",
    "complaints.withdrawn",
    "complaints.reg_mediated",
    "complaints.reg_extended",
];

#[derive(Template)]
#[template(path = "complaints_statement.html")]
struct StatementPage {
    page: Page,
    detail: Detail,
    form: Filled,
    refusal: Option<Markup>,
    /// Version, who and when, current.
    versions: Vec<(i64, String, bool)>,
    /// An older version that is looked at.
    older: Option<(i64, String)>,
    open: bool,
    holes: i64,
    back: String,
}

impl StatementPage {
    fn bar(&self) -> web::ActionBar {
        let back = self.page.t("complaints-back-to-one");
        let bar = web::action_bar(&self.page.lang, &None).link(back, format!("/regulator/{}", self.detail.one.case));
        match self.open && self.detail.may_edit && self.older.is_none() {
            true => bar.submit(self.page.t("complaints-reg-save"), "statement"),
            false => bar,
        }
    }
}

/// `GET /regulator/{id}/statement?version=`
pub(crate) async fn page(
    page: Page,
    ctx: Ctx,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let query = Form::from_query(&query.unwrap_or_default());
    let page = with_done(page, &query);
    let detail = app::detail(&ctx, Id::new(id)).await?;
    let newest = detail.statements.first().ok_or_else(Fault::not_found)?.clone();
    let wanted = query.raw("version").parse::<i64>().ok().filter(|version| *version != newest.version);
    let older = wanted.and_then(|version| detail.statements.iter().find(|one| one.version == version));
    let older = older.map(|one| (one.version, one.body.clone()));
    let form = Filled::new().with("body", newest.body);
    Ok(View(render(&ctx, page, detail, form, older, None)).into_response())
}

fn render(
    ctx: &Ctx,
    page: Page,
    detail: Detail,
    form: Filled,
    older: Option<(i64, String)>,
    refusal: Option<Markup>,
) -> StatementPage {
    let lang = &page.lang;
    let shown = older.as_ref().map_or(detail.one.draft, |(version, _)| *version);
    let versions = detail.statements.iter().map(|one| {
        let who = if one.from_record {
            lang.t1("complaints-reg-from-record", "name", user_name(ctx, one.made_by))
        } else {
            user_name(ctx, one.made_by)
        };
        (one.version, format!("{who} · {}", lang.at(one.made_at)), one.version == shown)
    });
    let holes = detail.statements.first().map_or(0, |one| one.body.matches(HOLE).count());
    StatementPage {
        versions: versions.collect(),
        open: detail.one.signed.is_none() && detail.one.approval.is_none(),
        holes: i64::try_from(holes).unwrap_or(i64::MAX),
        back: format!("/regulator/{}", detail.one.case),
        older,
        form,
        refusal,
        page: page.named("complaints-reg-statement"),
        detail,
    }
}

/// `POST /regulator/{id}/statement`: somebody edited it.
pub(crate) async fn edit(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let id = Id::<of::Case>::new(id);
    let version = form.version("version")?;
    let body = form.text("body", LONGEST);
    let done = match form.check() {
        Ok(()) => app::edit(&ctx, id, version, body).await,
        Err(fault) => Err(fault),
    };
    let fault = match done {
        Ok(_) => return Ok(go_to(&format!("/regulator/{id}/statement?done=edited"))),
        Err(fault) => fault,
    };
    let (code, fault) = status(fault)?;
    let detail = app::detail(&ctx, id).await?;
    let notice = (fault.kind() != FaultKind::Invalid).then(|| web::notice(&page.lang, &fault));
    let form = form.into_filled_with(&fault);
    Ok((code, View(render(&ctx, page, detail, form, None, notice))).into_response())
}

/// `POST /regulator/{id}/statement/draft`: the next version is written from the record.
pub(crate) async fn draft(ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Response, Failure> {
    let id = Id::<of::Case>::new(id);
    let version = form.version("version")?;
    let sources = app::sources(&ctx, id).await?;
    app::draft(&ctx, id, version, body(&ctx, &sources)).await?;
    Ok(go_to(&format!("/regulator/{id}/statement?done=drafted")))
}

/// `POST /regulator/{id}/statement/ask`: a second person is asked to sign.
pub(crate) async fn ask(page: Page, ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Response, Failure> {
    let id = Id::<of::Case>::new(id);
    let version = form.version("version")?;
    let fault = match app::ask(&ctx, id, version).await {
        Ok(_) => return Ok(go_to(&format!("/regulator/{id}?done=asked"))),
        Err(fault) => fault,
    };
    let (code, fault) = status(fault)?;
    let detail = app::detail(&ctx, id).await?;
    let newest = detail.statements.first().map(|one| one.body.clone()).unwrap_or_default();
    let notice = Some(web::notice(&page.lang, &fault));
    let form = Filled::new().with("body", newest);
    Ok((code, View(render(&ctx, page, detail, form, None, notice))).into_response())
}

/// The words of a draft: only what the record says, in the order in which it happened, with the proofs by number; what the record does not
/// say is a hole for a person. An authority reads Chinese, whatever the reader's language.
pub fn body(ctx: &Ctx, from: &Sources) -> String {
    let (one, detail) = (&from.one, &from.detail);
    let directory = ctx.house.identity.directories().now();
    let unit = directory.unit(one.about);
    let zone = unit.map_or_else(|| ctx.house.zone.clone(), |unit| unit.zone.clone());
    let lang = Lang::new(Locale::ZhCn, zone, ctx.now());
    let report = one.nature == Nature::Report;
    let company = directory.company().map(|unit| unit.name.clone()).unwrap_or_default();
    let store = unit_name(ctx, &lang, Some(one.about));
    let mut page = Paper { lines: Vec::new() };
    page.say(lang.t1("complaints-paper-to", "authority", &one.authority));
    page.say(lang.t3(
        "complaints-paper-opening",
        "number",
        &one.number,
        "nature",
        lang.word("complaints-reg-nature", one.nature.as_str()),
        "day",
        lang.day(one.notice_day),
    ));
    page.head(lang.t("complaints-paper-parties"));
    let us = [
        Some(company.clone()),
        Some(store.clone()),
        unit.and_then(|unit| unit.address.clone()),
        unit.and_then(|unit| unit.phone.clone()),
    ];
    page.say(lang.t1("complaints-paper-us", "us", us.into_iter().flatten().collect::<Vec<_>>().join("，")));
    page.say(match (&one.claimant_name, report) {
        (_, true) => lang.t("complaints-paper-reporter"),
        (Some(name), false) => lang.t1("complaints-paper-claimant", "name", name),
        (None, false) => lang.t1("complaints-paper-claimant", "name", lang.t("complaints-paper-hole-claimant")),
    });
    let goods = [detail.case.product.clone(), detail.case.serial.clone()];
    let goods = goods.into_iter().flatten().collect::<Vec<_>>().join("，");
    if !goods.is_empty() {
        page.say(lang.t1("complaints-paper-goods", "goods", goods));
    }
    let amount = if one.amount == Money::ZERO { String::new() } else { format!("（{}）", lang.money(one.amount)) };
    page.say(lang.t1("complaints-paper-claim", "claim", format!("{}{amount}", one.claim)));
    page.head(lang.t("complaints-paper-course"));
    let proofs = |digests: &str| -> Vec<String> {
        let numbered =
            from.files.iter().enumerate().filter(|(_, file)| digests.split(' ').any(|one| one == file.digest));
        numbered.map(|(n, _)| lang.t1("complaints-paper-proof", "n", int(n + 1))).collect()
    };
    let mut told = 0;
    for entry in &from.entries {
        let Some(what) = what(&lang, entry, &proofs) else { continue };
        told += 1;
        let late = entry.entered_at.since(entry.happened_at) > LATE;
        let entered =
            if late { lang.t1("complaints-paper-entered", "at", at(&lang, entry.entered_at)) } else { String::new() };
        page.say(format!("{}　{what}{entered}", at(&lang, entry.happened_at)));
    }
    if told == 0 {
        page.say(lang.t("complaints-paper-hole-course"));
    }
    page.head(lang.t("complaints-paper-found"));
    page.say(detail.complaint.facts.clone().unwrap_or_else(|| lang.t("complaints-paper-hole-facts")));
    if let Some(evidence) = &detail.complaint.evidence {
        page.say(evidence.clone());
    }
    page.head(lang.t("complaints-paper-proofs"));
    if from.files.is_empty() {
        page.say(lang.t("complaints-paper-hole-proofs"));
    }
    for (n, file) in from.files.iter().enumerate() {
        let number = lang.t1("complaints-paper-proof", "n", int(n + 1));
        let by = user_name(ctx, file.created_by);
        page.say(format!("{number}　{}，{by}，{}，SHA-256 {}", file.name, at(&lang, file.created_at), file.digest));
    }
    page.head(lang.t("complaints-paper-offered"));
    let mut rows = detail.lines.iter().peekable();
    if rows.peek().is_none() {
        page.say(lang.t(if report { "complaints-paper-offered-none" } else { "complaints-paper-hole-offered" }));
    }
    for row in rows {
        let by_law = if row.line.by_law { lang.t("complaints-paper-by-law") } else { String::new() };
        let sum =
            if row.line.amount == Money::ZERO { String::new() } else { format!("，{}", lang.money(row.line.amount)) };
        let done = row.done_at.map(|done| {
            lang.t2("complaints-paper-done", "at", at(&lang, done), "note", row.done_note.clone().unwrap_or_default())
        });
        let kind = lang.word("complaints-remedy", row.line.kind.as_str());
        page.say(format!("{kind}：{}{sum}{by_law}{}", row.line.text, done.unwrap_or_default()));
    }
    page.head(lang.t("complaints-paper-clauses"));
    let clauses = clauses(&from.entries);
    if !clauses.is_empty() {
        page.say(clauses.join("；"));
    }
    page.say(lang.t("complaints-paper-hole-clauses"));
    page.head(lang.t("complaints-paper-result"));
    page.say(match (one.mediation, detail.complaint.agreed_at) {
        (_, Some(agreed)) => lang.t1("complaints-paper-agreed", "at", at(&lang, agreed)),
        (Some(mediation), None) => lang.word("complaints-paper-mediation", mediation.as_str()),
        (None, None) => lang.t("complaints-paper-hole-result"),
    });
    page.lines.push(String::new());
    page.say(lang.t("complaints-paper-closing"));
    page.lines.push(format!("{company} {store}"));
    page.lines.join("\n").chars().take(LONGEST).collect()
}

struct Paper {
    lines: Vec<String>,
}

impl Paper {
    fn head(&mut self, text: String) {
        self.lines.push(String::new());
        self.lines.push(text);
    }
    fn say(&mut self, text: String) {
        self.lines.push(text);
    }
}

fn int(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn at(lang: &Lang, at: Timestamp) -> String {
    at.civil(&lang.zone).strftime("%Y-%m-%d %H:%M").to_string()
}

/// What an entry of the record says in a statement; nothing for what is the house's own business.
fn what(lang: &Lang, entry: &Item, proofs: &impl Fn(&str) -> Vec<String>) -> Option<String> {
    let after =
        |field: &str| entry.changes.iter().find(|change| change.field == field).and_then(|change| change.after.clone());
    if let Some(message) = &entry.message {
        if message.visibility != cases::domain::Visibility::Public || message.body.is_empty() {
            return None;
        }
        let key = match message.direction {
            cases::domain::Direction::In => "complaints-paper-said",
            _ => "complaints-paper-answered",
        };
        let body: String = message.body.lines().collect::<Vec<_>>().join(" ").chars().take(QUOTED).collect();
        return Some(lang.t1(key, "text", body));
    }
    if !TOLD.contains(&entry.verb.as_str()) {
        return None;
    }
    let word = |verb: &str| {
        let (capability, what) = verb.split_once('.').unwrap_or(("cases", verb));
        let capability = if capability == "complaints" { "complaints" } else { "cases" };
        lang.find(&format!("{capability}-verb-{}", what.replace('_', "-")))
    };
    let verb = word(&entry.verb)?;
    let more = match entry.verb.as_str() {
        "case.taken_in" => after("subject"),
        "case.files_added" => {
            let numbers = proofs(&after("sha256").unwrap_or_default());
            (!numbers.is_empty()).then(|| numbers.join("、"))
        }
        "complaints.offered" => after("wording"),
        "complaints.executed" | "complaints.finished" => after("answer"),
        _ => None,
    };
    Some(match more {
        Some(more) => {
            format!("{verb}：{}", more.lines().collect::<Vec<_>>().join(" ").chars().take(QUOTED).collect::<String>())
        }
        None => verb,
    })
}

/// The clauses by which verdicts in the record were given, each once.
fn clauses(entries: &[Item]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for entry in entries {
        for change in
            entry.changes.iter().filter(|change| matches!(change.field.as_str(), "clause" | "clauses" | "cite"))
        {
            for clause in change.after.iter().flat_map(|text| text.split(['；', ';'])).map(str::trim) {
                if !clause.is_empty() && !found.iter().any(|known| known == clause) {
                    found.push(clause.to_owned());
                }
            }
        }
    }
    found
}
