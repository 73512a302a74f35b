use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, Id, of};
use web::{Choice, Failure, Filled, Form, Page, View};

use super::choices;
use crate::app::{self, Issued, Rating};
use crate::domain::{PlanState, Purpose};

#[derive(Template)]
#[template(path = "cases_link.html")]
struct LinkPage {
    page: Page,
    id: Id<of::Case>,
    back: String,
    number: String,
    form: Filled,
    purposes: Vec<Choice>,
    /// Why the customer of a closed case gets no link for rating it.
    not_rated: Option<String>,
    /// Whether customers can reach the installation at all.
    public: bool,
}

#[derive(Template)]
#[template(path = "cases_link_shown.html")]
struct ShownPage {
    page: Page,
    id: Id<of::Case>,
    back: String,
    number: String,
    about: String,
    url: String,
    /// Which of the ready texts it stands for.
    what: &'static str,
    /// What is sent; nothing without a public HTTPS address.
    text: Option<String>,
    until: String,
}

/// `GET /cases/{id}/link`: which link the customer gets.
pub(crate) async fn ask(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let detail = app::detail(&ctx, Id::new(id)).await?;
    Ok(View(link_page(page, &ctx, &detail, Filled::new()).await?))
}

/// `POST /cases/{id}/link`: makes it and shows it once, to be sent by WeChat or opened on the counter's tablet.
pub(crate) async fn issue(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let id = Id::new(id);
    let purpose = form.choice("purpose", Purpose::parse);
    let detail = app::detail(&ctx, id).await?;
    let Some(purpose) = purpose else {
        let page = link_page(page, &ctx, &detail, form.into_filled()).await?;
        return Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response());
    };
    let issued = app::issue_link(&ctx, id, purpose).await?;
    Ok(shown(page, &ctx, id, &detail.case.number, purpose, &issued))
}

async fn link_page(page: Page, ctx: &Ctx, detail: &app::Detail, form: Filled) -> Result<LinkPage, Fault> {
    let mut purposes = vec![Purpose::Track.as_str()];
    if detail.plans.first().is_some_and(|plan| plan.state == PlanState::Proposed) {
        purposes.push(Purpose::Decide.as_str());
    }
    let asked = match detail.case.closed_at {
        Some(_) => Some(app::asked_to_rate(ctx, detail.case.id).await?),
        None => None,
    };
    let not_rated = match asked {
        None => None,
        Some(Rating::Asked) => {
            purposes.push(Purpose::Rate.as_str());
            None
        }
        Some(Rating::NotAsked(why)) => {
            Some(page.t1("cases-page-link-not-rated", "why", page.word("surveys-skipped", &why)))
        }
        Some(Rating::Undecided) => Some(page.t("cases-page-link-not-decided")),
    };
    Ok(LinkPage {
        not_rated,
        id: detail.case.id,
        back: format!("/cases/{}", detail.case.id),
        number: detail.case.number.clone(),
        purposes: choices(&page.lang, "cases-page-purpose", purposes),
        public: ctx.house.customer_url().is_some(),
        form,
        page: page.named("cases-page-link"),
    })
}

impl ShownPage {
    /// Where it is noted that the text was copied.
    fn trace(&self) -> String {
        format!("/cases/{}/copied", self.id)
    }
}

/// The page that shows a link which was just made.
pub(super) fn shown(
    page: Page,
    ctx: &Ctx,
    id: Id<of::Case>,
    number: &str,
    purpose: Purpose,
    issued: &Issued,
) -> Response {
    let lang = page.lang.clone();
    let path = app::link_path(purpose, &issued.token);
    // Without an address that is safe on the way there is nothing to send; the counter's own screen opens the path.
    let url = ctx.house.customer_url().map(|public| format!("{public}{path}"));
    let page = ShownPage {
        id,
        back: format!("/cases/{id}"),
        number: number.to_owned(),
        about: lang.word("cases-page-link-about", purpose.as_str()),
        text: url
            .as_deref()
            .map(|url| lang.t2(&format!("cases-page-link-text-{}", purpose.as_str()), "number", number, "link", url)),
        what: match purpose {
            Purpose::Track => "received",
            Purpose::Decide => "plan",
            Purpose::Rate => "survey",
        },
        url: url.unwrap_or(path),
        until: issued.expires_at.map(|at| lang.date(at)).unwrap_or_default(),
        page: page.named("cases-page-link-ready"),
    };
    ([web::no_referrer()], View(page)).into_response()
}
