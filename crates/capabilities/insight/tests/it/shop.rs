//! Three stores with cases and numbers, and shorthands.

use capability::{Capability, Ctx};
use cases::app::{self, CustomerChoice, Intake, TakenIn};
use cases::domain::{Channel, Kind, Priority, Wish};
use db::Db;
use kernel::Day;
use metrics::Delta;
use parties::app::CustomerInput;
use testapp::TestApp;

pub fn capabilities() -> Vec<Capability> {
    vec![parties::capability(), cases::capability(), surveys::capability(), insight::capability()]
}

/// Two cases in S1, one in S2, one in S3, all of today; deadlines of the last days in S1 and S3.
pub async fn shop(db: Db) -> TestApp {
    let app = TestApp::start(db, capabilities).await;
    take_in(&app, "clerk1", "S1", "王丽华", "13812345678", "洗衣机不脱水", "洗到脱水那一步就停，报 E4。").await;
    take_in(
        &app,
        "clerk1",
        "S1",
        "王小明",
        "13900002222",
        "iPhone 15 换屏幕",
        "屏幕碎了 <b>很急</b>，打 13700003333 找我",
    )
    .await;
    take_in(&app, "clerk2", "S2", "李雷", "13611112222", "冰箱不制冷", "冷藏室 12 度").await;
    take_in(&app, "clerk3", "S3", "韩梅", "13511113333", "空调漏水，屏幕不亮", "滴水").await;
    count(&app, "S1", "2026-11-20", &[("deadlines.met", 3), ("deadlines.ended", 4), ("deadlines.missed", 1)]).await;
    count(&app, "S3", "2026-11-21", &[("deadlines.met", 1), ("deadlines.ended", 1)]).await;
    count(&app, "S1", "2026-10-02", &[("deadlines.met", 1), ("deadlines.ended", 2), ("deadlines.missed", 1)]).await;
    app
}

pub async fn take_in(
    app: &TestApp,
    login: &str,
    store: &str,
    name: &str,
    phone: &str,
    subject: &str,
    body: &str,
) -> TakenIn {
    let intake = Intake {
        store: app.unit(store),
        kind: Kind::Repair,
        channel: Channel::Counter,
        priority: Priority::Normal,
        customer: CustomerChoice::New(CustomerInput {
            name: name.into(),
            phone: phone.into(),
            consent: true,
            ..CustomerInput::default()
        }),
        subject: subject.into(),
        body: body.into(),
        wish: Wish::Repair,
        upset: false,
        product: None,
        serial: None,
        ..Intake::default()
    };
    let ctx: Ctx = app.ctx(login).await;
    app::take_in(&ctx, intake).await.unwrap()
}

/// Counts for a store as some capability would, for repairs at the counter.
pub async fn count(app: &TestApp, store: &str, day: &str, parts: &[(&'static str, i64)]) {
    let (store, day): (_, Day) = (app.unit(store), day.parse().unwrap());
    let by = [("kind", "repair"), ("channel", "counter")];
    let deltas: Vec<Delta> = parts.iter().flat_map(|(part, n)| Delta::spread(part, store, day, *n, &by)).collect();
    let input = (app.house.ids.clone(), deltas);
    let write = app.house.db.write(input, |tx, (ids, deltas)| Box::pin(metrics::append(tx, ids, deltas)));
    write.await.unwrap();
}

/// What the page itself shows, the same on every run: without the layout's notes, ids and the marks of asset versions.
pub fn steady(main: &str) -> String {
    let own = main.split("<div id=\"flash\" aria-live=\"polite\"></div>").last().unwrap_or(main);
    let mut steady = String::new();
    for (n, part) in own.split("/assets/icons-").enumerate() {
        match part.split_once(".svg") {
            Some((_, rest)) if n > 0 => steady.push_str(&format!("/assets/icons.svg{rest}")),
            _ => steady.push_str(part),
        }
    }
    let ids = steady.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() >= 15);
    let ids: Vec<String> = ids.map(str::to_owned).collect();
    ids.iter().fold(steady, |steady, id| steady.replace(id, "[id]"))
}
