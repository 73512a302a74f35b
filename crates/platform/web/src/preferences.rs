use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, LOCATION, SET_COOKIE};
use axum::response::{IntoResponse, Response};

use crate::cookies::{LANGUAGE, THEME, Theme, YEAR, set_cookie};
use crate::edge::Settings;
use crate::form::Form;
use crate::layout::{Page, View};
use crate::{Failure, Locale};

/// `POST /preferences/language` with `to` and `back`: keeps the language for this browser.
///
/// # Errors
/// `invalid` when `to` is no language.
pub async fn language(settings: Settings, mut form: Form) -> Result<Response, Failure> {
    let to = form.choice("to", |word| word.parse::<Locale>().ok());
    let back = form.text_or_empty("back", 2000);
    form.check()?;
    let to = to.unwrap_or_default();
    Ok(chosen(&back, set_cookie(LANGUAGE, to.as_str(), YEAR, settings.is_https())))
}

/// `POST /preferences/theme` with `to` and `back`: keeps the theme for this browser.
///
/// # Errors
/// `invalid` when `to` is no theme.
pub async fn theme(settings: Settings, mut form: Form) -> Result<Response, Failure> {
    let to = form.choice("to", Theme::parse);
    let back = form.text_or_empty("back", 2000);
    form.check()?;
    let to = to.unwrap_or(Theme::Light);
    Ok(chosen(&back, set_cookie(THEME, to.as_str(), YEAR, settings.is_https())))
}

fn chosen(back: &str, cookie: HeaderValue) -> Response {
    let target = HeaderValue::from_str(local_path(back)).unwrap_or_else(|_| HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(LOCATION, target), (SET_COOKIE, cookie)]).into_response()
}

/// `path` when it stays on this site, else the start page: never a way out by `//elsewhere` or `/\elsewhere`.
pub fn local_path(path: &str) -> &str {
    let mut letters = path.chars();
    let inside = letters.next() == Some('/') && !matches!(letters.next(), Some('/' | '\\'));
    let clean = !path.chars().any(|letter| letter.is_control() || letter == '\\' || !letter.is_ascii());
    if inside && clean { path } else { "/" }
}

#[derive(Template)]
#[template(path = "menu.html")]
struct MenuPage {
    page: Page,
}

/// `GET /menu`: the whole menu as a page, for the phone's "more".
pub async fn menu(page: Page) -> impl IntoResponse {
    View(MenuPage { page: page.named("web-nav-more") })
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn the_way_back_stays_on_this_site() {
        assert_eq!(local_path("/cases?late=1"), "/cases?late=1");
        for outside in ["//evil", "/\\evil", "https://evil", "", "cases", "/a\r\nb", "/\u{2028}"] {
            assert_eq!(local_path(outside), "/", "{outside:?}");
        }
    }
}
