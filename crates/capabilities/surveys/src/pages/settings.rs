use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use cases::domain::Kind;
use kernel::{Fault, FaultKind};
use web::{Choice, Failure, Filled, Form, Lang, Page, View};

use crate::app::{self, NewRule};
use crate::store::RuleRow;

/// Longest reason, in characters.
const REASON: usize = 200;

#[derive(Template)]
#[template(path = "surveys_settings.html")]
struct SettingsPage {
    page: Page,
    form: Filled,
    version: i64,
    kinds: Vec<Choice>,
    history: Vec<Version>,
    stale: bool,
}

/// One version of the rule in words.
struct Version {
    number: i64,
    who: String,
    when: String,
    reason: String,
    facts: String,
}

impl Version {
    fn of(ctx: &Ctx, lang: &Lang, row: &RuleRow) -> Self {
        let directory = ctx.house.identity.directories().now();
        let rule = &row.rule;
        let kinds: Vec<String> = rule.kinds.iter().map(|kind| lang.word("cases-kind", kind.as_str())).collect();
        let facts = [
            kinds.join(&lang.t("surveys-rule-and")),
            lang.t1("surveys-rule-delay-n", "n", rule.delay_hours),
            lang.t1("surveys-rule-quiet-n", "n", rule.quiet_days),
            lang.t1("surveys-rule-recovery-n", "n", rule.recovery_hours),
            lang.t(if rule.needs_consent { "surveys-rule-consent-yes" } else { "surveys-rule-consent-no" }),
        ];
        Self {
            number: rule.version,
            who: row
                .by
                .and_then(|by| directory.user_name(by))
                .map_or_else(|| lang.t("surveys-rule-shipped"), str::to_owned),
            when: if row.at.millis() == 0 { String::new() } else { lang.at(row.at) },
            reason: row.reason.clone(),
            facts: facts.join(" · "),
        }
    }
}

async fn render(page: Page, ctx: &Ctx, form: Option<Filled>, stale: bool) -> Result<SettingsPage, Fault> {
    let rows = app::rules(ctx).await?;
    let rule = rows.first().map(|row| row.rule.clone()).ok_or_else(Fault::not_found)?;
    let form = form.unwrap_or_else(|| {
        let form = Filled::new()
            .with("delay_hours", rule.delay_hours.to_string())
            .with("quiet_days", rule.quiet_days.to_string())
            .with("recovery_hours", rule.recovery_hours.to_string())
            .with("needs_consent", if rule.needs_consent { "yes" } else { "" });
        rule.kinds.iter().fold(form, |form, kind| form.with("kinds", kind.as_str()))
    });
    Ok(SettingsPage {
        version: rule.version,
        kinds: page.choices("cases-kind", Kind::ALL.iter().map(|kind| kind.as_str())),
        history: rows.iter().map(|row| Version::of(ctx, &page.lang, row)).collect(),
        form,
        stale,
        page: page.named("surveys-rule-title"),
    })
}

/// `GET /settings/surveys`: who is asked, and when.
pub(crate) async fn show(page: Page, ctx: Ctx) -> Result<impl IntoResponse, Failure> {
    Ok(View(render(page, &ctx, None, false).await?))
}

/// `POST /settings/surveys`
pub(crate) async fn save(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let done = match read(&mut form) {
        Ok(new) => app::change_rule(&ctx, new).await.map(|_| ()),
        Err(fault) => Err(fault),
    };
    let Err(fault) = done else { return Ok(Redirect::to("/settings/surveys").into_response()) };
    let status = match fault.kind() {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Stale => StatusCode::PRECONDITION_FAILED,
        _ => return Err(fault.into()),
    };
    let stale = fault.kind() == FaultKind::Stale;
    let settings = render(page, &ctx, Some(form.into_filled_with(&fault)), stale).await?;
    Ok((status, View(settings)).into_response())
}

/// What was typed, of a page or of the API.
pub(crate) fn read(form: &mut Form) -> Result<NewRule, Fault> {
    let version = form.version("version")?;
    let kinds: Option<Vec<Kind>> = form.all("kinds").map(Kind::parse).collect();
    if kinds.is_none() {
        form.reject("kinds", "unknown");
    }
    let delay_hours = form.number("delay_hours", 0..=168);
    let quiet_days = form.number("quiet_days", 0..=365);
    let recovery_hours = form.number("recovery_hours", 1..=336);
    let reason = form.text("reason", REASON);
    let needs_consent = form.flag("needs_consent");
    form.check()?;
    Ok(NewRule {
        version,
        kinds: kinds.unwrap_or_default(),
        delay_hours: form.need(delay_hours)?,
        quiet_days: form.need(quiet_days)?,
        needs_consent,
        recovery_hours: form.need(recovery_hours)?,
        reason,
    })
}
