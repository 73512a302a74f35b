use askama::Template;
use axum::extract::RawQuery;
use axum::response::IntoResponse;
use capability::Ctx;
use kernel::{Fault, FaultKind};
use parties::domain::cover::{Layer, Standing, Standings};
use parties::domain::{Phone, masked_code};
use parties::store::UnitRow;
use web::{Chip, Failure, Form, Lang, Page, View};

use super::shown::Row;
use super::{directory, unit_name};
use crate::app::{self, Answer, Chosen, Filter, Found, Hit, Order, Say, TAKE_IN, VIEW};
use crate::domain::{Odd, Scanned};

/// What can be scanned or typed, in the order in which a counter has it at hand.
const CODES: [(&str, &str); 5] = [
    ("serial", "package"),
    ("imei", "device-mobile"),
    ("receipt", "receipt"),
    ("phone", "phone"),
    ("number", "file-text"),
];
/// Cases of this counter that the first page shows.
const OPEN: u16 = 8;
/// Questions that find what a code does not.
const QUESTIONS: [&str; 5] = ["phone", "when", "where", "whose", "label"];

#[derive(Template)]
#[template(path = "cases_scan.html")]
struct ScanPage {
    page: Page,
    typed: String,
    /// What is odd about the code, in words.
    odd: Option<String>,
    state: State,
    choices: Vec<Choice>,
    found: Option<Shown>,
    questions: Vec<String>,
    /// What can be scanned, while nothing is.
    codes: Vec<CodeLine>,
    /// What is being worked on within reach, the nearest deadline first, while nothing is scanned; absent for those who may not see it.
    desk: Option<Vec<Row>>,
    /// Where it is taken in, with what is known filled in; absent for those who may not.
    take_in: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing was scanned yet.
    Start,
    /// Nothing has the code.
    Nothing,
    /// Several things have it.
    Several,
    /// One thing has it.
    One,
}

/// One kind of code: what it is, an example, and what it finds.
struct CodeLine {
    icon: &'static str,
    name: String,
    example: String,
    finds: String,
}

struct Choice {
    href: String,
    icon: &'static str,
    title: String,
    meta: String,
}

/// What was found, in the reader's words.
struct Shown {
    title: String,
    code: String,
    /// Where the unit's own page is, for those who may see it.
    href: Option<String>,
    chip: Option<Chip>,
    say: String,
    open: Vec<Row>,
    layers: Vec<LayerShown>,
    units: Vec<Choice>,
    sale: Option<SaleShown>,
    verdict: Option<web::Markup>,
    /// Repairs and exchanges of the unit.
    counted: Option<(i64, i64)>,
    hotline: Option<String>,
}

struct LayerShown {
    name: String,
    chip: Chip,
    on: bool,
    says: String,
    pays: String,
}

struct SaleShown {
    href: Option<String>,
    customer: Option<(String, String)>,
    bought: String,
    receipt: String,
    paid: Option<String>,
}

/// `GET /scan?code=&unit=&sale=&customer=`
pub(crate) async fn show(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let scanned = Scanned::read(form.raw("code"));
    let chosen =
        Chosen { unit: form.id_or_none("unit"), sale: form.id_or_none("sale"), customer: form.id_or_none("customer") };
    let page = page.named("cases-scan-title");
    let questions = QUESTIONS.iter().map(|one| page.word("cases-scan-ask", one)).collect();
    let Some(scanned) = scanned else {
        return Ok((
            [web::reads_codes()],
            View(ScanPage {
                typed: String::new(),
                odd: None,
                state: State::Start,
                choices: Vec::new(),
                found: None,
                questions,
                codes: codes(&page.lang),
                desk: desk(&ctx, &page.lang).await?,
                take_in: None,
                page,
            }),
        ));
    };
    let answer = match app::scan(&ctx, scanned.clone(), chosen).await {
        // Chosen from an old page: what is there now is looked for again.
        Err(fault) if fault.kind() == FaultKind::NotFound => {
            app::scan(&ctx, scanned.clone(), Chosen::default()).await?
        }
        other => other?,
    };
    let may_take_in = ctx.actor.holds(TAKE_IN);
    let odd = scanned.odd.map(|odd| odd_words(&page.lang, odd));
    let typed = scanned.typed.clone();
    let lang = page.lang.clone();
    let view = |state, choices, found: Option<Shown>, take_in| ScanPage {
        typed,
        odd,
        state,
        choices,
        found,
        questions,
        codes: Vec::new(),
        desk: None,
        take_in: Some(take_in).filter(|_| may_take_in),
        page,
    };
    let view = match answer {
        Answer::Nothing => view(State::Nothing, Vec::new(), None, unknown_intake(&scanned)),
        Answer::Several(hits) => {
            let choices = hits.iter().map(|hit| choice(&ctx, &lang, &scanned, hit)).collect();
            view(State::Several, choices, None, unknown_intake(&scanned))
        }
        Answer::One(found) => {
            let take_in = intake(&scanned, &found);
            view(State::One, Vec::new(), Some(shown(&ctx, &lang, &scanned, &found)?), take_in)
        }
    };
    Ok(([web::reads_codes()], View(view)))
}

