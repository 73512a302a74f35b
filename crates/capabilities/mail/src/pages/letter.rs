//! One letter, and the letters of a case.

use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::Id;
use letters::Letter;
use parties::domain::masked_email;
use web::{Chip, Failure, Lang, Markup, Page, View};

use super::{about, letter_chip};
use crate::app::{self, OF_CASE, Opened, RETRY};
use crate::store::{LetterRow, Mailbox, State};

/// What a letter says, for people.
struct Said {
    row: LetterRow,
    chip: Chip,
    from: String,
    about: Vec<String>,
    /// None when it cannot be shown here.
    words: Option<Words>,
    /// The file, as it came.
    file: Option<String>,
}

struct Words {
    said: String,
    /// The same with its shape, sanitised.
    shaped: Option<Markup>,
    quoted: String,
    signature: String,
    /// Names and sizes.
    attachments: Vec<(String, String)>,
    receivers: usize,
}

impl Words {
    fn of(lang: &Lang, letter: Letter, shaped: Option<String>) -> Self {
        let size = |bytes: usize| lang.bytes(i64::try_from(bytes).unwrap_or(i64::MAX));
        let attachments = letter.attachments.into_iter().map(|file| (file.name, size(file.size))).collect();
        let (words, receivers) = (letter.words, letter.receivers);
        // A shape shows the signature where it stood.
        let signature = if shaped.is_some() { String::new() } else { words.signature };
        let shaped = shaped.map(Markup::ready);
        Self { said: words.said, shaped, quoted: words.quoted, signature, attachments, receivers }
    }
}

impl Said {
    fn of(lang: &Lang, opened: Opened) -> Self {
        let row = opened.row;
        let from = super::sender(lang, &row);
        Self {
            from: match row.from_name.is_empty() || row.from_address.is_empty() {
                true => from,
                false => format!("{from} · {}", masked_email(&row.from_address)),
            },
            chip: letter_chip(lang, row.state),
            about: about(lang, &row),
            words: opened.letter.map(|letter| Words::of(lang, letter, opened.shaped)),
            file: opened.file.map(|file| format!("/files/{file}")),
            row,
        }
    }
}

#[derive(Template)]
#[template(path = "mail_letter.html")]
struct LetterPage {
    page: Page,
    mailbox: Mailbox,
    back: String,
    one: Said,
    retryable: bool,
}

/// `GET /mailboxes/{id}/letters/{letter}`
pub(crate) async fn show(
    page: Page,
    ctx: Ctx,
    Path((id, letter)): Path<(i64, i64)>,
) -> Result<impl IntoResponse, Failure> {
    super::of_mailbox(&ctx, id, letter).await?;
    let mailbox = app::mailbox(&ctx, Id::new(id)).await?;
    let opened = app::open(&ctx, Id::new(letter)).await?;
    let title = match opened.row.subject.as_str() {
        "" => page.t("mail-no-subject"),
        subject => subject.to_owned(),
    };
    let one = Said::of(&page.lang, opened);
    let waits = one.row.state == State::SetAside && one.file.is_some();
    Ok(View(LetterPage {
        retryable: waits && ctx.actor.may(RETRY, &one.row),
        back: format!("/mailboxes/{id}"),
        mailbox,
        one,
        page: page.titled(title).within(super::SETTINGS_MENU),
    }))
}

/// The letters of a case, as a fragment for its page.
#[derive(Template)]
#[template(path = "mail_of_case.html")]
struct OfCase {
    page: Lang,
    letters: Vec<(Said, String)>,
    /// They stand open: on a page of their own, not beside what the case says already.
    open: bool,
    /// More may be there than are shown.
    full: bool,
}

impl askama::filters::HtmlSafe for OfCase {}

#[derive(Template)]
#[template(path = "mail_case.html")]
struct CasePage {
    page: Page,
    letters: OfCase,
    back: String,
    number: String,
}

/// `GET /cases/{id}/letters`: a fragment for the case's page, a page of its own without scripts.
pub(crate) async fn of_case(
    page: Page,
    ctx: Ctx,
    Path(id): Path<i64>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let (number, found) = app::of_case(&ctx, Id::new(id)).await?;
    let full = i64::try_from(found.len()).is_ok_and(|n| n >= OF_CASE);
    let lang = page.lang.clone();
    let letters = found.into_iter().map(|opened| {
        let came = page.at(opened.row.received_at);
        (Said::of(&lang, opened), came)
    });
    let fragment = headers.contains_key("hx-request") && !headers.contains_key("hx-boosted");
    let letters = OfCase { letters: letters.collect(), open: !fragment, full, page: lang.clone() };
    if fragment {
        return Ok(View(letters).into_response());
    }
    let page = page.named("mail-letters");
    Ok(View(CasePage { letters, back: format!("/cases/{id}"), number, page }).into_response())
}
