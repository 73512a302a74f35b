use db::Db;
use kernel::Id;

use crate::fixture::*;

#[testkit::db_test]
async fn a_record_tells_what_happened_to_it(db: Db) {
    let clock = testkit::clock();
    let ids = testkit::ids(&clock);
    case(&db, &ids, &clock, 1).await;
    case(&db, &ids, &clock, 2).await;
    let all = of_record(&db, 1, None).await;
    let verbs: Vec<_> = all.iter().map(|entry| (entry.seq, entry.verb.as_str())).collect();
    assert_eq!(verbs, [(1, "case.taken_in"), (2, "case.accepted"), (3, "case.called"), (4, "case.confirmed")]);
    let first = &all[0];
    assert_eq!((first.actor_name.as_str(), first.user, first.entered_at), ("王芳", Some(Id::new(11)), clock.now()));
    assert_eq!(first.happened_at.millis(), 1_795_000_000_000);
    let phone = &first.changes[2];
    assert_eq!(
        (phone.field.as_str(), phone.after.as_deref(), phone.personal, phone.erased),
        ("phone", Some("13800138000"), true, false)
    );
    assert_eq!((all[3].actor_name.as_str(), all[3].actor_kind.as_str(), all[3].changes.len()), ("李雷", "customer", 1));
    let rest = of_record(&db, 1, Some(3)).await;
    assert_eq!(rest, all[3..]);
    let report = sound(&db).await;
    assert_eq!((report.records, report.entries, report.unsealed), (2, 8, 8));
}

#[testkit::db_test]
async fn many_entries_at_once_go_to_many_records(db: Db) {
    let clock = testkit::clock();
    let ids = testkit::ids(&clock);
    case(&db, &ids, &clock, 3).await;
    let mut entries = Vec::new();
    for n in 0..1_300 {
        entries.push(entry(record(n % 7), "case.noted", vec![change("note", None, Some("记"), n % 2 == 0)]));
    }
    append(&db, &ids, staff(&clock), entries).await.unwrap();
    let report = sound(&db).await;
    assert_eq!((report.records, report.entries), (7, 1_304));
    let third = of_record(&db, 3, None).await;
    assert_eq!(third.last().map(|entry| entry.seq), i64::try_from(third.len()).ok());
}

#[testkit::db_test]
async fn writers_of_one_record_at_once_make_one_chain(db: Db) {
    let clock = testkit::clock();
    let ids = testkit::ids(&clock);
    let note = || append(&db, &ids, staff(&clock), vec![entry(record(1), "case.noted", Vec::new())]);
    // What holds no version, as a print does, meets others here: whoever comes second goes after the first, and nobody is refused.
    for _ in 0..20 {
        let (first, second) = tokio::join!(note(), note());
        first.unwrap();
        second.unwrap();
    }
    let report = sound(&db).await;
    assert_eq!((report.records, report.entries), (1, 40));
}

#[testkit::db_test]
async fn a_history_of_several_people_is_written_at_once(db: Db) {
    let clock = testkit::clock();
    let ids = testkit::ids(&clock);
    case(&db, &ids, &clock, 1).await;
    let noted = |id| entry(record(id), "case.noted", Vec::new());
    let history = vec![
        (staff(&clock), noted(1)),
        (customer(&clock), noted(2)),
        (customer(&clock), noted(1)),
        (staff(&clock), noted(2)),
    ];
    let input = (ids.clone(), history);
    db.write(input, |tx, (ids, history)| Box::pin(journal::append_each(tx, ids, history))).await.unwrap();
    let actors = |all: Vec<journal::Recorded>| all.into_iter().map(|one| (one.seq, one.actor_name)).collect::<Vec<_>>();
    assert_eq!(actors(of_record(&db, 1, Some(4)).await), [(5, "王芳".to_owned()), (6, "李雷".to_owned())]);
    assert_eq!(actors(of_record(&db, 2, None).await), [(1, "李雷".to_owned()), (2, "王芳".to_owned())]);
    sound(&db).await;
}
