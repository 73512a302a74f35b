//! Self-assessments of the demo company: two of the whole company, a season apart, and one of a store today; and the certificate that it
//! holds, which ends soon.

use std::sync::Arc;

use assessments::app::{Draft, make, replay};
use assessments::certificates::app as certificates;
use capability::{Ctx, Installation};
use kernel::{Day, Fault, Id, of};

use super::asked::person;

/// Of the company: days ago (each has a score that was kept), title, note.
const COMPANY: [(i32, &str, &str); 2] = [
    (94, "第三季度自评", "认证前的第一次自评：先看缺什么"),
    (10, "认证前自评", "按第三季度的缺口补过凭证，送认证机构前再评一次"),
];

/// Makes them, each at its own time.
pub(super) async fn assess(house: &Arc<Installation>) -> Result<(), Fault> {
    let he = person(house, "he")?;
    let today = house.clock.now().day(&house.zone);
    let (company, store) = {
        let directory = house.identity.directories().now();
        let company = directory.company().ok_or_else(Fault::not_found)?.id;
        let store = directory.stores().find(|store| store.code == "HZ01").ok_or_else(Fault::not_found)?.id;
        (company, store)
    };
    for (ago, title, note) in COMPANY {
        let day = today.plus(-ago);
        let draft = Draft { unit: Some(company), day: Some(day), title: title.to_owned(), note: Some(note.to_owned()) };
        replay(&he, &draft, day.at(17, 20, &house.zone)).await?;
    }
    let draft = Draft { unit: Some(store), day: Some(today), title: "门店月度自评".to_owned(), note: None };
    make(&he, &draft).await?;
    certify(&he, company, today).await
}

/// Days until the certificate ends: its renewal has to run.
const ENDS: i32 = 75;

/// The company's certificate: both surveillances done, its mark at two places, one of them no longer.
async fn certify(he: &Ctx, company: Id<of::Unit>, today: Day) -> Result<(), Fault> {
    let until = today.plus(ENDS);
    let from = until.plus(1).plus_months(-36);
    let draft = certificates::Draft {
        unit: Some(company),
        issuer: "中标华信（示例）".to_owned(),
        number: "ZBHX-27922-0318".to_owned(),
        rule: "GB/T 27922-2011".to_owned(),
        scope: "家用电器的零售及售后服务".to_owned(),
        level: "三星级售后服务".to_owned(),
        from: Some(from),
        until: Some(until),
        note: Some("换证想评四星：先看自评的缺口".to_owned()),
    };
    let id = certificates::replay(he, &draft, from.plus(4).at(10, 5, &he.house.zone)).await?;
    let results = ["通过，1 项轻微不符合已整改", "通过，无不符合"];
    for (visit, result) in certificates::detail(he, id).await?.visits.iter().zip(results) {
        certificates::visit(he, id, visit.id, Some(visit.due_on.plus(-6)), result).await?;
    }
    for place in ["官网页脚", "2024 款宣传册"] {
        certificates::add_use(he, id, place, Some(from), Some(until)).await?;
    }
    match certificates::detail(he, id).await?.uses.first() {
        Some(newest) => certificates::end_use(he, id, newest.id).await,
        None => Ok(()),
    }
}
