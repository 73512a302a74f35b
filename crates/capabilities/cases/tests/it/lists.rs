use cases::app::{self, Filter, Intake, Order};
use cases::domain::*;
use cases::store::{self, Case, CaseRow, Measure, Measured};
use db::Db;
use kernel::{Cursor, Fault, Reach, Timestamp};
use testapp::TestApp;

use crate::shop::*;

#[testkit::db_test]
async fn the_queue_is_paged_by_deadline_within_reach(db: Db) {
    let app = shop(db).await;
    let (clerk, other) = (app.ctx("clerk1").await, app.ctx("clerk2").await);
    let mut expected = Vec::new();
    for (n, priority) in [Priority::Low, Priority::Urgent, Priority::Normal, Priority::High].into_iter().enumerate() {
        let taken =
            app::take_in(&clerk, Intake { priority, subject: format!("第 {n} 单"), ..washer(&app) }).await.unwrap();
        expected.push((taken.due.unwrap().at, taken.id));
    }
    app::take_in(&other, Intake { store: app.unit("S2"), ..washer(&app) }).await.unwrap();
    expected.sort();
    let expected: Vec<_> = expected.into_iter().map(|(_, id)| id).collect();
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = app::list(&clerk, Filter::live(), Order::Due, after, 3).await.unwrap();
        seen.extend(page.rows.iter().map(|row| row.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, expected);
    let tally = |login: &'static str| {
        let app = &app;
        async move { app::count(&app.ctx(login).await, Filter::live()).await.unwrap().n }
    };
    assert_eq!((tally("clerk1").await, tally("clerk2").await, tally("east").await, tally("boss3").await), (4, 1, 5, 0));
    assert_eq!(tally("tech1").await, 0);
}

