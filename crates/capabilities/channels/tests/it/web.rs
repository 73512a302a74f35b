use cases::app::{Filter, Order};
use channels::app::Draft;
use channels::domain::Kind;
use db::Db;
use messaging::MessageRow;
use testapp::{Answer, TestApp};

use crate::shop::{draft, metric, registered, shop};

fn hidden(answer: &Answer, name: &str) -> String {
    let text = answer.text();
    let mark = format!("name=\"{name}\" value=\"");
    let (_, rest) = text.split_once(&mark).unwrap_or_else(|| panic!("no {name} in {text}"));
    rest.split('"').next().unwrap().to_owned()
}

async fn send(app: &TestApp, path: &str, phone: &str) -> Answer {
    let stamp = hidden(&app.anybody().get(path).await.expect(200), "stamp");
    app.clock.advance(5_000);
    let fields = [
        ("kind", "feedback"),
        ("words", "导购很耐心，建议多放一把椅子"),
        ("phone", phone),
        ("consent", "yes"),
        ("stamp", stamp.as_str()),
    ];
    app.anybody().post(path, &fields).await
}

/// Text messages that went to a telephone.
async fn texts(app: &TestApp, case: kernel::Id<kernel::of::Case>) -> Vec<MessageRow> {
    app.house
        .db
        .read(case, |tx, case| {
            Box::pin(async move { messaging::of_record(tx, &kernel::RecordRef::new("case", *case), None, 50).await })
        })
        .await
        .unwrap()
}

#[testkit::db_test]
async fn a_form_brings_feedback_by_its_channel(db: Db) {
    let app = shop(db).await;
    let form = registered(&app, Kind::WebForm, "官网表单").await;
    let path = format!("/w/{}", form.code);
    let page = app.anybody().get(&path).await.expect(200);
    assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"));
    let sent = send(&app, &path, "13800005678").await.expect(303);
    assert!(sent.location().starts_with("/c/"));

    let clerk = app.ctx("clerk1").await;
    let filter = Filter { via: Some(form.id), ..Filter::default() };
    let rows = cases::app::list(&clerk, filter, Order::Newest, None, 10).await.unwrap().rows;
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].kind.as_str(), rows[0].channel.as_str()), ("feedback", "web"));
    assert_eq!(metric(&app, "cases-taken-in", form.id).await, Some(1));

    // A closed channel has no form, and a telephone line never had one.
    let line = registered(&app, Kind::Phone, "热线").await;
    app.anybody().get(&format!("/w/{}", line.code)).await.expect(404);
    app.anybody().get("/w/nothing").await.expect(404);
    let boss = app.ctx("boss1").await;
    channels::app::change(&boss, form.id, 1, Draft { active: false, ..draft(&app, "官网表单") }).await.unwrap();
    app.anybody().get(&path).await.expect(404);
}

#[testkit::db_test]
async fn only_named_sites_show_a_form_inside_their_page(db: Db) {
    let app = shop(db).await;
    let boss = app.ctx("boss1").await;
    let frames = Some("https://shop.example.com\n\nhttps://m.example.com/".to_owned());
    let plan = Draft { frames, ..draft(&app, "商城表单") };
    let form = channels::app::create(&boss, app.unit("S1"), Kind::WebForm, Some("mall".into()), plan).await.unwrap();
    let page = app.anybody().get("/w/mall").await.expect(200);
    let policy = page.header("content-security-policy").to_owned();
    assert!(policy.contains("frame-ancestors 'self' https://shop.example.com https://m.example.com;"), "{policy}");
    assert!(policy.contains("script-src 'self'"));
    // What follows would not be shown there, so it opens beside it.
    let thanks = send(&app, "/w/mall", "13800005678").await.expect(200);
    assert!(thanks.text().contains("target=\"_blank\"") && thanks.text().contains("/c/"));
    let detail = app.as_user("boss1").await.get(&format!("/channels/{}", form.id)).await.expect(200);
    assert!(detail.text().contains("iframe src=&#34;https://service.example.com/w/mall&#34;"), "{}", detail.plain());
}

