//! The test company with this capability, and a few things that every test needs.

use capability::Capability;
use db::Db;
use identity::{Secret, store};
use kernel::{Fault, RecordRef};
use testapp::{Answer, TestApp};

pub const PASSWORD: &str = "correct horse";

pub fn capabilities() -> Vec<Capability> {
    vec![administration::capability(), cases::capability()]
}

pub async fn start(db: Db) -> TestApp {
    TestApp::start(db, capabilities).await
}

/// Gives the person with `login` the password [`PASSWORD`].
pub async fn give_password(app: &TestApp, login: &str) {
    let hash = app.house.identity.hasher().hash(&Secret::new(PASSWORD)).await.unwrap();
    app.house
        .db
        .write((app.house.clock.now(), app.user(login), hash), |tx, (now, id, hash)| {
            Box::pin(async move { store::users::set_password(tx, *now, *id, hash).await })
        })
        .await
        .unwrap();
}

/// The journal of one record, newest last: verb, and `field: before → after`.
pub async fn journal_of(app: &TestApp, record: RecordRef) -> Vec<(String, Vec<String>)> {
    let mut entries = app
        .house
        .db
        .read(record, |tx, record| {
            Box::pin(async move { journal::of_record(tx, record, None, 100).await.map_err(Fault::from) })
        })
        .await
        .unwrap();
    entries.sort_by_key(|entry| entry.seq);
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
    entries
        .into_iter()
        .map(|entry| {
            let changes = entry.changes.iter();
            let changes =
                changes.map(|change| format!("{}: {} → {}", change.field, text(&change.before), text(&change.after)));
            (entry.verb, changes.collect())
        })
        .collect()
}

/// The session cookie that an answer sets, as `name=value`.
pub fn cookie_of(answer: &Answer) -> String {
    let mut cookies = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let session = cookies.rfind(|cookie| cookie.starts_with("session=")).expect("a session cookie");
    session.split(';').next().unwrap().to_owned()
}

/// The page shows words, never a key for which there is none.
#[track_caller]
pub fn shows_words(answer: &Answer) {
    let text = answer.text();
    for prefix in ["administration-", "identity-", "web-", "field-", "fault-"] {
        let shown = format!(">{prefix}");
        assert!(
            !text.contains(&shown),
            "a text is missing: {}",
            text.split(&shown).nth(1).unwrap().split('<').next().unwrap()
        );
    }
}
