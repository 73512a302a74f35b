use db::Db;

use crate::shop::{HOUR, closed, shop, token, zhou};

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
fn plain(html: &str) -> String {
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
async fn a_customer_rates_without_scripts_in_both_languages(db: Db) {
    let app = shop(db).await;
    let case = closed(&app, zhou()).await;
    let path = format!("/rate/{}", token(&app, case.id).await);
    let anybody = app.anybody();

    let page = anybody.get(&path).await.expect(200);
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    insta::assert_snapshot!("rate_zh", plain(&page.main()));
    anybody.post(&path, &[("csat", "2")]).await.expect(303);
    let page = anybody.clone().in_english().get(&path).await.expect(200);
    insta::assert_snapshot!("rated_low_en", plain(&page.main()));
    anybody.post(&path, &[("more", "yes"), ("nps", "11")]).await.expect(422);
    anybody
        .post(&path, &[("more", "yes"), ("nps", "3"), ("solved", "no"), ("words", "<b>等太久</b>")])
        .await
        .expect(303);

    app.clock.advance(25 * HOUR);
    let late = anybody.post(&path, &[("csat", "5")]).await.expect(410);
    assert!(late.text().contains("24"), "{}", late.text());
    anybody.get(&format!("/rate/{}", "f".repeat(64))).await.expect(404);

    let boss = app.as_user("boss1").await;
    let list = boss.get("/surveys").await.expect(200).text();
    assert!(list.contains("&#60;b&#62;等太久"), "{list}");
    let recovery = boss.get("/surveys?show=recovery").await.expect(200).text();
    let start = recovery.find("/surveys/").and_then(|at| recovery.get(at..)).unwrap();
    let form = &format!("{}/recovered", start.split('"').next().unwrap());
    boss.get(form).await.expect(200);
    boss.post(form, &[("version", "1"), ("note", "已致歉")]).await.expect(412);
    boss.post(form, &[("version", "3"), ("note", "")]).await.expect(422);
    boss.post(form, &[("version", "3"), ("note", "已致歉")]).await.expect(303);
    boss.clone().in_english().get("/surveys?show=low").await.expect(200);

    let api = boss.get("/api/v1/surveys?limit=1").await.expect(200).json();
    assert_eq!(api["items"][0]["answer"]["csat"], 2);
    assert_eq!(api["items"][0]["recovery"], "done");
    boss.get("/api/v1/surveys?limit=0").await.expect(422);
    app.as_user("finance").await.get("/surveys").await.expect(403);
    app.anybody().get("/api/v1/surveys").await.expect(401);
}

/// Whether to ask is the rule's to say: faces that nobody may tap are not shown.
#[testkit::db_test]
async fn who_was_not_asked_sees_no_faces(db: Db) {
    let app = shop(db).await;
    let first = closed(&app, zhou()).await;
    let second = closed(&app, cases::app::CustomerChoice::Anonymous).await;
    let asked = format!("/rate/{}", token(&app, first.id).await);
    assert!(app.anybody().get(&asked).await.expect(200).text().contains("csat"));
    let not_asked = format!("/rate/{}", token(&app, second.id).await);
    let page = app.anybody().get(&not_asked).await.expect(410).text();
    assert!(page.contains("这次没有邀请评价") && !page.contains("csat"), "{page}");
}

#[testkit::db_test]
async fn the_pages_of_the_staff_in_both_languages(db: Db) {
    let app = shop(db).await;
    let case = closed(&app, zhou()).await;
    let boss = app.as_user("boss1").await;
    let english = boss.clone().in_english();
    let waiting = boss.get("/surveys?show=unanswered").await.expect(200).text();
    let (_, rest) = waiting.split_once("/surveys/").unwrap();
    let id = rest.split(|letter: char| !letter.is_ascii_digit()).next().unwrap().to_owned();
    for (name, path) in [("waiting", "/surveys?show=unanswered".to_owned()), ("phone", format!("/surveys/{id}/phone"))]
    {
        insta::assert_snapshot!(format!("{name}_zh"), boss.get(&path).await.expect(200).plain());
        insta::assert_snapshot!(format!("{name}_en"), english.get(&path).await.expect(200).plain());
    }
    let path = format!("/rate/{}", token(&app, case.id).await);
    app.anybody().post(&path, &[("csat", "2")]).await.expect(303);
    for (name, path) in [
        ("low", "/surveys?show=low".to_owned()),
        ("detail", format!("/surveys/{id}")),
        ("recovered", format!("/surveys/{id}/recovered")),
    ] {
        insta::assert_snapshot!(format!("{name}_zh"), boss.get(&path).await.expect(200).plain());
        insta::assert_snapshot!(format!("{name}_en"), english.get(&path).await.expect(200).plain());
    }
}
