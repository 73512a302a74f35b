use db::Db;
use journal::{Part, Verdict, is_pack, pack, verify_pack};

use crate::fixture::{case, key, record, seal};

#[testkit::db_test]
async fn any_byte_of_a_pack_that_differs_is_found(db: Db) {
    let clock = testkit::clock();
    let ids = testkit::ids(&clock);
    case(&db, &ids, &clock, 1).await;
    seal(&db, &ids, &clock).await;
    let file = db
        .read((), |tx, ()| {
            Box::pin(async move {
                journal::export_dossier(tx, &record(1), &key(), kernel::Timestamp::from_millis(1_000)).await
            })
        })
        .await
        .unwrap()
        .unwrap();
    let parts = vec![
        Part { name: "index.html".into(), bytes: "<p>卷宗</p>".into() },
        Part { name: "files/1-照片.jpg".into(), bytes: vec![7; 40] },
    ];
    let whole = pack(file, parts, &key()).unwrap();
    assert!(is_pack(&whole));
    assert!(matches!(verify_pack(&whole, Some(&key().fingerprint())), Verdict::Proved(_)));
    assert!(matches!(verify_pack(&whole, None), Verdict::ConsistentOriginUnproved(_)));
    // Every byte of the headers at both ends, and every eleventh between.
    let ends = (0..200).chain(whole.len() - 300..whole.len());
    for at in ends.chain((200..whole.len()).step_by(11)) {
        let mut other = whole.clone();
        other[at] ^= 1;
        assert!(matches!(verify_pack(&other, None), Verdict::Broken(_)), "byte {at} of {}", whole.len());
    }
    for cut in [0, 1, whole.len() / 2, whole.len() - 1] {
        assert!(matches!(verify_pack(&whole[..cut], None), Verdict::Broken(_)));
    }
    let longer = [whole.as_slice(), b"x"].concat();
    assert!(matches!(verify_pack(&longer, None), Verdict::Broken(_)));
}
