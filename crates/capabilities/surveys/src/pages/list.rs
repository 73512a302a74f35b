use askama::Template;
use axum::extract::RawQuery;
use axum::response::IntoResponse;
use capability::Ctx;
use kernel::{Cursor, Id, of};
use web::{Failure, Form, Page, Tab, View};

use crate::app;
use crate::domain::Recovery;
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
}

/// Who reads the numbers page; it belongs to another capability, which may be absent.
const NUMBERS: kernel::Permission = kernel::Permission("insight.view");

struct Row {
    survey: Survey,
    store: String,
    owner: String,
    may_recover: bool,
}

impl Row {
    fn case_href(&self) -> String {
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
    fn chip(&self, page: &Page) -> web::Chip {
        let (tone, icon) = self.tone();
        let text = match &self.survey.answer {
            Some(answer) => format!("{} · {}", answer.csat, page.t(&format!("surveys-csat-{}", answer.csat))),
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
    let counts = app::counts(&ctx, Show::ALL.map(shown).to_vec()).await?;
    let address = |show: Show, after: Option<Cursor>| {
        let mut pairs = vec![("show".to_owned(), show.as_str().to_owned())];
        let kept = ["from", "to", "store", "kind", "channel"];
        pairs.extend(
            form.pairs().iter().filter(|(name, value)| kept.contains(&name.as_str()) && !value.is_empty()).cloned(),
        );
        pairs.extend(after.map(|cursor| ("after".to_owned(), cursor.to_string())));
        format!("/surveys?{}", serde_urlencoded::to_string(&pairs).unwrap_or_default())
    };
    let tabs = Show::ALL.into_iter().zip(counts).map(|(show, n)| {
        Tab::new(page.word("surveys-show", show.as_str()), address(show, None))
            .count(page.capped(n, app::COUNTED))
            .current(show == filter.show)
    });
    let directory = ctx.house.identity.directories().now();
    let unit = |id: Id<of::Unit>| {
        directory.unit(id).map(|unit| unit.name_in(page.lang.locale.as_str()).to_owned()).unwrap_or_default()
    };
    let rows = listed.rows.into_iter().map(|survey| Row {
        store: unit(survey.store),
        owner: survey.owner.and_then(|owner| directory.user_name(owner)).unwrap_or_default().to_owned(),
        may_recover: survey.recovery == Recovery::Open && ctx.actor.may(app::RECOVER, &survey),
        survey,
    });
    Ok(View(ListPage {
        tabs: tabs.collect(),
        narrowed: filter.from.is_some()
            || filter.before.is_some()
            || filter.store.is_some()
            || filter.kind.is_some()
            || filter.channel.is_some(),
        clear: format!("/surveys?show={}", filter.show.as_str()),
        rows: rows.collect(),
        next: listed.next.map(|cursor| address(filter.show, Some(cursor))),
        first: after.map(|_| address(filter.show, None)),
        show: filter.show,
        may_measure: ctx.actor.holds(NUMBERS),
        page: page.named("surveys-title"),
    }))
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
    }
}
