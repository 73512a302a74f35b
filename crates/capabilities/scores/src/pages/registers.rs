//! Registers: how each stands, what it must hold, what is missing and what ends soon; many entries by paste.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{FaultKind, Id};
use web::{Chip, Choice, Column, Failure, Filled, Form, Lang, Page, View};

use super::{unit_choices, unit_name, user_name};
use crate::app::{self, Draft, TEXT, TITLE};
use crate::registers::{self, Standing};
use crate::schemes;

/// Names of what is missing that are shown.
const NAMES: usize = 12;
/// Most rows of a paste.
const MOST: usize = 500;

struct Line {
    name: String,
    href: String,
    holds: String,
    missing: i64,
    ending: String,
    ended: usize,
    unanswered: usize,
}

#[derive(Template)]
#[template(path = "scores_registers.html")]
struct RegistersPage {
    page: Page,
    form: Filled,
    units: Vec<Choice>,
    lines: Vec<Line>,
    paste: Option<&'static str>,
}

struct Row {
    id: String,
    title: String,
    about: String,
    chip: Chip,
    measured: Option<String>,
    answer: Option<String>,
    may_answer: bool,
}

struct Kind {
    name: String,
    have: String,
    bar: web::Bar,
    names: String,
    more: usize,
    ending: String,
    rows: Vec<Row>,
    list: String,
    new: Option<String>,
}

#[derive(Template)]
#[template(path = "scores_register.html")]
struct RegisterPage {
    page: Page,
    holds: String,
    back: String,
    form: Filled,
    units: Vec<Choice>,
    action: String,
    kinds: Vec<Kind>,
}

fn ending(lang: &Lang, standing: &[Standing]) -> String {
    let sum = |at: usize| standing.iter().filter_map(|one| one.ending.get(at)).sum::<usize>();
    lang.tn("scores-register-ending", &[("soon", &sum(0)), ("later", &sum(1)), ("last", &sum(2))])
}

/// `GET /score/registers?unit=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let asked = Form::from_query(&query.unwrap_or_default());
    let unit = app::chosen(&ctx, asked.raw("unit"))?;
    let lang = page.lang.clone();
    let locale = lang.locale.as_str();
    let lines = registers::standing(&ctx, &unit, None).await?.into_iter().map(|(group, standing)| Line {
        name: group.name.text(locale).to_owned(),
        href: format!("/score/registers/{}?unit={}", group.code, unit.id),
        holds: group.holds.text(locale).to_owned(),
        missing: standing.iter().map(Standing::missing).sum(),
        ending: ending(&lang, &standing),
        ended: standing.iter().map(|one| one.ended).sum(),
        unanswered: standing.iter().map(|one| one.unanswered).sum(),
    });
    Ok(View(RegistersPage {
        lines: lines.collect(),
        form: Filled::new().with("unit", unit.id.to_string()),
        units: unit_choices(&lang, &app::seen(&ctx)),
        paste: (!app::may_record(&ctx).is_empty()).then_some("/score/records/paste"),
        page: page.named("scores-registers-title"),
    }))
}

