//! The three frames that all records of this capability are shown in: a list, a record, a form.

use askama::Template;
use capability::Ctx;
use identity::Directory;
use journal::Recorded;
use kernel::{Fault, Id, Money, RecordRef, of};
use web::{Chip, Choice, Conflict, Entry, Field, Filled, Form, Lang, Markup, Page, Tab};

use crate::app::{self, PRODUCT, PROGRAMME, TERMS, VIEW, VIEW_PRODUCTS, VIEW_SALES, VIEW_TERMS};
use crate::domain::terms::Promise;
use crate::domain::{List, ListEntry, Phone, entry_name, masked_code};

pub(super) use web::{clashed, filled, seen, taken};

/// The menu entry of sales and units, which have none of their own.
pub(super) const PEOPLE: &str = "/customers";

/// Rows per page.
pub(super) const ROWS: u16 = 50;

#[derive(Template)]
#[template(path = "parties_list.html")]
pub(super) struct ListPage {
    pub page: Page,
    pub tabs: Vec<Tab>,
    /// The list's word, e.g. `customers`; its Fluent keys and its address begin with it.
    pub name: &'static str,
    pub q: String,
    pub selects: Vec<Select>,
    pub days: Option<(String, String)>,
    pub kept: Vec<(&'static str, String)>,
    pub heads: Vec<String>,
    pub rows: Vec<Row>,
    pub narrowed: bool,
    pub may_make: bool,
    pub next: Option<String>,
    pub first: Option<String>,
}

impl ListPage {
    /// The list's own word for `what`.
    fn said(&self, what: &str) -> String {
        self.page.t(&format!("parties-{}-{what}", self.name))
    }
    fn at(&self, rest: &str) -> String {
        format!("/{}{rest}", self.name)
    }
    /// Whether many are pasted at once; of programmes there are a few.
    fn pastes(&self) -> bool {
        self.may_make && self.name != "subsidies"
    }
}

pub(super) struct Select {
    pub name: &'static str,
    pub label: String,
    pub choices: Vec<Choice>,
    pub value: String,
}

pub(super) struct Row {
    pub href: String,
    pub title: String,
    pub meta: String,
    pub chips: Vec<Chip>,
    /// What stands in the other columns, in their order.
    pub cells: Vec<String>,
}

#[derive(Template)]
#[template(path = "parties_record.html")]
pub(super) struct RecordPage {
    pub page: Page,
    pub crumb: (String, &'static str),
    pub code: String,
    pub chips: Vec<Chip>,
    pub note: Option<Markup>,
    pub main: Vec<Card>,
    pub side: Vec<Card>,
    pub entries: Vec<Entry>,
    pub edit: Option<String>,
    pub primary: Option<(String, String)>,
}

#[derive(Default)]
pub(super) struct Card {
    pub title: String,
    /// A link beside the title.
    pub link: Option<(String, String)>,
    pub facts: Vec<(String, String)>,
    pub rows: Vec<Line>,
    /// What stands there when there are no rows.
    pub empty: Option<String>,
}

pub(super) struct Line {
    pub href: String,
    pub icon: &'static str,
    pub title: String,
    pub meta: String,
    pub chip: Option<Chip>,
    pub action: Option<(String, String)>,
}

impl Card {
    pub(super) fn facts(title: String, facts: Vec<(String, Option<String>)>) -> Self {
        let known = |(name, value): (String, Option<String>)| Some((name, value.filter(|value| !value.is_empty())?));
        Self { title, facts: facts.into_iter().filter_map(known).collect(), ..Self::default() }
    }
}

#[derive(Template)]
#[template(path = "parties_form.html")]
pub(super) struct FormPage {
    pub page: Page,
    pub crumb: (String, &'static str),
    pub here: String,
    pub action: String,
    pub back: String,
    /// What the button says: what happens.
    pub does: String,
    pub form: Filled,
    pub hidden: Vec<(String, String)>,
    pub sections: Vec<Section>,
    pub conflict: Option<Conflict>,
    pub refusal: Option<Markup>,
    /// Buttons that ask for more rows: what they send, and their words.
    pub more: Vec<(&'static str, String)>,
}

pub(super) struct Section {
    pub legend: String,
    pub grid: bool,
    pub fields: Vec<Field>,
}

/// The tabs over the lists of this capability that the actor may see.
pub(super) fn tabs(ctx: &Ctx, lang: &Lang, current: &str) -> Vec<Tab> {
    let all = [
        ("customers", VIEW),
        ("products", VIEW_PRODUCTS),
        ("sales", VIEW_SALES),
        ("units", VIEW_SALES),
        ("terms", VIEW_TERMS),
    ];
    let seen = all.into_iter().filter(|(_, permission)| ctx.actor.holds(*permission));
    seen.map(|(name, _)| Tab::new(lang.word("parties-tab", name), format!("/{name}")).current(name == current))
        .collect()
}

/// The organisation as last loaded.
pub(super) fn directory(ctx: &Ctx) -> std::sync::Arc<Directory> {
    ctx.house.identity.directories().now()
}

/// The name of a store in the reader's language.
pub(super) fn store_name(ctx: &Ctx, lang: &Lang, id: Id<of::Unit>) -> String {
    let directory = directory(ctx);
    directory.unit(id).map(|unit| unit.name_in(lang.locale.as_str()).to_owned()).unwrap_or_default()
}

/// The stores in which the actor may do `permission`, to choose from.
pub(super) fn stores(ctx: &Ctx, lang: &Lang, permission: kernel::Permission) -> Vec<Choice> {
    let reach = ctx.reach(permission);
    let directory = directory(ctx);
    let reached =
        directory.stores().filter(|store| store.active && (reach.company || reach.stores.contains(&store.id)));
    reached.map(|store| Choice::new(store.id.to_string(), store.name_in(lang.locale.as_str()))).collect()
}

/// The store that is most likely meant: the person's own.
pub(super) fn home(ctx: &Ctx) -> Option<Id<of::Unit>> {
    ctx.actor.home.and_then(|home| directory(ctx).store_of(home).map(|store| store.id))
}

/// An address with the pairs that hold something.
pub(super) fn address(path: &str, pairs: &[(&str, String)]) -> String {
    let kept: Vec<_> = pairs.iter().filter(|(_, value)| !value.is_empty()).collect();
    if kept.is_empty() {
        return path.to_owned();
    }
    format!("{path}?{}", serde_urlencoded::to_string(kept).unwrap_or_default())
}

/// What happened to a record, newest first. What is personal shows that it changed, not to what.
pub(super) async fn history(ctx: &Ctx, lang: &Lang, record: RecordRef) -> Result<Vec<Entry>, Fault> {
    let entries = ctx
        .read(record.clone(), |tx, record| {
            Box::pin(async move { Ok(journal::of_record(tx, record, None, 500).await?) })
        })
        .await?;
    let groups = if record.kind == PRODUCT { app::entries(ctx, List::Groups).await? } else { Vec::new() };
    let product = [PRODUCT, PROGRAMME, TERMS].contains(&record.kind);
    let erased = entries.iter().find(|entry| entry.verb == journal::ERASED).map(|entry| entry.happened_at);
    let rule = lang.t1("parties-page-erased-rule", "at", erased.map(|at| lang.date(at)).unwrap_or_default());
    Ok(entries.iter().rev().take(30).map(|entry| shown(lang, &groups, product, &rule, entry)).collect())
}

/// An entry of the journal; `rule` says when and by which rule values were erased.
fn shown(lang: &Lang, groups: &[ListEntry], product: bool, rule: &str, entry: &Recorded) -> Entry {
    let verb = entry.verb.split('.').next_back().unwrap_or_default();
    let name = |field: &str| match field {
        "customer" => lang.t("parties-head-customer"),
        // Only people have a given name.
        "name" if product => lang.t("parties-lists-name"),
        field => lang.word("parties-field", &field.replace('_', "-")),
    };
    let words = entry.changes.iter().filter(|change| !change.erased).map(|change| {
        let field = name(&change.field);
        let value = |value: &Option<String>| match (change.personal, value) {
            (_, None) => "—".to_owned(),
            (true, Some(_)) => "***".to_owned(),
            (false, Some(value)) => said(lang, groups, &change.field, value),
        };
        match (&change.before, &change.after) {
            (None, after) => lang.t2("parties-page-set", "field", field, "after", value(after)),
            (before, after) => {
                lang.t3("parties-page-changed", "field", field, "before", value(before), "after", value(after))
            }
        }
    });
    // What was erased is nothing to read, one by one.
    let words: Vec<String> = match entry.verb == journal::ERASED {
        true => vec![rule.to_owned()],
        false => {
            let gone = entry.changes.iter().filter(|change| change.erased && change.field != journal::ACTOR_NAME);
            let gone: Vec<String> = gone.map(|change| name(&change.field)).collect();
            let gone = (!gone.is_empty()).then(|| {
                let fields = gone.join(&lang.t("parties-page-erased-gap"));
                lang.t2("parties-page-erased-values", "fields", fields, "rule", rule)
            });
            words.chain(gone).collect()
        }
    };
    let who = if entry.actor_name.is_empty() || entry.actor_name == "system" {
        lang.t("parties-page-system")
    } else {
        entry.actor_name.clone()
    };
    web::entry(who, lang.t(&format!("parties-verb-{}", verb.replace('_', "-"))), lang.when(entry.happened_at))
        .says(words.join("\n"))
}

/// A value of the journal as pages show it: masked, in words, in yuan.
fn said(lang: &Lang, groups: &[ListEntry], field: &str, value: &str) -> String {
    match field {
        "receipt" | "serial" | "imei" => masked_code(value),
        "total" => lang.money(Money::from_fen(value.parse().unwrap_or(0))),
        "channel" => lang.word("parties-sold-by", value),
        "active" => lang.word("parties-said", value),
        "promises" => {
            let promises: Vec<Promise> = serde_json::from_str(value).unwrap_or_default();
            promises.iter().map(|one| super::terms::line(lang, one)).collect::<Vec<_>>().join("；")
        }
        "on_refund" | "on_exchange" => lang.word("parties-subsidy-duty", value),
        "forfeits" => lang.word("parties-said", value),
        "layer" => lang.word("remedies-layer", value),
        "payer" => lang.word("remedies-payer", value),
        "category" => entry_name(groups, value, lang.locale.as_str()),
        // Other records are named by the page itself; here only that there is one.
        "product" | "sale" | "customer" => lang.t("parties-page-on-record"),
        _ => value.to_owned(),
    }
}

/// The conflict's part of a form: who saved what meanwhile.
pub(super) async fn conflict(
    ctx: &Ctx,
    lang: &Lang,
    record: RecordRef,
    versions: (i64, i64),
    clashes: &[web::Clash],
    back: &str,
) -> Result<Conflict, Fault> {
    let newest = ctx
        .read(record, |tx, record| Box::pin(async move { Ok(journal::of_record(tx, record, None, 500).await?) }))
        .await?;
    let newest = newest.last().map(|entry| (entry.actor_name.clone(), lang.at(entry.entered_at)));
    let (who, when) = newest.unwrap_or_default();
    Ok(web::conflict(lang, &who, &when, versions.0, versions.1, clashes, back))
}

/// The file that a form means by its number or, as counters know people, by their telephone number; what is neither, or fits several,
/// stays as it was typed.
pub(super) async fn customer_of(ctx: &Ctx, typed: Option<String>) -> Result<Option<String>, Fault> {
    let Some(phone) = typed.as_deref().and_then(|typed| Phone::parse(typed).ok()) else { return Ok(typed) };
    let found = app::find(ctx, phone.digits()).await?;
    Ok(match found.as_slice() {
        [one] => Some(one.id.to_string()),
        _ => typed,
    })
}

/// A field's text, `None` when it is empty.
pub(super) fn some(form: &Form, name: &str) -> Option<String> {
    Some(form.raw(name).to_owned()).filter(|typed| !typed.trim().is_empty())
}
