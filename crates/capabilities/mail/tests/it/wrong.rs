//! Letters that are too much: refused or tamed, with a word about it.

use capability::Event;
use db::Db;
use kernel::{Placed, RecordRef};
use mail::State;
use mail::app::{self, Draft};
use testkit::db_test;

use crate::post::{became, draft, fresh, letter, look, send, shop};

#[db_test]
async fn bombs_are_tamed_and_leave_a_word(db: Db) {
    let (app, id, name) = shop(db).await;
    let mut huge = letter("a@x.cn", "huge", "huge@x", "", "");
    huge.resize(100 * 1024 * 1024, b'x');
    for line in huge.chunks_mut(900).skip(10) {
        line[0] = b'\n';
    }
    let many: Vec<String> = (0..12_000).map(|n| format!("r{n}@x.cn")).collect();
    let many = letter("b@x.cn", "many", "many@x", &format!("Cc: {}\r\n", many.join(",\r\n ")), "to all of you");
    let mut deep = "From: c@x.cn\r\nSubject: deep\r\nMessage-ID: <deep@x>\r\n".to_owned();
    for level in 0..60 {
        deep.push_str(&format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n"));
    }
    deep.push_str("Content-Type: text/plain\r\n\r\nfar below\r\n");
    send(&name, &[huge]).await;
    send(&name, &[many]).await;
    send(&name, &[deep.into_bytes()]).await;
    look(&app, id).await;
    let rows: Vec<_> = became(&app, id).await.into_iter().map(|(row, _)| row).collect();
    assert_eq!((rows[0].state, rows[0].why.as_deref(), rows[0].case), (State::SetAside, Some("too_large"), None));
    assert!(rows[0].size >= 100 * 1024 * 1024 && rows[0].subject == "huge");
    assert_eq!((rows[1].state, rows[1].tamed.as_deref()), (State::Case, Some("receivers")));
    assert_eq!((rows[2].state, rows[2].tamed.as_deref()), (State::Case, Some("depth")));
    let boss = app.as_user("boss1").await;
    let page = boss.get(&format!("/mailboxes/{id}")).await.expect(200).text();
    for word in ["收件人太多", "嵌套太深", "太大"] {
        assert!(page.contains(word), "{word}: {page}");
    }
    // It lies at the server; nobody can take it in from here.
    let refused = app::retry(&app.ctx("boss1").await, rows[0].id).await.unwrap_err();
    assert_eq!(refused.code(), "mail-not-here");
    boss.get(&format!("/mailboxes/{id}/letters/{}", rows[0].id)).await.expect(200);
    let shown = boss.get(&format!("/mailboxes/{id}/letters/{}", rows[1].id)).await.expect(200).text();
    assert!(shown.contains("to all of you") && shown.contains("10000"), "{shown}");
}

#[db_test]
async fn two_mailboxes_and_machines_that_say_nothing_do_not_talk_for_ever(db: Db) {
    let (app, id, name) = shop(db).await;
    let other = fresh();
    app::create(&app.ctx("admin").await, Draft { active: false, ..draft(&app, &other) }).await.unwrap();
    send(&name, &[letter(&format!("{other}@mail.test"), "round", "round@x", "", "from our other mailbox")]).await;
    look(&app, id).await;
    assert_eq!(became(&app, id).await[0].1, "automatic loop: round");
    let echo: Vec<_> =
        (0..60).map(|n| letter("robot@x.cn", &format!("n{n}"), &format!("e{n}@x"), "", "thanks")).collect();
    send(&name, &echo).await;
    look(&app, id).await;
    let rows = became(&app, id).await;
    let count = |state: State| rows.iter().filter(|(row, _)| row.state == state).count();
    // Those that are written side by side do not see each other.
    assert!((20..36).contains(&count(State::Case)), "{}", count(State::Case));
    assert_eq!(count(State::Case) + count(State::SetAside), 60);
    assert!(rows.iter().any(|(_, said)| said.starts_with("set_aside flood")));
}

#[db_test]
async fn pages_show_a_letter_with_what_was_folded_and_of_its_html_only_the_shape(db: Db) {
    let (app, id, name) = shop(db).await;
    let html = b"From: =?utf-8?B?546L5Li95Y2O?= <wang@qq.example>\r\nSubject: html\r\nMessage-ID: <h@x>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p onclick=steal()>noise</p><script>steal()</script><img src=http://spy.example/1.gif><br>-- <br>Wang<blockquote>older words</blockquote>\r\n";
    send(&name, &[html.to_vec()]).await;
    look(&app, id).await;
    let row = became(&app, id).await.remove(0).0;
    let case = row.case.unwrap();
    let boss = app.as_user("boss1").await;
    for path in [format!("/mailboxes/{id}/letters/{}", row.id), format!("/cases/{case}/letters")] {
        let page = boss.get(&path).await.expect(200).text();
        assert!(page.contains("noise") && page.contains("<details") && page.contains("older words"), "{page}");
        assert!(!page.contains("steal") && !page.contains("spy.example") && !page.contains("wang@qq"), "{page}");
    }
    let fragment = boss.send("GET", &format!("/cases/{case}/letters"), &[("hx-request", "true")], Vec::new()).await;
    assert!(!fragment.expect(200).text().contains("<html"));
    // Who works on the case sees its letters, and the file as it came, without seeing mailboxes.
    let clerk = app.as_user("clerk1").await;
    let page = clerk.get(&format!("/cases/{case}/letters")).await.expect(200).text();
    let file = page.split("/files/").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
    capability::seen_file(&app.ctx("clerk1").await, file).await.unwrap();
    app.as_user("boss3").await.get(&format!("/cases/{case}/letters")).await.expect(404);
    // And programs the same.
    let json = clerk.get(&format!("/api/v1/cases/{case}/letters")).await.expect(200).json();
    assert_eq!(json["items"][0]["words"]["said"], "noise");
    assert_eq!(json["items"][0]["words"]["quoted"], "> older words");
    let one = format!("/api/v1/mailboxes/{id}/letters/{}", row.id);
    assert_eq!(boss.get(&one).await.expect(200).json()["words"], json["items"][0]["words"]);
    clerk.get(&one).await.expect(403);
    app.as_user("boss3").await.get(&one).await.expect(404);
    app.as_user("boss3").await.get(&format!("/api/v1/cases/{case}/letters")).await.expect(404);
    assert!(capability::seen_file(&app.ctx("boss3").await, file).await.is_err());

    // Lists, what is bold and links with their host are shown; nothing else of the page comes along.
    let shape = b"From: <wang@qq.example>\r\nSubject: shape\r\nMessage-ID: <s@x>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p style=x>two <b onclick=steal()>faults</b></p><ol><li>leaks<li>noise</ol><img src=http://spy.example/1.gif><a href=http://evil.example/x>https://bank.example</a>\r\n";
    send(&name, &[shape.to_vec()]).await;
    look(&app, id).await;
    let rows = became(&app, id).await;
    let row = &rows.iter().find(|(row, _)| row.subject == "shape").unwrap().0;
    let page = boss.get(&format!("/mailboxes/{id}/letters/{}", row.id)).await.expect(200).text();
    assert!(page.contains("<p>two <b>faults</b></p><ol><li>leaks</li><li>noise</li></ol>"), "{page}");
    assert!(page.contains(">https://bank.example</a> [evil.example]"), "{page}");
    assert!(!page.contains("steal") && !page.contains("spy.example"), "{page}");
}

#[db_test]
async fn a_customer_who_is_forgotten_takes_the_letters_along(db: Db) {
    let (app, id, name) = shop(db).await;
    send(&name, &[letter("王丽华 <wang@qq.example>", "秘密", "f@x", "", "我的秘密。")]).await;
    look(&app, id).await;
    let row = became(&app, id).await.remove(0).0;
    let case = row.case.unwrap();
    let page = app.as_user("boss1").await.get(&format!("/cases/{case}/letters")).await.expect(200).text();
    let file = page.split("/files/").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
    // What the case says when it is erased with its customer.
    app.ctx("boss1")
        .await
        .write(row.clone(), |work, row| {
            Box::pin(async move {
                let record = RecordRef::new(cases::app::RECORD, row.case.unwrap());
                work.record(Event::new(record, "case.erased", row.place())).await
            })
        })
        .await
        .unwrap();
    let row = became(&app, id).await.remove(0).0;
    assert_eq!((row.from_name.as_str(), row.from_address.as_str(), row.subject.as_str()), ("", "", ""));
    assert!(app.house.files.get(&capability::seen_file(&app.ctx("boss1").await, file).await.unwrap()).await.is_err());
}
