use kernel::{Money, Ratio, Timestamp};
use web::{Due, DueTone, Locale};

use crate::reader::{lang, local, now, today};

const MINUTE: i64 = 60_000;

fn running(from: Timestamp, at: Timestamp) -> Due {
    Due::Running { from, at }
}

#[test]
fn a_deadline_reads_as_the_design_says() {
    let long_ago = local("2026-11-01T00:00");
    let table = [
        // (deadline, tone, Chinese, English)
        (
            running(today("12:00"), today("17:30")),
            DueTone::Calm,
            "今天 17:30",
            "Today 17:30",
        ),
        (
            running(today("12:00"), local("2026-11-23T10:00")),
            DueTone::Calm,
            "明天 10:00",
            "Tomorrow 10:00",
        ),
        (
            running(today("12:00"), local("2026-11-26T10:00")),
            DueTone::Calm,
            "11-26 前",
            "by 11-26",
        ),
        (
            running(today("12:00"), local("2027-01-03T10:00")),
            DueTone::Calm,
            "2027-01-03 前",
            "by 2027-01-03",
        ),
        (
            running(today("14:30"), today("15:10")),
            DueTone::Soon,
            "剩 38 分钟",
            "38 min left",
        ),
        (
            running(long_ago, today("15:37")),
            DueTone::Soon,
            "剩 1 小时 05 分",
            "1 h 05 min left",
        ),
        (
            running(long_ago, today("18:00")),
            DueTone::Soon,
            "剩 3 小时 28 分",
            "3 h 28 min left",
        ),
        (
            running(long_ago, today("15:32")),
            DueTone::Soon,
            "剩 1 小时",
            "1 h left",
        ),
        (
            running(long_ago, local("2026-11-24T18:00")),
            DueTone::Soon,
            "11-24 前",
            "by 11-24",
        ),
        (
            running(today("10:00"), today("14:06")),
            DueTone::Late,
            "超时 26 分钟",
            "26 min late",
        ),
        (
            running(today("10:00"), now()),
            DueTone::Late,
            "超时 1 分钟",
            "1 min late",
        ),
        (
            running(long_ago, today("12:32")),
            DueTone::Late,
            "超时 2 小时",
            "2 h late",
        ),
        (
            running(long_ago, local("2026-11-21T14:00")),
            DueTone::Late,
            "超时 1 天",
            "1 day late",
        ),
        (
            running(long_ago, local("2026-11-20T14:00")),
            DueTone::Late,
            "超时 2 天",
            "2 days late",
        ),
        (
            Due::Met { took: 4 * MINUTE },
            DueTone::Ok,
            "4 分钟，已达标",
            "4 min, met",
        ),
        (
            Due::Missed { by: 26 * MINUTE },
            DueTone::Late,
            "超时 26 分钟",
            "26 min late",
        ),
    ];
    for (due, tone, chinese, english) in table {
        assert_eq!(due.tone(now()), tone, "{due:?}");
        assert_eq!(due.text(&lang(Locale::ZhCn)), chinese);
        assert_eq!(due.text(&lang(Locale::En)), english);
    }
    let paused = Due::Paused {
        reason: "等顾客回复".to_owned(),
    };
    assert_eq!(paused.text(&lang(Locale::ZhCn)), "暂停 · 等顾客回复");
}

#[test]
fn a_quarter_left_or_less_than_an_hour_is_soon() {
    let from = now().plus(-60 * MINUTE * 60);
    assert_eq!(
        running(from, now().plus(20 * 60 * MINUTE)).tone(now()),
        DueTone::Soon
    );
    assert_eq!(
        running(from, now().plus(20 * 60 * MINUTE + 1000)).tone(now()),
        DueTone::Calm
    );
    assert_eq!(
        running(now(), now().plus(59 * MINUTE)).tone(now()),
        DueTone::Soon
    );
    assert_eq!(
        running(now(), now().plus(60 * MINUTE)).tone(now()),
        DueTone::Calm
    );
    assert_eq!(
        running(now(), now().plus(100 * MINUTE)).used_percent(now().plus(72 * MINUTE)),
        72
    );
}

#[test]
fn dates_and_amounts_read_as_the_design_says() {
    let (zh, en) = (lang(Locale::ZhCn), lang(Locale::En));
    assert_eq!(zh.now_line(), "11 月 22 日 周日 14:32");
    assert_eq!(en.now_line(), "Sun 22 Nov, 14:32");
    assert_eq!(zh.at(today("09:05")), "11-22 09:05");
    assert_eq!(zh.date(local("2025-03-12T10:00")), "2025-03-12");
    assert_eq!(zh.full(today("09:05")), "2026-11-22 09:05");
    assert_eq!(zh.when(today("09:05")), "今天 09:05");
    assert_eq!(en.when(local("2026-11-21T23:59")), "yesterday 23:59");
    assert_eq!(zh.when(local("2026-11-19T23:59")), "11-19 23:59");
    assert_eq!(zh.ago(now()), "刚刚");
    assert_eq!(en.ago(now().plus(-5 * MINUTE)), "5 min ago");
    assert_eq!(zh.ago(now().plus(-3 * 60 * MINUTE)), "3 小时前");
    assert_eq!(zh.money(Money::from_fen(-39_093)), "−¥390.93");
    assert_eq!(zh.percent(Ratio::from_basis_points(8750)), "87.5%");
    assert_eq!(
        (zh.capped(1000, 1000), zh.capped(1001, 1000)),
        ("1000".to_owned(), "1000+".to_owned())
    );
    assert_eq!(zh.offset_minutes(), 480);
}
