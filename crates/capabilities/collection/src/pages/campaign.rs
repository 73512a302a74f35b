//! Call-back campaigns: the lists, a new one with who would be on it, one list, and one customer to call.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use cases::domain::Kind;
use kernel::{Cursor, Fault, FaultKind, Id, Timestamp};
use parties::domain::CauseKind;
use web::{Chip, Choice, DueTime, Failure, Filled, Form, Kpi, Lang, Page, Tab, View};

use super::{stores, unit_name, user_name};
use crate::app::campaign::{self as app, CAMPAIGN, Call, Calling, Drawn, GOAL, LOOKED_AT, NOTE, Plan, SCRIPT, TITLE};
use crate::domain::campaign::{ContactState, HOURS, Outcome, Pool, SEVERITIES};
use crate::store::campaign::{Attempt, Campaign, Contact, Progress, Show, Wanted};

/// Rows per page.
const ROWS: i64 = 50;
/// Days of quiet that a new list begins with.
const QUIET: i64 = 90;

struct Row {
    href: String,
    title: String,
    about: String,
    done: i64,
    all: i64,
    follow: i64,
    score: String,
}

impl Row {
    fn percent(&self) -> i64 {
        self.done * 100 / self.all.max(1)
    }
}

fn score(lang: &Lang, progress: &Progress) -> String {
    if progress.scored == 0 {
        return lang.t("collection-callback-no-score");
    }
    let tenths = (progress.scores * 10 + progress.scored / 2) / progress.scored;
    lang.t2("collection-callback-score", "score", format!("{}.{}", tenths / 10, tenths % 10), "n", progress.scored)
}

fn done(progress: &Progress) -> i64 {
    progress.all - progress.waiting
}

#[derive(Template)]
#[template(path = "collection_campaigns.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
    may_begin: bool,
}

/// `GET /callbacks?show=open|closed&after=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    let open = form.raw("show") != "closed";
    let after = form.raw("after").parse::<Cursor>().ok();
    let listed = app::campaigns(&ctx, open, after, 25).await?;
    let word = if open { "open" } else { "closed" };
    let tabs = ["open", "closed"].map(|one| {
        Tab::new(page.word("collection-callbacks-show", one), format!("/callbacks?show={one}")).current(one == word)
    });
    let rows = listed.rows.into_iter().map(|(one, progress)| Row {
        href: format!("/callbacks/{}", one.id),
        about: page.t3(
            "collection-callback-row",
            "owner",
            user_name(&ctx, Some(one.owner)),
            "store",
            unit_name(&ctx, &page.lang, one.store),
            "due",
            page.day(one.due_on),
        ),
        title: one.title,
        done: done(&progress),
        all: progress.all,
        follow: progress.follow,
        score: score(&page.lang, &progress),
    });
    Ok(View(ListPage {
        rows: rows.collect(),
        tabs: tabs.to_vec(),
        next: listed.next.map(|cursor| format!("/callbacks?show={word}&after={cursor}")),
        first: after.map(|_| format!("/callbacks?show={word}")),
        may_begin: ctx.actor.holds(CAMPAIGN),
        page: page.named("collection-callbacks-title"),
    }))
}

#[derive(Template)]
#[template(path = "collection_campaign_new.html")]
struct NewPage {
    page: Page,
    form: Filled,
    stores: Vec<Choice>,
    pool: Pool,
    pools: Vec<Tab>,
    kinds: Vec<Choice>,
    severities: Vec<Choice>,
    causes: Vec<Choice>,
    ratings: Vec<Choice>,
    people: Vec<Choice>,
    drawn: Option<Drawn>,
    sample: Vec<(String, String, String)>,
}

/// Who may be made the owner: whoever may call within the maker's reach.
fn people(ctx: &Ctx) -> Vec<Choice> {
    let directory = ctx.house.identity.directories().now();
    let reach = ctx.reach(CAMPAIGN);
    let fitting = directory.users().filter(|user| {
        let at = directory.store_of(user.home).map(|unit| unit.id);
        let near = reach.company || at.is_some_and(|at| reach.stores.contains(&at)) || Some(user.id) == ctx.actor.user;
        user.active && near && directory.actor(user.id).is_some_and(|actor| actor.holds(app::CALL_BACK))
    });
    fitting.take(200).map(|user| Choice::new(user.id.to_string(), &user.name)).collect()
}

