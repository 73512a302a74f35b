use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Cursor, FaultKind};
use web::{Failure, Flash, Form, Lang, Page, Tab, View};

use super::narrow::{self, Chosen, Group, address, filter, narrowing};
use super::shown::{self, Row};
use crate::app::{self, Act, Done, LABEL, Learned, Picked, TRAIN};
use crate::domain::FEWEST;
use crate::domain::tree::Tree;
use crate::store::{Filter, Show};

/// Rows per page: each is read whole.
const ROWS: u16 = 25;
/// Undone rows that an address carries.
const CARRIED: usize = 25;

#[derive(Template)]
#[template(path = "feedback_list.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    sources: Vec<SourceLink>,
    groups: Vec<Group>,
    chosen: Vec<Chosen>,
    pairs: Vec<(String, String)>,
    from: String,
    to: String,
    clear: String,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
    show: Show,
    learned: Learned,
    trained_at: String,
    may_train: bool,
    may_measure: bool,
    may_label: bool,
    asked: bool,
    /// What a batch left alone.
    left: Vec<String>,
    tree: Tree,
    back: String,
}

/// How many undecided texts came by a kind of channel.
struct SourceLink {
    icon: &'static str,
    text: String,
    n: String,
    upset: i64,
    href: String,
    on: bool,
}

/// Who reads the numbers page; it belongs to another capability, which may be absent.
const NUMBERS: kernel::Permission = kernel::Permission("insight.view");

/// `GET /feedback?show=&from=&to=&store=&kind=&source=&language=&sentiment=&category=&feeling=&after=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    Ok(View(render(page, &ctx, Form::from_query(&query.unwrap_or_default())).await?).into_response())
}

async fn render(mut page: Page, ctx: &Ctx, mut form: Form) -> Result<ListPage, Failure> {
    let tree = app::tree(ctx).await?;
    let filter = filter(&mut form, &page, &tree);
    let pairs = narrowing(&form);
    let after = form.raw("after").parse::<Cursor>().ok();
    let listed = app::list(ctx, filter.clone(), after, ROWS).await?;
    let shown = |show: Show| Filter { show, ..filter.clone() };
    let counts = app::counts(ctx, Show::TABS.map(shown).to_vec()).await?;
    let tabs = Show::TABS.into_iter().zip(counts).map(|(show, n)| {
        Tab::new(page.word("feedback-show", show.as_str()), address(show, &pairs, None))
            .count(page.capped(n, app::COUNTED))
            .current(show == filter.show)
    });
    let tabs = tabs.collect();
    let sources = sources(ctx, &page.lang, &filter, &pairs).await?;
    let learned = app::learned(ctx).await?;
    let left: Vec<String> = form.all("left").take(CARRIED).map(str::to_owned).collect();
    page.flash = flash(&page, &form);
    Ok(ListPage {
        tabs,
        sources,
        groups: narrow::groups(ctx, &page.lang, &tree, &pairs),
        chosen: narrow::chosen(ctx, &page.lang, &tree, filter.show, &pairs),
        from: form.raw("from").to_owned(),
        to: form.raw("to").to_owned(),
        clear: address(filter.show, &[], None),
        rows: listed.rows.into_iter().map(|entry| Row::of(ctx, &page.lang, entry)).collect(),
        next: listed.next.map(|cursor| address(filter.show, &pairs, Some(("after", cursor.to_string())))),
        first: after.map(|_| address(filter.show, &pairs, None)),
        back: address(filter.show, &pairs, after.map(|cursor| ("after", cursor.to_string()))),
        show: filter.show,
        trained_at: learned.model.map(|model| page.at(model.trained_at)).unwrap_or_default(),
        learned,
        may_train: ctx.actor.holds(TRAIN),
        may_measure: ctx.actor.holds(NUMBERS),
        may_label: ctx.actor.holds(LABEL),
        asked: form.flag("asked"),
        left,
        tree,
        pairs,
        page: page.named("feedback-title"),
    })
}

