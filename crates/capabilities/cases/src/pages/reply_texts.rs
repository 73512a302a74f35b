//! Texts for replies and the rules by which a reply needs a second yes, as the company keeps them; and drafts of replies.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id};
use web::{Choice, Failure, Filled, Form, Lang, Page, View};

use super::{choices, picker, wants_fragment};
use crate::app::{self, REPLY_VARIABLES, RULES_EDIT, ReplyRule, RuleDraft, TextDraft, TextShown};
use crate::domain::{Kind, Priority, Visibility, Way};

#[derive(Template)]
#[template(path = "cases_settings_replies.html")]
struct RepliesPage {
    page: Page,
    texts: Vec<Row>,
    rules: Vec<Row>,
    may_edit: bool,
}

struct Row {
    href: String,
    name: String,
    about: String,
    words: String,
    active: bool,
}

fn about(lang: &Lang, parts: &[Option<String>]) -> String {
    let said: Vec<&str> = parts.iter().flatten().map(String::as_str).collect();
    if said.is_empty() { lang.t("cases-replies-any") } else { said.join(" · ") }
}

fn kind_word(lang: &Lang, kind: Option<Kind>) -> Option<String> {
    kind.map(|kind| lang.word("cases-kind", kind.as_str()))
}

/// `GET /settings/replies`
pub(crate) async fn list(mut page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    if Form::from_query(&query.unwrap_or_default()).raw("done") == "saved" {
        page.flash = Some(web::Flash { text: page.t("cases-replies-saved"), undo: None });
    }
    let lang = &page.lang;
    let catalogue = app::symptoms(&ctx.house).await?;
    let goods = |code: &Option<String>| {
        let entry = code.as_deref().and_then(|code| catalogue.category(code));
        entry.map(|entry| entry.name_in(lang.locale.as_str()).to_owned())
    };
    let text = |one: &TextShown| Row {
        href: format!("/settings/replies/texts/{}", one.text.id),
        name: one.text.name.clone(),
        about: about(
            lang,
            &[
                kind_word(lang, one.text.kind),
                goods(&one.text.category),
                Some(lang.word("cases-replies-locale", &one.text.locale.to_ascii_lowercase())),
            ],
        ),
        words: one.body().chars().take(120).collect(),
        active: one.text.active,
    };
    let rule = |one: &ReplyRule| Row {
        href: format!("/settings/replies/rules/{}", one.id),
        name: one.name.clone(),
        about: about(
            lang,
            &[
                kind_word(lang, one.kind),
                one.priority.map(|priority| lang.word("cases-priority", priority.as_str())),
                goods(&one.category),
                one.amount.then(|| lang.t("cases-rule-amount")),
                one.upset.then(|| lang.t("cases-rule-upset")),
            ],
        ),
        words: one.words.as_deref().map(|words| words.lines().collect::<Vec<_>>().join("、")).unwrap_or_default(),
        active: one.active,
    };
    Ok(View(RepliesPage {
        texts: app::reply_texts(&ctx).await?.iter().map(text).collect(),
        rules: app::reply_rules(&ctx).await?.iter().map(rule).collect(),
        may_edit: ctx.actor.holds(RULES_EDIT),
        page: page.named("cases-replies-title"),
    }))
}

#[derive(Template)]
#[template(path = "cases_settings_reply.html")]
struct EditPage {
    page: Page,
    action: String,
    form: Filled,
    /// A text; else a rule.
    is_text: bool,
    known: bool,
    stale: bool,
    kinds: Vec<Choice>,
    goods: Vec<Choice>,
    priorities: Vec<Choice>,
    locales: Vec<Choice>,
    variables: Vec<(String, String)>,
    /// Who changed the words when, newest first, and what they were.
    versions: Vec<(String, String)>,
    may_edit: bool,
}

