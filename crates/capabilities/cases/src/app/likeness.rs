//! What is like the request at hand: cases that may be the same, and cases that were solved before.

use std::collections::{BTreeMap, BTreeSet};

use capability::Ctx;
use db::Tx;
use kernel::{Fault, Id, Reach, Timestamp, of};
use search::Query;

use super::access::VIEW;
use super::detail::Detail;
use super::events::RECORD;
use crate::store::{self, CaseRow, SolvedRow, Symptom};

/// A day of 24 hours, in milliseconds.
const DAY: i64 = 86_400_000;
/// Cases about the same unit count as possibly the same for so long.
const UNIT_DAYS: i64 = 30;
/// Near-same words count for so long.
const WORD_DAYS: i64 = 3;
/// Cases of a store whose words are compared.
const COMPARED: i64 = 80;
/// Most that is shown of each.
const TWINS: usize = 5;
const SOLVED: usize = 3;
/// Candidates that one symptom or one word brings.
const CANDIDATES: i64 = 40;
const FOUND: usize = 40;
/// Texts alike by so many per cent of their pairs of letters are near the same.
const NEAR: usize = 60;

/// What is known of the request at hand.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The store.
    pub store: Option<Id<of::Unit>>,
    /// Whose it is.
    pub customer: Option<Id<of::Customer>>,
    /// Which product.
    pub product: String,
    /// Which unit of it.
    pub serial: String,
    /// The paper slip.
    pub slip: String,
    /// In a few words.
    pub subject: String,
    /// Codes of its symptoms.
    pub symptoms: Vec<String>,
    /// The case itself, which is not like itself.
    pub own: Option<Id<of::Case>>,
}

impl Asked {
    /// What is known of a case that was taken in.
    pub fn of(detail: &Detail) -> Self {
        let Detail { case, symptoms, .. } = detail;
        Self {
            store: Some(case.store),
            customer: case.customer,
            product: case.product.clone().unwrap_or_default(),
            serial: case.serial.clone().unwrap_or_default(),
            slip: String::new(),
            subject: case.subject.clone(),
            symptoms: symptoms.iter().map(|symptom| symptom.code.clone()).collect(),
            own: Some(case.id),
        }
    }
}

/// Why a case may be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The same paper slip.
    Slip,
    /// The same unit.
    Unit,
    /// The same customer has it open.
    Customer,
    /// Nearly the same words at the same store these days.
    Words,
}

impl Why {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Slip => "slip",
            Self::Unit => "unit",
            Self::Customer => "customer",
            Self::Words => "words",
        }
    }
}

/// A case that may be the same.
#[derive(Debug, Clone)]
pub struct Twin {
    /// The case.
    pub case: CaseRow,
    /// Why.
    pub why: Why,
}

/// Cases that may be the same as the one asked about, the surest first. They are shown and never stop anybody.
///
/// # Errors
/// `busy` when the database is away.
pub async fn twins(ctx: &Ctx, asked: Asked) -> Result<Vec<Twin>, Fault> {
    let input = (asked, ctx.reach(VIEW), ctx.now());
    ctx.read(input, |tx, (asked, reach, now)| Box::pin(find_twins(tx, asked, reach, *now))).await
}

async fn find_twins(tx: &mut Tx, asked: &Asked, reach: &Reach, now: Timestamp) -> Result<Vec<Twin>, Fault> {
    let mut found: Vec<Twin> = Vec::new();
    let mut add = |rows: Vec<CaseRow>, why: Why| {
        for case in rows {
            if Some(case.id) != asked.own && !found.iter().any(|twin| twin.case.id == case.id) {
                found.push(Twin { case, why });
            }
        }
    };
    let (slip, serial, subject) = (asked.slip.trim(), asked.serial.trim(), asked.subject.trim());
    if let (Some(shop), false) = (asked.store, slip.is_empty())
        && let Some((id, _)) = store::by_slip(tx, shop, slip).await?
    {
        let filter = store::Filter { ids: Some(vec![id]), ..store::Filter::default() };
        let listed = store::list(tx, &filter, store::Order::Newest, reach, None, 1).await?;
        add(listed.into_iter().map(|listed| listed.case).collect(), Why::Slip);
    }
    if !serial.is_empty() {
        add(store::of_serial(tx, serial, now.plus(-UNIT_DAYS * DAY), reach, 5).await?, Why::Unit);
    }
    if let Some(customer) = asked.customer {
        add(store::of_customer(tx, customer, reach, 5).await?, Why::Customer);
    }
    if let (Some(shop), true) = (asked.store, subject.chars().count() >= 4) {
        let wanted = pairs(subject);
        let mut rows = store::recent(tx, shop, now.plus(-WORD_DAYS * DAY), reach, COMPARED).await?;
        // Somebody else's washing machine that does not spin either is another case: only what is not said to differ.
        rows.retain(|row| {
            let other = asked.customer.is_some() && row.customer.is_some() && asked.customer != row.customer;
            !other && alike(&wanted, &pairs(&row.subject)) >= NEAR
        });
        add(rows, Why::Words);
    }
    found.truncate(TWINS);
    Ok(found)
}

/// A case that was solved, as an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solved {
    /// The case.
    pub case: SolvedRow,
    /// It has one of the same symptoms.
    pub same_symptom: bool,
    /// It is about the same product.
    pub same_product: bool,
}

