//! Pages.

pub(crate) mod letter;

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id};
use messaging::Tls;
use parties::domain::masked_email;
use web::{Chip, Choice, Failure, Filled, Flash, Form, Lang, Page, Tab, View};

use crate::app::{self, Draft, NewPassword, RETRY, SETTINGS, Tried};
use crate::store::{LetterId, LetterRow, Mailbox, MailboxId, State};

/// The entry of the menu that mailboxes are behind.
pub(crate) const SETTINGS_MENU: &str = "/settings";
/// Rows per page.
const ROWS: u16 = 50;

struct Row {
    mailbox: Mailbox,
    store: String,
    chip: Chip,
}

/// Who wrote: the name, or the address as everybody may see it; in words where a letter named nobody, or names nobody any more.
fn sender(lang: &Lang, row: &LetterRow) -> String {
    match (row.from_name.is_empty(), row.from_address.is_empty()) {
        (false, _) => row.from_name.clone(),
        (true, false) => masked_email(&row.from_address),
        (true, true) if row.why.as_deref() == Some("no_sender") => lang.t("mail-no-sender"),
        (true, true) => lang.t("mail-sender-erased"),
    }
}

#[derive(Template)]
#[template(path = "mail_list.html")]
struct ListPage {
    page: Page,
    rows: Vec<Row>,
    may_set: bool,
}

/// Where a mailbox stands, with icon and tone.
fn chip(lang: &Lang, mailbox: &Mailbox) -> Chip {
    match (mailbox.active, &mailbox.error, mailbox.looked_at) {
        (false, _, _) => web::chip("", "ban", lang.t("mail-is-off")),
        (true, Some(error), _) => web::chip("late", "alert-triangle", lang.word("mail-error", error)),
        (true, None, None) => web::chip("info", "clock", lang.t("mail-is-new")),
        (true, None, Some(_)) => web::chip("ok", "circle-check", lang.t("mail-is-well")),
    }
}

fn store_of(ctx: &Ctx, mailbox: &Mailbox) -> String {
    let directory = ctx.house.identity.directories().now();
    directory.unit(mailbox.store).map(|unit| unit.name_in(ctx.locale.as_str()).to_owned()).unwrap_or_default()
}

/// `GET /mailboxes?address=`: all of them, or the way to the one with this address.
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let page = page.named("mail-title").within(SETTINGS_MENU);
    let mailboxes = app::mailboxes(&ctx).await?;
    let query = Form::from_query(&query.unwrap_or_default());
    let wanted = query.raw("address").to_lowercase();
    if let Some(one) = mailboxes.iter().find(|one| one.address == wanted) {
        return Ok(Redirect::to(&format!("/mailboxes/{}", one.id)).into_response());
    }
    let row = |mailbox: Mailbox| Row { store: store_of(&ctx, &mailbox), chip: chip(&page.lang, &mailbox), mailbox };
    let rows = mailboxes.into_iter().map(row).collect();
    Ok(View(ListPage { rows, may_set: ctx.actor.holds(SETTINGS), page }).into_response())
}

struct Shown {
    row: LetterRow,
    from: String,
    href: String,
    /// What was not believed, said or left out.
    about: Vec<String>,
    chip: Chip,
    retryable: bool,
}

#[derive(Template)]
#[template(path = "mail_mailbox.html")]
struct MailboxPage {
    page: Page,
    mailbox: Mailbox,
    store: String,
    owner: String,
    chip: Chip,
    tabs: Vec<Tab>,
    letters: Vec<Shown>,
    show: &'static str,
    clear: String,
    next: Option<String>,
    first: Option<String>,
    may_set: bool,
    may_retry: bool,
    may_see_channels: bool,
}

fn letter_chip(lang: &Lang, state: State) -> Chip {
    let (tone, icon) = match state {
        State::Case => ("ok", "inbox"),
        State::Answer => ("ok", "message"),
        State::Bounce => ("late", "message-exclamation"),
        State::Automatic | State::Duplicate => ("", "ban"),
        State::SetAside => ("soon", "alert-triangle"),
    };
    web::chip(tone, icon, lang.word("mail-state", state.as_str()))
}

