use askama::Template;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind};
use messaging::setup::{MailSetup, NewSecret, Part, QuietSetup, SmsSetup, Way, parse_hour};
use messaging::{Channel, Tls};
use web::{Choice, Failure, Filled, Form, Page, View};

use super::{go_to, unprocessable, with_done};
use crate::app::{self, Seen};
use crate::history::{self, Change};

#[derive(Template)]
#[template(path = "outbox_settings.html")]
struct SettingsPage {
    page: Page,
    seen: Seen,
    mail: Filled,
    sms: Filled,
    quiet: Filled,
    trial: Filled,
    ways_mail: Vec<Choice>,
    ways_sms: Vec<Choice>,
    tls: Vec<Choice>,
    channels: Vec<Choice>,
    /// Customers reach the program by HTTPS; otherwise no code is printed and no link is texted.
    https: bool,
    receipts: String,
    history: Vec<(String, Vec<Change>)>,
}

impl SettingsPage {
    /// What stands below the field of a secret, which is never shown.
    fn kept(&self, has_secret: &bool) -> &'static str {
        if *has_secret { "messaging-secret-kept" } else { "messaging-secret-none" }
    }
}

/// A form that could not be taken, in the place of what is kept.
enum Failed {
    None,
    Mail(Filled),
    Sms(Filled),
    Quiet(Filled),
    Trial(Filled),
}

async fn shown(page: Page, ctx: &Ctx, failed: Failed) -> Result<View<SettingsPage>, Failure> {
    let seen = app::settings(ctx).await?;
    let page = page.named("messaging-settings-title");
    let hour = |(hour, minute): (i8, i8)| format!("{hour:02}:{minute:02}");
    let (mail, sms, quiet) = (&seen.mail.setup, &seen.sms.setup, &seen.quiet.setup);
    let mut forms = (
        Filled::new()
            .with("version", seen.mail.version.to_string())
            .with("mail_way", mail.way.as_str())
            .with("host", mail.host.as_str())
            .with("port", mail.port.to_string())
            .with("tls", mail.tls.as_str())
            .with("user", mail.user.as_str())
            .with("from", mail.from.as_str()),
        Filled::new()
            .with("version", seen.sms.version.to_string())
            .with("sms_way", sms.way.as_str())
            .with("url", sms.url.as_str())
            .with("key", sms.key.as_str())
            .with("signature", sms.signature.as_str())
            .with("price", kernel::Money::from_fen(sms.fen_per_segment).to_string().trim_start_matches('¥'))
            .with("idempotent", if sms.idempotent { "yes" } else { "" }),
        Filled::new()
            .with("version", seen.quiet.version.to_string())
            .with("quiet_from", hour(quiet.from))
            .with("quiet_until", hour(quiet.until)),
        Filled::new().with("channel", "sms"),
    );
    match failed {
        Failed::None => {}
        Failed::Mail(form) => forms.0 = form,
        Failed::Sms(form) => forms.1 = form,
        Failed::Quiet(form) => forms.2 = form,
        Failed::Trial(form) => forms.3 = form,
    }
    let mut changes = Vec::new();
    for part in [Part::Mail, Part::Sms, Part::Quiet] {
        let found = history::of(ctx, &page.lang, app::settings_record(part)).await?;
        if !found.is_empty() {
            changes.push((page.lang.word("messaging-part", part.as_str()), found));
        }
    }
    let public = ctx.house.public_url.clone();
    Ok(View(SettingsPage {
        mail: forms.0,
        sms: forms.1,
        quiet: forms.2,
        trial: forms.3,
        ways_mail: page.lang.choices("messaging-way-mail", ["on", "log", "off"]),
        ways_sms: page.lang.choices("messaging-way-sms", ["on", "log", "off"]),
        tls: page.lang.choices("messaging-tls", ["implicit", "start_tls", "none"]),
        channels: page.lang.choices("messaging-channel", ["sms", "mail"]),
        https: ctx.house.secure_url().is_some(),
        receipts: format!(
            "{}/api/v1/messages/receipts",
            public.as_deref().unwrap_or("https://…").trim_end_matches('/')
        ),
        history: changes,
        seen,
        page,
    }))
}

