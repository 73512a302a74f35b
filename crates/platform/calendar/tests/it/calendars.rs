use calendar::worktime::{DayKind, Declared, Override};
use calendar::{NewCalendar, Scope};
use db::{Db, Tx};
use jiff::civil::date;
use kernel::{Day, Fault, FaultKind, IdGen};
use testkit::db_test;

use crate::{COMPANY, OTHER, REGION, STORE, prepared, story};

fn closed(note: &str) -> Override {
    Override { hours: "closed".parse().unwrap(), note: Some(note.to_owned()) }
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

async fn code_of(tx: &mut Tx, store: kernel::Id<kernel::of::Unit>) -> String {
    let reference = calendar::of_store(tx, store).await.unwrap().reference().clone();
    let id = reference.code.split('@').next().unwrap().to_owned();
    let all = calendar::calendars(tx).await.unwrap();
    all.into_iter().find(|card| card.id.to_string() == id).unwrap().code
}

fn shop(code: &str, fallback: bool) -> NewCalendar {
    NewCalendar {
        code: code.to_owned(),
        name: "商场店".to_owned(),
        zone: "Asia/Shanghai".to_owned(),
        holidays: false,
        fallback,
        pattern: "mon-sun 10:00-22:00".parse().unwrap(),
    }
}

#[db_test]
async fn shipped_data_comes_in_once(db: Db) {
    story(&db, |tx, ids| {
        Box::pin(async move {
            calendar::seed(tx, ids).await?;
            let codes: Vec<String> = calendar::calendars(tx).await?.into_iter().map(|card| card.code).collect();
            assert_eq!(codes, ["office", "store"]);
            let table = calendar::holidays(tx).await?;
            assert_eq!(table, calendar::worktime::Holidays::china().unwrap());
            assert_eq!(code_of(tx, STORE).await, "store");
            Ok(())
        })
    })
    .await;
}

#[db_test]
async fn a_unit_works_by_the_nearest_calendar(db: Db) {
    story(&db, |tx, ids| {
        Box::pin(async move {
            let mall = calendar::create(tx, ids, &shop("mall", false)).await?;
            let night = calendar::create(tx, ids, &shop("night", false)).await?;
            calendar::assign(tx, ids, COMPANY, mall).await?;
            assert_eq!((code_of(tx, STORE).await, code_of(tx, OTHER).await), ("mall".to_owned(), "mall".to_owned()));
            calendar::assign(tx, ids, REGION, night).await?;
            assert_eq!(code_of(tx, STORE).await, "night");
            calendar::assign(tx, ids, STORE, mall).await?;
            assert_eq!((code_of(tx, STORE).await, code_of(tx, OTHER).await), ("mall".to_owned(), "night".to_owned()));
            Ok(())
        })
    })
    .await;
}

#[db_test]
async fn each_edit_is_seen_at_once(db: Db) {
    story(&db, |tx, ids| {
        Box::pin(async move {
            let before = calendar::of_store(tx, STORE).await?;
            let card = calendar::calendars(tx).await?.into_iter().find(|card| card.code == "store").unwrap();
            let off = date(2026, 11, 24);

            calendar::set_override(tx, ids, Scope::Calendar(card.id), off.into(), &closed("停电")).await?;
            assert!(!calendar::of_store(tx, STORE).await?.works_on(off));
            // The store's own word wins.
            let open = Override { hours: "09:00-12:00".parse().unwrap(), note: None };
            calendar::set_override(tx, ids, Scope::Unit(STORE), off.into(), &open).await?;
            let now = calendar::of_store(tx, STORE).await?;
            assert_eq!(now.day(off).hours.to_string(), "09:00-12:00");
            assert!(!calendar::of_store(tx, OTHER).await?.works_on(off));
            assert_ne!(before.reference(), now.reference());

            let listed = calendar::overrides(tx, Scope::Unit(STORE), day("2026-11-01")).await?;
            assert_eq!(listed, [(off.into(), open)]);
            assert!(calendar::overrides(tx, Scope::Unit(STORE), day("2026-11-25")).await?.is_empty());
            assert!(calendar::lift_override(tx, ids, Scope::Unit(STORE), off.into()).await?);
            assert!(!calendar::lift_override(tx, ids, Scope::Unit(STORE), off.into()).await?);
            assert!(!calendar::of_store(tx, STORE).await?.works_on(off));

            let summer = "mon-sun 08:00-22:00".parse().unwrap();
            calendar::set_hours(tx, ids, card.id, day("2027-06-01"), &summer).await?;
            let now = calendar::of_store(tx, STORE).await?;
            assert_eq!(now.pattern(date(2027, 5, 31)).to_string(), "mon-sun 09:00-21:00");
            assert_eq!(now.pattern(date(2027, 6, 1)).to_string(), "mon-sun 08:00-22:00");
            Ok(())
        })
    })
    .await;
}

#[db_test]
async fn an_edit_touches_only_those_whom_it_concerns(db: Db) {
    story(&db, |tx, ids| {
        Box::pin(async move {
            let (store, other) = (calendar::of_store(tx, STORE).await?, calendar::of_store(tx, OTHER).await?);
            calendar::set_override(tx, ids, Scope::Unit(OTHER), day("2026-11-24"), &closed("盘点")).await?;
            assert_eq!(calendar::of_store(tx, STORE).await?.reference(), store.reference());
            assert_ne!(calendar::of_store(tx, OTHER).await?.reference(), other.reference());
            // Stores are open on holidays: a new table of holidays does not concern them.
            calendar::declare_year(tx, ids, 2027, &[(date(2027, 1, 1), Declared::Off("new-year".to_owned()))]).await?;
            assert_eq!(calendar::of_store(tx, STORE).await?.reference(), store.reference());
            Ok(())
        })
    })
    .await;
}

#[db_test]
async fn a_year_is_declared_and_corrected(db: Db) {
    story(&db, |tx, ids| {
        Box::pin(async move {
            let office = calendar::calendars(tx).await?.into_iter().find(|card| card.code == "office").unwrap();
            calendar::assign(tx, ids, STORE, office.id).await?;
            let first = date(2027, 1, 1);
            let off = Declared::Off("new-year".to_owned());
            assert_eq!(calendar::of_store(tx, STORE).await?.day(first).kind, DayKind::Working);
            calendar::declare_year(tx, ids, 2027, &[(first, off.clone())]).await?;
            let now = calendar::of_store(tx, STORE).await?;
            assert_eq!((now.day(first).kind, now.holidays().unwrap().knows(2027)), (DayKind::Holiday, true));
            let second = date(2027, 1, 2);
            calendar::declare_year(tx, ids, 2027, &[(second, off.clone())]).await?;
            assert_eq!(calendar::of_store(tx, STORE).await?.day(first).kind, DayKind::Working);
            // The other years stay.
            assert_eq!(calendar::of_store(tx, STORE).await?.day(date(2026, 2, 17)).kind, DayKind::Holiday);

            for wrong in [vec![(date(2026, 1, 1), off.clone())], vec![(first, off.clone()), (first, off)]] {
                let refused = calendar::declare_year(tx, ids, 2027, &wrong).await.unwrap_err();
                assert_eq!(refused.kind(), FaultKind::Invalid);
            }
            Ok(())
        })
    })
    .await;
}

#[db_test]
async fn wrong_calendars_are_refused(db: Db) {
    prepared(&db).await;
    let create = |new: NewCalendar| {
        let ids = testkit::ids(&testkit::clock());
        db.write((ids, new), |tx, (ids, new)| Box::pin(async move { calendar::create(tx, ids, new).await }))
    };
    let fault = create(NewCalendar { zone: "Mars/Base".to_owned(), code: " ".to_owned(), ..shop("x", false) })
        .await
        .unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Invalid);
    assert!(fault.fields().of("zone").is_some() && fault.fields().of("code").is_some());
    assert_eq!(create(shop("office", false)).await.unwrap_err().kind(), FaultKind::Conflict);
    assert_eq!(create(shop("second", true)).await.unwrap_err().kind(), FaultKind::Conflict);
}

