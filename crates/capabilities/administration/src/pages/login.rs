use askama::Template;
use axum::http::header::{HeaderValue, RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use capability::{Ctx, SESSION_COOKIE};
use identity::{KEPT_LIMIT, Opened, Secret, SignIn};
use kernel::{Fault, FaultKind, Id, of};
use web::cookies::{YEAR, set_cookie};
use web::preferences::local_path;
use web::{Failure, Filled, Form, Markup, Page, Settings, View};

use super::switch::WORKSTATION_COOKIE;
use super::{Caller, go_to, without};

#[derive(Template)]
#[template(path = "administration_login.html")]
struct LoginPage {
    page: Page,
    form: Filled,
    /// Where to go afterwards.
    next: String,
    /// The company's name, once there is one.
    company: String,
    /// Whom to call when it does not work, if the company has said so.
    phone: Option<String>,
    /// Why it was refused, when that is about no field.
    notice: Markup,
}

fn login_page(ctx: &Ctx, page: Page, next: &str, form: Filled, notice: Markup) -> View<LoginPage> {
    let directory = ctx.house.identity.directories().now();
    let company = directory.company();
    View(LoginPage {
        next: local_path(next).to_owned(),
        company: company.map(|unit| unit.name_in(page.lang.locale.as_str()).to_owned()).unwrap_or_default(),
        phone: company.and_then(|unit| unit.phone.clone()),
        page: page.named("administration-login-title"),
        form,
        notice,
    })
}

/// `GET /login?next=…`
pub(crate) async fn show(page: Page, ctx: Ctx, uri: Uri) -> Result<Response, Failure> {
    let query = Form::from_query(uri.query().unwrap_or_default());
    let full = query.has("full");
    if ctx.locked.is_some() && !full {
        return Ok(go_to(&super::switch::href(local_path(query.raw("next")))));
    }
    if ctx.session.is_some() && !full {
        return Ok(go_to(local_path(query.raw("next"))));
    }
    if ctx.house.identity.needs_setup().await? {
        return Ok(go_to("/setup"));
    }
    // Another node may have made the company since this one looked last.
    ctx.house.identity.directories().refresh().await?;
    let notice = ctx.shut.map(|shut| web::notice(&page.lang, &shut.fault())).unwrap_or_default();
    Ok(login_page(&ctx, page, query.raw("next"), Filled::new(), notice).into_response())
}

/// `POST /login`
pub(crate) async fn sign_in(
    page: Page,
    ctx: Ctx,
    settings: Settings,
    caller: Caller,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Failure> {
    let asked = SignIn {
        login: form.raw("login").to_owned(),
        password: Secret::new(form.raw("password")),
        keep: form.flag("keep"),
        address: caller.address,
        agent: caller.agent,
    };
    let keep = asked.keep;
    let next = form.raw("next").to_owned();
    match ctx.house.identity.sign_in(asked).await {
        Ok(opened) => {
            let mut response = welcome(&opened, keep, &settings, local_path(&next));
            keep_workstation(&ctx, &settings, &headers, opened.user, &mut response).await?;
            Ok(response)
        }
        Err(fault) => refuse(&ctx, page, &next, without(&form, &["password"]), fault),
    }
}

/// The login page again: wrong fields at the field, "wait" and "busy" above the form.
fn refuse(ctx: &Ctx, page: Page, next: &str, form: Form, fault: Fault) -> Result<Response, Failure> {
    let status = StatusCode::from_u16(fault.kind().status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
    let notice = match fault.kind() {
        FaultKind::Invalid => Markup::default(),
        FaultKind::TooMany | FaultKind::Busy | FaultKind::Refused => web::notice(&page.lang, &fault),
        _ => return Err(fault.into()),
    };
    let answer = login_page(ctx, page, next, form.into_filled_with(&fault), notice);
    let mut response = (status, answer).into_response();
    let wait = fault.args().iter().find(|(name, _)| *name == "retry_after");
    if let Some(seconds) = wait.and_then(|(_, seconds)| HeaderValue::from_str(seconds).ok()) {
        response.headers_mut().insert(RETRY_AFTER, seconds);
    }
    Ok(response)
}

/// `POST /logout`
pub(crate) async fn sign_out(ctx: Ctx, settings: Settings, headers: HeaderMap) -> Result<Response, Failure> {
    if let Some(token) = web::cookies::cookie(&headers, SESSION_COOKIE) {
        ctx.house.identity.sign_out(token).await?;
    }
    Ok(farewell(&settings, "/login"))
}

/// The way in: the session's cookie, which lasts until the browser closes unless the person asked to be kept.
pub(crate) fn welcome(opened: &Opened, keep: bool, settings: &Settings, path: &str) -> Response {
    let lasting = if keep { format!("; Max-Age={}", KEPT_LIMIT / 1000) } else { String::new() };
    let secure = if settings.is_https() { "; Secure" } else { "" };
    let token = opened.token.reveal();
    with_cookie(go_to(path), &format!("{SESSION_COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax{lasting}{secure}"))
}

/// Notes who signed in at this browser, so that people can take turns there with their PINs.
pub(crate) async fn keep_workstation(
    ctx: &Ctx,
    settings: &Settings,
    headers: &HeaderMap,
    user: Id<of::User>,
    response: &mut Response,
) -> Result<(), Fault> {
    let known = web::cookies::cookie(headers, WORKSTATION_COOKIE);
    if let Some(fresh) = ctx.house.identity.note_workstation(known, user).await? {
        let cookie = set_cookie(WORKSTATION_COOKIE, fresh.reveal(), YEAR, settings.is_https());
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(())
}

/// The way out: the cookie is taken back.
pub(crate) fn farewell(settings: &Settings, path: &str) -> Response {
    let secure = if settings.is_https() { "; Secure" } else { "" };
    with_cookie(go_to(path), &format!("{SESSION_COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}"))
}

fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
