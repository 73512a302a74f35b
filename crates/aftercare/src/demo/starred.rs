//! What the company has to show for its stars: evidence entered over the last year, judgements with their reasons, and the weeks in which
//! the score moved. Some of it has ended, some was never there.

use std::sync::Arc;

use capability::Installation;
use kernel::{Day, Fault, Id, Timestamp, of};
use scores::app::{Draft, Said, look_back, recalculate, replay};

use super::asked::person;

/// Evidence of the whole company: kind, what, days ago, days from today on which it ends.
const COMPANY: &[(&str, &str, i32, Option<i32>)] = &[
    ("head_appointed", "任命何静为售后总监", 700, None),
    ("post_duties", "售后岗位职责说明书 2026 版", 290, None),
    ("budget", "2026 年售后服务预算", 300, Some(39)),
    ("reserve", "产品责任险", 200, Some(165)),
    ("culture_session", "三月服务文化月：一次办好", 160, None),
    ("staff_reward", "上半年服务之星 12 人", 130, None),
    ("law_register", "法规清单年度评审", 120, None),
    ("supervisor", "任命方卫为专职监督", 400, None),
    ("finding_answered", "神秘顾客发现问题的奖惩通报", 90, None),
    ("goals_revised", "下半年服务目标修订", 140, None),
    ("internal_audit", "第三季度内部评价", 50, None),
    ("innovation", "扫码报修与代用机共享", 210, None),
    ("promise_public", "服务承诺牌：2 小时答复，48 小时给方案", 170, None),
    ("culture_publicity", "3·15 社区免费检测", 250, None),
    ("recall_procedure", "缺陷商品召回程序", 110, None),
    ("price_list", "维修收费标准公示", 95, None),
    ("carrier_contract", "与顺和物流的承运协议", 320, Some(-12)),
    ("loan_policy", "代用机管理办法", 150, None),
    ("takeback_route", "旧机回收合作单位公示", 75, None),
    ("service_page", "官网售后服务页", 220, None),
    ("escalation_owner", "重大投诉负责人：何静", 260, None),
    ("contingency_plan", "批量投诉应急预案", 180, None),
];

/// Procedures that were reviewed within the year; ten are asked for.
const PROCEDURES: &[&str] = &[
    "服务范围",
    "岗位职责",
    "退换货办法",
    "维修办法",
    "配送安装办法",
    "投诉处理办法",
    "满意度调查办法",
    "隐私保护办法",
];

/// Samples: kind, what was looked at, how many, of them not conforming.
const SAMPLES: &[(&str, &str, i32, i32)] = &[
    ("label_check", "标识抽查", 20, 1),
    ("goods_manual", "说明书核对", 16, 0),
    ("goods_certificate", "合格证明核对", 18, 0),
    ("quote_check", "报价确认抽查", 15, 2),
    ("delivery", "配送抽查", 24, 2),
    ("support_job", "保养支持抽查", 12, 1),
    ("disposal_note", "回收告知抽查", 10, 0),
];

/// What headquarters judged: the indicator, per cent, why, days ago.
const JUDGED: &[(&str, i64, &str, i32)] = &[
    ("5.2.1.3", 85, "逐一核对在售 40 个型号：6 个型号缺易损件期限和工时费，已要求采购补齐", 28),
    ("5.2.2.1", 100, "抽查 30 张小票，均印有质保、送货、安装和退换约定", 64),
    ("5.2.4.3", 80, "抽查 25 个备件申请，20 个在承诺的 3 天内到货", 35),
];

