//! Photos, papers and signatures over HTTP, with everything that people and phones send instead of one.

use std::io::Cursor;

use cases::app::{self, CustomerChoice, Intake, TakenIn};
use cases::domain::{Command, Kind, Plan, PlanOption, Priority};
use db::Db;
use image::{GrayImage, ImageFormat, Luma, Rgb, RgbImage};
use kernel::{Id, of};
use parties::app::CustomerInput;
use serde_json::json;
use testapp::TestApp;

async fn shop(db: Db) -> TestApp {
    TestApp::start_at(db, aftercare::capabilities::all, Some("https://service.example.com")).await
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let shade = |n: u32| u8::try_from(n % 256).unwrap();
    let pixels = RgbImage::from_fn(width, height, |x, y| Rgb([shade(x), shade(y), 90]));
    pixels.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

/// A name on white, as the pad sends it.
fn signature() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let paper = GrayImage::from_fn(900, 300, |x, y| Luma([if x.abs_diff(y * 3) < 4 { 0 } else { 255 }]));
    paper.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

async fn taken(app: &TestApp, login: &str, store: &str) -> TakenIn {
    let intake = Intake {
        store: app.unit(store),
        kind: Kind::Repair,
        customer: CustomerChoice::New(CustomerInput {
            name: "王丽华".into(),
            phone: "13812345678".into(),
            consent: true,
            ..CustomerInput::default()
        }),
        subject: "洗衣机不脱水".into(),
        ..Intake::default()
    };
    app::take_in(&app.ctx(login).await, intake).await.unwrap()
}

/// A case whose plan lies with the customer, and its version.
async fn proposed(app: &TestApp) -> (Id<of::Case>, i64) {
    let case = taken(app, "clerk1", "S1").await.id;
    let boss = app.ctx("boss1").await;
    let accept = Command::Accept { owner: app.user("boss1"), priority: Priority::Normal, kind: Kind::Repair };
    let version = app::command(&boss, case, 1, accept).await.unwrap().version;
    let way = PlanOption { text: "更换主板".into(), done_by: None, lines: Vec::new() };
    let plan = Command::Propose(Plan { findings: "继电器老化".into(), options: vec![way] });
    (case, app::command(&boss, case, version, plan).await.unwrap().version)
}

async fn files_of(app: &TestApp, case: Id<of::Case>) -> Vec<files::FileRow> {
    app::files::files_of(&app.ctx("boss1").await, case).await.unwrap().0
}

#[testkit::db_test]
async fn a_photo_is_added_seen_taken_away_and_brought_back(db: Db) {
    let app = shop(db).await;
    let case = taken(&app, "clerk1", "S1").await;
    let clerk = app.as_user("clerk1").await;
    let path = format!("/cases/{}/files", case.id);
    let photo = jpeg(800, 600);
    // A path and a mark that turns the writing direction stay outside.
    let name = "C:\\\\Users\\\\li\\\\洗衣机\u{202e}gpj.exe.jpg";
    let added =
        clerk.post_files(&path, &[("file_visibility", "public")], &[("file", name, "image/jpeg", &photo)]).await;
    assert!(added.location().contains("done=files"));
    let file = files_of(&app, case.id).await.remove(0);
    assert!(file.name.starts_with("洗衣机") && !file.name.contains('\u{202e}'), "{}", file.name);

    let shown = clerk.get(&format!("/files/{}", file.id)).await.expect(200);
    assert_eq!(shown.header("content-type"), "image/jpeg");
    assert_eq!(shown.header("x-content-type-options"), "nosniff");
    assert!(shown.header("cache-control").starts_with("private"), "{}", shown.header("cache-control"));
    assert!(shown.header("content-disposition").starts_with("inline; filename=\""));
    let small = clerk.get(&format!("/files/{}/small", file.id)).await.expect(200);
    assert!(small.bytes().len() < shown.bytes().len());
    let etag = shown.header("etag").to_owned();
    clerk.send("GET", &format!("/files/{}", file.id), &[("if-none-match", &etag)], Vec::new()).await.expect(304);

    // How it stands on the case's page, in both languages.
    for (name, visitor) in [("photos_zh", clerk.clone()), ("photos_en", clerk.clone().in_english())] {
        let page = visitor.get(&format!("/cases/{}", case.id)).await.expect(200).plain();
        let start = page.find("id=\"files\"").unwrap_or_else(|| panic!("no files in {page}"));
        let section = page.split_at(start).1.split("</section>").next().unwrap_or_default();
        insta::assert_snapshot!(name, section);
    }

    // Another store's people, and nobody at all.
    app.as_user("clerk2").await.get(&format!("/files/{}", file.id)).await.expect(404);
    app.as_user("clerk2").await.get(&format!("/files/{}/small", file.id)).await.expect(404);
    app.as_user("clerk2").await.post_files(&path, &[], &[("file", "a.jpg", "image/jpeg", &photo)]).await.expect(404);
    assert!(app.anybody().get(&format!("/files/{}", file.id)).await.location().starts_with("/login"));

    // The customer sees what is public, and only through the own link.
    let token = case.link.unwrap().token;
    app.anybody().get(&format!("/c/{token}/files/{}", file.id)).await.expect(200);
    assert!(app.anybody().get(&format!("/c/{token}")).await.text().contains(&format!("/files/{}/small", file.id)));
    let other = taken(&app, "clerk2", "S2").await.link.unwrap().token;
    app.anybody().get(&format!("/c/{other}/files/{}", file.id)).await.expect(404);

    let removed = clerk.post(&format!("{path}/{}/remove", file.id), &[]).await;
    assert!(removed.location().contains("undo="), "{}", removed.location());
    clerk.get(&format!("/files/{}", file.id)).await.expect(404);
    app.anybody().get(&format!("/c/{token}/files/{}", file.id)).await.expect(404);
    clerk.post(&format!("{path}/{}/restore", file.id), &[]).await.expect(303);
    clerk.get(&format!("/files/{}", file.id)).await.expect(200);
    let verbs: Vec<String> = app::timeline(&app.ctx("clerk1").await, case.id, None, 10)
        .await
        .unwrap()
        .items
        .into_iter()
        .map(|item| item.verb)
        .collect();
    assert_eq!(verbs[..3], ["case.file_restored", "case.file_removed", "case.files_added"]);
}

#[testkit::db_test]
async fn what_is_internal_stays_inside(db: Db) {
    let app = shop(db).await;
    let case = taken(&app, "clerk1", "S1").await;
    let clerk = app.as_user("clerk1").await;
    let post = |visibility: &'static str| {
        let (clerk, path) = (clerk.clone(), format!("/cases/{}/messages", case.id));
        async move {
            let fields = [("visibility", visibility), ("body", "看照片")];
            clerk.post_files(&path, &fields, &[("photo", "a.jpg", "image/jpeg", &jpeg(60, 40))]).await.expect(303);
        }
    };
    post("internal").await;
    let inside = files_of(&app, case.id).await.remove(0);
    post("public").await;
    let outside = files_of(&app, case.id).await.remove(1);
    assert!(inside.part.is_some() && outside.part.is_some() && inside.part != outside.part);
    let token = case.link.unwrap().token;
    app.anybody().get(&format!("/c/{token}/files/{}", inside.id)).await.expect(404);
    app.anybody().get(&format!("/c/{token}/files/{}", outside.id)).await.expect(200);
}

