//! The customer file as other capabilities use it, inside their own transactions.

use std::collections::BTreeMap;

use capability::{Ctx, Event, Work};
use db::{DbError, Tx};
use journal::{Entry, Who};
use kernel::{Fault, Id, Place, Reach, RecordRef, Timestamp, of};
use search::{Piece, code};

use crate::app::CustomerCard;
use crate::domain::{CustomerDraft, Phone};
use crate::store::{self, Customer};

/// The word for customers in journal, search and links.
pub const RECORD: &str = "customer";

/// What a case keeps of its customer: nothing that needs masking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    /// The customer.
    pub id: Id<of::Customer>,
    /// Where the file stands.
    pub store: Id<of::Unit>,
    /// The name.
    pub name: String,
    /// The number as everybody may see it.
    pub phone_masked: Option<String>,
    /// The last four digits.
    pub phone_tail: Option<String>,
}

/// How to reach a customer. For sending messages only: it is unmasked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The name.
    pub name: String,
    /// The number.
    pub phone: Option<Phone>,
    /// The mail address.
    pub email: Option<String>,
}

/// The brief of `id` and how to reach the customer.
///
/// # Errors
/// What the database says.
pub async fn served(tx: &mut Tx, id: Id<of::Customer>) -> Result<Option<(Brief, Contact)>, DbError> {
    Ok(store::get(tx, id).await?.map(|customer| (brief_of(&customer), contact_of(customer))))
}

/// The customer whose file stands at `store` with the number `phone`: the only one, or the one who is called `name`. A request from
/// outside is put there without telling its sender.
///
/// # Errors
/// What the database says.
pub async fn known_at(tx: &mut Tx, store: Id<of::Unit>, phone: &Phone, name: &str) -> Result<Option<Brief>, DbError> {
    let reach = Reach { stores: [store].into(), ..Reach::default() };
    let mut found = store::find_by_phone(tx, &store::Digits::Whole(phone.digits().to_owned()), &reach, 20).await?;
    if let Some(named) = found.iter().find(|customer| customer.draft.name == name) {
        return Ok(Some(brief_of(named)));
    }
    let only = found.pop().filter(|_| found.is_empty());
    Ok(only.map(|customer| brief_of(&customer)))
}

/// The briefs of `ids` and how to reach them; unknown ids are left out.
///
/// # Errors
/// What the database says.
pub async fn served_many(
    tx: &mut Tx,
    ids: &[Id<of::Customer>],
) -> Result<BTreeMap<Id<of::Customer>, (Brief, Contact)>, DbError> {
    let found = store::get_many(tx, ids).await?;
    Ok(found.into_iter().map(|customer| (customer.id, (brief_of(&customer), contact_of(customer)))).collect())
}

/// The masked card of `id`, for a record whose reader may see whose it is.
///
/// # Errors
/// What the database says.
pub async fn card(tx: &mut Tx, id: Id<of::Customer>) -> Result<Option<CustomerCard>, DbError> {
    Ok(store::get(tx, id).await?.map(CustomerCard::from))
}

/// The masked cards of `ids`, in one statement, for records whose readers may see whose they are; unknown ids are left out.
///
/// # Errors
/// What the database says.
pub async fn cards(tx: &mut Tx, ids: &[Id<of::Customer>]) -> Result<Vec<CustomerCard>, DbError> {
    Ok(store::get_many(tx, ids).await?.into_iter().map(CustomerCard::from).collect())
}

/// How to reach `id`.
///
/// # Errors
/// What the database says.
pub async fn contact(tx: &mut Tx, id: Id<of::Customer>) -> Result<Option<Contact>, DbError> {
    Ok(store::get(tx, id).await?.map(contact_of))
}

fn contact_of(Customer { draft, .. }: Customer) -> Contact {
    Contact { name: draft.name, phone: draft.phone, email: draft.email }
}

/// Opens a file at `store` within a write that is under way.
///
/// # Errors
/// What the database says.
pub async fn open(work: &mut Work<'_>, store: Id<of::Unit>, draft: CustomerDraft) -> Result<Brief, Fault> {
    let customer =
        Customer { id: work.ctx.house.ids.next(), store, draft, merged_into: None, version: 1, created_at: work.now };
    store::insert(work.tx, &customer).await?;
    // Whoever opens a file within another use case ends that with its own record.
    let _ = work.record(opened(&customer)).await?;
    Ok(brief_of(&customer))
}

