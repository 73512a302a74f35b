use askama::Template;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use cases::app::Catalogue;
use kernel::{Fault, Id, of};
use web::{Failure, Lang};

use super::shown::{cause_name, unit_name, user_name};
use crate::app::{self, Told};

/// The readable page inside a dossier; it stands alone, without the program.
#[derive(Template)]
#[template(path = "complaints_dossier.html")]
struct Paper {
    lang: Lang,
    title: String,
    number: String,
    facts: Vec<(String, String)>,
    lines: Vec<(String, String, String, String)>,
    messages: Vec<(String, String, String)>,
    entries: Vec<(String, String, String)>,
    files: Vec<(String, String, String)>,
}

/// `GET /complaints/{id}/dossier.zip`
pub(crate) async fn dossier(ctx: Ctx, lang: Lang, Path(id): Path<i64>) -> Result<Response, Failure> {
    file(&ctx, &lang, Id::new(id)).await
}

/// The dossier as it leaves.
pub(crate) async fn file(ctx: &Ctx, lang: &Lang, id: Id<of::Case>) -> Result<Response, Failure> {
    let catalogue = cases::app::symptoms(&ctx.house).await?;
    let (number, bytes) = app::dossier(ctx, id, |told| write(ctx, lang, &catalogue, told)).await?;
    let headers = [
        (CONTENT_TYPE, "application/zip".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{number}.zip\"")),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

fn write(ctx: &Ctx, lang: &Lang, catalogue: &Catalogue, told: Told) -> Result<String, Fault> {
    let (one, case) = (&told.detail.complaint, &told.detail.case);
    let word = |prefix: &str, word: Option<&'static str>| word.map(|word| lang.word(prefix, word)).unwrap_or_default();
    let at = |at: Option<kernel::Timestamp>| at.map(|at| lang.full(at)).unwrap_or_default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let all = [
        ("complaints-col-severity", lang.word("complaints-severity", one.severity.as_str())),
        ("complaints-col-topic", word("complaints-topic", one.topic.map(|one| one.as_str()))),
        ("complaints-col-store", unit_name(ctx, lang, Some(one.store))),
        ("complaints-handler", user_name(ctx, one.owner)),
        ("complaints-col-registered", lang.full(one.registered_at)),
        ("complaints-col-customer", [case.customer_name.as_str(), case.phone_masked.as_str()].join(" ")),
        ("complaints-words", case.body.clone()),
        ("complaints-facts", text(&one.facts)),
        ("complaints-evidence", text(&one.evidence)),
        ("complaints-col-party", word("complaints-party", one.party.map(|one| one.as_str()))),
        ("complaints-col-unit", unit_name(ctx, lang, one.unit)),
        ("complaints-user", user_name(ctx, one.user)),
        ("complaints-col-cause", cause_name(lang, catalogue, one.cause.as_ref())),
        ("complaints-wording", text(&one.wording)),
        ("complaints-agreement", at(one.agreed_at)),
        ("complaints-answer", text(&one.answer)),
        ("complaints-call", text(&one.outcome)),
        ("complaints-col-ended", at(one.ended_at)),
        ("complaints-retain-until", one.retain_until.map(|day| lang.day(day)).unwrap_or_default()),
        ("complaints-legal-hold", text(&one.legal_hold)),
    ];
    let facts = all.into_iter().filter(|(_, value)| !value.trim().is_empty());
    let lines = told.detail.lines.iter().map(|row| {
        let kind = lang.word("complaints-remedy", row.line.kind.as_str());
        let done = row.done_at.map(|at| format!("{} {}", lang.full(at), row.done_note.clone().unwrap_or_default()));
        (
            format!("{} · {kind}", row.round),
            row.line.text.clone(),
            lang.money(row.line.amount),
            done.unwrap_or_default(),
        )
    });
    let verb = |verb: &str| {
        let (capability, what) = verb.split_once('.').unwrap_or(("cases", verb));
        let capability = if capability == "complaints" { "complaints" } else { "cases" };
        lang.find(&format!("{capability}-verb-{}", what.replace('_', "-"))).unwrap_or_else(|| verb.to_owned())
    };
    let paper = Paper {
        title: case.subject.clone(),
        number: case.number.clone(),
        facts: facts.map(|(key, value)| (lang.t(key), value)).collect(),
        lines: lines.collect(),
        messages: told
            .messages
            .iter()
            .map(|message| (lang.full(message.created_at), message.author_name.clone(), message.body.clone()))
            .collect(),
        entries: told
            .entries
            .iter()
            .map(|entry| (lang.full(entry.happened_at), entry.actor_name.clone(), verb(&entry.verb)))
            .collect(),
        files: told.files.iter().map(|(row, name)| (name.clone(), row.name.clone(), row.digest.clone())).collect(),
        lang: lang.clone(),
    };
    paper.render().map_err(Fault::internal)
}
