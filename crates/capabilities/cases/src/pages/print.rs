//! Papers of a case: receipt on thermal paper, three-part form, A5, A4, label on the unit. Looking is free; printing counts.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, Id, Money, of};
use qrcode::QrCode;
use qrcode::render::svg;
use web::{Failure, Form, Lang, Markup, PrintPage, View};

use super::directory;
use crate::app::{self, Copy, Paper, PrintOrder, Printed};
use crate::domain::{Kind, PlanState, Purpose, Stage};

/// Remembers the last paper of this workstation.
const COOKIE: &str = "paper";

struct PaperTab {
    word: String,
    href: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "cases_print.html")]
struct SlipPage {
    page: PrintPage,
    id: Id<of::Case>,
    paper: &'static str,
    house: bool,
    /// Only looked at: nothing was counted, so nothing leaves the printer.
    preview: bool,
    may_print: bool,
    tabs: Vec<PaperTab>,
    company: String,
    store: String,
    store_phone: String,
    address: String,
    number: String,
    barcode: Option<Markup>,
    customer: String,
    phone: String,
    tail: String,
    taken_at: String,
    taken_by: String,
    kind: String,
    channel: String,
    product: String,
    serial: String,
    accessories: String,
    subject: String,
    body: String,
    promises: Vec<(String, String)>,
    plan: Option<(String, Money, String)>,
    owner: String,
    /// The square code with the tracking link, when one was just made.
    code: Option<Markup>,
    /// Customers can reach the installation by HTTPS; otherwise no code is printed.
    public: bool,
    printed: String,
    printed_by: String,
    times: i64,
    first: String,
    rules: i64,
    terms: Vec<String>,
}

impl SlipPage {
    /// A second print says so.
    fn is_reprint(&self) -> bool {
        self.times > 1
    }
    fn has_rules(&self) -> bool {
        self.rules > 0
    }
    fn is(&self, paper: &str) -> bool {
        self.paper == paper
    }
}

