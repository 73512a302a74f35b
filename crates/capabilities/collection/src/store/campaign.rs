//! Rows of call-back campaigns.

use std::collections::{BTreeMap, BTreeSet};

use db::{DbError, Filter as Sql, FromRow, Row, Tx, Value, args};
use kernel::{Cursor, Day, Id, Place, Placed, Reach, Timestamp, of};
use parties::domain::masked_phone;
use serde::{Deserialize, Serialize};

use crate::domain::campaign::{ContactState, Outcome, Pool};

db::stored_words!(ContactState, Outcome, Pool);

/// Marks the id of a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CampaignId {}
/// Marks the id of a customer in a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContactId {}

/// Whom a campaign is drawn from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Closed cases, complaints or customers.
    pub pool: Pool,
    /// Closed, ended or bought on this day or later.
    pub from: Day,
    /// Closed, ended or bought on this day or before.
    pub to: Day,
    /// At these stores.
    pub stores: Vec<Id<of::Unit>>,
    /// Cases of these kinds; empty: of all.
    pub kinds: Vec<String>,
    /// With this in the product; empty: any.
    pub product: String,
    /// Cases and complaints rated so or worse; `None`: rated or not.
    pub rating: Option<i64>,
    /// Complaints of these levels; empty: of all.
    pub severities: Vec<String>,
    /// Complaints with these causes, by code; empty: with any.
    pub causes: Vec<String>,
    /// Customers of whom nothing was heard for so many days; `None`: all.
    pub silent_days: Option<i64>,
}

impl Wanted {
    /// All that was closed, ended or bought from `from` to `to` at the stores within reach.
    pub const fn of(pool: Pool, from: Day, to: Day) -> Self {
        Self {
            pool,
            from,
            to,
            stores: Vec::new(),
            kinds: Vec::new(),
            product: String::new(),
            rating: None,
            severities: Vec::new(),
            causes: Vec::new(),
            silent_days: None,
        }
    }
}

/// A list of customers to be called (回访名单).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// Its id.
    pub id: Id<CampaignId>,
    /// What it is called.
    pub title: String,
    /// Whose it is.
    pub store: Id<of::Unit>,
    /// Who answers for it.
    pub owner: Id<of::User>,
    /// What it is for.
    pub goal: String,
    /// What whoever calls says.
    pub script: String,
    /// By when.
    pub due_on: Day,
    /// Nobody is called again within so many days.
    pub quiet_days: i64,
    /// From which cases it was drawn.
    pub wanted: Wanted,
    /// Low ratings join by themselves.
    pub joins_low: bool,
    /// Left out without a number, because they do not want it, because they were called not long ago.
    pub left: (i64, i64, i64),
    /// Who would have fitted when the list was full.
    pub beyond: i64,
    /// When it was drawn.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<Id<of::User>>,
    /// When it was over.
    pub closed_at: Option<Timestamp>,
    /// Counts its changes.
    pub version: i64,
}

impl Placed for Campaign {
    fn place(&self) -> Place {
        Place { store: self.store, team: None, owner: Some(self.owner) }
    }
}

fn joined<T: ToString>(all: &[T]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').filter(|one| !one.is_empty())
}

const CAMPAIGN: &str = "SELECT id, title, store_id, owner_id, goal, script, due_on, quiet_days, closed_from, closed_to, stores, kinds, product,
    rating, pool, severities, causes, silent_days, joins_low, left_no_phone, left_refused, left_recent, beyond, created_at, created_by, closed_at,
    version FROM callback_campaign WHERE ";

impl FromRow for Campaign {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        let (id, title, store, owner, goal, script) =
            (c.next()?, c.next()?, c.next()?, c.next()?, c.next()?, c.next()?);
        let (due_on, quiet_days, from, to) = (c.next()?, c.next()?, c.next()?, c.next()?);
        let (stores, kinds): (String, String) = (c.next()?, c.next()?);
        let (product, rating, pool): (String, Option<i64>, Pool) = (c.next()?, c.next()?, c.next()?);
        let (severities, causes): (String, String) = (c.next()?, c.next()?);
        let words = |text: &str| split(text).map(str::to_owned).collect();
        let wanted = Wanted {
            pool,
            from,
            to,
            stores: split(&stores).filter_map(|id| id.parse().ok()).collect(),
            kinds: words(&kinds),
            product,
            rating,
            severities: words(&severities),
            causes: words(&causes),
            silent_days: c.next()?,
        };
        Ok(Self {
            id,
            title,
            store,
            owner,
            goal,
            script,
            due_on,
            quiet_days,
            wanted,
            joins_low: c.next()?,
            left: (c.next()?, c.next()?, c.next()?),
            beyond: c.next()?,
            created_at: c.next()?,
            created_by: c.next()?,
            closed_at: c.next()?,
            version: c.next()?,
        })
    }
}

