use askama::Template;
use axum::extract::Path;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use capability::{Ctx, SESSION_COOKIE};
use identity::store::sessions::Session;
use identity::store::tokens::Token;
use identity::{Means, Secret, SignIn, Theme, User};
use kernel::Fault;
use web::cookies::{LANGUAGE, THEME, YEAR, set_cookie};
use web::{Choice, Failure, Filled, Form, Locale, Page, Settings, View};

use super::login::{farewell, welcome};
use super::{Caller, browser, go_to, refilled, unit_name, unprocessable, with_done, without};
use crate::app::own;

/// One day in milliseconds.
const DAY: i64 = 24 * 3_600_000;

struct SessionRow {
    seen: String,
    ends: String,
    address: String,
    agent: String,
    /// True for the session that this page is shown in.
    is_here: bool,
}

struct TokenRow {
    id: i64,
    name: String,
    made: String,
    used: String,
    ends: String,
}

fn session_row(page: &Page, session: Session, here: Option<i64>) -> SessionRow {
    SessionRow {
        seen: page.when(session.seen_at),
        ends: page.when(session.expires_at),
        is_here: here == Some(session.id),
        address: session.address,
        agent: browser::named(&session.agent),
    }
}

fn token_row(page: &Page, token: Token) -> TokenRow {
    let used = token.last_used_at.map(|at| page.when(at));
    TokenRow {
        id: token.id,
        made: page.t1("administration-token-created", "at", page.date(token.created_at)),
        used: used.unwrap_or_else(|| page.t("administration-token-never")),
        ends: token.expires_at.map_or_else(|| page.t("administration-token-forever"), |at| page.date(at)),
        name: token.name,
    }
}

#[derive(Template)]
#[template(path = "administration_me.html")]
struct MePage {
    page: Page,
    user: User,
    home: String,
    roles: Vec<String>,
    preferences: Filled,
    password: Filled,
    token: Filled,
    locales: Vec<Choice>,
    themes: Vec<Choice>,
    ends: Vec<Choice>,
    sessions: Vec<SessionRow>,
    tokens: Vec<TokenRow>,
    /// A token that was made just now: shown once.
    made: Option<String>,
}

/// What the page shows besides the person: forms as they were sent.
#[derive(Default)]
struct Shown {
    preferences: Option<Filled>,
    password: Filled,
    token: Filled,
    made: Option<String>,
}

async fn me_page(ctx: &Ctx, page: Page, shown: Shown) -> Result<View<MePage>, Failure> {
    let user = own::me(ctx)?.clone();
    let (sessions, tokens) = own::access_of(ctx, user.id).await?;
    let directory = ctx.house.identity.directories().now();
    let page = page.named("administration-me-title");
    let roles = directory.assignments(user.id).iter().map(|given| {
        format!(
            "{} · {}",
            super::roles::role_name(&page, &directory, &given.role),
            unit_name(&page, &directory, given.unit)
        )
    });
    let preferences = shown.preferences.unwrap_or_else(|| {
        Filled::new()
            .with("locale", user.locale.clone())
            .with("theme", user.theme.as_str())
            .with("keys_off", if user.keys_off { "on" } else { "" })
    });
    let here = ctx.session.as_ref().and_then(|session| match session.by {
        Means::Session(id) => Some(id),
        Means::Token(_) => None,
    });
    let token = if shown.token.value("days").is_empty() { shown.token.with("days", "365") } else { shown.token };
    Ok(View(MePage {
        home: unit_name(&page, &directory, user.home),
        roles: roles.collect(),
        preferences,
        password: shown.password,
        token,
        locales: Locale::ALL
            .iter()
            .map(|locale| Choice::new(locale.as_str(), page.t(&format!("identity-locale-{locale}"))))
            .collect(),
        themes: Theme::ALL
            .iter()
            .map(|theme| Choice::new(theme.as_str(), page.word("identity-theme", theme.as_str())))
            .collect(),
        ends: own::TOKEN_DAYS
            .iter()
            .map(|days| Choice::new(days.to_string(), page.t1("administration-token-days", "n", *days)))
            .chain([Choice::new("0", page.t("administration-token-forever"))])
            .collect(),
        sessions: sessions.into_iter().map(|session| session_row(&page, session, here)).collect(),
        tokens: tokens.into_iter().map(|token| token_row(&page, token)).collect(),
        made: shown.made,
        user,
        page,
    }))
}

