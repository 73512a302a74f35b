use askama::Template;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Redirect};
use capability::Ctx;
use kernel::Cursor;
use web::{Failure, Form, Lang, Page, Tab, View};

use super::shown::{self, Row};
use crate::app::{self, Learned, TRAIN};
use crate::domain::FEWEST;
use crate::domain::tree::Tree;
use crate::store::{Filter, Show};

/// Rows per page: each is read whole.
const ROWS: u16 = 25;

#[derive(Template)]
#[template(path = "feedback_list.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    narrowed: bool,
    clear: String,
    /// The same for upset customers only.
    upset: Option<String>,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
    show: Show,
    learned: Learned,
    trained_at: String,
    may_train: bool,
    may_measure: bool,
    asked: bool,
    tree: Tree,
}

/// Who reads the numbers page; it belongs to another capability, which may be absent.
const NUMBERS: kernel::Permission = kernel::Permission("insight.view");

/// `GET /feedback?show=&from=&to=&store=&kind=&channel=&after=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let tree = app::tree(&ctx).await?;
    let filter = filter(&mut form, &page, &tree);
    let after = form.raw("after").parse::<Cursor>().ok();
    let listed = app::list(&ctx, filter.clone(), after, ROWS).await?;
    let shown = |show: Show| Filter { show, ..filter.clone() };
    let counts = app::counts(&ctx, Show::TABS.map(shown).to_vec()).await?;
    let address = |show: Show, after: Option<Cursor>| {
        let mut pairs = vec![("show".to_owned(), show.as_str().to_owned())];
        let kept = ["from", "to", "store", "kind", "channel", "feeling"];
        pairs.extend(
            form.pairs().iter().filter(|(name, value)| kept.contains(&name.as_str()) && !value.is_empty()).cloned(),
        );
        pairs.extend(after.map(|cursor| ("after".to_owned(), cursor.to_string())));
        format!("/feedback?{}", serde_urlencoded::to_string(&pairs).unwrap_or_default())
    };
    let tabs = Show::TABS.into_iter().zip(counts).map(|(show, n)| {
        Tab::new(page.word("feedback-show", show.as_str()), address(show, None))
            .count(page.capped(n, app::COUNTED))
            .current(show == filter.show)
    });
    let learned = app::learned(&ctx).await?;
    Ok(View(ListPage {
        tabs: tabs.collect(),
        narrowed: filter.from.is_some()
            || filter.before.is_some()
            || filter.store.is_some()
            || filter.kind.is_some()
            || filter.channel.is_some()
            || filter.upset,
        upset: (!filter.upset).then(|| format!("/feedback?show={}&feeling=upset", filter.show.as_str())),
        clear: format!("/feedback?show={}", filter.show.as_str()),
        rows: listed.rows.into_iter().map(|entry| Row::of(&ctx, &page.lang, entry)).collect(),
        next: listed.next.map(|cursor| address(filter.show, Some(cursor))),
        first: after.map(|_| address(filter.show, None)),
        show: filter.show,
        trained_at: learned.model.map(|model| page.at(model.trained_at)).unwrap_or_default(),
        learned,
        may_train: ctx.actor.holds(TRAIN),
        may_measure: ctx.actor.holds(NUMBERS),
        asked: form.flag("asked"),
        tree,
        page: page.named("feedback-title"),
    }))
}

/// `POST /feedback/model/train`: learns at once.
pub(crate) async fn train(ctx: Ctx) -> Result<Redirect, Failure> {
    app::learn_soon(&ctx).await?;
    Ok(Redirect::to("/feedback?asked=yes"))
}

/// The filter in the address; what cannot be read is as good as absent. Days are inclusive.
pub(crate) fn filter(form: &mut Form, lang: &Lang, tree: &Tree) -> Filter {
    Filter {
        show: form.choice_or_none("show", Show::parse).unwrap_or_default(),
        from: form.day_or_none("from").map(|day| day.start(&lang.zone)),
        before: form.day_or_none("to").map(|day| day.plus(1).start(&lang.zone)),
        store: form.id_or_none("store"),
        kind: form.text_or_none("kind", 40),
        channel: form.text_or_none("channel", 40),
        upset: form.raw("feeling") == "upset",
        categories: form
            .all("category")
            .filter(|code| !code.is_empty())
            .flat_map(|code| tree.beneath(code))
            .take(200)
            .collect(),
    }
}