/// Inserts a campaign.
///
/// # Errors
/// What the database says.
pub async fn insert_campaign(tx: &mut Tx, one: &Campaign) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO callback_campaign (id, title, store_id, owner_id, goal, script, due_on, quiet_days, closed_from, closed_to, stores, kinds,
         product, rating, pool, severities, causes, silent_days, joins_low, left_no_phone, left_refused, left_recent, beyond, created_at,
         created_by, closed_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27)",
        args![
            one.id,
            &*one.title,
            one.store,
            one.owner,
            &*one.goal,
            &*one.script,
            one.due_on,
            one.quiet_days,
            one.wanted.from,
            one.wanted.to,
            joined(&one.wanted.stores),
            joined(&one.wanted.kinds),
            &*one.wanted.product,
            one.wanted.rating,
            one.wanted.pool,
            joined(&one.wanted.severities),
            joined(&one.wanted.causes),
            one.wanted.silent_days,
            one.joins_low,
            one.left.0,
            one.left.1,
            one.left.2,
            one.beyond,
            one.created_at,
            one.created_by,
            one.closed_at,
            one.version
        ],
    )
    .await
    .map(|_| ())
}

/// Ends a campaign (its version is the new one); false when somebody was faster.
///
/// # Errors
/// What the database says.
pub async fn close_campaign(tx: &mut Tx, one: &Campaign) -> Result<bool, DbError> {
    let saved = tx
        .exec(
            "UPDATE callback_campaign SET closed_at = $3, version = $4 WHERE id = $1 AND version = $2",
            args![one.id, one.version - 1, one.closed_at, one.version],
        )
        .await?;
    Ok(saved == 1)
}

/// The campaign `id`.
///
/// # Errors
/// What the database says.
pub async fn campaign(tx: &mut Tx, id: Id<CampaignId>) -> Result<Option<Campaign>, DbError> {
    let mut query = Sql::new(CAMPAIGN);
    query.bind("id = ?", args![id]);
    tx.one(query.sql(), query.values()).await
}

/// Campaigns within reach, or with customers within reach, the newest first.
///
/// # Errors
/// What the database says.
pub async fn campaigns(
    tx: &mut Tx,
    open: bool,
    reach: &Reach,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Campaign>, DbError> {
    let mut query = Sql::new(CAMPAIGN);
    query.push(if open { "closed_at IS NULL" } else { "closed_at IS NOT NULL" });
    query.push(" AND id IN (SELECT campaign_id FROM callback_person WHERE 1 = 1");
    query.reach(reach, "store_id", "store_id", "customer_id").push(")");
    if let Some(cursor) = after {
        query.bind(" AND (created_at, id) < (?, ?)", args![cursor.key, cursor.id]);
    }
    query.bind(" ORDER BY created_at DESC, id DESC LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// Open campaigns that low ratings join, the newest first.
///
/// # Errors
/// What the database says.
pub async fn joining(tx: &mut Tx) -> Result<Vec<Campaign>, DbError> {
    let mut query = Sql::new(CAMPAIGN);
    query.push("closed_at IS NULL AND joins_low ORDER BY created_at DESC, id DESC LIMIT 50");
    tx.all(query.sql(), query.values()).await
}

/// Takes the turn to draw a list: whoever draws meanwhile waits until this one is done, and sees it.
///
/// # Errors
/// What the database says.
pub async fn take_turn(tx: &mut Tx) -> Result<(), DbError> {
    tx.exec("UPDATE callback_turn SET drawn = drawn + 1 WHERE id = 1", args![]).await.map(|_| ())
}

/// Somebody who may be drawn, because of a case or a sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The case.
    pub case: Option<Id<of::Case>>,
    /// The sale.
    pub sale: Option<Id<of::Sale>>,
    /// The store of either.
    pub store: Id<of::Unit>,
    /// Whose it is.
    pub customer: Option<Id<of::Customer>>,
    /// The customer's name.
    pub name: String,
    /// The number as everybody may see it.
    pub phone_masked: String,
    /// The number of the case or of the receipt.
    pub number: String,
    /// The case, or what was bought, in a few words.
    pub subject: String,
    /// Which product.
    pub product: Option<String>,
    /// Whether the customer agreed to be contacted.
    pub consent: Option<bool>,
}

impl FromRow for Candidate {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            case: c.next()?,
            sale: None,
            store: c.next()?,
            customer: c.next()?,
            name: c.next()?,
            phone_masked: c.next()?,
            number: c.next()?,
            subject: c.next()?,
            product: c.next()?,
            consent: c.next()?,
        })
    }
}

