use capability::Ctx;
use db::Db;
use kernel::{Fault, FaultKind};
use parties::app::{self, CustomerInput};
use parties::domain::{CoverInput, LineInput, ProductInput, SaleInput, UnitInput};
use parties::store::{Products, Sales, Units};
use testapp::TestApp;

pub async fn start(db: Db) -> TestApp {
    TestApp::start(db, || vec![parties::capability()]).await
}

pub fn fridge() -> ProductInput {
    ProductInput {
        code: "BCD-452W".into(),
        name: "对开门冰箱 452 升".into(),
        brand: "北原".into(),
        category: "fridge".into(),
        barcode: Some("6901234567892".into()),
        law_months: Some(12),
        main_months: Some(36),
        ..ProductInput::default()
    }
}

pub fn sold(receipt: &str, serial: &str) -> SaleInput {
    SaleInput {
        receipt: receipt.into(),
        day: "2026-11-18".into(),
        lines: vec![LineInput {
            product: "BCD-452W".into(),
            price: 429_900,
            serials: vec![serial.into()],
            ..LineInput::default()
        }],
        covers: vec![CoverInput { source: "extended".into(), promise: "延保 1 年".into(), ..CoverInput::default() }],
        ..SaleInput::default()
    }
}

async fn wang(app: &TestApp, clerk: &Ctx) -> app::CustomerCard {
    let input = CustomerInput { name: "王丽华".into(), phone: "13812345678".into(), ..CustomerInput::default() };
    app::create(clerk, app.unit("S1"), input).await.unwrap()
}

fn codes(fault: &Fault) -> Vec<(String, &'static str)> {
    fault.fields().iter().map(|error| (error.field.clone(), error.code)).collect()
}

#[testkit::db_test]
async fn a_product_is_made_found_changed_and_unique(db: Db) {
    let app = start(db).await;
    let boss = app.ctx("boss1").await;
    let made = app::create_product(&boss, &fridge()).await.unwrap();
    let again = app::create_product(&boss, &fridge()).await.unwrap_err();
    assert_eq!(codes(&again), [("code".to_owned(), "taken")]);
    let found = async |text: &str| {
        app::list_products(&boss, Products::default(), Some(text.into()), None, 10).await.unwrap().rows.len()
    };
    for text in ["冰箱", "bcd452w", "6901234567892", "北原", "dkmbx452s"] {
        assert_eq!(found(text).await, 1, "{text}");
    }
    let changed = ProductInput { law_months: Some(24), ..fridge() };
    assert_eq!(app::edit_product(&boss, made.id, 1, &changed).await.unwrap().version, 2);
    assert_eq!(app::edit_product(&boss, made.id, 1, &changed).await.unwrap_err().kind(), FaultKind::Stale);
    let clerk = app.ctx("clerk1").await;
    assert_eq!(app::create_product(&clerk, &fridge()).await.unwrap_err().kind(), FaultKind::NotFound);
    assert!(app::get_product(&clerk, made.id).await.is_ok());
    let wrong = ProductInput { code: " ".into(), barcode: Some("69x".into()), law_months: Some(-1), ..fridge() };
    let fault = app::create_product(&boss, &wrong).await.unwrap_err();
    assert_eq!(fault.fields().iter().count(), 3, "{:?}", codes(&fault));
}

#[testkit::db_test]
async fn a_sale_brings_its_units_and_both_are_found(db: Db) {
    let app = start(db).await;
    let clerk = app.ctx("clerk1").await;
    app::create_product(&app.ctx("boss1").await, &fridge()).await.unwrap();
    let card = wang(&app, &clerk).await;
    let input = SaleInput { customer: Some(card.id.to_string()), ..sold("4403-2211-81", "bcd0 4717") };
    let sale = app::create_sale(&clerk, app.unit("S1"), &input).await.unwrap();
    let file = app::get_sale(&clerk, sale.id).await.unwrap();
    assert_eq!((file.units.len(), file.covers.len(), file.sale.total.fen()), (1, 1, 429_900));
    assert_eq!(file.customer.as_ref().map(|card| card.phone.as_str()), Some("138****5678"));
    let units = async |text: &str| {
        app::list_units(&clerk, Units::default(), Some(text.into()), None, 10).await.unwrap().rows.len()
    };
    for text in ["BCD04717", "bcd0 4717", "D04717", "4403221181", "5678", "wlh", "冰箱"] {
        assert_eq!(units(text).await, 1, "{text}");
    }
    let sales = app::list_sales(&clerk, Sales::default(), Some("5678".into()), None, 10).await.unwrap();
    assert_eq!(sales.rows.len(), 1);
    // The same receipt and the same serial number are refused, each at its field.
    let fault = app::create_sale(&clerk, app.unit("S1"), &input).await.unwrap_err();
    assert_eq!(codes(&fault), [("receipt".to_owned(), "taken")]);
    let fault = app::create_sale(&clerk, app.unit("S1"), &sold("X-1", "BCD04717")).await.unwrap_err();
    assert_eq!(codes(&fault), [("lines.0.serials".to_owned(), "serial-sold")]);
    // A change of lines sets the old unit free and brings the new one.
    let changed = SaleInput { customer: None, ..sold("4403-2211-81", "BCD09999") };
    app::edit_sale(&clerk, sale.id, 1, &changed).await.unwrap();
    let file = app::get_sale(&clerk, sale.id).await.unwrap();
    assert_eq!(file.units.iter().map(|row| row.unit.serial.as_str()).collect::<Vec<_>>(), ["BCD09999"]);
    assert_eq!(app::edit_sale(&clerk, sale.id, 1, &changed).await.unwrap_err().kind(), FaultKind::Stale);
    assert_eq!(units("BCD04717").await, 1, "the unit stays");
    let again = app::sale_input(&file);
    assert_eq!(
        again.lines,
        changed.lines.iter().map(|line| LineInput { quantity: 1, ..line.clone() }).collect::<Vec<_>>()
    );
}

