//! The mailbox of the demo company's first store, which is not read, and what came to it lately: letters that people write, and what
//! comes beside them.

use std::sync::Arc;

use capability::{Ctx, Installation};
use cases::domain::Visibility;
use kernel::{Fault, Timestamp, Zone};
use mail::app::{self, Draft, NewPassword};
use messaging::Tls;
use web::Locale;

const ADDRESS: &str = "service@yunqi.example";

/// Days before now, sender, subject, further fields of the head, text.
const LETTERS: &[(i64, &str, &str, &str, &str)] = &[
    (
        6,
        "王丽华 <wang.lihua@qq.example>",
        "洗衣机脱水时响得厉害",
        "",
        "你们好，\n上个月在城西店买的滚筒洗衣机，脱水到一半就响，声音像有东西在敲。\n型号 XQG100，什么时候能来看看？\n\n发自我的iPhone",
    ),
    (
        4,
        "David Chen <d.chen@mail.example>",
        "Invoice for the dishwasher",
        "",
        "Hello,\n\nI bought a dishwasher on the 3rd and the invoice has the wrong company name. Could you send a corrected one?\n\nBest regards\n-- \nDavid Chen\nHangzhou",
    ),
    (
        3,
        "刘洋 <liuyang88@163.example>",
        "表扬安装师傅",
        "",
        "周六来装空调的陈师傅很细心，走之前把地都擦干净了。\n安装费也和说好的一样，谢谢你们。",
    ),
    (
        2,
        "王丽华 <wang.lihua@qq.example>",
        "回复：洗衣机脱水时响得厉害",
        "In-Reply-To: <demo-0@mail.example>\r\n",
        "周三下午在家，三点以后都可以。\n\n在 2026年，云栖售后 写道：\n> 您好，师傅周三可以上门，您看几点方便？",
    ),
    (2, "赵敏 <zhaomin@corp.example>", "自动回复：休假", "", "我正在休假，下周一回来。"),
    (
        1,
        "优惠快报 <news@ad.example>",
        "双十二家电优惠",
        "List-Unsubscribe: <mailto:leave@ad.example>\r\n",
        "满三千减三百，点此查看。",
    ),
    (1, "somebody@else.example", "Re: [KF-FW20261101-0001#aaaaaaaaaa]", "", "请把这张单的处理结果发给我。"),
    (
        0,
        "周涛 <zhoutao@qq.example>",
        "微波炉不加热了",
        "",
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
    let now = house.clock.now();
    let raw = LETTERS.iter().enumerate().map(|(n, letter)| written(now, &house.zone, n, letter)).collect();
    let ctx = Ctx::system(Arc::clone(house), "demo");
    app::hand_in(&ctx, id, raw).await?;
    // One of them has been answered.
    let found = app::letters(&admin, id, Some(mail::State::Case), None, 50).await?;
    let asked = found.rows.iter().find(|(row, _)| row.subject.contains("洗衣机")).and_then(|(row, _)| row.case);
    if let (Some(case), Some(clerk)) = (asked, person("zhou")) {
        let clerk = Ctx::new(Arc::clone(house), clerk, Locale::ZhCn, "demo");
        let said = "王女士您好，师傅周三 15:30 上门，会带减震器和轴承。".to_owned();
        cases::app::post_message(&clerk, case, Visibility::Public, said).await?;
    }
    Ok(())
}

fn written(
    now: Timestamp,
    zone: &Zone,
    n: usize,
    (days, from, subject, head, text): &(i64, &str, &str, &str, &str),
) -> Vec<u8> {
    let at = now.plus(-days * 86_400_000);
    format!(
        "From: {from}\r\nTo: {ADDRESS}\r\nSubject: {subject}\r\nDate: {}\r\nMessage-ID: <demo-{n}@mail.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n{head}\r\n{text}\r\n",
        at.civil(zone).strftime("%d %b %Y %H:%M:%S +0800")
    )
    .into_bytes()
}
