//! The mailbox of the demo company's first store, which is not read, and what came to it lately: letters that people write, and what
//! comes beside them.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use capability::{Ctx, Installation};
use cases::domain::Visibility;
use kernel::{Fault, Timestamp, Zone};
use mail::app::{self, Draft, NewPassword};
use messaging::Tls;
use web::Locale;

use super::photos;

const ADDRESS: &str = "service@yunqi.example";
const PLAIN: &str = "text/plain; charset=utf-8";

/// What is in a letter.
enum Body {
    /// Text.
    Text(&'static str),
    /// A page, as many programs write.
    Page(&'static str),
    /// Text with a photo.
    Photo(&'static str),
}

/// A letter that somebody wrote.
struct Wrote {
    /// Minutes before now.
    ago: i64,
    /// Nobody when empty.
    from: &'static str,
    subject: &'static str,
    /// Further fields of the head.
    head: &'static str,
    body: Body,
}

const fn text(ago: i64, from: &'static str, subject: &'static str, body: &'static str) -> Wrote {
    Wrote { ago, from, subject, head: "", body: Body::Text(body) }
}

/// The letter that the store has asked something about, and with what.
const ASKED: &str = "洗衣机脱水时响得厉害";
const QUESTION: &str = "王女士您好，师傅周三可以上门，会带减震器和轴承。您看几点方便？";

/// What comes first.
const BEFORE: &[Wrote] = &[
    Wrote {
        ago: 64,
        from: "王丽华 <wang.lihua@qq.example>",
        subject: ASKED,
        head: "",
        body: Body::Photo(
            "你们好，\n上个月在城西店买的滚筒洗衣机，脱水到一半就响，声音像有东西在敲。\n型号 XQG100，照片在附件里，什么时候能来看看？\n\n发自我的iPhone",
        ),
    },
    Wrote {
        ago: 52,
        from: "David Chen <d.chen@mail.example>",
        subject: "Invoice for the dishwasher",
        head: "",
        body: Body::Page(
            "<p>Hello,</p><p>I bought a dishwasher on the 3rd (<a href=\"https://shop.yunqi.example/orders/88213\">my order</a>) and the invoice has the wrong company name. Could you send a corrected one?</p><img src=\"https://track.example/o.gif\" width=\"1\" height=\"1\"><p>Best regards</p><p>-- <br>David Chen<br>Hangzhou</p>",
        ),
    },
    text(
        47,
        "刘洋 <liuyang88@163.example>",
        "表扬安装师傅",
        "周六来装空调的陈师傅很细心，走之前把地都擦干净了。\n安装费也和说好的一样，谢谢你们。",
    ),
];

/// What comes after the question was asked.
const AFTER: &[Wrote] = &[
    Wrote {
        head: "In-Reply-To: <demo-1@mail.example>\r\n",
        ..text(
            18,
            "王丽华 <wang.lihua@qq.example>",
            "回复：洗衣机脱水时响得厉害",
            "周三下午在家，三点以后都可以。\n\n在 2026年，云栖售后 写道：\n> 王女士您好，师傅周三可以上门，会带减震器和轴承。您看几点方便？",
        )
    },
    text(15, "赵敏 <zhaomin@corp.example>", "自动回复：休假", "我正在休假，下周一回来。"),
    Wrote {
        head: "List-Unsubscribe: <mailto:leave@ad.example>\r\n",
        ..text(12, "优惠快报 <news@ad.example>", "双十二家电优惠", "满三千减三百，点此查看。")
    },
    text(9, "somebody@else.example", "Re: [KF-FW20261101-0001#aaaaaaaaaa]", "请把这张单的处理结果发给我。"),
    text(7, "", "询价", "批量采购五十台空调，什么价格？"),
    text(
        4,
        "周涛 <zhoutao@qq.example>",
        "微波炉不加热了",
        "用了不到一年，昨天开始转但是不热。保修卡找不到了，发票还在，能修吗？",
    ),
];

/// Sets the mailbox and takes the letters in.
pub(super) async fn letters(house: &Arc<Installation>) -> Result<(), Fault> {
    let directory = house.identity.directories().now();
    let person = |login: &str| directory.user_by_login(login).and_then(|user| directory.actor(user.id));
    let admin = person("admin").ok_or_else(Fault::not_found)?;
    let admin = Ctx::new(Arc::clone(house), admin, Locale::ZhCn, "demo");
    let manager = directory.user_by_login("zhou").ok_or_else(Fault::not_found)?;
    let draft = Draft {
        name: "售后邮箱".to_owned(),
        address: ADDRESS.to_owned(),
        host: "imap.yunqi.example".to_owned(),
        port: 993,
        tls: Tls::Implicit,
        login: ADDRESS.to_owned(),
        password: NewPassword::To("nothing".to_owned()),
        folder: "INBOX".to_owned(),
        store: manager.home,
        owner: Some(manager.id),
        idle: true,
        // There is no such server.
        active: false,
    };
    let id = app::create(&admin, draft).await?;
    let ctx = Ctx::system(Arc::clone(house), "demo");
    app::hand_in(&ctx, id, 1, written(house, 1, BEFORE)?).await?;
    let found = app::letters(&admin, id, Some(mail::State::Case), None, 50).await?;
    let asked = found.rows.iter().find(|(row, _)| row.subject == ASKED).and_then(|(row, _)| row.case);
    if let (Some(case), Some(clerk)) = (asked, person("zhou")) {
        let clerk = Ctx::new(Arc::clone(house), clerk, Locale::ZhCn, "demo");
        cases::app::post_message(&clerk, case, Visibility::Public, QUESTION.to_owned()).await?;
    }
    let next = u32::try_from(BEFORE.len()).unwrap_or_default().saturating_add(1);
    app::hand_in(&ctx, id, next, written(house, next, AFTER)?).await
}

/// The letters as they would come, the first with the number `first`.
fn written(house: &Installation, first: u32, letters: &[Wrote]) -> Result<Vec<Vec<u8>>, Fault> {
    let now = house.clock.now();
    (first..).zip(letters).map(|(n, letter)| raw(now, &house.zone, n, letter)).collect()
}

fn raw(now: Timestamp, zone: &Zone, n: u32, letter: &Wrote) -> Result<Vec<u8>, Fault> {
    let Wrote { ago, from, subject, head, body } = letter;
    let at = now.plus(-ago * 60_000).civil(zone).strftime("%d %b %Y %H:%M:%S +0800").to_string();
    let from = if from.is_empty() { String::new() } else { format!("From: {from}\r\n") };
    let (kind, said) = match body {
        Body::Text(said) => (PLAIN, (*said).to_owned()),
        Body::Page(said) => ("text/html; charset=utf-8", (*said).to_owned()),
        Body::Photo(said) => ("multipart/mixed; boundary=photo", with_photo(said)?),
    };
    Ok(format!(
        "{from}To: {ADDRESS}\r\nSubject: {subject}\r\nDate: {at}\r\nMessage-ID: <demo-{n}@mail.example>\r\nMIME-Version: 1.0\r\nContent-Type: {kind}\r\n{head}\r\n{said}\r\n"
    )
    .into_bytes())
}

fn with_photo(said: &str) -> Result<String, Fault> {
    let photo = photos::photo(0).map_err(Fault::internal)?;
    let photo = STANDARD.encode(photo);
    let lines: Vec<&str> =
        (0..photo.len()).step_by(76).filter_map(|at| photo.get(at..photo.len().min(at + 76))).collect();
    Ok(format!(
        "--photo\r\nContent-Type: {PLAIN}\r\n\r\n{said}\r\n--photo\r\nContent-Type: image/jpeg; name=\"washer.jpg\"\r\nContent-Disposition: attachment; filename=\"washer.jpg\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--photo--",
        lines.join("\r\n")
    ))
}
