//! Texts for replies, put in with one click; drafts of replies; and which replies need a second yes.

use capability::{Ctx, Event, Work};
use db::Tx;
use kernel::{Fault, FieldErrors, Id, RecordRef, Timestamp, of};
use messaging::{Channel as Carrier, Wording, WordingVersion};
use parties::domain::text;

use super::access::{RULES_EDIT, RULES_VIEW, VIEW, works};
use super::events::zone_of;
use crate::domain::{Kind, Priority, Visibility, Way};
use crate::store::{self, Case, ReplyDraft, ReplyRule, ReplyRuleId, ReplyText, ReplyTextId};

/// The word for texts of replies in the journal.
pub const REPLY_TEXT: &str = "reply_text";
/// The word for rules of replies in the journal.
pub const REPLY_RULE: &str = "reply_rule";
/// What a text may name, as `{name}`; their meaning is `cases-variable-<name>`.
pub const REPLY_VARIABLES: [&str; 8] = ["name", "number", "subject", "product", "store", "phone", "owner", "due"];
/// Most of each that a page shows, and longest name, words and text, in characters.
const MOST: i64 = 200;
const NAME: usize = 60;
const WORDS: usize = 1_000;
const TEXT: usize = 5_000;
/// Longest draft, in characters, and how long it is kept, in milliseconds.
const DRAFT: usize = 20_000;
const KEPT: i64 = 30 * 86_400_000;

/// What somebody says about a text.
#[derive(Debug, Clone, Default)]
pub struct TextDraft {
    /// What people call it.
    pub name: String,
    /// For cases of this kind only.
    pub kind: Option<Kind>,
    /// For this kind of goods only.
    pub category: Option<String>,
    /// `zh-CN` or `en`; stays once it is set.
    pub locale: String,
    /// Its words.
    pub body: String,
    /// Offered, or no more.
    pub active: bool,
}

/// A text with its words and who wrote them.
#[derive(Debug, Clone)]
pub struct TextShown {
    /// The text.
    pub text: ReplyText,
    /// Its versions, newest first.
    pub versions: Vec<WordingVersion>,
}

impl TextShown {
    /// The words that count now.
    pub fn body(&self) -> &str {
        self.versions.first().map(|version| version.wording.body.as_str()).unwrap_or_default()
    }
}

fn company(ctx: &Ctx) -> Result<kernel::Place, Fault> {
    let directory = ctx.house.identity.directories().now();
    let company = directory.company().ok_or_else(Fault::not_found)?.id;
    Ok(kernel::Place { store: company, team: None, owner: None })
}

fn may_view(ctx: &Ctx) -> Result<(), Fault> {
    if ctx.actor.holds(RULES_VIEW) { Ok(()) } else { Err(Fault::forbidden()) }
}

/// All texts with their newest words.
///
/// # Errors
/// `forbidden`; what the database says.
pub async fn reply_texts(ctx: &Ctx) -> Result<Vec<TextShown>, Fault> {
    may_view(ctx)?;
    ctx.read((), |tx, ()| {
        Box::pin(async move {
            let mut all = Vec::new();
            for text in store::reply_texts(tx, None, MOST).await? {
                let versions = messaging::versions_named(tx, &text.code(), Carrier::Mail, &text.locale, 1).await?;
                all.push(TextShown { text, versions });
            }
            Ok(all)
        })
    })
    .await
}

/// One text with its versions.
///
/// # Errors
/// `forbidden`; `not-found`.
pub async fn reply_text(ctx: &Ctx, id: Id<ReplyTextId>) -> Result<TextShown, Fault> {
    may_view(ctx)?;
    ctx.read(id, |tx, id| {
        Box::pin(async move {
            let text = store::reply_text(tx, *id).await?.ok_or_else(Fault::not_found)?;
            let versions = messaging::versions_named(tx, &text.code(), Carrier::Mail, &text.locale, 20).await?;
            Ok(TextShown { text, versions })
        })
    })
    .await
}

