use db::Db;
use kernel::{Id, Place, Reach};
use search::Piece;

use crate::fixture::*;

fn teams(team: i64) -> Reach {
    Reach { teams: [Id::new(team)].into(), ..Reach::default() }
}
fn own(user: i64) -> Reach {
    Reach { own: Some(Id::new(user)), ..Reach::default() }
}

#[testkit::db_test]
async fn only_what_is_in_reach_is_found_wherever_it_stands(db: Db) {
    let ids = testkit::ids(&testkit::clock());
    let at = |n: i64, store: i64, team: Option<i64>, owner: Option<i64>| Piece {
        store: Id::new(store),
        team: team.map(Id::new),
        owner: owner.map(Id::new),
        ..piece(n, "退款")
    };
    let pieces = vec![
        at(1, 1, None, None),
        at(2, 2, Some(20), Some(5)),
        at(3, 1, Some(20), None),
        at(4, 3, None, Some(5)),
        at(5, 12, None, None),
    ];
    index(&db, &ids, pieces).await;
    for buried in [false, true] {
        if buried {
            bury(&db, &ids).await;
        }
        let mut mixed = stores(&[3]);
        mixed.join(teams(20));
        for (reach, expected) in [
            (Reach::company(), vec![5, 4, 3, 2, 1]),
            (Reach::default(), vec![]),
            (stores(&[1]), vec![3, 1]),
            (stores(&[2]), vec![2]),
            (stores(&[1, 3]), vec![4, 3, 1]),
            (stores(&(0..300).collect::<Vec<_>>()), vec![5, 4, 3, 2, 1]),
            (teams(20), vec![3, 2]),
            (own(5), vec![4, 2]),
            (Reach { teams: (12..22).map(Id::new).collect(), own: Some(Id::new(5)), ..stores(&[1]) }, vec![4, 3, 2, 1]),
            (Reach { teams: [Id::new(20)].into(), own: Some(Id::new(5)), ..stores(&[1]) }, vec![4, 3, 2, 1]),
            (mixed, vec![4, 3, 2]),
            (stores(&[99]), vec![]),
        ] {
            assert_eq!(find_in(&db, "退款", &reach).await, expected, "{reach:?}");
        }
    }
}

#[testkit::db_test]
async fn a_record_that_moves_is_found_where_it_stands_now(db: Db) {
    let ids = testkit::ids(&testkit::clock());
    index(&db, &ids, vec![piece(1, "退款"), Piece { piece: 78, ..piece(1, "屏幕") }, piece(2, "退款")]).await;
    bury(&db, &ids).await;
    set_place(&db, 1, Place { store: Id::new(2), team: Some(Id::new(20)), owner: None }).await;
    assert_eq!(find_in(&db, "退款", &stores(&[1])).await, [2]);
    assert_eq!(find_in(&db, "退款", &stores(&[2])).await, [1]);
    assert_eq!(find_in(&db, "屏幕", &stores(&[2])).await, [1]);
    assert_eq!(find_in(&db, "退款", &teams(20)).await, [1]);
    set_place(&db, 1, Place { store: Id::new(2), team: None, owner: Some(Id::new(5)) }).await;
    assert_eq!(find_in(&db, "退款", &teams(20)).await, [0_i64; 0]);
    assert_eq!(find_in(&db, "退款", &own(5)).await, [1]);
    assert_eq!(find_in(&db, "退款", &stores(&[2])).await, [1]);
}