/// `GET /score/registers/{group}?unit=`
pub(crate) async fn show(
    page: Page,
    ctx: Ctx,
    Path(code): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Failure> {
    let asked = Form::from_query(&query.unwrap_or_default());
    let unit = app::chosen(&ctx, asked.raw("unit"))?;
    let found = registers::standing(&ctx, &unit, Some(&code)).await?;
    let (group, standing) = found.into_iter().next().ok_or_else(kernel::Fault::not_found)?;
    let lang = page.lang.clone();
    let locale = lang.locale.as_str();
    let today = lang.now.day(&lang.zone);
    let recording = app::may_record(&ctx);
    let mut kinds = Vec::new();
    for one in &standing {
        let names: Vec<String> = one
            .stores
            .iter()
            .map(|store| unit_name(&ctx, &lang, *store))
            .chain(one.people.iter().map(|person| user_name(&ctx, Some(*person))))
            .collect();
        let mut rows = Vec::new();
        for entry in &one.entries {
            let measured = match &entry.measure {
                Some(measure) => registers::kept(&ctx, &unit, measure).await?.map(|(kept, broken)| {
                    let stage = lang.word("cases-stage", measure);
                    lang.tn("scores-promise-kept", &[("stage", &stage), ("kept", &kept), ("broken", &broken)])
                }),
                None => None,
            };
            let mut about = vec![lang.day(entry.happened_on), unit_name(&ctx, &lang, entry.unit)];
            about.extend(entry.person.map(|person| user_name(&ctx, Some(person))));
            about.extend(entry.note.clone());
            let waits = registers::is_answered(&entry.kind) && entry.answer.is_none();
            rows.push(Row {
                id: entry.id.to_string(),
                title: entry.title.clone(),
                about: about.join(" · "),
                chip: if waits {
                    web::chip("soon", "hourglass", lang.t("scores-entry-unanswered"))
                } else {
                    super::records::chip(&lang, entry, one.kind.days, today)
                },
                measured,
                answer: entry.answer.clone(),
                may_answer: waits && recording.iter().any(|unit| unit.id == entry.unit),
            });
        }
        let percent = one.needed.filter(|needed| *needed > 0).map_or(0, |needed| one.have.min(needed) * 100 / needed);
        kinds.push(Kind {
            name: one.kind.name.text(locale).to_owned(),
            have: match one.needed {
                Some(needed) => lang.t2("scores-register-have", "have", one.have, "needed", needed),
                None => lang.t1("scores-register-samples", "n", one.have),
            },
            bar: web::bar(percent, if one.missing() > 0 { "soon" } else { "" }),
            more: names.len().saturating_sub(NAMES),
            names: names.into_iter().take(NAMES).collect::<Vec<_>>().join(&lang.t("scores-and")),
            ending: ending(&lang, std::slice::from_ref(one)),
            list: format!("/score/records?kind={}", one.kind.code),
            new: (!recording.is_empty()).then(|| format!("/score/records/new?kind={}&unit={}", one.kind.code, unit.id)),
            rows,
        });
    }
    Ok(View(RegisterPage {
        holds: group.holds.text(locale).to_owned(),
        back: format!("/score/registers?unit={}", unit.id),
        form: Filled::new().with("unit", unit.id.to_string()),
        units: unit_choices(&lang, &app::seen(&ctx)),
        action: format!("/score/registers/{code}"),
        kinds,
        page: page.titled(group.name.text(locale).to_owned()),
    }))
}

/// `POST /score/records/{id}/answer`
pub(crate) async fn answer(ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Redirect, Failure> {
    let answer = form.text("answer", TEXT);
    form.check()?;
    registers::answer(&ctx, Id::new(id), &answer).await?;
    Ok(Redirect::to("/score/registers/outside"))
}

const COLUMNS: &[Column] = &[
    Column { name: "kind", words: &["类型", "凭证类型", "record", "kindofrecord"] },
    Column { name: "unit", words: &["门店编码", "单位", "编码", "门店", "scope", "store"] },
    Column { name: "person", words: &["工号", "人员", "登录名", "login", "staff"] },
    Column { name: "title", words: &["标题", "名称", "name"] },
    Column { name: "happened_on", words: &["发生日期", "日期", "date"] },
    Column { name: "valid_until", words: &["有效至", "到期日", "expires"] },
    Column { name: "met", words: &["是否符合", "符合", "conforms"] },
    Column { name: "note", words: &["备注", "说明", "remark"] },
];

struct Looked {
    nth: usize,
    title: String,
    about: String,
    wrong: String,
}

#[derive(Template)]
#[template(path = "scores_paste.html")]
struct PastePage {
    page: Page,
    form: Filled,
    looked: Vec<Looked>,
    good: usize,
    bad: usize,
    too_many: bool,
}

/// `GET /score/records/paste`
pub(crate) async fn paste(page: Page, ctx: Ctx) -> Result<impl IntoResponse, Failure> {
    if app::may_record(&ctx).is_empty() {
        return Err(kernel::Fault::forbidden().into());
    }
    let page = page.named("scores-paste-title");
    Ok(View(PastePage { form: Filled::new(), looked: Vec::new(), good: 0, bad: 0, too_many: false, page }))
}

/// Commas for tabs, where a file has no tabs.
fn table(text: &str) -> String {
    if text.contains('\t') {
        return text.to_owned();
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let lines = reader.records().filter_map(Result::ok);
    let cell = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
    lines.map(|line| line.iter().map(cell).collect::<Vec<_>>().join("\t")).collect::<Vec<_>>().join("\n")
}

/// `POST /score/records/paste`: shows what each row would be; with `save`, and when nothing is wrong, all are entered at once.
pub(crate) async fn pasted(page: Page, ctx: Ctx, form: Form) -> Result<Response, Failure> {
    let lang = page.lang.clone();
    let allowed = app::may_record(&ctx);
    if allowed.is_empty() {
        return Err(kernel::Fault::forbidden().into());
    }
    let all = web::pasted(&table(form.raw("text")), COLUMNS, MOST);
    let directory = ctx.house.identity.directories().now();
    let mut kinds: Vec<scoring::RecordKind> = registers::own_kinds().to_vec();
    for scheme in schemes::all(&ctx).await? {
        kinds.extend(scheme.records.iter().cloned());
    }
    let (mut drafts, mut looked) = (Vec::new(), Vec::new());
    for row in &all.rows {
        let cell = |name: &str| row.cells.get(name).map(|cell| cell.trim()).unwrap_or_default();
        let kind = kinds.iter().find(|kind| {
            let said = cell("kind");
            !said.is_empty() && (kind.code == said || kind.name.zh == said || kind.name.en.eq_ignore_ascii_case(said))
        });
        let unit = allowed.iter().find(|unit| {
            let said = cell("unit");
            unit.code == said || unit.name == said || (said.is_empty() && allowed.len() == 1)
        });
        let mut fields = Form::from_pairs(
            ["happened_on", "valid_until"].map(|name| (name.to_owned(), cell(name).replace(['/', '.'], "-"))),
        );
        let draft = Draft {
            kind: kind.map(|kind| kind.code.clone()).unwrap_or_default(),
            unit: unit.map(|unit| unit.id),
            person: directory.user_by_login(cell("person")).map(|user| user.id),
            title: cell("title").chars().take(TITLE + 1).collect(),
            note: Some(cell("note").to_owned()).filter(|note| !note.is_empty()),
            met: !matches!(cell("met").to_lowercase().as_str(), "否" | "不符合" | "no" | "false" | "0"),
            happened_on: fields.day("happened_on"),
            valid_until: fields.day_or_none("valid_until"),
            measure: None,
        };
        let checked = fields.check().and_then(|()| app::checked(&ctx, &draft, kind).map(|_| ()));
        let wrong = match &checked {
            Ok(()) => String::new(),
            Err(fault) => {
                let said = fault.fields().iter().map(|error| {
                    let text = lang.find_field_error(error).unwrap_or_else(|| error.code.to_owned());
                    format!("{} {text}", lang.word("scores-paste-column", &error.field))
                });
                said.collect::<Vec<_>>().join(&lang.t("scores-and"))
            }
        };
        let mut about =
            vec![kind.map_or_else(|| cell("kind").to_owned(), |kind| kind.name.text(lang.locale.as_str()).to_owned())];
        about.extend([cell("unit"), cell("person"), cell("happened_on")].map(str::to_owned));
        about.retain(|part| !part.is_empty());
        looked.push(Looked { nth: row.nth, title: draft.title.clone(), about: about.join(" · "), wrong });
        drafts.push(draft);
    }
    let bad = looked.iter().filter(|one| !one.wrong.is_empty()).count();
    let good = looked.len() - bad;
    if form.raw("save") == "yes" && bad == 0 && good > 0 && !all.too_many {
        match app::enter_all(&ctx, &drafts).await {
            Ok(()) => return Ok(Redirect::to("/score/registers").into_response()),
            Err(fault) if fault.kind() == FaultKind::Invalid => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    looked.sort_by_key(|one| (one.wrong.is_empty(), one.nth));
    let status = if bad > 0 { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = page.named("scores-paste-title");
    let form = form.into_filled();
    Ok((status, View(PastePage { form, looked, good, bad, too_many: all.too_many, page })).into_response())
}
