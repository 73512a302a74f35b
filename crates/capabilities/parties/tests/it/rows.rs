use db::Db;
use kernel::{Fault, Id, Reach};
use parties::domain::{CustomerDraft, Phone, ProductDraft};
use parties::store::{self, Customer, Digits, Product};
use testapp::TestApp;

fn customer(app: &TestApp, n: i64, phone: Option<&str>) -> Customer {
    Customer {
        id: Id::new(n),
        store: app.unit("S1"),
        draft: CustomerDraft {
            name: format!("顾客{n}"),
            phone: phone.map(|phone| Phone::parse(phone).unwrap()),
            wechat: Some("lihua88".into()),
            email: None,
            address: None,
            vip: Some("金卡会员".into()),
            note: Some("😀".repeat(500)),
            consent: true,
            external_id: Some(format!("M-{n}")),
            tags: vec!["老客户".into(), "以旧换新".into()],
        },
        merged_into: None,
        version: 1,
        created_at: app.clock.now(),
    }
}

macro_rules! write {
    ($app:expr, $input:expr, |$tx:ident, $in:pat_param| $body:expr) => {
        $app.house.db.write($input, |$tx, $in| Box::pin(async move { Ok::<_, Fault>($body) })).await.unwrap()
    };
}

#[testkit::db_test]
async fn a_file_comes_back_as_it_went_in(db: Db) {
    let app = TestApp::start(db, || vec![parties::capability()]).await;
    let (with, without) = (customer(&app, 1, Some("13812345678")), customer(&app, 2, None));
    write!(app, vec![with.clone(), without.clone()], |tx, all| {
        store::insert(tx, &all[0]).await?;
        store::insert_many(tx, &all[1..]).await?
    });
    for expected in [with.clone(), without] {
        assert_eq!(write!(app, expected.id, |tx, id| store::get(tx, *id).await?), Some(expected));
    }
    let known = write!(app, with.store, |tx, shop| store::by_external_id(tx, *shop, "M-1").await?);
    assert_eq!(known.map(|customer| customer.id), Some(with.id));
    let changed = CustomerDraft { phone: None, vip: None, ..with.draft.clone() };
    assert!(write!(app, changed.clone(), |tx, draft| store::save(tx, Id::new(1), 1, draft).await?));
    assert!(!write!(app, changed.clone(), |tx, draft| store::save(tx, Id::new(1), 1, draft).await?));
    let saved = write!(app, with.id, |tx, id| store::get(tx, *id).await?).unwrap();
    assert_eq!((saved.draft, saved.version), (changed, 2));
}

#[testkit::db_test]
async fn numbers_are_found_whole_by_tail_and_by_beginning(db: Db) {
    let app = TestApp::start(db, || vec![parties::capability()]).await;
    let mut all = vec![
        customer(&app, 1, Some("13812345678")),
        customer(&app, 2, Some("13812340000")),
        customer(&app, 3, Some("13900005678")),
        customer(&app, 4, None),
    ];
    all[2].store = app.unit("S2");
    write!(app, all, |tx, all| store::insert_many(tx, all).await?);
    let find = async |digits: Digits, reach: Reach| -> Vec<i64> {
        let found =
            write!(app, (digits, reach), |tx, (digits, reach)| store::find_by_phone(tx, digits, reach, 10).await?);
        found.into_iter().map(|customer| customer.id.get()).collect()
    };
    let company = Reach::company;
    assert_eq!(find(Digits::Whole("13812345678".into()), company()).await, [1]);
    assert_eq!(find(Digits::Tail("5678".into()), company()).await, [3, 1]);
    assert_eq!(find(Digits::Prefix("1381234".into()), company()).await, [2, 1]);
    assert_eq!(find(Digits::Prefix("139".into()), company()).await, [3]);
    let s2 = Reach { stores: [app.unit("S2")].into(), ..Reach::default() };
    assert_eq!(find(Digits::Tail("5678".into()), s2.clone()).await, [3]);
    let own = Reach { own: Some(app.user("tech1")), teams: [app.unit("QA")].into(), ..Reach::default() };
    assert_eq!(find(Digits::Tail("5678".into()), own).await, Vec::<i64>::new(), "nobody owns a file");
    let list = async |reach: Reach, after: Option<i64>| -> Vec<i64> {
        let found = write!(app, (reach, after), |tx, (reach, after)| store::list(
            tx,
            &store::Wanted::default(),
            reach,
            *after,
            2
        )
        .await?);
        found.into_iter().map(|customer| customer.id.get()).collect()
    };
    assert_eq!(list(company(), None).await, [4, 3]);
    assert_eq!(list(company(), Some(3)).await, [2, 1]);
    assert_eq!(list(s2, None).await, [3]);
}

#[testkit::db_test]
async fn products_are_known_by_their_code(db: Db) {
    let app = TestApp::start(db, || vec![parties::capability()]).await;
    let draft = ProductDraft {
        code: "XQG100".into(),
        name: "滚筒洗衣机".into(),
        brand: "某牌".into(),
        model: Some("XQG100-B14".into()),
        barcode: Some("6901234567892".into()),
        category: "washer".into(),
        law_months: Some(12),
        active: true,
        ..ProductDraft::default()
    };
    let washer = Product { id: Id::new(1), draft, version: 1 };
    write!(app, washer.clone(), |tx, product| store::insert_product(tx, product).await?);
    assert_eq!(write!(app, (), |tx, ()| store::product_by_code(tx, "XQG100").await?), Some(washer));
    assert_eq!(write!(app, (), |tx, ()| store::product_by_code(tx, "X").await?), None);
}
