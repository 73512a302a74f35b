use web::{
    Clash, Due, Filled, Form, Kpi, Lang, Locale, Markup, Step, Tab, action_bar, area, bar, chart, check, chip,
    conflict, crumbs, empty, entry, icon, input, kpis, pager, progress, segments, select, stepper, summary, tabs,
};

use crate::reader::{lang, snapshot, today};

fn both(name: &str, make: impl Fn(&Lang) -> String) {
    for locale in Locale::ALL {
        snapshot(name, locale, &make(&lang(locale)));
    }
}

#[test]
fn fields() {
    both("fields", |lang| {
        let form = Filled::new().with("phone", "138 0000 5678").with("kind", "b").with("say", "<b>两行\n");
        let kinds = [web::Choice::new("a", "A"), web::Choice::new("b", "B & C")];
        [
            input(lang, &form, "phone", "web-public-call").tel().big().hint("web-find-hint").to_string(),
            input(lang, &form, "note", "web-me")
                .optional()
                .max(20)
                .placeholder("web-find-hint")
                .shortcut("c")
                .to_string(),
            input(lang, &form, "q", "web-find-label").lookup("/parties/lookup").to_string(),
            input(lang, &form, "secret", "web-me").password("current-password").to_string(),
            area(lang, &form, "say", "web-me").rows(2).internal().to_string(),
            select(lang, &form, "kind", "web-choose").options(&kinds).to_string(),
            segments(lang, &form, "kind", "web-choose").options(&kinds).numbered().to_string(),
            check(lang, &form, "upset", "web-me").hint("web-offline").to_string(),
        ]
        .join("\n")
    });
}

#[test]
fn fields_with_errors() {
    both("fields-with-errors", |lang| {
        let mut form = Form::from_pairs([("phone", "138 0000 567"), ("kind", "x")]);
        form.phone("phone");
        form.text("say", 200);
        form.choice("kind", |word| (word == "a").then_some(()));
        form.reject("upset", "required");
        let form = form.into_filled();
        [
            summary(lang, &form).to_string(),
            input(lang, &form, "phone", "web-public-call").tel().to_string(),
            area(lang, &form, "say", "web-me").to_string(),
            segments(lang, &form, "kind", "web-choose").options(&[web::Choice::new("a", "A")]).to_string(),
            check(lang, &form, "upset", "web-me").to_string(),
        ]
        .join("\n")
    });
    assert_eq!(summary(&lang(Locale::En), &Filled::new()).to_string(), "");
}

#[test]
fn statuses() {
    both("statuses", |lang| {
        let soon = Due::Running { from: today("14:00"), at: today("15:10") };
        let pause = Due::Paused { reason: "<i>".to_owned() };
        [
            lang.due(&soon).to_string(),
            lang.due(&pause).to_string(),
            lang.due(&Due::Met { took: 240_000 }).to_string(),
            chip("late solid", "alert-octagon", "S1 <>").to_string(),
            chip("line", "", "VIP").to_string(),
            bar(172, "soon").to_string(),
            icon("phone").to_string(),
        ]
        .join("\n")
    });
}

#[test]
fn strips_tabs_and_flows() {
    both("strips-tabs-and-flows", |lang| {
        let late = Due::Running { from: today("10:00"), at: today("14:06") };
        let steps = [Step::done("需求", "11-18 09:10"), Step::now("受理", "now"), Step::todo("方案", "")];
        [
            kpis(
                "today",
                &[
                    Kpi::new("A", 18).unit("单").note("+3"),
                    Kpi::new("B", "4.8").href("/cases?late=1").due(lang.due(&late)),
                    Kpi::new("C", 6).toned("ok", "circle-check", "≤ 15"),
                ],
            )
            .to_string(),
            tabs("records", &[Tab::new("All", "?").count(14).current(true), Tab::new("Files", "?files")]).to_string(),
            stepper(lang, &steps).to_string(),
            progress(lang, &steps).to_string(),
            crumbs(lang, "Cases", "/cases", "FW20261118-0009").to_string(),
            pager(lang, &Some("?after=1.2".to_owned()), &None).to_string(),
            empty("inbox", "none", "why").action("go", "/go").to_string(),
        ]
        .join("\n")
    });
    assert_eq!(pager(&lang(Locale::En), &None, &None).to_string(), "");
}

#[test]
fn timeline_and_next_actions() {
    both("timeline-and-next-actions", |lang| {
        let due = lang.due(&Due::Running { from: today("14:00"), at: today("18:00") });
        [
            entry("陈志远", "note", "14:31").says("一\n二 <script>").internal().to_string(),
            entry("王丽华", "SMS", "14:22").says("要么修好").customer().to_string(),
            entry("x", "call", "09:02")
                .icon("phone")
                .entered_late("1 d late")
                .more(&Markup::ready("<a href=\"/f\">f</a>"))
                .to_string(),
            action_bar(lang, &Some("取得顾客确认".to_owned()))
                .due(&due)
                .link("改", "/edit")
                .primary("phone", "登记", "/confirm")
                .to_string(),
            action_bar(lang, &None).submit("提交受理", "f").to_string(),
        ]
        .join("\n")
    });
}

#[test]
fn two_people_at_once() {
    both("conflict", |lang| {
        let clash = Clash {
            field: "visit".into(),
            label: "上门时间".into(),
            before: "11-22 18:00".into(),
            theirs: "11-23 09:30".into(),
            mine: "11-22 19:00".into(),
        };
        conflict(lang, "陈志远", "14:31", 7, 8, &[clash], "/cases/7").to_string()
    });
}

#[test]
fn a_chart_has_its_table() {
    both("chart", |lang| {
        let table = (vec!["月".to_owned(), "n".to_owned()], vec![vec!["11".to_owned(), "</td>".to_owned()]]);
        chart(lang, "trend", 240, "per month", &serde_json::json!({ "x": ["</script>"], "series": [] }), table)
            .to_string()
    });
}

#[test]
fn a_table_is_copied_by_what_stands_before_it() {
    let shown = web::copy_table(&lang(Locale::ZhCn), "cases<").to_string();
    assert!(
        shown.contains("data-copy-table data-list=\"cases&#60;\" hidden") && shown.contains("复制到 Excel"),
        "{shown}"
    );
}