const CANDIDATE: &str =
    "SELECT s.id, s.store_id, s.customer_id, s.customer_name, s.phone_masked, s.number, s.subject, s.product, c.consent
    FROM service_case s LEFT JOIN customer c ON c.id = s.customer_id WHERE ";
const COMPLAINT: &str =
    "SELECT s.id, s.store_id, s.customer_id, s.customer_name, s.phone_masked, s.number, s.subject, s.product, c.consent
    FROM complaint p JOIN service_case s ON s.id = p.case_id LEFT JOIN customer c ON c.id = s.customer_id WHERE ";

fn rated(query: &mut Sql, rating: Option<i64>) {
    if let Some(rating) = rating {
        query.bind(
            " AND EXISTS (SELECT 1 FROM survey v WHERE v.case_id = s.id AND v.csat <= ? AND v.excluded_at IS NULL)",
            args![rating],
        );
    }
}

/// The newest cases or complaints that `wanted` means, closed or ended from `from` on and before `before`, none of them sealed; the
/// product is looked at by the caller.
///
/// # Errors
/// What the database says.
pub async fn candidates(
    tx: &mut Tx,
    wanted: &Wanted,
    from: Timestamp,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<Candidate>, DbError> {
    let stores = wanted.stores.iter().map(|id| (*id).into());
    let words = |all: &[String]| all.iter().map(|one| one.as_str().into()).collect::<Vec<Value>>();
    let mut query;
    if wanted.pool == Pool::Complaints {
        query = Sql::new(COMPLAINT);
        query.bind_in("p.store_id", stores);
        query.bind(" AND p.ended_at >= ? AND p.ended_at < ? AND NOT p.confidential", args![from, before]);
        if !wanted.severities.is_empty() {
            query.push(" AND ").bind_in("p.severity", words(&wanted.severities));
        }
        if !wanted.causes.is_empty() {
            query.push(" AND ").bind_in("p.cause", words(&wanted.causes));
        }
        rated(&mut query, wanted.rating);
        query.bind(" ORDER BY p.ended_at DESC, p.case_id DESC LIMIT ?", args![limit]);
    } else {
        query = Sql::new(CANDIDATE);
        query.bind_in("s.store_id", stores);
        query.bind(" AND s.closed_at >= ? AND s.closed_at < ? AND s.category = 'closed'", args![from, before]);
        if !wanted.kinds.is_empty() {
            query.push(" AND ").bind_in("s.kind", words(&wanted.kinds));
        }
        rated(&mut query, wanted.rating);
        query.bind(" ORDER BY s.closed_at DESC, s.id DESC LIMIT ?", args![limit]);
    }
    tx.all(query.sql(), query.values()).await
}

/// A sale by which its customer may be drawn.
struct Bought(Candidate);

impl FromRow for Bought {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        let (sale, store, customer) = (c.next()?, c.next()?, c.next()?);
        let (name, phone): (String, Option<String>) = (c.next()?, c.next()?);
        let (number, product): (String, String) = (c.next()?, c.next()?);
        Ok(Self(Candidate {
            case: None,
            sale: Some(sale),
            store,
            customer: Some(customer),
            name,
            phone_masked: phone.as_deref().map(masked_phone).unwrap_or_default(),
            number,
            subject: product.clone(),
            product: Some(product),
            consent: c.next()?,
        }))
    }
}

