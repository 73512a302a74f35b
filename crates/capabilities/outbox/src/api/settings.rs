use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, FieldErrors};
use messaging::setup::{Kept, MailSetup, NewSecret, QuietSetup, SmsSetup, Way};
use messaging::{Channel, Tls};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Failure, IfMatch, Sent, etag};

use crate::app;

/// How mail goes out. The password is never answered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MailOut {
    /// off, log (into the outbox only) or on.
    way: &'static str,
    host: String,
    port: u16,
    /// implicit, start_tls or none.
    tls: &'static str,
    user: String,
    from: String,
    /// Whether a password is kept.
    has_password: bool,
    /// Give it as If-Match with a change.
    version: i64,
}

/// How SMS go out. The secret is never answered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SmsOut {
    /// off, log (into the outbox only) or on.
    way: &'static str,
    url: String,
    key: String,
    signature: String,
    /// What one part costs, in fen.
    fen_per_part: i64,
    idempotent: bool,
    /// Whether a secret is kept.
    has_secret: bool,
    /// Give it as If-Match with a change.
    version: i64,
}

/// When nobody is disturbed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuietOut {
    /// `21:00`.
    from: String,
    /// `08:00`; equal to `from` = never.
    until: String,
    /// Give it as If-Match with a change.
    version: i64,
}

/// How messages go out.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SettingsOut {
    mail: MailOut,
    sms: SmsOut,
    quiet: QuietOut,
    /// Whether customers get links: only with a public HTTPS address.
    links: bool,
}

/// Other settings of the mail server; members that are left out stay.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct MailIn {
    way: Option<String>,
    host: Option<String>,
    port: Option<u16>,
    tls: Option<String>,
    user: Option<String>,
    from: Option<String>,
    /// Left out it stays, empty it is removed.
    password: Option<String>,
}

/// Other settings of the SMS provider; members that are left out stay.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SmsIn {
    way: Option<String>,
    url: Option<String>,
    key: Option<String>,
    signature: Option<String>,
    fen_per_part: Option<i64>,
    idempotent: Option<bool>,
    /// Left out it stays, empty it is removed.
    secret: Option<String>,
}

/// Other quiet hours.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuietIn {
    /// `21:00`.
    from: String,
    /// `08:00`.
    until: String,
}

/// Where a trial goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrialIn {
    /// sms or mail.
    channel: String,
    to: String,
}

/// The message that is on its way.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrialOut {
    id: String,
}

impl MailOut {
    fn of(kept: Kept<MailSetup>) -> Self {
        let setup = kept.setup;
        Self {
            way: setup.way.as_str(),
            host: setup.host,
            port: setup.port,
            tls: setup.tls.as_str(),
            user: setup.user,
            from: setup.from,
            has_password: kept.has_secret,
            version: kept.version,
        }
    }
}

impl SmsOut {
    fn of(kept: Kept<SmsSetup>) -> Self {
        let setup = kept.setup;
        Self {
            way: setup.way.as_str(),
            url: setup.url,
            key: setup.key,
            signature: setup.signature,
            fen_per_part: setup.fen_per_segment,
            idempotent: setup.idempotent,
            has_secret: kept.has_secret,
            version: kept.version,
        }
    }
}

impl QuietOut {
    fn of(kept: &Kept<QuietSetup>) -> Self {
        let clock = |(hour, minute): (i8, i8)| format!("{hour:02}:{minute:02}");
        Self { from: clock(kept.setup.from), until: clock(kept.setup.until), version: kept.version }
    }
}

fn secret(given: Option<String>) -> NewSecret {
    match given {
        None => NewSecret::Same,
        Some(text) if text.is_empty() => NewSecret::Gone,
        Some(text) => NewSecret::To(text),
    }
}

fn way(given: Option<&String>, now: Way) -> Result<Way, Fault> {
    given.map_or(Ok(now), |text| Way::parse(text).ok_or_else(|| Fault::field("way", "choose")))
}

fn hour(field: &'static str, text: &str) -> Result<(i8, i8), Fault> {
    let read = || {
        let (hour, minute) = text.trim().split_once(':')?;
        let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.parse().ok()?);
        ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some((hour, minute))
    };
    read().ok_or_else(|| Fault::field(field, "hour"))
}

#[utoipa::path(get, path = "/api/v1/messages/settings", tag = "messages",
    description = "How mail and SMS go out and when nobody is disturbed. Secrets are only ever written.",
    responses((status = 200, body = SettingsOut)))]
pub(crate) async fn show(ctx: Ctx) -> Result<Json<SettingsOut>, Failure> {
    let seen = app::settings(&ctx).await?;
    Ok(Json(SettingsOut {
        mail: MailOut::of(seen.mail),
        sms: SmsOut::of(seen.sms),
        quiet: QuietOut::of(&seen.quiet),
        links: ctx.house.customer_url().is_some(),
    }))
}

