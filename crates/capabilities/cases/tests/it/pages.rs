//! What people see and send: every page through the whole program, in both languages, without scripts.

use db::Db;
use testapp::{Answer, TestApp};

use crate::shop::*;

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

/// The value of the hidden field `name` in the page.
pub fn hidden(page: &Answer, name: &str) -> String {
    let text = page.text();
    let mark = format!("name=\"{name}\" value=\"");
    let at = text.find(&mark).unwrap_or_else(|| panic!("no field {name} in {text}"));
    text.split_at(at + mark.len()).1.split('"').next().unwrap().to_owned()
}

const INTAKE: [(&str, &str); 9] = [
    ("customer", "new"),
    ("customer.phone", "138 1234 5678"),
    ("customer.name", "王丽华"),
    ("channel", "counter"),
    ("kind", "repair"),
    ("subject", "洗衣机不脱水"),
    ("body", "洗到脱水就停，报 E4。"),
    ("product", "滚筒洗衣机 XQG100-B14"),
    ("serial", "8A2603554471"),
];

/// Takes a case in through the form; answers with its path.
pub async fn taken_in(app: &TestApp) -> String {
    let clerk = app.as_user("clerk1").await;
    let page = clerk.get("/cases/new").await.expect(200);
    let (once, store) = (hidden(&page, "once"), app.unit("S1").to_string());
    let mut fields = INTAKE.to_vec();
    fields.extend([("once", &*once), ("store", &*store)]);
    let saved = clerk.post("/cases/new", &fields).await.expect(303);
    // The same click twice is one case.
    let twice = clerk.post("/cases/new", &fields).await.expect(303);
    assert_eq!(saved.location(), twice.location());
    saved.location().split('?').next().unwrap().to_owned()
}

/// Gives a command through its form, with the version that its page carries.
pub async fn give(app: &TestApp, login: &str, case: &str, command: &str, fields: &[(&str, &str)]) -> Answer {
    let person = app.as_user(login).await;
    let path = format!("{case}/do/{command}");
    let page = person.get(&path).await.expect(200);
    let version = hidden(&page, "version");
    let mut all = vec![("version", &*version)];
    all.extend_from_slice(fields);
    person.post(&path, &all).await
}

#[testkit::db_test]
async fn a_request_goes_all_the_way_through_plain_forms(db: Db) {
    let app = shop(db).await;
    let case = taken_in(&app).await;
    let tech = app.user("tech1").to_string();
    give(&app, "boss1", &case, "accept", &[("owner", &tech), ("priority", "high"), ("kind", "repair")])
        .await
        .expect(303);
    give(&app, "tech1", &case, "analyse", &[]).await.expect(303);
    let plan = [
        ("findings", "主板继电器老化"),
        ("options.0.text", "更换主板"),
        ("options.0.done_by", "2026-11-24T18:00"),
        ("options.0.lines.0.text", "主板"),
        ("options.0.lines.0.amount", "286"),
        ("options.0.lines.0.bearer", "maker"),
        ("options.0.lines.1.text", ""),
        ("options.0.lines.1.amount", ""),
        ("options.2.text", "退货"),
    ];
    let shown = give(&app, "tech1", &case, "propose", &plan).await.expect(200);
    let text = shown.text();
    let token = text.split("/c/").nth(1).unwrap().get(..22).unwrap().to_owned();
    assert_eq!(shown.header("referrer-policy"), "no-referrer");

    let anybody = app.anybody();
    let page = anybody.get(&format!("/c/{token}")).await.expect(200);
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    insta::assert_snapshot!("customer_plan_zh", plain(&page.main()));
    anybody.post(&format!("/c/{token}/decide"), &[("answer", "no"), ("reason", "")]).await.expect(422);
    anybody.post(&format!("/c/{token}/decide"), &[("answer", "yes"), ("option", "1")]).await.expect(303);
    let again = anybody.post(&format!("/c/{token}/decide"), &[("answer", "yes"), ("option", "2")]).await.expect(409);
    assert!(again.text().contains("你已经选过了"), "{}", again.text());

    give(&app, "tech1", &case, "resolve", &[("outcome", "fixed"), ("cause", "product"), ("note", "已更换主板")])
        .await
        .expect(303);
    let clerk = app.as_user("clerk1").await;
    let link = clerk.post(&format!("{case}/link"), &[("purpose", "track")]).await.expect(200).text();
    let track = link.split("/c/").nth(1).unwrap().get(..22).unwrap().to_owned();
    let page = anybody.clone().in_english().get(&format!("/c/{track}")).await.expect(200);
    insta::assert_snapshot!("customer_resolved_en", plain(&page.main()));
    anybody.post(&format!("/c/{track}/message"), &[("body", "谢谢")]).await.expect(303);
    anybody.post(&format!("/c/{track}/reopen"), &[("wrong", "")]).await.expect(422);
    anybody.post(&format!("/c/{track}/close"), &[]).await.expect(303);
    // Closed already: nothing breaks, the page says what to do.
    anybody.post(&format!("/c/{track}/close"), &[]).await.expect(409);

    let page = app.as_user("boss1").await.get(&case).await.expect(200);
    insta::assert_snapshot!("detail_closed_zh", plain(&page.main()));
}

