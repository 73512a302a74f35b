//! Papers, texts for WeChat, and who is told of what.

use cases::app::{self, Paper, PrintOrder};
use cases::domain::*;
use db::Db;
use kernel::{FaultKind, RecordRef};
use messaging::Channel as Way;

use crate::shop::{accept, give, plan, proposed, shop, taken};

#[testkit::db_test]
async fn looking_is_free_printing_counts_and_says_so(db: Db) {
    let app = shop(db).await;
    let taken = taken(&app).await;
    let clerk = app.as_user("clerk1").await;
    let path = format!("/cases/{}/print", taken.id);
    for paper in ["t80", "t80-house", "dm", "a5", "a5-house", "a4", "label"] {
        let look = clerk.get(&format!("{path}?paper={paper}")).await.expect(200).text();
        assert!(look.contains("preview") && !look.contains("13812345678") && !look.contains("补打"), "{paper}: {look}");
    }
    let first = clerk.post(&path, &[("paper", "t80")]).await.expect(200);
    assert!(first.header("set-cookie").starts_with("paper=t80"), "{}", first.header("set-cookie"));
    assert!(first.text().contains("class=\"qr\"") && !first.text().contains("class=\"re\""), "{}", first.text());
    let again = clerk.post(&path, &[("paper", "a5")]).await.expect(200).text();
    assert!(again.contains("补打 第 2 次") && again.contains("首次 11-22 14:32"), "{again}");
    assert!(again.contains("王**") && again.contains("138****5678") && again.contains("8A2603****71"), "{again}");
    let carbon = clerk.post(&path, &[("paper", "dm")]).await.expect(200).text();
    assert!(!carbon.contains("class=\"qr\"") && carbon.contains("三联同文"), "{carbon}");
    let label = clerk.post(&path, &[("paper", "label")]).await.expect(200).text();
    assert!(label.contains("class=\"bc\"") && label.contains("王** 5678") && !label.contains("补打"), "{label}");
}

#[testkit::db_test]
async fn the_house_copy_is_full_and_leaves_a_trace(db: Db) {
    let app = shop(db).await;
    let taken = taken(&app).await;
    let clerk = app.as_user("clerk1").await;
    let house = clerk.post(&format!("/cases/{}/print", taken.id), &[("paper", "t80-house")]).await.expect(200);
    assert_eq!(house.header("cache-control"), "no-store");
    assert!(house.text().contains("王丽华 138 1234 5678") && house.text().contains("不得交给顾客"), "{}", house.text());
    assert!(!house.text().contains("class=\"qr\""));
    let timeline = app::timeline(&app.ctx("clerk1").await, taken.id, None, 50).await.unwrap();
    let printed = timeline.items.iter().find(|item| item.verb == "case.printed").unwrap();
    assert!(printed.changes.iter().any(|change| change.field == "copy" && change.after.as_deref() == Some("house")));
    let order = PrintOrder { case: taken.id, paper: Paper::A5House, link: false };
    let other = app::print(&app.ctx("clerk2").await, order).await.unwrap_err();
    assert_eq!(other.kind(), FaultKind::NotFound);
    let reader = app::print(&app.ctx("assessor").await, order).await.unwrap_err();
    assert_eq!(reader.kind(), FaultKind::Forbidden);
}

