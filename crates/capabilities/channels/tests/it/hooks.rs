//! Messages of chat tools and shops: in with a signature, out to the callback, refused with a trace.

use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cases::app::NewReply;
use cases::domain::{Visibility, Way};
use channels::domain::Kind;
use channels::store::Channel;
use db::Db;
use kernel::{Id, Timestamp, of};
use messaging::{is_signed, signature};
use serde_json::{Value, json};
use testapp::{Answer, TestApp};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::shop::{metric, registered, shop, via};

const JSON: (&str, &str) = ("content-type", "application/json");
/// Visitors of tests have cookies as browsers have; a program has none.
const OURS: (&str, &str) = ("sec-fetch-site", "same-origin");

async fn chat(app: &TestApp) -> (Channel, String) {
    let channel = registered(app, Kind::Webhook, "商城客服").await;
    let secret = channels::app::new_secret(&app.ctx("boss1").await, channel.id).await.unwrap();
    (channel, secret)
}

async fn sent_at(app: &TestApp, code: &str, secret: &str, body: &str, at: Timestamp) -> Answer {
    let (millis, signed) = (at.millis().to_string(), signature(secret, at, body));
    let headers = [JSON, OURS, ("x-timestamp", millis.as_str()), ("x-signature", signed.as_str())];
    app.anybody().send("POST", &format!("/api/v1/hooks/{code}"), &headers, body.as_bytes().to_vec()).await
}

async fn sent(app: &TestApp, code: &str, secret: &str, body: &Value) -> Answer {
    // Every attempt is signed anew.
    app.clock.advance(1);
    sent_at(app, code, secret, &body.to_string(), app.clock.now()).await
}

fn said(id: &str, conversation: &str, text: &str) -> Value {
    json!({"id": id, "conversation": conversation, "from": {"name": "小林", "phone": "13800005678"}, "text": text})
}

fn case_of(answer: &Value) -> Id<of::Case> {
    answer["case"].as_str().unwrap().parse().unwrap()
}

#[testkit::db_test]
async fn a_message_becomes_a_case_and_the_next_one_goes_on_with_it(db: Db) {
    let app = shop(db).await;
    let (channel, secret) = chat(&app).await;
    let first =
        sent(&app, &channel.code, &secret, &said("m1", "wx-1", "收到的锅有划痕\n请处理")).await.expect(200).json();
    assert_eq!((&first["continued"], &first["existed"]), (&json!(false), &json!(false)));
    let case = case_of(&first);
    assert_eq!(via(&app, case).await, Some(channel.id));
    let clerk = app.ctx("clerk1").await;
    let detail = cases::app::detail(&clerk, case).await.unwrap();
    assert_eq!((detail.case.kind.as_str(), detail.case.subject.as_str()), ("feedback", "收到的锅有划痕"));
    assert_eq!(detail.case.customer_name, "小林");
    assert_eq!(metric(&app, "cases-taken-in", channel.id).await, Some(1));

    let next = sent(&app, &channel.code, &secret, &said("m2", "wx-1", "还在吗")).await.expect(200).json();
    assert_eq!((case_of(&next), &next["continued"]), (case, &json!(true)));
    let again = sent(&app, &channel.code, &secret, &said("m2", "wx-1", "还在吗？？")).await.expect(200).json();
    assert_eq!((case_of(&again), &again["existed"]), (case, &json!(true)), "the same key is the same message");
    let other = sent(&app, &channel.code, &secret, &said("m3", "wx-2", "另一位顾客")).await.expect(200).json();
    assert_ne!(case_of(&other), case);
    let words = cases::app::timeline(&clerk, case, None, 50).await.unwrap().items;
    let words: Vec<_> = words.iter().filter_map(|item| item.message.as_ref()).map(|told| told.body.clone()).collect();
    assert_eq!(words, ["还在吗"]);

    // Over is over: what comes then is a new case.
    let boss = app.ctx("boss1").await;
    let gone = cases::domain::Command::Cancel { reason: "顾客不再需要".to_owned() };
    let version = cases::app::detail(&boss, case).await.unwrap().case.version;
    cases::app::command(&boss, case, version, gone).await.unwrap();
    let fresh = sent(&app, &channel.code, &secret, &said("m4", "wx-1", "又坏了")).await.expect(200).json();
    assert_ne!(case_of(&fresh), case);
    let after = sent(&app, &channel.code, &secret, &said("m5", "wx-1", "快点")).await.expect(200).json();
    assert_eq!(case_of(&after), case_of(&fresh));
}