/// The products with `words` in name, brand, model or code, at most `limit`; the smaller half of a name counts as the larger.
///
/// # Errors
/// What the database says.
async fn products(tx: &mut Tx, words: &str, limit: usize) -> Result<Vec<Value>, DbError> {
    let all: Vec<(i64, String, String, Option<String>, String)> =
        tx.all("SELECT id, name, brand, model, code FROM product ORDER BY id DESC LIMIT 20000", args![]).await?;
    let words = words.to_lowercase();
    let fitting = all.into_iter().filter(|(_, name, brand, model, code)| {
        let text = [name, brand, model.as_deref().unwrap_or_default(), code].map(|part: &str| part.to_lowercase());
        text.iter().any(|part| part.contains(&words))
    });
    Ok(fitting.take(limit).map(|(id, ..)| id.into()).collect())
}

/// Customers by the newest of the sales that `wanted` means, one row for each line of a sale; of whom something was heard since
/// `silent` are left out.
///
/// # Errors
/// What the database says.
pub async fn buyers(
    tx: &mut Tx,
    wanted: &Wanted,
    silent: Option<Timestamp>,
    limit: i64,
) -> Result<Vec<Candidate>, DbError> {
    let mut query = Sql::new(
        "SELECT s.id, s.store_id, s.customer_id, c.name, c.phone, s.receipt, p.name, c.consent FROM sale s
         JOIN customer c ON c.id = s.customer_id JOIN sale_line l ON l.sale_id = s.id JOIN product p ON p.id = l.product_id WHERE ",
    );
    query.bind_in("s.store_id", wanted.stores.iter().map(|id| (*id).into()));
    query.bind(" AND s.sold_on >= ? AND s.sold_on <= ? AND c.merged_into IS NULL", args![wanted.from, wanted.to]);
    if !wanted.product.is_empty() {
        query.push(" AND ").bind_in("l.product_id", products(tx, &wanted.product, 1_000).await?);
    }
    if let Some(since) = silent {
        query.bind(
            " AND NOT EXISTS (SELECT 1 FROM service_case k WHERE k.customer_id = c.id AND (k.happened_at >= ? OR k.closed_at >= ?))
             AND NOT EXISTS (SELECT 1 FROM callback_person t WHERE t.customer_id = c.id AND t.last_at >= ?)",
            args![since, since, since],
        );
    }
    query.bind(" ORDER BY s.sold_on DESC, s.id DESC, l.position LIMIT ?", args![limit]);
    let found: Vec<Bought> = tx.all(query.sql(), query.values()).await?;
    Ok(found.into_iter().map(|Bought(one)| one).collect())
}

/// The case `id` as somebody who may be drawn.
///
/// # Errors
/// What the database says.
pub async fn candidate(tx: &mut Tx, id: Id<of::Case>) -> Result<Option<Candidate>, DbError> {
    let mut query = Sql::new(CANDIDATE);
    query.bind("s.id = ?", args![id]);
    tx.one(query.sql(), query.values()).await
}

/// Which of `customers` do not want to be called, and which wait in an open list or were called since `since`.
///
/// # Errors
/// What the database says.
pub async fn spared(
    tx: &mut Tx,
    customers: &[Id<of::Customer>],
    since: Timestamp,
) -> Result<(BTreeSet<Id<of::Customer>>, BTreeSet<Id<of::Customer>>), DbError> {
    if customers.is_empty() {
        return Ok(Default::default());
    }
    let mut query = Sql::new("SELECT customer_id FROM callback_person WHERE state = 'refused' AND ");
    query.bind_in("customer_id", customers.iter().map(|id| (*id).into()));
    let refused: Vec<(Id<of::Customer>,)> = tx.all(query.sql(), query.values()).await?;
    let mut query =
        Sql::new("SELECT t.customer_id FROM callback_person t JOIN callback_campaign k ON k.id = t.campaign_id WHERE ");
    query.bind_in("t.customer_id", customers.iter().map(|id| (*id).into()));
    query.bind(" AND (t.last_at >= ? OR (t.state = 'waiting' AND k.closed_at IS NULL))", args![since]);
    let recent: Vec<(Id<of::Customer>,)> = tx.all(query.sql(), query.values()).await?;
    Ok((refused.into_iter().map(|(id,)| id).collect(), recent.into_iter().map(|(id,)| id).collect()))
}

