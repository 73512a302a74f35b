use kernel::{Money, Ratio, Timestamp};
use web::{Due, DueTone, Locale};

use crate::reader::{lang, local, now, today};

const MINUTE: i64 = 60_000;

fn running(from: Timestamp, at: Timestamp) -> Due {
    Due::Running { from, at }
}

#[derive(serde::Deserialize)]
struct Row {
    from: Timestamp,
    at: Timestamp,
    tone: String,
    zh: String,
    en: String,
}

/// The table is shared with the script that keeps deadlines fresh (`ui/test/due.test.mjs`).
#[test]
fn a_deadline_reads_as_the_design_says() {
    let table: Vec<Row> = serde_json::from_str(include_str!("../../../../../ui/test/due.json")).unwrap();
    assert!(table.len() > 10);
    for row in table {
        let due = running(row.from, row.at);
        assert_eq!(due.tone(now()).class(), row.tone, "{due:?}");
        assert_eq!(due.text(&lang(Locale::ZhCn)), row.zh);
        assert_eq!(due.text(&lang(Locale::En)), row.en);
    }
}

#[test]
fn a_clock_that_does_not_run_says_how_it_ended_or_why_it_stands() {
    let table = [
        (Due::Met { took: 4 * MINUTE }, DueTone::Ok, "4 分钟，已达标", "4 min, met"),
        (Due::Missed { by: 26 * MINUTE }, DueTone::Late, "超时 26 分钟", "26 min late"),
        (Due::Paused { reason: "☕".to_owned() }, DueTone::Pause, "暂停 · ☕", "Paused · ☕"),
    ];
    for (due, tone, chinese, english) in table {
        assert_eq!(due.tone(now()), tone, "{due:?}");
        assert_eq!(due.text(&lang(Locale::ZhCn)), chinese);
        assert_eq!(due.text(&lang(Locale::En)), english);
    }
}

#[test]
fn a_quarter_left_or_less_than_an_hour_is_soon() {
    let from = now().plus(-60 * MINUTE * 60);
    assert_eq!(running(from, now().plus(20 * 60 * MINUTE)).tone(now()), DueTone::Soon);
    assert_eq!(running(from, now().plus(20 * 60 * MINUTE + 1000)).tone(now()), DueTone::Calm);
    assert_eq!(running(now(), now().plus(59 * MINUTE)).tone(now()), DueTone::Soon);
    assert_eq!(running(now(), now().plus(60 * MINUTE)).tone(now()), DueTone::Calm);
    assert_eq!(running(now(), now().plus(100 * MINUTE)).used_percent(now().plus(72 * MINUTE)), 72);
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
    assert_eq!((zh.capped(1000, 1000), zh.capped(1001, 1000)), ("1000".to_owned(), "1000+".to_owned()));
    assert_eq!(zh.offset_minutes(), 480);
}
