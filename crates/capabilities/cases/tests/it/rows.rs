//! Every function of the store.

use cases::domain::*;
use cases::store::{self, Case, CaseRow, Due, Filter, Link, Message, NewLink, Order};
use db::Db;
use kernel::{ActorKind, Cursor, Fault, Id, Money, Reach, Timestamp};
use testapp::TestApp;

use crate::shop::{capabilities, plan};

fn at(minutes: i64) -> Timestamp {
    "2026-11-22T06:32:00Z".parse::<Timestamp>().unwrap().plus(minutes * 60_000)
}

pub fn case(app: &TestApp, n: i64) -> Case {
    Case {
        id: Id::new(n),
        number: format!("FW20261122-{n:04}"),
        kind: Kind::Repair,
        channel: Channel::Phone,
        priority: Priority::Normal,
        state: State::New,
        step: Step::Request,
        store: app.unit("S1"),
        team: None,
        owner: None,
        customer: None,
        customer_name: "王丽华".into(),
        phone_masked: "138****5678".into(),
        subject: "不脱水".into(),
        body: String::new(),
        wish: Wish::Unsaid,
        upset: false,
        product: None,
        serial: None,
        accessories: None,
        external_id: None,
        due: Some(Due { stage: Stage::Acknowledge, at: at(n), soon_at: at(n - 1), from: at(0) }),
        outcome: None,
        cause: None,
        result_note: None,
        declined: 0,
        reopened: 0,
        own_flow: false,
        merged_into: None,
        happened_at: at(0),
        created_at: at(0),
        created_by: None,
        accepted_at: None,
        first_answered_at: None,
        resolved_at: None,
        closed_at: None,
        version: 1,
    }
}

/// Runs `body` as a write.
macro_rules! write {
    ($app:expr, $input:expr, |$tx:ident, $in:pat_param| $body:expr) => {
        $app.house.db.write($input, |$tx, $in| Box::pin(async move { Ok::<_, Fault>($body) })).await.unwrap()
    };
}

#[testkit::db_test]
async fn a_case_comes_back_as_it_went_in(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let wait = Wait { reason: WaitReason::Parts, until: at(60), owner: app.user("tech1"), previous: Active::Executing };
    let full = Case {
        state: State::Waiting(wait),
        step: Step::Execution,
        owner: Some(app.user("tech1")),
        outcome: Some(Outcome::Fixed),
        cause: Some(Cause::PRODUCT),
        result_note: Some("ok".into()),
        external_id: Some("A-1".into()),
        accepted_at: Some(at(1)),
        first_answered_at: Some(at(2)),
        body: "😀 \u{5d0}\u{5d1} ".repeat(1_000),
        ..case(&app, 7)
    };
    let over =
        Case { state: State::Closed, step: Step::Satisfaction, due: None, closed_at: Some(at(9)), ..case(&app, 8) };
    let idle = Case { due: None, ..case(&app, 9) };
    let input = vec![full.clone(), over.clone(), idle.clone()];
    write!(app, input, |tx, cases| store::insert_many(tx, cases).await?);
    for expected in [&full, &over, &idle] {
        assert_eq!(write!(app, expected.id, |tx, id| store::get(tx, *id).await?).as_ref(), Some(expected));
    }
    assert_eq!(write!(app, full.id, |tx, id| store::hold(tx, *id).await?).as_ref(), Some(&full), "held as it is");
    let found = write!(app, full.store, |tx, shop| store::by_external_id(tx, *shop, "A-1").await?);
    assert_eq!(found.map(|case| case.id), Some(full.id));
    let other = write!(app, app.unit("S2"), |tx, shop| store::by_external_id(tx, *shop, "A-1").await?);
    assert_eq!(other, None);
}

