//! Texts for replies, drafts, and replies that wait for a second yes.

use approvals::domain::Verdict;
use cases::app::{self, NewReply, RuleDraft, TextDraft};
use cases::domain::{Kind, Visibility, Way};
use db::Db;
use kernel::FaultKind;
use serde_json::json;

use crate::shop::{DAY, shop, taken};

fn text(name: &str, body: &str) -> TextDraft {
    TextDraft { name: name.into(), locale: "zh-CN".into(), body: body.into(), active: true, ..TextDraft::default() }
}

fn reply(body: &str) -> NewReply {
    NewReply { visibility: Visibility::Public, body: body.to_owned(), files: Default::default(), way: None }
}

#[testkit::db_test]
async fn a_text_is_put_in_with_its_variables_and_what_is_missing_is_marked(db: Db) {
    let app = shop(db).await;
    let quality = app.ctx("quality").await;
    let body = "{name}您好，{number}的{product}由{owner}跟进。<b>";
    let id = app::save_reply_text(&quality, None, text("跟进", body)).await.unwrap();
    for (bad, field) in [("", "body"), ("{nobody}", "body"), ("{number", "body")] {
        let refused = app::save_reply_text(&quality, None, text("坏", bad)).await.unwrap_err();
        assert!(refused.fields().of(field).is_some(), "{bad}");
    }
    let clerk = app.ctx("clerk1").await;
    assert_eq!(app::save_reply_text(&clerk, None, text("我的", "好")).await.unwrap_err().kind(), FaultKind::NotFound);
    let case = taken(&app).await;
    let filled = app::filled_text(&clerk, case.id, id).await.unwrap();
    assert_eq!(filled, format!("王丽华您好，{}的滚筒洗衣机 XQG100-B14由〔缺负责人〕跟进。<b>", case.number));

    // One click puts it behind what stands there already; nothing is lost, and another tab sees it.
    let visitor = app.as_user("clerk1").await;
    let id_text = id.to_string();
    let path = format!("/cases/{}/reply-draft", case.id);
    visitor.post(&path, &[("body", "先说一句"), ("visibility", "internal"), ("insert", &id_text)]).await.expect(303);
    let page = visitor.get(&format!("/cases/{}", case.id)).await.expect(200);
    assert!(page.text().contains("先说一句\n王丽华您好") && page.text().contains("&#60;b&#62;"));
    let draft = app::reply_draft(&clerk, case.id).await.unwrap().unwrap();
    assert_eq!(draft.visibility, Some(Visibility::Public));
    assert!(app::reply_draft(&app.ctx("boss1").await, case.id).await.unwrap().is_none(), "nobody else reads it");
    app.as_user("clerk3").await.post(&path, &[("body", "x")]).await.expect(404);
    visitor.post(&path, &[("body", &"长".repeat(20_001))]).await.expect(422);
    app::post_reply(&clerk, case.id, reply("好了")).await.unwrap();
    assert!(app::reply_draft(&clerk, case.id).await.unwrap().is_none(), "sent is sent");
    visitor.post(&path, &[("body", "又写")]).await.expect(303);
    app.clock.advance(31 * DAY);
    assert_eq!(app::forget_reply_drafts(&clerk).await.unwrap(), 1);

    // The next version is based on the one before.
    app::save_reply_text(&quality, Some((id, 1)), text("跟进", "{name}您好")).await.unwrap();
    let stale = app::save_reply_text(&quality, Some((id, 1)), text("跟进", "别的")).await.unwrap_err();
    assert_eq!(stale.kind(), FaultKind::Stale);
    let shown = app::reply_text(&quality, id).await.unwrap();
    assert_eq!((shown.versions.len(), shown.body()), (2, "{name}您好"));
    let other = TextDraft { kind: Some(Kind::Complaint), ..text("投诉", "{name}") };
    let complaint = app::save_reply_text(&quality, None, other).await.unwrap();
    let offered = app::offered_texts(&clerk, case.id).await.unwrap();
    assert!(offered.iter().any(|one| one.id == id) && offered.iter().all(|one| one.id != complaint));
}

