use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use kernel::{Day, Fault, FaultKind, FieldErrors, Id, Money, Timestamp, Zone};
use serde_json::Value;

use crate::text::{self, Problem};
use crate::{BODY_LIMIT, Failure, Lang};

/// What was sent, read field by field. Every reader notes what is wrong and goes on, so that a person corrects all in one go;
/// [`Form::check`] says whether all was well. Reads `application/x-www-form-urlencoded` bodies, and JSON objects of the same
/// fields for the API (there amounts are integer fen and instants RFC 3339).
#[derive(Debug, Clone, Default)]
pub struct Form {
    pairs: Vec<(String, String)>,
    errors: FieldErrors,
    json: bool,
}

impl Form {
    /// From pairs, as a query string or a test has them.
    pub fn from_pairs<K: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        Self {
            pairs: pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect(),
            errors: FieldErrors::default(),
            json: false,
        }
    }
    /// From the part of an address after `?`.
    pub fn from_query(query: &str) -> Self {
        Self::from_pairs(serde_urlencoded::from_str::<Vec<(String, String)>>(query).unwrap_or_default())
    }
    /// From a JSON object; numbers and booleans become text, lists become repeated fields, `null` is as good as absent.
    ///
    /// # Errors
    /// `unreadable` when it is no object, or holds objects.
    pub fn from_json(value: Value) -> Result<Self, Fault> {
        let Value::Object(fields) = value else {
            return Err(unreadable());
        };
        let mut pairs = Vec::new();
        for (name, value) in fields {
            match value {
                Value::Array(items) => {
                    for item in items {
                        pairs.extend(scalar(item)?.map(|text| (name.clone(), text)));
                    }
                }
                other => pairs.extend(scalar(other)?.map(|text| (name, text))),
            }
        }
        Ok(Self { pairs, errors: FieldErrors::default(), json: true })
    }

    /// The first value of `name` as it was sent; empty when it is absent.
    pub fn raw(&self, name: &str) -> &str {
        self.pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }
    /// All values of `name` as they were sent.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.pairs.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
    /// True when `name` was sent with something in it.
    pub fn has(&self, name: &str) -> bool {
        !self.raw(name).trim().is_empty()
    }
    /// All that was sent, for fields whose names the program does not know before.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// Notes that `name` breaks the rule `code`.
    pub fn reject(&mut self, name: &str, code: &'static str) {
        self.errors.add(name, code);
    }
    /// Notes that `name` breaks the rule `code`, whose sentence needs `args`.
    pub fn reject_with(&mut self, name: &str, code: &'static str, args: Vec<(&'static str, String)>) {
        self.errors.add_with(name, code, args);
    }
    /// What is wrong so far.
    pub fn errors(&self) -> &FieldErrors {
        &self.errors
    }
    /// `Ok` when nothing is wrong so far.
    ///
    /// # Errors
    /// `invalid` with every field.
    #[track_caller]
    pub fn check(&self) -> Result<(), Fault> {
        self.errors.clone().check()
    }
    /// `value`, or the fault that says why there is none; for required fields whose type has no empty value.
    ///
    /// # Errors
    /// `invalid` with every field.
    #[track_caller]
    pub fn need<T>(&self, value: Option<T>) -> Result<T, Fault> {
        value.ok_or_else(|| Fault::invalid(self.errors.clone()))
    }

    fn taken<T>(&mut self, name: &str, result: Result<T, Problem>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err((code, args)) => {
                self.errors.add_with(name, code, args);
                None
            }
        }
    }
    fn required<T>(&mut self, name: &str, value: Option<T>) -> Option<T> {
        if value.is_none() && self.errors.of(name).is_none() {
            self.errors.add(name, "required");
        }
        value
    }

    /// Required text of at most `max` characters.
    pub fn text(&mut self, name: &str, max: usize) -> String {
        let value = self.text_or_none(name, max);
        self.required(name, value).unwrap_or_default()
    }
    /// Text of at most `max` characters, or none.
    pub fn text_or_none(&mut self, name: &str, max: usize) -> Option<String> {
        let cleaned = text::clean(self.raw(name), max);
        self.taken(name, cleaned).filter(|text| !text.is_empty())
    }
    /// Text of at most `max` characters; empty when absent.
    pub fn text_or_empty(&mut self, name: &str, max: usize) -> String {
        self.text_or_none(name, max).unwrap_or_default()
    }
    /// A required mobile number, as 11 digits.
    pub fn phone(&mut self, name: &str) -> String {
        let value = self.phone_or_none(name);
        self.required(name, value).unwrap_or_default()
    }
    /// A mobile number as 11 digits, or none.
    pub fn phone_or_none(&mut self, name: &str) -> Option<String> {
        if !self.has(name) {
            return None;
        }
        let read = text::phone(self.raw(name));
        self.taken(name, read)
    }
    /// A required amount, typed in yuan (integer fen in JSON).
    pub fn money(&mut self, name: &str) -> Option<Money> {
        let value = self.money_or_none(name);
        self.required(name, value)
    }
    /// An amount typed in yuan (integer fen in JSON), or none.
    pub fn money_or_none(&mut self, name: &str) -> Option<Money> {
        if !self.has(name) {
            return None;
        }
        let read = if self.json {
            self.raw(name).parse().map(Money::from_fen).map_err(|_wrong| ("money-format", Vec::new()))
        } else {
            text::money(self.raw(name))
        };
        self.taken(name, read)
    }
    /// A required whole number within `range`.
    pub fn number(&mut self, name: &str, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let value = self.number_or_none(name, range);
        self.required(name, value)
    }
    /// A whole number within `range`, or none.
    pub fn number_or_none(&mut self, name: &str, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        if !self.has(name) {
            return None;
        }
        let limits = || vec![("min", range.start().to_string()), ("max", range.end().to_string())];
        let read = match text::narrow(self.raw(name).trim()).parse::<i64>() {
            Ok(number) if range.contains(&number) => Ok(number),
            Ok(_) => Err(("number-range", limits())),
            Err(_) => Err(("number", limits())),
        };
        self.taken(name, read)
    }
    /// The required id of a record.
    pub fn id<T>(&mut self, name: &str) -> Option<Id<T>> {
        let value = self.id_or_none(name);
        self.required(name, value)
    }
    /// The id of a record, or none.
    pub fn id_or_none<T>(&mut self, name: &str) -> Option<Id<T>> {
        if !self.has(name) {
            return None;
        }
        let read =
            self.raw(name).trim().parse::<i64>().ok().filter(|id| *id > 0).map(Id::new).ok_or(("unknown", Vec::new()));
        self.taken(name, read)
    }
    /// One of the words that `parse` knows; required.
    pub fn choice<T>(&mut self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let value = self.choice_or_none(name, parse);
        if value.is_none() && self.errors.of(name).is_none() {
            self.errors.add(name, "choose");
        }
        value
    }
    /// One of the words that `parse` knows, or none.
    pub fn choice_or_none<T>(&mut self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        if !self.has(name) {
            return None;
        }
        let read = parse(self.raw(name).trim()).ok_or(("unknown", Vec::new()));
        self.taken(name, read)
    }
    /// A checkbox: sent with anything but `false`, `0`, `off` is on.
    pub fn flag(&self, name: &str) -> bool {
        !matches!(self.raw(name).trim(), "" | "false" | "0" | "off" | "no")
    }
    /// A required day, `2026-11-22`.
    pub fn day(&mut self, name: &str) -> Option<Day> {
        let value = self.day_or_none(name);
        self.required(name, value)
    }
    /// A day, `2026-11-22`, or none.
    pub fn day_or_none(&mut self, name: &str) -> Option<Day> {
        if !self.has(name) {
            return None;
        }
        let read = text::narrow(self.raw(name).trim())
            .replace(['/', '.'], "-")
            .parse::<Day>()
            .map_err(|_wrong| ("day", Vec::new()));
        self.taken(name, read)
    }
    /// A required instant, typed as local time in `zone` (`2026-11-22T14:32`); RFC 3339 with an offset is taken too.
    pub fn moment(&mut self, name: &str, zone: &Zone) -> Option<Timestamp> {
        let value = self.moment_or_none(name, zone);
        self.required(name, value)
    }
    /// An instant as [`Form::moment`], or none.
    pub fn moment_or_none(&mut self, name: &str, zone: &Zone) -> Option<Timestamp> {
        if !self.has(name) {
            return None;
        }
        let read = moment(&text::narrow(self.raw(name).trim()), zone).ok_or(("moment", Vec::new()));
        self.taken(name, read)
    }
    /// The version that a change is based on.
    ///
    /// # Errors
    /// `version-missing` when it was not sent.
    pub fn version(&self, name: &str) -> Result<i64, Fault> {
        self.raw(name).trim().parse().map_err(|_wrong| Fault::new(FaultKind::VersionMissing, "version-missing"))
    }

    /// What was sent and what is wrong with it, for the same form on the next page.
    pub fn into_filled(self) -> Filled {
        Filled { pairs: self.pairs, errors: self.errors }
    }
    /// As [`Form::into_filled`], with what a later check found (a fault `invalid` from the use case).
    pub fn into_filled_with(self, fault: &Fault) -> Filled {
        let mut errors = self.errors;
        for error in fault.fields().iter() {
            if errors.of(&error.field).is_none() {
                errors.add_with(&error.field, error.code, error.args.clone());
            }
        }
        Filled { pairs: self.pairs, errors }
    }
}

