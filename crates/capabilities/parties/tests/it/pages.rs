//! The pages in both languages, without scripts.

use db::Db;
use parties::app::{self, CustomerInput};
use parties::domain::SaleInput;
use testapp::TestApp;

use crate::goods::{fridge, sold, start};

/// A page without what differs from run to run.
fn plain(html: &str) -> String {
    let main = html.split("<main").nth(1).and_then(|rest| rest.split("<nav class=\"tabbar\"").next()).unwrap_or(html);
    let mut text = String::new();
    let mut run = String::new();
    for letter in main.chars().chain(['\n']) {
        if letter.is_ascii_hexdigit() {
            run.push(letter);
            continue;
        }
        text.push_str(match run.len() {
            12 => "HASH",
            15..=20 if run.bytes().all(|byte| byte.is_ascii_digit()) => "ID",
            _ => &run,
        });
        run.clear();
        text.push(letter);
    }
    text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

async fn shop(app: &TestApp) -> (String, String, String, String) {
    let clerk = app.ctx("clerk1").await;
    let product = app::create_product(&app.ctx("boss1").await, &fridge()).await.unwrap();
    let wang = CustomerInput { name: "王丽华".into(), phone: "13812345678".into(), ..CustomerInput::default() };
    let card = app::create(&clerk, app.unit("S1"), wang).await.unwrap();
    let input = SaleInput { customer: Some(card.id.to_string()), ..sold("4403-2211-81", "BCD04717") };
    let sale = app::create_sale(&clerk, app.unit("S1"), &input).await.unwrap();
    let unit = app::get_sale(&clerk, sale.id).await.unwrap().units.remove(0).unit.id;
    (product.id.to_string(), card.id.to_string(), sale.id.to_string(), unit.to_string())
}

#[testkit::db_test]
async fn every_page_is_shown_in_both_languages(db: Db) {
    let sqlite = db.engine() == db::Engine::Sqlite;
    let app = start(db).await;
    let (product, customer, sale, unit) = shop(&app).await;
    let boss = app.as_user("boss1").await;
    let english = app.as_user("boss1").await.in_english();
    for (name, path) in [
        ("customers", "/customers".to_owned()),
        ("customer", format!("/customers/{customer}")),
        ("customer_edit", format!("/customers/{customer}/edit")),
        ("products", "/products?q=冰箱".to_owned()),
        ("product", format!("/products/{product}")),
        ("product_new", "/products/new".to_owned()),
        ("sales", "/sales?from=2026-11-01".to_owned()),
        ("sale", format!("/sales/{sale}")),
        ("sale_edit", format!("/sales/{sale}/edit")),
        ("units", "/units".to_owned()),
        ("unit", format!("/units/{unit}")),
        ("unit_edit", format!("/units/{unit}/edit")),
        ("units_paste", "/units/paste".to_owned()),
    ] {
        let zh = boss.get(&path).await.expect(200).text();
        let en = english.get(&path).await.expect(200).text();
        assert!(!zh.contains("13812345678") && !en.contains("13812345678"), "{name}: masked");
        if sqlite {
            insta::assert_snapshot!(format!("{name}_zh"), plain(&zh));
            insta::assert_snapshot!(format!("{name}_en"), plain(&en));
        }
    }
}

#[testkit::db_test]
async fn two_who_change_the_same_product_are_asked_field_by_field(db: Db) {
    let app = start(db).await;
    let (product, ..) = shop(&app).await;
    let boss = app.as_user("boss1").await;
    let path = format!("/products/{product}/edit");
    let form = [
        ("code", "BCD-452W"),
        ("name", "冰箱"),
        ("brand", "北原"),
        ("category", "fridge"),
        ("law_months", "12"),
        ("main_months", "36"),
        ("barcode", "6901234567892"),
        ("seen.name", "对开门冰箱 452 升"),
        ("seen.code", "BCD-452W"),
        ("seen.brand", "北原"),
        ("seen.law_months", "12"),
    ];
    let sent = |version: &'static str, name: &'static str| {
        let mut fields = form.to_vec();
        fields.push(("version", version));
        fields.retain(|(field, _)| *field != "name");
        fields.push(("name", name));
        fields
    };
    boss.post(&path, &sent("1", "冰箱")).await.expect(303);
    let asked = boss.post(&path, &sent("1", "电冰箱")).await.expect(412).text();
    assert!(asked.contains("take-name") && asked.contains("电冰箱"), "{asked}");
    let mut taken = sent("2", "电冰箱");
    taken.extend([("take-name", "theirs")]);
    taken.retain(|(field, _)| *field != "seen.name");
    taken.push(("seen.name", "冰箱"));
    boss.post(&path, &taken).await.expect(303);
    assert!(boss.get(&format!("/products/{product}")).await.text().contains("<h1>冰箱</h1>"));
    boss.post(&path, &[("name", "x")]).await.expect(428);
}

#[testkit::db_test]
async fn a_sale_names_its_customer_by_telephone(db: Db) {
    let app = start(db).await;
    let (_, customer, ..) = shop(&app).await;
    let clerk = app.as_user("clerk1").await;
    let store = app.unit("S1").to_string();
    let code = fridge().code;
    let form = |receipt: &'static str, phone: &'static str| {
        [
            ("receipt", receipt.to_owned()),
            ("day", "2026-11-20".to_owned()),
            ("store", store.clone()),
            ("channel", "store".to_owned()),
            ("customer", phone.to_owned()),
            ("lines.0.product", code.clone()),
            ("lines.0.quantity", "1".to_owned()),
            ("lines.0.price", "100.00".to_owned()),
            ("lines.0.serials", String::new()),
            ("covers.0.source", "extended".to_owned()),
        ]
    };
    let pairs = form("R-77", "138 1234 5678");
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let sold = clerk.post("/sales/new", &pairs).await.expect(303);
    let page = clerk.get(sold.location()).await.expect(200).main();
    assert!(page.contains(&format!("/customers/{customer}")), "{page}");
    // A number that nobody has is said beside the field.
    let pairs = form("R-78", "13900001111");
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let again = clerk.post("/sales/new", &pairs).await.expect(422).main();
    assert!(again.contains("id=\"customer-error\""), "{again}");
}