#[testkit::db_test]
async fn what_is_not_proved_is_refused_counted_and_told_once_a_minute(db: Db) {
    let app = shop(db).await;
    let (channel, secret) = chat(&app).await;
    let body = said("m1", "wx-1", "你好").to_string();
    let now = app.clock.now();
    sent_at(&app, &channel.code, "wrong", &body, now).await.expect(401);
    sent_at(&app, &channel.code, &secret, &body, now.plus(-300_001)).await.expect(401);
    sent_at(&app, &channel.code, &secret, &body, now.plus(300_001)).await.expect(401);
    sent_at(&app, "nothing", &secret, &body, now).await.expect(401);
    sent_at(&app, &channel.code, &secret, &body, now).await.expect(200);
    sent_at(&app, &channel.code, &secret, &body, now).await.expect(401);
    let line = registered(&app, Kind::Phone, "热线").await;
    let spoken = channels::app::new_secret(&app.ctx("boss1").await, line.id).await.unwrap();
    sent_at(&app, &line.code, &spoken, &body, now).await.expect(401);
    let state = channels::app::hook(&app.ctx("boss1").await, channel.id).await.unwrap();
    assert_eq!((state.refused, state.refused_why.as_deref()), (4, Some("again")));
    let page = app.as_user("boss1").await.get(&format!("/channels/{}", channel.id)).await.expect(200);
    assert!(page.plain().contains("共 4 次") && page.plain().contains("同一请求又来了一次"));
    let english = app.as_user("boss1").await.in_english().get(&format!("/channels/{}", channel.id)).await.expect(200);
    assert!(english.plain().contains("4 in all"));
    assert!(!page.text().contains(&secret), "a secret is shown once");
}

#[testkit::db_test]
async fn strange_messages_are_refused_with_their_fields(db: Db) {
    let app = shop(db).await;
    let (channel, secret) = chat(&app).await;
    let at = |n: i64| app.clock.now().plus(n);
    for (n, body) in ["", "[]", "{", "null", "\"x\"", "{\"id\": 5}"].iter().enumerate() {
        let answer = sent_at(&app, &channel.code, &secret, body, at(i64::try_from(n).unwrap())).await;
        answer.expect(422);
    }
    let long = "长".repeat(4_001);
    let many: Vec<Value> = (0..6).map(|n| json!({"name": "a", "url": format!("https://a.example/{n}")})).collect();
    let cases = [
        (json!({}), "id"),
        (json!({"id": "a", "conversation": "c"}), "text"),
        (json!({"id": "a", "text": "x"}), "conversation"),
        (json!({"id": "x".repeat(101), "conversation": "c", "text": "x"}), "id"),
        (json!({"id": "a", "conversation": "c", "text": long}), "text"),
        (json!({"id": "a", "conversation": "c", "text": "x", "kind": "war"}), "kind"),
        (json!({"id": "a", "conversation": "c", "text": "x\u{0}"}), "text"),
        (json!({"id": "a", "conversation": "c", "text": "x", "attachments": many}), "attachments"),
        (json!({"id": "a", "conversation": "c", "text": "x", "attachments": [{"content": "%%%"}]}), "attachments"),
        (
            json!({"id": "a", "conversation": "c", "text": "x", "attachments": [{"url": "file:///etc/passwd"}]}),
            "attachments",
        ),
        (
            json!({"id": "a", "conversation": "c", "text": "x", "attachments": [{"content": STANDARD.encode(vec![0_u8; 2 * 1024 * 1024 + 1])}]}),
            "attachments",
        ),
    ];
    for (body, field) in cases {
        let answer = sent(&app, &channel.code, &secret, &body).await.expect(422).json();
        assert_eq!(answer["fields"][0]["field"], field, "{answer}");
    }
    let huge = json!({"id": "a", "conversation": "c", "text": "x".repeat(9 * 1024 * 1024)});
    sent(&app, &channel.code, &secret, &huge).await.expect(413);

    let script = "<script>alert(1)</script>";
    let nasty = json!({"id": script, "conversation": script, "from": {"name": script, "phone": script}, "subject": script,
        "text": script, "attachments": [{"name": script, "url": "https://cdn.example/x.jpg"}, {"name": "a.exe", "content": STANDARD.encode("MZ")}]});
    let kept = sent(&app, &channel.code, &secret, &nasty).await.expect(200).json();
    let page = app.as_user("clerk1").await.get(&format!("/cases/{}", case_of(&kept))).await.expect(200);
    assert!(!page.text().contains(script) && page.plain().contains("附件没有下载"));
    assert!(page.plain().contains("https://cdn.example/x.jpg") && page.plain().contains("附件没有收下"));
}

