//! 换人: who goes on at this counter PC. A page of its own without scripts, an overlay with them.

use askama::Template;
use axum::http::header::{HeaderValue, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use capability::{Ctx, SESSION_COOKIE};
use identity::{Secret, SwitchTo};
use kernel::{Fault, FaultKind, Id, of};
use web::preferences::local_path;
use web::{Failure, Filled, Form, Markup, Page, Settings, View};

use super::login::{keep_workstation, welcome};
use super::{Caller, go_to, refilled, unprocessable, with_done, without};
use crate::app::{own, switch as turns};

/// The cookie by which a counter PC is known again.
pub(crate) const WORKSTATION_COOKIE: &str = "workstation";

/// Says to the script that the switch happened, and to whom: `same` or `other`.
const SWITCHED: &str = "x-switched";

struct Colleague {
    id: String,
    name: String,
    initial: String,
    role: String,
    here: bool,
}

#[derive(Template)]
#[template(path = "administration_switch.html")]
struct SwitchPage {
    page: Page,
    body: Body,
}

#[derive(Template)]
#[template(path = "administration_switch_body.html")]
struct Body {
    page: Page,
    people: Vec<Colleague>,
    form: Filled,
    next: String,
    /// Whose work waits.
    holder: String,
    locked: bool,
    /// True when this person could lock the screen.
    can_lock: bool,
    notice: Markup,
    /// True in the overlay.
    over: bool,
}

// Written into the page as it is: a template escapes its own values.
impl askama::filters::HtmlSafe for Body {}

#[derive(Template)]
#[template(path = "administration_pin.html")]
struct PinPage {
    page: Page,
    form: Filled,
    set: bool,
    /// False for people who always sign in with the password.
    allowed: bool,
}

fn token(headers: &HeaderMap) -> Option<&str> {
    web::cookies::cookie(headers, WORKSTATION_COOKIE)
}

/// The page, with where to go afterwards.
pub(crate) fn href(next: &str) -> String {
    // The same escaping as for the way to the login page.
    web::sign_in_href(next).replacen("/login", "/switch", 1)
}

fn wants_part(headers: &HeaderMap) -> bool {
    headers.contains_key("hx-request")
}

async fn body(
    ctx: &Ctx,
    page: Page,
    headers: &HeaderMap,
    next: &str,
    form: Filled,
    notice: Markup,
) -> Result<Body, Fault> {
    let session = turns::at_the_counter(ctx)?;
    let directory = ctx.house.identity.directories().now();
    let ids = ctx.house.identity.colleagues(session, token(headers)).await?;
    let role = |id: Id<of::User>| {
        let first = directory.assignments(id).first();
        first.map(|given| page.word("identity-role", &given.role)).unwrap_or_default()
    };
    let mut people: Vec<Colleague> = ids
        .into_iter()
        .filter_map(|id| directory.user(id))
        .map(|user| Colleague {
            id: user.id.to_string(),
            initial: user.name.chars().next().map(String::from).unwrap_or_default(),
            name: user.name.clone(),
            role: role(user.id),
            here: user.id == session.user.id,
        })
        .collect();
    // The next one is most likely not the one who is here; while the screen is locked, it is.
    let locked = ctx.locked.is_some();
    people.sort_by_key(|one| one.here != locked);
    let form = match (form.value("user").is_empty(), people.first()) {
        (true, Some(first)) => form.with("user", first.id.clone()),
        _ => form,
    };
    Ok(Body {
        people,
        form,
        next: local_path(next).to_owned(),
        holder: session.user.name.clone(),
        locked,
        can_lock: session.has_pin && !locked,
        notice,
        over: wants_part(headers),
        page: page.named("identity-switch-title"),
    })
}

fn answer(headers: &HeaderMap, body: Body) -> Response {
    if wants_part(headers) {
        View(body).into_response()
    } else {
        View(SwitchPage { page: body.page.clone(), body }).into_response()
    }
}

/// `GET /switch?next=`
pub(crate) async fn show(page: Page, ctx: Ctx, headers: HeaderMap, uri: Uri) -> Result<Response, Failure> {
    let query = Form::from_query(uri.query().unwrap_or_default());
    if turns::at_the_counter(&ctx).is_err() {
        return Ok(go_to(&web::sign_in_href(local_path(query.raw("next")))));
    }
    let body = body(&ctx, page, &headers, query.raw("next"), Filled::new(), Markup::default()).await?;
    Ok(answer(&headers, body))
}

/// `POST /switch`
pub(crate) async fn take_over(
    page: Page,
    ctx: Ctx,
    settings: Settings,
    caller: Caller,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, Failure> {
    let before = turns::at_the_counter(&ctx)?.user.id;
    let next = form.raw("next").to_owned();
    let user = form.id::<of::User>("user");
    let pin = form.raw("pin").to_owned();
    if pin.is_empty() {
        form.reject("pin", "required");
    }
    let switched = match (form.check(), user) {
        (Ok(()), Some(user)) => {
            let to = SwitchTo {
                user,
                pin: Secret::new(pin),
                workstation: token(&headers).map(str::to_owned),
                address: caller.address,
                agent: caller.agent,
            };
            turns::switch(&ctx, to).await
        }
        (Err(fault), _) => Err(fault),
        (Ok(()), None) => Err(Fault::field("user", "choose")),
    };
    let fault = match switched {
        Ok(opened) => {
            let mut response = welcome(&opened, false, &settings, local_path(&next));
            if wants_part(&headers) {
                let who = if opened.user == before { "same" } else { "other" };
                *response.status_mut() = StatusCode::NO_CONTENT;
                response.headers_mut().remove(axum::http::header::LOCATION);
                response.headers_mut().insert(SWITCHED, HeaderValue::from_static(who));
            }
            return Ok(response);
        }
        Err(fault) => fault,
    };
    let notice = match fault.kind() {
        FaultKind::Invalid => Markup::default(),
        FaultKind::TooMany | FaultKind::Busy | FaultKind::Refused => web::notice(&page.lang, &fault),
        _ => return Err(fault.into()),
    };
    let filled = without(&form, &["pin"]).into_filled_with(&fault);
    let body = body(&ctx, page, &headers, &next, filled, notice).await?;
    let mut response = answer(&headers, body);
    *response.status_mut() = StatusCode::from_u16(fault.kind().status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
    let wait = fault.args().iter().find(|(name, _)| *name == "retry_after");
    if let Some(seconds) = wait.and_then(|(_, seconds)| HeaderValue::from_str(seconds).ok()) {
        response.headers_mut().insert(RETRY_AFTER, seconds);
    }
    Ok(response)
}

/// `POST /switch/lock`: nobody goes on before a PIN or a password.
pub(crate) async fn lock(ctx: Ctx, headers: HeaderMap, form: Form) -> Result<Response, Failure> {
    let session = turns::at_the_counter(&ctx)?;
    if !ctx.house.identity.lock(session).await? {
        return Err(Fault::refused("identity-pin-none").into());
    }
    if wants_part(&headers) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(go_to(&href(local_path(form.raw("next")))))
}

async fn pin_page(ctx: &Ctx, page: Page, form: Filled) -> Result<View<PinPage>, Failure> {
    let user = own::me(ctx)?.id;
    let directory = ctx.house.identity.directories().now();
    Ok(View(PinPage {
        set: ctx.session.as_ref().is_some_and(|session| session.has_pin),
        allowed: identity::counter_of(&directory, user).is_some(),
        page: page.named("identity-pin-title"),
        form,
    }))
}

/// `GET /me/pin`
pub(crate) async fn pin(page: Page, ctx: Ctx, uri: Uri) -> Result<Response, Failure> {
    let page = with_done(page, &uri, &["pin", "pin-cleared"]);
    Ok(pin_page(&ctx, page, Filled::new()).await?.into_response())
}

/// `POST /me/pin`: sets the PIN, and takes it away with `clear`.
pub(crate) async fn save_pin(
    page: Page,
    ctx: Ctx,
    settings: Settings,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Failure> {
    if form.has("clear") {
        turns::clear_pin(&ctx).await?;
        return Ok(go_to("/me/pin?done=pin-cleared"));
    }
    let (present, pin) = (Secret::new(form.raw("present")), Secret::new(form.raw("pin")));
    if let Err(fault) = turns::set_pin(&ctx, &present, &pin).await {
        let form = refilled(without(&form, &["present", "pin"]), fault)?;
        return Ok(unprocessable(pin_page(&ctx, page, form).await?));
    }
    let mut response = go_to("/me/pin?done=pin");
    // The password was given here: from now on this browser knows the person.
    if web::cookies::cookie(&headers, SESSION_COOKIE).is_some() {
        let user = own::me(&ctx)?.id;
        keep_workstation(&ctx, &settings, &headers, user, &mut response).await?;
    }
    Ok(response)
}