fn codes(lang: &Lang) -> Vec<CodeLine> {
    let line = |(word, icon): (&str, &'static str)| CodeLine {
        icon,
        name: lang.word("cases-scan-code", word),
        example: lang.word("cases-scan-example", word),
        finds: lang.word("cases-scan-finds", word),
    };
    CODES.into_iter().map(line).collect()
}

/// What this counter is working on now, so that the next who comes back for one is served without a search.
async fn desk(ctx: &Ctx, lang: &Lang) -> Result<Option<Vec<Row>>, Fault> {
    if !ctx.actor.holds(VIEW) {
        return Ok(None);
    }
    let open = app::list(ctx, Filter::live(), Order::Due, None, OPEN).await?;
    Ok(Some(open.rows.iter().map(|case| Row::of(ctx, lang, case)).collect()))
}

fn odd_words(lang: &Lang, odd: Odd) -> String {
    match odd {
        Odd::PhoneDigits(now) => lang.t1("cases-scan-odd-phone", "now", now),
        Odd::Imei => lang.t("cases-scan-odd-imei"),
        Odd::ImeiDigits(now) => lang.t1("cases-scan-odd-imei-digits", "now", now),
    }
}

fn address(path: &str, pairs: &[(&str, String)]) -> String {
    let kept: Vec<_> = pairs.iter().filter(|(_, value)| !value.is_empty()).collect();
    format!("{path}?{}", serde_urlencoded::to_string(kept).unwrap_or_default())
}

/// The intake of something that no record knows: what was scanned stands in the field that it looks like.
fn unknown_intake(scanned: &Scanned) -> String {
    let field = match &scanned.phone {
        Some(_) => "phone",
        None => "serial",
    };
    let value = scanned.phone.as_ref().map_or_else(|| scanned.typed.clone(), |phone| Phone::digits(phone).to_owned());
    address("/cases/new", &[(field, value)])
}

fn intake(scanned: &Scanned, found: &Found) -> String {
    let unit = found.unit.as_ref();
    let product = found.product.as_ref().map(|product| {
        let draft = &product.draft;
        [draft.brand.as_str(), draft.name.as_str(), draft.code.as_str()].join(" ").trim().to_owned()
    });
    let phone = scanned.phone.as_ref().filter(|_| found.customer.is_none());
    address(
        "/cases/new",
        &[
            ("customer", found.customer.as_ref().map(|card| card.id.to_string()).unwrap_or_default()),
            ("phone", phone.map(|phone| Phone::digits(phone).to_owned()).unwrap_or_default()),
            ("product", product.unwrap_or_default()),
            ("serial", unit.map(|row| row.unit.serial.clone()).unwrap_or_default()),
            ("receipt", found.sale.as_ref().map(|sale| sale.receipt.clone()).unwrap_or_default()),
            ("unit", unit.map(|row| row.unit.id.to_string()).unwrap_or_default()),
        ],
    )
}

fn choice(ctx: &Ctx, lang: &Lang, scanned: &Scanned, hit: &Hit) -> Choice {
    let go = |name: &str, id: String| address("/scan", &[("code", scanned.typed.clone()), (name, id)]);
    match hit {
        Hit::Unit(row) => unit_choice(ctx, lang, scanned, row),
        Hit::Sale(sale) => Choice {
            href: go("sale", sale.id.to_string()),
            icon: "receipt",
            title: lang.t1("cases-scan-receipt-of", "receipt", masked_code(&sale.receipt)),
            meta: format!("{} · {}", lang.day(sale.day), unit_name(&directory(ctx), lang, sale.store)),
        },
        Hit::Customer(card) => Choice {
            href: go("customer", card.id.to_string()),
            icon: "user",
            title: card.name.clone(),
            meta: format!("{} · {}", card.phone, unit_name(&directory(ctx), lang, card.store)),
        },
        Hit::Case(case) => Choice {
            href: format!("/cases/{}", case.id),
            icon: "file-text",
            title: case.subject.clone(),
            meta: case.number.clone(),
        },
        Hit::Product(product) => Choice {
            href: address("/scan", &[("code", product.draft.code.clone())]),
            icon: "package",
            title: product.draft.name.clone(),
            meta: product.draft.code.clone(),
        },
    }
}