#[db_test]
async fn what_is_rolled_back_is_forgotten(db: Db) {
    prepared(&db).await;
    let ids = testkit::ids(&testkit::clock());
    let edit = |keep: bool| {
        db.write((ids.clone(), keep), |tx, (ids, keep): &(IdGen, bool)| {
            Box::pin(async move {
                calendar::set_override(tx, ids, Scope::Unit(STORE), day("2026-11-24"), &closed("停电")).await?;
                assert!(!calendar::of_store(tx, STORE).await?.works_on(date(2026, 11, 24)));
                if *keep { Ok(()) } else { Err(Fault::refused("changed-my-mind")) }
            })
        })
    };
    let works = || {
        db.read((), |tx, ()| {
            Box::pin(async move { Ok::<_, Fault>(calendar::of_store(tx, STORE).await?.works_on(date(2026, 11, 24))) })
        })
    };
    edit(false).await.unwrap_err();
    assert!(works().await.unwrap());
    edit(true).await.unwrap();
    assert!(!works().await.unwrap());
}

#[db_test]
async fn without_any_calendar_nothing_starts(db: Db) {
    let missing = db.read((), |tx, ()| Box::pin(async move { calendar::of_store(tx, STORE).await.map(|_| ()) })).await;
    assert_eq!(missing.unwrap_err().code(), "calendar-missing");
}