#[testkit::db_test]
async fn floods_are_held_off(db: Db) {
    let app = shop(db).await;
    let (channel, _) = chat(&app).await;
    let path = format!("/api/v1/hooks/{}", channel.code);
    for _ in 0..600 {
        app.house.gate.pass_at(&format!("hook:{}", channel.code), app.clock.now(), PACE).unwrap();
    }
    let held = app.anybody().send("POST", &path, &[JSON, OURS], b"{}".to_vec()).await;
    assert!(!held.expect(429).header("retry-after").is_empty());
    let seen = channels::app::get(&app.ctx("boss1").await, channel.id).await.unwrap();
    assert!(seen.flooded_at.is_some(), "it leaves a trace");
    app.clock.advance(200);
    app.anybody().send("POST", &path, &[JSON, OURS], b"{}".to_vec()).await.expect(401);
}

const PACE: capability::Pace = capability::Pace { burst: 600, every: 100 };

#[testkit::db_test]
async fn the_same_message_twice_at_once_is_one(db: Db) {
    let app = shop(db).await;
    let (channel, secret) = chat(&app).await;
    let (one, two) = (said("m1", "wx-1", "你好").to_string(), said("m1", "wx-1", "你好 ").to_string());
    let now = app.clock.now();
    let (one, two) = tokio::join!(
        sent_at(&app, &channel.code, &secret, &one, now),
        sent_at(&app, &channel.code, &secret, &two, now),
    );
    assert_eq!(case_of(&one.expect(200).json()), case_of(&two.expect(200).json()));
    assert_eq!(metric(&app, "cases-taken-in", channel.id).await, Some(1));
}

/// A chat tool: keeps what is posted to it and answers with the next of `answers`, then 200.
async fn chat_tool(answers: Vec<u16>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/replies", listener.local_addr().unwrap());
    let heard = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&heard);
    tokio::spawn(async move {
        let mut answers = answers.into_iter();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = Vec::new();
            let mut piece = [0_u8; 4096];
            loop {
                let n = stream.read(&mut piece).await.unwrap();
                request.extend_from_slice(&piece[..n]);
                let text = String::from_utf8_lossy(&request).into_owned();
                let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
                    let length = head
                        .lines()
                        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ").map(str::to_owned));
                    length.is_none_or(|length| body.len() >= length.parse::<usize>().unwrap())
                });
                if n == 0 || whole {
                    break;
                }
            }
            kept.lock().unwrap().push(String::from_utf8(request).unwrap());
            let status = answers.next().unwrap_or(200);
            let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (url, heard)
}

fn header<'r>(request: &'r str, name: &str) -> &'r str {
    let line = request.lines().find(|line| line.to_ascii_lowercase().starts_with(&format!("{name}:"))).unwrap();
    line.split_once(": ").unwrap().1
}

fn reply(body: &str, way: Option<Way>) -> NewReply {
    NewReply { visibility: Visibility::Public, body: body.to_owned(), files: Default::default(), way }
}