/// `GET /settings/messaging`
pub(crate) async fn show(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let query = Form::from_query(&query.unwrap_or_default());
    shown(with_done(page, &query, &["saved"]), &ctx, Failed::None).await
}

/// What was typed without what must not come back in a page.
fn without_secrets(form: &Form, fault: &Fault) -> Filled {
    let kept = form.pairs().iter().filter(|(name, _)| !matches!(name.as_str(), "password" | "secret"));
    Form::from_pairs(kept.cloned()).into_filled_with(fault)
}

fn secret_of(form: &Form, field: &str, forget: &str) -> NewSecret {
    let typed = form.raw(field);
    match (typed.is_empty(), form.flag(forget)) {
        (false, _) => NewSecret::To(typed.to_owned()),
        (true, true) => NewSecret::Gone,
        (true, false) => NewSecret::Same,
    }
}

async fn answer(
    page: Page,
    ctx: &Ctx,
    done: Result<(), Fault>,
    failed: impl FnOnce(&Fault) -> Failed,
) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(go_to("/settings/messaging?done=saved")),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let failed = failed(&fault);
            Ok(unprocessable(shown(page, ctx, failed).await?))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /settings/messaging/mail`
pub(crate) async fn save_mail(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let version = form.version("version")?;
    let way = form.choice("mail_way", Way::parse);
    let tls = form.choice("tls", Tls::parse);
    let port = form.number("port", 1..=65_535);
    let setup = MailSetup {
        way: way.unwrap_or_default(),
        host: form.text_or_empty("host", 200),
        port: port.and_then(|port| u16::try_from(port).ok()).unwrap_or_default(),
        tls: tls.unwrap_or(Tls::Implicit),
        user: form.text_or_empty("user", 200),
        from: form.text_or_empty("from", 200),
    };
    let done = match form.check() {
        Ok(()) => app::save_mail(&ctx, version, setup, secret_of(&form, "password", "mail_forget")).await,
        Err(fault) => Err(fault),
    };
    answer(page, &ctx, done, |fault| Failed::Mail(without_secrets(&form, fault))).await
}

/// `POST /settings/messaging/sms`
pub(crate) async fn save_sms(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let version = form.version("version")?;
    let way = form.choice("sms_way", Way::parse);
    let price = form.money_or_none("price");
    let setup = SmsSetup {
        way: way.unwrap_or_default(),
        url: form.text_or_empty("url", 500),
        key: form.text_or_empty("key", 200),
        signature: form.text_or_empty("signature", 20),
        fen_per_segment: price.map_or(0, kernel::Money::fen),
        idempotent: form.flag("idempotent"),
    };
    let done = match form.check() {
        Ok(()) => app::save_sms(&ctx, version, setup, secret_of(&form, "secret", "sms_forget")).await,
        Err(fault) => Err(fault),
    };
    answer(page, &ctx, done, |fault| Failed::Sms(without_secrets(&form, fault))).await
}

/// `POST /settings/messaging/quiet`
pub(crate) async fn save_quiet(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let version = form.version("version")?;
    let mut hour = |name: &str| {
        let read = parse_hour(form.raw(name));
        if read.is_none() {
            form.reject(name, "hour");
        }
        read.unwrap_or_default()
    };
    let setup = QuietSetup { from: hour("quiet_from"), until: hour("quiet_until") };
    let done = match form.check() {
        Ok(()) => app::save_quiet(&ctx, version, setup).await,
        Err(fault) => Err(fault),
    };
    answer(page, &ctx, done, |fault| Failed::Quiet(without_secrets(&form, fault))).await
}

/// `POST /settings/messaging/trial`
pub(crate) async fn trial(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let channel = form.choice("channel", Channel::parse);
    let to = form.text("to", 200);
    let sent = match (form.check(), channel) {
        (Ok(()), Some(channel)) => app::send_trial(&ctx, channel, to).await,
        (Err(fault), _) => Err(fault),
        (Ok(()), None) => Err(Fault::field("channel", "required")),
    };
    match sent {
        Ok(id) => Ok(go_to(&format!("/outbox/{id}?done=trial"))),
        Err(fault) => answer(page, &ctx, Err(fault), |fault| Failed::Trial(without_secrets(&form, fault))).await,
    }
}