#[testkit::db_test]
async fn pages_in_both_languages(db: Db) {
    let app = shop(db).await;
    let case = taken_in(&app).await;
    let number = {
        let id: i64 = case.rsplit('/').next().unwrap().parse().unwrap();
        cases::app::detail(&app.ctx("clerk1").await, kernel::Id::new(id)).await.unwrap().case.number
    };
    let clerk = app.as_user("clerk1").await;
    let english = app.as_user("clerk1").await.in_english();
    let found = clerk.get(&format!("/cases/{number}")).await.expect(303);
    assert_eq!(found.location(), case);
    for (name, path) in [
        ("workbench", "/".to_owned()),
        ("list", "/cases".to_owned()),
        ("intake", "/cases/new?customer.phone=13812345678".to_owned()),
        ("detail", case.clone()),
        ("accept", format!("{case}/do/accept")),
        ("slip", format!("{case}/print")),
        ("link", format!("{case}/link")),
    ] {
        let zh = clerk.get(&path).await.expect(200);
        insta::assert_snapshot!(format!("{name}_zh"), plain(&zh.main()));
        let en = english.get(&path).await.expect(200);
        insta::assert_snapshot!(format!("{name}_en"), plain(&en.main()));
        for page in [&zh, &en] {
            let text = page.text();
            assert!(!text.contains("style=") && !text.contains("onclick"), "{path} has something inline");
            // A text that is missing shows its key.
            for key in [
                "cases-page-",
                "cases-customer-",
                "cases-state-",
                "cases-kind-",
                "cases-stage-",
                "cases-command-",
                "web-",
            ] {
                let shown = text.split(['>', '"']).find(|part| part.trim().starts_with(key));
                assert_eq!(shown, None, "{path} shows a key");
            }
        }
    }
}

#[testkit::db_test]
async fn a_number_finds_its_customer_while_typing(db: Db) {
    let app = shop(db).await;
    let case = taken_in(&app).await;
    let clerk = app.as_user("clerk1").await;
    let desk = clerk.get("/cases/new/lookup?for=desk&customer.phone=13812345678").await.expect(200).text();
    assert!(desk.contains("王丽华") && desk.contains("138****5678") && desk.contains(&case), "{desk}");
    assert!(!desk.contains("13812345678") && !desk.contains("<main"), "{desk}");
    let picks = clerk.get("/cases/new/lookup?customer.phone=5678").await.expect(200).text();
    assert!(picks.contains("name=\"customer\"") && picks.contains("洗衣机不脱水"), "{picks}");
    let nobody = clerk.get("/cases/new/lookup?customer.phone=13900000000").await.expect(200).text();
    assert!(nobody.contains("value=\"new\" checked"), "{nobody}");
    app.anybody().get("/cases/new/lookup?customer.phone=5678").await.expect(303);
}