fn moment(typed: &str, zone: &Zone) -> Option<Timestamp> {
    if let Ok(at) = typed.parse::<Timestamp>() {
        return Some(at);
    }
    let (day, time) = typed.split_once(['T', ' '])?;
    let day: Day = day.parse().ok()?;
    let mut parts = time.trim().split(':');
    let hour: i8 = parts.next()?.parse().ok()?;
    let minute: i8 = parts.next()?.parse().ok()?;
    let seconds_fit = parts.next().is_none_or(|seconds| seconds.parse::<f32>().is_ok());
    ((0..24).contains(&hour) && (0..60).contains(&minute) && seconds_fit).then(|| day.at(hour, minute, zone))
}

fn unreadable() -> Fault {
    Fault::new(FaultKind::Invalid, "unreadable")
}

fn scalar(value: Value) -> Result<Option<String>, Fault> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        Value::Bool(flag) => Ok(Some(flag.to_string())),
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::Array(_) | Value::Object(_) => Err(unreadable()),
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let kind = media_type(request.headers());
        let body =
            Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status().as_u16() {
                413 => Fault::new(FaultKind::TooLarge, "too-large").with("max", BODY_LIMIT / 1024 / 1024),
                _ => unreadable(),
            })?;
        match kind.as_deref() {
            Some("application/json") => {
                Ok(Self::from_json(serde_json::from_slice(&body).map_err(|_wrong| unreadable())?)?)
            }
            Some("application/x-www-form-urlencoded") => {
                let pairs: Vec<(String, String)> =
                    serde_urlencoded::from_bytes(&body).map_err(|_wrong| unreadable())?;
                Ok(Self::from_pairs(pairs))
            }
            None if body.is_empty() => Ok(Self::default()),
            _ => Err(Fault::new(FaultKind::MediaType, "media-type").into()),
        }
    }
}

fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

/// The values and errors that a form shows: empty at first, what was sent after a refusal, a record's fields when editing.
#[derive(Debug, Clone, Default)]
pub struct Filled {
    pairs: Vec<(String, String)>,
    errors: FieldErrors,
}

impl Filled {
    /// An empty form.
    pub fn new() -> Self {
        Self::default()
    }
    /// The same with `value` in the field `name`.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.pairs.push((name.to_owned(), value.into()));
        self
    }
    /// The value of the field `name`; empty when there is none.
    pub fn value(&self, name: &str) -> &str {
        self.pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }
    /// All values of the field `name`.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.pairs.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
    /// True when `value` is among the values of `name`.
    pub fn holds(&self, name: &str, value: &str) -> bool {
        self.pairs.iter().any(|(key, held)| key == name && held == value)
    }
    /// True when the checkbox `name` is on.
    pub fn is_on(&self, name: &str) -> bool {
        !matches!(self.value(name), "" | "false" | "0" | "off" | "no")
    }
    /// The sentence about the field `name`, if something is wrong with it.
    pub fn error(&self, name: &str, lang: &Lang) -> Option<String> {
        self.errors.of(name).map(|error| lang.field_error(error))
    }
    /// What is wrong.
    pub fn errors(&self) -> &FieldErrors {
        &self.errors
    }
}