/// Evidence, judgements and the weeks behind them.
pub(super) async fn earn(house: &Arc<Installation>) -> Result<(), Fault> {
    let he = person(house, "he")?;
    let now = house.clock.now();
    let today = now.day(&house.zone);
    let directory = house.identity.directories().now();
    let company = directory.company().ok_or_else(Fault::not_found)?.id;
    let mut entries: Vec<(Draft, Timestamp)> = Vec::new();
    let mut add = |draft: Draft| {
        // Written down on the evening of the day, unless that is still to come.
        let at = draft.happened_on.map_or(now, |day| day.at(18, 0, &house.zone)).min(now);
        entries.push((draft, at));
    };
    let on = |days_ago: i32| today.plus(-days_ago);
    let of_company = |kind: &str, title: String, day: Day| Draft {
        kind: kind.to_owned(),
        unit: Some(company),
        title,
        met: true,
        happened_on: Some(day),
        ..Draft::default()
    };
    for (kind, title, ago, ends) in COMPANY {
        add(Draft {
            valid_until: ends.map(|days| today.plus(days)),
            ..of_company(kind, (*title).to_owned(), on(*ago))
        });
    }
    for (title, ago) in PROCEDURES.iter().zip((20i32..).step_by(17)) {
        add(of_company("procedure", (*title).to_owned(), on(ago)));
    }
    // A supervision record for every month but two.
    for month in (0..12).filter(|month| !matches!(month, 4 | 9)) {
        let day = today.plus_months(-month);
        let (year, month) = (day.date().year(), day.date().month());
        add(of_company("supervision", format!("{year} 年 {month} 月监督记录"), day));
    }
    for (kind, title, all, failed) in SAMPLES {
        for n in 0..*all {
            add(Draft { met: n >= *failed, ..of_company(kind, format!("{title} {}", n + 1), on(10 + n * 9)) });
        }
    }
    let mut stores: Vec<(Id<of::Unit>, String)> =
        directory.stores().map(|store| (store.id, store.code.clone())).collect();
    stores.sort_by(|a, b| a.1.cmp(&b.1));
    for ((store, _), n) in stores.iter().zip(0i32..) {
        // One store was not visited for more than a year, another did not pass.
        let ago = if n == 6 { 400 } else { 15 + n * 13 };
        add(Draft {
            unit: Some(*store),
            met: n != 3,
            ..of_company("site_visit", "季度巡店：场所、安全、系统、工具、备件".to_owned(), on(ago))
        });
    }
    let mut people: Vec<_> =
        directory.users().filter(|user| user.active && stores.iter().any(|(store, _)| *store == user.home)).collect();
    people.sort_by(|a, b| a.login.cmp(&b.login));
    for (user, n) in people.iter().zip(0i32..) {
        let of_person = |kind: &str, title: &str, ago: i32| Draft {
            person: Some(user.id),
            ..of_company(kind, title.to_owned(), on(ago))
        };
        // Three certificates ended two days ago, two end within the month.
        let ends = match n {
            2 | 9 | 17 => -2,
            5 | 21 => 20,
            n => 90 + (n * 37) % 600,
        };
        add(Draft {
            valid_until: Some(today.plus(ends)), ..of_person("qualification", "岗位资格证", 380 - n % 90)
        });
        if n % 12 != 7 {
            add(of_person("skill_training", "年度技能培训", 40 + n % 60));
        }
        if n % 15 != 4 {
            add(of_person("law_read", "消费者权益保护法与三包规定", 100 - n % 40));
        }
        add(of_person("secrecy_signed", "顾客信息保密承诺书", 300 - n % 50));
        if n % 20 != 11 {
            add(of_person("idea_read", "服务理念：把顾客的事一次办好", 155 - n % 30));
        }
    }
    let manager = |login: &str| directory.user_by_login(login).map(|user| user.id);
    for login in ["he", "wu", "zheng"] {
        add(Draft {
            person: manager(login),
            valid_until: Some(today.plus(420)),
            ..of_company("asm_certificate", "售后服务管理师证书".to_owned(), on(240))
        });
    }
    let said = JUDGED
        .iter()
        .map(|(clause, percent, why, ago)| {
            (company, *clause, Said::Earns(*percent), *why, on(*ago).at(16, 30, &house.zone))
        })
        .collect();
    replay(&he, &entries, said).await?;
    // Every week of half a year, and every day of the last ten.
    let weeks = (1..26).map(|week| on(week * 7 + 10));
    let mut days: Vec<Day> = weeks.chain((1..=10).map(on)).collect();
    days.sort_unstable();
    look_back(&he, company, days).await?;
    recalculate(&he).await.map(|_| ())
}