async fn edit_page(
    page: Page,
    ctx: &Ctx,
    action: String,
    form: Filled,
    is_text: bool,
    stale: bool,
) -> Result<EditPage, Fault> {
    let lang = page.lang.clone();
    let any = |mut all: Vec<Choice>| {
        all.insert(0, Choice::new("", lang.t("cases-replies-any")));
        all
    };
    let known = !action.ends_with("/new");
    let title = match (is_text, known) {
        (true, false) => "cases-replies-text-new",
        (true, true) => "cases-replies-text",
        (false, false) => "cases-replies-rule-new",
        (false, true) => "cases-replies-rule",
    };
    Ok(EditPage {
        kinds: any(choices(&lang, "cases-kind", Kind::ALL.iter().map(|kind| kind.as_str()))),
        goods: any(picker::categories(ctx, &lang).await?),
        priorities: any(choices(&lang, "cases-priority", Priority::ALL.iter().map(|one| one.as_str()))),
        locales: web::Locale::ALL
            .iter()
            .map(|locale| {
                let word = lang.word("cases-replies-locale", &locale.as_str().to_ascii_lowercase());
                Choice::new(locale.as_str(), word)
            })
            .collect(),
        variables: REPLY_VARIABLES
            .iter()
            .map(|name| (format!("{{{name}}}"), lang.t(&format!("cases-variable-{name}"))))
            .collect(),
        versions: Vec::new(),
        may_edit: ctx.actor.holds(RULES_EDIT),
        page: page.named(title),
        action,
        form,
        is_text,
        known,
        stale,
    })
}

fn read_text(form: &mut Form) -> TextDraft {
    TextDraft {
        name: form.text("name", 60),
        kind: form.choice_or_none("kind", Kind::parse),
        category: form.text_or_none("category", 40),
        locale: form.raw("locale").to_owned(),
        body: form.text("body", 5_000),
        active: !form.flag("retired"),
    }
}

fn read_rule(form: &mut Form) -> RuleDraft {
    RuleDraft {
        name: form.text("name", 60),
        kind: form.choice_or_none("kind", Kind::parse),
        priority: form.choice_or_none("priority", Priority::parse),
        category: form.text_or_none("category", 40),
        words: form.text_or_none("words", 1_000),
        amount: form.flag("amount"),
        upset: form.flag("upset"),
        active: !form.flag("retired"),
    }
}

/// `GET /settings/replies/texts/new`
pub(crate) async fn new_text(page: Page, ctx: Ctx) -> Result<impl IntoResponse, Failure> {
    let form = Filled::new().with("locale", page.lang.locale.as_str());
    Ok(View(edit_page(page, &ctx, "/settings/replies/texts/new".to_owned(), form, true, false).await?))
}

/// `GET /settings/replies/texts/{id}`
pub(crate) async fn show_text(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let shown = app::reply_text(&ctx, Id::new(id)).await?;
    let form = Filled::new()
        .with("version", shown.text.version.to_string())
        .with("name", shown.text.name.as_str())
        .with("kind", shown.text.kind.map(|kind| kind.as_str()).unwrap_or_default())
        .with("category", shown.text.category.clone().unwrap_or_default())
        .with("locale", shown.text.locale.as_str())
        .with("body", shown.body())
        .with("retired", if shown.text.active { "" } else { "yes" });
    let versions = shown.versions.iter().map(|version| {
        let by = page.lang.t3(
            "cases-replies-version",
            "n",
            version.wording.version,
            "name",
            version.changed_by.clone(),
            "at",
            page.lang.at(version.changed_at),
        );
        (by, version.wording.body.clone())
    });
    let versions = versions.collect();
    let page = edit_page(page, &ctx, format!("/settings/replies/texts/{id}"), form, true, false).await?;
    Ok(View(EditPage { versions, ..page }))
}

/// `POST /settings/replies/texts/new` and `/settings/replies/texts/{id}`
pub(crate) async fn create_text(page: Page, ctx: Ctx, form: Form) -> Result<Response, Failure> {
    save_text(page, ctx, None, form).await
}

