use db::Db;

use crate::shop::{MINUTE, asked, question, shop};

/// The page with `TOKEN` for what links hold.
fn without_tokens(html: &str) -> String {
    ["/a/", "/c/", "/rate/"].into_iter().fold(html.to_owned(), |html, mark| {
        let mut parts = html.split(mark);
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let run = part.bytes().take_while(u8::is_ascii_alphanumeric).count();
            text.push_str(mark);
            text.push_str(if run == 22 { "TOKEN" } else { "" });
            text.push_str(if run == 22 { part.split_at(run).1 } else { part });
        }
        text
    })
}

/// A page without what differs from run to run: ids, tokens, hashes of assets.
pub fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut run = String::new();
    for letter in without_tokens(html).chars().chain(['\n']) {
        if letter.is_ascii_hexdigit() {
            run.push(letter);
            continue;
        }
        text.push_str(match run.len() {
            12 => "HASH",
            15..=20 if run.bytes().all(|byte| byte.is_ascii_digit()) => "ID",
            _ => &run,
        });
        run.clear();
        text.push(letter);
    }
    text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[testkit::db_test]
async fn the_inbox_and_one_question_in_both_languages(db: Db) {
    let app = shop(db).await;
    let id = asked(&app.ctx("clerk1").await, question(&app, "S1", 2_908, 390)).await;
    app.clock.advance(9 * MINUTE);
    let boss = app.as_user("boss1").await;
    insta::assert_snapshot!("inbox_zh", plain(&boss.get("/approvals").await.expect(200).main()));
    let english = boss.clone().in_english();
    insta::assert_snapshot!("inbox_en", plain(&english.get("/approvals").await.expect(200).main()));
    let path = format!("/approvals/{id}");
    insta::assert_snapshot!("detail_zh", plain(&boss.get(&path).await.expect(200).main()));
    insta::assert_snapshot!("detail_en", plain(&english.get(&path).await.expect(200).main()));
    // Empty, filtered empty, the asker's side.
    let clerk = app.as_user("clerk1").await;
    assert!(clerk.get("/approvals?show=decided").await.expect(200).text().contains("还没有已有结果的审批"));
    assert!(clerk.get("/approvals?show=decided&kind=x").await.expect(200).text().contains("清除筛选"));
    assert!(clerk.get(&path).await.expect(200).text().contains("撤回…"));
    for show in ["all", "granted", "answered", "passed", "asked"] {
        boss.get(&format!("/approvals?show={show}&from=2026-11-01&to=2026-11-30&kind=goodwill")).await.expect(200);
    }
    app.as_user("boss3").await.get(&path).await.expect(404);
    app.as_user("finance").await.get("/approvals").await.expect(403);
}

#[testkit::db_test]
async fn deciding_on_the_page_asks_once_more_and_says_who_was_faster(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    let id = asked(&clerk, question(&app, "S1", 2_908, 390)).await;
    let path = format!("/approvals/{id}");
    let boss = app.as_user("boss1").await;
    let confirm = boss.get(&format!("{path}/grant")).await.expect(200).text();
    assert!(confirm.contains("¥390.00") && confirm.contains("¥2,908.00") && confirm.contains("林晓敏"), "{confirm}");
    boss.get(&format!("{path}/decline")).await.expect(200);
    boss.post(&format!("{path}/decline"), &[("version", "1"), ("reason", "")]).await.expect(422);
    boss.post(&format!("{path}/grant"), &[]).await.expect(428);
    // Who asked is told why not.
    let asker = app.as_user("clerk1").await;
    assert!(asker.get(&format!("{path}/grant")).await.expect(409).text().contains("自己提交的不能自己批"));
    let done = boss.post(&format!("{path}/grant"), &[("version", "1")]).await.expect(303);
    assert_eq!(done.location(), format!("{path}?done=granted"));
    boss.get(&format!("{path}?done=granted")).await.expect(200);
    let late = boss.post(&format!("{path}/decline"), &[("version", "1"), ("reason", "不批")]).await.expect(409);
    assert!(late.text().contains("周敏") && late.text().contains("已有结果"), "{}", late.text());
    boss.get(&format!("{path}/nonsense")).await.expect(404);

    let other = asked(&clerk, question(&app, "S1", 0, 100)).await;
    asker.get(&format!("/approvals/{other}/withdraw")).await.expect(200);
    asker.post(&format!("/approvals/{other}/withdraw"), &[("version", "1")]).await.expect(303);
}

#[testkit::db_test]
async fn limits_and_stand_ins_have_pages(db: Db) {
    let app = shop(db).await;
    let admin = app.as_user("admin").await;
    let page = admin.get("/settings/approval-limits").await.expect(200);
    insta::assert_snapshot!("limits_zh", plain(&page.main()));
    insta::assert_snapshot!(
        "limits_en",
        plain(&admin.clone().in_english().get("/settings/approval-limits").await.main())
    );
    let base = [
        ("version", "1"),
        ("limit.goodwill.clerk", "80"),
        ("limit.goodwill.store_manager", "500"),
        ("free.goodwill.headquarters_quality", "yes"),
        ("minutes.goodwill", "30"),
        ("days.goodwill", "7"),
        ("minutes.any", "30"),
        ("days.any", "7"),
    ];
    admin.post("/settings/approval-limits", &base).await.expect(422);
    let mut wrong = base.to_vec();
    wrong[1].1 = "八十";
    admin.post("/settings/approval-limits", &wrong).await.expect(422);
    let mut good = base.to_vec();
    good.push(("note", "旺季放宽"));
    admin.post("/settings/approval-limits", &good).await.expect(303);
    let stale = admin.post("/settings/approval-limits", &good).await.expect(412);
    assert!(stale.text().contains("value=\"80\""), "what was typed is kept");
    let read = app.as_user("boss1").await.get("/settings/approval-limits").await.expect(200).text();
    assert!(read.contains("¥80.00") && !read.contains("name=\"note\""));
    app.as_user("boss1").await.post("/settings/approval-limits", &good).await.expect(403);
    app.as_user("clerk1").await.get("/settings/approval-limits").await.expect(403);

    let boss = app.as_user("boss1").await;
    let page = boss.get("/approvals/deputies").await.expect(200).text();
    assert!(page.contains("没有设代理人"), "{page}");
    let (absent, deputy) = (app.user("boss1").to_string(), app.user("tech1").to_string());
    let mut fields = vec![("absent", absent.as_str()), ("deputy", deputy.as_str()), ("from", "2026-11-22T15:00")];
    boss.post("/approvals/deputies", &fields).await.expect(422);
    fields.push(("until", "2026-11-24T09:00"));
    boss.post("/approvals/deputies", &fields).await.expect(303);
    let page = boss.get("/approvals/deputies").await.expect(200).text();
    let start = page.find("/approvals/deputies/").and_then(|at| page.get(at..)).unwrap();
    let end = start.split('"').next().unwrap();
    app.as_user("clerk1").await.post(end, &[]).await.expect(404);
    boss.post(end, &[]).await.expect(303);
}
