use askama::Template;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use futures_util::stream;
use kernel::{Cursor, Money, Timestamp};
use web::{Chip, Choice, Due, DueTime, Failure, Filled, Form, Kpi, Lang, Page, Tab, View};

use super::with_done;
use crate::app::EXPORT;
use crate::pages::shown::{unit_name, user_name};
use crate::regulator::app::{self, ENTER};
use crate::regulator::domain::{Nature, Platform, RegulatorState};
use crate::regulator::store::{Filter, RegulatorCase, Show};

/// Rows per page.
const ROWS: i64 = 25;
/// What narrows a list, in addresses.
const NAMES: [&str; 6] = ["nature", "platform", "state", "store", "from", "to"];

#[derive(Template)]
#[template(path = "complaints_regulator_list.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    kpis: Vec<Kpi>,
    form: Filled,
    natures: Vec<Choice>,
    platforms: Vec<Choice>,
    states: Vec<Choice>,
    show: Show,
    narrowed: bool,
    clear: String,
    csv: Option<String>,
    may_enter: bool,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
}

struct Row {
    href: String,
    number: String,
    authority: String,
    subject: String,
    case_number: String,
    nature: Chip,
    state: Chip,
    platform: String,
    store: String,
    due: Option<DueTime>,
    ended: Option<String>,
}

pub(super) fn nature(lang: &Lang, nature: Nature) -> Chip {
    let (tone, icon) = match nature {
        Nature::Complaint => ("info", "circle-dot"),
        Nature::Report => ("late", "shield"),
    };
    web::chip(tone, icon, lang.word("complaints-reg-nature", nature.as_str()))
}

pub(super) fn state(lang: &Lang, state: RegulatorState) -> Chip {
    let (tone, icon) = match state {
        RegulatorState::Received => ("soon", "hourglass"),
        RegulatorState::Mediating => ("info", "users"),
        RegulatorState::Replied => ("info", "send"),
        RegulatorState::Ended => ("ok", "circle-check"),
    };
    web::chip(tone, icon, lang.word("complaints-reg-state", state.as_str()))
}

/// The stated time as it runs or was kept.
pub(super) fn due(lang: &Lang, one: &RegulatorCase) -> Option<DueTime> {
    let due = match (one.replied_at, one.ended_at) {
        (Some(at), _) if at > one.due_at => Due::Missed { by: at.since(one.due_at) },
        (Some(at), _) => Due::Met { took: at.since(one.received_at) },
        (None, None) => Due::Running { from: one.received_at, at: one.due_at },
        (None, Some(_)) => return None,
    };
    Some(lang.due(&due))
}

impl Row {
    fn of(ctx: &Ctx, lang: &Lang, one: RegulatorCase) -> Self {
        Self {
            href: format!("/regulator/{}", one.case),
            nature: nature(lang, one.nature),
            state: state(lang, one.state),
            platform: lang.word("complaints-reg-platform", one.platform.as_str()),
            store: unit_name(ctx, lang, Some(one.about)),
            due: due(lang, &one),
            ended: one.ended_at.map(|at| lang.at(at)),
            number: one.number,
            authority: one.authority,
            subject: one.subject,
            case_number: one.case_number,
        }
    }
}

/// `GET /regulator?show=&nature=&platform=&state=&store=&from=&to=&after=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let page = with_done(page, &form);
    let filter = filter(&mut form, &page);
    let after = form.raw("after").parse::<Cursor>().ok();
    let listed = app::list(&ctx, filter.clone(), after, ROWS).await?;
    let pairs: Vec<(String, String)> = form
        .pairs()
        .iter()
        .filter(|(name, value)| NAMES.contains(&name.as_str()) && !value.is_empty())
        .cloned()
        .collect();
    let address = |path: &str, show: Show, after: Option<Cursor>| {
        let mut all = vec![("show".to_owned(), show.as_str().to_owned())];
        all.extend(pairs.iter().cloned());
        all.extend(after.map(|cursor| ("after".to_owned(), cursor.to_string())));
        format!("{path}?{}", serde_urlencoded::to_string(&all).unwrap_or_default())
    };
    let mut wanted: Vec<Filter> = Show::TABS.map(|show| Filter { show, ..filter.clone() }).to_vec();
    let shows = [Show::Owed, Show::Late, Show::Open, Show::Replied];
    wanted.extend(shows.map(|show| Filter { show, ..Filter::default() }));
    let mut counts = app::counts(&ctx, wanted).await?;
    let totals = counts.split_off(Show::TABS.len());
    let tabs = Show::TABS.into_iter().zip(counts).map(|(show, n)| {
        Tab::new(page.word("complaints-reg-show", show.as_str()), address("/regulator", show, None))
            .count(page.capped(n, crate::app::COUNTED))
            .current(show == filter.show)
    });
    let kpis = shows.into_iter().zip(totals).map(|(show, n)| {
        Kpi::new(page.word("complaints-reg-show", show.as_str()), page.capped(n, crate::app::COUNTED))
            .note(page.word("complaints-reg-about", show.as_str()))
            .href(format!("/regulator?show={}", show.as_str()))
    });
    let csv = ctx.actor.holds(EXPORT).then(|| address("/regulator.csv", filter.show, None));
    Ok(View(ListPage {
        tabs: tabs.collect(),
        kpis: kpis.collect(),
        natures: page.choices("complaints-reg-nature", Nature::ALL.iter().map(|one| one.as_str())),
        platforms: page.choices("complaints-reg-platform", Platform::ALL.iter().map(|one| one.as_str())),
        states: page.choices("complaints-reg-state", RegulatorState::ALL.iter().map(|one| one.as_str())),
        show: filter.show,
        narrowed: !pairs.is_empty(),
        clear: format!("/regulator?show={}", filter.show.as_str()),
        csv,
        may_enter: ctx.actor.holds(ENTER),
        rows: listed.rows.into_iter().map(|row| Row::of(&ctx, &page.lang, row)).collect(),
        next: listed.next.map(|cursor| address("/regulator", filter.show, Some(cursor))),
        first: after.map(|_| address("/regulator", filter.show, None)),
        form: form.into_filled(),
        page: page.named("complaints-reg-title"),
    }))
}