/// A file that was opened in a history.
#[derive(Debug, Clone)]
pub struct Opened {
    /// Where the customer came first.
    pub store: Id<of::Unit>,
    /// What it holds.
    pub draft: CustomerDraft,
    /// When.
    pub at: Timestamp,
}

/// Opens many files at once, as `ctx` did in the past: for the demo company, imports and load.
///
/// # Errors
/// What the database says.
pub async fn open_many(work: &mut Work<'_>, ctx: &Ctx, files: Vec<Opened>) -> Result<Vec<Id<of::Customer>>, Fault> {
    let house = &work.ctx.house;
    let customers: Vec<Customer> = files
        .into_iter()
        .map(|Opened { store, draft, at }| Customer {
            id: house.ids.next(),
            store,
            draft,
            merged_into: None,
            version: 1,
            created_at: at,
        })
        .collect();
    store::insert_many(work.tx, &customers).await?;
    let entries: Vec<(Who, Entry)> = customers
        .iter()
        .map(|customer| {
            let who = Who {
                actor_kind: ctx.actor.kind,
                user: ctx.actor.user,
                name: ctx.actor.name.to_string(),
                request: ctx.request.to_string(),
                now: customer.created_at,
            };
            let Event { record, verb, changes, place, .. } = opened(customer);
            (who, Entry { record, verb, happened_at: customer.created_at, changes, store: Some(place.store) })
        })
        .collect();
    journal::append_each(work.tx, &house.ids, &entries).await?;
    let pieces: Vec<Piece> = customers.iter().map(piece).collect();
    search::index(work.tx, &house.ids, &pieces).await?;
    Ok(customers.into_iter().map(|customer| customer.id).collect())
}

fn brief_of(customer: &Customer) -> Brief {
    let phone = customer.draft.phone.as_ref();
    Brief {
        id: customer.id,
        store: customer.store,
        name: customer.draft.name.clone(),
        phone_masked: phone.map(Phone::masked),
        phone_tail: phone.map(|phone| phone.tail().to_owned()),
    }
}

pub(crate) fn opened(customer: &Customer) -> Event {
    let event =
        Event::new(RecordRef::new(RECORD, customer.id), "customer.opened", place(customer)).index(piece(customer));
    changes(event, None, &customer.draft)
}

pub(crate) fn place(customer: &Customer) -> Place {
    Place { store: customer.store, team: None, owner: None }
}

/// What a person may look for: the name, its pinyin initials, the whole number, its last four digits. Notes and addresses are not searched.
pub(crate) fn piece(customer: &Customer) -> Piece {
    let phone = customer.draft.phone.as_ref();
    Piece {
        record: RecordRef::new(RECORD, customer.id),
        piece: customer.id.get(),
        store: customer.store,
        team: None,
        owner: None,
        text: customer.draft.name.clone(),
        codes: phone
            .into_iter()
            .flat_map(|phone| code::phone(phone.digits()))
            .chain(code::initials(&customer.draft.name))
            .collect(),
    }
}

/// Adds every field of `after` that differs from `before`; all of them are personal, so that they can be erased.
pub(crate) fn changes(mut event: Event, before: Option<&CustomerDraft>, after: &CustomerDraft) -> Event {
    for (field, read) in FIELDS {
        event = event.personal(field, before.and_then(read), read(after));
    }
    event
}

/// The fields of a file, all of them personal.
pub(crate) const PERSONAL: [&str; 10] =
    ["name", "phone", "wechat", "email", "address", "vip", "note", "consent", "external_id", "tags"];

type Read = fn(&CustomerDraft) -> Option<String>;

const FIELDS: [(&str, Read); 10] = [
    ("name", |draft| Some(draft.name.clone())),
    ("phone", |draft| draft.phone.as_ref().map(|phone| phone.digits().to_owned())),
    ("wechat", |draft| draft.wechat.clone()),
    ("email", |draft| draft.email.clone()),
    ("address", |draft| draft.address.clone()),
    ("vip", |draft| draft.vip.clone()),
    ("note", |draft| draft.note.clone()),
    ("consent", |draft| Some(draft.consent.to_string())),
    ("external_id", |draft| draft.external_id.clone()),
    ("tags", |draft| (!draft.tags.is_empty()).then(|| draft.tags.join("、"))),
];
