use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id};
use web::{Choice, Conflict, Failure, Filled, Form, Lang, Page, View};

use crate::app::{self, BODY, NewGuide, TITLE};
use crate::domain::{Emotion, Fits, Kind, Severity, Stage, TOPICS};
use crate::store::Guide;

#[derive(Template)]
#[template(path = "guides_edit.html")]
struct EditPage {
    page: Page,
    form: Filled,
    action: String,
    back: String,
    hidden: Vec<(String, String)>,
    conflict: Option<Conflict>,
    kinds: Vec<Choice>,
    stages: Vec<Choice>,
    topics: Vec<Choice>,
    severities: Vec<Choice>,
    emotions: Vec<Choice>,
}

/// What was typed, of a page or of the API.
pub(crate) fn read(form: &mut Form) -> Result<NewGuide, Fault> {
    let kind = form.choice("kind", Kind::parse);
    let stage = form.choice_or_none("stage", Stage::parse);
    let topic = form.choice_or_none("topic", |word| TOPICS.into_iter().find(|topic| *topic == word));
    let severity = form.choice_or_none("severity", Severity::parse);
    let emotion = form.choice_or_none("emotion", Emotion::parse);
    let (title_zh, title_en) = (form.text("title_zh", TITLE), form.text("title_en", TITLE * 2));
    let (body_zh, body_en) = (form.text("body_zh", BODY), form.text("body_en", BODY * 2));
    form.check()?;
    let fits = Fits { kind: form.need(kind)?, stage, topic: topic.map(str::to_owned), severity, emotion };
    Ok(NewGuide { fits, title_zh, title_en, body_zh, body_en })
}

fn render(page: Page, form: Filled, action: String, back: String) -> EditPage {
    let lang = page.lang.clone();
    EditPage {
        hidden: Vec::new(),
        conflict: None,
        kinds: lang.choices("guides-kind", Kind::ALL.iter().map(|one| one.as_str())),
        stages: lang.choices("guides-stage", Stage::ALL.iter().map(|one| one.as_str())),
        topics: lang.choices("complaints-topic", TOPICS),
        severities: lang.choices("guides-severity", Severity::ALL.iter().map(|one| one.as_str())),
        emotions: lang.choices("guides-emotion", Emotion::ALL.iter().map(|one| one.as_str())),
        page,
        form,
        action,
        back,
    }
}

/// `GET /guides/new`
pub(crate) async fn new(page: Page) -> Result<impl IntoResponse, Failure> {
    Ok(View(render(page.named("guides-new"), Filled::new(), "/guides".to_owned(), "/guides".to_owned())))
}

/// `POST /guides`
pub(crate) async fn add(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let added = match read(&mut form) {
        Ok(new) => app::add(&ctx, new).await,
        Err(fault) => Err(fault),
    };
    match added {
        Ok(id) => Ok(Redirect::to(&format!("/guides/{id}")).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let filled = form.into_filled_with(&fault);
            let shown = render(page.named("guides-new"), filled, "/guides".to_owned(), "/guides".to_owned());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(shown)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// What the form holds.
fn fields(guide: &Guide) -> Vec<(String, String)> {
    let word = |word: Option<&str>| word.unwrap_or_default().to_owned();
    let pairs = [
        ("kind", guide.fits.kind.to_string()),
        ("stage", word(guide.fits.stage.map(Stage::as_str))),
        ("topic", word(guide.fits.topic.as_deref())),
        ("severity", word(guide.fits.severity.map(Severity::as_str))),
        ("emotion", word(guide.fits.emotion.map(Emotion::as_str))),
        ("title_zh", guide.title_zh.clone()),
        ("title_en", guide.title_en.clone()),
        ("body_zh", guide.body_zh.clone()),
        ("body_en", guide.body_en.clone()),
    ];
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn label(lang: &Lang, name: &str) -> String {
    lang.word("guides-field", name)
}

async fn newest(ctx: &Ctx, id: i64) -> Result<Guide, Fault> {
    app::versions(ctx, Id::new(id)).await?.into_iter().next().ok_or_else(Fault::not_found)
}

fn editing(page: Page, guide: &Guide, form: Filled) -> EditPage {
    let title = guide.title_in(page.lang.locale.as_str()).to_owned();
    let back = format!("/guides/{}", guide.id);
    render(page.titled(title), form, format!("{back}/edit"), back)
}

/// `GET /guides/{id}/edit`
pub(crate) async fn edit(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let guide = newest(&ctx, id).await?;
    let now = fields(&guide);
    let mut shown = editing(page, &guide, web::filled(&now));
    shown.hidden = web::seen(guide.version, &now);
    Ok(View(shown))
}

/// `POST /guides/{id}/edit`
pub(crate) async fn change(page: Page, ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Response, Failure> {
    let mut form = web::taken(&form);
    let version = form.version("version")?;
    let changed = match read(&mut form) {
        Ok(new) => app::change(&ctx, Id::new(id), version, new).await,
        Err(fault) => Err(fault),
    };
    let Err(fault) = changed else { return Ok(Redirect::to(&format!("/guides/{id}")).into_response()) };
    let guide = newest(&ctx, id).await?;
    match fault.kind() {
        FaultKind::Invalid => {
            let hidden = form.pairs().iter().filter(|(name, _)| name.starts_with("seen.") || name == "version");
            let hidden = hidden.cloned().collect();
            let mut shown = editing(page, &guide, form.into_filled_with(&fault));
            shown.hidden = hidden;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(shown)).into_response())
        }
        FaultKind::Stale => {
            let lang = page.lang.clone();
            let now = fields(&guide);
            let (filled, clashes) = web::clashed(&form, &now, |name| label(&lang, name));
            let directory = ctx.house.identity.directories().now();
            let who = guide.by.and_then(|by| directory.user_name(by)).unwrap_or_default().to_owned();
            let back = format!("/guides/{id}");
            let conflict = web::conflict(&lang, &who, &lang.at(guide.at), version, guide.version, &clashes, &back);
            let mut shown = editing(page, &guide, filled);
            shown.hidden = web::seen(guide.version, &now);
            shown.conflict = Some(conflict);
            Ok((StatusCode::PRECONDITION_FAILED, View(shown)).into_response())
        }
        _ => Err(fault.into()),
    }
}

/// `POST /guides/{id}/retire`
pub(crate) async fn retire(ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Response, Failure> {
    app::retire(&ctx, Id::new(id), form.version("version")?).await?;
    Ok(Redirect::to("/guides").into_response())
}
