use askama::Template;
use axum::extract::Path;
use axum::response::IntoResponse;
use capability::Ctx;
use kernel::{Fault, Id};
use web::{Chip, Failure, Page, View};

use super::fits_words;
use crate::app;
use crate::beside::icon_of;

#[derive(Template)]
#[template(path = "guides_show.html")]
struct ShowPage {
    page: Page,
    id: i64,
    version: i64,
    chips: Vec<Chip>,
    texts: Vec<Text>,
    versions: Vec<Version>,
    retired: Option<String>,
    may_edit: bool,
}

struct Text {
    id: &'static str,
    lang: &'static str,
    label: String,
    title: String,
    body: String,
}

struct Version {
    n: i64,
    who: String,
    when: String,
    title: String,
    fits: String,
    body: String,
}

/// `GET /guides/{id}`
pub(crate) async fn show(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let versions = app::versions(&ctx, Id::new(id)).await?;
    let guide = versions.first().ok_or_else(Fault::not_found)?;
    let (lang, locale) = (page.lang.clone(), page.lang.locale.as_str());
    let directory = ctx.house.identity.directories().now();
    let kind = guide.fits.kind;
    let chips = std::iter::once(web::chip("info", icon_of(kind), lang.word("guides-kind", kind.as_str())))
        .chain(fits_words(&lang, &guide.fits).into_iter().map(|text| web::chip("line", "", text)));
    let text = |id, code, title: &str, body: &str| Text {
        id,
        lang: code,
        label: lang.word("guides-language", code),
        title: title.to_owned(),
        body: body.to_owned(),
    };
    let mut texts = vec![
        text("guide-zh", "zh-CN", &guide.title_zh, &guide.body_zh),
        text("guide-en", "en", &guide.title_en, &guide.body_en),
    ];
    // The reader's own language first.
    if locale == "en" {
        texts.reverse();
    }
    let shown = versions.iter().map(|one| Version {
        n: one.version,
        who: match one.by {
            Some(by) => directory.user_name(by).unwrap_or_default().to_owned(),
            None => lang.t("guides-shipped"),
        },
        when: if one.by.is_none() { String::new() } else { lang.at(one.at) },
        title: one.title_in(locale).to_owned(),
        fits: std::iter::once(lang.word("guides-kind", one.fits.kind.as_str()))
            .chain(fits_words(&lang, &one.fits))
            .collect::<Vec<_>>()
            .join(" · "),
        body: one.body_in(locale).to_owned(),
    });
    Ok(View(ShowPage {
        id,
        version: guide.version,
        chips: chips.collect(),
        versions: shown.collect(),
        retired: guide.retired_at.map(|at| lang.at(at)),
        may_edit: ctx.actor.holds(app::EDIT),
        page: page.titled(guide.title_in(locale).to_owned()),
        texts,
    }))
}
