use ::search::Snippet;
use askama::Template;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use web::{Failure, Form, Page, Tab, View};

use crate::finding::{self, Answer, Asked, Kind, Place, Record, findable, jump};

/// Hits per page.
const HITS: usize = 20;
/// Longest text that is looked for.
const LONGEST: usize = 100;

#[derive(Template)]
#[template(path = "insight_search.html")]
struct SearchPage {
    page: Page,
    typed: String,
    wrong: Option<String>,
    kind: &'static str,
    tabs: Vec<Tab>,
    state: State,
    rows: Vec<Line>,
    too_common: bool,
    next: Option<String>,
    first: Option<String>,
}

/// What the page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing was typed.
    Start,
    /// There is nothing that this person may find.
    Barred,
    /// Nothing was found.
    Nothing,
    /// Something was found, or the search goes on behind the next link.
    Found,
}

struct Line {
    href: String,
    icon: &'static str,
    title: String,
    meta: Vec<String>,
    number: Option<String>,
    chip: web::Chip,
    when: String,
    snippet: Option<Snippet>,
}

/// `GET /search?q=&kind=&after=`
pub(crate) async fn show(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let typed = form.text_or_empty("q", LONGEST);
    let wrong = form.errors().of("q").map(|error| page.field_error(error));
    let kinds = findable(&ctx);
    let kind = Kind::parse(form.raw("kind")).filter(|kind| kinds.contains(kind));
    let after = form.raw("after").parse::<Place>().ok();
    let looks = !typed.is_empty() && wrong.is_none() && !kinds.is_empty();
    let answer = if looks {
        let asked = Asked { text: typed.clone(), kind, after: after.clone(), limit: HITS };
        finding::find(&ctx, &asked).await?
    } else {
        Answer::default()
    };
    if kind.is_none()
        && after.is_none()
        && let Some(place) = jump(&typed, &answer)
    {
        return Ok(Redirect::to(&place).into_response());
    }
    let address = |kind: Option<Kind>, after: Option<&Place>| {
        let mut pairs = vec![("q", typed.clone())];
        pairs.extend(kind.map(|kind| ("kind", kind.as_str().to_owned())));
        pairs.extend(after.map(|place| ("after", place.to_string())));
        format!("/search?{}", serde_urlencoded::to_string(&pairs).unwrap_or_default())
    };
    let choices = std::iter::once(None).chain(kinds.iter().copied().map(Some));
    let tab = |one: Option<Kind>| {
        let word = one.map_or("all", Kind::as_str);
        Tab::new(page.word("insight-find", word), address(one, None)).current(one == kind)
    };
    let state = match () {
        () if kinds.is_empty() => State::Barred,
        () if !looks => State::Start,
        () if answer.rows.is_empty() && answer.next.is_none() => State::Nothing,
        () => State::Found,
    };
    Ok(View(SearchPage {
        tabs: if kinds.len() > 1 && looks { choices.map(tab).collect() } else { Vec::new() },
        kind: kind.map_or("", Kind::as_str),
        rows: answer.rows.iter().map(|row| line(&ctx, &page, row)).collect(),
        too_common: answer.too_common,
        next: answer.next.as_ref().map(|place| address(kind, Some(place))),
        first: after.map(|_| address(kind, None)),
        state,
        wrong,
        page: page.named("insight-find-title"),
        typed,
    })
    .into_response())
}

fn line(ctx: &Ctx, page: &Page, row: &finding::Row) -> Line {
    let directory = ctx.house.identity.directories().now();
    let locale = page.lang.locale.as_str();
    let store = |id| directory.unit(id).map(|unit| unit.name_in(locale).to_owned()).unwrap_or_default();
    let present = |words: Vec<String>| words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>();
    let snippet = Some(row.snippet.clone());
    match &row.record {
        Record::Case(case) => Line {
            href: row.href(),
            icon: "file-text",
            title: case.subject.clone(),
            number: Some(case.number.clone()),
            meta: present(vec![case.customer_name.clone(), case.phone.clone(), store(case.store)]),
            chip: web::chip("line", "", page.word("cases-state", case.state.name().as_str())),
            when: page.date(case.happened_at),
            snippet,
        },
        Record::Customer(customer) => Line {
            href: row.href(),
            icon: "user",
            title: customer.name.clone(),
            number: None,
            meta: present(vec![customer.phone.clone(), store(customer.store)]),
            chip: web::chip("line", "", page.t("insight-found-customer")),
            when: page.date(customer.created_at),
            // It would repeat the name.
            snippet: None,
        },
        Record::Goods(goods) => Line {
            href: row.href(),
            icon: if goods.kind == Kind::Sale { "receipt" } else { "package" },
            title: goods.title.clone(),
            number: Some(goods.number.clone()),
            meta: present(vec![goods.store.map(store).unwrap_or_default()]),
            chip: web::chip("line", "", page.word("insight-find", goods.kind.as_str())),
            when: page.date(goods.at),
            snippet: None,
        },
        Record::Paper(paper) => Line {
            href: row.href(),
            icon: match paper.kind {
                Kind::Claim => "building-factory-2",
                Kind::PlatformOrder => "world",
                Kind::Terms => "shield-check",
                _ => "arrows-exchange",
            },
            title: paper.title.clone(),
            number: None,
            meta: Vec::new(),
            chip: web::chip("line", "", page.word("insight-find", paper.kind.as_str())),
            when: page.date(paper.at),
            // It is the title.
            snippet: None,
        },
        Record::Other(kind, found) => Line {
            href: row.href(),
            icon: match kind {
                Kind::Audit => "clipboard-check",
                Kind::Finding => "flag",
                _ => "bulb",
            },
            title: found.title.clone(),
            number: Some(found.number.clone()),
            meta: present(vec![store(found.store)]),
            chip: web::chip("line", "", page.t(&found.state)),
            when: page.date(found.at),
            snippet,
        },
        Record::Channel(channel) => Line {
            href: row.href(),
            icon: "antenna",
            title: channel.door.name.clone(),
            number: None,
            meta: present(vec![store(channel.door.store)]),
            chip: web::chip("line", "", page.word("insight-find", Kind::Channel.as_str())),
            when: page.date(channel.at),
            snippet: None,
        },
    }
}
