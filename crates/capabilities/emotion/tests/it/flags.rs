use std::collections::BTreeMap;

use cases::domain::{Kind, Stage, Visibility};
use db::Db;
use emotion::app::{self, RulesDraft};
use emotion::domain::{Ended, Language, Level, Role, Source};
use kernel::FaultKind;

use crate::shop::{given, says, seen, shop};

#[testkit::db_test]
async fn the_customers_words_raise_a_flag_and_bring_the_answer_forward(db: Db) {
    let app = shop(db).await;
    let calm = says(&app, Kind::Complaint, "我不生气，就是想问问什么时候能修好").await;
    assert!(seen(&app, calm).await.flags.is_empty(), "what is negated is not said");
    assert_eq!(app.metric("emotion-share").await, Some(0));

    let id = says(&app, Kind::Complaint, "修了三次还漏水，你们太过分了，我受够了！").await;
    let detail = seen(&app, id).await;
    let flag = detail.standing().unwrap();
    assert_eq!((flag.level, flag.source, flag.rules_version), (Level::Upset, Source::Words, Some(1)));
    assert_eq!(flag.words, ["太过分", "受够了"]);
    let heard = &detail.heard[&flag.id.get()].pieces;
    assert_eq!(
        heard.iter().filter(|(_, hit)| *hit).map(|(text, _)| text.as_str()).collect::<Vec<_>>(),
        ["太过分", "受够了"]
    );
    let case = cases::app::detail(&app.ctx("clerk1").await, id).await.unwrap();
    assert!(case.case.upset);
    assert_eq!(app.metric("emotion-cases").await, Some(1));
    assert_eq!(app.metric("emotion-share").await, Some(5_000));

    // The clock says what happened to it.
    let clock = case.clocks.iter().find(|clock| clock.stage == Stage::FirstAnswer).unwrap();
    assert!(clock.due_at.unwrap() <= app.clock.now().plus(60 * 60_000));
    let why = app.as_user("clerk1").await.get(&format!("/cases/{id}/clocks/{}", clock.id)).await.expect(200).plain();
    assert!(why.contains("按情绪规则提前答复") || clock.due_at.unwrap() < app.clock.now().plus(60 * 60_000), "{why}");

    // What we answer is not read; a stronger word of the customer raises the flag.
    given(&app, id, "clerk1").await;
    let clerk = app.ctx("clerk1").await;
    cases::app::post_message(&clerk, id, Visibility::Public, "我们忍无可忍地道歉".into()).await.unwrap();
    assert_eq!(seen(&app, id).await.flags.len(), 1);
    let after = cases::app::detail(&clerk, id).await.unwrap();
    let next =
        after.clocks.iter().find(|clock| clock.stage == Stage::NextAnswer && clock.stopped_at.is_none()).unwrap();
    let why = app.as_user("clerk1").await.get(&format!("/cases/{id}/clocks/{}", next.id)).await.expect(200).plain();
    assert!(why.contains("按情绪规则提前答复"), "{why}");
    assert!(app.metric("emotion-first-answer-minutes").await.is_some());
}

