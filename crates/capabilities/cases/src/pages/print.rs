use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, Id, Money, of};
use qrcode::QrCode;
use qrcode::render::svg;
use web::{Failure, Lang, Markup, PrintPage, View};

use super::directory;
use crate::app;
use crate::domain::{PlanState, Purpose, Stage};

#[derive(Template)]
#[template(path = "cases_print.html")]
struct SlipPage {
    page: PrintPage,
    id: Id<of::Case>,
    company: String,
    store: String,
    store_phone: String,
    address: String,
    number: String,
    customer: String,
    phone: String,
    taken_at: String,
    taken_by: String,
    kind: String,
    channel: String,
    product: String,
    serial: String,
    subject: String,
    body: String,
    promises: Vec<(String, String)>,
    plan: Option<(String, Money)>,
    owner: String,
    /// The square code with the tracking link, when one was just made.
    code: Option<Markup>,
    may_link: bool,
    /// Customers can reach the installation by HTTPS; otherwise no code is printed.
    public: bool,
    printed: String,
}

/// `GET /cases/{id}/print`: the A5 slip, without a link.
pub(crate) async fn show(lang: Lang, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    Ok(View(slip(lang, &ctx, Id::new(id), None).await?))
}

/// `POST /cases/{id}/print`: the slip with a tracking link made for it. A link is shown once, so each print with a code makes one.
pub(crate) async fn with_link(lang: Lang, ctx: Ctx, Path(id): Path<i64>) -> Result<Response, Failure> {
    let id = Id::new(id);
    let Some(public) = ctx.house.public_url.clone().filter(|url| url.starts_with("https://")) else {
        return Ok(View(slip(lang, &ctx, id, None).await?).into_response());
    };
    let issued = app::issue_link(&ctx, id, Purpose::Track).await?;
    let link = format!("{}{}", public.trim_end_matches('/'), app::link_path(Purpose::Track, &issued.token));
    let page = slip(lang, &ctx, id, Some(link)).await?;
    Ok(([web::no_referrer()], View(page)).into_response())
}

async fn slip(lang: Lang, ctx: &Ctx, id: Id<of::Case>, link: Option<String>) -> Result<SlipPage, Fault> {
    let detail = app::detail(ctx, id).await?;
    let case = detail.case;
    let directory = directory(ctx);
    let locale = lang.locale.as_str();
    let unit = directory.unit(case.store);
    let name = |id: Option<Id<of::User>>| id.and_then(|id| directory.user_name(id)).unwrap_or_default().to_owned();
    let promised = [Stage::FirstAnswer, Stage::Plan, Stage::Solution];
    let promises = detail.clocks.iter().filter(|clock| promised.contains(&clock.stage)).filter_map(|clock| {
        let at = clock.due_at.filter(|_| clock.stopped_at.is_none())?;
        Some((lang.word("cases-stage", clock.stage.as_str()), lang.full(at)))
    });
    // Only what the customer has agreed to is a promise; before inspection there are no amounts.
    let agreed = detail.plans.iter().find(|plan| plan.state == PlanState::Confirmed);
    let plan = agreed.and_then(|plan| {
        let chosen = usize::try_from(plan.chosen.unwrap_or(0)).ok()?;
        let option = plan.plan.options.get(chosen)?;
        Some((option.text.clone(), option.customer_pays()))
    });
    let public = ctx.house.public_url.as_deref().is_some_and(|url| url.starts_with("https://"));
    Ok(SlipPage {
        id,
        company: directory.company().map(|unit| unit.name_in(locale).to_owned()).unwrap_or_default(),
        store: unit.map(|unit| unit.name_in(locale).to_owned()).unwrap_or_default(),
        store_phone: unit.and_then(|unit| unit.phone.clone()).unwrap_or_default(),
        address: unit.and_then(|unit| unit.address.clone()).unwrap_or_default(),
        customer: if case.customer_name.is_empty() { lang.t("cases-page-anonymous") } else { case.customer_name },
        phone: case.phone_masked,
        taken_at: lang.full(case.happened_at),
        taken_by: name(case.created_by),
        kind: lang.word("cases-kind", case.kind.as_str()),
        channel: lang.word("cases-channel", case.channel.as_str()),
        product: case.product.unwrap_or_default(),
        serial: case.serial.map(|serial| masked(&serial)).unwrap_or_default(),
        subject: case.subject,
        body: case.body,
        promises: promises.collect(),
        plan,
        owner: name(case.owner),
        code: match &link {
            Some(link) => Some(square(link, &lang.t("cases-page-print-code"))?),
            None => None,
        },
        may_link: public && ctx.actor.holds(app::WORK),
        public,
        printed: lang.full(lang.now),
        page: PrintPage::new(lang, "cases-page-slip", &format!("/cases/{id}")).about(case.number.clone()),
        number: case.number,
    })
}

/// The first six and the last two letters of a serial: enough to recognise it, too little to misuse it.
fn masked(serial: &str) -> String {
    let letters: Vec<char> = serial.chars().collect();
    if letters.len() <= 8 {
        return serial.to_owned();
    }
    let (head, tail): (String, String) =
        (letters.iter().take(6).collect(), letters.iter().skip(letters.len().saturating_sub(2)).collect());
    format!("{head}****{tail}")
}

/// `link` as a square code, black on white, with a name for those who do not see it.
pub(super) fn square(link: &str, label: &str) -> Result<Markup, Fault> {
    let code = QrCode::new(link.as_bytes()).map_err(Fault::internal)?;
    let image = code
        .render::<svg::Color<'_>>()
        .min_dimensions(120, 120)
        .quiet_zone(true)
        .dark_color(svg::Color("#000"))
        .light_color(svg::Color("#fff"))
        .build();
    // An image in a page needs no XML declaration.
    let start = image.find("<svg").unwrap_or(0);
    let (_, image) = image.split_at(start);
    let named = format!("<svg class=\"qr\" role=\"img\" aria-label=\"{}\"", Markup::text(label));
    Ok(Markup::ready(image.replacen("<svg", &named, 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_is_recognised_but_not_shown() {
        assert_eq!(masked("8A2603001271"), "8A2603****71");
        assert_eq!(masked("SHORT"), "SHORT");
    }

    #[test]
    fn a_code_is_one_named_image_without_declarations() {
        let code = square("https://a.example/c/0123", "进度 <1>").unwrap();
        assert!(code.as_str().starts_with("<svg class=\"qr\" role=\"img\" aria-label=\"进度 &#60;1&#62;\""), "{code}");
        assert!(!code.as_str().contains("style="), "{code}");
    }
}