#[testkit::db_test]
async fn what_was_typed_stays_when_something_is_wrong(db: Db) {
    let app = shop(db).await;
    let clerk = app.as_user("clerk1").await;
    let store = app.unit("S1").to_string();
    let fields = [
        ("customer", "new"),
        ("customer.phone", "138123"),
        ("subject", "冰箱不制冷 <b>"),
        ("store", &*store),
        ("kind", "repair"),
    ];
    let page = clerk.post("/cases/new", &fields).await.expect(422);
    insta::assert_snapshot!("intake_wrong_zh", plain(&page.main()));
    // A number that somebody has is not opened a second time without a look.
    let case = taken_in(&app).await;
    let fields = [
        ("customer.phone", "13812345678"),
        ("subject", "x"),
        ("store", &*store),
        ("kind", "repair"),
        ("channel", "phone"),
    ];
    let page = clerk.post("/cases/new", &fields).await.expect(422);
    assert!(page.text().contains("这个号码已有顾客"), "{}", page.text());
    // Without scripts, the button beside the number looks it up and keeps the rest.
    let page = clerk
        .post("/cases/new", &[("find", "yes"), ("customer.phone", "5678"), ("subject", "留着")])
        .await
        .expect(200)
        .text();
    assert!(page.contains("王丽华") && page.contains("留着"), "{page}");
    // The same page sent again with other words asks first.
    let once = hidden(&clerk.get("/cases/new").await, "once");
    let mut fields = INTAKE.to_vec();
    fields.extend([("once", &*once), ("store", &*store)]);
    clerk.post("/cases/new", &fields).await.expect(303);
    fields.retain(|(name, _)| *name != "subject");
    fields.push(("subject", "改过的"));
    let page = clerk.post("/cases/new", &fields).await.expect(409).text();
    assert!(page.contains("改过的") && page.contains("这张单已经提交过"), "{page}");
    // Messages too.
    clerk.post(&format!("{case}/messages"), &[("visibility", "internal"), ("body", "")]).await.expect(422);
    clerk
        .post(&format!("{case}/messages"), &[("visibility", "public"), ("body", "明早第一个给您上门")])
        .await
        .expect(303);
    let page = clerk.get(&format!("{case}?tab=customer")).await.expect(200).text();
    assert!(page.contains("明早第一个"), "{page}");
    let page = clerk.get(&format!("{case}?tab=internal")).await.expect(200).text();
    assert!(!page.contains("明早第一个"), "{page}");
}

#[testkit::db_test]
async fn whoever_comes_second_loses_nothing(db: Db) {
    let app = shop(db).await;
    let case = taken_in(&app).await;
    let clerk = app.as_user("clerk1").await;
    let path = format!("{case}/do/accept");
    let page = clerk.get(&path).await.expect(200);
    let (version, me, tech) = (hidden(&page, "version"), app.user("clerk1").to_string(), app.user("tech1").to_string());
    let seen = ["state", "owner", "priority", "kind"].map(|field| hidden(&page, &format!("seen.{field}")));
    give(&app, "boss1", &case, "assign", &[("owner", &tech)]).await.expect(303);
    let mine = [
        ("version", &*version),
        ("seen.state", &*seen[0]),
        ("seen.owner", &*seen[1]),
        ("seen.priority", &*seen[2]),
        ("seen.kind", &*seen[3]),
        ("owner", &*me),
        ("priority", "urgent"),
        ("kind", "repair"),
    ];
    let clash = clerk.post(&path, &mine).await.expect(412);
    insta::assert_snapshot!("conflict_zh", plain(&clash.main()));
    let mut again = mine.to_vec();
    let version = hidden(&clash, "version");
    let owner = hidden(&clash, "seen.owner");
    again[0].1 = &version;
    again[2].1 = &owner;
    again.extend([("take-owner", "theirs"), ("take-state", "mine")]);
    clerk.post(&path, &again).await.expect(303);
    let id: i64 = case.rsplit('/').next().unwrap().parse().unwrap();
    let saved = cases::app::detail(&app.ctx("clerk1").await, kernel::Id::new(id)).await.unwrap().case;
    assert_eq!((saved.owner.map(|owner| owner.to_string()), saved.priority.as_str()), (Some(tech), "urgent"));
    // Too late for what has been done: the reason, with the words kept.
    let refused = clerk.get(&path).await.expect(409);
    assert!(refused.text().contains(&format!("href=\"{case}\"")), "{}", refused.text());
    clerk.post(&path, &[("owner", "1")]).await.expect(428);
}