/// The filter, of a page or of the API.
pub(crate) fn read_wanted(form: &mut Form) -> Result<(Wanted, i64), Fault> {
    let pool = form.choice_or_none("pool", Pool::parse).unwrap_or(Pool::Cases);
    let (from, to) = (form.day("from"), form.day("to"));
    let stores = form.all("stores").filter_map(|id| id.parse().ok()).take(500).collect();
    let kinds = form.all("kinds").filter_map(Kind::parse).map(|kind| kind.to_string()).take(10).collect();
    let product = form.text_or_empty("product", 60);
    let rating = form.number_or_none("rating", 1..=5);
    let severities = form.all("severities").map(str::to_owned).take(SEVERITIES.len()).collect();
    let causes = form.all("causes").map(|code| code.chars().take(40).collect()).take(50).collect();
    let silent_days = form.number_or_none("silent_days", 1..=3_650);
    let quiet_days = form.number_or_none("quiet_days", 0..=730).unwrap_or(QUIET);
    form.check()?;
    let wanted = Wanted { stores, product, ..Wanted::of(pool, form.need(from)?, form.need(to)?) };
    // What is asked of one pool means nothing in another; the form shows the fields of one only.
    let wanted = match pool {
        Pool::Cases => Wanted { kinds, rating, ..wanted },
        Pool::Complaints => Wanted { severities, causes, rating, ..wanted },
        Pool::Customers => Wanted { silent_days, ..wanted },
    };
    Ok((wanted, quiet_days))
}

/// A plan, of a page or of the API.
pub(crate) fn read_plan(form: &mut Form) -> Result<Plan, Fault> {
    let title = form.text("title", TITLE);
    let owner = form.id("owner");
    let goal = form.text("goal", GOAL);
    let script = form.text("script", SCRIPT);
    let due_on = form.day("due_on");
    let joins_low = form.flag("joins_low");
    let (wanted, quiet_days) = read_wanted(form)?;
    Ok(Plan {
        title,
        owner: form.need(owner)?,
        goal,
        script,
        due_on: form.need(due_on)?,
        quiet_days,
        joins_low,
        wanted,
    })
}

async fn planning(page: Page, ctx: &Ctx, form: Filled, drawn: Option<Drawn>) -> Result<NewPage, Fault> {
    let lang = page.lang.clone();
    let pool = Pool::parse(form.value("pool")).unwrap_or(Pool::Cases);
    let catalogue = cases::app::symptoms(&ctx.house).await?;
    let causes = catalogue.causes_for(CauseKind::Complaint, lang.now.day(&lang.zone));
    let sample = drawn.iter().flat_map(|drawn| drawn.list.iter().take(5));
    let sample = sample.map(|one| (one.number.clone(), one.name.clone(), one.subject.clone())).collect();
    let pools = Pool::ALL.iter().map(|one| {
        Tab::new(lang.word("collection-callback-pool", one.as_str()), format!("/callbacks/new?pool={one}"))
            .current(*one == pool)
    });
    Ok(NewPage {
        pools: pools.collect(),
        pool,
        causes: causes.map(|cause| Choice::new(&cause.code, cause.name_in(lang.locale.as_str()))).collect(),
        severities: lang.choices("complaints-severity", SEVERITIES),
        stores: stores(ctx, &lang, CAMPAIGN),
        kinds: lang.choices("cases-kind", Kind::ALL.iter().map(|kind| kind.as_str())),
        ratings: lang.choices("collection-callback-rating", ["1", "2", "3"]),
        people: people(ctx),
        page: page.named("collection-callbacks-new"),
        form,
        drawn,
        sample,
    })
}