#[testkit::db_test]
async fn a_customer_sends_photos_by_the_link(db: Db) {
    let app = shop(db).await;
    let case = taken(&app, "clerk1", "S1").await;
    let token = case.link.unwrap().token;
    let path = format!("/c/{token}/files");
    let photo = jpeg(90, 60);
    let anybody = app.anybody();
    anybody.post_files(&path, &[], &[("photo", "故障.jpg", "image/jpeg", &photo)]).await.expect(303);
    let file = files_of(&app, case.id).await.remove(0);
    assert_eq!((file.created_by, file.visibility), (None, files::Visibility::Public));
    let six: Vec<_> = (0..6).map(|_| ("photo", "b.jpg", "image/jpeg", photo.as_slice())).collect();
    let many = anybody.post_files(&path, &[], &six).await.expect(422);
    assert!(many.text().contains("一次最多传 5 个文件"), "{}", many.text());
    let pdf = anybody.post_files(&path, &[], &[("photo", "a.pdf", "application/pdf", b"%PDF-1.7\n")]).await.expect(422);
    assert!(pdf.text().contains("这里只收照片"));
    anybody.post_files(&path, &[], &[]).await.expect(422);
    assert_eq!(files_of(&app, case.id).await.len(), 1);
    let unknown = format!("/c/{}/files", "0".repeat(64));
    anybody.post_files(&unknown, &[], &[("photo", "a.jpg", "image/jpeg", &photo)]).await.expect(404);
}

