use db::Db;
use kernel::{Cursor, Id, IdGen, Place, Reach, RecordRef};
use search::{Found, Piece, Query};

pub fn piece(record: i64, text: &str) -> Piece {
    Piece {
        record: RecordRef { kind: "case", id: record },
        piece: record,
        store: Id::new(1),
        team: None,
        owner: None,
        text: text.into(),
        codes: Vec::new(),
    }
}

pub fn stores(stores: &[i64]) -> Reach {
    Reach { stores: stores.iter().map(|store| Id::new(*store)).collect(), ..Reach::default() }
}

pub async fn index(db: &Db, ids: &IdGen, pieces: Vec<Piece>) {
    db.write((ids.clone(), pieces), |tx, (ids, pieces)| Box::pin(search::index(tx, ids, pieces))).await.unwrap();
}

pub async fn set_place(db: &Db, record: i64, place: Place) {
    let input = (RecordRef { kind: "case", id: record }, place);
    db.write(input, |tx, (record, place)| Box::pin(search::set_place(tx, record, place))).await.unwrap();
}

/// The kinds of the records here.
pub const KINDS: [&str; 2] = ["case", "customer"];

pub struct Asked {
    pub text: String,
    pub reach: Reach,
    pub kinds: Vec<&'static str>,
    pub limit: usize,
    pub before: Option<Cursor>,
}

pub async fn ask(db: &Db, asked: Asked) -> Found {
    db.read(asked, |tx, asked| {
        Box::pin(async move {
            let Asked { text, reach, kinds, limit, before } = asked;
            search::find(tx, &Query { text, reach, kinds, limit: *limit, before: *before }).await
        })
    })
    .await
    .unwrap()
}

/// The records that a page of up to 1,000 hits holds, newest first.
pub async fn find_in(db: &Db, text: &str, reach: &Reach) -> Vec<i64> {
    let asked = Asked { text: text.into(), reach: reach.clone(), kinds: KINDS.to_vec(), limit: 1_000, before: None };
    let found = ask(db, asked).await;
    assert_eq!(found.next, None);
    found.hits.into_iter().map(|hit| hit.record_id).collect()
}

pub async fn find(db: &Db, text: &str) -> Vec<i64> {
    find_in(db, text, &Reach::company()).await
}

/// Pieces that stand in front of the others, so that these are out of the newest that are looked through without the index.
pub async fn bury(db: &Db, ids: &IdGen) {
    let newer = (0..2_100).map(|n| piece(1_000_000 + n, "无关")).collect();
    index(db, ids, newer).await;
}