#[testkit::db_test]
async fn the_answer_arrives_signed_at_the_callback(db: Db) {
    let app = shop(db).await;
    let (channel, secret) = chat(&app).await;
    let boss = app.ctx("boss1").await;
    let (url, heard) = chat_tool(vec![503]).await;
    let inside = channels::app::set_callback(&boss, channel.id, Some(url.clone())).await.unwrap_err();
    assert_eq!(
        inside.fields().of("callback").unwrap().code,
        "private-host",
        "nothing goes inside unless the operator says so"
    );
    app.house.providers.allow("127.0.0.1");
    channels::app::set_callback(&boss, channel.id, Some(url)).await.unwrap();

    let kept = sent(&app, &channel.code, &secret, &said("m1", "wx:1", "有优惠吗")).await.expect(200).json();
    let case = case_of(&kept);
    let clerk = app.ctx("clerk1").await;
    let ways = cases::app::reply_ways(&clerk, case).await.unwrap();
    assert_eq!(ways.usual, Some(Way::Chat), "the way by which the customer came");
    let page = app.as_user("clerk1").await.get(&format!("/cases/{case}")).await.expect(200);
    assert!(page.plain().contains("原对话"));
    let posted = cases::app::post_reply(&clerk, case, reply("有的，\n周末八折", None)).await.unwrap();
    app.run_jobs().await;
    assert_eq!(heard.lock().unwrap().len(), 1, "the other side was busy");
    app.clock.advance(3_600_000);
    app.run_jobs().await;
    let requests = heard.lock().unwrap().clone();
    assert_eq!(requests.len(), 2, "and is asked again");
    let request = &requests[1];
    let body = request.split_once("\r\n\r\n").unwrap().1;
    let told: Value = serde_json::from_str(body).unwrap();
    assert_eq!(
        (&told["conversation"], &told["text"], &told["case"]),
        (&json!("wx:1"), &json!("有的，\n周末八折"), &kept["number"])
    );
    let at = Timestamp::from_millis(header(request, "x-timestamp").parse().unwrap());
    assert!(is_signed(&secret, at, body, header(request, "x-signature")));
    assert_eq!(header(request, "idempotency-key"), header(&requests[0], "idempotency-key"), "the same message");
    assert_eq!(header(request, "x-channel"), channel.code);

    let (way, became) = cases::app::replies(&clerk, case).await.unwrap()[&posted.id].clone();
    assert_eq!((way, became.as_str()), (Way::Chat, "sent"));
    let shown = app.as_user("clerk1").await.get(&format!("/cases/{case}")).await.expect(200);
    assert!(shown.plain().contains("原对话 · 已发出"));

    // Another way on purpose, and one that does not reach the customer.
    let text = cases::app::post_reply(&clerk, case, reply("也发短信", Some(Way::Sms))).await.unwrap();
    assert_eq!(cases::app::replies(&clerk, case).await.unwrap()[&text.id].0, Way::Sms);
    let none = cases::app::post_reply(&clerk, case, reply("邮件", Some(Way::Mail))).await.unwrap_err();
    assert_eq!(none.fields().of("way").unwrap().code, "cases-reply-way");
    let call = cases::app::post_reply(&clerk, case, reply("请电话告诉他", Some(Way::Call))).await.unwrap();
    assert_eq!(cases::app::replies(&clerk, case).await.unwrap()[&call.id].1.as_str(), "to-call");
    let letter = cases::app::post_reply(&clerk, case, reply("<b>信</b>", Some(Way::Letter))).await.unwrap();
    let visitor = app.as_user("clerk1").await;
    let path = format!("/cases/{case}/replies/{}/print", letter.id);
    assert!(visitor.get(&path).await.expect(200).text().contains("&#60;b&#62;信"));
    visitor.post(&path, &[]).await.expect(303);
    assert_eq!(cases::app::replies(&clerk, case).await.unwrap()[&letter.id].1.as_str(), "printed");
    app.as_user("clerk3").await.get(&path).await.expect(404);
}

#[testkit::db_test]
async fn without_a_callback_the_next_best_way_is_shown(db: Db) {
    let app = shop(db).await;
    let (channel, secret) = chat(&app).await;
    let nobody = json!({"id": "m1", "conversation": "wx-9", "text": "没有电话"});
    let case = case_of(&sent(&app, &channel.code, &secret, &nobody).await.expect(200).json());
    let clerk = app.ctx("clerk1").await;
    assert_eq!(cases::app::reply_ways(&clerk, case).await.unwrap().usual, None);
    let page = app.as_user("clerk1").await.get(&format!("/cases/{case}")).await.expect(200);
    assert!(page.plain().contains("没有能送达顾客的方式"), "and the clerk is told what to do");
    let posted = cases::app::post_reply(&clerk, case, reply("收到", None)).await.unwrap();
    assert_eq!(cases::app::replies(&clerk, case).await.unwrap()[&posted.id].0, Way::Page);

    let known = case_of(&sent(&app, &channel.code, &secret, &said("m2", "wx-8", "有电话")).await.expect(200).json());
    assert_eq!(cases::app::reply_ways(&clerk, known).await.unwrap().usual, Some(Way::Sms));
    for bad in [
        "http://chat.example.com",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "ftp://x.example",
        "https://a:b@x.example/",
    ] {
        let boss = app.as_user("boss1").await;
        boss.post(&format!("/channels/{}/callback", channel.id), &[("callback", bad)]).await.expect(422);
    }
    let clerk = app.as_user("clerk1").await;
    clerk.post(&format!("/channels/{}/callback", channel.id), &[("callback", "https://x.example/")]).await.expect(403);
    let json = json!({"callback": "https://chat.example.com/replies"});
    let boss = app.as_user("boss1").await;
    let set =
        boss.json("POST", &format!("/api/v1/channels/{}/callback", channel.id), &[], &json).await.expect(200).json();
    assert_eq!(
        (set["callback"].as_str(), &set["has_secret"]),
        (Some("https://chat.example.com/replies"), &json!(true))
    );
}