#[testkit::db_test]
async fn uploads_wait_for_their_record_and_only_for_their_sender(db: Db) {
    let app = shop(db).await;
    let case = taken(&app, "clerk1", "S1").await;
    let clerk = app.as_user("clerk1").await;
    let sent = clerk.post_files("/files", &[], &[("file", "a.jpg", "image/jpeg", &jpeg(70, 50))]).await.expect(201);
    let id = sent.json()["items"][0]["id"].as_str().unwrap().to_owned();
    clerk.get(&format!("/files/{id}/small")).await.expect(200);
    app.as_user("boss1").await.get(&format!("/files/{id}")).await.expect(404);
    let path = format!("/cases/{}/files", case.id);
    // Somebody else's upload, and one that never was.
    for upload in [id.as_str(), "123", "x"] {
        app.as_user("boss1").await.post_files(&path, &[("upload", upload)], &[]).await.expect(422);
    }
    clerk.post_files(&path, &[("upload", &id)], &[]).await.expect(303);
    clerk.post_files(&path, &[("upload", &id)], &[]).await.expect(422);
    app.as_user("boss1").await.get(&format!("/files/{id}")).await.expect(200);
    // What nobody takes over goes after a day, its content with it.
    let lost = clerk.post_files("/files", &[], &[("file", "b.jpg", "image/jpeg", &jpeg(71, 51))]).await.expect(201);
    let lost = lost.json()["items"][0]["id"].as_str().unwrap().to_owned();
    app.clock.advance(2 * 86_400_000);
    app.run_jobs().await;
    let clerk = app.as_user("clerk1").await;
    clerk.get(&format!("/files/{lost}")).await.expect(404);
    clerk.get(&format!("/files/{id}")).await.expect(200);
}

#[testkit::db_test]
async fn bad_files_are_refused_one_by_one_and_clearly(db: Db) {
    let app = shop(db).await;
    let case = taken(&app, "clerk1", "S1").await;
    let clerk = app.as_user("clerk1").await;
    let path = format!("/cases/{}/files", case.id);
    let big = vec![b'a'; 10 * 1024 * 1024 + 1];
    // A picture of a few bytes that says it has 50,000 × 50,000 pixels.
    let mut bomb = jpeg(8, 8);
    let frame = bomb.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    bomb[frame + 5..frame + 9].copy_from_slice(&[0xc3, 0x50, 0xc3, 0x50]);
    let cut = &jpeg(300, 300)[..120];
    let page = b"<html><script>alert(1)</script>".as_slice();
    let sheet: [(&str, &str, &[u8], &str); 8] = [
        ("猫.jpg", "image/jpeg", b"MZ\x90\0\x03\0\0\0", "这是程序或网页"),
        ("猫.jpg", "image/jpeg", page, "这是程序或网页"),
        ("动图.gif", "image/gif", b"GIF89a\x01\0\x01\0", "不支持这种文件"),
        ("假.png", "image/png", b"just words", "不一致"),
        ("炸弹.jpg", "image/jpeg", &bomb, "照片太大"),
        ("大.txt", "text/plain", &big, "文件超过 10 MB"),
        ("半张.jpg", "image/jpeg", cut, "照片打不开"),
        ("空.jpg", "image/jpeg", b"", "文件是空的"),
    ];
    for (name, kind, content, says) in sheet {
        let refused = clerk.post_files(&path, &[], &[("file", name, kind, content)]).await.expect(422);
        assert!(refused.text().contains(says), "{name}: {says}");
    }
    assert!(files_of(&app, case.id).await.is_empty());
    // A file field that was left empty is no file; one bad file keeps the good one from being taken silently.
    clerk.post_files(&path, &[], &[("file", "", "application/octet-stream", b"")]).await.expect(422);
    // Broken bodies are unreadable, not a crash.
    for (kind, body) in [
        ("multipart/form-data", b"".as_slice()),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nabc",
        ),
        ("multipart/form-data; boundary=x", b"nothing of the kind"),
    ] {
        let headers = [("content-type", kind), ("sec-fetch-site", "same-origin")];
        clerk.send("POST", &path, &headers, body.to_vec()).await.expect(422);
    }
    let api = format!("/api/v1/cases/{}/files", case.id);
    let program = clerk.post_files(&api, &[], &[("file", "a.jpg", "image/jpeg", b"\x7fELF\x02\x01\x01")]).await;
    assert_eq!((program.status.as_u16(), program.json()["code"].as_str()), (415, Some("file-program")));
    let large = clerk.post_files(&api, &[], &[("file", "a.txt", "text/plain", &big)]).await.expect(413);
    assert_eq!(large.json()["code"], "file-too-large");
}

