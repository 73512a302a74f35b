//! A table of complaints: pasted or as a file, looked at line by line, then taken over.

use askama::Template;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id};
use web::{Choice, Failure, Filled, Lang, Page, View};

use super::{stores, unit_name, user_name};
use crate::app::{self, Fate, IMPORT, Preview, Wanted};
use crate::domain::{Field, Source};

/// Lines of a preview that are shown; wrong ones are shown all the same.
const SHOWN: usize = 50;

#[derive(Template)]
#[template(path = "collection_import.html")]
struct ImportPage {
    page: Page,
    form: Filled,
    sources: Vec<Choice>,
    stores: Vec<Choice>,
    preview: Option<Looked>,
    done: Option<Done>,
    recent: Vec<Recent>,
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
    case: Option<Id<kernel::of::Case>>,
    wrong: String,
}

struct Done {
    made: Vec<(String, String, String)>,
    known: usize,
}

struct Recent {
    href: String,
    number: String,
    subject: String,
    outside: String,
    store: String,
    when: String,
}

async fn render(
    page: Page,
    ctx: &Ctx,
    form: Filled,
    preview: Option<Looked>,
    done: Option<Done>,
) -> Result<ImportPage, Fault> {
    let lang = page.lang.clone();
    let recent = app::recent(ctx).await?.into_iter().map(|(one, number, subject)| Recent {
        href: format!("/cases/{}", one.case),
        outside: format!("{} {}", lang.word("collection-source", one.source.as_str()), one.number),
        store: unit_name(ctx, &lang, one.store),
        when: [user_name(ctx, one.by), lang.at(one.taken_at)].join(" "),
        number,
        subject,
    });
    Ok(ImportPage {
        sources: lang.choices("collection-source", Source::ALL.iter().map(|source| source.as_str())),
        stores: stores(ctx, &lang, IMPORT),
        recent: recent.collect(),
        page: page.named("collection-import-title"),
        form,
        preview,
        done,
        refusal: None,
    })
}

/// `GET /collection/import`
pub(crate) async fn show(page: Page, ctx: Ctx) -> Result<impl IntoResponse, Failure> {
    Ok(View(render(page, &ctx, Filled::new(), None, None).await?))
}

/// What is wrong with a line, in sentences.
fn wrong(lang: &Lang, line: &app::Line) -> String {
    let said = line.errors.iter().map(|error| {
        let text = lang.find_field_error(error).unwrap_or_else(|| error.code.to_owned());
        lang.t2(
            "collection-wrong",
            "column",
            lang.word("collection-field", &error.field).as_str(),
            "text",
            text.as_str(),
        )
    });
    said.collect::<Vec<_>>().join(&lang.t("collection-and"))
}

fn looked(lang: &Lang, lines: &[Vec<String>], wanted: &Wanted, preview: &Preview) -> Looked {
    let heads = lines.first().cloned().unwrap_or_default();
    let column = |(nth, taken): (usize, &Option<Field>)| Column {
        name: format!("column{nth}"),
        head: heads.get(nth).cloned().unwrap_or_default(),
        choices: std::iter::once((Choice::new("none", lang.t("collection-column-none")), taken.is_none()))
            .chain(Field::ALL.iter().map(|field| {
                let choice = Choice::new(field.as_str(), lang.word("collection-field", field.as_str()));
                (choice, Some(*field) == *taken)
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
        case: line.case,
        wrong: wrong(lang, line),
    });
    let mut rows: Vec<Row> = rows.collect();
    let all = rows.len();
    // What has to be put right comes first.
    rows.sort_by_key(|row| (row.fate != "wrong", row.nth));
    let keep = SHOWN.max(preview.count(Fate::Wrong));
    rows.truncate(keep);
    let missing: Vec<String> =
        preview.missing.iter().map(|field| lang.word("collection-field", field.as_str())).collect();
    Looked {
        text: tables::write(lines),
        columns: wanted.columns.iter().enumerate().map(column).collect(),
        new: preview.count(Fate::New),
        known: preview.count(Fate::Known),
        wrong: preview.count(Fate::Wrong),
        missing: (!missing.is_empty()).then(|| missing.join(&lang.t("collection-and"))),
        hidden: all - rows.len(),
        lines: rows,
    }
}

/// `POST /collection/import`: shows what would become of each line; with `take` it is taken over.
pub(crate) async fn take(page: Page, ctx: Ctx, request: Request) -> Result<Response, Failure> {
    let (mut form, file) = match tables::sent(request).await {
        Ok(sent) => sent,
        Err(failure) => return Err(failure),
    };
    let source = form.choice("source", Source::parse);
    let store = form.id_or_none("store");
    let bytes = file.unwrap_or_else(|| form.raw("text").as_bytes().to_vec());
    let lines = match tables::read(&bytes) {
        Ok(lines) => lines,
        Err(broken) => {
            form.reject("text", broken.code());
            Vec::new()
        }
    };
    let (Some(source), Ok(())) = (source, form.check()) else {
        let shown = render(page, &ctx, form.into_filled(), None, None).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, View(shown)).into_response());
    };
    let width = lines.iter().map(Vec::len).max().unwrap_or_default();
    let heads = lines.first().cloned().unwrap_or_default();
    let columns = (0..width).map(|nth| match form.raw(&format!("column{nth}")) {
        "" => heads.get(nth).and_then(|head| Field::guess(head)),
        word => Field::parse(word),
    });
    let wanted = Wanted { source, store, columns: columns.collect(), lines: lines.iter().skip(1).cloned().collect() };
    let preview = app::preview(&ctx, &wanted).await?;
    let ready = preview.count(Fate::Wrong) == 0 && preview.missing.is_empty() && preview.count(Fate::New) > 0;
    if form.flag("take") && ready {
        let made = match app::import(&ctx, wanted.clone()).await {
            Ok(made) => made,
            // Such as a number that somebody has typed in by hand: nothing was taken over, and the table stays.
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
                .map(|(outside, case, number)| (format!("/cases/{case}"), number, outside))
                .collect(),
        };
        return Ok(View(render(page, &ctx, Filled::new(), None, Some(done)).await?).into_response());
    }
    let status = if form.flag("take") { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let looked = looked(&page.lang, &lines, &wanted, &preview);
    let shown = render(page, &ctx, form.into_filled(), Some(looked), None).await?;
    Ok((status, View(shown)).into_response())
}
