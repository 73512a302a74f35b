use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::{Ctx, Upload, UploadRules};
use cases::app::files::NewFiles;
use kernel::FaultKind;
use web::{Choice, Failure, Filled, Form, Lang, Page, View};

use super::{go_to, read_notice, status};
use crate::regulator::app::{self, ENTER, History};
use crate::regulator::domain::{KNOWN, Nature, Platform};

#[derive(Template)]
#[template(path = "complaints_regulator_new.html")]
struct NewPage {
    page: Page,
    form: Filled,
    stores: Vec<Choice>,
    platforms: Vec<Choice>,
    natures: Vec<Choice>,
    /// The number is here already: what to open, and what it is called.
    known: Option<(String, String)>,
}

impl NewPage {
    fn bar(&self) -> web::ActionBar {
        let bar = web::action_bar(&self.page.lang, &None).link(self.page.t("complaints-reg-back"), "/regulator");
        bar.submit(self.page.t("complaints-reg-enter"), "notice")
    }
}

/// What came before from the same number, as it stands under the field.
#[derive(Template)]
#[template(path = "complaints_regulator_history.html")]
pub(super) struct Earlier {
    page: Lang,
    sum: Option<String>,
    rows: Vec<EarlierRow>,
}

impl askama::filters::HtmlSafe for Earlier {}

struct EarlierRow {
    href: String,
    number: String,
    at: String,
    nature: String,
    outcome: String,
    paid: String,
}

impl Earlier {
    pub(super) fn of(lang: &Lang, history: &History) -> Self {
        let rows = history.rows.iter().map(|one| EarlierRow {
            href: format!("/regulator/{}", one.case),
            number: one.number.clone(),
            at: lang.date(one.received_at),
            nature: lang.word("complaints-reg-nature", one.nature.as_str()),
            outcome: match one.outcome {
                Some(outcome) => lang.word("complaints-reg-outcome", outcome.as_str()),
                None => lang.word("complaints-reg-state", one.state.as_str()),
            },
            paid: if one.paid == kernel::Money::ZERO { String::new() } else { lang.money(one.paid) },
        });
        let n = i64::try_from(history.rows.len()).unwrap_or(i64::MAX);
        let sum = (n > 0).then(|| {
            let agreed = i64::try_from(history.agreed).unwrap_or(i64::MAX);
            lang.t3("complaints-reg-earlier-sum", "n", n, "agreed", agreed, "paid", lang.money(history.paid))
        });
        Self { page: lang.clone(), sum, rows: rows.collect() }
    }
}

/// `GET /regulator/history?claimant_phone=`: what came from that number before, under the field while it is typed.
pub(crate) async fn history(lang: Lang, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    let history = app::history(&ctx, form.raw("claimant_phone"), None).await?;
    Ok(View(Earlier::of(&lang, &history)))
}

/// `GET /regulator/new`
pub(crate) async fn new(page: Page, ctx: Ctx) -> Result<impl IntoResponse, Failure> {
    let now = page.lang.now.civil(&page.lang.zone);
    let form = Filled::new()
        .with("platform", "12315")
        .with("nature", "complaint")
        .with("notice_day", now.strftime("%Y-%m-%d").to_string())
        .with("received_at", now.strftime("%Y-%m-%dT%H:%M").to_string());
    let stores = stores(&ctx, &page);
    let form = match stores.as_slice() {
        [only] => form.with("store", only.value.clone()),
        _ => form,
    };
    Ok(View(render(&ctx, page, form, None)))
}

fn stores(ctx: &Ctx, lang: &Lang) -> Vec<Choice> {
    let reach = ctx.reach(ENTER);
    let directory = ctx.house.identity.directories().now();
    directory
        .stores()
        .filter(|store| store.active && (reach.company || reach.stores.contains(&store.id)))
        .map(|store| Choice::new(store.id.to_string(), store.name_in(lang.locale.as_str())))
        .collect()
}

fn render(ctx: &Ctx, page: Page, form: Filled, known: Option<(String, String)>) -> NewPage {
    NewPage {
        stores: stores(ctx, &page),
        platforms: page.choices("complaints-reg-platform", Platform::ALL.iter().map(|one| one.as_str())),
        natures: page.choices("complaints-reg-nature", Nature::ALL.iter().map(|one| one.as_str())),
        form,
        known,
        page: page.named("complaints-reg-new"),
    }
}

/// `POST /regulator`
pub(crate) async fn create(page: Page, ctx: Ctx, upload: Upload) -> Result<Response, Failure> {
    let taken = upload.take(&ctx, UploadRules::STAFF).await?;
    let files = NewFiles::of(&taken, "scan");
    let (ctx, mut form) = (taken.ctx, taken.form);
    let notice = files.and_then(|files| read_notice(&mut form, &page.lang, files));
    let entered = match notice {
        Ok(notice) => app::enter(&ctx, notice).await,
        Err(fault) => Err(fault),
    };
    let fault = match entered {
        Ok(entered) if entered.visible => return Ok(go_to(&format!("/regulator/{}?done=entered", entered.id))),
        Ok(_) => return Ok(go_to("/regulator?done=passed")),
        Err(fault) => fault,
    };
    if fault.kind() == FaultKind::Refused && fault.code() == KNOWN {
        let of = |name: &str| fault.args().iter().find(|(arg, _)| *arg == name).map(|(_, value)| value.clone());
        let href = of("id").filter(|id| !id.is_empty()).map(|id| format!("/regulator/{id}")).unwrap_or_default();
        let known = Some((href, of("number").unwrap_or_default()));
        return Ok((StatusCode::CONFLICT, View(render(&ctx, page, form.into_filled(), known))).into_response());
    }
    let (code, fault) = status(fault)?;
    let filled = form.into_filled_with(&fault);
    Ok((code, View(render(&ctx, page, filled, None))).into_response())
}