#[testkit::db_test]
async fn staff_say_so_with_a_reason_and_take_it_back_with_one(db: Db) {
    let app = shop(db).await;
    let id = says(&app, Kind::Feedback, "请问滤芯怎么换").await;
    let clerk = app.ctx("clerk1").await;
    let refused = app::raise(&clerk, id, Level::Upset, "  ").await.unwrap_err();
    assert!(refused.fields().of("reason").is_some());
    let long = "长".repeat(501);
    assert_eq!(app::raise(&clerk, id, Level::Upset, &long).await.unwrap_err().kind(), FaultKind::Invalid);
    app::raise(&clerk, id, Level::Upset, "在柜台拍桌子").await.unwrap();
    assert_eq!(app::raise(&clerk, id, Level::Upset, "又拍").await.unwrap_err().code(), "emotion-stands");
    app::raise(&clerk, id, Level::VeryUpset, "开始骂人").await.unwrap();
    let flags = seen(&app, id).await.flags;
    assert_eq!((flags.len(), flags[0].level, flags[1].ended), (2, Level::VeryUpset, Some(Ended::Raised)));
    assert_eq!(app.metric("emotion-cases").await, Some(1), "a case counts once");
    let listed = feedback::app::list(&clerk, feedback::store::Filter { upset: true, ..Default::default() }, None, 10);
    assert_eq!(listed.await.unwrap().rows.len(), 1);

    app::end(&clerk, id, Ended::Calmed, "喝了茶，坐下谈").await.unwrap();
    let detail = seen(&app, id).await;
    assert!(detail.standing().is_none() && !detail.case.upset);
    assert_eq!(app.metric("emotion-cases").await, Some(1), "who calmed down was upset");
    assert_eq!(app::end(&clerk, id, Ended::Calmed, "再来").await.unwrap_err().code(), "emotion-calm");
    let filter = cases::app::Filter { upset: Some(true), ..cases::app::Filter::default() };
    let queue = cases::app::list(&clerk, filter, cases::app::Order::Newest, None, 10).await.unwrap();
    assert!(queue.rows.is_empty());

    // Who never was upset does not count.
    let wrong = says(&app, Kind::Feedback, "发票抬头写错了").await;
    app::raise(&clerk, wrong, Level::Upset, "点错").await.unwrap();
    assert_eq!(app.metric("emotion-cases").await, Some(2));
    app::end(&clerk, wrong, Ended::Mistaken, "点错了").await.unwrap();
    assert_eq!(app.metric("emotion-cases").await, Some(1));
    // Elsewhere nobody knows of it.
    let elsewhere = app.ctx("clerk2").await;
    assert_eq!(app::raise(&elsewhere, id, Level::Upset, "听说").await.unwrap_err().kind(), FaultKind::NotFound);
    let assessor = app.ctx("assessor").await;
    assert_eq!(app::raise(&assessor, id, Level::Upset, "看到").await.unwrap_err().kind(), FaultKind::Forbidden);
}

#[testkit::db_test]
async fn the_words_are_data_with_versions(db: Db) {
    let app = shop(db).await;
    let quality = app.ctx("quality").await;
    let rules = app::newest(&quality).await.unwrap();
    let mut lists: BTreeMap<_, _> = rules.lexicon.0.iter().map(|(key, words)| (*key, words.join("\n"))).collect();
    let draft = |lists: &BTreeMap<(Language, Role), String>| RulesDraft {
        version: 1,
        reason: "加本地说法".into(),
        answer_upset: 90,
        answer_very_upset: 45,
        cooling_hours: 48,
        lists: lists.clone(),
    };
    let slower = RulesDraft { answer_very_upset: 91, ..draft(&lists) };
    assert!(app::save_rules(&quality, slower).await.unwrap_err().fields().of("answer_very_upset").is_some());
    let mut bad = lists.clone();
    bad.insert((Language::Zh, Role::Upset), "气".into());
    assert!(app::save_rules(&quality, draft(&bad)).await.unwrap_err().fields().of("zh_upset").is_some());

    says(&app, Kind::Feedback, "真是勿适意，弄勿好").await;
    lists.get_mut(&(Language::Zh, Role::Upset)).unwrap().push_str("\n勿适意");
    assert_eq!(app::save_rules(&quality, draft(&lists)).await.unwrap(), 2);
    assert_eq!(app::save_rules(&quality, draft(&lists)).await.unwrap_err().kind(), FaultKind::Stale);
    assert_eq!(app::save_rules(&app.ctx("boss1").await, draft(&lists)).await.unwrap_err().kind(), FaultKind::NotFound);
    let id = says(&app, Kind::Feedback, "还是勿适意呀").await;
    let flag = seen(&app, id).await.flags.remove(0);
    assert_eq!((flag.words.as_slice(), flag.rules_version), (["勿适意".to_owned()].as_slice(), Some(2)));
    let history = app::history(&quality).await.unwrap();
    assert_eq!((history.len(), history[0].1.as_slice()), (2, ["勿适意".to_owned()].as_slice()));
}

#[testkit::db_test]
async fn what_is_over_is_flagged_no_more(db: Db) {
    let app = shop(db).await;
    let id = says(&app, Kind::Feedback, "请问滤芯怎么换").await;
    let clerk = app.ctx("clerk1").await;
    let version = cases::app::detail(&clerk, id).await.unwrap().case.version;
    let cancel = cases::domain::Command::Cancel { reason: "顾客说不用了".into() };
    cases::app::command(&clerk, id, version, cancel).await.unwrap();
    let refused = app::raise(&clerk, id, Level::Upset, "在门口等").await.unwrap_err();
    assert_eq!((refused.kind(), refused.code()), (FaultKind::Refused, "emotion-over"));
    assert!(seen(&app, id).await.flags.is_empty());
    let page = app.as_user("clerk1").await.get(&format!("/cases/{id}/emotion")).await.expect(200).text();
    assert!(!page.contains("/emotion/raise"), "nothing is offered that would be refused");
}