/// `POST /settings/replies/texts/{id}`
pub(crate) async fn change_text(page: Page, ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Response, Failure> {
    save_text(page, ctx, Some(id), form).await
}

async fn save_text(page: Page, ctx: Ctx, id: Option<i64>, mut form: Form) -> Result<Response, Failure> {
    let known = known(id, &mut form)?;
    let draft = read_text(&mut form);
    let saved = match form.check() {
        Ok(()) => {
            app::save_reply_text(&ctx, known.map(|(id, version)| (Id::new(id), version)), draft).await.map(|_| ())
        }
        Err(fault) => Err(fault),
    };
    answered(page, &ctx, saved, form, id, true).await
}

fn known(id: Option<i64>, form: &mut Form) -> Result<Option<(i64, i64)>, Failure> {
    Ok(match id {
        Some(id) => Some((id, form.version("version")?)),
        None => None,
    })
}

/// `GET /settings/replies/rules/new`
pub(crate) async fn new_rule(page: Page, ctx: Ctx) -> Result<impl IntoResponse, Failure> {
    Ok(View(edit_page(page, &ctx, "/settings/replies/rules/new".to_owned(), Filled::new(), false, false).await?))
}

/// `GET /settings/replies/rules/{id}`
pub(crate) async fn show_rule(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let rule = app::reply_rule(&ctx, Id::new(id)).await?;
    let yes = |on: bool| if on { "yes" } else { "" };
    let form = Filled::new()
        .with("version", rule.version.to_string())
        .with("name", rule.name.as_str())
        .with("kind", rule.kind.map(|kind| kind.as_str()).unwrap_or_default())
        .with("priority", rule.priority.map(|one| one.as_str()).unwrap_or_default())
        .with("category", rule.category.clone().unwrap_or_default())
        .with("words", rule.words.clone().unwrap_or_default())
        .with("amount", yes(rule.amount))
        .with("upset", yes(rule.upset))
        .with("retired", yes(!rule.active));
    Ok(View(edit_page(page, &ctx, format!("/settings/replies/rules/{id}"), form, false, false).await?))
}

/// `POST /settings/replies/rules/new`
pub(crate) async fn create_rule(page: Page, ctx: Ctx, form: Form) -> Result<Response, Failure> {
    save_rule(page, ctx, None, form).await
}

/// `POST /settings/replies/rules/{id}`
pub(crate) async fn change_rule(page: Page, ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Response, Failure> {
    save_rule(page, ctx, Some(id), form).await
}

async fn save_rule(page: Page, ctx: Ctx, id: Option<i64>, mut form: Form) -> Result<Response, Failure> {
    let known = known(id, &mut form)?;
    let draft = read_rule(&mut form);
    let saved = match form.check() {
        Ok(()) => {
            app::save_reply_rule(&ctx, known.map(|(id, version)| (Id::new(id), version)), draft).await.map(|_| ())
        }
        Err(fault) => Err(fault),
    };
    answered(page, &ctx, saved, form, id, false).await
}

async fn answered(
    page: Page,
    ctx: &Ctx,
    saved: Result<(), Fault>,
    form: Form,
    id: Option<i64>,
    is_text: bool,
) -> Result<Response, Failure> {
    let place = if is_text { "texts" } else { "rules" };
    let action = match id {
        Some(id) => format!("/settings/replies/{place}/{id}"),
        None => format!("/settings/replies/{place}/new"),
    };
    match saved {
        Ok(()) => Ok(Redirect::to("/settings/replies?done=saved").into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let page = edit_page(page, ctx, action, form.into_filled_with(&fault), is_text, false).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        // What was typed stays; sent again it is based on what the other one left.
        Err(fault) if fault.kind() == FaultKind::Stale => {
            let id = Id::new(id.unwrap_or_default());
            let now = if is_text {
                app::reply_text(ctx, id).await?.text.version
            } else {
                app::reply_rule(ctx, Id::new(id.get())).await?.version
            };
            let form = form.into_filled().with("version", now.to_string());
            let page = edit_page(page, ctx, action, form, is_text, true).await?;
            Ok((StatusCode::PRECONDITION_FAILED, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /cases/{id}/reply-draft`: keeps what stands in the box for messages, by itself while typing, or with a text put in.
pub(crate) async fn keep(
    page: Page,
    ctx: Ctx,
    Path(id): Path<i64>,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, Failure> {
    let visibility = form.choice_or_none("visibility", Visibility::parse);
    let way = form.choice_or_none("way", Way::parse);
    let insert = form.id_or_none("insert");
    let typed = form.raw("body").to_owned();
    let at = app::keep_reply_draft(&ctx, Id::new(id), visibility, way, &typed, insert).await?;
    if wants_fragment(&headers) {
        let kept = page.lang.t1("cases-intake-draft-kept", "at", page.lang.time(at));
        return Ok(web::escape(&kept).to_string().into_response());
    }
    Ok(Redirect::to(&format!("/cases/{id}#records")).into_response())
}