#[testkit::db_test]
async fn everything_wrong_with_a_sale_is_said_at_once(db: Db) {
    let app = start(db).await;
    let clerk = app.ctx("clerk1").await;
    let store = app.unit("S1");
    let wrong =
        SaleInput { receipt: "-".into(), day: "2027-01-01".into(), channel: "x".into(), ..SaleInput::default() };
    let fault = app::create_sale(&clerk, store, &wrong).await.unwrap_err();
    let expected =
        [("receipt", "serial"), ("day", "day-future"), ("channel", "unknown"), ("lines.0.product", "required")];
    assert_eq!(codes(&fault), expected.map(|(field, code)| (field.to_owned(), code)));
    let fault = app::create_sale(&clerk, store, &sold("R1", "A1")).await.unwrap_err();
    assert_eq!(codes(&fault), [("lines.0.product".to_owned(), "product-unknown")]);
    let mut twice = sold("R1", "A1");
    twice.lines[0].serials.push("a-1".into());
    let fault = app::create_sale(&clerk, store, &twice).await.unwrap_err();
    assert_eq!(codes(&fault), [("lines.0.serials".to_owned(), "serial-twice")]);
}

#[testkit::db_test]
async fn sales_and_units_of_another_store_are_changed_there(db: Db) {
    let app = start(db).await;
    app::create_product(&app.ctx("boss1").await, &fridge()).await.unwrap();
    let clerk = app.ctx("clerk1").await;
    let sale = app::create_sale(&clerk, app.unit("S1"), &sold("R1", "A1")).await.unwrap();
    let far = app.ctx("clerk2").await;
    assert!(app::get_sale(&far, sale.id).await.is_ok(), "a customer walks into any store");
    assert_eq!(app::edit_sale(&far, sale.id, 1, &sold("R1", "A1")).await.unwrap_err().kind(), FaultKind::NotFound);
    assert_eq!(
        app::create_sale(&far, app.unit("S1"), &sold("R2", "A2")).await.unwrap_err().kind(),
        FaultKind::NotFound
    );
    let unit = app::get_sale(&clerk, sale.id).await.unwrap().units.remove(0);
    let input = UnitInput { note: Some("样机".into()), ..app::unit_input(&unit) };
    assert_eq!(app::edit_unit(&far, unit.unit.id, 1, &input).await.unwrap_err().kind(), FaultKind::NotFound);
    let changed = app::edit_unit(&clerk, unit.unit.id, 1, &input).await.unwrap();
    assert_eq!((changed.unit.version, changed.unit.sale), (2, Some(sale.id)));
    assert_eq!(app::edit_unit(&clerk, unit.unit.id, 1, &input).await.unwrap_err().kind(), FaultKind::Stale);
    for login in ["tech1", "finance", "assessor"] {
        let ctx = app.ctx(login).await;
        assert_eq!(app::get_sale(&ctx, sale.id).await.unwrap_err().kind(), FaultKind::NotFound, "{login}");
        assert_eq!(app::get_unit(&ctx, unit.unit.id).await.unwrap_err().kind(), FaultKind::NotFound, "{login}");
    }
}

#[testkit::db_test]
async fn lists_are_read_page_by_page(db: Db) {
    let app = start(db).await;
    app::create_product(&app.ctx("boss1").await, &fridge()).await.unwrap();
    let clerk = app.ctx("clerk1").await;
    for n in 0..5 {
        let day = format!("2026-11-1{}", n % 2);
        let input = SaleInput { day, ..sold(&format!("R{n}"), &format!("A{n}")) };
        app::create_sale(&clerk, app.unit("S1"), &input).await.unwrap();
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = app::list_sales(&clerk, Sales::default(), None, after, 2).await.unwrap();
        seen.extend(page.rows.iter().map(|row| (row.sale.day.to_string(), row.sale.receipt.clone())));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 5);
    assert!(seen.is_sorted_by(|a, b| a.0 >= b.0), "{seen:?}");
    let units = app::list_units(&clerk, Units::default(), None, None, 3).await.unwrap();
    let rest = app::list_units(&clerk, Units::default(), None, units.next, 3).await.unwrap();
    assert_eq!((units.rows.len(), rest.rows.len(), rest.next), (3, 2, None));
}
