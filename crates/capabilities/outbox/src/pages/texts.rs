use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::FaultKind;
use messaging::{Channel, VARIABLES, WordingVersion};
use web::{Failure, Filled, Form, Page, View};

use super::{go_to, unprocessable, with_done};
use crate::app::{self, Draft, Shown, Text, TextKey};
use crate::permissions::TEMPLATES_EDIT;

#[derive(Template)]
#[template(path = "outbox_texts.html")]
struct ListPage {
    page: Page,
    /// One group for each template: its word, who reads it, its texts.
    groups: Vec<(String, bool, Vec<Text>)>,
}

/// `GET /settings/templates`
pub(crate) async fn list(page: Page, ctx: Ctx) -> Result<impl IntoResponse, Failure> {
    let page = page.named("messaging-texts-title");
    let mut groups: Vec<(String, bool, Vec<Text>)> = Vec::new();
    for text in app::texts(&ctx).await? {
        let word = page.lang.word("messaging-text", text.key.template.code);
        match groups.last_mut() {
            Some((last, _, texts)) if *last == word => texts.push(text),
            Some(_) | None => groups.push((word, text.key.template.customer, vec![text])),
        }
    }
    Ok(View(ListPage { groups, page }))
}

#[derive(Template)]
#[template(path = "outbox_text.html")]
struct TextPage {
    page: Page,
    key: TextKey,
    mail: bool,
    form: Filled,
    shown: Option<Shown>,
    text: Text,
    versions: Vec<WordingVersion>,
    variables: Vec<(String, String)>,
    may_edit: bool,
}

impl TextPage {
    fn rows(&self) -> u16 {
        if self.mail { 12 } else { 5 }
    }
    fn most(&self) -> usize {
        if self.mail { messaging::MAIL_LIMIT } else { messaging::SMS_LIMIT }
    }
}

type Words = (String, String, String);

fn parsed((code, channel, locale): &Words) -> Result<TextKey, Failure> {
    Ok(TextKey::parse(code, channel, locale)?)
}

async fn page_of(
    page: Page,
    ctx: &Ctx,
    key: TextKey,
    typed: Option<(Filled, Option<Shown>)>,
) -> Result<View<TextPage>, Failure> {
    let (text, versions) = app::text_of(ctx, key).await?;
    let lang = &page.lang;
    let named = format!(
        "{} · {} · {}",
        lang.word("messaging-text", key.template.code),
        lang.word("messaging-channel", key.channel.as_str()),
        lang.word("messaging-locale", key.locale.as_str())
    );
    let variables = VARIABLES.map(|name| (name.to_owned(), lang.word("messaging-variable", name))).to_vec();
    let kept = Filled::new()
        .with("version", text.wording.version.to_string())
        .with("subject", text.wording.subject.as_str())
        .with("body", text.wording.body.as_str());
    let (form, shown) = typed.unwrap_or_else(|| (kept, Some(text.shown.clone())));
    Ok(View(TextPage {
        mail: key.channel == Channel::Mail,
        form,
        shown,
        versions,
        variables,
        may_edit: ctx.actor.holds(TEMPLATES_EDIT),
        key,
        text,
        page: page.titled(named),
    }))
}

/// `GET /settings/templates/{code}/{channel}/{locale}`; `?version=` puts the words of an earlier version into the form.
pub(crate) async fn show(
    page: Page,
    ctx: Ctx,
    Path(words): Path<Words>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let key = parsed(&words)?;
    let query = Form::from_query(&query.unwrap_or_default());
    let page = with_done(page, &query, &["text-saved"]);
    let Ok(asked) = query.raw("version").parse::<i64>() else {
        return Ok(page_of(page, &ctx, key, None).await?.into_response());
    };
    let (text, versions) = app::text_of(&ctx, key).await?;
    let earlier = match versions.into_iter().find(|version| version.wording.version == asked) {
        Some(version) => version.wording,
        None => messaging::Wording::shipped(&key.template, key.channel, key.locale.as_str())?,
    };
    let draft = Draft { subject: earlier.subject.clone(), body: earlier.body.clone() };
    let shown = app::preview(&ctx, key, draft).await.ok();
    let form = Filled::new()
        .with("version", text.wording.version.to_string())
        .with("subject", earlier.subject)
        .with("body", earlier.body);
    Ok(page_of(page, &ctx, key, Some((form, shown))).await?.into_response())
}

/// `POST /settings/templates/{code}/{channel}/{locale}`: `act=preview` keeps nothing.
pub(crate) async fn save(page: Page, ctx: Ctx, Path(words): Path<Words>, form: Form) -> Result<Response, Failure> {
    let key = parsed(&words)?;
    let version = form.version("version")?;
    // Browsers send line ends as CR LF; mail is composed with its own.
    let body = form.raw("body").replace("\r\n", "\n").trim().to_owned();
    let draft = Draft { subject: form.raw("subject").trim().to_owned(), body };
    if form.raw("act") == "preview" {
        return match app::preview(&ctx, key, draft).await {
            Ok(shown) => Ok(page_of(page, &ctx, key, Some((form.into_filled(), Some(shown)))).await?.into_response()),
            Err(fault) => refilled(page, &ctx, key, form, fault).await,
        };
    }
    match app::change(&ctx, key, version, draft).await {
        Ok(_) => Ok(go_to(&format!("{}?done=text-saved", key.href()))),
        Err(fault) => refilled(page, &ctx, key, form, fault).await,
    }
}

async fn refilled(page: Page, ctx: &Ctx, key: TextKey, form: Form, fault: kernel::Fault) -> Result<Response, Failure> {
    if fault.kind() != FaultKind::Invalid {
        return Err(fault.into());
    }
    let form = form.into_filled_with(&fault);
    Ok(unprocessable(page_of(page, ctx, key, Some((form, None))).await?))
}
