//! Audits of the demo company: one of last spring, one that runs with a sample, an assessor from outside and two findings, one planned visit.

use std::sync::Arc;

use audits::app::{Answer, Asked, Draft, FindingDraft, Let, LineDraft};
use audits::domain::{Kind, Severity, State};
use capability::Installation;
use kernel::{Day, Fault, Id, of};

use super::asked::person;

/// What the assessor from outside signs in with; the password is everybody's.
pub(crate) const ASSESSOR: &str = "cqc-liu";
/// Days since the running audit began.
const BEGAN: i32 = 1;

/// The plan of the running audit: day, from, until, what, clause, who.
const PLAN: &[(i32, i8, i8, &str, Option<&str>, &str)] = &[
    (0, 9, 10, "首次会议", None, "总部质量、各区经理"),
    (0, 10, 12, "制度、目标和监督记录", Some("5.1.5.1"), "何静"),
    (0, 14, 17, "抽样门店：单据与时限", Some("5.3.2.1"), "店长、客服"),
    (1, 9, 12, "抽样门店：投诉处理", Some("5.3.2.4"), "店长、客服"),
    (1, 14, 16, "人员资格与培训", Some("5.1.2.2"), "何静"),
    (2, 9, 11, "补充取证、内部沟通", None, "审核组"),
    (2, 14, 15, "末次会议", None, "总部质量、各区经理"),
];

fn external(title: &str, from: Day, days: i32) -> Draft {
    Draft {
        kind: Some(Kind::External),
        title: title.to_owned(),
        scheme: audits::app::SCHEME.to_owned(),
        body: Some("华测认证中心（虚构）".to_owned()),
        lead_name: Some("刘评审".to_owned()),
        from_on: Some(from),
        until_on: Some(from.plus(days)),
        ..Draft::default()
    }
}

fn finding(
    severity: Severity,
    clause: &str,
    unit: Option<Id<of::Unit>>,
    case: Option<&str>,
    seen: &str,
) -> FindingDraft {
    FindingDraft {
        severity: Some(severity),
        clause: clause.to_owned(),
        unit,
        case: case.map(str::to_owned),
        seen: seen.to_owned(),
    }
}

/// Audits with what came of them.
pub(super) async fn audits(house: &Arc<Installation>, password: &str) -> Result<(), Fault> {
    let he = person(house, "he")?;
    let today = house.clock.now().day(&house.zone);
    let manager = person(house, "zhou")?;

    // Last spring, closed.
    let fang = person(house, "fang")?.actor.user;
    let past = audits::app::create(
        &he,
        Draft {
            kind: Some(Kind::Internal),
            title: "上半年内部审核".to_owned(),
            scheme: audits::app::SCHEME.to_owned(),
            lead: fang,
            from_on: Some(today.plus(-150)),
            until_on: Some(today.plus(-149)),
            ..Draft::default()
        },
    )
    .await?;
    audits::app::replay_state(&he, &past, "7 项现场核对全部符合，1 个观察项已在当场改正。").await?;

    // The one that runs.
    let from = today.plus(-BEGAN);
    let audit = audits::app::create(&he, external("年度监督审核", from, 4)).await?;
    for (day, begin, end, topic, clause, who) in PLAN {
        let line = LineDraft {
            from_at: Some(from.plus(*day).at(*begin, 0, &house.zone)),
            until_at: Some(from.plus(*day).at(*end, 0, &house.zone)),
            unit: None,
            clause: clause.map(str::to_owned),
            who: Some((*who).to_owned()),
            topic: (*topic).to_owned(),
        };
        audits::app::add_line(&he, audit.id, line).await?;
    }
    let asked = Asked {
        from_on: Some(today.plus(-365)),
        until_on: Some(today.plus(-1)),
        stores: 4,
        cases: 4,
        complaints: 2,
        seed: 20_261_118,
    };
    audits::app::draw(&he, audit.id, asked).await?;
    audits::app::go(&he, audit.id, audit.version, State::Running, None).await?;
    let guest = Let {
        name: "刘评审".to_owned(),
        login: ASSESSOR.to_owned(),
        email: None,
        from_on: Some(from),
        until_on: Some(today.plus(30)),
        locale: "zh-CN".to_owned(),
    };
    let given = audits::app::give(&he, audit.id, guest).await?;
    let hashed = (given.user, password.to_owned(), house.clock.now());
    house
        .db
        .write(hashed, |tx, (user, hash, now)| {
            Box::pin(async move { identity::store::users::set_password(tx, *now, *user, hash).await })
        })
        .await?;
    house.identity.directories().refresh().await?;
    let liu = person(house, ASSESSOR)?;
    let whole = audits::app::whole(&liu, audit.id).await?;
    let store = whole.stores.first().map(|store| store.unit);
    let case = whole.cases.iter().find(|case| Some(case.unit) == store).map(|case| case.number.as_str());
    let open = finding(
        Severity::Minor,
        "5.3.2.1",
        store,
        case,
        "抽查的单据中有 1 单在顾客离店 3 小时后才录入，现场没有纸质记录可以对照时间。",
    );
    audits::app::write(&liu, audit.id, open).await?;
    let second = finding(
        Severity::Observation,
        "5.2.2.1",
        None,
        None,
        "价目表已公示，但上门费的起算方式只写在内部通知里，顾客看不到。",
    );
    let second = audits::app::write(&liu, audit.id, second).await?;
    let version = audits::app::assign(&he, second.id, second.version, manager.actor.user, Some(today.plus(7))).await?;
    let answer = Answer {
        cause: "价目表模板没有起算方式这一栏，各店只能口头说明。".to_owned(),
        done: "模板加了起算方式，全部门店当天换了新价目表，官网同步。".to_owned(),
        proof: Some("新价目表照片 12 张，见 11 月巡店记录。".to_owned()),
        files: Vec::new(),
    };
    let version = audits::app::answer(&manager, second.id, version, answer).await?;
    audits::app::judge(&liu, second.id, version, true, Some("现场看到新价目表，有效。".to_owned())).await?;

    // One that is ahead.
    let visit = Draft {
        kind: Some(Kind::Mystery),
        title: "双十二前神秘顾客".to_owned(),
        scheme: "门店巡查表".to_owned(),
        lead: fang,
        from_on: Some(today.plus(14)),
        until_on: Some(today.plus(18)),
        ..Draft::default()
    };
    audits::app::create(&he, visit).await.map(|_| ())
}