/// Why it became that, what was said about it, and what was left out.
fn about(lang: &Lang, row: &LetterRow) -> Vec<String> {
    let mut about: Vec<String> = Vec::new();
    about.extend(row.why.as_deref().map(|why| lang.word("mail-why", why)));
    about.extend(row.detail.clone());
    let tamed = row.tamed.as_deref().unwrap_or_default();
    about.extend(tamed.split_whitespace().map(|one| lang.word("mail-tamed", one)));
    about
}

/// What the last action did, named by `?done=`.
fn with_done(mut page: Page, query: &Form) -> Page {
    let done = ["saved", "asked", "retried"].into_iter().find(|word| *word == query.raw("done"));
    page.flash = done.map(|word| Flash { text: page.lang.t(&format!("mail-done-{word}")), undo: None });
    page
}

/// `GET /mailboxes/{id}?show=&before=`
pub(crate) async fn show(
    page: Page,
    ctx: Ctx,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Failure> {
    let mut query = Form::from_query(&query.unwrap_or_default());
    let id: Id<MailboxId> = Id::new(id);
    let mailbox = app::mailbox(&ctx, id).await?;
    let state = query.choice_or_none("show", State::parse);
    let before = query.id_or_none::<LetterId>("before");
    let found = app::letters(&ctx, id, state, before, ROWS).await?;
    let counts = app::counts(&ctx, id).await?;
    let page = with_done(page, &query).titled(&mailbox.name).within(SETTINGS_MENU);
    let lang = &page.lang;
    let address = |state: Option<State>| match state {
        Some(state) => format!("/mailboxes/{id}?show={}", state.as_str()),
        None => format!("/mailboxes/{id}"),
    };
    let mut tabs = vec![Tab::new(lang.t("mail-show-all"), address(None)).current(state.is_none())];
    tabs.extend(counts.into_iter().map(|(one, n)| {
        Tab::new(lang.word("mail-state", one.as_str()), address(Some(one)))
            .count(lang.capped(n, app::COUNTED))
            .current(state == Some(one))
    }));
    let letters = found.rows.into_iter().map(|(row, file)| Shown {
        from: sender(lang, &row),
        retryable: row.state == State::SetAside && file.is_some(),
        chip: letter_chip(lang, row.state),
        href: format!("/mailboxes/{id}/letters/{}", row.id),
        about: about(lang, &row),
        row,
    });
    let letters = letters.collect();
    let directory = ctx.house.identity.directories().now();
    let owner = mailbox.owner.and_then(|owner| directory.user(owner)).map(|user| user.name.clone());
    let glue = if state.is_some() { "&" } else { "?" };
    Ok(View(MailboxPage {
        store: store_of(&ctx, &mailbox),
        owner: owner.unwrap_or_default(),
        chip: chip(lang, &mailbox),
        tabs,
        letters,
        show: state.map_or("all", State::as_str),
        clear: address(None),
        next: found.next.map(|next| format!("{}{glue}before={next}", address(state))),
        first: before.map(|_| address(state)),
        may_set: ctx.actor.holds(SETTINGS),
        may_retry: ctx.actor.holds(RETRY),
        may_see_channels: ctx.actor.holds(cases::app::CHANNELS_VIEW),
        mailbox,
        page,
    }))
}

#[derive(Template)]
#[template(path = "mail_form.html")]
struct FormPage {
    page: Page,
    form: Filled,
    action: String,
    back: String,
    tls: Vec<Choice>,
    stores: Vec<Choice>,
    owners: Vec<Choice>,
    /// It has a password, which is not shown.
    kept: bool,
    /// Where it is tried out, and what came of that: well or not, in words, and what the other side said.
    tries: String,
    tried: Option<(bool, String, String)>,
}

fn form_page(page: Page, ctx: &Ctx, form: Filled, mailbox: Option<&Mailbox>) -> View<FormPage> {
    let page = page.named(if mailbox.is_some() { "mail-edit-title" } else { "mail-new-title" }).within(SETTINGS_MENU);
    let directory = ctx.house.identity.directories().now();
    let locale = ctx.locale.as_str();
    let stores = directory.stores().filter(|store| store.active);
    let stores = stores.map(|store| Choice::new(store.id.to_string(), store.name_in(locale))).collect();
    let owners = directory.users().filter(|user| user.active);
    let owners = owners.map(|user| Choice::new(user.id.to_string(), user.name.clone())).collect();
    let back = mailbox.map_or_else(|| "/mailboxes".to_owned(), |mailbox| format!("/mailboxes/{}", mailbox.id));
    View(FormPage {
        tls: page.lang.choices("mail-tls", ["implicit", "start_tls", "none"]),
        action: back.clone(),
        back,
        stores,
        owners,
        kept: mailbox.is_some_and(|mailbox| mailbox.sealed.is_some()),
        tries: mailbox.map_or_else(|| "/mailboxes/try".to_owned(), |mailbox| format!("/mailboxes/{}/try", mailbox.id)),
        tried: None,
        form,
        page,
    })
}

/// `GET /mailboxes/new`
pub(crate) async fn new(page: Page, ctx: Ctx) -> Result<impl IntoResponse, Failure> {
    let filled = Filled::new()
        .with("port", "993")
        .with("tls", "implicit")
        .with("folder", "INBOX")
        .with("idle", "yes")
        .with("active", "yes");
    Ok(form_page(page, &ctx, filled, None))
}

/// `GET /mailboxes/{id}/edit`
pub(crate) async fn edit(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let mailbox = app::mailbox(&ctx, Id::new(id)).await?;
    let on = |on: bool| if on { "yes" } else { "" };
    let filled = Filled::new()
        .with("version", mailbox.version.to_string())
        .with("name", mailbox.name.as_str())
        .with("address", mailbox.address.as_str())
        .with("host", mailbox.host.as_str())
        .with("port", mailbox.port.to_string())
        .with("tls", mailbox.tls.as_str())
        .with("login", mailbox.login.as_str())
        .with("folder", mailbox.folder.as_str())
        .with("store", mailbox.store.to_string())
        .with("owner", mailbox.owner.map(|owner| owner.to_string()).unwrap_or_default())
        .with("idle", on(mailbox.idle))
        .with("active", on(mailbox.active));
    Ok(form_page(page, &ctx, filled, Some(&mailbox)))
}

/// What was typed; errors stand in the form.
pub(crate) fn read(form: &mut Form) -> Result<Draft, Fault> {
    let password = form.raw("password").to_owned();
    let name = form.text("name", 60);
    let address = form.text("address", 200);
    let host = form.text("host", 200);
    let port = form.number("port", 1..=65_535);
    let tls = form.choice("tls", Tls::parse);
    let login = form.text("login", 200);
    let folder = form.text("folder", 200);
    let store = form.id("store");
    let owner = form.id_or_none("owner");
    if password.len() > 500 || password.chars().any(char::is_control) {
        form.reject("password", "unknown");
    }
    form.check()?;
    Ok(Draft {
        name,
        address,
        host,
        port: form.need(port)?,
        tls: form.need(tls)?,
        login,
        password: if password.is_empty() { NewPassword::Same } else { NewPassword::To(password) },
        folder,
        store: form.need(store)?,
        owner,
        idle: form.flag("idle"),
        active: form.flag("active"),
    })
}

/// The form again with what was typed, without the password.
fn again(page: Page, ctx: &Ctx, form: &Form, fault: &Fault, mailbox: Option<&Mailbox>) -> Response {
    let kept = form.pairs().iter().filter(|(name, _)| name != "password").cloned();
    let filled = Form::from_pairs(kept).into_filled_with(fault);
    (StatusCode::UNPROCESSABLE_ENTITY, form_page(page, ctx, filled, mailbox)).into_response()
}

/// `POST /mailboxes`
pub(crate) async fn create(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let made = match read(&mut form) {
        Ok(draft) => app::create(&ctx, draft).await,
        Err(fault) => Err(fault),
    };
    match made {
        Ok(id) => {
            app::look_soon(&ctx, id).await?;
            Ok(Redirect::to(&format!("/mailboxes/{id}?done=saved")).into_response())
        }
        Err(fault) if fault.kind() == FaultKind::Invalid => Ok(again(page, &ctx, &form, &fault, None)),
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /mailboxes/{id}`
pub(crate) async fn save(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let version = form.version("version")?;
    let id: Id<MailboxId> = Id::new(id);
    let mailbox = app::mailbox(&ctx, id).await?;
    let saved = match read(&mut form) {
        Ok(draft) => app::save(&ctx, id, version, draft).await,
        Err(fault) => Err(fault),
    };
    match saved {
        Ok(()) => Ok(Redirect::to(&format!("/mailboxes/{id}?done=saved")).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => Ok(again(page, &ctx, &form, &fault, Some(&mailbox))),
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /mailboxes/try`
pub(crate) async fn try_new(page: Page, ctx: Ctx, form: Form) -> Result<Response, Failure> {
    tried(page, ctx, None, form).await
}

/// `POST /mailboxes/{id}/try`
pub(crate) async fn try_again(page: Page, ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Response, Failure> {
    let mailbox = app::mailbox(&ctx, Id::new(id)).await?;
    tried(page, ctx, Some(mailbox), form).await
}

/// The form as it was typed, with the password, and what came of trying it out.
async fn tried(page: Page, ctx: Ctx, mailbox: Option<Mailbox>, mut form: Form) -> Result<Response, Failure> {
    let tried = match read(&mut form) {
        Ok(draft) => app::try_out(&ctx, mailbox.as_ref().map(|mailbox| mailbox.id), &draft).await,
        Err(fault) => Err(fault),
    };
    let lang = page.lang.clone();
    let tried = match tried {
        Ok(Tried::Read(letters)) => (true, lang.t1("mail-tried-well", "n", letters), String::new()),
        Ok(Tried::Not(code, detail)) => (false, lang.word("mail-error", code), detail),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            return Ok(again(page, &ctx, &form, &fault, mailbox.as_ref()));
        }
        Err(fault) => return Err(fault.into()),
    };
    let mut shown = form_page(page, &ctx, form.into_filled(), mailbox.as_ref());
    shown.0.tried = Some(tried);
    Ok(shown.into_response())
}

/// `POST /mailboxes/{id}/look`
pub(crate) async fn look(ctx: Ctx, Path(id): Path<i64>) -> Result<Redirect, Failure> {
    app::look_soon(&ctx, Id::new(id)).await?;
    Ok(Redirect::to(&format!("/mailboxes/{id}?done=asked")))
}

/// `POST /mailboxes/{id}/letters/{letter}/retry`
pub(crate) async fn retry(ctx: Ctx, Path((id, letter)): Path<(i64, i64)>) -> Result<Redirect, Failure> {
    of_mailbox(&ctx, id, letter).await?;
    let row = app::retry(&ctx, Id::new(letter)).await?;
    Ok(match row.case {
        Some(case) => Redirect::to(&format!("/cases/{case}")),
        None => Redirect::to(&format!("/mailboxes/{id}?done=retried")),
    })
}

/// `Ok` when the letter came to the mailbox that the address names.
pub(crate) async fn of_mailbox(ctx: &Ctx, id: i64, letter: i64) -> Result<(), Fault> {
    let row = app::letter(ctx, Id::new(letter)).await?;
    if row.mailbox == Id::new(id) { Ok(()) } else { Err(Fault::not_found()) }
}