#[testkit::db_test]
async fn a_flood_is_held_off_with_a_word_and_a_trace(db: Db) {
    let app = shop(db).await;
    let form = registered(&app, Kind::WebForm, "官网表单").await;
    let path = format!("/w/{}", form.code);
    for _ in 0..3 {
        send(&app, &path, "13800005678").await.expect(303);
    }
    for _ in 0..3 {
        let refused = send(&app, &path, "13800005678").await.expect(429);
        assert!(refused.text().contains("建议多放一把椅子"), "what was written is kept");
    }
    assert_eq!(metric(&app, "channels-floods", form.id).await, Some(1), "one trace a minute");
    let boss = app.as_user("boss1").await;
    assert!(boss.get("/channels").await.expect(200).plain().contains("有人猛发"));
    assert_eq!(metric(&app, "cases-taken-in", form.id).await, Some(3));
}

#[testkit::db_test]
async fn a_poster_leads_to_its_own_form(db: Db) {
    let app = shop(db).await;
    let poster = registered(&app, Kind::QrPoster, "入口海报").await;
    let boss = app.as_user("boss1").await;
    for size in ["a4", "a5"] {
        let page = boss.get(&format!("/channels/{}/poster?size={size}", poster.id)).await.expect(200).text();
        assert!(page.contains(&format!("sheet {size} poster")) && page.contains(&format!("/w/{}", poster.code)));
    }
    let line = registered(&app, Kind::Phone, "热线").await;
    boss.get(&format!("/channels/{}/poster", line.id)).await.expect(404);
}

#[testkit::db_test]
async fn without_a_public_address_no_code_is_printed(db: Db) {
    let app = TestApp::start(db, crate::shop::capabilities).await;
    let poster = registered(&app, Kind::QrPoster, "入口海报").await;
    let page = app.as_user("boss1").await.get(&format!("/channels/{}/poster", poster.id)).await.expect(200).text();
    assert!(!page.contains("poster-code") && page.contains("HTTPS"), "{page}");
}

#[testkit::db_test]
async fn a_store_says_how_to_reach_it_and_sends_a_lost_link(db: Db) {
    let app = shop(db).await;
    let boss = app.ctx("boss1").await;
    let line = Draft { address: Some("0571-8888 0000".into()), ..draft(&app, "售后热线") };
    channels::app::create(&boss, app.unit("S1"), Kind::Phone, None, line).await.unwrap();
    let form = registered(&app, Kind::WebForm, "官网表单").await;
    let page = app.anybody().get("/s/S1").await.expect(200);
    assert!(page.text().contains("tel:057188880000") && page.text().contains(&format!("/w/{}", form.code)));
    app.anybody().get("/s/HQ").await.expect(404);
    app.anybody().in_english().get("/s/S1").await.expect(200);

    send(&app, &format!("/w/{}", form.code), "13800005678").await.expect(303);
    let clerk = app.ctx("clerk1").await;
    let rows = cases::app::list(&clerk, Filter::default(), Order::Newest, None, 10).await.unwrap().rows;
    let (id, number) = (rows[0].id, rows[0].number.clone());
    let before = texts(&app, id).await.len();
    let ask = async |number: &str, phone: &str| {
        app.anybody().post("/s/S1/track", &[("number", number), ("phone", phone)]).await
    };
    ask("", "1").await.expect(422);
    // Strangers are told the same and get nothing.
    let told = ask(&number, "13900001111").await.expect(303).location().to_owned();
    assert_eq!(texts(&app, id).await.len(), before);
    assert_eq!(ask(&number, "138 0000 5678").await.expect(303).location(), told);
    assert_eq!(texts(&app, id).await.len(), before + 1);
    for _ in 0..5 {
        ask(&number, "13800005678").await.expect(303);
    }
    assert_eq!(texts(&app, id).await.len(), before + 3, "no more than three an hour");
}