/// The filter in the address; what cannot be read is as good as absent. Days are inclusive.
pub(crate) fn filter(form: &mut Form, lang: &Lang) -> Filter {
    Filter {
        show: form.choice_or_none("show", Show::parse).unwrap_or_default(),
        nature: form.choice_or_none("nature", Nature::parse),
        platform: form.choice_or_none("platform", Platform::parse),
        state: form.choice_or_none("state", RegulatorState::parse),
        store: form.id_or_none("store"),
        from: form.day_or_none("from").map(|day| day.start(&lang.zone)),
        before: form.day_or_none("to").map(|day| day.plus(1).start(&lang.zone)),
        ..Filter::default()
    }
}

/// The columns, as Fluent keys.
const COLUMNS: [&str; 18] = [
    "complaints-reg-number",
    "complaints-reg-platform",
    "complaints-reg-nature",
    "complaints-reg-authority",
    "complaints-reg-officer",
    "complaints-col-subject",
    "complaints-col-number",
    "complaints-col-store",
    "complaints-handler",
    "complaints-reg-received",
    "complaints-reg-due",
    "complaints-reg-state",
    "complaints-reg-amount",
    "complaints-reg-mediation",
    "complaints-reg-replied",
    "complaints-col-in-time",
    "complaints-reg-outcome",
    "complaints-reg-paid",
];

/// `GET /regulator.csv`: what the list with the same address shows, all its pages.
pub(crate) async fn export(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let query = query.unwrap_or_default();
    let mut form = Form::from_query(&query);
    let filter = filter(&mut form, &page);
    let lang = page.lang.clone();
    let export = app::export(&ctx, filter, query).await?;
    let name = format!("{} {}", lang.t("complaints-reg-title"), lang.now.day(&lang.zone));
    let head = COLUMNS.iter().map(|key| lang.t(key)).collect();
    let rows = stream::try_unfold((ctx, lang, export), |(ctx, lang, mut export)| async move {
        let Some(page) = export.next(&ctx).await? else { return Ok::<_, kernel::Fault>(None) };
        let rows: Vec<_> = page.iter().map(|row| cells(&ctx, &lang, row)).collect();
        Ok(Some((rows, (ctx, lang, export))))
    });
    Ok(web::sheet(&name, head, rows))
}

fn cells(ctx: &Ctx, lang: &Lang, one: &RegulatorCase) -> Vec<String> {
    let at = |at: Option<Timestamp>| at.map(|at| lang.full(at)).unwrap_or_default();
    let word = |prefix: &str, word: Option<&'static str>| word.map(|word| lang.word(prefix, word)).unwrap_or_default();
    let money = |amount: Money| if amount == Money::ZERO { String::new() } else { amount.to_string() };
    vec![
        one.number.clone(),
        lang.word("complaints-reg-platform", one.platform.as_str()),
        lang.word("complaints-reg-nature", one.nature.as_str()),
        one.authority.clone(),
        [one.officer.as_deref(), one.officer_phone.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" "),
        one.subject.clone(),
        one.case_number.clone(),
        unit_name(ctx, lang, Some(one.about)),
        user_name(ctx, one.owner),
        lang.full(one.received_at),
        lang.full(one.due_at),
        lang.word("complaints-reg-state", one.state.as_str()),
        money(one.amount),
        word("complaints-reg-mediation", one.mediation.map(|one| one.as_str())),
        at(one.replied_at),
        one.in_time.map(|kept| lang.t(if kept { "complaints-yes" } else { "complaints-no" })).unwrap_or_default(),
        word("complaints-reg-outcome", one.outcome.map(|one| one.as_str())),
        money(one.paid),
    ]
}
