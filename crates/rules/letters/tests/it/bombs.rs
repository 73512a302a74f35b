//! Letters that are too much: read as far as is allowed, and what was left out is said.

use letters::{Tamed, limits, read};

#[test]
fn nested_without_end() {
    let mut raw = "From: a@example.cn\r\nSubject: deep\r\n".to_owned();
    for depth in 0..5_000 {
        raw.push_str(&format!("Content-Type: multipart/mixed; boundary=\"b{depth}\"\r\n\r\n--b{depth}\r\n"));
    }
    raw.push_str("Content-Type: text/plain\r\n\r\nbottom\r\n");
    let letter = read(raw.as_bytes());
    assert_eq!((letter.subject.as_str(), letter.tamed.as_slice()), ("deep", [Tamed::Depth].as_slice()));
}

#[test]
fn letters_in_letters() {
    let mut raw = String::new();
    for _ in 0..2_000 {
        raw.push_str("From: a@example.cn\r\nSubject: again\r\nContent-Type: message/rfc822\r\n\r\n");
    }
    let letter = read(raw.as_bytes());
    assert_eq!((letter.subject.as_str(), letter.tamed.as_slice()), ("again", [Tamed::Depth].as_slice()));
}

#[test]
fn ten_thousand_parts() {
    let mut raw =
        "From: a@example.cn\r\nSubject: parts\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n".to_owned();
    for part in 0..10_000 {
        raw.push_str(&format!("--x\r\nContent-Type: application/pdf; name=\"{part}.pdf\"\r\n\r\n%PDF-1.4 {part}\r\n"));
    }
    let letter = read(raw.as_bytes());
    assert_eq!(letter.attachments.len(), limits::ATTACHMENTS);
    assert_eq!(letter.tamed, [Tamed::Parts, Tamed::Attachments]);
}

#[test]
fn twenty_thousand_receivers() {
    let all: Vec<String> = (0..20_000).map(|n| format!("r{n}@example.cn")).collect();
    let raw = format!("From: a@example.cn\r\nSubject: all\r\nTo: {}\r\n\r\nhello\r\n", all.join(",\r\n "));
    let letter = read(raw.as_bytes());
    assert_eq!((letter.receivers, letter.to.len()), (limits::RECEIVERS, limits::RECEIVERS_KEPT));
    assert_eq!(letter.tamed, [Tamed::Receivers]);
    assert_eq!(letter.words.said, "hello");
}

#[test]
fn larger_than_any_provider_lets_through() {
    let mut raw = b"From: a@example.cn\r\nSubject: large\r\n\r\n".to_vec();
    raw.resize(limits::BYTES + 10, b'x');
    let letter = read(&raw);
    assert_eq!(letter.tamed, [Tamed::Bytes, Tamed::Text]);
    assert!(letter.words.said.chars().count() <= limits::SAID);
}

#[test]
fn an_endless_head_and_an_endless_page() {
    let raw = format!("From: a@example.cn\r\nSubject: head\r\nX-Long: {}\r\n\r\nhello", "=?a?q? ".repeat(400_000));
    assert!(read(raw.as_bytes()).tamed.contains(&Tamed::Head));
    let page = "<div><blockquote><table><tr><td>".repeat(30_000);
    let raw = format!("From: a@example.cn\r\nSubject: page\r\nContent-Type: text/html\r\n\r\n{page}words{page}");
    let letter = read(raw.as_bytes());
    assert!(letter.words.said.contains("words"), "{:?}", letter.words);
}

#[test]
fn too_many_hosts_are_a_loop() {
    let raw = format!("{}From: a@example.cn\r\nSubject: round\r\n\r\nhello", "Received: from a by b\r\n".repeat(60));
    assert_eq!(read(raw.as_bytes()).sort, letters::Sort::Automatic(letters::Automatic::Loop));
}

