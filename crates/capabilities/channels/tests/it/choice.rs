//! Which registered channel a request came by, chosen at intake.

use channels::app::Draft;
use channels::domain::Kind;
use db::Db;
use kernel::{Id, of};
use serde_json::json;
use testapp::Answer;

use crate::shop::{draft, registered, shop, via};

fn fields<'a>(channel: &'a str, via: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("customer", "anonymous"),
        ("kind", "feedback"),
        ("channel", channel),
        ("via", via),
        ("subject", "灯太暗"),
    ];
    fields.extend_from_slice(more);
    fields
}

fn case_of(answer: &Answer) -> Id<of::Case> {
    let (_, rest) = answer.location().split_once("/cases/").unwrap();
    Id::new(rest.split('?').next().unwrap().parse().unwrap())
}

#[testkit::db_test]
async fn the_only_channel_is_chosen_and_several_are_a_choice(db: Db) {
    let app = shop(db).await;
    let (store, clerk) = (app.unit("S1").to_string(), app.as_user("clerk1").await);
    let none = clerk.get("/cases/new").await.expect(200);
    assert!(!none.text().contains("name=\"via\""), "nothing is registered, so nothing is asked");

    let desk = registered(&app, Kind::Counter, "前台<b>").await;
    let line = registered(&app, Kind::Phone, "售后热线").await;
    let other = registered(&app, Kind::Phone, "投诉专线").await;
    let page = clerk.get("/cases/new").await.expect(200).text();
    assert!(page.contains(&format!("value=\"{}\" selected", desk.id)), "the only counter");
    assert!(page.contains("前台&#60;b&#62;") && !page.contains("售后热线"));
    let lines = clerk.get(&format!("/cases/new/via?store={store}&channel=phone")).await.expect(200).text();
    assert!(lines.contains("售后热线") && lines.contains("投诉专线"));
    let chosen = |id: Id<of::Channel>| lines.contains(&format!("value=\"{id}\" selected"));
    assert!(!chosen(line.id) && !chosen(other.id), "two are never a guess");
    let elsewhere = app.as_user("clerk3").await;
    let foreign = elsewhere.get(&format!("/cases/new/via?store={store}&channel=phone")).await.expect(200).text();
    assert!(!foreign.contains("售后热线"), "what is out of reach does not exist");

    let (line_id, desk_id) = (line.id.to_string(), desk.id.to_string());
    let own = ("store", store.as_str());
    let sent = clerk.post("/cases/new", &fields("phone", &line_id, &[own])).await.expect(303);
    let case = case_of(&sent);
    assert_eq!(via(&app, case).await, Some(line.id));
    let shown = clerk.get(&format!("/cases/{case}")).await.expect(200).plain();
    assert!(shown.contains("售后热线"));
    let told = clerk.send("GET", &format!("/api/v1/cases/{case}"), &[], Vec::new()).await.expect(200).json();
    assert_eq!((told["via"].as_str(), told["via_name"].as_str()), (Some(line_id.as_str()), Some("售后热线")));

    // A counter is no telephone; the page comes back with the lines to choose from.
    let wrong = clerk.post("/cases/new", &fields("phone", &desk_id, &[own])).await.expect(422);
    assert!(wrong.plain().contains("和“渠道”不符") && wrong.text().contains("投诉专线"));
    for bad in ["0", "abc", "99999999999999999999"] {
        let refused = clerk.post("/cases/new", &fields("phone", bad, &[own])).await;
        assert!(refused.expect(422).text().contains("aria-invalid"), "{bad}");
    }
    // A form from before there was a choice, and one that says nothing, still work.
    let silent = clerk.post("/cases/new", &fields("counter", "", &[own])).await.expect(303);
    assert_eq!(via(&app, case_of(&silent)).await, Some(desk.id), "the only one");
}

#[testkit::db_test]
async fn slips_come_out_of_the_box_and_stay_there(db: Db) {
    let app = shop(db).await;
    let store = app.unit("S1").to_string();
    registered(&app, Kind::Counter, "前台").await;
    let paper = registered(&app, Kind::SuggestionBox, "门口意见箱").await;
    let clerk = app.as_user("clerk1").await;
    let page = clerk.get("/cases/new?slips=yes").await.expect(200).text();
    assert!(page.contains(&format!("value=\"{}\" selected", paper.id)));
    let id = paper.id.to_string();
    let more = [("store", store.as_str()), ("slips", "yes"), ("slip", "A-07")];
    let next = clerk.post("/cases/new", &fields("counter", &id, &more)).await.expect(303);
    assert!(next.location().contains(&format!("via={id}")) && next.location().contains("slip=A-08"));

    // The box is taken down meanwhile: the draft's word for it is no error, it only has to be chosen again.
    let boss = app.ctx("boss1").await;
    channels::app::change(&boss, paper.id, 1, Draft { active: false, ..draft(&app, "门口意见箱") }).await.unwrap();
    let again = clerk.get(next.location()).await.expect(200).text();
    assert!(again.contains("前台") && !again.contains("门口意见箱"));
}

#[testkit::db_test]
async fn what_goes_on_keeps_its_channel_and_programs_name_theirs(db: Db) {
    let app = shop(db).await;
    let line = registered(&app, Kind::Phone, "售后热线").await;
    registered(&app, Kind::Phone, "投诉专线").await;
    let hook = registered(&app, Kind::Webhook, "商城").await;
    let clerk = app.as_user("clerk1").await;
    let new = |channel: &str, via: &str| json!({"store": "S1", "kind": "feedback", "subject": "灯太暗", "channel": channel, "via": via});
    let made = clerk.json("POST", "/api/v1/cases", &[], &new("phone", &line.id.to_string())).await.expect(201).json();
    let first: Id<of::Case> = made["id"].as_str().unwrap().parse().unwrap();
    clerk.json("POST", "/api/v1/cases", &[], &new("counter", &line.id.to_string())).await.expect(422);
    clerk.json("POST", "/api/v1/cases", &[], &new("api", &hook.id.to_string())).await.expect(201);

    let ctx = app.ctx("boss1").await;
    let version = cases::app::detail(&ctx, first).await.unwrap().case.version;
    let gone = cases::domain::Command::Cancel { reason: "顾客不再需要".to_owned() };
    cases::app::command(&ctx, first, version, gone).await.unwrap();
    let on = cases::app::follow_up(&ctx, first, "还是暗", "换了灯还是暗").await.unwrap();
    assert_eq!(via(&app, on.id).await, Some(line.id), "the same line, although there are two");
}

#[testkit::db_test]
async fn channels_are_found(db: Db) {
    let app = shop(db).await;
    let line = registered(&app, Kind::Phone, "售后热线").await;
    let found = |text: &'static str| {
        let reach = kernel::Reach::company();
        app.house.db.read((text, reach), |tx, (text, reach)| {
            Box::pin(async move {
                let query = search::Query { text, reach, kinds: &["channel"], limit: 10, before: None };
                search::find(tx, &query).await.map_err(kernel::Fault::from)
            })
        })
    };
    let hits = found("热线").await.unwrap().hits;
    assert_eq!(hits.iter().map(|hit| hit.record_id).collect::<Vec<_>>(), [line.id.get()]);
    let boss = app.ctx("boss1").await;
    channels::app::change(&boss, line.id, 1, draft(&app, "服务电话")).await.unwrap();
    assert!(found("热线").await.unwrap().hits.is_empty(), "by its new name only");
    assert_eq!(found("服务").await.unwrap().hits.len(), 1);
}