/// Keeps a text, a new one without `known` (its id and the version that the change is based on).
///
/// # Errors
/// `invalid` with the fields; `stale`; `not-found`; `forbidden`.
pub async fn save_reply_text(
    ctx: &Ctx,
    known: Option<(Id<ReplyTextId>, i64)>,
    draft: TextDraft,
) -> Result<Id<ReplyTextId>, Fault> {
    let mut errors = FieldErrors::default();
    let name = text::required_line(&mut errors, "name", &draft.name, NAME);
    let body = text::required(&mut errors, "body", &draft.body, TEXT);
    if web::Locale::ALL.iter().all(|locale| locale.as_str() != draft.locale) {
        errors.add("locale", "unknown");
    }
    category(ctx, &mut errors, draft.category.as_deref()).await?;
    if let Some(unknown) = messaging::unknown_variable(&body, &REPLY_VARIABLES) {
        errors.add_with("body", "variable-unknown", vec![("name", format!("{{{unknown}}}"))]);
    }
    errors.check()?;
    let draft = TextDraft { name, body, ..draft };
    let fresh: Id<ReplyTextId> = ctx.house.ids.next();
    ctx.write((known, fresh, draft), |work, (known, fresh, draft)| {
        Box::pin(async move {
            let place = company(work.ctx)?;
            work.require(RULES_EDIT, &place)?;
            let before = match known {
                Some((id, _)) => Some(store::reply_text(work.tx, *id).await?.ok_or_else(Fault::not_found)?),
                None => None,
            };
            if let (Some(before), Some((_, version))) = (&before, known)
                && before.version != *version
            {
                return Err(Fault::stale(before.version));
            }
            let text = ReplyText {
                id: before.as_ref().map_or(*fresh, |before| before.id),
                name: draft.name.clone(),
                kind: draft.kind,
                category: draft.category.clone(),
                locale: before.as_ref().map_or_else(|| draft.locale.clone(), |before| before.locale.clone()),
                active: draft.active,
                version: before.as_ref().map_or(1, |before| before.version + 1),
            };
            let code = text.code();
            let newest = messaging::versions_named(work.tx, &code, Carrier::Mail, &text.locale, 1).await?.pop();
            let same = newest.as_ref().is_some_and(|newest| newest.wording.body == draft.body);
            if same
                && before.as_ref().is_some_and(|before| ReplyText { version: text.version, ..before.clone() } == text)
            {
                return Ok(work.unchanged(text.id));
            }
            if !store::save_reply_text(work.tx, &text).await? {
                return Err(Fault::stale(text.version));
            }
            let based_on = newest.as_ref().map_or(0, |newest| newest.wording.version);
            if !same {
                let wording = Wording { subject: text.name.clone(), body: draft.body.clone(), version: based_on };
                let by = work.ctx.actor.name.to_string();
                let new = WordingVersion { wording, changed_by: by, changed_at: work.now };
                messaging::save_named(work.tx, &code, Carrier::Mail, &text.locale, &new).await?;
            }
            let was = before.as_ref();
            let event = Event::new(RecordRef::new(REPLY_TEXT, text.id), "reply_text.saved", place)
                .quietly()
                .change("name", was.map(|text| text.name.clone()), Some(text.name.clone()))
                .change(
                    "kind",
                    was.and_then(|text| text.kind).map(|kind| kind.to_string()),
                    text.kind.map(|kind| kind.to_string()),
                )
                .change("category", was.and_then(|text| text.category.clone()), text.category.clone())
                .change("active", was.map(|text| text.active.to_string()), Some(text.active.to_string()))
                .change("message_body", newest.map(|newest| newest.wording.body), Some(draft.body.clone()));
            Ok(work.record(event).await?.with(text.id))
        })
    })
    .await
}

async fn category(ctx: &Ctx, errors: &mut FieldErrors, code: Option<&str>) -> Result<(), Fault> {
    let catalogue = super::symptoms::symptoms(&ctx.house).await?;
    if code.is_some_and(|code| catalogue.category(code).is_none()) {
        errors.add("category", "unknown");
    }
    Ok(())
}

/// A text that can be put into a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// Its id.
    pub id: Id<ReplyTextId>,
    /// What people call it.
    pub name: String,
}

/// The texts that fit the case, in the customer's language first.
///
/// # Errors
/// `not-found`.
pub async fn offered_texts(ctx: &Ctx, id: Id<of::Case>) -> Result<Vec<Offered>, Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let case = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(VIEW, &case)?;
            let goods = store::extras(tx, case.id).await?.category;
            let locale = spoken(tx, &case).await?;
            let mut fitting = store::reply_texts(tx, Some(case.kind), MOST).await?;
            fitting.retain(|text| text.category.is_none() || text.category == goods);
            // The nearest first: what names this kind and these goods, in the language of the customer.
            fitting.sort_by_key(|text| (text.locale != locale, text.category.is_none(), text.kind.is_none()));
            Ok(fitting.into_iter().map(|text| Offered { id: text.id, name: text.name }).collect())
        })
    })
    .await
}

async fn spoken(tx: &mut Tx, case: &Case) -> Result<String, Fault> {
    let chosen = match case.customer {
        Some(customer) => messaging::language_of(tx, customer).await?,
        None => None,
    };
    Ok(chosen.unwrap_or_else(|| "zh-CN".to_owned()))
}