#[testkit::db_test]
async fn the_api_lists_adds_and_removes(db: Db) {
    let app = shop(db).await;
    let case = taken(&app, "clerk1", "S1").await;
    let clerk = app.as_user("clerk1").await;
    let path = format!("/api/v1/cases/{}/files", case.id);
    let photo = jpeg(64, 48);
    let key = [("idempotency-key", "one")];
    let ahead = clerk.post_files("/api/v1/files", &[], &[("file", "a.jpg", "image/jpeg", &photo)]).await.expect(201);
    let id = ahead.json()["items"][0]["id"].clone();
    let added =
        clerk.json("POST", &path, &key, &json!({"upload": [id], "file_visibility": "public"})).await.expect(201);
    assert_eq!(added.json()["ids"][0], id);
    // The same call again does nothing twice.
    clerk.json("POST", &path, &key, &json!({"upload": [id], "file_visibility": "public"})).await.expect(201);
    let file = id.as_str().unwrap();
    let one = clerk.get(&path).await.expect(200).json();
    assert_eq!((one["items"][0]["visibility"].as_str(), one["items"][0]["width"].as_i64()), (Some("public"), Some(64)));
    clerk.send("DELETE", &format!("{path}/{file}"), &[("sec-fetch-site", "same-origin")], Vec::new()).await.expect(204);
    assert_eq!(clerk.get(&path).await.json()["removed"][0]["id"], id);
    clerk.json("POST", &format!("{path}/{file}/restore"), &[], &json!({})).await.expect(204);
    app.as_user("clerk2").await.get(&path).await.expect(404);
    clerk.get(&format!("/api/v1/files/{file}")).await.expect(200);
    app.as_user("clerk2").await.get(&format!("/api/v1/files/{file}")).await.expect(404);
}

