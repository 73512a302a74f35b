use db::Db;
use journal::{ACTOR_NAME, DossierFlaw, InstallationKey, Verdict, verify_dossier};
use kernel::{Clock, IdGen};
use serde_json::Value;

use crate::fixture::*;

async fn export(db: &Db, id: i64, clock: &Clock) -> Option<Vec<u8>> {
    let now = clock.now();
    db.read((), move |tx, ()| Box::pin(async move { journal::export_dossier(tx, &record(id), &key(), now).await }))
        .await
        .unwrap()
}

/// Case 1 with sealed entries among other cases', an erased value, and an entry that is not sealed.
async fn journal(db: &Db, ids: &IdGen, clock: &Clock) -> Vec<u8> {
    case(db, ids, clock, 2).await;
    case(db, ids, clock, 1).await;
    case(db, ids, clock, 3).await;
    seal(db, ids, clock).await;
    erase(db, ids, clock, 1, &["phone", ACTOR_NAME]).await;
    seal(db, ids, clock).await;
    let noted = entry(record(1), "case.noted", vec![change("note", None, Some("n"), false)]);
    append(db, ids, staff(clock), vec![noted]).await.unwrap();
    export(db, 1, clock).await.unwrap()
}

#[testkit::db_test]
async fn a_dossier_proves_itself_and_its_origin_by_the_key(db: Db) {
    let clock = testkit::clock();
    let ids = testkit::ids(&clock);
    let file = journal(&db, &ids, &clock).await;
    let Verdict::Proved(summary) = verify_dossier(&file, Some(&key().fingerprint())) else { panic!("not proved") };
    assert_eq!((summary.record_kind.as_str(), summary.record_id, summary.exported_at), ("case", 1, clock.now()));
    assert_eq!((summary.entries, summary.sealed, summary.erased), (6, 5, 2));
    assert_eq!((summary.key.clone(), summary.other_keys.len()), (key().fingerprint(), 0));
    assert_eq!(verify_dossier(&file, None), Verdict::ConsistentOriginUnproved(summary));
    let other = InstallationKey::from_seed([9; 32]).fingerprint();
    assert_eq!(verify_dossier(&file, Some(&other)), Verdict::Broken(DossierFlaw::OtherKey(key().fingerprint())));
    assert_eq!(export(&db, 99, &clock).await, None);
    assert!(!String::from_utf8(file).unwrap().contains("13800138000"), "what was erased is not in the file");
}

#[testkit::db_test]
async fn every_change_to_the_file_breaks_it(db: Db) {
    let clock = testkit::clock();
    let ids = testkit::ids(&clock);
    let file: Value = serde_json::from_slice(&journal(&db, &ids, &clock).await).unwrap();
    let mut tried = 0;
    let mut places = Vec::new();
    leaves(&file, String::new(), &mut places);
    for place in places {
        let mut changed = file.clone();
        let leaf = changed.pointer_mut(&place).unwrap();
        *leaf = match leaf {
            Value::Null => Value::from("1"),
            Value::Bool(yes) => Value::from(!*yes),
            Value::Number(n) => Value::from(n.as_i64().unwrap() + 1),
            Value::String(text) if text.is_empty() => Value::from("x"),
            Value::String(text) => Value::from(flipped(text)),
            Value::Array(list) => Value::from(list[1..].to_vec()),
            Value::Object(_) => unreachable!("not a leaf"),
        };
        broken(&changed, &place);
        tried += 1;
    }
    assert!(tried > 150, "{tried}");
    for bytes in [b"".as_slice(), b"{}", b"\xff", b"[1]"] {
        assert!(matches!(verify_dossier(bytes, None), Verdict::Broken(DossierFlaw::Unreadable(_))));
    }
}

fn broken(file: &Value, place: &str) {
    let verdict = verify_dossier(&serde_json::to_vec(file).unwrap(), None);
    assert!(matches!(verdict, Verdict::Broken(_)), "{place} was changed and the file still holds");
}

/// All values, and all lists that hold something (whose first element is taken out).
fn leaves(value: &Value, place: String, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| leaves(value, format!("{place}/{name}"), found))
        }
        Value::Array(list) => {
            if !list.is_empty() {
                found.push(place.clone());
            }
            list.iter().enumerate().for_each(|(n, value)| leaves(value, format!("{place}/{n}"), found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => found.push(place),
    }
}

/// The text with its first character replaced by another that may stand there, too.
fn flipped(text: &str) -> String {
    let first = text.chars().next().unwrap();
    let other = if first == '1' { '2' } else { '1' };
    std::iter::once(other).chain(text.chars().skip(1)).collect()
}