#[testkit::db_test]
async fn a_deadline_opens_its_explanation(db: Db) {
    let app = shop(db).await;
    let case = taken_in(&app).await;
    let clerk = app.as_user("clerk1").await;
    let page = clerk.get(&case).await.expect(200).text();
    let clock = page.split(&format!("{case}/clocks/")).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let path = format!("{case}/clocks/{clock}");
    insta::assert_snapshot!("clock_zh", plain(&clerk.get(&path).await.expect(200).main()));
    let fragment = clerk.send("GET", &path, &[("hx-request", "true")], Vec::new()).await.expect(200).text();
    assert!(!fragment.contains("<main") && fragment.starts_with("<ul"), "{fragment}");
    clerk.get(&format!("{case}/clocks/1")).await.expect(404);
}

/// The record says which deadline was missed, by which rule, and leads to how it was counted.
#[testkit::db_test]
async fn a_missed_deadline_has_its_name_in_the_record(db: Db) {
    let app = shop(db).await;
    let case = taken_in(&app).await;
    app.clock.advance(31 * MINUTE);
    let system = capability::Ctx::system(std::sync::Arc::clone(&app.house), "test");
    cases::app::sweep(&system).await.unwrap();
    let boss = app.as_user("boss1").await;
    let page = boss.get(&case).await.expect(200).text();
    let record = page.split("id=\"records\"").nth(1).unwrap();
    assert!(record.contains("超时：受理") && record.contains("给 30 分钟工作时间，时限规则第 1 版"), "{record}");
    assert!(record.contains(&format!("<a href=\"{case}/clocks/")), "{record}");
    let english = boss.in_english().get(&case).await.expect(200).text();
    assert!(english.contains("Deadline missed: Accept"), "{english}");
}

#[testkit::db_test]
async fn others_see_nothing_and_paper_has_a_code_only_behind_https(db: Db) {
    let app = shop(db).await;
    let case = taken_in(&app).await;
    for login in ["clerk2", "boss3"] {
        let other = app.as_user(login).await;
        for path in [
            case.clone(),
            format!("{case}/print"),
            format!("{case}/do/accept"),
            format!("{case}/link"),
            format!("{case}/reveal"),
        ] {
            other.get(&path).await.expect(404);
        }
        other
            .post(
                &format!("{case}/do/accept"),
                &[("version", "1"), ("owner", "1"), ("priority", "low"), ("kind", "repair")],
            )
            .await
            .expect(404);
        other.post(&format!("{case}/messages"), &[("visibility", "public"), ("body", "x")]).await.expect(404);
    }
    let finance = app.as_user("finance").await;
    finance.get("/cases").await.expect(403);
    finance.get("/").await.expect(200);
    app.anybody().get(&case).await.expect(303);

    let clerk = app.as_user("clerk1").await;
    let slip = clerk.get(&format!("{case}/print")).await.expect(200).text();
    assert!(!slip.contains("class=\"qr\"") && slip.contains("138****5678") && !slip.contains("13812345678"), "{slip}");
    let slip = clerk.post(&format!("{case}/print"), &[]).await.expect(200).text();
    assert!(slip.contains("class=\"qr\""), "{slip}");

    clerk.post(&format!("{case}/reveal"), &[("reason", "")]).await.expect(422);
    let shown = clerk.post(&format!("{case}/reveal"), &[("reason", "回电约时间")]).await.expect(200);
    assert!(shown.text().contains("13812345678"));
    for token in ["x", &"0".repeat(64)] {
        app.anybody().get(&format!("/c/{token}")).await.expect(404);
    }
    clerk.get("/cases/FW20261122-9999").await.expect(404);
    clerk.get(&format!("{case}/do/explode")).await.expect(404);
}