/// `GET /cases/{id}/print?paper=`: a look at the paper.
pub(crate) async fn show(
    lang: Lang,
    ctx: Ctx,
    Path(id): Path<i64>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Failure> {
    let query = Form::from_query(&query.unwrap_or_default());
    let last = web::cookies::cookie(&headers, COOKIE).and_then(Paper::parse);
    let paper = Paper::parse(query.raw("paper")).or(last).unwrap_or(Paper::A5);
    let before = app::printed_before(&ctx, Id::new(id), paper.copy()).await?;
    // What would come out of the printer next.
    let next = Printed { times: before.times + 1, ..before };
    Ok(View(slip(lang, &ctx, Id::new(id), paper, next, true).await?))
}

/// `POST /cases/{id}/print`: counts, leaves a trace and shows the sheet that is printed. A link is shown once, so each print with a
/// code makes one.
pub(crate) async fn print(lang: Lang, ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Response, Failure> {
    let id = Id::new(id);
    let paper = Paper::parse(form.raw("paper")).unwrap_or(Paper::A5);
    let secure = ctx.house.secure_url().is_some();
    let order = PrintOrder { case: id, paper, link: secure && paper.has_code() };
    let printed = app::print(&ctx, order).await?;
    let page = slip(lang, &ctx, id, paper, printed, false).await?;
    let cookie = web::cookies::set_cookie(COOKIE, paper.as_str(), web::cookies::YEAR, secure);
    let private = (axum::http::header::CACHE_CONTROL, "no-store");
    Ok(([web::no_referrer()], [(SET_COOKIE, cookie)], [private], View(page)).into_response())
}

async fn slip(
    lang: Lang,
    ctx: &Ctx,
    id: Id<of::Case>,
    paper: Paper,
    printed: Printed,
    preview: bool,
) -> Result<SlipPage, Fault> {
    let detail = app::detail(ctx, id).await?;
    let case = detail.case;
    let printable: Vec<Paper> = Paper::ALL.into_iter().filter(|one| app::may_print(ctx, &case, *one)).collect();
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
        let pays = option.customer_pays();
        Some((option.text.clone(), pays, web::capitals(pays)))
    });
    let copy = paper.copy();
    let house = copy == Copy::House;
    let public = ctx.house.secure_url();
    let link = printed.token.as_deref().zip(public.as_deref());
    let link = link.map(|(token, url)| format!("{url}{}", app::link_path(Purpose::Track, token)));
    let (customer, phone) = match (&printed.contact, case.customer_name.is_empty()) {
        (Some((name, phone)), _) => (name.clone(), grouped(phone)),
        (None, true) => (lang.t("cases-page-anonymous"), case.phone_masked.clone()),
        (None, false) => (masked_name(&case.customer_name), case.phone_masked.clone()),
    };
    let tail = case.phone_masked.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
    let serial = case.serial.map(|serial| if house { serial } else { masked(&serial) });
    let tabs =
        Paper::ALL.into_iter().filter(|one| one.copy() != Copy::House || printable.contains(one)).map(|one| PaperTab {
            word: lang.word("cases-print-paper", one.as_str()),
            href: format!("/cases/{id}/print?paper={}", one.as_str()),
            current: one == paper,
        });
    let terms = match case.kind {
        Kind::Repair | Kind::Installation | Kind::Return => 1..=5,
        Kind::Inquiry | Kind::Feedback | Kind::Complaint => 4..=5,
    };
    let title = format!("cases-print-title-{}", if house { "house" } else { copy.as_str() });
    Ok(SlipPage {
        id,
        paper: paper.as_str(),
        house,
        preview,
        may_print: printable.contains(&paper),
        tabs: tabs.collect(),
        company: directory.company().map(|unit| unit.name_in(locale).to_owned()).unwrap_or_default(),
        store: unit.map(|unit| unit.name_in(locale).to_owned()).unwrap_or_default(),
        store_phone: unit.and_then(|unit| unit.phone.clone()).unwrap_or_default(),
        address: unit.and_then(|unit| unit.address.clone()).unwrap_or_default(),
        customer,
        phone,
        tail,
        taken_at: lang.full(case.happened_at),
        taken_by: name(case.created_by),
        kind: lang.word("cases-kind", case.kind.as_str()),
        channel: lang.word("cases-channel", case.channel.as_str()),
        product: case.product.unwrap_or_default(),
        serial: serial.unwrap_or_default(),
        accessories: case.accessories.unwrap_or_default(),
        subject: case.subject,
        body: short(&case.body, if paper == Paper::DotMatrix { 90 } else { 600 }),
        promises: promises.collect(),
        plan,
        owner: name(case.owner),
        code: match &link {
            Some(link) => Some(square(link, &lang.t("cases-page-print-code"))?),
            None => None,
        },
        public: public.is_some(),
        printed: lang.full(lang.now),
        printed_by: ctx.actor.name.to_string(),
        times: printed.times,
        first: printed.first_at.map(|at| lang.at(at)).unwrap_or_default(),
        rules: detail.clocks.iter().map(|clock| clock.policy_version).max().unwrap_or_default(),
        terms: terms.map(|n| lang.t(&format!("cases-print-term-{n}"))).collect(),
        barcode: web::code39(&case.number),
        page: PrintPage::new(lang, &title, &format!("/cases/{id}")).about(case.number.clone()),
        number: case.number,
    })
}

/// The first character of a name: enough to call somebody, too little to look them up.
fn masked_name(name: &str) -> String {
    name.chars().next().map(|first| format!("{first}**")).unwrap_or_default()
}

/// `138 0000 5678`.
fn grouped(phone: &str) -> String {
    match (phone.get(..3), phone.get(3..7), phone.get(7..)) {
        (Some(a), Some(b), Some(c)) if phone.len() == 11 => format!("{a} {b} {c}"),
        _ => phone.to_owned(),
    }
}

/// A text that fits its field.
fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most).chain(['…']).collect()
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
        assert_eq!((masked_name("王丽华").as_str(), masked_name("")), ("王**", String::new()));
        assert_eq!((grouped("13800005678").as_str(), grouped("0571")), ("138 0000 5678", "0571".to_owned()));
    }

    #[test]
    fn a_code_is_one_named_image_without_declarations() {
        let code = square("https://a.example/c/0123", "进度 <1>").unwrap();
        assert!(code.as_str().starts_with("<svg class=\"qr\" role=\"img\" aria-label=\"进度 &#60;1&#62;\""), "{code}");
        assert!(!code.as_str().contains("style="), "{code}");
    }
}
