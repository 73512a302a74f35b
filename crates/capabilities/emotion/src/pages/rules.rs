//! The words and times, with their versions.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::FaultKind;
use web::{Failure, Filled, Form, Page, View};

use super::{name, unprocessable};
use crate::app::{self, REASON, RULES_EDIT, RulesDraft};
use crate::domain::{Language, Role};

struct Version {
    n: i64,
    at: String,
    by: String,
    reason: String,
    added: Vec<String>,
    gone: Vec<String>,
    times: String,
}

/// A list of words and its field.
struct List {
    field: String,
    label: String,
    words: Vec<String>,
}

#[derive(Template)]
#[template(path = "emotion_rules.html")]
struct RulesPage {
    page: Page,
    form: Filled,
    version: i64,
    lists: Vec<List>,
    times: Vec<(String, String)>,
    versions: Vec<Version>,
    may_edit: bool,
    stale: bool,
    tried: Option<Vec<(String, bool)>>,
    level: Option<String>,
    typed: String,
}

/// `GET /settings/emotion?try=`
pub(crate) async fn show(
    page: Page,
    ctx: Ctx,
    axum::extract::RawQuery(query): axum::extract::RawQuery,
) -> Result<impl IntoResponse, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    let typed: String = form.raw("try").chars().take(500).collect();
    render(page, &ctx, None, false, typed).await
}

async fn render(
    page: Page,
    ctx: &Ctx,
    form: Option<Filled>,
    stale: bool,
    typed: String,
) -> Result<View<RulesPage>, Failure> {
    let rules = app::newest(ctx).await?;
    let mut lists = Vec::new();
    let mut pairs = vec![
        ("answer_upset".to_owned(), rules.answer_upset.to_string()),
        ("answer_very_upset".to_owned(), rules.answer_very_upset.to_string()),
        ("cooling_hours".to_owned(), rules.cooling_hours.to_string()),
    ];
    for language in Language::ALL {
        for role in Role::ALL {
            let words = rules.lexicon.of(*language, *role).to_vec();
            let field = app::list_field(*language, *role);
            let label = page.t2(
                "emotion-list-of",
                "language",
                page.word("emotion-language", language.as_str()),
                "role",
                page.word("emotion-role", role.as_str()),
            );
            pairs.push((field.clone(), words.join("\n")));
            lists.push(List { field, label, words });
        }
    }
    let times = |rules: &crate::store::Rules| {
        page.t3(
            "emotion-times",
            "upset",
            rules.answer_upset,
            "very",
            rules.answer_very_upset,
            "hours",
            rules.cooling_hours,
        )
    };
    let versions = app::history(ctx).await?;
    let versions = versions.into_iter().map(|(rules, added, gone)| Version {
        n: rules.version,
        at: if rules.made_by.is_some() { page.at(rules.made_at) } else { page.t("emotion-shipped") },
        by: name(ctx, rules.made_by),
        times: times(&rules),
        reason: rules.reason,
        added,
        gone,
    });
    let hits = rules.lexicon.find(&typed);
    let words = crate::domain::named(&hits);
    Ok(View(RulesPage {
        form: form.unwrap_or_else(|| Form::from_pairs(pairs).into_filled()),
        version: rules.version,
        lists,
        times: vec![
            (page.t("emotion-answer-upset"), page.t1("emotion-minutes", "n", rules.answer_upset)),
            (page.t("emotion-answer-very-upset"), page.t1("emotion-minutes", "n", rules.answer_very_upset)),
            (page.t("emotion-cooling-hours"), page.t1("emotion-hours", "n", rules.cooling_hours)),
        ],
        versions: versions.collect(),
        may_edit: ctx.actor.holds(RULES_EDIT),
        stale,
        level: (!typed.is_empty()).then(|| match crate::domain::level(&hits) {
            Some(level) => page.word("emotion-level", level.as_str()),
            None => page.t("emotion-level-calm"),
        }),
        tried: (!typed.is_empty()).then(|| crate::domain::marked(&typed, &rules.lexicon, &words)),
        typed,
        page: page.named("emotion-rules-title"),
    }))
}

/// The rules as a form or a program sends them; what is left out of a program's request stays as `base` has it.
pub(crate) fn read(form: &mut Form, version: i64, base: Option<&crate::store::Rules>) -> RulesDraft {
    let mut number = |name: &str, kept: Option<i64>, range| match (form.has(name), kept) {
        (false, Some(kept)) => kept,
        _ => form.number(name, range).unwrap_or_default(),
    };
    let answer_upset = number("answer_upset", base.map(|rules| rules.answer_upset), 5..=2_880);
    let answer_very_upset = number("answer_very_upset", base.map(|rules| rules.answer_very_upset), 5..=2_880);
    let cooling_hours = number("cooling_hours", base.map(|rules| rules.cooling_hours), 1..=336);
    let mut lists = std::collections::BTreeMap::new();
    for language in Language::ALL {
        for role in Role::ALL {
            let name = app::list_field(*language, *role);
            let typed = match (form.has(&name), base) {
                (false, Some(rules)) => rules.lexicon.of(*language, *role).join("\n"),
                _ => form.text_or_empty(&name, 20_000),
            };
            lists.insert((*language, *role), typed);
        }
    }
    let reason = form.text("change_reason", REASON);
    RulesDraft { version, reason, answer_upset, answer_very_upset, cooling_hours, lists }
}

/// `POST /settings/emotion`
pub(crate) async fn save(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let version = form.version("version")?;
    let draft = read(&mut form, version, None);
    let saved = match form.check() {
        Ok(()) => app::save_rules(&ctx, draft).await,
        Err(fault) => Err(fault),
    };
    match saved {
        Ok(_) => Ok(Redirect::to("/settings/emotion").into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            Ok(unprocessable(render(page, &ctx, Some(form.into_filled_with(&fault)), false, String::new()).await?))
        }
        Err(fault) if fault.kind() == FaultKind::Stale => {
            let page = render(page, &ctx, Some(form.into_filled()), true, String::new()).await?;
            Ok((StatusCode::PRECONDITION_FAILED, page).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}
