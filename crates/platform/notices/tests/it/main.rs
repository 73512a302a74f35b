#![cfg(test)]

mod pages;
mod telling;

use capability::{Capability, Event};
use db::Db;
use kernel::{Id, Place, RecordRef, of};
use notices::Notice;
use testapp::TestApp;

pub async fn shop(db: Db) -> TestApp {
    TestApp::start(db, || -> Vec<Capability> { vec![notices::capability()] }).await
}

pub fn assigned(id: i64, subject: &str) -> Notice {
    Notice::new("case.assigned", RecordRef { kind: "case", id }).number("FW20261122-0001").subject(subject)
}

/// `login` does something that `users` are told of.
pub async fn tell(app: &TestApp, login: &str, users: &[&str], notice: Notice) {
    let users: Vec<Id<of::User>> = users.iter().map(|login| app.user(login)).collect();
    let store = app.unit("S1");
    app.ctx(login)
        .await
        .write((users, notice, store), |work, (users, notice, store)| {
            Box::pin(async move {
                notices::tell(work, users, notice).await?;
                let place = Place { store: *store, team: None, owner: None };
                work.record(Event::new(RecordRef { kind: "case", id: 1 }, "case.assigned", place)).await
            })
        })
        .await
        .unwrap();
}
