//! The form with which staff take a request in.

use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::{Ctx, ReplayKey, Upload, UploadRules};
use kernel::{Fault, FaultKind, Id, of};
use parties::app::{CustomerCard, CustomerInput};
use web::{Chip, Choice, Failure, Filled, Form, Lang, Page, View};

use super::beside::{self, Beside};
use super::drafts::{self, DraftLine};
use super::goods::{self, Goods, Picked};
use super::picker::{self, Picker};
use super::via::{self, Via};
use super::{choices, stores};
use crate::app::files::NewFiles;
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
    goods: Goods,
    picker: Picker,
    beside: Beside,
    drafts: Vec<DraftLine>,
    stores: Vec<Choice>,
    kinds: Vec<Choice>,
    channels: Vec<Choice>,
    via: Via,
    priorities: Vec<Choice>,
    wishes: Vec<Choice>,
    outcomes: Vec<Choice>,
    causes: Vec<Choice>,
    categories: Vec<Choice>,
    /// Makes a second click on "save" harmless, and names the draft.
    once: String,
    again: bool,
    /// Many paper slips in a row.
    slips: bool,
    /// The slip was entered before: the way to its case.
    first: Option<(String, String)>,
    /// The case that was just taken in, in a row of slips.
    last: Option<(String, String)>,
    /// When the draft was last kept.
    kept: Option<String>,
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
    /// True when something stands in the fields that are folded away.
    fn unfolded(&self) -> bool {
        let fields = ["promised_call", "promised_ready", "happened_at", "slip"];
        self.slips
            || fields.iter().any(|field| !self.form.value(field).is_empty() || self.form.errors().of(field).is_some())
    }
    /// The cursor stands in the first field of a form that nothing was said about yet.
    fn is_fresh(&self) -> bool {
        self.kept.is_none() && self.form.errors().is_empty() && self.form.value("customer.phone").is_empty()
    }
}