#[testkit::db_test]
async fn a_text_for_wechat_is_made_kept_and_speaks_the_customers_language(db: Db) {
    let app = shop(db).await;
    let (taken, _) = proposed(&app).await;
    let clerk = app.as_user("clerk1").await;
    let path = format!("/cases/{}/wechat", taken.id);
    clerk.post(&path, &[("text", "reply"), ("words", "")]).await.expect(422);
    let made = clerk.post(&path, &[("text", "plan")]).await.expect(200).text();
    assert!(made.contains("data-copies=\"wechat-text\"") && made.contains("https://service.example.com/c/"), "{made}");
    assert!(made.contains("没有你的确认，我们不会动工"), "{made}");
    clerk.post(&format!("/cases/{}/language", taken.id), &[("language", "fr")]).await.expect(422);
    clerk.post(&format!("/cases/{}/language", taken.id), &[("language", "en")]).await.expect(303);
    let made = clerk.post(&path, &[("text", "reply"), ("words", "Parts are here")]).await.expect(200).text();
    assert!(made.contains("Parts are here") && made.contains("Read and answer"), "{made}");
    assert_eq!(wechat(&app, taken.id).await, [], "making a text copies nothing");
    let told = clerk.post(&path, &[("text", "promise")]).await.expect(200).text();
    assert!(told.contains("We answer you about case"), "{told}");
    // What the button posts, also without scripts: then its page shows the text.
    let trace = format!("/cases/{}/copied", taken.id);
    let said = "方案好了：https://service.example.com/c/0123456789abcdefABCDEF <b>";
    let shown = clerk.post(&trace, &[("what", "plan"), ("said", said)]).await.expect(200);
    assert_eq!(shown.header("cache-control"), "no-store");
    assert!(shown.text().contains("selall") && shown.text().contains("&#60;b&#62;"), "{}", shown.text());
    clerk.post(&trace, &[("what", "reply"), ("said", "配件到了")]).await.expect(200);
    clerk.post(&trace, &[("what", "nothing"), ("said", "x")]).await.expect(422);
    clerk.post(&trace, &[("what", "plan"), ("said", " ")]).await.expect(422);
    assert_eq!(
        wechat(&app, taken.id).await,
        [("reply".to_owned(), "配件到了".to_owned()), ("plan".to_owned(), "方案好了：https://… <b>".to_owned())]
    );
    let entry = app::timeline(&app.ctx("clerk1").await, taken.id, None, 1).await.unwrap().items.remove(0);
    assert_eq!((entry.verb.as_str(), entry.actor_name.as_str()), ("case.text_copied", "林晓敏"));
    let page = clerk.get(&format!("/cases/{}", taken.id)).await.expect(200).text();
    assert!(page.contains("data-copy-text") && page.contains("value=\"promise\""), "{page}");
    app.as_user("clerk2").await.post(&trace, &[("what", "plan"), ("said", "x")]).await.expect(404);
    app.as_user("clerk2").await.post(&path, &[("text", "received")]).await.expect(404);
}

/// What was copied for the customer of `case`, newest first: which text, and its words as staff see them.
async fn wechat(app: &testapp::TestApp, case: kernel::Id<kernel::of::Case>) -> Vec<(String, String)> {
    let rows = app.house.db.read(RecordRef::new("case", case), |tx, record| {
        Box::pin(async move { messaging::of_record(tx, record, None, 50).await.map_err(kernel::Fault::from) })
    });
    let copied = rows.await.unwrap().into_iter().filter(|row| row.channel == Way::WechatCopy);
    copied.map(|row| (row.template, row.body)).collect()
}

#[testkit::db_test]
async fn owners_are_told_of_what_others_do(db: Db) {
    let app = shop(db).await;
    let taken = taken(&app).await;
    let boss = app.ctx("boss1").await;
    give(&boss, taken.id, accept(&app, "tech1")).await.unwrap();
    let tech = app.ctx("tech1").await;
    let kinds = |rows: Vec<notices::NoticeRow>| rows.into_iter().map(|row| row.kind).collect::<Vec<_>>();
    assert_eq!(kinds(notices::list(&tech, true, None, 50).await.unwrap().rows), ["case.assigned"]);
    give(&tech, taken.id, Command::Propose(plan())).await.unwrap();
    assert_eq!(notices::list(&tech, true, None, 50).await.unwrap().unread, 1, "nobody is told of their own deeds");
    let told = notices::list(&tech, true, None, 50).await.unwrap().rows.remove(0);
    assert_eq!(told.href, format!("/cases/{}", taken.id));
    assert_eq!(told.words["number"], taken.number);
    assert_eq!(notices::list(&boss, true, None, 50).await.unwrap().unread, 0);
}