/// `GET /me`
pub(crate) async fn show(page: Page, ctx: Ctx, uri: Uri) -> Result<Response, Failure> {
    let page = with_done(page, &uri, &["saved", "password", "revoked"]);
    Ok(me_page(&ctx, page, Shown::default()).await?.into_response())
}

/// `POST /me`: language, theme, single keys. This browser follows at once.
pub(crate) async fn save(page: Page, ctx: Ctx, settings: Settings, mut form: Form) -> Result<Response, Failure> {
    let locale = form.choice("locale", |word| Locale::ALL.into_iter().find(|locale| locale.as_str() == word));
    let theme = form.choice("theme", Theme::parse);
    let keys_off = form.flag("keys_off");
    let (Some(locale), Some(theme)) = (locale, theme) else {
        let shown = Shown { preferences: Some(form.into_filled()), ..Shown::default() };
        return Ok(unprocessable(me_page(&ctx, page, shown).await?));
    };
    own::save_preferences(&ctx, locale.as_str(), theme, keys_off).await?;
    let secure = settings.is_https();
    let mut response = go_to("/me?done=saved");
    let seconds = if theme == Theme::System { 0 } else { YEAR };
    response.headers_mut().append(SET_COOKIE, set_cookie(LANGUAGE, locale.as_str(), YEAR, secure));
    response.headers_mut().append(SET_COOKIE, set_cookie(THEME, theme.as_str(), seconds, secure));
    Ok(response)
}

/// `POST /me/password`: every session ends; this browser gets a new one.
pub(crate) async fn change_password(
    page: Page,
    ctx: Ctx,
    settings: Settings,
    caller: Caller,
    form: Form,
) -> Result<Response, Failure> {
    let (present, new) = (Secret::new(form.raw("present")), Secret::new(form.raw("password")));
    if let Err(fault) = own::change_password(&ctx, &present, &new).await {
        let shown = Shown { password: refilled(without(&form, &["present", "password"]), fault)?, ..Shown::default() };
        return Ok(unprocessable(me_page(&ctx, page, shown).await?));
    }
    let asked = SignIn {
        login: own::me(&ctx)?.login.clone(),
        password: new,
        keep: false,
        address: caller.address,
        agent: caller.agent,
    };
    let opened = ctx.house.identity.sign_in(asked).await?;
    Ok(welcome(&opened, false, &settings, "/me?done=password"))
}

/// `POST /me/tokens`: the token is in this one answer and nowhere else.
pub(crate) async fn create_token(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let days = form.choice("days", |word| {
        let days: i64 = word.parse().ok()?;
        (days == 0 || own::TOKEN_DAYS.contains(&days)).then_some(days)
    });
    let Some(days) = days else {
        let shown = Shown { token: form.into_filled(), ..Shown::default() };
        return Ok(unprocessable(me_page(&ctx, page, shown).await?));
    };
    // A repeated request would answer with a token that was never kept.
    let ctx = ctx.replayable(None);
    let ends = (days > 0).then(|| ctx.now().plus(days * DAY));
    let user = own::me(&ctx)?.clone();
    match own::create_token(&ctx, &user, form.raw("name"), ends).await {
        Ok(token) => {
            let shown = Shown { made: Some(token.reveal().to_owned()), ..Shown::default() };
            Ok(me_page(&ctx, page, shown).await?.into_response())
        }
        Err(fault) => {
            let shown = Shown { token: refilled(form, fault)?, ..Shown::default() };
            Ok(unprocessable(me_page(&ctx, page, shown).await?))
        }
    }
}

/// `POST /me/tokens/{id}/revoke`
pub(crate) async fn revoke_token(ctx: Ctx, Path(id): Path<i64>) -> Result<Response, Failure> {
    own::revoke_token(&ctx, id).await?;
    Ok(go_to("/me?done=revoked"))
}

/// `POST /me/sign-out-everywhere`
pub(crate) async fn sign_out_everywhere(ctx: Ctx, settings: Settings, headers: HeaderMap) -> Result<Response, Failure> {
    own::sign_out_everywhere(&ctx).await?;
    // With a token there is no cookie to take back.
    if web::cookies::cookie(&headers, SESSION_COOKIE).is_none() {
        return Err(Failure::from(Fault::unauthenticated()));
    }
    Ok(farewell(&settings, "/login"))
}