/// What the number that was typed finds.
#[derive(Template)]
#[template(path = "cases_found.html")]
pub(super) struct Found {
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

/// With what the customer has, which belongs to the next section.
#[derive(Template)]
#[template(path = "cases_found_goods.html")]
struct FoundWhileTyping {
    found: Found,
    goods: Goods,
}

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

/// `GET /cases/new?customer=&phone=&product=&serial=&receipt=&draft=&slips=`: the form; what the address holds is filled in, so it
/// works without scripts, and a scan leads here with all that it knows.
pub(crate) async fn show(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let form = Form::from_query(query.as_deref().unwrap_or_default());
    if let Ok(id) = form.raw("draft").parse() {
        return drafts::restored(page, &ctx, id, &form).await;
    }
    // A scan names the number as its customer does.
    let phone = form.raw("phone").to_owned();
    let mut filled = form.into_filled();
    if filled.value("customer.phone").is_empty() && !phone.is_empty() {
        filled = filled.with("customer.phone", phone);
    }
    let page = super::with_done(page, query.as_deref());
    Ok(View(intake_page(page, &ctx, filled, None).await?).into_response())
}

/// The form with what a draft holds.
pub(super) async fn from_draft(
    page: Page,
    ctx: &Ctx,
    form: Filled,
    id: String,
    kept: String,
) -> Result<Response, Failure> {
    let mut page = intake_page(page, ctx, form, Some(id)).await?;
    page.kept = Some(kept);
    Ok(View(page).into_response())
}

/// `GET /cases/new/lookup?customer.phone=&for=desk`: who has the number that is being typed.
pub(crate) async fn lookup(lang: Lang, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let form = Form::from_query(&query.unwrap_or_default()).into_filled();
    let found = found(&ctx, &lang, &form).await?;
    if form.value("for") == "desk" {
        let matches = found.matches;
        return Ok(View(FoundAtDesk { page: lang, matches }).into_response());
    }
    let goods = goods::of(&ctx, &lang, &form, &found.chosen).await?;
    Ok(View(FoundWhileTyping { found, goods }).into_response())
}

/// `POST /cases/new`
pub(crate) async fn create(page: Page, ctx: Ctx, upload: Upload) -> Result<Response, Failure> {
    let taken = upload.take(&ctx, UploadRules::STAFF).await?;
    let files = NewFiles::of(&taken, "photo");
    let digests: Vec<&str> = taken.files.iter().map(|(_, file)| file.digest()).collect();
    let digests = digests.join(" ");
    let mut form = taken.form;
    if form.has("find") {
        // The button beside the number, without scripts.
        let page = intake_page(page, &ctx, form.into_filled(), None).await?;
        return Ok(View(page).into_response());
    }
    let saved = match read(&ctx, &page, &mut form).await.and_then(|intake| Ok(Intake { files: files?, ..intake })) {
        Ok(intake) => {
            let sent = serde_urlencoded::to_string(form.pairs()).unwrap_or_default() + &digests;
            let key = match form.raw("once") {
                "" => None,
                once => Some(ReplayKey::new(&ctx.actor, "POST /cases/new", once, sent.as_bytes())?),
            };
            save(&ctx.clone().replayable(key), intake, &mut form).await
        }
        Err(fault) => Err(fault),
    };
    match saved {
        Ok(case) if form.flag("slips") => Ok(Redirect::to(&next_slip(&form, &case)).into_response()),
        Ok(case) => {
            let done = if form.flag("solved") { "solved-now" } else { "taken-in" };
            Ok(Redirect::to(&format!("/cases/{}?done={done}", case.id)).into_response())
        }
        // Only questions and feedback are settled without the customer's yes to a plan.
        Err(fault) if fault.kind() == FaultKind::Refused => {
            let mut page = again(page, &ctx, form.into_filled()).await?;
            page.refusal = Some(web::notice(&page.page.lang, &fault));
            Ok((StatusCode::CONFLICT, View(page)).into_response())
        }
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let slip = fault.fields().of("slip").is_some_and(|error| error.code == "cases-slip-taken");
            let mut page = again(page, &ctx, form.into_filled_with(&fault)).await?;
            if slip && let Some(store) = page.form.value("store").parse().ok().map(Id::new) {
                let first = app::of_slip(&ctx, store, page.form.value("slip")).await?;
                page.first = first.map(|(id, number)| (format!("/cases/{id}"), number));
            }
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        // Sent once already with other words: the person went back and changed something. Ask, with everything kept.
        Err(fault) if fault.code() == "idempotency-key-reused" => {
            let mut page = intake_page(page, &ctx, form.into_filled(), None).await?;
            page.again = true;
            Ok((StatusCode::CONFLICT, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// The form once more; it stays the same draft.
async fn again(page: Page, ctx: &Ctx, form: Filled) -> Result<IntakePage, Fault> {
    let once = Some(form.value("once").to_owned()).filter(|once| !once.is_empty());
    intake_page(page, ctx, form, once).await
}

/// The form for the next paper slip: store, channels and time stay, the number goes on by one.
fn next_slip(form: &Form, case: &TakenIn) -> String {
    let mut pairs = vec![("slips", "yes".to_owned())];
    for field in ["store", "channel", "via", "happened_at"] {
        pairs.extend(Some((field, form.raw(field).to_owned())).filter(|(_, value)| !value.is_empty()));
    }
    pairs.push(("slip", following(form.raw("slip").trim())));
    pairs.push(("done", "next-slip".to_owned()));
    pairs.push(("last", case.id.to_string()));
    pairs.push(("number", case.number.clone()));
    format!("/cases/new?{}", serde_urlencoded::to_string(&pairs).unwrap_or_default())
}

/// The number after that of a slip: its last digits and one more, as long as before.
fn following(slip: &str) -> String {
    let digits = slip.bytes().rev().take_while(u8::is_ascii_digit).count().min(15);
    let (head, tail) = slip.split_at(slip.len() - digits);
    match tail.parse::<u64>() {
        Ok(n) => format!("{head}{:0digits$}", n + 1),
        Err(_) => String::new(),
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
    let via = form.id_or_none::<of::Channel>("via");
    let priority = form.choice_or_none("priority", Priority::parse).unwrap_or(Priority::Normal);
    let wish = form.choice_or_none("wish", Wish::parse).unwrap_or(Wish::Unsaid);
    let symptoms: Vec<String> = form.all("symptoms").map(str::to_owned).collect();
    // What was tapped stands in for it.
    let subject =
        if symptoms.is_empty() { form.text("subject", SUBJECT) } else { form.text_or_empty("subject", SUBJECT) };
    let body = form.text_or_empty("body", BODY);
    let product = form.text_or_none("product", 120);
    let serial = form.text_or_none("serial", 60);
    let accessories = form.text_or_none("accessories", 200);
    let category = form.text_or_none("category", 40);
    let receipt = form.text_or_none("receipt", 60);
    let slip = form.text_or_none("slip", 40);
    let happened_at = form.moment_or_none("happened_at", &page.zone);
    let promised_call = form.moment_or_none("promised_call", &page.zone);
    let promised_ready = form.day_or_none("promised_ready");
    let picked = goods::picked(ctx, form.raw("unit")).await?;
    if form.has("unit") && picked.is_none() {
        form.reject("unit", "unknown");
    }
    // What was typed goes before what was picked.
    let (product, serial, receipt) = match picked {
        Some(Picked { product: picked, serial: unit, receipt: sale }) => {
            (product.or(Some(picked)), serial.or(Some(unit)), receipt.or(sale))
        }
        None => (product, serial, receipt),
    };
    let customer = customer(ctx, form).await?;
    form.check()?;
    Ok(Intake {
        store: form.need(store)?,
        kind: form.need(kind)?,
        channel: form.need(channel)?,
        via,
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
        category,
        symptoms,
        receipt,
        slip,
        promised_call,
        promised_ready,
        draft: form.raw("once").parse().ok().map(Id::new),
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

async fn intake_page(page: Page, ctx: &Ctx, form: Filled, once: Option<String>) -> Result<IntakePage, Fault> {
    let lang = page.lang.clone();
    let stores = stores(ctx, &lang, TAKE_IN);
    let home = ctx.actor.home.and_then(|home| super::directory(ctx).store_of(home).map(|store| store.id.to_string()));
    // The most likely store is the person's own.
    let form =
        match home.filter(|home| form.value("store").is_empty() && stores.iter().any(|store| store.value == *home)) {
            Some(home) => form.with("store", home),
            None => form,
        };
    let found = found(ctx, &lang, &form).await?;
    let picked = goods::picked(ctx, form.value("unit")).await?;
    let asked = beside::asked(&form, &found.chosen, picked.as_ref());
    let once = once.unwrap_or_else(|| ctx.house.ids.next::<()>().to_string());
    let last = Some((format!("/cases/{}", form.value("last")), form.value("number").to_owned()));
    Ok(IntakePage {
        via: via::of(ctx, &lang, &form).await?,
        picker: picker::of(ctx, &lang, &form, picked.as_ref()).await?,
        goods: goods::of(ctx, &lang, &form, &found.chosen).await?,
        beside: beside::of(ctx, &lang, asked, false).await?,
        drafts: drafts::lines(ctx, &lang, &once).await?,
        categories: picker::categories(ctx, &lang).await?,
        found,
        stores,
        kinds: choices(&lang, "cases-kind", Kind::ALL.iter().map(|kind| kind.as_str())),
        channels: choices(&lang, "cases-channel", CHANNELS.map(Channel::as_str)),
        priorities: choices(&lang, "cases-priority", Priority::ALL.iter().map(|priority| priority.as_str())),
        wishes: choices(&lang, "cases-wish", Wish::ALL.iter().map(|wish| wish.as_str())),
        outcomes: choices(&lang, "cases-outcome", Outcome::ALL.iter().map(|outcome| outcome.as_str())),
        causes: picker::causes(ctx, &lang).await?,
        once,
        again: false,
        slips: form.is_on("slips"),
        first: None,
        last: last.filter(|_| form.value("last").parse::<i64>().is_ok()),
        kept: None,
        refusal: None,
        form,
        page: page.named("cases-page-new"),
    })
}

/// Customers who fit what the form holds: the chosen one, else those with the number.
pub(super) async fn found(ctx: &Ctx, lang: &Lang, form: &Filled) -> Result<Found, Fault> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_slip_follows_the_last() {
        assert_eq!(following("HZ-0099"), "HZ-0100");
        assert_eq!(following("0009"), "0010");
        assert_eq!(following("99"), "100");
        assert_eq!(following("A"), "");
        assert_eq!(following(""), "");
        assert_eq!(following("第９号7"), "第９号8");
    }
}
