#![cfg(test)]

mod pages;
mod reading;
mod receipts;
mod settings;
mod texts;

use capability::Capability;
use db::Db;
use kernel::{Id, RecordRef};
use messaging::{Channel, Message, NewMessage, QuietHours};
use testapp::TestApp;

pub fn capabilities() -> Vec<Capability> {
    vec![parties::capability(), cases::capability(), notices::capability(), outbox::capability()]
}

pub async fn shop(db: Db) -> TestApp {
    TestApp::start_at(db, capabilities, Some("https://service.example.com")).await
}

/// Queues a message to a customer of the store with the code `store`.
pub async fn queued(app: &TestApp, store: &str, channel: Channel, to: &str) -> Id<Message> {
    let args = [
        ("number", "FW20261122-0001"),
        ("store", "文三路店"),
        ("link", "https://service.example.com/c/secret"),
        ("name", "王丽华"),
        ("subject", "洗衣机不脱水"),
        ("text", "配件到了"),
    ];
    let message = NewMessage {
        channel,
        to: to.to_owned(),
        template: "received",
        locale: "zh-CN".to_owned(),
        args: args.map(|(name, value)| (name, value.to_owned())).to_vec(),
        record: RecordRef { kind: "case", id: 42 },
        store: Some(app.unit(store)),
        zone: app.house.zone.clone(),
        quiet: QuietHours::default(),
        dedup: None,
        now: app.clock.now(),
    };
    let ids = app.house.ids.clone();
    app.house
        .db
        .write((ids, message), |tx, (ids, message)| Box::pin(async move { messaging::queue(tx, ids, message).await }))
        .await
        .unwrap()
}
