use askama::Template;
use axum::extract::RawQuery;
use axum::response::IntoResponse;
use capability::Ctx;
use kernel::{Cursor, Fault, Ratio};
use metrics::{By, Key, Slice};
use web::{Failure, Form, Lang, Page, Tab, View};

use crate::app;
use crate::domain::{AnsweredBy, Recovery};
use crate::store::{Filter, Show, Survey};

/// Rows per page.
const ROWS: u16 = 50;

#[derive(Template)]
#[template(path = "surveys_list.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    narrowed: bool,
    clear: String,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
    show: Show,
    may_measure: bool,
    /// How many answers headquarters has excluded, by store.
    excluded: Vec<Excluded>,
}

/// What headquarters has excluded of one store's answers.
struct Excluded {
    store: String,
    n: i64,
    of: i64,
    rate: String,
    href: String,
}

/// Who reads the numbers page; it belongs to another capability, which may be absent.
const NUMBERS: kernel::Permission = kernel::Permission("insight.view");

pub(super) struct Row {
    pub survey: Survey,
    pub store: String,
    pub owner: String,
    pub may_recover: bool,
    /// When the customer was invited, the link goes out, the answer came, somebody is to make up for it, and has.
    pub invited_at: String,
    pub send_at: Option<String>,
    pub answered_at: Option<String>,
    pub due: Option<String>,
    pub recovered_at: Option<String>,
}

impl Row {
    pub(super) fn of(ctx: &Ctx, lang: &Lang, survey: Survey) -> Self {
        let directory = ctx.house.identity.directories().now();
        let store = directory.unit(survey.store).map(|unit| unit.name_in(lang.locale.as_str()).to_owned());
        Self {
            store: store.unwrap_or_default(),
            owner: survey.owner.and_then(|owner| directory.user_name(owner)).unwrap_or_default().to_owned(),
            may_recover: survey.recovery == Recovery::Open && ctx.actor.may(app::RECOVER, &survey),
            invited_at: lang.at(survey.invited_at),
            send_at: survey.send_at.map(|at| lang.at(at)),
            answered_at: survey.answered_at.map(|at| lang.at(at)),
            due: survey.recovery_due.map(|at| lang.at(at)),
            recovered_at: survey.recovered_at.map(|at| lang.at(at)),
            survey,
        }
    }
    pub(super) fn href(&self) -> String {
        format!("/surveys/{}", self.survey.id)
    }
    /// What sets an answer apart: noted by phone, marked, excluded.
    pub(super) fn flags(&self, page: &Page) -> Vec<web::Chip> {
        let survey = &self.survey;
        let phone = (survey.answered_by == Some(AnsweredBy::Phone))
            .then(|| web::chip("", "phone", page.word("surveys-by", "phone")));
        let flagged =
            survey.flagged.map(|why| web::chip("soon", "alert-triangle", page.word("surveys-flagged", why.as_str())));
        let excluded = survey.excluded_at.map(|_| web::chip("", "x", page.t("surveys-excluded")));
        phone.into_iter().chain(flagged).chain(excluded).collect()
    }
    pub(super) fn case_href(&self) -> String {
        format!("/cases/{}", self.survey.case)
    }
    /// The tone and icon of a rating; the word stands beside them.
    fn tone(&self) -> (&'static str, &'static str) {
        match self.survey.answer.as_ref().map(|answer| answer.csat) {
            Some(..=1) => ("late", "mood-angry"),
            Some(2) => ("late", "mood-sad"),
            Some(3) => ("soon", "mood-empty"),
            Some(4) => ("ok", "mood-smile"),
            Some(_) => ("ok", "mood-happy"),
            None => ("", "clock"),
        }
    }
    pub(super) fn chip(&self, page: &Page) -> web::Chip {
        let (tone, icon) = self.tone();
        let text = match &self.survey.answer {
            Some(answer) => format!("{} · {}", answer.csat, page.t(&format!("surveys-csat-{}", answer.csat))),
            None if self.survey.skipped.is_some() => page.t("surveys-not-asked"),
            None => page.t("surveys-none-yet"),
        };
        web::chip(tone, icon, text)
    }
}