#[testkit::db_test]
async fn saving_needs_the_present_version(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let first = case(&app, 7);
    write!(app, first.clone(), |tx, case| store::insert(tx, case).await?);
    let accepted = Case { state: State::Active(Active::Accepted), step: Step::Intake, ..first.clone() };
    assert!(write!(app, accepted.clone(), |tx, case| store::save(tx, case).await?));
    assert!(!write!(app, accepted.clone(), |tx, case| store::save(tx, case).await?), "version 1 is gone");
    let paced = Case { due: None, first_answered_at: Some(at(3)), version: 2, ..accepted };
    write!(app, paced.clone(), |tx, case| store::save_pace(tx, case).await?);
    assert_eq!(write!(app, first.id, |tx, id| store::get(tx, *id).await?), Some(paced));
}

#[testkit::db_test]
async fn numbers_and_external_ids_are_unique(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let first = Case { external_id: Some("A-1".into()), ..case(&app, 7) };
    write!(app, first.clone(), |tx, case| store::insert(tx, case).await?);
    let same_number = Case { id: Id::new(8), external_id: None, ..first.clone() };
    let same_key = Case { id: Id::new(8), number: "X".into(), ..first };
    for twin in [same_number, same_key] {
        let refused = app
            .house
            .db
            .write(twin, |tx, case| Box::pin(async move { store::insert(tx, case).await.map_err(Fault::from) }))
            .await;
        assert_eq!(refused.unwrap_err().code(), "duplicate");
    }
}

#[testkit::db_test]
async fn lists_are_ordered_scoped_and_paged(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let (tech, s2) = (app.user("tech1"), app.unit("S2"));
    let mut cases: Vec<Case> = (1..=6).map(|n| case(&app, n)).collect();
    cases[1].owner = Some(tech);
    cases[2].store = s2;
    cases[3].state = State::Closed;
    cases[3].due = None;
    cases[4].due = None;
    cases[5].kind = Kind::Complaint;
    cases[5].happened_at = at(50);
    write!(app, cases.clone(), |tx, cases| store::insert_many(tx, cases).await?);
    let find = async |filter: Filter, order: Order, reach: Reach, after: Option<Cursor>, limit: i64| -> Vec<i64> {
        let rows = app.house.db.read((filter, reach, after), move |tx, (filter, reach, after)| {
            Box::pin(async move {
                store::list::<CaseRow>(tx, filter, order, reach, *after, limit).await.map_err(Fault::from)
            })
        });
        rows.await.unwrap().into_iter().map(|row| row.case.id.get()).collect()
    };
    let company = Reach::company;
    assert_eq!(
        find(Filter::live(), Order::Due, company(), None, 10).await,
        [1, 2, 3, 6, 5],
        "what has no deadline stands last"
    );
    assert_eq!(find(Filter::live(), Order::Due, company(), None, 2).await, [1, 2]);
    let after = Some(Cursor { key: at(2).millis(), id: 2 });
    assert_eq!(find(Filter::live(), Order::Due, company(), after, 2).await, [3, 6]);
    assert_eq!(find(Filter::default(), Order::Newest, company(), None, 10).await, [6, 5, 4, 3, 2, 1]);
    let after = Some(Cursor { key: at(0).millis(), id: 4 });
    assert_eq!(find(Filter::default(), Order::Newest, company(), after, 10).await, [3, 2, 1]);
    let of = |stores: &[_]| Reach { stores: stores.iter().copied().collect(), ..Reach::default() };
    assert_eq!(find(Filter::default(), Order::Newest, of(&[s2]), None, 10).await, [3]);
    assert_eq!(find(Filter::default(), Order::Newest, Reach::default(), None, 10).await, Vec::<i64>::new());
    let own = Reach { own: Some(tech), ..Reach::default() };
    assert_eq!(find(Filter::default(), Order::Newest, own, None, 10).await, [2]);
    // Several parts of one reach: in one order, nothing twice, and nothing lost at the page's end.
    let both = Reach { own: Some(tech), ..of(&[app.unit("S1"), s2]) };
    assert_eq!(find(Filter::default(), Order::Newest, both.clone(), None, 10).await, [6, 5, 4, 3, 2, 1]);
    assert_eq!(find(Filter::live(), Order::Due, both.clone(), None, 3).await, [1, 2, 3]);
    let after = Some(Cursor { key: at(2).millis(), id: 2 });
    assert_eq!(find(Filter::live(), Order::Due, both.clone(), after, 2).await, [3, 6]);
    let mine = Filter { owners: vec![tech], ..Filter::default() };
    assert_eq!(find(mine, Order::Newest, both.clone(), None, 10).await, [2]);
    let tally = write!(app, both, |tx, reach| store::count(tx, &Filter::live(), reach).await?);
    assert_eq!((tally.n, tally.more), (5, false));
    let team = Reach { teams: [app.unit("QA")].into(), own: Some(tech), ..of(&[s2]) };
    assert_eq!(find(Filter::default(), Order::Newest, team, None, 10).await, [3, 2]);
    let complaints = Filter { kinds: vec![Kind::Complaint, Kind::Return], ..Filter::default() };
    assert_eq!(find(complaints, Order::Newest, company(), None, 10).await, [6]);
    let closed = Filter { categories: vec![Category::Closed], ..Filter::default() };
    assert_eq!(find(closed, Order::Newest, company(), None, 10).await, [4]);
    let soon = Filter { due_before: Some(at(3)), ..Filter::live() };
    assert_eq!(find(soon, Order::Due, company(), None, 10).await, [1, 2]);
    let free = Filter {
        unowned: true,
        stores: vec![s2],
        happened_before: Some(at(1)),
        happened_from: Some(at(0)),
        ..Filter::default()
    };
    assert_eq!(find(free, Order::Newest, company(), None, 10).await, [3]);
    let some = Filter { ids: Some(vec![Id::new(2), Id::new(99)]), states: vec![StateName::New], ..Filter::default() };
    assert_eq!(find(some, Order::Newest, company(), None, 10).await, [2]);
    let tally = write!(app, (), |tx, ()| store::count(tx, &Filter::live(), &Reach::company()).await?);
    assert_eq!((tally.n, tally.more), (5, false));
}

