use axum::Json;
use axum::extract::RawQuery;
use capability::Ctx;
use kernel::{Fault, Id, Timestamp, of};
use serde::Serialize;
use utoipa::ToSchema;
use web::{Failure, Form};

use crate::finding::{self, Asked, Kind, Place, Record, Row, findable};

/// Hits per page when the caller does not say.
const HITS: i64 = 20;

/// The words around what was found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SnippetOut {
    /// What stands before it.
    before: String,
    /// What was found, as it is written there; empty when it was found by a code.
    found: String,
    /// What stands after it.
    after: String,
}

/// A record that was found; personal data are masked.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HitOut {
    /// `case`, `customer`, `serial_unit`, `sale`, `product`, `problem` or `channel`.
    kind: &'static str,
    /// The record's id.
    id: String,
    /// A case's or problem's number.
    number: Option<String>,
    /// A case's subject, a customer's name.
    title: String,
    /// The customer's name.
    customer: String,
    /// The customer's number, masked; empty when there is none.
    phone: String,
    /// The store; products have none.
    #[schema(value_type = Option<String>)]
    store: Option<Id<of::Unit>>,
    /// When the customer came, or when the customer's file was opened.
    #[schema(value_type = String)]
    at: Timestamp,
    snippet: SnippetOut,
    /// The page that shows it.
    page: String,
}

/// One page of what was found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HitsOut {
    /// Each record once, newest text first. A page can hold fewer than asked for and still have a next one.
    items: Vec<HitOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
    /// What was asked is in so many texts that not all were examined for this page.
    too_common: bool,
}

#[utoipa::path(
    get,
    path = "/api/v1/search",
    tag = "search",
    params(
        ("q" = String, Query, description = "Words, a number of a case, phone (whole or last four), serial or receipt, initials of a name"),
        ("kind" = Option<String>, Query, description = "`case`, `customer`, `serial_unit`, `sale`, `product`, `problem` or `channel`; default all that may be seen"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 100, default 20"),
    ),
    responses((status = 200, body = HitsOut), (status = 403, description = "Records of this kind may not be seen"))
)]
pub(crate) async fn list(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Json<HitsOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let text = form.text("q", 100);
    let kind = form.choice_or_none("kind", Kind::parse);
    let limit = form.number_or_none("limit", 1..=100).unwrap_or(HITS);
    let after = form.choice_or_none("after", |text| text.parse::<Place>().ok());
    form.check()?;
    let kinds = findable(&ctx);
    if kinds.is_empty() || kind.is_some_and(|kind| !kinds.contains(&kind)) {
        return Err(Fault::forbidden().into());
    }
    let asked = Asked { text, kind, after, limit: usize::try_from(limit).unwrap_or(1) };
    let answer = finding::find(&ctx, &asked).await?;
    Ok(Json(HitsOut {
        items: answer.rows.into_iter().map(HitOut::from).collect(),
        next: answer.next.map(|place| place.to_string()),
        too_common: answer.too_common,
    }))
}

impl From<Row> for HitOut {
    fn from(row: Row) -> Self {
        let page = row.href();
        let snippet = SnippetOut { before: row.snippet.before, found: row.snippet.found, after: row.snippet.after };
        match row.record {
            Record::Case(case) => Self {
                kind: Kind::Case.as_str(),
                id: case.id.to_string(),
                number: Some(case.number),
                title: case.subject,
                customer: case.customer_name,
                phone: case.phone,
                store: Some(case.store),
                at: case.happened_at,
                snippet,
                page,
            },
            Record::Goods(goods) => Self {
                kind: goods.kind.as_str(),
                id: goods.id.to_string(),
                number: Some(goods.number),
                title: goods.title,
                customer: String::new(),
                phone: String::new(),
                store: goods.store,
                at: goods.at,
                snippet,
                page,
            },
            Record::Paper(paper) => Self {
                kind: paper.kind.as_str(),
                id: paper.id.to_string(),
                number: None,
                title: paper.title,
                customer: String::new(),
                phone: String::new(),
                store: None,
                at: paper.at,
                snippet,
                page,
            },
            Record::Other(kind, found) => Self {
                kind: kind.as_str(),
                id: found.id.to_string(),
                number: Some(found.number),
                title: found.title,
                customer: String::new(),
                phone: String::new(),
                store: Some(found.store),
                at: found.at,
                snippet,
                page,
            },
            Record::Channel(channel) => Self {
                kind: Kind::Channel.as_str(),
                id: channel.door.id.to_string(),
                number: None,
                title: channel.door.name,
                customer: String::new(),
                phone: String::new(),
                store: Some(channel.door.store),
                at: channel.at,
                snippet,
                page,
            },
            Record::Customer(customer) => Self {
                kind: Kind::Customer.as_str(),
                id: customer.id.to_string(),
                number: None,
                title: customer.name.clone(),
                customer: customer.name,
                phone: customer.phone,
                store: Some(customer.store),
                at: customer.created_at,
                snippet,
                page,
            },
        }
    }
}