#[utoipa::path(patch, path = "/api/v1/messages/settings/mail", tag = "messages", request_body = MailIn,
    description = "Sets by what mail goes out; If-Match names the version that it is based on.",
    params(("If-Match" = String, Header)),
    responses((status = 200, body = MailOut), (status = 412), (status = 422), (status = 428)))]
pub(crate) async fn change_mail(
    ctx: Ctx,
    IfMatch(version): IfMatch,
    Sent(sent): Sent<MailIn>,
) -> Result<Response, Failure> {
    let now = app::settings(&ctx).await?.mail.setup;
    let tls = match sent.tls.as_deref() {
        None => now.tls,
        Some(text) => Tls::parse(text).ok_or_else(|| Fault::field("tls", "choose"))?,
    };
    let setup = MailSetup {
        way: way(sent.way.as_ref(), now.way)?,
        host: sent.host.map_or(now.host, |text| text.trim().to_owned()),
        port: sent.port.unwrap_or(now.port),
        tls,
        user: sent.user.map_or(now.user, |text| text.trim().to_owned()),
        from: sent.from.map_or(now.from, |text| text.trim().to_owned()),
    };
    app::save_mail(&ctx, version, setup, secret(sent.password)).await?;
    let body = MailOut::of(app::settings(&ctx).await?.mail);
    Ok(([etag(body.version)], Json(body)).into_response())
}

#[utoipa::path(patch, path = "/api/v1/messages/settings/sms", tag = "messages", request_body = SmsIn,
    description = "Sets by what SMS go out; If-Match names the version that it is based on.",
    params(("If-Match" = String, Header)),
    responses((status = 200, body = SmsOut), (status = 412), (status = 422), (status = 428)))]
pub(crate) async fn change_sms(
    ctx: Ctx,
    IfMatch(version): IfMatch,
    Sent(sent): Sent<SmsIn>,
) -> Result<Response, Failure> {
    let now = app::settings(&ctx).await?.sms.setup;
    let price = sent.fen_per_part.unwrap_or(now.fen_per_segment);
    if !(0..=1_000).contains(&price) {
        let mut errors = FieldErrors::default();
        errors.add_with("fen_per_part", "number-range", vec![("min", "0".to_owned()), ("max", "1000".to_owned())]);
        return Err(Fault::invalid(errors).into());
    }
    let setup = SmsSetup {
        way: way(sent.way.as_ref(), now.way)?,
        url: sent.url.map_or(now.url, |text| text.trim().to_owned()),
        key: sent.key.map_or(now.key, |text| text.trim().to_owned()),
        signature: sent.signature.map_or(now.signature, |text| text.trim().to_owned()),
        fen_per_segment: price,
        idempotent: sent.idempotent.unwrap_or(now.idempotent),
    };
    app::save_sms(&ctx, version, setup, secret(sent.secret)).await?;
    let body = SmsOut::of(app::settings(&ctx).await?.sms);
    Ok(([etag(body.version)], Json(body)).into_response())
}

#[utoipa::path(patch, path = "/api/v1/messages/settings/quiet", tag = "messages", request_body = QuietIn,
    description = "Sets the quiet hours by the store's clock; equal ends mean none.",
    params(("If-Match" = String, Header)),
    responses((status = 200, body = QuietOut), (status = 412), (status = 422), (status = 428)))]
pub(crate) async fn change_quiet(
    ctx: Ctx,
    IfMatch(version): IfMatch,
    Sent(sent): Sent<QuietIn>,
) -> Result<Response, Failure> {
    let setup = QuietSetup { from: hour("from", &sent.from)?, until: hour("until", &sent.until)? };
    app::save_quiet(&ctx, version, setup).await?;
    let body = QuietOut::of(&app::settings(&ctx).await?.quiet);
    Ok(([etag(body.version)], Json(body)).into_response())
}

#[utoipa::path(post, path = "/api/v1/messages/settings/trial", tag = "messages", request_body = TrialIn,
    description = "Sends a message that says that the settings work.",
    responses((status = 202, body = TrialOut), (status = 422)))]
pub(crate) async fn trial(ctx: Ctx, Sent(sent): Sent<TrialIn>) -> Result<Response, Failure> {
    let channel = Channel::parse(&sent.channel).ok_or_else(|| Fault::field("channel", "choose"))?;
    let id = app::send_trial(&ctx, channel, sent.to).await?;
    Ok((StatusCode::ACCEPTED, Json(TrialOut { id: id.to_string() })).into_response())
}