#[testkit::db_test]
async fn a_signature_on_the_glass_is_bound_to_the_plan_that_was_shown(db: Db) {
    let app = shop(db).await;
    let (case, version) = proposed(&app).await;
    let boss = app.as_user("boss1").await;
    let path = format!("/cases/{case}/do/confirm");
    assert!(boss.get(&path).await.expect(200).text().contains("data-sign"));
    let shown = version.to_string();
    let fields = [("version", shown.as_str()), ("option", "1"), ("proof", "counter")];
    let sent = |content: Vec<u8>| {
        let (boss, path) = (boss.clone(), path.clone());
        async move { boss.post_files(&path, &fields, &[("signature", "signature.png", "image/png", &content)]).await }
    };
    let noise = sent(vec![0x55; 5 * 1024 * 1024]).await.expect(422);
    assert!(noise.text().contains("签名图太大，最多 300 KB"), "{}", noise.text());
    assert!(sent(b"MZ not a picture".to_vec()).await.expect(422).text().contains("签名图读不出来"));
    let mut blank = Cursor::new(Vec::new());
    GrayImage::from_pixel(900, 300, Luma([255])).write_to(&mut blank, ImageFormat::Png).unwrap();
    assert!(sent(blank.into_inner()).await.expect(422).text().contains("没有看到签名"));
    // On the phone nobody signs.
    let phone = [("version", shown.as_str()), ("option", "1"), ("proof", "phone"), ("note", "14:20 说可以")];
    boss.post_files(&path, &phone, &[("signature", "s.png", "image/png", &signature())]).await.expect(409);
    assert!(files_of(&app, case).await.is_empty());

    sent(signature()).await.expect(303);
    let file = files_of(&app, case).await.remove(0);
    let plan = app::detail(&app.ctx("boss1").await, case).await.unwrap().plans.remove(0);
    assert_eq!(
        (file.purpose, file.part, file.kind),
        (files::Purpose::Signature, Some(plan.id.get()), files::Kind::Png)
    );
    let entry = app::timeline(&app.ctx("boss1").await, case, None, 1).await.unwrap().items.remove(0);
    assert_eq!(entry.verb, "case.signed");
    let change = |field: &str| {
        let found = entry.changes.iter().find(|change| change.field == field);
        found.and_then(|change| change.after.clone()).unwrap_or_default()
    };
    assert_eq!((change("sha256"), change("revision")), (file.digest.clone(), "1".to_owned()));
    assert!(boss.get(&format!("/cases/{case}")).await.text().contains("签的是方案 1"));
    // It proves something: nobody takes it away.
    boss.post(&format!("/cases/{case}/files/{}/remove", file.id), &[]).await.expect(409);
}

#[testkit::db_test]
async fn a_form_that_is_sent_twice_makes_one_record(db: Db) {
    let app = shop(db).await;
    let case = taken(&app, "clerk1", "S1").await;
    let clerk = app.as_user("clerk1").await;
    let path = format!("/cases/{}/messages", case.id);
    let photo = jpeg(50, 50);
    let files = [("photo", "a.jpg", "image/jpeg", photo.as_slice())];
    let fields = [("form_key", "K7"), ("visibility", "internal"), ("body", "扫码枪按了两次回车")];
    clerk.post_files(&path, &fields, &files).await.expect(303);
    clerk.post_files(&path, &fields, &files).await.expect(303);
    assert_eq!(files_of(&app, case.id).await.len(), 1);
    // The same key with other words is a mistake that is told.
    let other = [("form_key", "K7"), ("visibility", "internal"), ("body", "别的话")];
    let refused = clerk.post_files(&path, &other, &files).await.expect(409);
    assert!(refused.text().contains("这张表单已经提交过一次"), "{}", refused.text());
    let said = app::timeline(&app.ctx("clerk1").await, case.id, None, 50).await.unwrap().items;
    assert_eq!(said.iter().filter(|item| item.verb == "case.message_posted").count(), 1);
}

#[testkit::db_test]
async fn a_stranger_who_sends_too_much_waits(db: Db) {
    let app = shop(db).await;
    let token = taken(&app, "clerk1", "S1").await.link.unwrap().token;
    let path = format!("/c/{token}/message");
    let stranger = app.anybody().at("203.0.113.7:40000".parse().unwrap());
    for n in 0..30 {
        stranger.post(&path, &[("body", &format!("催一下 {n}"))]).await.expect(303);
    }
    let refused = stranger.post(&path, &[("body", "再催")]).await.expect(429);
    assert_eq!(refused.header("retry-after"), "2");
    // Reading goes on, others are not kept waiting, and after a while it is forgotten. Nobody names the address themselves.
    stranger.get(&format!("/c/{token}")).await.expect(200);
    let headers = [("x-forwarded-for", "198.51.100.9"), ("sec-fetch-site", "same-origin")];
    stranger.send("POST", &format!("/c/{token}/close"), &headers, Vec::new()).await.expect(429);
    app.anybody().at("203.0.113.8:1".parse().unwrap()).post(&path, &[("body", "另一位")]).await.expect(303);
    app.clock.advance(60_000);
    stranger.post(&path, &[("body", "一分钟后")]).await.expect(303);
}