#[testkit::db_test]
async fn without_https_no_link_goes_out_and_no_code_is_printed(db: Db) {
    let app = testapp::TestApp::start_at(db, crate::shop::capabilities, Some("http://service.example.com")).await;
    let (taken, made) = proposed(&app).await;
    let sent = app.house.db.read((), |tx, ()| {
        Box::pin(
            async move { tx.all::<(String,)>("SELECT body FROM message_out", &[]).await.map_err(kernel::Fault::from) },
        )
    });
    assert_eq!(sent.await.unwrap(), [], "a text that is only its link is not sent at all");
    let clerk = app.as_user("clerk1").await;
    let slip = clerk.post(&format!("/cases/{}/print", taken.id), &[("paper", "t80")]).await.expect(200).text();
    assert!(!slip.contains("class=\"qr\""), "{slip}");
    let copied = clerk.post(&format!("/cases/{}/wechat", taken.id), &[("text", "plan")]).await.expect(200).text();
    assert!(copied.contains("没有 HTTPS 公网地址") && !copied.contains("/c/"), "{copied}");
    let link = clerk.post(&format!("/cases/{}/link", taken.id), &[("purpose", "track")]).await.expect(200).text();
    assert!(link.contains("没有 HTTPS 公网地址") && !link.contains("http://service.example.com/c/"), "{link}");
    assert!(link.contains("id=\"customer-link\""), "the counter's own screen still opens it");
    let token = made.link.unwrap().token;
    assert_eq!(token.len(), 22);
    clerk.get(&format!("/c/{token}")).await.expect(200);
}

#[testkit::db_test]
async fn an_older_long_link_still_opens(db: Db) {
    let app = shop(db).await;
    let taken = taken(&app).await;
    let old = identity::Secret::random("").unwrap();
    app.house
        .db
        .write((old.digest(), taken.id), |tx, (hash, id)| {
            Box::pin(async move {
                tx.exec("UPDATE customer_link SET token_hash = $1 WHERE case_id = $2", db::args![hash.clone(), *id])
                    .await
                    .map_err(kernel::Fault::from)
            })
        })
        .await
        .unwrap();
    app.as_user("clerk1").await.get(&format!("/c/{}", old.reveal())).await.expect(200);
}

#[testkit::db_test]
async fn texts_and_kept_filters_go_by_api_too(db: Db) {
    let app = shop(db).await;
    let (taken, _) = proposed(&app).await;
    let clerk = app.as_user("clerk1").await;
    let case = format!("/api/v1/cases/{}", taken.id);
    let made =
        clerk.json("POST", &format!("{case}/texts"), &[], &serde_json::json!({ "text": "plan" })).await.expect(200);
    assert_eq!(made.header("cache-control"), "no-store");
    let said = made.json()["said"].as_str().unwrap().to_owned();
    assert!(said.contains("https://service.example.com/c/"), "{said}");
    clerk.json("POST", &format!("{case}/texts"), &[], &serde_json::json!({ "text": "reply" })).await.expect(422);
    clerk.json("POST", &format!("{case}/texts"), &[], &serde_json::json!({ "text": "poem" })).await.expect(422);
    let copied = serde_json::json!({ "what": "plan", "said": said });
    clerk.json("POST", &format!("{case}/copied"), &[], &copied).await.expect(204);
    assert_eq!(wechat(&app, taken.id).await.len(), 1);
    clerk.json("POST", &format!("{case}/language"), &[], &serde_json::json!({ "language": "fr" })).await.expect(422);
    clerk.json("POST", &format!("{case}/language"), &[], &serde_json::json!({ "language": "en" })).await.expect(204);
    let stranger = app.as_user("clerk2").await;
    stranger.json("POST", &format!("{case}/texts"), &[], &serde_json::json!({ "text": "plan" })).await.expect(404);
    stranger.json("POST", &format!("{case}/copied"), &[], &copied).await.expect(404);

    let lists = "/api/v1/case-lists";
    let list = serde_json::json!({ "name": "急单", "filter": "?tab=all&priority=high&evil=x" });
    let kept = clerk.json("POST", lists, &[], &list).await.expect(201).json();
    assert_eq!(
        (kept["items"][0]["name"].as_str(), kept["items"][0]["filter"].as_str()),
        (Some("急单"), Some("tab=all&priority=high"))
    );
    clerk.json("POST", lists, &[], &serde_json::json!({ "name": " ", "filter": "" })).await.expect(422);
    assert_eq!(stranger.get(lists).await.expect(200).json()["items"].as_array().unwrap().len(), 0);
    let one = format!("{lists}/{}", kept["items"][0]["id"].as_str().unwrap());
    stranger.send("DELETE", &one, &[("sec-fetch-site", "same-origin")], Vec::new()).await.expect(404);
    clerk.send("DELETE", &one, &[("sec-fetch-site", "same-origin")], Vec::new()).await.expect(204);
}

