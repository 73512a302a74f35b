use std::path::Path;

use cases::domain::{Direction, Visibility};
use db::Db;
use kernel::{Id, RecordRef, of};
use messaging::{MessageRow, MessageState};
use testapp::TestApp;
use testkit::db_test;

use crate::post::{became, letter, look, send, send_in_order, shop};

/// What was said in a case, oldest first.
async fn said(app: &TestApp, case: Id<of::Case>) -> Vec<(Direction, String)> {
    app.house
        .db
        .read(case, |tx, case| {
            Box::pin(
                async move { cases::store::messages_of(tx, *case, None, None, 50).await.map_err(kernel::Fault::from) },
            )
        })
        .await
        .unwrap()
        .into_iter()
        .rev()
        .map(|message| (message.direction, message.body))
        .collect()
}

async fn mails(app: &TestApp, case: Id<of::Case>) -> Vec<MessageRow> {
    let record = RecordRef::new(cases::app::RECORD, case);
    app.house
        .db
        .read(record, |tx, record| {
            Box::pin(async move { messaging::of_record(tx, record, None, 50).await.map_err(kernel::Fault::from) })
        })
        .await
        .unwrap()
}

async fn thread(app: &TestApp, case: Id<of::Case>) -> messaging::Thread {
    let record = RecordRef::new(cases::app::RECORD, case);
    app.house
        .db
        .read(record, |tx, record| {
            Box::pin(async move { messaging::thread_of(tx, record).await.map_err(kernel::Fault::from) })
        })
        .await
        .unwrap()
        .unwrap()
}

#[db_test]
async fn thirty_shapes_become_what_they_are(db: Db) {
    let (app, id, name) = shop(db).await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/letters/tests/fixtures");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let letters: Vec<_> = files.iter().map(|file| std::fs::read(file).unwrap()).collect();
    // The second answers the first; the others may come in any order.
    send_in_order(&name, &letters[..2]).await;
    send(&name, &letters[2..]).await;
    look(&app, id).await;
    let rows = became(&app, id).await;
    assert_eq!(rows.len(), letters.len(), "{rows:#?}");
    let count = |state: &str| rows.iter().filter(|(row, _)| row.state.as_str() == state).count();
    let shown: Vec<_> = rows.iter().map(|(_, said)| said.as_str()).collect();
    assert_eq!((count("bounce"), count("automatic"), count("duplicate")), (4, 3, 0), "{shown:#?}");
    assert_eq!(count("set_aside"), 1, "the one that nobody sent: {shown:#?}");
    // Its tag is of another installation and not believed, but it answers her own letter.
    assert!(shown.iter().any(|said| said.starts_with("answer: 回复：[KF-")), "{shown:#?}");
    let (photo, _) = rows.iter().find(|(row, _)| row.subject == "照片和发票").unwrap();
    let case = photo.case.unwrap();
    let files = cases::app::files::files_of(&app.ctx("boss1").await, case).await.unwrap().0;
    assert_eq!(files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["故障照片.png", "发票.pdf"]);
    let detail = cases::app::detail(&app.ctx("boss1").await, case).await.unwrap();
    assert!(detail.case.body.contains("virus.exe"), "what was left out is said: {}", detail.case.body);
    assert_eq!(detail.case.customer_name, "郑爽");
    // Nothing twice, also when the server numbers its letters anew.
    look(&app, id).await;
    app.house
        .db
        .write((), |tx, ()| {
            Box::pin(async move {
                tx.exec("UPDATE mailbox SET uid_validity = 1, last_uid = 0", &[]).await?;
                tx.exec("UPDATE mail_letter SET uid_validity = 1", &[]).await.map(|_| ())
            })
        })
        .await
        .unwrap();
    look(&app, id).await;
    let again = became(&app, id).await;
    assert_eq!(again.len(), letters.len() * 2);
    assert_eq!(again.iter().filter(|(row, _)| row.state.as_str() == "duplicate").count(), letters.len() - 1);
}