/// A customer of a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Its id.
    pub id: Id<ContactId>,
    /// The campaign.
    pub campaign: Id<CampaignId>,
    /// The case because of which they are called.
    pub case: Option<Id<of::Case>>,
    /// Or the sale.
    pub sale: Option<Id<of::Sale>>,
    /// The store of either.
    pub store: Id<of::Unit>,
    /// The customer.
    pub customer: Id<of::Customer>,
    /// Their name.
    pub name: String,
    /// Their number as everybody may see it.
    pub phone_masked: String,
    /// The number of the case or of the receipt.
    pub number: String,
    /// The case, or what was bought, in a few words.
    pub subject: String,
    /// Where it stands.
    pub state: ContactState,
    /// It joined because of a low rating.
    pub joined: bool,
    /// How often somebody tried.
    pub tries: i64,
    /// When somebody is to call.
    pub next_at: Timestamp,
    /// When somebody last did.
    pub last_at: Option<Timestamp>,
    /// How satisfied they are, 1 to 5.
    pub score: Option<i64>,
    /// The answer was bad and nothing has come of it yet.
    pub follow: bool,
    /// What came of it.
    pub follow_case: Option<Id<of::Case>>,
    /// Counts its changes.
    pub version: i64,
}

impl Placed for Contact {
    fn place(&self) -> Place {
        Place { store: self.store, team: None, owner: None }
    }
}

const CONTACT: &str = "SELECT id, campaign_id, case_id, sale_id, store_id, customer_id, name, phone_masked, number, subject, state, joined, tries, next_at,
    last_at, score, follow, follow_case_id, version FROM callback_person WHERE ";

impl FromRow for Contact {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            campaign: c.next()?,
            case: c.next()?,
            sale: c.next()?,
            store: c.next()?,
            customer: c.next()?,
            name: c.next()?,
            phone_masked: c.next()?,
            number: c.next()?,
            subject: c.next()?,
            state: c.next()?,
            joined: c.next()?,
            tries: c.next()?,
            next_at: c.next()?,
            last_at: c.next()?,
            score: c.next()?,
            follow: c.next()?,
            follow_case: c.next()?,
            version: c.next()?,
        })
    }
}

/// Adds a customer to a campaign; one who is in it already stays as they are.
///
/// # Errors
/// What the database says.
pub async fn insert_contact(tx: &mut Tx, one: &Contact) -> Result<bool, DbError> {
    let made = tx
        .exec(
            "INSERT INTO callback_person (id, campaign_id, case_id, sale_id, store_id, customer_id, name, phone_masked, number, subject, state, joined,
             tries, next_at, follow, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
             ON CONFLICT (campaign_id, customer_id) DO NOTHING",
            args![
                one.id,
                one.campaign,
                one.case,
                one.sale,
                one.store,
                one.customer,
                &*one.name,
                &*one.phone_masked,
                &*one.number,
                &*one.subject,
                one.state,
                one.joined,
                one.tries,
                one.next_at,
                one.follow,
                one.version
            ],
        )
        .await?;
    Ok(made == 1)
}

/// Saves what came of a call (the version is the new one); false when somebody was faster.
///
/// # Errors
/// What the database says.
pub async fn save_contact(tx: &mut Tx, one: &Contact) -> Result<bool, DbError> {
    let saved = tx
        .exec(
            "UPDATE callback_person SET state = $3, tries = $4, next_at = $5, last_at = $6, score = $7, follow = $8, follow_case_id = $9,
             version = $10 WHERE id = $1 AND version = $2",
            args![
                one.id,
                one.version - 1,
                one.state,
                one.tries,
                one.next_at,
                one.last_at,
                one.score,
                one.follow,
                one.follow_case,
                one.version
            ],
        )
        .await?;
    Ok(saved == 1)
}

/// The customer `id` of a campaign.
///
/// # Errors
/// What the database says.
pub async fn contact(tx: &mut Tx, id: Id<ContactId>) -> Result<Option<Contact>, DbError> {
    let mut query = Sql::new(CONTACT);
    query.bind("id = ?", args![id]);
    tx.one(query.sql(), query.values()).await
}

/// Which customers of a campaign a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Show {
    /// Somebody is to call.
    #[default]
    Waiting,
    /// A bad answer of which nothing has come yet.
    Follow,
    /// They have answered.
    Reached,
    /// Nobody got through, or they do not want it.
    Over,
}