fn unit_choice(ctx: &Ctx, lang: &Lang, scanned: &Scanned, row: &UnitRow) -> Choice {
    let sold = row.sold_on.map_or_else(|| lang.t("cases-scan-sale-unknown"), |day| lang.day(day));
    Choice {
        href: address("/scan", &[("code", scanned.typed.clone()), ("unit", row.unit.id.to_string())]),
        icon: "package",
        title: row.product.draft.name.clone(),
        meta: format!(
            "{} · {} · {sold}",
            masked_code(&row.unit.serial),
            unit_name(&directory(ctx), lang, row.unit.store)
        ),
    }
}

fn shown(ctx: &Ctx, lang: &Lang, scanned: &Scanned, found: &Found) -> Result<Shown, Fault> {
    let product = found.product.as_ref().map(|product| &product.draft);
    let unit = found.unit.as_ref().map(|row| &row.unit);
    let title = match (product, &found.customer, &found.case, &found.sale) {
        (Some(draft), ..) => format!("{} {}", draft.brand, draft.name).trim().to_owned(),
        (None, Some(card), ..) => card.name.clone(),
        (None, None, Some(case), _) => case.subject.clone(),
        (None, None, None, Some(sale)) => lang.t1("cases-scan-receipt-of", "receipt", masked_code(&sale.receipt)),
        (None, None, None, None) => scanned.typed.clone(),
    };
    let code = match (unit, &found.customer) {
        (Some(unit), _) => match &unit.imei {
            Some(imei) => format!("IMEI {}", masked_code(imei)),
            None => masked_code(&unit.serial),
        },
        (None, Some(card)) if product.is_none() => card.phone.clone(),
        (None, _) => product.map(|draft| draft.code.clone()).unwrap_or_default(),
    };
    let seen = |permission| unit.is_some_and(|unit| ctx.actor.may(permission, unit));
    let verdict = match &found.verdict {
        Some(judged) => Some(parties::verdict::card(lang, judged, parties::verdict::Link { judge: true, open: None })?),
        None => None,
    };
    Ok(Shown {
        verdict,
        title,
        code,
        href: unit.filter(|_| seen(parties::app::VIEW_SALES)).map(|unit| format!("/units/{}", unit.id)),
        chip: chip(lang, &found.layers),
        say: say(lang, found),
        open: found.open.iter().map(|case| Row::of(ctx, lang, case)).collect(),
        layers: found.layers.iter().map(|one| layer(lang, one)).collect(),
        units: found.units.iter().map(|row| unit_choice(ctx, lang, scanned, row)).collect(),
        sale: sale(ctx, lang, found),
        counted: unit.map(|unit| (unit.repairs, unit.exchanges)),
        hotline: product.and_then(|draft| draft.hotline.clone()),
    })
}

/// The law's standing in a few words.
fn chip(lang: &Lang, layers: &[Standings]) -> Option<Chip> {
    let law = layers.iter().find(|one| one.layer == Layer::Law)?;
    Some(match (law.choice_until, law.standing, law.main_until) {
        (Some(day), ..) => web::chip("info", "shield-check", lang.t1("cases-scan-chip-week", "day", lang.day(day))),
        (None, Standing::Running(Some(day)), _) => {
            web::chip("ok", "shield-check", lang.t1("cases-scan-chip-law", "day", lang.day(day)))
        }
        (None, Standing::Ended(_), Some(day)) => {
            web::chip("soon", "shield-half", lang.t1("cases-scan-chip-main", "day", lang.day(day)))
        }
        (None, Standing::Ended(day), None) => {
            web::chip("", "shield-off", lang.t1("cases-scan-chip-over", "day", lang.day(day)))
        }
        (None, Standing::Running(None) | Standing::Absent | Standing::Unknown, _) => {
            web::chip("line", "shield", lang.t("cases-scan-chip-unknown"))
        }
    })
}

