//! A company with cases, and shorthands.

use audits::app::{self, Asked, Draft, FindingDraft, Let};
use audits::domain::{Kind, Severity, State};
use audits::store::Audit;
use capability::{Capability, Ctx};
use cases::app::Intake;
use cases::domain::{Channel, Kind as CaseKind};
use db::Db;
use kernel::{Day, Id, of};
use testapp::TestApp;

pub fn capabilities() -> Vec<Capability> {
    vec![
        approvals::capability(),
        notices::capability(),
        parties::capability(),
        cases::capability(),
        scores::capability(),
        audits::capability(),
        insight::capability(),
    ]
}

pub async fn start(db: Db) -> TestApp {
    TestApp::start(db, capabilities).await
}

pub fn today(app: &TestApp) -> Day {
    app.clock.now().day(&app.house.zone)
}

pub async fn case(app: &TestApp, login: &str, store: &str, text: &str) -> (Id<of::Case>, String) {
    let intake = Intake {
        store: app.unit(store),
        kind: CaseKind::Repair,
        channel: Channel::Counter,
        subject: text.to_owned(),
        body: format!("{text}，电话 13812345678"),
        ..Intake::default()
    };
    let taken = cases::app::take_in(&app.ctx(login).await, intake).await.unwrap();
    (taken.id, taken.number)
}

pub async fn plan(app: &TestApp, kind: Kind) -> Audit {
    let from = today(app);
    let draft = Draft {
        kind: Some(kind),
        title: "年度监督审核".into(),
        scheme: "gbt27922".into(),
        body: Some("认证中心".into()),
        from_on: Some(from),
        until_on: Some(from.plus(4)),
        ..Draft::default()
    };
    app::create(&app.ctx("quality").await, draft).await.unwrap()
}

pub fn asked(app: &TestApp, stores: i64) -> Asked {
    let today = today(app);
    Asked { from_on: Some(today.plus(-30)), until_on: Some(today), stores, cases: 2, complaints: 1, seed: 7 }
}

/// A running audit with a sample of every store.
pub async fn running(app: &TestApp, stores: i64) -> Audit {
    let quality = app.ctx("quality").await;
    let audit = plan(app, Kind::External).await;
    app::draw(&quality, audit.id, asked(app, stores)).await.unwrap();
    app::go(&quality, audit.id, audit.version, State::Running, None).await.unwrap();
    audit
}

/// Somebody from outside, let in for five days.
pub async fn guest(app: &TestApp, audit: &Audit, login: &str) -> Ctx {
    let from = today(app);
    let wanted = Let {
        name: "刘评审".into(),
        login: login.into(),
        email: None,
        from_on: Some(from),
        until_on: Some(from.plus(4)),
        locale: "zh-CN".into(),
    };
    app::give(&app.ctx("quality").await, audit.id, wanted).await.unwrap();
    app.house.identity.directories().refresh().await.unwrap();
    app.ctx(login).await
}

pub fn written(unit: Option<Id<of::Unit>>, case: Option<&str>, seen: &str) -> FindingDraft {
    FindingDraft {
        severity: Some(Severity::Minor),
        clause: "5.3.2.1".into(),
        unit,
        case: case.map(str::to_owned),
        seen: seen.into(),
    }
}