#[testkit::db_test]
async fn messages_plans_links_and_waits(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let wait =
        Wait { reason: WaitReason::Parts, until: at(60), owner: app.user("tech1"), previous: Active::PlanProposed };
    let waiting = Case { state: State::Waiting(wait), ..case(&app, 7) };
    let id = waiting.id;
    write!(app, waiting.clone(), |tx, case| store::insert(tx, case).await?);

    assert_eq!(write!(app, (), |tx, ()| store::overdue_waits(tx, at(59), 10).await?), []);
    assert_eq!(write!(app, (), |tx, ()| store::overdue_waits(tx, at(60), 10).await?), [id]);

    let said = |n, visibility| Message {
        id: Id::new(n),
        case: id,
        visibility,
        direction: Direction::In,
        author_kind: ActorKind::Customer,
        author: None,
        author_name: "王丽华".into(),
        body: "😀".repeat(10_000),
        created_at: at(n),
    };
    let all = vec![said(1, Visibility::Public), said(2, Visibility::Internal), said(3, Visibility::Public)];
    write!(app, all.clone(), |tx, all| {
        store::insert_message(tx, &all[0]).await?;
        store::insert_messages(tx, &all[1..]).await?
    });
    let public = write!(app, id, |tx, id| store::messages_of(tx, *id, Some(Visibility::Public), None, 10).await?);
    assert_eq!(public, [all[2].clone(), all[0].clone()]);
    let older = write!(app, id, |tx, id| store::messages_of(tx, *id, None, Some(3), 1).await?);
    assert_eq!(older, [all[1].clone()]);

    let revision = write!(app, id, |tx, id| store::insert_plan(tx, Id::new(1), *id, &plan(), None, at(0)).await?);
    assert_eq!(revision, 1);
    assert_eq!(write!(app, id, |tx, id| store::options_open(tx, *id).await?), 2);
    assert_eq!(write!(app, id, |tx, id| store::supersede(tx, *id, at(1)).await?), 1);
    assert_eq!(write!(app, id, |tx, id| store::insert_plan(tx, Id::new(2), *id, &plan(), None, at(1)).await?), 2);
    assert!(write!(app, id, |tx, id| store::declined(tx, *id, "太贵", at(2)).await?));
    assert!(!write!(app, id, |tx, id| store::declined(tx, *id, "太贵", at(2)).await?));
    assert_eq!(write!(app, id, |tx, id| store::insert_plan(tx, Id::new(3), *id, &plan(), None, at(3)).await?), 3);
    assert!(write!(app, id, |tx, id| store::decide_plan(tx, *id, 1, ProofKind::Phone, Some("说可以"), at(4)).await?));
    let plans = write!(app, id, |tx, id| store::plans_of(tx, *id).await?);
    assert_eq!(
        plans.iter().map(|plan| plan.state).collect::<Vec<_>>(),
        [PlanState::Confirmed, PlanState::Declined, PlanState::Superseded]
    );
    assert!(plans.iter().all(|row| row.plan == plan()));
    assert_eq!((plans[0].chosen, plans[0].proof_note.as_deref()), (Some(1), Some("说可以")));
    assert_eq!(plans[0].plan.options[0].customer_pays(), Money::from_fen(3_000));

    let link = |n: i64, purpose| NewLink {
        id: Id::new(n),
        token_hash: format!("hash{n}"),
        case: id,
        purpose,
        created_at: at(0),
        created_by: None,
        expires_at: at(100),
    };
    let all = vec![link(1, Purpose::Track), link(2, Purpose::Decide), link(3, Purpose::Decide)];
    write!(app, all, |tx, all| for link in all {
        store::insert_link(tx, link).await?;
    });
    assert!(write!(app, (), |tx, ()| store::mark_used(tx, Id::new(2), at(5)).await?));
    assert!(!write!(app, (), |tx, ()| store::mark_used(tx, Id::new(2), at(6)).await?), "a decision is taken once");
    write!(app, (), |tx, ()| store::mark_opened(tx, Id::new(1), at(7)).await?);
    write!(app, (), |tx, ()| store::mark_opened(tx, Id::new(1), at(8)).await?);
    assert_eq!(write!(app, id, |tx, id| store::revoke(tx, *id, Some(Purpose::Decide), at(9)).await?), 1);
    assert!(
        !write!(app, (), |tx, ()| store::mark_used(tx, Id::new(3), at(9)).await?),
        "what was taken back decides nothing"
    );
    let links: Vec<Link> = write!(app, id, |tx, id| store::links_of(tx, *id).await?);
    let seen: Vec<_> =
        links.iter().map(|link| (link.id.get(), link.opened_at, link.used_at, link.revoked_at)).collect();
    assert_eq!(seen, [(3, None, None, Some(at(9))), (2, None, Some(at(5)), None), (1, Some(at(7)), None, None)]);
    let found = write!(app, (), |tx, ()| store::link_by_hash(tx, "hash2").await?);
    assert_eq!(found.map(|link| link.id), Some(Id::new(2)));
}

#[testkit::db_test]
async fn blocks_of_numbers_never_overlap(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let day = "2026-11-22".parse().unwrap();
    let take = async || write!(app, day, |tx, day| store::reserve(tx, "FW", *day).await?);
    assert_eq!((take().await, take().await), (1, 101));
    let other = write!(app, day, |tx, day| store::reserve(tx, "TS", *day).await?);
    assert_eq!(other, 1);
}

/// Every stage of every kind and priority has a deadline from the first day.
#[testkit::db_test]
async fn the_shipped_policy_covers_everything(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let policy = write!(app, (), |tx, ()| store::policy(tx).await?);
    let mut page = String::new();
    for stage in Stage::ALL.iter().filter(|stage| !stage.is_promised()) {
        for kind in Kind::ALL {
            let times: Vec<String> = Priority::ALL
                .iter()
                .map(|priority| {
                    let deadline = policy.deadline(*kind, *priority, *stage, at(0)).unwrap();
                    format!("{} {}", deadline.amount, deadline.unit)
                })
                .collect();
            page.push_str(&format!("{stage:<15} {kind:<12} {}\n", times.join(" · ")));
        }
    }
    insta::assert_snapshot!("policy", page);
}
