use std::sync::Arc;

use askama::Template;
use web::{Confirm, Flash, Locale, Me, Menu, MenuGroup, MenuItem, Page, PrintPage, PublicPage, Theme};

use crate::reader::{lang, snapshot};

fn menu() -> Menu {
    let home = MenuItem::new("web-home", "/", "layout-dashboard").go("w");
    let print = MenuItem::new("web-print", "/cases", "file-text").waiting(23, true);
    Menu {
        groups: vec![
            MenuGroup { heading: None, items: vec![home.clone(), print.clone()] },
            MenuGroup { heading: Some("web-nav-reference"), items: vec![MenuItem::new("web-me", "/parties", "users")] },
        ],
        bar: vec![home, print],
    }
}

fn page(locale: Locale) -> Page {
    let mut page = Page::new(lang(locale), "/cases/7?x=\"").named("web-print");
    page.menu = Arc::new(menu());
    page.me = Some(Me {
        key: "17".into(),
        name: "林晓敏".into(),
        role: "客服".into(),
        scope: "杭州文三路店".into(),
        keys_off: true,
        session_ends: None,
        turns: true,
        idle: true,
    });
    page.theme = Some(Theme::Dark);
    page.flash = Some(Flash { text: "已转派 <给>".into(), undo: Some("/undo/7".into()) });
    page.notices = Some(3);
    page.request = "ABC".into();
    page.live = Some("/events");
    page
}

#[test]
fn a_staff_page() {
    for locale in Locale::ALL {
        let confirm = Confirm {
            page: page(locale),
            about: "about".into(),
            facts: vec![("amount".into(), "¥2,908.07".into())],
            button: "Refund ¥2,908.07".into(),
            action: "/returns/7/refund".into(),
            hidden: vec![("version".into(), "7".into())],
            back: "/returns/7".into(),
            danger: false,
        };
        snapshot("staff-page", locale, &confirm.render().unwrap());
    }
}

#[derive(Template)]
#[template(
    source = "{% extends \"layout_public.html\" %}{% block main %}<h1>{{ page.title }}</h1>{% endblock %}",
    ext = "html"
)]
struct Customer {
    page: PublicPage,
}

#[derive(Template)]
#[template(
    source = "{% extends \"layout_print.html\" %}{% block sheets %}<article class=\"sheet a5\"></article>{% endblock %}",
    ext = "html"
)]
struct Paper {
    page: PrintPage,
}

#[test]
fn a_customers_page_and_paper() {
    for locale in Locale::ALL {
        let page = PublicPage::new(lang(locale), "web-public-call", "恒悦 & 生活", "文三路店", "/t/x")
            .phone(Some("0571-0000 0000".into()));
        snapshot("customer-page", locale, &Customer { page }.render().unwrap());
        let page = PrintPage::new(lang(locale), "web-print", "/cases/7").about("A5");
        snapshot("paper", locale, &Paper { page }.render().unwrap());
    }
}

#[test]
fn nothing_is_inline() {
    let html = Confirm {
        page: page(Locale::En),
        about: String::new(),
        facts: Vec::new(),
        button: String::new(),
        action: String::new(),
        hidden: Vec::new(),
        back: String::new(),
        danger: true,
    }
    .render()
    .unwrap();
    for refused in [" style=", " onclick=", "<style", "javascript:", "<script>"] {
        assert!(!html.contains(refused), "{refused}");
    }
    assert_eq!(html.matches("<h1").count(), 1);
}