impl Show {
    /// All of them, in their order.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Follow, Self::Reached, Self::Over];
    /// The word in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Follow => "follow",
            Self::Reached => "reached",
            Self::Over => "over",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
    const fn condition(self) -> &'static str {
        match self {
            Self::Waiting => " AND state = 'waiting'",
            Self::Follow => " AND state = 'reached' AND follow",
            Self::Reached => " AND state = 'reached'",
            Self::Over => " AND state IN ('unreached', 'refused')",
        }
    }
}

/// Customers of a campaign within reach, whoever is to be called first first.
///
/// # Errors
/// What the database says.
pub async fn contacts(
    tx: &mut Tx,
    campaign: Id<CampaignId>,
    show: Show,
    reach: &Reach,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Contact>, DbError> {
    let mut query = Sql::new(CONTACT);
    query.bind("campaign_id = ?", args![campaign]).push(show.condition());
    query.reach(reach, "store_id", "store_id", "customer_id");
    if let Some(cursor) = after {
        query.bind(" AND (next_at, id) > (?, ?)", args![cursor.key, cursor.id]);
    }
    query.bind(" ORDER BY next_at, id LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// A customer of a campaign as a table tells of them: with the last call, the number of the case that came of it, and who called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The customer.
    pub contact: Contact,
    /// The last call.
    pub last: Option<Attempt>,
    /// The number of the case that came of it.
    pub follow_number: Option<String>,
}

impl Told {
    /// Where the next page begins.
    pub const fn cursor(&self) -> Id<ContactId> {
        self.contact.id
    }
}

/// The customers of a campaign within reach as a table tells of them, in the order in which they came to it.
///
/// # Errors
/// What the database says.
pub async fn told(
    tx: &mut Tx,
    campaign: Id<CampaignId>,
    reach: &Reach,
    after: Option<Id<ContactId>>,
    limit: i64,
) -> Result<Vec<Told>, DbError> {
    let mut query = Sql::new(CONTACT);
    query.bind("campaign_id = ?", args![campaign]).reach(reach, "store_id", "store_id", "customer_id");
    if let Some(id) = after {
        query.bind(" AND id > ?", args![id]);
    }
    query.bind(" ORDER BY id LIMIT ?", args![limit]);
    let found: Vec<Contact> = tx.all(query.sql(), query.values()).await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Sql::new(
        "SELECT a.contact_id, a.at, a.by_id, a.result, a.score, a.note, a.next_at FROM callback_call a
         WHERE a.id = (SELECT MAX(b.id) FROM callback_call b WHERE b.contact_id = a.contact_id) AND ",
    );
    query.bind_in("a.contact_id", found.iter().map(|one| one.id.into()));
    let last: Vec<Last> = tx.all(query.sql(), query.values()).await?;
    let mut last: BTreeMap<_, _> = last.into_iter().map(|Last(id, attempt)| (id, attempt)).collect();
    let mut query = Sql::new("SELECT id, number FROM service_case WHERE ");
    query.bind_in("id", found.iter().filter_map(|one| one.follow_case).map(Value::from));
    let numbers: Vec<(Id<of::Case>, String)> = tx.all(query.sql(), query.values()).await?;
    let numbers: BTreeMap<_, _> = numbers.into_iter().collect();
    let told = found.into_iter().map(|contact| Told {
        last: last.remove(&contact.id),
        follow_number: contact.follow_case.and_then(|case| numbers.get(&case).cloned()),
        contact,
    });
    Ok(told.collect())
}

struct Last(Id<ContactId>, Attempt);

impl FromRow for Last {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        let id = c.next()?;
        let (at, by, outcome, score) = (c.next()?, c.next()?, c.next()?, c.next()?);
        Ok(Self(id, Attempt { at, by, outcome, score, note: c.next()?, next_at: c.next()? }))
    }
}

/// How many customers of a campaign are within reach.
///
/// # Errors
/// What the database says.
pub async fn count(tx: &mut Tx, campaign: Id<CampaignId>, reach: &Reach) -> Result<i64, DbError> {
    Ok(progress(tx, campaign, reach).await?.all)
}

/// How far a campaign is, as far as the reader reaches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Customers on the list.
    pub all: i64,
    /// Somebody is to call.
    pub waiting: i64,
    /// They have answered.
    pub reached: i64,
    /// Nobody got through, or they do not want it.
    pub over: i64,
    /// Bad answers of which nothing has come yet.
    pub follow: i64,
    /// Bad answers.
    pub bad: i64,
    /// Bad answers that became a case.
    pub cases: i64,
    /// How many gave a score, and the sum of the scores.
    pub scored: i64,
    /// The sum of the scores.
    pub scores: i64,
    /// They joined because of a low rating.
    pub joined: i64,
}

