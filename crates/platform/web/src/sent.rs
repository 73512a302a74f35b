//! JSON bodies of the API, read so that the member at fault is named.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use kernel::{Fault, FaultKind, FieldErrors};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use crate::{BODY_LIMIT, Failure};

/// A JSON object that was sent. A member of the wrong type is an error at that member (`options.0.lines.0.amount`); `null` is
/// as good as left out; no body at all is an empty object, so that what needs nothing can be called with nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sent<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Sent<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let json = is_json(request.headers());
        let body =
            Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status().as_u16() {
                413 => Fault::new(FaultKind::TooLarge, "too-large").with("max", BODY_LIMIT / 1024 / 1024),
                _ => unreadable(),
            })?;
        if body.is_empty() {
            return Ok(Self(object(b"{}")?));
        }
        if !json {
            return Err(Fault::new(FaultKind::MediaType, "media-type").into());
        }
        Ok(Self(object(&body)?))
    }
}

/// `application/json`, or any type built on it.
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

fn object<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    // A list would be read as the members in their order.
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(unreadable());
    }
    let mut read = serde_json::Deserializer::from_slice(body);
    match serde_path_to_error::deserialize(&mut read) {
        Ok(value) => read.end().map(|()| value).map_err(|_trailing| unreadable()),
        Err(error) if error.inner().is_data() => {
            let known = at(error.path(), error.inner());
            if known.code() == "unreadable" || !error.inner().to_string().contains("null") {
                return Err(known);
            }
            without_nulls(body)
        }
        Err(_) => Err(unreadable()),
    }
}

/// The same with members that are `null` left out.
fn without_nulls<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    let mut value: Value = serde_json::from_slice(body).map_err(|_wrong| unreadable())?;
    drop_nulls(&mut value);
    serde_path_to_error::deserialize(value).map_err(|error| at(error.path(), error.inner()))
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// How many rows a list is asked for, 1 to `most`; `usual` when nothing was said.
///
/// # Errors
/// `invalid` at `limit`.
pub fn rows(typed: Option<&str>, usual: u16, most: u16) -> Result<u16, Fault> {
    let Some(typed) = typed.map(str::trim).filter(|typed| !typed.is_empty()) else { return Ok(usual) };
    typed.parse().ok().filter(|rows| (1..=most).contains(rows)).ok_or_else(|| {
        let mut errors = FieldErrors::default();
        errors.add_with("limit", "number-range", vec![("min", "1".to_owned()), ("max", most.to_string())]);
        Fault::invalid(errors)
    })
}

fn at(path: &Path, error: &serde_json::Error) -> Fault {
    let mut field = String::new();
    for segment in path {
        let name = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => key.clone(),
            Segment::Enum { variant } => variant.clone(),
            Segment::Unknown => continue,
        };
        let dot = if field.is_empty() { "" } else { "." };
        field = format!("{field}{dot}{name}");
    }
    // These two are said of the object, and name the member only in their words.
    let said = error.to_string();
    let named = |words: &str| said.strip_prefix(words)?.split('`').nth(1).map(str::to_owned);
    let (name, code) = match (named("missing field"), named("duplicate field")) {
        (Some(name), _) => (name, "required"),
        (None, Some(name)) => (name, "twice"),
        (None, None) if field.is_empty() => return unreadable(),
        (None, None) => return Fault::field(&field, "type"),
    };
    let inside = field.ends_with(&name) || field.is_empty();
    let field = if inside { field } else { format!("{field}.{name}") };
    Fault::field(if field.is_empty() { &name } else { &field }, code)
}

fn unreadable() -> Fault {
    Fault::new(FaultKind::Invalid, "unreadable")
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Order {
        subject: String,
        urgent: bool,
        lines: Vec<Line>,
    }
    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Line {
        amount: i64,
    }

    fn wrong(body: &str) -> (String, String) {
        let fault = object::<Order>(body.as_bytes()).unwrap_err();
        let field = fault.fields().iter().map(|error| format!("{} {}", error.field, error.code)).collect();
        (fault.code().to_owned(), field)
    }

    #[test]
    fn the_member_at_fault_is_named() {
        for (body, field) in [
            (r#"{"subject": 5}"#, "subject type"),
            (r#"{"subject": []}"#, "subject type"),
            (r#"{"urgent": "yes"}"#, "urgent type"),
            (r#"{"lines": {}}"#, "lines type"),
            (r#"{"lines": [{"amount": 1}, {"amount": 1.5}]}"#, "lines.1.amount type"),
            (r#"{"lines": [{"amount": 92233720368547758079}]}"#, "lines.0.amount type"),
            (r#"{"subject": "a", "subject": "b"}"#, "subject twice"),
            (r#"{"urgent": null, "lines": [{"amount": "1"}]}"#, "lines.0.amount type"),
        ] {
            assert_eq!(wrong(body), ("invalid".to_owned(), field.to_owned()), "{body}");
        }
    }

    #[test]
    fn what_is_no_object_is_unreadable() {
        for body in ["", "[]", "[\"x\"]", "null", "5", "{", "{}x", "{\"subject\": \"\u{1}\"}", "{\"subject\":\"a\"} {}"]
        {
            assert_eq!(wrong(body).0, "unreadable", "{body:?}");
        }
        let deep = format!("{}{}", r#"{"x":"#.repeat(10_000), "}".repeat(10_000));
        assert_eq!(wrong(&deep).0, "unreadable");
        assert_eq!(object::<Order>(b"{\"subject\":\"\xff\"}").unwrap_err().code(), "unreadable");
    }

    #[test]
    fn null_is_as_good_as_left_out_and_more_is_passed_over() {
        let read: Order = object(br#"{"subject": null, "lines": [{"amount": null}], "colour": "red"}"#).unwrap();
        assert_eq!(read, Order { lines: vec![Line::default()], ..Order::default() });
    }
}
