//! The small company with a shop on a platform, and shorthands.

use capability::Capability;
use db::Db;
use kernel::{Fault, Id};
use parties::domain::terms::{PromiseInput, TermsInput};
use parties::domain::{LineInput, ProductInput, SaleInput};
use parties::store::{Sale, TermsId};
use platforms::app::{self, Cells, Photos, ShopInput, Wanted};
use platforms::domain::{Column, Command, CommandName, Hours};
use platforms::store::{Order, OrderId, Shop};
use testapp::TestApp;

/// The smallest picture.
pub const PNG: &[u8] = b"\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x02\x00\x00\x00\x02\x08\x02\x00\x00\x00\xfd\xd4\x9a\x73\x00\x00\x00\x10\x49\x44\x41\x54\x78\xda\x63\xf8\xdf\xa0\x00\x44\x0c\x10\x0a\x00\x30\xee\x06\x7d\x57\x0c\x08\x92\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82";

pub fn capabilities() -> Vec<Capability> {
    vec![
        notices::capability(),
        approvals::capability(),
        parties::capability(),
        cases::capability(),
        returns::capability(),
        platforms::capability(),
    ]
}

pub fn shop_input(app: &TestApp, name: &str, store: &str) -> ShopInput {
    ShopInput {
        id: None,
        platform: "douyin".into(),
        name: name.into(),
        store: app.unit(store),
        hours: Hours { answer: Some(48), ship_back: Some(168), refund: Some(72), evidence: None },
        source: Some("平台规则页 2026-11-01 核对".into()),
        active: true,
        terms: Vec::new(),
        version: 0,
    }
}

/// A fridge is known, and the shop 海川旗舰店 of S1 on Douyin.
pub async fn start(db: Db) -> (TestApp, Shop) {
    let app = TestApp::start(db, capabilities).await;
    let fridge = ProductInput {
        code: "BCD-452W".into(),
        name: "对开门冰箱".into(),
        brand: "海川".into(),
        category: "fridge".into(),
        ..ProductInput::default()
    };
    parties::app::create_product(&app.ctx("boss1").await, &fridge).await.unwrap();
    let input = shop_input(&app, "海川旗舰店", "S1");
    let shop = app::save_shop(&app.ctx("quality").await, input).await.unwrap();
    (app, shop)
}

/// An order with what is always there, and `more`.
pub fn cells(number: &str, more: &[(Column, &str)]) -> Cells {
    let mut cells: Cells = [
        (Column::Shop, "海川旗舰店"),
        (Column::Number, number),
        (Column::Kind, "退货退款"),
        (Column::Bought, "6921100045"),
        (Column::BoughtOn, "2026-11-18 10:00"),
        (Column::Sku, "BCD-452W"),
        (Column::Goods, "对开门冰箱"),
        (Column::Paid, "4299.00"),
        (Column::Reason, "商品质量问题，不制冷"),
        (Column::Buyer, "王**"),
        (Column::Applied, "2026-11-22 10:00"),
    ]
    .into_iter()
    .map(|(column, text)| (column, text.to_owned()))
    .collect();
    cells.extend(more.iter().map(|(column, text)| (*column, (*text).to_owned())));
    cells
}

pub fn table(shop: Option<&Shop>, text: &str) -> Wanted {
    let lines = tables::read(text.as_bytes()).unwrap();
    Wanted {
        shop: shop.map(|shop| shop.id),
        columns: lines[0].iter().map(|head| Column::guess(head)).collect(),
        lines: lines[1..].to_vec(),
    }
}

pub async fn seen(app: &TestApp, login: &str, id: Id<OrderId>) -> app::Detail {
    app::detail(&app.ctx(login).await, id).await.unwrap()
}

/// `login` enters a step on whatever the order is now.
pub async fn give(
    app: &TestApp,
    login: &str,
    id: Id<OrderId>,
    name: CommandName,
    (reference, note): (Option<&str>, Option<&str>),
) -> Result<Order, Fault> {
    let ctx = app.ctx(login).await;
    let version = app::detail(&ctx, id).await?.one.version;
    let command = Command {
        name,
        at: app.clock.now(),
        reference: reference.map(str::to_owned),
        note: note.map(str::to_owned),
        weight: None,
        until: None,
    };
    app::command(&ctx, id, version, command, Photos::default()).await
}

/// A fridge sold on the platform on 18 November as receipt `receipt`.
pub async fn sold(app: &TestApp, receipt: &str, serials: &[&str]) -> Sale {
    let sale = SaleInput {
        receipt: receipt.into(),
        day: "2026-11-18".into(),
        channel: "platform".into(),
        lines: vec![LineInput {
            product: "BCD-452W".into(),
            quantity: i64::try_from(serials.len().max(1)).unwrap(),
            price: 429_900,
            serials: serials.iter().map(|serial| (*serial).to_owned()).collect(),
        }],
        ..SaleInput::default()
    };
    parties::app::create_sale(&app.ctx("clerk1").await, app.unit("S1"), &sale).await.unwrap()
}

/// Platform terms: what does not work may be given back within `days` days of the purchase.
pub async fn terms(app: &TestApp, name: &str, days: i64) -> Id<TermsId> {
    let input = TermsInput {
        layer: "platform".into(),
        name: name.into(),
        says: "出现性能故障可以退货。".into(),
        source: "平台规则".into(),
        from: "2026-01-01".into(),
        promises: vec![PromiseInput {
            claim: "performance".into(),
            gives: "refund".into(),
            begins: "bought".into(),
            length: days,
            ..PromiseInput::default()
        }],
        ..TermsInput::default()
    };
    parties::app::add_terms(&app.ctx("quality").await, &input).await.unwrap().id
}
