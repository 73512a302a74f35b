//! The evidence bundle: reports and indexes beside what was signed.

use std::fmt::Write as _;

use askama::Template;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use journal::Part;
use kernel::{Fault, Id};
use web::{Failure, Lang, Locale};

use super::report::{Row, Sheet, Told, tell};
use super::{earned, score};
use crate::app::{self, Bundle, PER_CLAUSE};

#[derive(Template)]
#[template(path = "assessments_pack_report.html")]
struct ReportPage {
    told: Told,
}

struct Begin {
    lang: Lang,
    line: String,
    proofs: String,
}

#[derive(Template)]
#[template(path = "assessments_pack_index.html")]
struct IndexPage {
    title: String,
    parts: Vec<Begin>,
    key: String,
}

struct Group<'b> {
    clause: String,
    name: String,
    earned: String,
    rows: Vec<&'b app::Row>,
}

#[derive(Template)]
#[template(path = "assessments_pack_evidence.html")]
struct EvidencePage<'b> {
    lang: Lang,
    line: String,
    groups: Vec<Group<'b>>,
}

/// `GET /assessments/{id}/bundle.zip`
pub(crate) async fn file(ctx: Ctx, lang: Lang, Path(id): Path<i64>) -> Result<Response, Failure> {
    let (name, bytes) = app::bundle(&ctx, Id::new(id), |bundle| write(&lang, bundle)).await?;
    let headers = [
        (CONTENT_TYPE, "application/zip".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.zip\"")),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

fn write(lang: &Lang, bundle: &Bundle) -> Result<Vec<Part>, Fault> {
    let body = &bundle.detail.body;
    let langs = Locale::ALL.map(|locale| Lang { locale, ..lang.clone() });
    let line = |lang: &Lang| {
        let unit = body.unit_name.text(lang.locale.as_str());
        let ends = score(lang, body.low, body.high, body.estimate);
        format!("{} · {unit} · {} · {ends}", body.title, body.day)
    };
    let part = |name: String, text: String| Part { name, bytes: text.into_bytes() };
    let begin = langs.iter().map(|lang| Begin {
        line: line(lang),
        proofs: lang.t2("assessments-bundle-proofs", "n", bundle.proofs, "most", PER_CLAUSE),
        lang: lang.clone(),
    });
    let key = bundle.detail.key.clone().unwrap_or_default();
    let index = IndexPage { title: body.title.clone(), parts: begin.collect(), key };
    let mut parts = vec![part("index.html".to_owned(), index.render().map_err(Fault::internal)?)];
    for lang in &langs {
        let locale = lang.locale.as_str();
        let lies = |kind: &str, id: &str| {
            let name = format!("proofs/{kind}-{id}.json");
            bundle.rows.iter().any(|row| row.proof.as_deref() == Some(&name)).then_some(name)
        };
        let told = tell(lang, &bundle.detail, lies);
        parts.push(part(format!("report.{locale}.html"), ReportPage { told }.render().map_err(Fault::internal)?));
        let evidence = EvidencePage { line: line(lang), groups: groups(lang, bundle), lang: lang.clone() };
        parts.push(part(format!("evidence.{locale}.html"), evidence.render().map_err(Fault::internal)?));
    }
    parts.push(part("evidence.csv".to_owned(), table(bundle)));
    parts.push(part("bundle.css".to_owned(), include_str!("../../data/bundle.css").to_owned()));
    Ok(parts)
}

fn groups<'b>(lang: &Lang, bundle: &'b Bundle) -> Vec<Group<'b>> {
    let rows = |clause: &str| bundle.rows.iter().filter(|row| row.clause == clause).collect::<Vec<_>>();
    let of_clause = |item: &crate::domain::Item| Group {
        clause: item.clause.clone(),
        name: item.name.text(lang.locale.as_str()).to_owned(),
        earned: earned(item),
        rows: rows(&item.clause),
    };
    let mut groups: Vec<Group<'b>> = bundle.detail.body.leaves().map(of_clause).collect();
    let special = rows("");
    if !special.is_empty() {
        let name = lang.t("scores-special");
        groups.push(Group { clause: String::new(), name, earned: String::new(), rows: special });
    }
    groups
}

/// The index as a table for spreadsheets, in both languages.
fn table(bundle: &Bundle) -> String {
    let mut text = String::from(
        "\u{feff}clause,kind,证据,evidence,要求,needs,found,valid until,entered,in the program,journal\r\n",
    );
    for row in &bundle.rows {
        let cells = [
            row.clause.as_str(),
            row.what,
            &row.name.zh,
            &row.name.en,
            &row.about.zh,
            &row.about.en,
            &row.found,
            &row.until,
            &row.entered,
            row.href.as_deref().unwrap_or_default(),
            row.proof.as_deref().unwrap_or_default(),
        ];
        let quoted = cells.map(|cell| format!("\"{}\"", web::harmless(cell).replace('"', "\"\"")));
        let _ = write!(text, "{}\r\n", quoted.join(","));
    }
    text
}
