use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::{Ctx, ReplayKey};
use kernel::{Fault, FaultKind, Id, of};
use parties::app::{CustomerCard, CustomerInput};
use web::{Chip, Choice, Failure, Filled, Form, Lang, Page, View};

use super::{choices, stores};
use crate::app::{self, CaseRow, CustomerChoice, Intake, TAKE_IN, TakenIn};
use crate::domain::{Cause, Channel, Kind, Outcome, Priority, Wish};

/// Longest texts, in characters: the browser stops there, the use case checks.
const SUBJECT: usize = 200;
const BODY: usize = 20_000;
/// Customers that a lookup shows.
const FOUND: usize = 5;
/// The channels that staff choose from; the others are set by the way a case comes in.
const CHANNELS: [Channel; 4] = [Channel::Counter, Channel::Phone, Channel::Web, Channel::Mail];

#[derive(Template)]
#[template(path = "cases_intake.html")]
struct IntakePage {
    page: Page,
    form: Filled,
    found: Found,
    stores: Vec<Choice>,
    kinds: Vec<Choice>,
    channels: Vec<Choice>,
    priorities: Vec<Choice>,
    wishes: Vec<Choice>,
    outcomes: Vec<Choice>,
    causes: Vec<Choice>,
    /// Makes a second click on "save" harmless.
    once: String,
    again: bool,
    /// Why it was not saved, when no field is at fault.
    refusal: Option<web::Markup>,
}

impl IntakePage {
    fn one_store(&self) -> Option<&Choice> {
        match self.stores.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }
}

/// What the number that was typed finds.
#[derive(Template)]
#[template(path = "cases_found.html")]
struct Found {
    page: Lang,
    matches: Vec<Match>,
    /// A number was typed and nobody has it.
    nobody: bool,
    /// Which is chosen: an id, `new` or `anonymous`.
    chosen: String,
    name: web::Field,
    error: Option<String>,
}

// Written into the page as it is: a template escapes its own values.
impl askama::filters::HtmlSafe for Found {}

/// The same on the workbench, as a list to pick from with the keyboard.
#[derive(Template)]
#[template(path = "cases_found_desk.html")]
struct FoundAtDesk {
    page: Lang,
    matches: Vec<Match>,
}

struct Match {
    card: CustomerCard,
    open: Vec<Open>,
    chosen: bool,
    start: String,
}

struct Open {
    href: String,
    subject: String,
    number: String,
    chip: Chip,
}

impl Match {
    async fn of(ctx: &Ctx, lang: &Lang, card: CustomerCard, chosen: &str) -> Result<Self, Fault> {
        let open = if ctx.actor.holds(app::VIEW) { app::open_of_customer(ctx, card.id).await? } else { Vec::new() };
        Ok(Self {
            open: open.iter().map(|case| Open::of(lang, case)).collect(),
            chosen: chosen == card.id.to_string(),
            start: format!("/cases/new?customer={}", card.id),
            card,
        })
    }
}

impl Open {
    fn of(lang: &Lang, case: &CaseRow) -> Self {
        Self {
            href: format!("/cases/{}", case.id),
            subject: case.subject.clone(),
            number: case.number.clone(),
            chip: web::chip("info", "circle-dot", lang.word("cases-state", case.state.name().as_str())),
        }
    }
}

/// `GET /cases/new?customer=&customer.phone=`: the form; what the address holds is filled in, so it works without scripts.
pub(crate) async fn show(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    let page = intake_page(page, &ctx, form.into_filled(), false).await?;
    Ok(View(page))
}

/// `GET /cases/new/lookup?customer.phone=&for=desk`: who has the number that is being typed.
pub(crate) async fn lookup(lang: Lang, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let form = Form::from_query(&query.unwrap_or_default()).into_filled();
    let found = found(&ctx, &lang, &form).await?;
    if form.value("for") == "desk" {
        let matches = found.matches;
        return Ok(View(FoundAtDesk { page: lang, matches }).into_response());
    }
    Ok(View(found).into_response())
}