/// The words of a text with what the case knows in their places; what is missing is marked by `missing`.
///
/// # Errors
/// `not-found`.
pub async fn filled_text(ctx: &Ctx, case: Id<of::Case>, text: Id<ReplyTextId>) -> Result<String, Fault> {
    let directory = ctx.house.identity.directories().now();
    let (case, text, body) = ctx
        .read((case, text, ctx.clone()), |tx, (case, text, ctx)| {
            Box::pin(async move {
                let case = store::get(tx, *case).await?.ok_or_else(Fault::not_found)?;
                ctx.require(VIEW, &case)?;
                let text =
                    store::reply_text(tx, *text).await?.filter(|text| text.active).ok_or_else(Fault::not_found)?;
                let newest = messaging::versions_named(tx, &text.code(), Carrier::Mail, &text.locale, 1).await?.pop();
                let body = newest.ok_or_else(Fault::not_found)?.wording.body;
                Ok((case, text, body))
            })
        })
        .await?;
    let unit = directory.unit(case.store);
    let locale = web::Locale::ALL.into_iter().find(|locale| locale.as_str() == text.locale).unwrap_or_default();
    let zone = zone_of(&ctx.house, case.store);
    let due = case.due.map(|due| due.at.civil(&zone).strftime("%Y-%m-%d %H:%M").to_string());
    let args = [
        ("name", case.customer_name.clone()),
        ("number", case.number.clone()),
        ("subject", case.subject.clone()),
        ("product", case.product.clone().unwrap_or_default()),
        ("store", unit.map(|unit| unit.name_in(locale.as_str()).to_owned()).unwrap_or_default()),
        ("phone", unit.and_then(|unit| unit.phone.clone()).unwrap_or_default()),
        ("owner", case.owner.and_then(|owner| directory.user_name(owner)).unwrap_or_default().to_owned()),
        ("due", due.unwrap_or_default()),
    ];
    let missing = |name: &str| {
        let word = web::text(locale, &format!("cases-variable-{name}"), &[]);
        web::text(locale, "cases-variable-missing", &[("name", word.into())])
    };
    Ok(messaging::fill(&body, &args, missing))
}

/// The actor's draft in the case.
///
/// # Errors
/// What the database says.
pub async fn reply_draft(ctx: &Ctx, case: Id<of::Case>) -> Result<Option<ReplyDraft>, Fault> {
    let Some(user) = ctx.actor.user else { return Ok(None) };
    ctx.read((case, user), |tx, (case, user)| Box::pin(async move { Ok(store::reply_draft(tx, *case, *user).await?) }))
        .await
}

/// Keeps the actor's draft in the case, with the words of `insert` behind it if asked; an empty one is thrown away. Drafts are no
/// records of the house: nobody else reads them, they are neither journalled nor searched, and go when they are a month old.
///
/// # Errors
/// `not-found` and `forbidden`; `invalid` when it is too long.
pub async fn keep_reply_draft(
    ctx: &Ctx,
    case: Id<of::Case>,
    visibility: Option<Visibility>,
    way: Option<Way>,
    typed: &str,
    insert: Option<Id<ReplyTextId>>,
) -> Result<Timestamp, Fault> {
    let Some(user) = ctx.actor.user else { return Err(Fault::unauthenticated()) };
    let mut body = typed.trim_end().to_owned();
    let mut visibility = visibility;
    if let Some(insert) = insert {
        let words = filled_text(ctx, case, insert).await?;
        body = if body.trim().is_empty() { words } else { format!("{body}\n{words}") };
        // Texts are made for customers.
        visibility = Some(Visibility::Public);
    }
    if body.chars().count() > DRAFT {
        return Err(Fault::field("body", "too-long"));
    }
    if body.contains('\0') {
        return Err(Fault::field("body", "nul"));
    }
    let now = ctx.now();
    let draft = ReplyDraft { case, user, visibility, way, body, updated_at: now };
    ctx.house
        .db
        .write((ctx.clone(), draft), |tx, (ctx, draft)| {
            Box::pin(async move {
                let case = store::get(tx, draft.case).await?.ok_or_else(Fault::not_found)?;
                ctx.require(VIEW, &case)?;
                if !works(&ctx.actor, &case) {
                    return Err(Fault::forbidden());
                }
                if draft.body.trim().is_empty() {
                    store::drop_reply_draft(tx, draft.case, draft.user).await?;
                } else {
                    store::keep_reply_draft(tx, draft).await?;
                }
                Ok(())
            })
        })
        .await?;
    Ok(now)
}

/// Forgets drafts that are a month old.
///
/// # Errors
/// What the database says.
pub async fn forget_reply_drafts(ctx: &Ctx) -> Result<u64, Fault> {
    let before = ctx.now().plus(-KEPT);
    ctx.house
        .db
        .write(before, |tx, before| Box::pin(async move { Ok(store::forget_reply_drafts(tx, *before).await?) }))
        .await
}