/// `GET /surveys?show=&from=&to=&store=&kind=&channel=&after=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let filter = filter(&mut form, &page);
    let after = form.raw("after").parse::<Cursor>().ok();
    let listed = app::list(&ctx, filter.clone(), after, ROWS).await?;
    let shown = |show: Show| Filter { show, ..filter.clone() };
    let counts = app::counts(&ctx, Show::TABS.map(shown).to_vec()).await?;
    let address = |show: Show, after: Option<Cursor>| {
        let mut pairs = vec![("show".to_owned(), show.as_str().to_owned())];
        let kept = ["from", "to", "store", "kind", "channel", "via"];
        pairs.extend(
            form.pairs().iter().filter(|(name, value)| kept.contains(&name.as_str()) && !value.is_empty()).cloned(),
        );
        pairs.extend(after.map(|cursor| ("after".to_owned(), cursor.to_string())));
        format!("/surveys?{}", serde_urlencoded::to_string(&pairs).unwrap_or_default())
    };
    let tabs = Show::TABS.into_iter().zip(counts).map(|(show, n)| {
        Tab::new(page.word("surveys-show", show.as_str()), address(show, None))
            .count(page.capped(n, app::COUNTED))
            .current(show == filter.show)
    });
    let rows = listed.rows.into_iter().map(|survey| Row::of(&ctx, &page.lang, survey)).collect();
    let excluded = excluded(&ctx, &page).await?;
    Ok(View(ListPage {
        tabs: tabs.collect(),
        narrowed: filter.from.is_some()
            || filter.before.is_some()
            || filter.store.is_some()
            || filter.kind.is_some()
            || filter.channel.is_some()
            || filter.via.is_some(),
        clear: format!("/surveys?show={}", filter.show.as_str()),
        rows,
        excluded,
        next: listed.next.map(|cursor| address(filter.show, Some(cursor))),
        first: after.map(|_| address(filter.show, None)),
        show: filter.show,
        may_measure: ctx.actor.holds(NUMBERS),
        page: page.named("surveys-title"),
    }))
}

/// Days over which exclusions are published.
const PUBLISHED: i32 = 90;

/// Every store's exclusions of the last days, for all who see its answers: what is taken out is not taken out in silence.
async fn excluded(ctx: &Ctx, page: &Page) -> Result<Vec<Excluded>, Fault> {
    let Some(metric) = ctx.house.metrics.iter().find(|metric| metric.id == "surveys-excluded-rate").copied() else {
        return Ok(Vec::new());
    };
    let reach = ctx.reach(app::VIEW);
    let directory = ctx.house.identity.directories().now();
    let stores: Vec<_> = directory
        .stores()
        .filter(|store| reach.company || reach.stores.contains(&store.id))
        .map(|store| store.id)
        .collect();
    if stores.is_empty() {
        return Ok(Vec::new());
    }
    let to = page.now.day(&page.zone);
    let slice = Slice { stores, from: to.plus(-PUBLISHED), to, by: By::Store };
    let points = ctx
        .read((metric, slice), |tx, (metric, slice)| Box::pin(async move { metrics::read(tx, metric, slice).await }))
        .await?;
    let line = |point: metrics::Point| {
        let Key::Store(id) = point.key else { return None };
        let part = |name: &str| point.parts.get(name).copied().unwrap_or(0);
        let (n, of) = (part("surveys.excluded"), part("surveys.given"));
        let rate = point.value.map(|value| page.percent(Ratio::from_basis_points(value.n))).unwrap_or_default();
        let store = directory.unit(id)?.name_in(page.lang.locale.as_str()).to_owned();
        (n > 0).then_some(Excluded { store, n, of, rate, href: format!("/surveys?show=excluded&store={id}") })
    };
    Ok(points.into_iter().filter_map(line).collect())
}

/// The filter in the address; what cannot be read is as good as absent. Days are inclusive.
pub(crate) fn filter(form: &mut Form, page: &web::Lang) -> Filter {
    Filter {
        show: form.choice_or_none("show", Show::parse).unwrap_or_default(),
        from: form.day_or_none("from").map(|day| day.start(&page.zone)),
        before: form.day_or_none("to").map(|day| day.plus(1).start(&page.zone)),
        store: form.id_or_none("store"),
        kind: form.text_or_none("kind", 40),
        channel: form.text_or_none("channel", 40),
        via: form.id_or_none("via"),
    }
}
