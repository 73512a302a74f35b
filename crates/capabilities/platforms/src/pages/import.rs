//! A back office's table: pasted or as a file, looked at line by line, then taken over.

use askama::Template;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind};
use web::{Choice, Failure, Filled, Lang, Page, View};

use super::shown::Platforms;
use crate::app::{self, Fate, IMPORT, Preview, Wanted};
use crate::domain::Column as Holds;

/// Lines of a preview that are shown; wrong ones are shown all the same.
const SHOWN: usize = 50;

#[derive(Template)]
#[template(path = "platforms_import.html")]
struct ImportPage {
    page: Page,
    form: Filled,
    shops: Vec<Choice>,
    preview: Option<Looked>,
    done: Option<Done>,
    /// Why nothing was taken over.
    refusal: Option<web::Markup>,
}

/// A preview in words.
struct Looked {
    /// The table as it is sent again.
    text: String,
    columns: Vec<Column>,
    lines: Vec<Row>,
    new: usize,
    known: usize,
    wrong: usize,
    missing: Option<String>,
    hidden: usize,
}

/// A column: its name there, and what it is taken for.
struct Column {
    name: String,
    head: String,
    choices: Vec<(Choice, bool)>,
}

struct Row {
    nth: usize,
    cells: Vec<String>,
    fate: &'static str,
    href: Option<String>,
    wrong: String,
}

struct Done {
    made: Vec<(String, String, bool)>,
    known: usize,
}

async fn render(
    page: Page,
    ctx: &Ctx,
    form: Filled,
    preview: Option<Looked>,
    done: Option<Done>,
) -> Result<ImportPage, Fault> {
    let lang = page.lang.clone();
    let platforms = Platforms::load(ctx, &lang).await?;
    let shops = app::shops(ctx).await?;
    let shops = shops.iter().filter(|file| file.shop.active && ctx.actor.may(IMPORT, &file.shop)).map(|file| {
        let name = format!("{} · {}", platforms.name(&file.shop.platform), file.shop.name);
        Choice::new(file.shop.id.to_string(), name)
    });
    Ok(ImportPage {
        shops: shops.collect(),
        page: page.named("platforms-import-title"),
        form,
        preview,
        done,
        refusal: None,
    })
}

/// `GET /platform-orders/import`
pub(crate) async fn show(page: Page, ctx: Ctx) -> Result<impl IntoResponse, Failure> {
    Ok(View(render(page, &ctx, Filled::new(), None, None).await?))
}

/// What is wrong with a line, in sentences.
fn wrong(lang: &Lang, line: &app::Line) -> String {
    let said = line.errors.iter().map(|error| {
        let text = lang.find_field_error(error).unwrap_or_else(|| error.code.to_owned());
        lang.t2(
            "platforms-wrong",
            "column",
            lang.word("platforms-column", &error.field).as_str(),
            "text",
            text.as_str(),
        )
    });
    said.collect::<Vec<_>>().join(&lang.t("platforms-and"))
}

fn looked(lang: &Lang, lines: &[Vec<String>], wanted: &Wanted, preview: &Preview) -> Looked {
    let heads = lines.first().cloned().unwrap_or_default();
    let column = |(nth, taken): (usize, &Option<Holds>)| Column {
        name: format!("column{nth}"),
        head: heads.get(nth).cloned().unwrap_or_default(),
        choices: std::iter::once((Choice::new("none", lang.t("platforms-column-none")), taken.is_none()))
            .chain(Holds::ALL.iter().map(|holds| {
                let choice = Choice::new(holds.as_str(), lang.word("platforms-column", holds.as_str()));
                (choice, Some(*holds) == *taken)
            }))
            .collect(),
    };
    let cells = |nth: usize| {
        let mut cells = wanted.lines.get(nth - 1).cloned().unwrap_or_default();
        cells.resize(wanted.columns.len(), String::new());
        cells
    };
    let rows = preview.lines.iter().map(|line| Row {
        nth: line.nth,
        cells: cells(line.nth),
        fate: match line.fate {
            Fate::New => "new",
            Fate::Known => "known",
            Fate::Wrong => "wrong",
        },
        href: line.order.map(|order| format!("/platform-orders/{order}")),
        wrong: wrong(lang, line),
    });
    let mut rows: Vec<Row> = rows.collect();
    let all = rows.len();
    // What has to be put right comes first.
    rows.sort_by_key(|row| (row.fate != "wrong", row.nth));
    rows.truncate(SHOWN.max(preview.count(Fate::Wrong)));
    let missing: Vec<String> =
        preview.missing.iter().map(|column| lang.word("platforms-column", column.as_str())).collect();
    Looked {
        text: tables::write(lines),
        columns: wanted.columns.iter().enumerate().map(column).collect(),
        new: preview.count(Fate::New),
        known: preview.count(Fate::Known),
        wrong: preview.count(Fate::Wrong),
        missing: (!missing.is_empty()).then(|| missing.join(&lang.t("platforms-and"))),
        hidden: all - rows.len(),
        lines: rows,
    }
}

/// `POST /platform-orders/import`: shows what would become of each line; with `take` it is taken over.
pub(crate) async fn take(page: Page, ctx: Ctx, request: Request) -> Result<Response, Failure> {
    let (mut form, file) = tables::sent(request).await?;
    let shop = form.id_or_none("shop");
    let bytes = file.unwrap_or_else(|| form.raw("text").as_bytes().to_vec());
    let lines = match tables::read(&bytes) {
        Ok(lines) => lines,
        Err(broken) => {
            form.reject("text", broken.code());
            Vec::new()
        }
    };
    if form.check().is_err() {
        let shown = render(page, &ctx, form.into_filled(), None, None).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, View(shown)).into_response());
    }
    let width = lines.iter().map(Vec::len).max().unwrap_or_default();
    let heads = lines.first().cloned().unwrap_or_default();
    let columns = (0..width).map(|nth| match form.raw(&format!("column{nth}")) {
        "" => heads.get(nth).and_then(|head| Holds::guess(head)),
        word => Holds::parse(word),
    });
    let wanted = Wanted { shop, columns: columns.collect(), lines: lines.iter().skip(1).cloned().collect() };
    let preview = app::preview(&ctx, &wanted).await?;
    let ready = preview.count(Fate::Wrong) == 0 && preview.missing.is_empty() && preview.count(Fate::New) > 0;
    if form.flag("take") && ready {
        let made = match app::import(&ctx, wanted.clone()).await {
            Ok(made) => made,
            // Nothing was taken over, and the table stays.
            Err(fault) if fault.kind() == FaultKind::Refused => {
                let looked = looked(&page.lang, &lines, &wanted, &preview);
                let refusal = web::notice(&page.lang, &fault);
                let mut shown = render(page, &ctx, form.into_filled(), Some(looked), None).await?;
                shown.refusal = Some(refusal);
                return Ok((StatusCode::CONFLICT, View(shown)).into_response());
            }
            Err(fault) => return Err(fault.into()),
        };
        let done = Done {
            known: made.known,
            made: made
                .made
                .into_iter()
                .map(|(id, number, joined)| (format!("/platform-orders/{id}"), number, joined))
                .collect(),
        };
        return Ok(View(render(page, &ctx, Filled::new(), None, Some(done)).await?).into_response());
    }
    let status = if form.flag("take") { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let looked = looked(&page.lang, &lines, &wanted, &preview);
    let shown = render(page, &ctx, form.into_filled(), Some(looked), None).await?;
    Ok((status, View(shown)).into_response())
}