/// What somebody says about a rule.
#[derive(Debug, Clone, Default)]
pub struct RuleDraft {
    /// What people call it.
    pub name: String,
    /// Of cases of this kind.
    pub kind: Option<Kind>,
    /// Of cases that are at least so urgent.
    pub priority: Option<Priority>,
    /// Of this kind of goods.
    pub category: Option<String>,
    /// When one of these words is in it, one a line.
    pub words: Option<String>,
    /// When it names an amount of money.
    pub amount: bool,
    /// When the customer is upset.
    pub upset: bool,
    /// In force, or no more.
    pub active: bool,
}

/// All rules.
///
/// # Errors
/// `forbidden`; what the database says.
pub async fn reply_rules(ctx: &Ctx) -> Result<Vec<ReplyRule>, Fault> {
    may_view(ctx)?;
    ctx.read((), |tx, ()| Box::pin(async move { Ok(store::reply_rules(tx, false, MOST).await?) })).await
}

/// One rule.
///
/// # Errors
/// `forbidden`; `not-found`.
pub async fn reply_rule(ctx: &Ctx, id: Id<ReplyRuleId>) -> Result<ReplyRule, Fault> {
    may_view(ctx)?;
    ctx.read(id, |tx, id| Box::pin(async move { store::reply_rule(tx, *id).await?.ok_or_else(Fault::not_found) })).await
}

/// Keeps a rule, a new one without `known` (its id and the version that the change is based on).
///
/// # Errors
/// `invalid` with the fields, `words` when it asks nothing; `stale`; `not-found`; `forbidden`.
pub async fn save_reply_rule(
    ctx: &Ctx,
    known: Option<(Id<ReplyRuleId>, i64)>,
    draft: RuleDraft,
) -> Result<Id<ReplyRuleId>, Fault> {
    let mut errors = FieldErrors::default();
    let name = text::required_line(&mut errors, "name", &draft.name, NAME);
    let words = text::optional(&mut errors, "words", draft.words.as_deref(), WORDS);
    category(ctx, &mut errors, draft.category.as_deref()).await?;
    let asks = draft.kind.is_some() || draft.priority.is_some() || draft.category.is_some() || words.is_some();
    if !asks && !draft.amount && !draft.upset {
        errors.add("words", "cases-rule-empty");
    }
    errors.check()?;
    let draft = RuleDraft { name, words, ..draft };
    let fresh: Id<ReplyRuleId> = ctx.house.ids.next();
    ctx.write((known, fresh, draft), |work, (known, fresh, draft)| Box::pin(write_rule(work, *known, *fresh, draft)))
        .await
}

async fn write_rule(
    work: &mut Work<'_>,
    known: Option<(Id<ReplyRuleId>, i64)>,
    fresh: Id<ReplyRuleId>,
    draft: &RuleDraft,
) -> Result<capability::Recorded<Id<ReplyRuleId>>, Fault> {
    let place = company(work.ctx)?;
    work.require(RULES_EDIT, &place)?;
    let before = match known {
        Some((id, version)) => {
            let before = store::reply_rule(work.tx, id).await?.ok_or_else(Fault::not_found)?;
            if before.version != version {
                return Err(Fault::stale(before.version));
            }
            Some(before)
        }
        None => None,
    };
    let was = before.as_ref();
    let rule = ReplyRule {
        id: was.map_or(fresh, |before| before.id),
        name: draft.name.clone(),
        kind: draft.kind,
        priority: draft.priority,
        category: draft.category.clone(),
        words: draft.words.clone(),
        amount: draft.amount,
        upset: draft.upset,
        active: draft.active,
        version: was.map_or(1, |before| before.version + 1),
    };
    if was.is_some_and(|before| ReplyRule { version: rule.version, ..before.clone() } == rule) {
        return Ok(work.unchanged(rule.id));
    }
    if !store::save_reply_rule(work.tx, &rule).await? {
        return Err(Fault::stale(rule.version));
    }
    let mut event = Event::new(RecordRef::new(REPLY_RULE, rule.id), "reply_rule.saved", place).quietly();
    for (field, read) in RULE_WORDS {
        event = event.change(field, was.and_then(read), read(&rule));
    }
    Ok(work.record(event).await?.with(rule.id))
}

type Read = fn(&ReplyRule) -> Option<String>;

const RULE_WORDS: [(&str, Read); 8] = [
    ("name", |rule| Some(rule.name.clone())),
    ("kind", |rule| rule.kind.map(|kind| kind.to_string())),
    ("priority", |rule| rule.priority.map(|priority| priority.to_string())),
    ("category", |rule| rule.category.clone()),
    ("words", |rule| rule.words.clone()),
    ("amount", |rule| Some(rule.amount.to_string())),
    ("upset", |rule| Some(rule.upset.to_string())),
    ("active", |rule| Some(rule.active.to_string())),
];
