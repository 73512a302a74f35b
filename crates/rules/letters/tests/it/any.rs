use letters::{fold, limits, read};
use proptest::prelude::*;

fn bounded(raw: &[u8]) {
    let letter = read(raw);
    assert!(letter.words.said.chars().count() <= limits::SAID);
    assert!(letter.words.quoted.chars().count() <= limits::SAID);
    assert!(letter.subject.chars().count() <= limits::LINE);
    assert!(!letter.subject.contains(['\r', '\n', '\0']));
    assert!(letter.to.len() <= limits::RECEIVERS_KEPT && letter.attachments.len() <= limits::ATTACHMENTS);
    assert!(letter.references.len() <= limits::REFERENCES);
    assert!(!letter.words.said.contains('\0'));
    for attachment in &letter.attachments {
        assert!(!attachment.name.is_empty() && !attachment.name.contains(['/', '\\', '\n']));
    }
}

/// Pieces that letters are made of, in any order.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"From: a <a@b.cn>\r\n".to_vec()),
        Just(b"Subject: =?gbk?B?1tDOxA==?= =?utf-8?Q?=E4=B8?=\r\n".to_vec()),
        Just(b"Content-Type: multipart/mixed; boundary=x\r\n".to_vec()),
        Just(b"Content-Type: multipart/report; boundary=\"x\"\r\n".to_vec()),
        Just(b"Content-Type: text/html; charset=big5\r\n".to_vec()),
        Just(b"Content-Type: text/plain; charset=gb2312; format=flowed\r\n".to_vec()),
        Just(b"Content-Type: message/delivery-status\r\n\r\nAction: failed\nFinal-Recipient: rfc822;a@b\n\n".to_vec()),
        Just(b"Content-Type: message/rfc822\r\n\r\n".to_vec()),
        Just(b"Content-Transfer-Encoding: base64\r\n".to_vec()),
        Just(b"Content-Transfer-Encoding: quoted-printable\r\n".to_vec()),
        Just(b"Content-Disposition: attachment; filename=\"../x\"\r\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"--x\r\n".to_vec()),
        Just(b"--x--\r\n".to_vec()),
        Just("<p>中<br><blockquote>".as_bytes().to_vec()),
        Just("在 2026年1月1日，a 写道：\n> b\n".as_bytes().to_vec()),
        Just("-- \nSent from my iPhone\n".as_bytes().to_vec()),
        proptest::collection::vec(any::<u8>(), 0..40),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_give_a_bounded_letter(raw in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        bounded(&raw);
    }

    #[test]
    fn any_mixture_of_pieces_gives_a_bounded_letter(raw in pieces()) {
        bounded(&raw);
    }

    #[test]
    fn no_word_is_lost_by_folding(text in "([a-z> 在写道：\\-]{0,12}\n){0,20}") {
        let words = fold(&text);
        let all = format!("{}{}{}", words.said, words.quoted, words.signature);
        let letters = |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).count();
        prop_assert_eq!(letters(&all), letters(&text));
    }
}
