use letters::{Claim, ThreadKey, read};

fn letter(subject: &str, more: &str) -> letters::Letter {
    read(format!("From: a@example.cn\r\nSubject: {subject}\r\n{more}\r\nhello\r\n").as_bytes())
}

#[test]
fn a_tag_is_believed_only_with_its_token() {
    let (key, other) = (ThreadKey::new(b"secret"), ThreadKey::new(b"other"));
    let number = "FW20261122-0001";
    let tag = key.tag(number);
    assert!(tag.starts_with("[KF-FW20261122-0001#") && tag.len() == 31, "{tag}");
    assert_eq!(key.claims(&letter(&format!("Re: {tag} hello"), "")), [Claim::Tag(number.to_owned())]);
    // Typed from paper.
    let typed = key.token(number).to_uppercase();
    assert_eq!(key.claims(&letter(&format!("[KF-{number}#{typed}]"), "")), [Claim::Tag(number.to_owned())]);
    for forged in [other.tag(number), format!("[KF-{number}#]"), format!("[KF-{number}#aaaaaaaaaa]")] {
        assert_eq!(key.claims(&letter(&forged, "")), [Claim::Forged(number.to_owned())], "{forged}");
    }
    // The token of one case opens no other.
    let moved = format!("[KF-FW20261122-0002#{}]", key.token(number));
    assert_eq!(key.claims(&letter(&moved, "")), [Claim::Forged("FW20261122-0002".to_owned())]);
    assert!(key.claims(&letter("[KF-] [KF-x] [KF-ä#b] [FW20261122-0001]", "")).is_empty());
}

#[test]
fn what_it_answers_comes_before_what_that_answered() {
    let key = ThreadKey::new(b"secret");
    let more = "In-Reply-To: <7001.abcdefghjk@shop.example>\r\nReferences: <first@x.cn> <second@x.cn> <7001.abcdefghjk@shop.example>\r\n";
    let own = Claim::Ours(7001, "abcdefghjk".to_owned());
    let (second, first) = (Claim::Letter("second@x.cn".to_owned()), Claim::Letter("first@x.cn".to_owned()));
    assert_eq!(key.claims(&letter("Re: hello", more)), [own, second, first]);
    let again = key.claims(&letter("Re", "In-Reply-To: <7001.abcdefghjk.2@shop.example>\r\n"));
    assert_eq!(again, [Claim::Ours(7001, "abcdefghjk".to_owned())], "sent again by a person");
    for not in ["7001@shop.example", "7001.short@shop.example", "x.abcdefghjk@shop.example"] {
        let claims = key.claims(&letter("Re", &format!("In-Reply-To: <{not}>\r\n")));
        assert_eq!(claims, [Claim::Letter(not.to_owned())]);
    }
}