/// The sentence to say to the customer.
pub(crate) fn say(lang: &Lang, found: &Found) -> String {
    let day = |day: &kernel::Day| lang.day(*day);
    match &found.say {
        Say::Working { number } => {
            let case = found.open.iter().chain(&found.case).find(|case| case.number == *number);
            let step = case.map(|case| lang.word("cases-state", case.state.name().as_str())).unwrap_or_default();
            match case.and_then(|case| case.due.as_ref()) {
                Some(due) if due.at > lang.now => {
                    let by = lang.at(due.at);
                    lang.t3("cases-scan-say-working-by", "number", number, "state", step, "by", by)
                }
                Some(_) | None => lang.t2("cases-scan-say-working", "number", number, "state", step),
            }
        }
        Say::Week(until) => lang.t1("cases-scan-say-week", "day", day(until)),
        Say::Law(until) => lang.t1("cases-scan-say-law", "day", day(until)),
        Say::Main(until) => lang.t1("cases-scan-say-main", "day", day(until)),
        Say::Beyond(source, Some(until)) => {
            let name = lang.word("cases-scan-layer", source.as_str());
            lang.t2("cases-scan-say-beyond-until", "layer", name, "day", day(until))
        }
        Say::Beyond(source, None) => {
            lang.t1("cases-scan-say-beyond", "layer", lang.word("cases-scan-layer", source.as_str()))
        }
        Say::Over(until) => lang.t1("cases-scan-say-over", "day", day(until)),
        Say::Which => lang.t("cases-scan-say-which"),
        Say::Unknown => lang.t("cases-scan-say-unknown"),
    }
}

/// The word of a layer's source.
pub(crate) const fn layer_word(layer: Layer) -> &'static str {
    match layer {
        Layer::Law => "law",
        Layer::Beyond(source) => source.as_str(),
    }
}

fn layer(lang: &Lang, one: &Standings) -> LayerShown {
    let word = layer_word(one.layer);
    let (chip, on) = match one.standing {
        Standing::Running(_) => (web::chip("ok", "check", lang.t("cases-scan-standing-running")), true),
        Standing::Ended(_) => (web::chip("", "shield-off", lang.t("cases-scan-standing-ended")), false),
        Standing::Absent => (web::chip("line", "", lang.t("cases-scan-standing-absent")), false),
        Standing::Unknown => (web::chip("line", "", lang.t("cases-scan-standing-unknown")), false),
    };
    let mut says = Vec::new();
    says.extend(one.promise.clone());
    match (one.layer, one.standing) {
        (Layer::Law, _) => {
            says.extend(one.choice_until.map(|day| lang.t1("cases-scan-law-week", "day", lang.day(day))));
            match one.standing {
                Standing::Running(Some(day)) if one.choice_until != Some(day) => {
                    says.push(lang.t1("cases-scan-law-until", "day", lang.day(day)));
                }
                Standing::Ended(day) => says.push(lang.t1("cases-scan-until-over", "day", lang.day(day))),
                Standing::Running(_) => {}
                Standing::Absent | Standing::Unknown => says.push(lang.t("cases-scan-law-unknown")),
            }
            says.extend(one.main_until.map(|day| lang.t1("cases-scan-law-main", "day", lang.day(day))));
        }
        (_, Standing::Running(Some(day))) => says.push(lang.t1("cases-scan-until", "day", lang.day(day))),
        (_, Standing::Ended(day)) => says.push(lang.t1("cases-scan-until-over", "day", lang.day(day))),
        (_, Standing::Running(None)) => {}
        (_, Standing::Absent | Standing::Unknown) if one.promise.is_none() => {
            let known = if one.standing == Standing::Absent { "none" } else { "unknown" };
            says.push(lang.t(&format!("cases-scan-{known}-{word}")));
        }
        (_, Standing::Absent | Standing::Unknown) => {}
    }
    let pays = match (&one.provider, one.standing) {
        (_, Standing::Absent) => "—".to_owned(),
        (Some(provider), _) => provider.clone(),
        (None, Standing::Running(_) | Standing::Ended(_) | Standing::Unknown) => lang.word("cases-scan-pays", word),
    };
    LayerShown {
        name: lang.word("cases-scan-layer", word),
        chip,
        on: on && one.layer == Layer::Law,
        says: says.join(lang.t("cases-scan-and").as_str()),
        pays,
    }
}

fn sale(ctx: &Ctx, lang: &Lang, found: &Found) -> Option<SaleShown> {
    let customer = found.customer.as_ref().map(|card| (card.name.clone(), card.phone.clone()));
    let Some(sale) = &found.sale else {
        return customer.map(|customer| SaleShown {
            href: None,
            customer: Some(customer),
            bought: lang.t("cases-scan-sale-unknown"),
            receipt: String::new(),
            paid: None,
        });
    };
    let store = unit_name(&directory(ctx), lang, sale.store);
    let amount = lang.money(sale.total);
    let paid = match &sale.payment {
        Some(payment) => format!("{amount} {payment}"),
        None => amount,
    };
    Some(SaleShown {
        href: found.sale_shown.then(|| format!("/sales/{}", sale.id)),
        customer,
        bought: format!("{} {store}", sale.day),
        receipt: masked_code(&sale.receipt),
        paid: Some(paid).filter(|_| found.sale_shown),
    })
}
