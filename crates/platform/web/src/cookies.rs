use axum::http::HeaderMap;
use axum::http::header::{COOKIE, HeaderValue};

use crate::Locale;

/// The cookie that keeps the chosen language.
pub const LANGUAGE: &str = "language";
/// The cookie that keeps the chosen theme.
pub const THEME: &str = "theme";
/// One year in seconds, for choices that a person made.
pub const YEAR: i64 = 365 * 24 * 60 * 60;

/// A chosen theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The word in `data-bs-theme` and in the cookie.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "light" => Some(Self::Light),
            "dark" => Some(Self::Dark),
            _ => None,
        }
    }
    /// The theme that the request's cookie says.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        cookie(headers, THEME).and_then(Self::parse)
    }
}

/// The language of a request: chosen before, else what the browser prefers, else Chinese.
pub fn locale_of(headers: &HeaderMap) -> Locale {
    let chosen = cookie(headers, LANGUAGE).and_then(|tag| tag.parse().ok());
    let preferred = || headers.get("accept-language").and_then(|value| value.to_str().ok()).and_then(Locale::accepted);
    chosen.or_else(preferred).unwrap_or_default()
}

/// The value of the cookie `name`.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// A `Set-Cookie` value: HttpOnly, SameSite=Lax, whole site, for `seconds` (0 takes the cookie back). `value` must be made by the
/// program: letters, digits and `-._~` only, everything else is left out.
pub fn set_cookie(name: &str, value: &str, seconds: i64, secure: bool) -> HeaderValue {
    let plain: String = value.chars().filter(|c| c.is_ascii_alphanumeric() || "-._~".contains(*c)).collect();
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{name}={plain}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_found_among_others_and_never_break_the_header() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=1; theme=dark"));
        headers.append(COOKIE, HeaderValue::from_static("language=en"));
        assert_eq!(Theme::of(&headers), Some(Theme::Dark));
        assert_eq!(locale_of(&headers), Locale::En);
        assert_eq!(cookie(&headers, "them"), None);
        assert_eq!(set_cookie("x", "a;b\r\nc", 60, true), "x=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure");
    }
}