/// Solved cases that are like the one asked about, the likest first. Looks at the newest with the same symptoms, and at what
/// search finds for the model and the words; never at more than a few hundred.
///
/// # Errors
/// `busy` when the database is away.
pub async fn similar(ctx: &Ctx, asked: Asked) -> Result<Vec<Solved>, Fault> {
    let catalogue = super::symptoms::symptoms(&ctx.house).await?;
    let named: Vec<Symptom> = asked
        .symptoms
        .iter()
        .filter_map(|code| catalogue.symptoms.iter().find(|symptom| symptom.code == *code).cloned())
        .collect();
    let input = (asked, named, ctx.reach(VIEW));
    ctx.read(input, |tx, (asked, named, reach)| Box::pin(find_similar(tx, asked, named, reach))).await
}

async fn find_similar(tx: &mut Tx, asked: &Asked, named: &[Symptom], reach: &Reach) -> Result<Vec<Solved>, Fault> {
    let mut with_symptom = BTreeSet::new();
    for symptom in named.iter().take(3) {
        with_symptom.extend(store::cases_with(tx, &symptom.code, CANDIDATES).await?);
    }
    let mut ids: BTreeSet<Id<of::Case>> = with_symptom.clone();
    for words in queries(asked, named) {
        let query = Query { text: &words, reach, kinds: &[RECORD], limit: FOUND, before: None };
        ids.extend(search::find(tx, &query).await?.hits.iter().map(|hit| Id::new(hit.record_id)));
    }
    if let Some(own) = asked.own {
        ids.remove(&own);
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = ids.into_iter().collect();
    let product = fold(&asked.product);
    let mut wanted = pairs(&asked.subject);
    wanted.extend(named.iter().flat_map(|symptom| pairs(&symptom.name_zh)));
    let mut scored: BTreeMap<(std::cmp::Reverse<usize>, std::cmp::Reverse<Timestamp>, Id<of::Case>), Solved> =
        BTreeMap::new();
    for case in store::solved(tx, &ids, reach).await? {
        let same_symptom = with_symptom.contains(&case.id);
        let same_product = !product.is_empty() && case.product.as_deref().is_some_and(|other| fold(other) == product);
        let held = pairs(&format!("{} {}", case.subject, case.body));
        let share = share(&wanted, &held);
        // Words in common alone are no likeness.
        if !same_symptom && share < 34 {
            continue;
        }
        // What had to be done twice is the worse example.
        let undone = usize::try_from(case.reopened).unwrap_or_default().min(2) * 10;
        let score = usize::from(same_symptom) * 40 + usize::from(same_product) * 30 + share;
        let key = (std::cmp::Reverse(score.saturating_sub(undone)), std::cmp::Reverse(case.resolved_at), case.id);
        scored.insert(key, Solved { case, same_symptom, same_product });
    }
    Ok(scored.into_values().take(SOLVED).collect())
}

/// What search is asked for: each symptom's name, the subject, and the subject's first words, with the product's model where
/// there is one.
fn queries(asked: &Asked, named: &[Symptom]) -> Vec<String> {
    let model = asked
        .product
        .split_whitespace()
        .find(|word| word.len() >= 4 && word.bytes().any(|byte| byte.is_ascii_digit()) && word.is_ascii());
    let mut words: Vec<String> = named.iter().take(2).map(|symptom| symptom.name_zh.clone()).collect();
    let subject = asked.subject.trim();
    let parts = subject.split(|c: char| c.is_whitespace() || c.is_ascii_punctuation() || "，。、；：！？".contains(c));
    let longest = parts.max_by_key(|part| part.chars().count()).unwrap_or_default();
    let count = longest.chars().count();
    if count >= 2 {
        // What went wrong stands at the end of a Chinese sentence.
        words.push(longest.chars().skip(count.saturating_sub(3)).collect());
        if count > 4 {
            words.push(longest.chars().skip(count.saturating_sub(5)).take(3).collect());
        }
    }
    words.truncate(4);
    match model {
        Some(model) => {
            words.iter().map(|word| format!("{model} {word}")).chain(words.iter().take(2).cloned()).collect()
        }
        None => words,
    }
}

fn fold(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Every two neighbouring letters.
fn pairs(text: &str) -> BTreeSet<(char, char)> {
    let letters: Vec<char> = fold(text).chars().collect();
    letters.iter().copied().zip(letters.iter().copied().skip(1)).collect()
}

/// How alike two texts are, in per cent (Dice).
fn alike(a: &BTreeSet<(char, char)>, b: &BTreeSet<(char, char)>) -> usize {
    let both = a.intersection(b).count();
    (200 * both).checked_div(a.len() + b.len()).unwrap_or(0)
}

/// How much of `wanted` is in `held`, in per cent.
fn share(wanted: &BTreeSet<(char, char)>, held: &BTreeSet<(char, char)>) -> usize {
    (100 * wanted.intersection(held).count()).checked_div(wanted.len()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_the_same_is_said_of_near_the_same() {
        let near = |a, b| alike(&pairs(a), &pairs(b));
        assert_eq!(near("洗衣机不脱水", "洗衣机不脱水"), 100);
        assert!(near("洗衣机脱水时响声大", "洗衣机脱水响声很大") >= NEAR);
        assert!(near("洗衣机不脱水", "冰箱不制冷") < NEAR);
        assert_eq!(near("", ""), 0);
    }

    #[test]
    fn a_model_narrows_the_search() {
        let asked = Asked {
            product: "清泉 滚筒洗衣机 XQG100-B14".into(),
            subject: "洗到一半不脱水".into(),
            ..Asked::default()
        };
        assert_eq!(queries(&asked, &[]), ["XQG100-B14 不脱水", "XQG100-B14 一半不", "不脱水", "一半不"]);
        assert!(queries(&Asked::default(), &[]).is_empty());
    }
}