#[db_test]
async fn a_letter_is_answered_and_answers_come_back_into_their_case(db: Db) {
    let (app, id, name) = shop(db).await;
    let first = letter("王丽华 <wang@qq.example>", "洗衣机响", "first@qq.example", "", "洗衣机脱水时响得厉害。");
    send(&name, std::slice::from_ref(&first)).await;
    look(&app, id).await;
    let rows = became(&app, id).await;
    let case = rows[0].0.case.unwrap();
    let boss = app.ctx("boss1").await;
    cases::app::post_message(&boss, case, Visibility::Public, "请问什么时候在家？".to_owned()).await.unwrap();
    app.run_jobs().await;
    let sent = mails(&app, case).await;
    let answer = sent.iter().find(|mail| mail.template == "letter").unwrap();
    assert_eq!(answer.state, MessageState::Sent);
    let thread = thread(&app, case).await;
    assert_eq!(answer.subject, format!("Re: 洗衣机响 {}", thread.tag));
    assert_eq!(
        (thread.in_reply_to.as_deref(), thread.reply_to.as_str()),
        (Some("first@qq.example"), format!("{name}@mail.test").as_str())
    );

    // By tag, by our Message-ID, by her own letter; and three that are none of hers.
    let ours = format!("In-Reply-To: <{}.{}@shop.example>\r\n", answer.id, thread.token);
    let guessed = format!("In-Reply-To: <{}.abcdefghjk@shop.example>\r\n", answer.id);
    send_in_order(
        &name,
        &[
            letter(
                "王丽华 <wang@qq.example>",
                &format!("回复：洗衣机响 {}", thread.tag),
                "a1@x",
                "",
                "周三在家。\r\n\r\n在 2026年11月22日，售后 写道：\r\n> 请问什么时候在家？",
            ),
            letter("王丽华 <wang@qq.example>", "Re", "a2@x", &ours, "周四也行。"),
            letter("王丽华 <wang@qq.example>", "补充", "a3@x", "References: <first@qq.example>\r\n", "型号 XQG100。"),
            letter("evil@example.cn", "补充", "a4@x", "References: <first@qq.example>\r\n", "不是她。"),
            letter("evil@example.cn", "Re", "a5@x", &guessed, "也不是她。"),
            letter("evil@example.cn", &thread.tag.replace(&thread.token, "aaaaaaaaaa"), "a6@x", "", "还不是她。"),
            letter("evil@example.cn", &thread.tag, "a7@x", "", "转来的信里抄的标签。"),
            letter("evil@example.cn", "Re", "a8@x", &ours, "转来的信里抄的编号。"),
        ],
    )
    .await;
    look(&app, id).await;
    let rows = became(&app, id).await;
    let states: Vec<_> =
        rows[1..].iter().map(|(row, _)| (row.state.as_str(), row.why.as_deref(), row.case == Some(case))).collect();
    let (hers, other) = (("answer", None, true), |why| ("case", why, false));
    let stranger = other(Some("stranger"));
    assert_eq!(states, [hers, hers, hers, other(None), other(None), other(Some("forged")), stranger, stranger]);
    // The page names the case that was meant.
    let number = cases::app::detail(&boss, case).await.unwrap().case.number;
    assert_eq!(rows[7].0.detail.as_deref(), Some(number.as_str()));
    let words: Vec<_> = said(&app, case).await;
    let heard: Vec<_> = words.iter().filter(|(way, _)| *way == Direction::In).map(|(_, body)| body.as_str()).collect();
    assert_eq!(heard, ["周三在家。", "周四也行。", "型号 XQG100。"]);
}