#[testkit::db_test]
async fn a_delicate_reply_waits_for_a_second_yes(db: Db) {
    let app = shop(db).await;
    let quality = app.ctx("quality").await;
    let empty = RuleDraft { name: "空".into(), active: true, ..RuleDraft::default() };
    let refused = app::save_reply_rule(&quality, None, empty).await.unwrap_err();
    assert!(refused.fields().of("words").is_some(), "a rule that asks nothing would hold everything up");
    let rule =
        RuleDraft {
            name: "提到赔偿".into(), words: Some("赔偿\n律师".into()), active: true, ..RuleDraft::default()
        };
    app::save_reply_rule(&quality, None, rule).await.unwrap();

    let case = taken(&app).await;
    let clerk = app.ctx("clerk1").await;
    let free = app::post_reply(&clerk, case.id, reply("马上处理")).await.unwrap();
    assert!(!free.held);
    let held = app::post_reply(&clerk, case.id, reply("可以赔偿 200 元")).await.unwrap();
    assert!(held.held);
    let said = || async {
        let items = app::timeline(&clerk, case.id, None, 50).await.unwrap().items;
        items.into_iter().filter_map(|item| item.message).map(|told| told.body).collect::<Vec<_>>()
    };
    assert_eq!(said().await, ["马上处理"], "the customer sees nothing of it");
    let waiting = app::held_replies(&clerk, case.id).await.unwrap();
    let approval = waiting[0].approval.clone().unwrap();
    let page = app.as_user("clerk1").await.get(&format!("/cases/{}", case.id)).await.expect(200);
    assert!(page.plain().contains("等待批准") && page.plain().contains("提到赔偿"));
    // Nobody lets their own words leave.
    let own = approvals::app::decide(&clerk, approval.id, approval.version, Verdict::Grant, None).await;
    assert!(own.is_err());
    let boss = app.ctx("boss1").await;
    approvals::app::decide(&boss, approval.id, approval.version, Verdict::Grant, None).await.unwrap();
    assert_eq!(said().await, ["可以赔偿 200 元", "马上处理"]);
    assert!(app::held_replies(&clerk, case.id).await.unwrap().is_empty());
    let replies = app::replies(&clerk, case.id).await.unwrap();
    assert_eq!(replies.values().filter(|(way, _)| *way == Way::Sms).count(), 2, "it left by its way");

    // Its pictures wait with it: inside they are seen, the customer sees them when it leaves.
    let html = app.as_user("clerk1").await;
    let fields = [("visibility", "public"), ("body", "赔偿单在附件里")];
    let file = [("photo", "赔偿单.txt", "text/plain", "金额 200 元".as_bytes())];
    html.post_files(&format!("/cases/{}/messages", case.id), &fields, &file).await.expect(303);
    let waiting = app::held_replies(&clerk, case.id).await.unwrap();
    assert_eq!(waiting[0].files.len(), 1, "{waiting:?}");
    let page = html.get(&format!("/cases/{}", case.id)).await.expect(200).plain();
    assert!(page.contains("赔偿单.txt"), "{page}");
    let shown = || async {
        let (kept, _) = app::files::files_of(&clerk, case.id).await.unwrap();
        kept.into_iter().map(|file| (file.visibility, file.part.is_some())).collect::<Vec<_>>()
    };
    assert_eq!(shown().await, [(files::Visibility::Internal, true)]);
    let approval = waiting[0].approval.clone().unwrap();
    approvals::app::decide(&boss, approval.id, approval.version, Verdict::Grant, None).await.unwrap();
    assert_eq!(shown().await, [(files::Visibility::Public, true)]);

    let again = app::post_reply(&clerk, case.id, reply("我们的律师会联系")).await.unwrap();
    assert!(again.held);
    let waiting = app::held_replies(&clerk, case.id).await.unwrap();
    let approval = waiting[0].approval.clone().unwrap();
    let why = Some("别提律师".to_owned());
    approvals::app::decide(&boss, approval.id, approval.version, Verdict::Decline, why).await.unwrap();
    assert_eq!(said().await.len(), 3);
    let page = app.as_user("clerk1").await.get(&format!("/cases/{}", case.id)).await.expect(200);
    assert!(page.plain().contains("没有批准") && page.plain().contains("别提律师"));
}

#[testkit::db_test]
async fn texts_and_rules_are_kept_on_pages_and_by_programs(db: Db) {
    let app = shop(db).await;
    let quality = app.as_user("quality").await;
    quality.get("/settings/replies").await.expect(200);
    quality.get("/settings/replies/texts/new").await.expect(200);
    quality
        .post("/settings/replies/texts/new", &[("name", "x"), ("locale", "zh-CN"), ("body", "{x}")])
        .await
        .expect(422);
    quality
        .post("/settings/replies/texts/new", &[("name", "<i>"), ("locale", "en"), ("body", "Hi {name}")])
        .await
        .expect(303);
    quality.get("/settings/replies/rules/new").await.expect(200);
    quality.post("/settings/replies/rules/new", &[("name", "空")]).await.expect(422);
    quality.post("/settings/replies/rules/new", &[("name", "金额"), ("amount", "yes")]).await.expect(303);
    let page = quality.get("/settings/replies").await.expect(200);
    assert!(page.text().contains("&#60;i&#62;") && page.plain().contains("金额"));
    app.as_user("clerk1").await.get("/settings/replies/texts/new").await.expect(403);

    let new = json!({"name": "API", "locale": "zh-CN", "body": "{name}好"});
    let made = quality.json("POST", "/api/v1/reply-texts", &[], &new).await.expect(201).json();
    let path = format!("/api/v1/reply-texts/{}", made["id"].as_str().unwrap());
    let change = json!({"name": "API 2", "locale": "zh-CN", "body": "{name}好！"});
    quality.json("PATCH", &path, &[("if-match", "\"v1\"")], &change).await.expect(200);
    quality.json("PATCH", &path, &[("if-match", "\"v1\"")], &new).await.expect(412);
    quality.json("PATCH", &path, &[], &new).await.expect(428);
    let rule = json!({"name": "加急", "priority": "urgent"});
    let made = quality.json("POST", "/api/v1/reply-rules", &[], &rule).await.expect(201).json();
    assert_eq!((made["priority"].as_str(), made["active"].as_bool()), (Some("urgent"), Some(true)));
    let path = format!("/api/v1/reply-rules/{}", made["id"].as_str().unwrap());
    let off = json!({"name": "加急", "priority": "urgent", "retired": true});
    let now = quality.json("PATCH", &path, &[("if-match", "\"v1\"")], &off).await.expect(200).json();
    assert_eq!(now["active"].as_bool(), Some(false));
}