#[testkit::db_test]
async fn a_list_is_searched_by_words_number_tail_serial_and_initials(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    let taken = taken(&app).await;
    app::post_message(&clerk, taken.id, Visibility::Internal, "排水泵卡异物".into()).await.unwrap();
    app::take_in(
        &clerk,
        Intake {
            customer: app::CustomerChoice::Anonymous,
            subject: "电视没声音".into(),
            body: String::new(),
            serial: None,
            product: None,
            ..washer(&app)
        },
    )
    .await
    .unwrap();
    let found = async |login: &str, text: &str| {
        let filter = Filter { text: Some(text.into()), ..Filter::default() };
        let page = app::list(&app.ctx(login).await, filter, Order::Newest, None, 10).await.unwrap();
        page.rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    for text in
        ["脱水", "E4", "水泵", taken.number.as_str(), "5678", "13812345678", "8A2603554471", "wlh", "王丽华", " "]
    {
        let hits = found("clerk1", text).await;
        assert!(hits.contains(&taken.id), "{text}");
        assert_eq!(hits.len(), if text == " " { 2 } else { 1 }, "{text}");
    }
    assert_eq!(found("clerk1", "没有这样的").await, []);
    assert_eq!(found("clerk2", "脱水").await, [], "another store finds nothing");
}

#[testkit::db_test]
async fn who_gets_a_case_finds_it(db: Db) {
    let app = shop(db).await;
    let taken = taken(&app).await;
    give(&app.ctx("boss1").await, taken.id, accept(&app, "tech1")).await.unwrap();
    let tech = app.ctx("tech1").await;
    let filter = Filter { text: Some("脱水".into()), ..Filter::default() };
    let page = app::list(&tech, filter, Order::Newest, None, 10).await.unwrap();
    assert_eq!(page.rows.len(), 1, "search knows the new owner");
    give(&app.ctx("boss1").await, taken.id, Command::Assign { owner: Some(app.user("clerk1")), team: None })
        .await
        .unwrap();
    let mine = app::list(&tech, Filter::live(), Order::Due, None, 10).await.unwrap();
    assert_eq!(mine.rows.len(), 0);
}

/// The ids of a whole list, read in pages of `limit`.
async fn walked(app: &TestApp, filter: &Filter, order: Order, reach: &Reach, limit: i64) -> Vec<i64> {
    let (mut seen, mut after) = (Vec::new(), None::<Cursor>);
    loop {
        let input = (filter.clone(), reach.clone(), after);
        let rows = app.house.db.read(input, move |tx, (filter, reach, after)| {
            Box::pin(async move {
                store::list::<CaseRow>(tx, filter, order, reach, *after, limit).await.map_err(Fault::from)
            })
        });
        let rows = rows.await.unwrap();
        seen.extend(rows.iter().map(|row| row.case.id.get()));
        match rows.last() {
            Some(last) if rows.len() == usize::try_from(limit).unwrap() => after = Some(last.cursor()),
            _ => return seen,
        }
    }
}

#[testkit::db_test]
async fn what_is_over_is_listed_so_far_back_and_what_is_open_always(db: Db) {
    let app = shop(db).await;
    let today = app.clock.now();
    let cases: Vec<Case> = (1..=24)
        .map(|n| {
            let open = n % 3 == 0;
            Case {
                state: if open { State::New } else { State::Closed },
                due: crate::rows::case(&app, n).due.filter(|_| open),
                happened_at: today.plus(-n * 10 * DAY),
                store: app.unit(if n % 2 == 0 { "S1" } else { "S2" }),
                ..crate::rows::case(&app, n)
            }
        })
        .collect();
    let written = app
        .house
        .db
        .write(cases, |tx, cases| Box::pin(async move { store::insert_many(tx, cases).await.map_err(Fault::from) }));
    written.await.unwrap();
    let recent = Filter { since: Some(today.plus(-90 * DAY)), ..Filter::default() };
    let expected: Vec<i64> = (1..=24).filter(|n| *n <= 9 || n % 3 == 0).collect();
    let stores = Reach { stores: [app.unit("S1"), app.unit("S2")].into(), ..Reach::default() };
    for reach in [Reach::company(), stores] {
        for limit in [1, 2, 5, 50] {
            assert_eq!(walked(&app, &recent, Order::Newest, &reach, limit).await, expected, "{limit}");
            let mut backwards = walked(&app, &recent, Order::Oldest, &reach, limit).await;
            backwards.reverse();
            assert_eq!(backwards, expected, "{limit}");
        }
        let closed = Filter { categories: vec![Category::Closed], ..recent.clone() };
        assert_eq!(walked(&app, &closed, Order::Newest, &reach, 50).await, [1, 2, 4, 5, 7, 8]);
        let due = walked(&app, &Filter::live(), Order::Due, &reach, 3).await;
        let mut last = walked(&app, &Filter::live(), Order::DueLast, &reach, 3).await;
        last.reverse();
        assert_eq!((due.len(), &due), (8, &last));
        let several = vec![recent.clone(), closed, Filter::live(), Filter::default()];
        let counted = app.house.db.read((several, reach), |tx, (several, reach)| {
            Box::pin(async move {
                let all = store::count_all(tx, &several[0], reach).await?;
                Ok::<_, Fault>((store::counts(tx, several, reach).await?, all))
            })
        });
        let (tallies, all) = counted.await.unwrap();
        assert_eq!(tallies.iter().map(|tally| tally.n).collect::<Vec<_>>(), [14, 6, 8, 24]);
        assert_eq!(all, 14);
    }
    let boss = app.as_user("boss1").await;
    let page = boss.get("/cases?tab=all").await.expect(200).text();
    assert!(page.contains("最近 90 天") && page.contains("when=all"), "the page says what it leaves out");
    assert_eq!(page.matches("FW20261122-").count(), 7, "recent and open ones of the store");
    let page = boss.get("/cases?tab=all&when=all").await.expect(200).text();
    assert!(page.contains("全部时间") && page.matches("FW20261122-").count() == 12);
}

/// Takes cases through histories in which everything happens that a number counts, some of it twice.
async fn histories(app: &TestApp) {
    let (clerk, boss, tech) = (app.ctx("clerk1").await, app.ctx("boss1").await, app.ctx("tech1").await);
    for n in 0..4 {
        let id = taken(app).await.id;
        app.clock.advance(if n == 0 { 5 * DAY } else { 20 * MINUTE });
        app::sweep(&app.ctx("admin").await).await.unwrap();
        give(&boss, id, accept(app, "tech1")).await.unwrap();
        app.clock.advance(HOUR);
        give(&tech, id, Command::Propose(plan())).await.unwrap();
        let decline = Command::Decline { reason: "太贵".into() };
        give(&clerk, id, decline).await.unwrap();
        give(&tech, id, Command::Propose(plan())).await.unwrap();
        app.clock.advance(DAY * n);
        let yes = Command::Confirm { option: 0, proof: Proof::Counter };
        give(&clerk, id, yes).await.unwrap();
        for round in 0..n {
            app.clock.advance(DAY);
            give(&tech, id, solved()).await.unwrap();
            app.clock.advance(HOUR);
            if round == 1 {
                give(&boss, id, Command::Close(CloseBy::Manager("顾客已确认".into()))).await.unwrap();
                app.clock.advance(HOUR);
            }
            give(&boss, id, Command::Reopen { wrong: "又坏了".into() }).await.unwrap();
        }
        app.clock.advance(30 * DAY);
        app::sweep(&app.ctx("admin").await).await.unwrap();
        if n < 3 {
            give(&tech, id, solved()).await.unwrap();
        }
    }
}

#[testkit::db_test]
async fn a_number_opens_exactly_the_records_that_it_counts(db: Db) {
    let app = shop(db).await;
    histories(&app).await;
    let boss = app.as_user("boss1").await;
    for (id, what) in [
        ("cases-accepted", Measure::Accepted),
        ("cases-resolved", Measure::Resolved),
        ("cases-closed", Measure::Closed),
        ("cases-reopened", Measure::Reopened),
        ("cases-plans-proposed", Measure::Proposed),
        ("cases-plans-declined", Measure::Declined),
        ("cases-deadlines-missed", Measure::Missed),
    ] {
        let number = app.metric(id).await.unwrap();
        let records = usize::try_from(number).unwrap();
        let all = Measured { what, from: None, before: None, stage: None };
        let filter = Filter { measured: Some(all), ..Filter::default() };
        assert_eq!(walked(&app, &filter, Order::Newest, &Reach::company(), 3).await.len(), records, "{id}");
        let store = Reach { stores: [app.unit("S1")].into(), ..Reach::default() };
        assert_eq!(walked(&app, &filter, Order::Newest, &store, 50).await.len(), records, "{id} of the store");
        let tally = app::count(&app.ctx("boss1").await, filter).await.unwrap();
        assert_eq!(tally.n, number, "{id} counted");
        assert!(number > 0, "{id} happened");
        // Cut in two anywhere, the halves are the whole.
        let middle: Timestamp = app.clock.now().plus(-40 * DAY);
        let mut halves = 0;
        for measured in [Measured { before: Some(middle), ..all }, Measured { from: Some(middle), ..all }] {
            let filter = Filter { measured: Some(measured), ..Filter::default() };
            halves += walked(&app, &filter, Order::Newest, &Reach::company(), 50).await.len();
        }
        assert_eq!(halves, records, "{id} in halves");
        let definition = app.house.metrics.iter().find(|metric| metric.id == id).unwrap();
        let page = boss.get(definition.records).await.expect(200).text();
        assert!(page.contains(&format!("共 {number} 条")), "{id}: {page}");
        let csv = boss.get(&definition.records.replace("/cases", "/cases.csv")).await.expect(200).text();
        assert_eq!(csv.lines().count(), records + 1, "{id} exported");
    }
    // Each deadline by its stage; the stages together are all.
    let of = async |stage| {
        let measured = Measured { what: Measure::Deadlines, from: None, before: None, stage };
        let filter = Filter { measured: Some(measured), ..Filter::default() };
        app::count(&app.ctx("boss1").await, filter).await.unwrap().n
    };
    let mut sum = 0;
    for stage in Stage::ALL {
        sum += of(Some(*stage)).await;
    }
    assert!(sum > 0 && sum == of(None).await);
}

#[testkit::db_test]
async fn filters_take_several_values_and_can_be_kept(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    for (kind, priority) in
        [(Kind::Repair, Priority::High), (Kind::Complaint, Priority::Normal), (Kind::Inquiry, Priority::Low)]
    {
        app::take_in(&clerk, Intake { kind, priority, subject: format!("单 {kind}"), ..washer(&app) }).await.unwrap();
    }
    let visitor = app.as_user("clerk1").await;
    let page = visitor.get("/cases?tab=open&kind=repair&kind=complaint&priority=high&priority=normal").await;
    let text = page.expect(200).main();
    assert!(text.contains("单 repair") && text.contains("单 complaint") && !text.contains("单 inquiry"), "{text}");
    assert!(
        text.contains("href=\"/cases?tab=open&#38;kind=complaint&#38;priority=high&#38;priority=normal\""),
        "{text}"
    );
    let none = visitor.get("/cases?tab=mine&owner=none").await.expect(200).main();
    assert!(none.contains("筛选后没有服务单"), "{none}");
    let free = visitor.get("/cases?owner=none&owner=me").await.expect(200).main();
    assert!(free.contains("单 inquiry"));

    let kept = visitor.post("/cases/lists", &[("name", "急件"), ("address", "tab=open&kind=repair&evil=//x")]).await;
    assert_eq!(kept.location(), "/cases?tab=open&kind=repair&done=list_kept");
    visitor.post("/cases/lists", &[("name", " "), ("address", "")]).await.expect(422);
    let page = visitor.get("/cases").await.expect(200).main();
    assert!(page.contains("href=\"/cases?tab=open&#38;kind=repair\"") && page.contains("急件"), "{page}");
    let other = app.as_user("boss1").await;
    assert!(!other.get("/cases").await.expect(200).text().contains("急件"), "nobody else sees it");
    let id = page.split("/cases/lists/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    other.post(&format!("/cases/lists/{id}/forget"), &[]).await.expect(404);
    visitor.post(&format!("/cases/lists/{id}/forget"), &[]).await.expect(303);
    visitor.post(&format!("/cases/lists/{id}/forget"), &[]).await.expect(404);
    for n in 0..app::KEPT_MOST {
        visitor.post("/cases/lists", &[("name", &format!("第 {n} 组")), ("address", "tab=all")]).await.expect(303);
    }
    visitor.post("/cases/lists", &[("name", "再一组"), ("address", "tab=all")]).await.expect(409);
    let long = format!("tab=all{}", "&kind=repair".repeat(300));
    visitor.post("/cases/lists", &[("name", "第 0 组"), ("address", &long)]).await.expect(422);
}

#[testkit::db_test]
async fn a_list_says_how_it_is_ordered_and_takes_what_it_cannot_read(db: Db) {
    let app = shop(db).await;
    taken(&app).await;
    let visitor = app.as_user("clerk1").await;
    let page = visitor.get("/cases").await.expect(200).main();
    assert!(page.contains("aria-sort=\"ascending\"") && page.contains("sort=due_last"), "{page}");
    let page = visitor.get("/cases?sort=oldest").await.expect(200).main();
    assert!(page.contains("aria-sort=\"ascending\"") && page.contains("sort=newest"), "{page}");
    for odd in
        ["sort=x&after=1.x", "kind=%00&state=lost", "owner=-1&store=99", "from=2026-99-99&to=x", "measure=x&stage=y"]
    {
        visitor.get(&format!("/cases?{odd}")).await.expect(200);
    }
}
