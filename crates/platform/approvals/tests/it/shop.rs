//! The small company with something that needs a second yes, and shorthands.

use approvals::app::{self, Ask, Detail, Outcome};
use approvals::domain::{Split, Verdict};
use approvals::store::ApprovalId;
use capability::{Capability, Ctx, Event};
use db::{Db, args};
use kernel::{Fault, Id, Money, Place, RecordRef, of};
use messaging::MessageRow;
use testapp::TestApp;

pub const MINUTE: i64 = 60_000;
pub const DAY: i64 = 24 * 60 * MINUTE;

pub fn capabilities() -> Vec<Capability> {
    vec![
        Capability { approval_kinds: &["goodwill"], ..Capability::new("test") },
        approvals::capability(),
        notices::capability(),
    ]
}

pub async fn shop(db: Db) -> TestApp {
    TestApp::start_at(db, capabilities, Some("https://service.example.com")).await
}

/// What is asked at `store`, in yuan.
pub fn question(app: &TestApp, store: &str, statutory: i64, extra: i64) -> Ask {
    let place = Place { store: app.unit(store), team: None, owner: None };
    Ask {
        record: RecordRef::new("case", Id::<of::Case>::new(77)),
        number: "FW20261122-0001".into(),
        href: "/cases/77".into(),
        place,
        kind: "goodwill",
        sentence: "洗衣机两次维修未修好，免收折旧".into(),
        split: Split { statutory: Money::from_fen(statutory * 100), extra: Money::from_fen(extra * 100) },
        two_persons: false,
        always: false,
    }
}

/// `ctx` wants what `ask` says.
pub async fn ask(ctx: &Ctx, ask: Ask) -> Outcome {
    ctx.write(ask, |work, ask| {
        Box::pin(async move {
            let outcome = app::ask(work, ask).await?;
            let event = Event::new(ask.record.clone(), "case.plan_proposed", ask.place);
            Ok(work.record(event).await?.with(outcome))
        })
    })
    .await
    .unwrap()
}

/// The same, and it has to wait.
pub async fn asked(ctx: &Ctx, question: Ask) -> Id<ApprovalId> {
    match ask(ctx, question).await {
        Outcome::Waiting(id) => id,
        other => panic!("{other:?}"),
    }
}

pub async fn detail(app: &TestApp, login: &str, id: Id<ApprovalId>) -> Result<Detail, Fault> {
    app::detail(&app.ctx(login).await, id).await
}

/// Logins of those whose turn it is, as headquarters sees it.
pub async fn turn(app: &TestApp, id: Id<ApprovalId>) -> Vec<String> {
    let detail = detail(app, "quality", id).await.unwrap();
    let directory = app.house.identity.directories().now();
    detail.seats.iter().map(|seat| directory.user(seat.user).unwrap().login.clone()).collect()
}

/// The answer of `login` on the version that stands now.
pub async fn answer(app: &TestApp, login: &str, id: Id<ApprovalId>, verdict: Verdict) -> Result<app::Answered, Fault> {
    let version = detail(app, "quality", id).await.unwrap().approval.version;
    let reason = (verdict == Verdict::Decline).then(|| "先换新，不补现金".to_owned());
    app::decide(&app.ctx(login).await, id, version, verdict, reason).await
}

/// Gives `login` a telephone.
pub async fn phone(app: &TestApp, login: &str, number: &str) {
    let input = (app.user(login), number.to_owned());
    let done = app.house.db.write(input, |tx, (user, number)| {
        Box::pin(async move {
            tx.exec("UPDATE user_account SET phone = $2 WHERE id = $1", args![*user, number]).await?;
            tx.exec("UPDATE directory_version SET version = version + 1", &[]).await.map_err(Fault::from)
        })
    });
    done.await.unwrap();
    app.house.identity.directories().refresh().await.unwrap();
}

/// The messages that belong to the question, newest first, with their whole text.
pub async fn messages(app: &TestApp, id: Id<ApprovalId>) -> Vec<(MessageRow, String)> {
    app.house
        .db
        .read(id, |tx, id| {
            Box::pin(async move {
                let rows = messaging::of_record(tx, &RecordRef::new("approval", *id), None, 50).await?;
                let mut all = Vec::new();
                for row in rows {
                    let text = messaging::reveal(tx, row.id).await?.map(|(_, body)| body).unwrap_or_default();
                    all.push((row, text));
                }
                Ok::<_, Fault>(all)
            })
        })
        .await
        .unwrap()
}

/// Verbs and changes that the journal has of a record, oldest first.
pub async fn journal(app: &TestApp, record: RecordRef) -> Vec<(String, Vec<(String, String)>)> {
    let entries = app
        .house
        .db
        .read(record, |tx, record| {
            Box::pin(async move { journal::of_record(tx, record, None, 100).await.map_err(Fault::from) })
        })
        .await
        .unwrap();
    let mut all: Vec<_> = entries
        .into_iter()
        .map(|entry| {
            let changes = entry.changes.into_iter().map(|change| (change.field, change.after.unwrap_or_default()));
            (entry.seq, entry.verb, changes.collect())
        })
        .collect();
    all.sort_by_key(|(seq, ..)| *seq);
    all.into_iter().map(|(_, verb, changes)| (verb, changes)).collect()
}

/// A metric over all stores and days.
pub async fn metric(app: &TestApp, id: &str) -> Option<i64> {
    let metric = *app.house.metrics.iter().find(|metric| metric.id == id).unwrap();
    let slice = metrics::Slice {
        stores: ["S1", "S2", "S3"].map(|code| app.unit(code)).to_vec(),
        from: "2025-01-01".parse().unwrap(),
        to: "2027-12-31".parse().unwrap(),
        by: metrics::By::Total,
    };
    let points = app
        .house
        .db
        .read((metric, slice), |tx, (metric, slice)| Box::pin(async move { metrics::read(tx, metric, slice).await }))
        .await
        .unwrap();
    points[0].value.map(|reading| reading.n)
}
