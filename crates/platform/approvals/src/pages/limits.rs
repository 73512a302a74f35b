use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{FaultKind, Place};
use web::{Failure, Filled, Flash, Form, Markup, Page, View};

use super::shown;
use crate::app::{self, Draft, LIMITS_EDIT, Standing};
use crate::domain::{Limit, LimitTable, Rule};

/// Longest note, in characters.
const NOTE: usize = 200;

#[derive(Template)]
#[template(path = "approvals_limits.html")]
struct LimitsPage {
    page: Page,
    version: i64,
    /// The newest version, when its day has not come yet: its number and its day.
    coming: Option<(i64, String)>,
    seen: i64,
    kinds: Vec<KindRows>,
    history: Vec<(i64, String, String, String)>,
    may_edit: bool,
    form: Filled,
    notice: Option<Markup>,
}

struct KindRows {
    name: String,
    roles: Vec<RoleRow>,
    two: String,
    two_now: String,
    minutes: String,
    minutes_now: i64,
    days: String,
    days_now: i64,
}

struct RoleRow {
    name: String,
    now: String,
    amount: String,
    free: String,
}

/// `GET /settings/approval-limits?done=`
pub(crate) async fn show(mut page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let asked = Form::from_query(&query.unwrap_or_default());
    if asked.raw("done") == "published" {
        page.flash = Some(Flash { text: page.t("approvals-limits-published"), undo: None });
    }
    let standing = app::standing(&ctx).await?;
    let form = filled(&standing);
    Ok(View(limits_page(page, &ctx, standing, form, None)).into_response())
}

/// `POST /settings/approval-limits`: a new version.
pub(crate) async fn publish(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let standing = app::standing(&ctx).await?;
    let seen = form.version("version")?;
    let from = form.moment_or_none("from", &page.zone);
    let note = form.text("note", NOTE);
    let mut limits = Vec::new();
    let mut rules = Vec::new();
    for kind in &standing.kinds {
        for role in &standing.roles {
            let amount = form.money_or_none(&field("limit", kind, role));
            let limit =
                if form.flag(&field("free", kind, role)) { Some(Limit::Unlimited) } else { amount.map(Limit::UpTo) };
            limits.extend(limit.map(|limit| (kind.clone(), role.clone(), limit)));
        }
        let rule = Rule {
            two_from: form.money_or_none(&format!("two.{kind}")),
            minutes: form.number(&format!("minutes.{kind}"), 1..=1_440).unwrap_or(30),
            days: form.number(&format!("days.{kind}"), 1..=90).unwrap_or(7),
        };
        rules.push((kind.clone(), rule));
    }
    let published = match form.check() {
        Ok(()) => app::publish(&ctx, Draft { seen, from, note, limits, rules }).await,
        Err(fault) => Err(fault),
    };
    let fault = match published {
        Ok(_) => return Ok(Redirect::to("/settings/approval-limits?done=published").into_response()),
        Err(fault) => fault,
    };
    let status = match fault.kind() {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Stale => StatusCode::PRECONDITION_FAILED,
        FaultKind::Refused => StatusCode::CONFLICT,
        _ => return Err(fault.into()),
    };
    // Nothing that was typed is lost; it is sent again on the version that stands now.
    let standing = app::standing(&ctx).await?;
    let notice = (fault.kind() != FaultKind::Invalid).then(|| web::notice(&page.lang, &fault));
    let form = form.into_filled_with(&fault);
    Ok((status, View(limits_page(page, &ctx, standing, form, notice))).into_response())
}

fn field(what: &str, kind: &str, role: &str) -> String {
    format!("{what}.{kind}.{role}")
}

/// The form with what the newest version says.
fn filled(standing: &Standing) -> Filled {
    let mut form = Filled::new();
    let table = &standing.newest;
    for ((kind, role), limit) in &table.limits {
        form = match limit {
            Limit::UpTo(amount) => form.with(&field("limit", kind, role), yuan(amount.fen())),
            Limit::Unlimited => form.with(&field("free", kind, role), "yes"),
        };
    }
    for kind in &standing.kinds {
        let rule = table.rule(kind);
        if let Some(from) = rule.two_from {
            form = form.with(&format!("two.{kind}"), yuan(from.fen()));
        }
        form = form
            .with(&format!("minutes.{kind}"), rule.minutes.to_string())
            .with(&format!("days.{kind}"), rule.days.to_string());
    }
    form
}

/// Yuan as they are typed.
fn yuan(fen: i64) -> String {
    if fen % 100 == 0 { (fen / 100).to_string() } else { format!("{}.{:02}", fen / 100, fen % 100) }
}

fn limits_page(page: Page, ctx: &Ctx, standing: Standing, form: Filled, notice: Option<Markup>) -> LimitsPage {
    let lang = page.lang.clone();
    let directory = shown::directory(ctx);
    let coming = (standing.newest.version != standing.now.version)
        .then(|| (standing.newest.version, lang.at(standing.newest.effective_from)));
    let kinds = standing.kinds.iter().map(|kind| {
        let rule = standing.now.rule(kind);
        KindRows {
            name: shown::kind(&lang, kind),
            roles: standing
                .roles
                .iter()
                .map(|role| RoleRow {
                    name: lang.word("identity-role", role),
                    now: shown::limit(&lang, exact(&standing.now, kind, role)),
                    amount: field("limit", kind, role),
                    free: field("free", kind, role),
                })
                .collect(),
            two: format!("two.{kind}"),
            two_now: rule.two_from.map_or_else(|| lang.t("approvals-two-never"), |from| lang.money(from)),
            minutes: format!("minutes.{kind}"),
            minutes_now: rule.minutes,
            days: format!("days.{kind}"),
            days_now: rule.days,
        }
    });
    let history = standing.published.iter().map(|one| {
        let by = one.by.map_or_else(|| lang.t("approvals-shipped"), |by| shown::person(&directory, by));
        let from =
            if one.by.is_none() { lang.t("approvals-from-the-beginning") } else { lang.full(one.effective_from) };
        (one.version, from, by, one.note.clone())
    });
    let place = directory.company().map(|unit| Place { store: unit.id, team: None, owner: None });
    LimitsPage {
        version: standing.now.version,
        coming,
        seen: standing.newest.version,
        kinds: kinds.collect(),
        history: history.collect(),
        may_edit: place.is_some_and(|place| ctx.actor.may(LIMITS_EDIT, &place)),
        form,
        notice,
        page: page.named("approvals-limits-title"),
    }
}

/// What `role` may alone about `kind`, without what `any` lends.
fn exact(table: &LimitTable, kind: &str, role: &str) -> Limit {
    table.limits.get(&(kind.to_owned(), role.to_owned())).copied().unwrap_or(Limit::NONE)
}
