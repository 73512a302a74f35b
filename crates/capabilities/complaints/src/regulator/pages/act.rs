use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id, of};
use web::{Choice, Failure, Filled, Form, Markup, Page, View};

use super::detail::icon_of;
use super::{go_to, read_act, status};
use crate::regulator::app::{self, Detail};
use crate::regulator::domain::{Mediation, RegulatorAct, RegulatorOutcome, ReplyWay};

#[derive(Template)]
#[template(path = "complaints_regulator_do.html")]
struct ActPage {
    page: Page,
    id: Id<of::Case>,
    number: String,
    subject: String,
    version: i64,
    act: RegulatorAct,
    word: String,
    icon: web::Icon,
    form: Filled,
    refusal: Option<Markup>,
    stale: bool,
    mediations: Vec<Choice>,
    ways: Vec<Choice>,
    outcomes: Vec<Choice>,
}

impl ActPage {
    fn bar(&self) -> web::ActionBar {
        let back = self.page.t("complaints-back-to-one");
        let bar = web::action_bar(&self.page.lang, &None).link(back, format!("/regulator/{}", self.id));
        bar.submit(&self.word, "act")
    }
}

fn render(page: Page, detail: Detail, act: RegulatorAct, form: Filled) -> ActPage {
    let word = page.word("complaints-reg-act", act.as_str());
    let fitting = RegulatorOutcome::ALL.iter().filter(|one| one.fits(detail.one.nature));
    ActPage {
        id: detail.one.case,
        number: detail.one.number,
        subject: detail.one.subject,
        version: detail.version,
        act,
        icon: web::icon(icon_of(act)),
        form,
        refusal: None,
        stale: false,
        mediations: page.choices("complaints-reg-mediation", Mediation::ALL.iter().map(|one| one.as_str())),
        ways: page.choices("complaints-reg-way", ReplyWay::ALL.iter().map(|one| one.as_str())),
        outcomes: page.choices("complaints-reg-outcome", fitting.map(|one| one.as_str())),
        page: page.titled(word.clone()),
        word,
    }
}

/// `GET /regulator/{id}/do/{act}`: the fields of an act.
pub(crate) async fn ask(page: Page, ctx: Ctx, Path((id, act)): Path<(i64, String)>) -> Result<Response, Failure> {
    let act = RegulatorAct::parse(&act).ok_or_else(Fault::not_found)?;
    let detail = app::detail(&ctx, Id::new(id)).await?;
    let (_, refusal) = *detail.offers.iter().find(|(offered, _)| *offered == act).ok_or_else(Fault::forbidden)?;
    let fault = refusal.map(Fault::from);
    let code = if fault.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let form = match act {
        RegulatorAct::Extend => {
            let due = detail.one.due_at.civil(&page.lang.zone);
            Filled::new().with("due_at", due.strftime("%Y-%m-%dT%H:%M").to_string())
        }
        RegulatorAct::Reply => Filled::new().with("way", "platform"),
        RegulatorAct::Mediate | RegulatorAct::End => Filled::new(),
    };
    let mut page = render(page, detail, act, form);
    page.refusal = fault.map(|fault| web::notice(&page.page.lang, &fault));
    Ok((code, View(page)).into_response())
}

/// `POST /regulator/{id}/do/{act}`. What was typed is never lost.
pub(crate) async fn give(
    page: Page,
    ctx: Ctx,
    Path((id, act)): Path<(i64, String)>,
    mut form: Form,
) -> Result<Response, Failure> {
    let (id, act) = (Id::<of::Case>::new(id), RegulatorAct::parse(&act).ok_or_else(Fault::not_found)?);
    let version = form.version("version")?;
    let done = match read_act(act, &mut form, &page.lang) {
        Ok(wanted) => app::act(&ctx, id, version, wanted).await,
        Err(fault) => Err(fault),
    };
    let fault = match done {
        Ok(_) => return Ok(go_to(&format!("/regulator/{id}?done=done"))),
        Err(fault) => fault,
    };
    let (code, fault) = status(fault)?;
    let detail = app::detail(&ctx, id).await?;
    let notice = (fault.kind() == FaultKind::Refused).then(|| web::notice(&page.lang, &fault));
    let mut page = render(page, detail, act, form.into_filled_with(&fault));
    page.stale = fault.kind() == FaultKind::Stale;
    page.refusal = notice;
    Ok((code, View(page)).into_response())
}