/// `GET /callbacks/new?from=&to=…`: with a filter it says who would be on the list.
pub(crate) async fn new(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    if !form.has("from") && !form.has("to") {
        let pool = Pool::parse(form.raw("pool")).unwrap_or(Pool::Cases);
        let today = page.lang.now.day(&page.lang.zone);
        let me = ctx.actor.user.map(|user| user.to_string()).unwrap_or_default();
        let filled = Filled::new()
            .with("from", today.plus(-30).to_string())
            .with("to", today.to_string())
            .with("quiet_days", QUIET.to_string())
            .with("due_on", today.plus(14).to_string())
            .with("owner", me)
            .with("pool", pool.as_str())
            .with("script", page.lang.word("collection-callback-script", pool.as_str()));
        return Ok(View(planning(page, &ctx, filled, None).await?).into_response());
    }
    let found = match read_wanted(&mut form) {
        Ok((wanted, quiet_days)) => app::preview(&ctx, &wanted, quiet_days).await,
        Err(fault) => Err(fault),
    };
    match found {
        Ok(drawn) => Ok(View(planning(page, &ctx, form.into_filled(), Some(drawn)).await?).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let shown = planning(page, &ctx, form.into_filled_with(&fault), None).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(shown)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /callbacks`
pub(crate) async fn begin(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let begun = match read_plan(&mut form) {
        Ok(plan) => app::begin(&ctx, plan).await,
        Err(fault) => Err(fault),
    };
    match begun {
        Ok(id) => Ok(Redirect::to(&format!("/callbacks/{id}?done=begun")).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let shown = planning(page, &ctx, form.into_filled_with(&fault), None).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(shown)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

struct Person {
    href: String,
    name: String,
    phone: String,
    number: String,
    subject: String,
    store: String,
    due: Option<DueTime>,
    chip: Chip,
    score: Option<i64>,
    tries: i64,
    joined: bool,
    follow: bool,
}

fn chip(lang: &Lang, state: ContactState) -> Chip {
    let (tone, icon) = match state {
        ContactState::Waiting => ("soon", "clock"),
        ContactState::Reached => ("ok", "circle-check"),
        ContactState::Unreached => ("", "circle-x"),
        ContactState::Refused => ("info", "ban"),
    };
    web::chip(tone, icon, lang.word("collection-contact", state.as_str()))
}

impl Person {
    fn of(ctx: &Ctx, lang: &Lang, campaign: &Campaign, one: Contact) -> Self {
        let from = one.last_at.unwrap_or(campaign.created_at);
        let waits = one.state == ContactState::Waiting && campaign.closed_at.is_none();
        Self {
            href: format!("/callbacks/customers/{}", one.id),
            store: unit_name(ctx, lang, one.store),
            due: (waits && one.tries > 0).then(|| lang.due(&web::Due::Running { from, at: one.next_at })),
            chip: chip(lang, one.state),
            score: one.score,
            tries: one.tries,
            joined: one.joined,
            follow: one.follow,
            name: one.name,
            phone: one.phone_masked,
            number: one.number,
            subject: one.subject,
        }
    }
}

#[derive(Template)]
#[template(path = "collection_campaign.html")]
struct CampaignPage {
    page: Page,
    campaign: Campaign,
    kpis: Vec<Kpi>,
    tabs: Vec<Tab>,
    rows: Vec<Person>,
    show: Show,
    next: Option<String>,
    first: Option<String>,
    progress: Progress,
    about: String,
    drawn_by: String,
    may_close: bool,
    may_take: bool,
}

impl CampaignPage {
    fn percent(&self) -> i64 {
        done(&self.progress) * 100 / self.progress.all.max(1)
    }
}

/// `GET /callbacks/{id}?show=&after=`
pub(crate) async fn show(
    mut page: Page,
    ctx: Ctx,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let show = form.choice_or_none("show", Show::parse).unwrap_or_default();
    let after = form.raw("after").parse::<Cursor>().ok();
    if ["begun", "noted", "closed"].contains(&form.raw("done")) {
        page.flash = Some(web::Flash { text: page.word("collection-callback-done", form.raw("done")), undo: None });
    }
    let whole = app::campaign(&ctx, Id::new(id), show, after, ROWS).await?;
    let (campaign, progress) = (whole.campaign, whole.progress);
    let lang = page.lang.clone();
    let counts = [progress.waiting, progress.follow, progress.reached, progress.over];
    let tabs = Show::ALL.into_iter().zip(counts).map(|(one, n)| {
        Tab::new(lang.word("collection-contacts-show", one.as_str()), format!("/callbacks/{id}?show={}", one.as_str()))
            .count(n.to_string())
            .current(one == show)
    });
    let kpi = |key: &str, n: i64| Kpi::new(lang.t(key), n.to_string());
    let left = campaign.left;
    Ok(View(CampaignPage {
        kpis: vec![
            kpi("collection-callback-all", progress.all).note(lang.t1(
                "collection-callback-joined",
                "n",
                progress.joined,
            )),
            kpi("collection-callback-reached", progress.reached).note(score(&lang, &progress)),
            kpi("collection-callback-bad", progress.bad).note(lang.t1(
                "collection-callback-cases",
                "n",
                progress.cases,
            )),
            kpi("collection-callback-left", left.0 + left.1 + left.2).note(lang.t3(
                "collection-callback-left-why",
                "phone",
                left.0,
                "refused",
                left.1,
                "recent",
                left.2,
            )),
        ],
        tabs: tabs.collect(),
        rows: whole.rows.into_iter().map(|one| Person::of(&ctx, &lang, &campaign, one)).collect(),
        next: whole.next.map(|cursor| format!("/callbacks/{id}?show={}&after={cursor}", show.as_str())),
        first: after.map(|_| format!("/callbacks/{id}?show={}", show.as_str())),
        progress,
        about: lang.t3(
            "collection-callback-row",
            "owner",
            user_name(&ctx, Some(campaign.owner)),
            "store",
            unit_name(&ctx, &lang, campaign.store),
            "due",
            lang.day(campaign.due_on),
        ),
        drawn_by: lang.t3(
            match campaign.wanted.pool {
                Pool::Cases => "collection-callback-drawn",
                Pool::Complaints => "collection-callback-drawn-complaints",
                Pool::Customers => "collection-callback-drawn-customers",
            },
            "who",
            user_name(&ctx, campaign.created_by),
            "from",
            lang.day(campaign.wanted.from),
            "to",
            lang.day(campaign.wanted.to),
        ),
        may_close: campaign.closed_at.is_none() && ctx.actor.holds(CAMPAIGN),
        may_take: ctx.actor.holds(CAMPAIGN),
        page: page.titled(campaign.title.clone()),
        campaign,
        show,
    }))
}

/// `POST /callbacks/{id}/close`
pub(crate) async fn close(ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Redirect, Failure> {
    app::close(&ctx, Id::new(id), form.version("version")?).await?;
    Ok(Redirect::to(&format!("/callbacks/{id}?done=closed")))
}

struct Tried {
    at: String,
    by: String,
    text: String,
    note: Option<String>,
}

#[derive(Template)]
#[template(path = "collection_contact.html")]
struct ContactPage {
    page: Page,
    form: Filled,
    calling: Calling,
    /// The case or the sale, where it may be opened.
    about: Option<String>,
    /// The customer's file, for who has no case.
    file: Option<String>,
    chip: Chip,
    store: String,
    back: String,
    tried: Vec<Tried>,
    outcomes: Vec<Choice>,
    scores: Vec<Choice>,
    kinds: Vec<Choice>,
    may_note: bool,
    hours: (i8, i8),
    refusal: Option<web::Markup>,
}

fn tried(ctx: &Ctx, lang: &Lang, one: Attempt) -> Tried {
    let result = lang.word("collection-outcome", one.outcome.as_str());
    let score = one.score.map(|score| lang.t1("collection-callback-marks", "n", score));
    let next = one.next_at.map(|at| lang.t1("collection-callback-next", "at", lang.at(at)));
    Tried {
        at: lang.at(one.at),
        by: user_name(ctx, one.by),
        text: [Some(result), score, next].into_iter().flatten().collect::<Vec<_>>().join(" · "),
        note: one.note,
    }
}

async fn person(
    page: Page,
    ctx: &Ctx,
    id: i64,
    form: Filled,
    refusal: Option<web::Markup>,
) -> Result<ContactPage, Fault> {
    let mut calling = app::calling(ctx, Id::new(id)).await?;
    let lang = page.lang.clone();
    let attempts = std::mem::take(&mut calling.attempts);
    let waits = calling.contact.state == ContactState::Waiting && calling.campaign.closed_at.is_none();
    let contact = &calling.contact;
    let about = match (contact.case, contact.sale) {
        (Some(case), _) if ctx.actor.holds(cases::app::VIEW) => Some(format!("/cases/{case}")),
        (None, Some(sale)) if ctx.actor.holds(parties::app::VIEW_SALES) => Some(format!("/sales/{sale}")),
        _ => None,
    };
    let file = (contact.case.is_none() && ctx.actor.holds(parties::app::VIEW))
        .then(|| format!("/customers/{}", contact.customer));
    Ok(ContactPage {
        about,
        file,
        chip: chip(&lang, calling.contact.state),
        store: unit_name(ctx, &lang, calling.contact.store),
        back: format!("/callbacks/{}", calling.campaign.id),
        tried: attempts.into_iter().map(|one| tried(ctx, &lang, one)).collect(),
        outcomes: lang.choices("collection-outcome", Outcome::ALL.iter().map(|one| one.as_str())),
        scores: lang.choices("collection-callback-mark", ["1", "2", "3", "4", "5"]),
        kinds: lang.choices("cases-kind", [Kind::Complaint.as_str(), Kind::Feedback.as_str()]),
        may_note: waits,
        hours: HOURS,
        page: page.titled(if calling.contact.name.is_empty() {
            calling.contact.phone_masked.clone()
        } else {
            calling.contact.name.clone()
        }),
        calling,
        form,
        refusal,
    })
}

/// `GET /callbacks/customers/{id}`
pub(crate) async fn calling(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    Ok(View(person(page, &ctx, id, Filled::new().with("kind", "complaint"), None).await?))
}

async fn again(page: Page, ctx: &Ctx, id: i64, form: Form, fault: Fault) -> Result<Response, Failure> {
    let status = match fault.kind() {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Refused => StatusCode::CONFLICT,
        FaultKind::Stale => StatusCode::PRECONDITION_FAILED,
        _ => return Err(fault.into()),
    };
    let refusal = (fault.kind() != FaultKind::Invalid).then(|| web::notice(&page.lang, &fault));
    Ok((status, View(person(page, ctx, id, form.into_filled_with(&fault), refusal).await?)).into_response())
}

/// What came of a call, of a page or of the API.
pub(crate) fn read_call(form: &mut Form, lang: &Lang) -> Result<Call, Fault> {
    let outcome = form.choice("result", Outcome::parse);
    let score = form.number_or_none("score", 1..=5);
    let note = form.text_or_none("note", NOTE);
    let next_at: Option<Timestamp> = form.moment_or_none("next_at", &lang.zone);
    form.check()?;
    Ok(Call { outcome: form.need(outcome)?, score, note, next_at })
}

/// `POST /callbacks/customers/{id}`: notes the call, and goes on with the next one who waits.
pub(crate) async fn note(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let version = form.version("version")?;
    let noted = match read_call(&mut form, &page.lang) {
        Ok(call) => app::note(&ctx, Id::new(id), version, call).await,
        Err(fault) => Err(fault),
    };
    let contact = match noted {
        Ok(contact) => contact,
        Err(fault) => return again(page, &ctx, id, form, fault).await,
    };
    // A bad answer stays open: what comes of it is one step away.
    let to = match contact.follow {
        true => format!("/callbacks/customers/{id}"),
        false => format!("/callbacks/{}?done=noted", contact.campaign),
    };
    Ok(Redirect::to(&to).into_response())
}

/// `POST /callbacks/customers/{id}/case`
pub(crate) async fn follow(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let version = form.version("version")?;
    let kind = form.choice("kind", Kind::parse);
    let made = match (form.check(), kind) {
        (Ok(()), Some(kind)) => app::follow_up(&ctx, Id::new(id), version, kind).await,
        (Ok(()), None) => Err(Fault::field("kind", "required")),
        (Err(fault), _) => Err(fault),
    };
    match made {
        Ok(case) => Ok(Redirect::to(&format!("/cases/{case}")).into_response()),
        Err(fault) => again(page, &ctx, id, form, fault).await,
    }
}
