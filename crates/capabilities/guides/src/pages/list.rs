use askama::Template;
use axum::extract::RawQuery;
use axum::response::IntoResponse;
use capability::Ctx;
use kernel::Id;
use web::{Choice, Failure, Filled, Form, Page, Tab, View};

use super::fits_words;
use crate::app;
use crate::beside::icon_of;
use crate::domain::{Emotion, Kind, Severity, Situation, Stage, TOPICS};
use crate::store::{Guide, GuideId};

#[derive(Template)]
#[template(path = "guides_list.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    form: Filled,
    stages: Vec<Choice>,
    topics: Vec<Choice>,
    emotions: Vec<Choice>,
    show: &'static str,
    narrowed: bool,
    may_edit: bool,
    rows: Vec<Row>,
}

struct Row {
    id: Id<GuideId>,
    icon: &'static str,
    kind: String,
    title: String,
    fits: String,
    begins: String,
}

/// What the list shows besides one kind.
const ALL: &str = "all";
const RETIRED: &str = "retired";

/// `GET /guides?show=&stage=&topic=&emotion=&q=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let kind = form.choice_or_none("show", Kind::parse);
    let retired = form.raw("show") == RETIRED;
    let show = kind.map_or(if retired { RETIRED } else { ALL }, Kind::as_str);
    let stage = form.choice_or_none("stage", Stage::parse);
    let topic = form.choice_or_none("topic", |word| TOPICS.into_iter().find(|topic| *topic == word));
    let emotion = form.choice_or_none("emotion", Emotion::parse);
    let typed = form.raw("q").trim().to_lowercase();
    let (lang, locale) = (page.lang.clone(), page.lang.locale.as_str());
    let fits = |guide: &Guide| {
        let fits = &guide.fits;
        kind.is_none_or(|kind| kind == fits.kind)
            && stage.is_none_or(|stage| fits.stage.is_none_or(|of| of == stage))
            && topic.is_none_or(|topic| fits.topic.as_deref().is_none_or(|of| of == topic))
            && emotion.is_none_or(|emotion| fits.emotion == Some(emotion))
            && (typed.is_empty()
                || [&guide.title_zh, &guide.title_en, &guide.body_zh, &guide.body_en]
                    .into_iter()
                    .any(|text| text.to_lowercase().contains(&typed)))
    };
    let guides = app::list(&ctx, retired).await?;
    let rows = guides.into_iter().filter(fits).map(|guide| Row {
        id: guide.id,
        icon: icon_of(guide.fits.kind),
        kind: lang.word("guides-kind", guide.fits.kind.as_str()),
        title: guide.title_in(locale).to_owned(),
        fits: fits_words(&lang, &guide.fits).join(" · "),
        begins: guide.body_in(locale).lines().next().unwrap_or_default().to_owned(),
    });
    let tabs = std::iter::once(ALL).chain(Kind::ALL.iter().map(|kind| kind.as_str())).chain([RETIRED]);
    let tabs =
        tabs.map(|word| Tab::new(lang.word("guides-show", word), format!("/guides?show={word}")).current(word == show));
    Ok(View(ListPage {
        tabs: tabs.collect(),
        stages: page.choices("guides-stage", Stage::ALL.iter().map(|one| one.as_str())),
        topics: page.choices("complaints-topic", TOPICS),
        emotions: page.choices("guides-emotion", Emotion::ALL.iter().map(|one| one.as_str())),
        show,
        narrowed: stage.is_some() || topic.is_some() || emotion.is_some() || !typed.is_empty(),
        may_edit: ctx.actor.holds(app::EDIT),
        rows: rows.collect(),
        form: form.into_filled(),
        page: page.named("guides-title"),
    }))
}

/// The situation in an address: `kind`, `stage`, `topic`, `severity`, `upset`, `emotion`.
pub(crate) fn situation(form: &mut Form) -> Situation {
    Situation {
        kinds: form.choice_or_none("kind", Kind::parse).into_iter().collect(),
        stage: form.choice_or_none("stage", Stage::parse),
        topic: form.choice_or_none("topic", |word| TOPICS.into_iter().find(|topic| *topic == word)).map(str::to_owned),
        severity: form.choice_or_none("severity", Severity::parse),
        upset: form.flag("upset"),
        emotion: form.choice_or_none("emotion", Emotion::parse),
    }
}