#[test]
fn nothing_of_a_page_survives_but_its_words_and_where_links_lead() {
    let raw = include_bytes!("../fixtures/32-html-hostile.eml");
    let words = read(raw).words;
    let all = format!("{} {} {}", words.said, words.quoted, words.signature);
    for tag in ["<", ">", "steal", "spy.example", "onload", "javascript", "hidden"] {
        assert!(!all.contains(tag), "{tag}: {all}");
    }
    // What is said and where it leads are two things.
    assert!(all.contains("https://bank.example [http://evil.example/login?next=bank]"), "{all}");
    assert!(all.contains("这个页面 [https://shop.example/p/XQG100]"), "{all}");
    assert!(all.contains("，shop.example。") && all.contains("给我写信 [qian@mail.example]"), "{all}");
    // A link as long as a page, and one that is never closed.
    let long = format!(
        "From: a@b.cn\r\nContent-Type: text/html\r\n\r\n<a href=\"https://x.cn/{}\">here</a><a href=\"https://y.cn\">open",
        "a".repeat(100_000)
    );
    let said = read(long.as_bytes()).words.said;
    assert!(
        said.starts_with("here [https://x.cn/a") && said.ends_with("…]open") && said.chars().count() < 300,
        "{said}"
    );
}

fn page(html: &str) -> Option<String> {
    letters::shaped(format!("From: a@b.cn\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}").as_bytes())
}

#[test]
fn the_simple_shape_of_a_page_survives_and_nothing_else() {
    let rich = "<style>p{}</style><p onclick=x>Hello <b style=color:red>world</b><img src=https://spy.example/x></p>\
        <ul><li>one<li><i>two</i></ul><table><tr><td>model</td><td>XQG</td></tr></table>\
        <a href=\"https://bank.example@evil.example/a?x=1&y=2\">https://bank.example</a><script>steal()</script>\
        <blockquote>quoted</blockquote>after";
    assert_eq!(
        page(rich).unwrap(),
        "<p>Hello <b>world</b></p><ul><li>one</li><li><i>two</i></li></ul><p>model | XQG</p><p>\
         <a href=\"https://evil.example/a?x=1&amp;y=2\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">\
         https://bank.example</a> [evil.example]</p><p>after</p>"
    );
    assert_eq!(page("<p>only lines</p><div>two</div>"), None);
    // What is not a link does not become one.
    for href in ["javascript:alert(1)", "data:text/html,x", "//evil.example", "vbscript:x", " java\tscript:x", "/login"]
    {
        let shape = page(&format!("<b>x</b><a href=\"{href}\">y</a>")).unwrap();
        assert_eq!(shape, "<p><b>x</b>y</p>", "{href}");
    }
}

#[test]
fn no_script_gets_through_a_shape() {
    let attempts = [
        "<b><script>alert(1)</script></b>",
        "<b><svg onload=alert(1)>",
        "<b><img src=x onerror=alert(1)>",
        "<b><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<b><noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<b>&lt;script&gt;alert(1)&lt;/script&gt;",
        "<b><iframe srcdoc=\"<script>alert(1)</script>\">",
        "<a href=\"https://x.cn/\"onmouseover=alert(1)\">x</a>",
        "<a href='https://x.cn/\"><script>alert(1)</script>'>x</a>",
        "<b><!--><img src=x onerror=alert(1)>-->",
        "<b><style><a title=\"</style><img src=x onerror=alert(1)>\">",
        "<b><textarea></b><img src=x onerror=alert(1)>",
        "<b><form action=https://evil.example><input name=x><button>go</button></form>",
        "<b><link rel=stylesheet href=//evil.example><meta http-equiv=refresh content=0><base href=//evil.example>",
    ];
    for attempt in attempts {
        let Some(shape) = page(attempt) else { continue };
        let mut rest = shape.as_str();
        while let Some((_, tag)) = rest.split_once('<') {
            let (tag, after) = tag.split_once('>').unwrap();
            let plain =
                ["p", "/p", "b", "/b", "i", "/i", "br", "ul", "/ul", "ol", "/ol", "li", "/li", "/a"].contains(&tag);
            let link = tag.strip_prefix("a href=\"").and_then(|tag| tag.split_once('"')).is_some_and(|(to, after)| {
                to.starts_with("https://x.cn/") && after == " target=\"_blank\" rel=\"noopener noreferrer nofollow\""
            });
            assert!(plain || link, "{attempt}: {shape}");
            rest = after;
        }
    }
    // As deep and as long as it likes.
    let deep = "<ul><li><b><a href=https://x.cn>".repeat(30_000);
    assert!(page(&deep).is_none_or(|shape| shape.len() < 200_000));
    assert!(page(&"<b>长</b><p>".repeat(100_000)).unwrap().len() < 200_000);
}