impl FromRow for Progress {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            all: c.next()?,
            waiting: c.next()?,
            reached: c.next()?,
            over: c.next()?,
            follow: c.next()?,
            bad: c.next()?,
            cases: c.next()?,
            scored: c.next()?,
            scores: c.next()?,
            joined: c.next()?,
        })
    }
}

/// How far a campaign is within reach; a list has some hundred customers.
///
/// # Errors
/// What the database says.
pub async fn progress(tx: &mut Tx, campaign: Id<CampaignId>, reach: &Reach) -> Result<Progress, DbError> {
    let mut query = Sql::new(
        "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END), 0) AS BIGINT),
         CAST(COALESCE(SUM(CASE WHEN state = 'reached' THEN 1 ELSE 0 END), 0) AS BIGINT),
         CAST(COALESCE(SUM(CASE WHEN state IN ('unreached', 'refused') THEN 1 ELSE 0 END), 0) AS BIGINT),
         CAST(COALESCE(SUM(CASE WHEN follow THEN 1 ELSE 0 END), 0) AS BIGINT),
         CAST(COALESCE(SUM(CASE WHEN score <= 2 THEN 1 ELSE 0 END), 0) AS BIGINT),
         COUNT(follow_case_id), COUNT(score), CAST(COALESCE(SUM(score), 0) AS BIGINT),
         CAST(COALESCE(SUM(CASE WHEN joined THEN 1 ELSE 0 END), 0) AS BIGINT) FROM callback_person WHERE ",
    );
    query.bind("campaign_id = ?", args![campaign]).reach(reach, "store_id", "store_id", "customer_id");
    Ok(tx.one(query.sql(), query.values()).await?.unwrap_or_default())
}

/// A call that somebody made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Option<Id<of::User>>,
    /// What came of it.
    pub outcome: Outcome,
    /// How satisfied the customer is.
    pub score: Option<i64>,
    /// What was said.
    pub note: Option<String>,
    /// When somebody tries again.
    pub next_at: Option<Timestamp>,
}

impl FromRow for Attempt {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            at: c.next()?,
            by: c.next()?,
            outcome: c.next()?,
            score: c.next()?,
            note: c.next()?,
            next_at: c.next()?,
        })
    }
}

/// Notes a call.
///
/// # Errors
/// What the database says.
pub async fn insert_attempt(
    tx: &mut Tx,
    id: Id<Attempt>,
    contact: Id<ContactId>,
    one: &Attempt,
) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO callback_call (id, contact_id, at, by_id, result, score, note, next_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![id, contact, one.at, one.by, one.outcome, one.score, one.note.clone(), one.next_at],
    )
    .await
    .map(|_| ())
}

/// The calls of a customer, the newest first.
///
/// # Errors
/// What the database says.
pub async fn attempts(tx: &mut Tx, contact: Id<ContactId>) -> Result<Vec<Attempt>, DbError> {
    tx.all(
        "SELECT at, by_id, result, score, note, next_at FROM callback_call WHERE contact_id = $1 ORDER BY id DESC LIMIT 50",
        args![contact],
    )
    .await
}

/// Forgets who a customer is, in all lists, of the customer or of the case `case`; answers which rows.
///
/// # Errors
/// What the database says.
pub async fn forget(
    tx: &mut Tx,
    customer: Option<Id<of::Customer>>,
    case: Option<Id<of::Case>>,
) -> Result<Vec<Id<ContactId>>, DbError> {
    let found: Vec<(Id<ContactId>,)> =
        tx.all("SELECT id FROM callback_person WHERE customer_id = $1 OR case_id = $2", args![customer, case]).await?;
    for (id,) in &found {
        tx.exec(
            "UPDATE callback_person SET name = '', phone_masked = '', subject = '', version = version + 1 WHERE id = $1",
            args![*id],
        )
        .await?;
        tx.exec("UPDATE callback_call SET note = NULL WHERE contact_id = $1", args![*id]).await?;
    }
    Ok(found.into_iter().map(|(id,)| id).collect())
}