#[db_test]
async fn machines_are_kept_and_start_nothing(db: Db) {
    let (app, id, name) = shop(db).await;
    let own = format!("{name}@mail.test");
    send_in_order(
        &name,
        &[
            letter("a@x.cn", "自动回复：您好", "m1@x", "", "我在休假。"),
            letter("a@x.cn", "hello", "m2@x", "Auto-Submitted: auto-replied\r\n", "away"),
            letter(&own, "round", "m3@x", "", "from ourselves"),
            letter("list@x.cn", "news", "m4@x", "List-Unsubscribe: <mailto:l@x.cn>\r\n", "buy"),
            b"Subject: nobody\r\n\r\nwho am I\r\n".to_vec(),
        ],
    )
    .await;
    look(&app, id).await;
    let shown: Vec<_> = became(&app, id).await.into_iter().map(|(_, said)| said).collect();
    assert_eq!(
        shown,
        [
            "automatic vacation: 自动回复：您好",
            "automatic reply: hello",
            "automatic loop: round",
            "automatic bulk: news",
            "set_aside no_sender: nobody"
        ]
    );
    let found =
        cases::app::list(&app.ctx("boss1").await, cases::app::Filter::default(), cases::app::Order::Newest, None, 10)
            .await
            .unwrap();
    assert!(found.rows.is_empty());
    let list = app.as_user("boss1").await.in_english().get(&format!("/mailboxes/{id}?show=set_aside")).await;
    let list = list.expect(200).text();
    assert!(list.contains("No sender") && !list.contains("***"), "{list}");
    // A person takes the nameless letter in after all.
    let row = became(&app, id).await.remove(4).0;
    let taken = mail::app::retry(&app.ctx("boss1").await, row.id).await.unwrap();
    assert_eq!((taken.state, taken.case.is_some()), (mail::State::Case, true));
    let again = mail::app::retry(&app.ctx("boss1").await, row.id).await.unwrap_err();
    assert_eq!(again.code(), "mail-not-set-aside");
}

#[db_test]
async fn a_bounce_marks_the_mail_and_tells_its_owner(db: Db) {
    let (app, id, name) = shop(db).await;
    send(&name, &[letter("王丽华 <gone@qq.example>", "冰箱", "b1@qq", "", "不制冷。")]).await;
    look(&app, id).await;
    let case = became(&app, id).await[0].0.case.unwrap();
    let boss = app.ctx("boss1").await;
    cases::app::post_message(&boss, case, Visibility::Public, "请拍照。".to_owned()).await.unwrap();
    app.run_jobs().await;
    let mail = mails(&app, case).await.into_iter().find(|mail| mail.template == "letter").unwrap();
    let thread = thread(&app, case).await;
    let report = |id: &str, action: &str, status: &str| {
        format!("From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered Mail Returned to Sender\r\nMessage-ID: <{status}-{}@mx>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nsorry\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; gone@qq.example\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; 550 no such user\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{id}>\r\n\r\n--b--\r\n", id.len()).into_bytes()
    };
    let ours = format!("{}.{}@shop.example", mail.id, thread.token);
    let guessed = format!("{}.abcdefghjk@shop.example", mail.id);
    send_in_order(&name, &[report(&guessed, "failed", "5.1.2"), report(&ours, "delayed", "4.4.1")]).await;
    look(&app, id).await;
    let state = |mails: Vec<MessageRow>| mails.into_iter().find(|one| one.id == mail.id).unwrap();
    assert_eq!(
        state(mails(&app, case).await).state,
        MessageState::Sent,
        "neither a forged report nor a delay says that it failed"
    );
    send(&name, &[report(&ours, "failed", "5.1.1")]).await;
    look(&app, id).await;
    let failed = state(mails(&app, case).await);
    assert_eq!((failed.state, failed.detail.as_deref()), (MessageState::Failed, Some("550 no such user")));
    let why: Vec<_> = became(&app, id).await[1..].iter().map(|(row, _)| row.why.clone().unwrap()).collect();
    assert_eq!(why, ["bounce_unknown", "bounce_delayed", "bounce"]);
}