/// `POST /cases/new`
pub(crate) async fn create(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    if form.has("find") {
        // The button beside the number, without scripts.
        let page = intake_page(page, &ctx, form.into_filled(), false).await?;
        return Ok(View(page).into_response());
    }
    let taken = match read(&ctx, &page, &mut form).await {
        Ok(intake) => {
            let sent = serde_urlencoded::to_string(form.pairs()).unwrap_or_default();
            let key = match form.raw("once") {
                "" => None,
                once => Some(ReplayKey::new(&ctx.actor, "POST /cases/new", once, sent.as_bytes())?),
            };
            save(&ctx.clone().replayable(key), intake, &mut form).await
        }
        Err(fault) => Err(fault),
    };
    match taken {
        Ok(case) => {
            let done = if form.flag("solved") { "solved-now" } else { "taken-in" };
            Ok(Redirect::to(&format!("/cases/{}?done={done}", case.id)).into_response())
        }
        // Only questions and feedback are settled without the customer's yes to a plan.
        Err(fault) if fault.kind() == FaultKind::Refused => {
            let mut page = intake_page(page, &ctx, form.into_filled(), false).await?;
            page.refusal = Some(web::notice(&page.page.lang, &fault));
            Ok((StatusCode::CONFLICT, View(page)).into_response())
        }
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let page = intake_page(page, &ctx, form.into_filled_with(&fault), false).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        // Sent once already with other words: the person went back and changed something. Ask, with everything kept.
        Err(fault) if fault.code() == "idempotency-key-reused" => {
            let page = intake_page(page, &ctx, form.into_filled(), true).await?;
            Ok((StatusCode::CONFLICT, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// Takes it in; a question that is answered already is resolved in the same go (咨询已当场解决).
async fn save(ctx: &Ctx, intake: Intake, form: &mut Form) -> Result<TakenIn, Fault> {
    if !form.flag("solved") {
        return app::take_in(ctx, intake).await;
    }
    let outcome = form.choice("outcome", Outcome::parse);
    let cause = form.choice("cause", Cause::parse);
    let note = form.text("note", BODY);
    form.check()?;
    let (outcome, cause) = (form.need(outcome)?, form.need(cause)?);
    app::solve_on_the_spot(ctx, intake, outcome, cause, note).await
}

async fn read(ctx: &Ctx, page: &Page, form: &mut Form) -> Result<Intake, Fault> {
    let store = form.id::<of::Unit>("store");
    let kind = form.choice("kind", Kind::parse);
    let channel = form.choice("channel", Channel::parse);
    let priority = form.choice_or_none("priority", Priority::parse).unwrap_or(Priority::Normal);
    let wish = form.choice_or_none("wish", Wish::parse).unwrap_or(Wish::Unsaid);
    let subject = form.text("subject", SUBJECT);
    let body = form.text_or_empty("body", BODY);
    let product = form.text_or_none("product", 120);
    let serial = form.text_or_none("serial", 60);
    let accessories = form.text_or_none("accessories", 200);
    let happened_at = form.moment_or_none("happened_at", &page.zone);
    let customer = customer(ctx, form).await?;
    form.check()?;
    Ok(Intake {
        store: form.need(store)?,
        kind: form.need(kind)?,
        channel: form.need(channel)?,
        priority,
        customer,
        subject,
        body,
        wish,
        upset: form.flag("upset"),
        product,
        serial,
        accessories,
        happened_at,
        ..Intake::default()
    })
}

/// Whose it is. A number that somebody has already is never opened a second time without a look.
async fn customer(ctx: &Ctx, form: &mut Form) -> Result<CustomerChoice, Fault> {
    let chosen = form.raw("customer").trim().to_owned();
    match chosen.as_str() {
        "anonymous" => return Ok(CustomerChoice::Anonymous),
        "" | "new" => {}
        _ => {
            let id = form.id::<of::Customer>("customer");
            return Ok(id.map_or(CustomerChoice::Anonymous, CustomerChoice::Existing));
        }
    }
    if chosen.is_empty() && form.has("customer.phone") && !form.has("customer.name") {
        let known = parties::app::find(ctx, form.raw("customer.phone")).await?;
        if !known.is_empty() {
            form.reject("customer", "cases-pick-customer");
        }
    }
    let phone = form.phone("customer.phone");
    let name = if form.errors().of("customer").is_some() { String::new() } else { form.text("customer.name", 60) };
    Ok(CustomerChoice::New(CustomerInput { name, phone, ..CustomerInput::default() }))
}

async fn intake_page(page: Page, ctx: &Ctx, form: Filled, again: bool) -> Result<IntakePage, Fault> {
    let lang = page.lang.clone();
    let stores = stores(ctx, &lang, TAKE_IN);
    let home = ctx.actor.home.and_then(|home| super::directory(ctx).store_of(home).map(|store| store.id.to_string()));
    // The most likely store is the person's own.
    let form =
        match home.filter(|home| form.value("store").is_empty() && stores.iter().any(|store| store.value == *home)) {
            Some(home) => form.with("store", home),
            None => form,
        };
    Ok(IntakePage {
        found: found(ctx, &lang, &form).await?,
        stores,
        kinds: choices(&lang, "cases-kind", Kind::ALL.iter().map(|kind| kind.as_str())),
        channels: choices(&lang, "cases-channel", CHANNELS.map(Channel::as_str)),
        priorities: choices(&lang, "cases-priority", Priority::ALL.iter().map(|priority| priority.as_str())),
        wishes: choices(&lang, "cases-wish", Wish::ALL.iter().map(|wish| wish.as_str())),
        outcomes: choices(&lang, "cases-outcome", Outcome::ALL.iter().map(|outcome| outcome.as_str())),
        causes: choices(&lang, "cases-cause", Cause::ALL.iter().map(|cause| cause.as_str())),
        once: ctx.house.ids.next::<()>().to_string(),
        again,
        refusal: None,
        form,
        page: page.named("cases-page-new"),
    })
}

/// Customers who fit what the form holds: the chosen one, else those with the number.
async fn found(ctx: &Ctx, lang: &Lang, form: &Filled) -> Result<Found, Fault> {
    let mut chosen = form.value("customer").trim().to_owned();
    let typed = form.value("customer.phone").trim();
    let mut cards = Vec::new();
    if let Ok(id) = chosen.parse::<i64>() {
        match parties::app::get(ctx, Id::new(id)).await {
            Ok(card) => cards.push(card),
            Err(fault) if fault.kind() == FaultKind::NotFound => chosen = String::new(),
            Err(fault) => return Err(fault),
        }
    } else if !typed.is_empty() && ctx.actor.holds(parties::app::VIEW) {
        cards = parties::app::find(ctx, typed).await?;
        cards.truncate(FOUND);
    }
    let digits = typed.bytes().filter(u8::is_ascii_digit).count();
    // The only one with the whole number is most likely the one.
    if let ([only], true, true) = (cards.as_slice(), chosen.is_empty(), digits >= 11) {
        chosen = only.id.to_string();
    }
    let mut matches = Vec::new();
    for card in cards {
        matches.push(Match::of(ctx, lang, card, &chosen).await?);
    }
    let nobody = matches.is_empty() && digits >= 11;
    if nobody && chosen.is_empty() {
        chosen = "new".to_owned();
    }
    Ok(Found {
        nobody,
        name: web::input(lang, form, "customer.name", "cases-page-customer-name").max(60).lenient(),
        error: form.error("customer", lang),
        chosen,
        matches,
        page: lang.clone(),
    })
}
