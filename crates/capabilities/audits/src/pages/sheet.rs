use askama::Template;
use axum::extract::Path;
use axum::response::IntoResponse;
use capability::Ctx;
use kernel::Id;
use web::{Failure, Lang, Page, View};

use super::shown;
use crate::app::{self, Sheet, Told};

struct Line {
    who: String,
    what: String,
    at: String,
    late: Option<String>,
}

#[derive(Template)]
#[template(path = "audits_case.html")]
struct CasePage {
    page: Page,
    back: String,
    number: String,
    facts: Vec<(String, String)>,
    times: Vec<(String, String)>,
    body: String,
    result: Option<String>,
    late: Option<String>,
    lines: Vec<Line>,
    whole: Option<String>,
    finding: Option<String>,
}

/// What happened in the words of whoever did it; what has none was a change.
fn said(lang: &Lang, told: &Told) -> String {
    let (prefix, what) = told.verb.split_once('.').unwrap_or(("", &told.verb));
    let capability = match prefix {
        "case" => "cases",
        "survey" => "surveys",
        "complaint" => "complaints",
        "return" => "returns",
        other => other,
    };
    let key = format!("{capability}-verb-{}", what.replace('_', "-"));
    lang.find(&key).unwrap_or_else(|| lang.t("audits-verb-changed"))
}

/// `GET /audits/{id}/cases/{case}`
pub(crate) async fn show(
    page: Page,
    ctx: Ctx,
    Path((id, case)): Path<(i64, i64)>,
) -> Result<impl IntoResponse, Failure> {
    let Sheet { audit, sampled, case, customer, lines, whole, writes } =
        app::sheet(&ctx, Id::new(id), Id::new(case)).await?;
    let lang = page.lang.clone();
    let facts = [
        ("audits-case-kind", lang.word("cases-kind", case.kind.as_str())),
        ("audits-case-store", shown::unit_name(&ctx, &lang, case.store)),
        ("audits-case-state", lang.word("cases-state", case.state.name().as_str())),
        ("audits-case-customer", format!("{customer} {}", case.phone_masked).trim().to_owned()),
        ("audits-case-product", case.product.clone().unwrap_or_default()),
        ("audits-case-serial", case.serial.clone().unwrap_or_default()),
        ("audits-case-owner", shown::user_name(&ctx, case.owner)),
    ];
    let times = [
        ("audits-case-happened", Some(case.happened_at)),
        ("audits-case-entered", Some(case.created_at)),
        ("audits-case-accepted", case.accepted_at),
        ("audits-case-answered", case.first_answered_at),
        ("audits-case-resolved", case.resolved_at),
        ("audits-case-closed", case.closed_at),
    ];
    let late = case.created_at.since(case.happened_at);
    let lines = lines.iter().map(|line| Line {
        who: match (line.customer, line.who.is_empty()) {
            (true, _) => lang.t("audits-case-customer"),
            (false, true) => lang.t("audits-program"),
            (false, false) => line.who.clone(),
        },
        what: said(&lang, line),
        at: lang.at(line.at),
        late: line.late.map(|at| lang.t1("audits-entered-late", "at", lang.at(at))),
    });
    Ok(View(CasePage {
        back: format!("/audits/{id}/sample"),
        number: sampled.number.clone(),
        facts: facts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(key, text)| (lang.t(key), text)).collect(),
        times: times.into_iter().filter_map(|(key, at)| Some((lang.t(key), lang.at(at?)))).collect(),
        body: case.body.clone(),
        result: case.result_note.clone(),
        late: (late > 3_600_000).then(|| lang.t1("audits-entered-late", "at", lang.at(case.created_at))),
        lines: lines.collect(),
        whole: whole.then(|| format!("/cases/{}", case.id)),
        finding: writes.then(|| {
            let unit = case.store;
            format!("/audits/{}/findings/new?case={}&unit={unit}", audit.id, sampled.number)
        }),
        page: page.titled(format!("{} {}", sampled.number, case.subject)),
    }))
}