#[testkit::db_test]
async fn a_question_is_answered_on_the_spot(db: Db) {
    let app = shop(db).await;
    let clerk = app.as_user("clerk1").await;
    let store = app.unit("S1").to_string();
    let base = [
        ("customer", "anonymous"),
        ("channel", "phone"),
        ("subject", "几点关门"),
        ("store", &*store),
        ("solved", "yes"),
    ];
    let with = |more: &[(&'static str, &'static str)]| [&base[..], more].concat();
    let missing = clerk.post("/cases/new", &with(&[("kind", "inquiry")])).await.expect(422).text();
    assert!(missing.contains("href=\"#outcome\"") && missing.contains("href=\"#note\""), "{missing}");
    let result = [("outcome", "answered"), ("cause", "information"), ("note", "21 点")];
    let repair =
        clerk.post("/cases/new", &with(&[&result[..], &[("kind", "repair")]].concat())).await.expect(409).text();
    assert!(repair.contains("几点关门"), "{repair}");
    let saved = clerk.post("/cases/new", &with(&[&result[..], &[("kind", "inquiry")]].concat())).await.expect(303);
    let page = clerk.get(saved.location()).await.expect(200).text();
    assert!(page.contains("已受理并标为已解决") && page.contains("21 点"), "{page}");
}

#[testkit::db_test]
async fn a_number_opens_its_records(db: Db) {
    let app = shop(db).await;
    let case = taken_in(&app).await;
    let tech = app.user("tech1").to_string();
    give(&app, "boss1", &case, "accept", &[("owner", &tech), ("priority", "high"), ("kind", "repair")])
        .await
        .expect(303);
    let plan = [("findings", "继电器老化"), ("options.0.text", "更换")];
    give(&app, "tech1", &case, "propose", &plan).await.expect(200);
    give(&app, "clerk1", &case, "decline", &[("reason", "太贵")]).await.expect(303);
    let boss = app.as_user("boss1").await;
    for (query, there) in [
        ("measure=taken_in&from=2026-11-22&to=2026-11-22", true),
        ("measure=accepted&from=2026-11-22&to=2026-11-22&kind=repair&channel=counter", true),
        ("measure=accepted&from=2026-11-22&to=2026-11-22&channel=phone", false),
        ("measure=accepted&from=2026-11-20&to=2026-11-21", false),
        ("measure=proposed&from=2026-11-22", true),
        ("measure=declined&to=2026-11-22", true),
        ("measure=declined&to=2026-11-21", false),
        ("measure=closed", false),
        ("measure=resolved", false),
        ("measure=open", true),
        ("measure=missed", false),
        ("tab=waiting", false),
        ("q=%E6%B4%97%E8%A1%A3%E6%9C%BA&tab=all", true),
        ("q=%E7%A9%BA%E8%B0%83&tab=all", false),
        ("kind=nonsense&from=never&after=x", true),
    ] {
        let page = boss.get(&format!("/cases?{query}")).await.expect(200).text();
        assert_eq!(page.contains(&format!("href=\"{case}\"")), there, "{query}");
    }
}

/// Every key that a page names has words in both languages; what ends in a word of the domain is known by its beginning.
#[test]
fn every_text_of_the_pages_exists_in_both_languages() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources =
        ["templates", "src/pages", "src/pages/list"].map(|folder| std::fs::read_dir(root.join(folder)).unwrap());
    let mut keys = std::collections::BTreeSet::new();
    let files = sources.into_iter().flatten().map(|file| file.unwrap().path()).filter(|path| path.is_file());
    for file in files {
        let text = std::fs::read_to_string(file).unwrap();
        keys.extend(
            text.split('"')
                .filter(|part| part.starts_with("cases-page-") || part.starts_with("cases-customer-"))
                .map(str::to_owned),
        );
    }
    assert!(keys.len() > 200, "{}", keys.len());
    for locale in web::Locale::ALL {
        let words = std::fs::read_to_string(root.join(format!("../../../locales/{locale}/cases-pages.ftl"))).unwrap();
        let begun = |key: &str| {
            let beginning = key.split('{').next().unwrap_or(key).trim_end_matches('-');
            words.lines().any(|line| line.starts_with(&format!("{beginning}-")))
        };
        let missing: Vec<_> = keys.iter().filter(|key| web::find(locale, key, &[]).is_none() && !begun(key)).collect();
        assert!(missing.is_empty(), "{locale}: {missing:?}");
    }
}
