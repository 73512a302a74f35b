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

#[testkit::db_test]
async fn what_differs_in_a_pack_is_named_with_its_reason(db: Db) {
    let clock = testkit::clock();
    let ids = testkit::ids(&clock);
    case(&db, &ids, &clock, 1).await;
    case(&db, &ids, &clock, 2).await;
    seal(&db, &ids, &clock).await;
    let dossier = async |of: i64, key: journal::InstallationKey| {
        db.read((of, key), |tx, (of, key)| {
            Box::pin(async move {
                journal::export_dossier(tx, &record(*of), key, kernel::Timestamp::from_millis(1_000)).await
            })
        })
        .await
        .unwrap()
        .unwrap()
    };
    let statement = "{\"score\":\"82–91\"}".as_bytes();
    let proof = serde_json::to_vec(&journal::sign_statement("assessment", statement, &key())).unwrap();
    let parts = |other: Vec<u8>, proof: Vec<u8>| {
        vec![
            Part { name: "report.html".into(), bytes: "<p>报告</p>".into() },
            Part { name: "assessment.json".into(), bytes: statement.into() },
            Part { name: "assessment.json.signature.json".into(), bytes: proof },
            Part { name: "proofs/case-2.json".into(), bytes: other },
        ]
    };
    let own = dossier(1, key()).await;
    let other = dossier(2, key()).await;
    let whole = pack(own.clone(), parts(other.clone(), proof.clone()), &key()).unwrap();
    let Verdict::Proved(summary) = verify_pack(&whole, Some(&key().fingerprint())) else { panic!("whole") };
    assert_eq!(summary.others, 1);
    let said = |bytes: &[u8]| match verify_pack(bytes, None) {
        Verdict::Broken(flaw) => flaw.to_string(),
        verdict => panic!("{verdict:?}"),
    };
    // One byte in the middle of each content.
    let find = |needle: &[u8]| whole.windows(needle.len()).position(|window| window == needle).unwrap();
    let contents = [
        ("report.html", find("报告".as_bytes())),
        ("assessment.json", find(b"{\"score\"") + 3),
        ("proofs/case-2.json", find(&other) + other.len() / 2),
        ("journal.json", find(&own) + own.len() / 2),
    ];
    for (name, at) in contents {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        assert_eq!(said(&changed), format!("part: {name}"));
    }
    // A CRC in a header, the list of files at the end, the end itself, half of it.
    let mut changed = whole.clone();
    let header = find("report.html<p>".as_bytes()) - 16;
    changed[header] ^= 1;
    assert_eq!(said(&changed), "part: report.html");
    let mut changed = whole.clone();
    let last = changed.len() - 30;
    changed[last] ^= 1;
    assert!(said(&changed).contains("list of files at its end"), "{}", said(&changed));
    assert!(said(&whole[..whole.len() - 9]).contains("cut off at its end"));
    assert!(said(&whole[..find(&other) + 5]).contains("cut off within proofs/case-2.json"));
    assert!(said(&[whole.as_slice(), b"x"].concat()).contains("behind its end"));
    // Somebody else's ZIP.
    assert!(
        said(b"PK\x03\x04\x14\x00\x08\x00\x08\x00\x11\x11\x22\x22aaaabbbbccccdddd\x01\x00\x00\x00x")
            .contains("another program")
    );
    assert!(
        said(&[&b"PK\x03\x04"[..], &whole[4..30], b"mAnifest.json", &whole[43..]].concat()).contains("another program")
    );
    // A proof that another key made, a statement that was never signed: packed anew, they are still found.
    let foreign = journal::InstallationKey::from_seed([9; 32]);
    let packed = pack(own.clone(), parts(dossier(2, foreign.clone()).await, proof.clone()), &key()).unwrap();
    assert!(said(&packed).starts_with("other-key"), "{}", said(&packed));
    let packed = pack(own.clone(), parts(b"{}".to_vec(), proof), &key()).unwrap();
    assert!(said(&packed).starts_with("part: proofs/case-2.json"), "{}", said(&packed));
    let stranger = serde_json::to_vec(&journal::sign_statement("assessment", statement, &foreign)).unwrap();
    let packed = pack(own, parts(other, stranger), &key()).unwrap();
    assert!(said(&packed).starts_with("other-key"), "{}", said(&packed));
}
