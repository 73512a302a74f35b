use db::{Db, DbError};
use journal::{Change, Entry, InstallationKey, Report, Seal, Who};
use kernel::{ActorKind, Clock, Id, IdGen, RecordRef, Timestamp};

pub fn key() -> InstallationKey {
    InstallationKey::from_seed([7; 32])
}

pub fn record(id: i64) -> RecordRef {
    RecordRef { kind: "case", id }
}

pub fn staff(clock: &Clock) -> Who {
    Who {
        actor_kind: ActorKind::Staff,
        user: Some(Id::new(11)),
        name: "王芳".into(),
        request: "r-1".into(),
        now: clock.now(),
    }
}

pub fn customer(clock: &Clock) -> Who {
    Who { actor_kind: ActorKind::Customer, user: None, name: "李雷".into(), request: "r-2".into(), now: clock.now() }
}

pub fn change(field: &'static str, before: Option<&str>, after: Option<&str>, personal: bool) -> Change {
    Change { field, before: before.map(Into::into), after: after.map(Into::into), personal }
}

pub fn entry(record: RecordRef, verb: &'static str, changes: Vec<Change>) -> Entry {
    Entry { record, verb, happened_at: Timestamp::from_millis(1_795_000_000_000), changes, store: Some(Id::new(5)) }
}

/// A case that is taken in by staff, with the customer's name and phone, then confirmed by the customer.
pub async fn case(db: &Db, ids: &IdGen, clock: &Clock, id: i64) {
    let taken_in = entry(
        record(id),
        "case.taken_in",
        vec![
            change("state", None, Some("new"), false),
            change("name", None, Some("李雷"), true),
            change("phone", None, Some("13800138000"), true),
        ],
    );
    append(db, ids, staff(clock), vec![taken_in]).await.unwrap();
    let accepted = entry(record(id), "case.accepted", vec![change("state", Some("new"), Some("accepted"), false)]);
    let called = entry(record(id), "case.called", Vec::new());
    append(db, ids, staff(clock), vec![accepted, called]).await.unwrap();
    let confirmed = entry(record(id), "case.confirmed", vec![change("answer", None, Some("yes"), false)]);
    append(db, ids, customer(clock), vec![confirmed]).await.unwrap();
}

pub async fn append(db: &Db, ids: &IdGen, who: Who, entries: Vec<Entry>) -> Result<(), DbError> {
    db.write((ids.clone(), who, entries), |tx, (ids, who, entries)| {
        Box::pin(journal::append_all(tx, ids, who, entries))
    })
    .await
}

pub async fn erase(db: &Db, ids: &IdGen, clock: &Clock, id: i64, fields: &'static [&'static str]) -> u64 {
    let input = (ids.clone(), staff(clock), record(id));
    db.write(input, |tx, (ids, who, record)| Box::pin(journal::erase_values(tx, ids, who, record, fields)))
        .await
        .unwrap()
}

pub async fn seal(db: &Db, ids: &IdGen, clock: &Clock) -> Vec<Seal> {
    journal::seal(db, ids, &key(), clock).await.unwrap()
}

pub async fn verify(db: &Db) -> Report {
    journal::verify(db, Some(&key().fingerprint())).await.unwrap()
}

pub async fn sound(db: &Db) -> Report {
    let report = verify(db).await;
    assert_eq!(report.problems, Vec::new());
    report
}

pub async fn of_record(db: &Db, id: i64, after: Option<i64>) -> Vec<journal::Recorded> {
    let input = (record(id), after);
    db.read(input, |tx, (record, after)| Box::pin(journal::of_record(tx, record, *after, 10_000))).await.unwrap()
}
