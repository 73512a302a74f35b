//! What headquarters keeps in order: lists that were changed for the company's own goods, a customer who was forgotten because they
//! asked for it, one whose wish still waits for an answer, and a file that has to be kept. All by the use cases that people use.

use std::sync::Arc;

use approvals::domain::Verdict;
use capability::{Ctx, Installation};
use kernel::{Fault, FaultKind, Id, of};
use parties::app::{CustomerCard, EntryAct, act_on_entry, add_entry, ask_erasure, entries, erasure, hold, list};
use parties::domain::{EntryInput, List};

use super::asked::person;

/// Entries of the company's own: in which list, 中文, English, and what a product's name holds.
const ADDED: [(List, &str, &str, Option<&str>); 3] = [
    (List::Goods, "智能门锁", "Smart lock", Some("门锁,智能锁,smart lock")),
    (List::Causes, "水质或水压", "Water quality or pressure", None),
    (List::Groups, "智能家居", "Smart home", None),
];
/// A kind of goods that the company does not sell.
const RETIRED: (List, &str) = (List::Goods, "e_bike");
/// Customers that are looked through for those without an open case.
const LOOKED_AT: u16 = 200;

/// Changes lists, and has one customer forgotten.
pub(super) async fn keep(house: &Arc<Installation>) -> Result<(), Fault> {
    let he = person(house, "he")?;
    for (list, zh, en, words) in ADDED {
        let input = EntryInput {
            name_zh: zh.to_owned(),
            name_en: Some(en.to_owned()),
            words: words.map(str::to_owned),
            ..EntryInput::default()
        };
        add_entry(&he, list, &input).await?;
    }
    let (from, code) = RETIRED;
    if let Some(entry) = entries(&he, from).await?.into_iter().find(|entry| entry.code == code) {
        act_on_entry(&he, from, entry.id, entry.version, EntryAct::Retire).await?;
    }
    forget(house).await
}

async fn forget(house: &Arc<Installation>) -> Result<(), Fault> {
    let (zhou, wu) = (person(house, "zhou")?, person(house, "wu")?);
    let mut reasons = ["本人到店书面提出，搬离本市不再使用", "本人打售后电话提出，要求删除电话和地址"].into_iter();
    let mut asked = Vec::new();
    let own = |file: &CustomerCard| Some(file.store) == zhou.actor.home && file.merged_into.is_none();
    let mut rest = list(&zhou, None, LOOKED_AT).await?.rows.into_iter().filter(own);
    if let Some(newest) = rest.next() {
        hold(&zhou, newest.id, newest.version, Some("消协正在调解，档案和记录要原样保留")).await?;
    }
    let mut reason = reasons.next();
    // Oldest last: who came lately is shown elsewhere in the company.
    while let (Some(why), Some(file)) = (reason, rest.next_back()) {
        match ask_erasure(&zhou, file.id, file.version, why).await {
            Ok(_) => {
                asked.push(file.id);
                reason = reasons.next();
            }
            // Something is open with this one, or it has to be kept.
            Err(fault) if fault.kind() == FaultKind::Refused => {}
            Err(fault) => return Err(fault),
        }
    }
    match asked.first() {
        Some(first) => grant(&zhou, &wu, *first).await,
        None => Ok(()),
    }
}

async fn grant(who: &Ctx, decider: &Ctx, customer: Id<of::Customer>) -> Result<(), Fault> {
    let Some(approval) = erasure(who, customer).await?.asked else { return Ok(()) };
    let version = approvals::app::detail(decider, approval).await?.approval.version;
    approvals::app::decide(decider, approval, version, Verdict::Grant, Some("已核对本人身份证件".to_owned()))
        .await
        .map(|_| ())
}