/// What a batch did, with the way to take it back.
fn flash(lang: &Lang, form: &Form) -> Option<Flash> {
    let act = Act::parse(form.raw("did"))?;
    let rows: Vec<&str> = form.all("row").take(CARRIED).collect();
    let n = form.raw("n").parse::<i64>().ok()?;
    let text = match act {
        Act::Confirm => lang.t1("feedback-did-confirm", "n", n),
        Act::Spam => lang.t1("feedback-did-spam", "n", n),
        Act::PutBack => lang.t1("feedback-did-put-back", "n", n),
        Act::TakeBack => lang.t1("feedback-did-take-back", "n", n),
    };
    let mut pairs: Vec<(&str, &str)> = vec![("do", Act::TakeBack.as_str()), ("back", form.raw("back"))];
    pairs.extend(rows.iter().map(|row| ("row", *row)));
    let undo = (!rows.is_empty() && act != Act::TakeBack)
        .then(|| format!("/feedback/batch?{}", serde_urlencoded::to_string(&pairs).unwrap_or_default()));
    Some(Flash { text, undo })
}

async fn sources(
    ctx: &Ctx,
    lang: &Lang,
    filter: &Filter,
    pairs: &[(String, String)],
) -> Result<Vec<SourceLink>, Failure> {
    if filter.show != Show::Open {
        return Ok(Vec::new());
    }
    let rest: Vec<_> = pairs.iter().filter(|(name, _)| name != "source").cloned().collect();
    let found = app::by_source(ctx, filter.clone()).await?;
    let rows = found.rows.into_iter().map(|(source, n, upset)| {
        let on = filter.sources == [source];
        let more = (!on).then(|| ("source", source.to_string()));
        SourceLink {
            icon: source.icon(),
            text: lang.word("feedback-source", source.as_str()),
            n: if found.more { format!("{n}+") } else { n.to_string() },
            upset,
            href: address(Show::Open, &rest, more),
            on,
        }
    });
    Ok(rows.collect())
}

/// `POST /feedback/batch`: `do` with each `row`, or with the one row whose own button was pressed.
pub(crate) async fn batch(page: Page, ctx: Ctx, RawQuery(query): RawQuery, form: Form) -> Result<Response, Failure> {
    // Taking back is a link in the message: what it needs stands in its address.
    let form = if form.has("row") || form.has("only") { form } else { Form::from_query(&query.unwrap_or_default()) };
    let back = Some(form.raw("back")).filter(|back| back.starts_with("/feedback?")).unwrap_or("/feedback").to_owned();
    let (what, rows) = match form.raw("only").split_once(':') {
        Some((what, row)) => (Act::parse(what), vec![row]),
        None => (Act::parse(form.raw("do")), form.all("row").collect()),
    };
    let picked: Vec<Picked> = rows.iter().filter_map(|row| row.parse().ok()).collect();
    let what = what.unwrap_or(Act::Confirm);
    match app::act(&ctx, what, &picked).await {
        Ok(done) => Ok(Redirect::to(&onward(&back, what, &done)).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let note = page.lang.t("field-feedback-none-picked");
            let (_, query) = back.split_once('?').unwrap_or_default();
            let mut shown = render(page, &ctx, Form::from_query(query)).await?;
            shown.left = vec![note];
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(shown)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

fn onward(back: &str, what: Act, done: &Done) -> String {
    let mut pairs: Vec<(&str, String)> = Vec::new();
    if !done.done.is_empty() {
        pairs.push(("did", what.to_string()));
        pairs.push(("n", done.done.len().to_string()));
        pairs.push(("back", back.to_owned()));
        pairs.extend(done.done.iter().take(CARRIED).map(|one| ("row", one.to_string())));
    }
    if !done.changed.is_empty() {
        pairs.push(("left", "changed".to_owned()));
    }
    if !done.look.is_empty() {
        pairs.push(("left", "look".to_owned()));
    }
    let more = serde_urlencoded::to_string(&pairs).unwrap_or_default();
    format!("{back}{}{more}", if back.contains('?') { '&' } else { '?' })
}

/// `POST /feedback/model/train`: learns at once.
pub(crate) async fn train(ctx: Ctx) -> Result<Redirect, Failure> {
    app::learn_soon(&ctx).await?;
    Ok(Redirect::to("/feedback?asked=yes"))
}