#[testkit::db_test]
async fn a_language_goes_with_the_customers_file_and_comes_back(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    let kept = parties::app::create(&clerk, app.unit("S1"), crate::shop::wang()).await.unwrap().id;
    let gone = parties::app::create(&clerk, app.unit("S1"), crate::shop::wang()).await.unwrap().id;
    let chosen = app.house.db.write((gone, clerk.now()), |tx, (gone, now)| {
        Box::pin(async move { messaging::set_language(tx, *gone, "en", *now).await.map_err(kernel::Fault::from) })
    });
    chosen.await.unwrap();
    let spoken = async || {
        let both = app.house.db.read((kept, gone), |tx, (kept, gone)| {
            Box::pin(async move {
                let of = (messaging::language_of(tx, *kept).await?, messaging::language_of(tx, *gone).await?);
                Ok::<_, kernel::Fault>(of)
            })
        });
        both.await.unwrap()
    };
    parties::app::merge(&clerk, kept, gone, (1, 1), "同一个人").await.unwrap();
    assert_eq!(spoken().await.0.as_deref(), Some("en"));
    let merge = parties::app::merges(&clerk, kept).await.unwrap().remove(0).0;
    parties::app::part(&clerk, kept, merge.id).await.unwrap();
    assert_eq!(spoken().await, (None, Some("en".to_owned())));
}

#[testkit::db_test]
async fn prints_are_listed_and_recorded_over_the_api(db: Db) {
    let app = shop(db).await;
    let taken = taken(&app).await;
    let clerk = app.as_user("clerk1").await;
    let path = format!("/api/v1/cases/{}/prints", taken.id);
    let papers = clerk.get(&path).await.expect(200).json();
    let words: Vec<&str> =
        papers["items"].as_array().unwrap().iter().map(|one| one["paper"].as_str().unwrap()).collect();
    assert_eq!(words, ["t80", "t80-house", "dm", "a5", "a5-house", "a4", "label"]);
    let print = async |paper: &str| clerk.json("POST", &path, &[], &serde_json::json!({"paper": paper})).await;
    let first = print("label").await.expect(201);
    assert_eq!(first.header("cache-control"), "no-store");
    assert_eq!((&first.json()["reprint"], &first.json()["customer_path"]), (&false.into(), &serde_json::Value::Null));
    assert_eq!(print("label").await.expect(201).json()["reprint"], true);
    let slip = print("t80").await.expect(201).json();
    assert!(slip["customer_path"].as_str().unwrap().starts_with("/c/") && slip["times"] == 1, "{slip}");
    let listed = clerk.get(&path).await.expect(200).json();
    assert_eq!((&listed["items"][6]["times"], &listed["items"][0]["times"]), (&2.into(), &1.into()));
    print("poster").await.expect(422);
    let house = serde_json::json!({"paper": "a5-house"});
    app.as_user("clerk2").await.json("POST", &path, &[], &house).await.expect(404);
    app.as_user("clerk2").await.get(&path).await.expect(404);
    let reader = app.as_user("assessor").await;
    reader.json("POST", &path, &[], &house).await.expect(403);
    assert_eq!(reader.get(&path).await.expect(200).json()["items"], serde_json::json!([]));
    clerk.get("/api/v1/cases/x/prints").await.expect(404);
    app.anybody().get(&path).await.expect(401);
}
