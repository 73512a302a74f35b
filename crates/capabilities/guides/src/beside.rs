//! The card with guides beside a case, a complaint or a reply; other capabilities put it into their pages.

use askama::Template;
use askama::filters::HtmlSafe;
use web::Lang;

use crate::domain::Kind;
use crate::store::Guide;

/// What is filled into the blanks of a guide.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fill<'a> {
    /// The number of the case.
    pub number: &'a str,
    /// The store's name.
    pub store: &'a str,
    /// Who reads.
    pub me: &'a str,
}

impl Fill<'_> {
    /// `text` with its blanks filled in; what is not known stays a blank.
    pub fn into(self, text: &str) -> String {
        let pairs = [("{number}", self.number), ("{store}", self.store), ("{me}", self.me)];
        let known = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        known.fold(text.to_owned(), |text, (blank, value)| text.replace(blank, value))
    }
}

/// A card with guides, each closed until it is wanted; nothing when there are none.
#[derive(Template)]
#[template(path = "guides_beside.html")]
pub struct Beside {
    page: Lang,
    guides: Vec<Shown>,
}
impl HtmlSafe for Beside {}

struct Shown {
    id: String,
    href: String,
    icon: &'static str,
    kind: String,
    title: String,
    text: String,
}

/// The picture of a kind.
pub(crate) const fn icon_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Talk => "message-circle",
        Kind::Calming => "heart-handshake",
        Kind::Coordination => "users",
    }
}

/// The card with `guides` in the reader's language.
pub fn beside(lang: &Lang, guides: &[Guide], fill: Fill<'_>) -> Beside {
    let locale = lang.locale.as_str();
    let shown = guides.iter().map(|guide| Shown {
        id: format!("guide-{}", guide.id),
        href: format!("/guides/{}", guide.id),
        icon: icon_of(guide.fits.kind),
        kind: lang.word("guides-kind", guide.fits.kind.as_str()),
        title: guide.title_in(locale).to_owned(),
        text: fill.into(guide.body_in(locale)),
    });
    Beside { guides: shown.collect(), page: lang.clone() }
}
