//! The report on paper: a cover, an index by clause with pages, the tree with its evidence as binder sheets, gaps, signatures. It is cut
//! into sheets here, so that the index can name them; heights are estimated to the safe side.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::IntoResponse;
use capability::Ctx;
use kernel::Id;
use scoring::Points;
use web::{Failure, Form, Lang, Locale, PrintPage, View};

use super::{about, detail::gap, earned, levels, mark};
use crate::app::{self, Detail};
use crate::domain::{Body, Item, range};

/// Lines of text that fit on a sheet under its heading.
const LINES: usize = 44;
/// Half-width characters that fit on a line of the wide column, and of the narrow one.
const WIDE: usize = 92;
/// Of the index.
const NAME: usize = 76;

/// One row of a table that is cut into sheets.
pub(crate) enum Row {
    /// A group of clauses: clause and name, points, earned.
    Group(String, String, String),
    /// An indicator: clause and name, points with their mark, earned, why.
    Leaf(String, String, String, String),
    /// What it rests on: what, found, where its journal lies.
    Evidence(String, String, Option<String>),
}

impl Row {
    /// Lines that it takes.
    fn height(&self) -> usize {
        match self {
            Self::Group(name, ..) => 1 + lines(name, NAME),
            Self::Leaf(name, _, _, why) => lines(name, 56).max(lines(why, 28)) + 1,
            Self::Evidence(what, found, proof) => lines(what, 66).max(lines(found, 24)) + usize::from(proof.is_some()),
        }
    }
}

/// How many lines a text takes where so many half-width characters fit on one.
fn lines(text: &str, width: usize) -> usize {
    let wide: usize = text.chars().map(|one| if one.is_ascii() { 1 } else { 2 }).sum();
    wide.div_ceil(width).max(1)
}

/// One sheet behind the cover.
pub(crate) enum Sheet {
    /// The three parts, special deductions, how it was counted: the first after the cover.
    Summary,
    /// The index: clause and name, points, earned, page.
    Index(Vec<(String, String, String, usize)>),
    /// The tree with what it rests on.
    Tree(Vec<Row>),
    /// What could earn more: clause and name, points, what is missing.
    Gaps(Vec<(String, String, String)>),
}

/// Everything that both forms of the report show.
pub(crate) struct Told {
    pub(crate) lang: Lang,
    pub(crate) body: Body,
    pub(crate) score: String,
    pub(crate) level: String,
    pub(crate) about: String,
    pub(crate) facts: Vec<(String, String)>,
    pub(crate) parts: Vec<(String, String, String)>,
    pub(crate) specials: Vec<(String, String, String)>,
    pub(crate) special: String,
    pub(crate) levels: Vec<(String, String, String)>,
    pub(crate) rules: Vec<String>,
    pub(crate) sources: Vec<String>,
    pub(crate) sheets: Vec<Sheet>,
    pub(crate) pages: usize,
    pub(crate) foot: String,
    pub(crate) withdrawn: Option<String>,
}

impl Told {
    /// What stands at the foot of the page `n`.
    pub(crate) fn page(&self, n: usize) -> String {
        self.lang.t2("assessments-page-of", "n", n, "all", self.pages)
    }

    /// What is lost in all, as a range.
    pub(crate) fn lost(&self) -> String {
        let lost = self.body.leaves().map(Item::lost);
        let (strict, share) = lost.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        format!("−{}", range(share.min(strict), share.max(strict)))
    }
}

/// On paper and as PDF.
#[derive(Template)]
#[template(path = "assessments_print.html")]
struct PrintedPage {
    page: PrintPage,
    told: Told,
    other: (String, String),
}

/// `GET /assessments/{id}/report?in=`
pub(crate) async fn print(
    ctx: Ctx,
    lang: Lang,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    let locale = Locale::ALL.into_iter().find(|one| one.as_str() == form.raw("in")).unwrap_or(lang.locale);
    let detail = app::detail(&ctx, Id::new(id)).await?;
    let told = tell(&Lang { locale, ..lang.clone() }, &detail, |_, _| None);
    let other = locale.other();
    Ok(View(PrintedPage {
        page: PrintPage::new(lang.clone(), "assessments-report", &format!("/assessments/{id}"))
            .about(detail.one.title.clone()),
        other: (format!("/assessments/{id}/report?in={}", other.as_str()), lang.word("assessments-in", other.as_str())),
        told,
    }))
}

/// The report in the language of `lang`. `proof` says where the journal of a record lies, in a bundle.
pub(crate) fn tell(lang: &Lang, detail: &Detail, proof: impl Fn(&str, &str) -> Option<String>) -> Told {
    let body = detail.body.clone();
    let locale = lang.locale.as_str();
    let one = &detail.one;
    let unit = format!("{} ({})", body.unit_name.text(locale), lang.word("scores-unit", &body.unit_kind));
    let mut facts = vec![
        (lang.t("scores-unit"), unit),
        (lang.t("assessments-col-day"), body.day.to_string()),
        (lang.t("assessments-scheme"), format!("{} · {}", body.scheme_name.text(locale), body.scheme_version)),
        (lang.t("assessments-made-by"), format!("{} · {}", body.made_by, lang.full(body.made_at))),
        ("SHA-256".to_owned(), detail.proof.sha256.clone()),
        (lang.t("assessments-key"), detail.key.clone().unwrap_or_else(|| lang.t("assessments-broken"))),
    ];
    facts.extend(body.note.clone().map(|note| (lang.t("scores-note"), note)));
    let points = |tenths: i64| Points::tenths(tenths).to_string();
    let parts = body.items.iter().filter(|item| item.depth == 0).map(|item| {
        (format!("{} {}", item.clause, item.name.text(locale)), points(item.figure.applicable), earned(item))
    });
    let specials = body.specials.iter().map(|special| {
        let what = special.cause.as_ref().map_or_else(|| lang.t("scores-bonus"), |cause| cause.text(locale).to_owned());
        (what, special.reason.clone(), format!("{} · {}", special.happened_on, special.by))
    });
    let level_rows = body
        .levels
        .iter()
        .map(|level| (level.name.text(locale).to_owned(), points(level.from), mark(lang, level.mark)));
    let (n, all) = body.allocated;
    let mut rules = vec![lang.t2("scores-rules-marks", "n", n, "all", all)];
    rules.extend(
        ["scores-rules-ends", "scores-rules-none", "scores-rules-late", "scores-rules-away"].map(|key| lang.t(key)),
    );
    let (deduction, bonus) = body.special_points;
    rules.push(lang.t2("scores-rules-special", "deduction", points(deduction), "bonus", points(bonus)));
    let (tree, starts) = tree(lang, &body, &proof);
    // The cover is page 1, the summary 2, then the index.
    let index_sheets = index_sheets(lang, &body);
    let first = 3 + index_sheets.len();
    let index = index_sheets.into_iter().map(|rows| {
        let row = |(clause, name, points, earned): (String, String, String, String)| {
            let page = starts.iter().find(|(start, _)| *start == clause).map_or(first, |(_, at)| first + at);
            (name, points, earned, page)
        };
        Sheet::Index(rows.into_iter().map(row).collect())
    });
    let gaps = gap_sheets(lang, &body);
    let mut sheets = vec![Sheet::Summary];
    sheets.extend(index);
    sheets.extend(tree.into_iter().map(Sheet::Tree));
    sheets.extend(gaps);
    Told {
        score: super::score(lang, body.low, body.high, false),
        level: levels(lang, &body),
        about: about(lang, &body),
        facts,
        parts: parts.collect(),
        specials: specials.collect(),
        special: lang.t2("scores-special-line", "bonus", body.special.1, "deductions", body.special.0),
        levels: level_rows.collect(),
        rules,
        sources: body.sources.iter().map(|(site, what)| format!("{site}: {what}")).collect(),
        pages: sheets.len() + 1,
        sheets,
        foot: lang.t3(
            "assessments-foot",
            "unit",
            body.unit_name.text(locale),
            "day",
            body.day.to_string(),
            "title",
            body.title.as_str(),
        ),
        withdrawn: one.withdrawn_at.map(|at| {
            let why = one.withdrawn_why.clone().unwrap_or_default();
            lang.t2("assessments-withdrawn-print", "at", lang.full(at), "why", why)
        }),
        lang: lang.clone(),
        body,
    }
}

/// Rows of the index by sheet: clause, its text, points, earned.
fn index_sheets(lang: &Lang, body: &Body) -> Vec<Vec<(String, String, String, String)>> {
    let mut sheets: Vec<Vec<_>> = Vec::new();
    let mut left = 0;
    for item in &body.items {
        let name = format!("{} {}", item.clause, item.name.text(lang.locale.as_str()));
        let high = lines(&name, NAME);
        if left < high {
            sheets.push(Vec::new());
            left = LINES - 4;
        }
        left -= high;
        let row = (item.clause.clone(), name, Points::tenths(item.points).to_string(), earned(item));
        if let Some(last) = sheets.last_mut() {
            last.push(row);
        }
    }
    sheets
}

/// The tree by sheet, and on which of them each clause begins.
fn tree(
    lang: &Lang,
    body: &Body,
    proof: &impl Fn(&str, &str) -> Option<String>,
) -> (Vec<Vec<Row>>, Vec<(String, usize)>) {
    let mut sheets: Vec<Vec<Row>> = Vec::new();
    let mut starts = Vec::new();
    let mut left = 0;
    for item in &body.items {
        let rows = rows(lang, body, item, proof);
        // A heading stays with what follows it; the first tier begins a sheet of its own.
        let together: usize = rows.iter().take(2).map(Row::height).sum();
        let fresh = item.depth == 0 || left < together + if item.group { 6 } else { 0 };
        if fresh || sheets.is_empty() {
            sheets.push(Vec::new());
            left = LINES;
        }
        starts.push((item.clause.clone(), sheets.len() - 1));
        for row in rows {
            let high = row.height();
            if left < high {
                sheets.push(Vec::new());
                left = LINES;
            }
            left = left.saturating_sub(high);
            if let Some(last) = sheets.last_mut() {
                last.push(row);
            }
        }
    }
    (sheets, starts)
}

fn rows(lang: &Lang, body: &Body, item: &Item, proof: &impl Fn(&str, &str) -> Option<String>) -> Vec<Row> {
    let locale = lang.locale.as_str();
    let name = format!("{} {}", item.clause, item.name.text(locale));
    let points = Points::tenths(item.points).to_string();
    if item.group {
        return vec![Row::Group(name, points, earned(item))];
    }
    let state = lang.word("scores-state", &item.figure.state);
    let why = format!("{state} · {}", item.why.text(locale));
    let mut rows = vec![Row::Leaf(name, format!("{points} {}", mark(lang, item.mark)), earned(item), why)];
    rows.extend(
        item.rule.as_ref().map(|rule| {
            Row::Evidence(format!("{}: {}", lang.t("scores-rule"), rule.text(locale)), String::new(), None)
        }),
    );
    for part in &item.parts {
        let what = format!("{} · {}", part.name.text(locale), part.needs.text(locale));
        let found = match &part.counted {
            Some(counted) => counted.clone(),
            None => format!("{}: {}", lang.t("scores-part-none"), part.missing.text(locale)),
        };
        rows.push(Row::Evidence(what, found, None));
    }
    if let Some(one) = &item.judgement {
        let said = match one.percent {
            Some(percent) => lang.t1("scores-said-earns", "percent", percent),
            None => lang.t("scores-said-away"),
        };
        let what = format!("{said} · {}", one.reason);
        let found = format!("{} {}", one.by, one.at.day(&lang.zone));
        rows.push(Row::Evidence(what, found, proof(scores::app::LIVE, &one.unit)));
    }
    for one in &item.entries {
        let mut what = vec![one.title.clone(), one.kind_name.text(locale).to_owned()];
        what.extend(one.person.clone());
        if one.place != body.unit_name {
            what.push(one.place.text(locale).to_owned());
        }
        if !one.met {
            what.push(lang.t("scores-entry-not-met"));
        }
        let found = match one.valid_until {
            Some(until) => format!("{} – {until}", one.happened_on),
            None => one.happened_on.to_string(),
        };
        rows.push(Row::Evidence(what.join(" · "), found, proof(scores::app::ENTRY, &one.id)));
    }
    if item.entries_all > item.entries.len() {
        let more = lang.t2("assessments-entries-of", "n", item.entries.len(), "all", item.entries_all);
        rows.push(Row::Evidence(more, String::new(), None));
    }
    rows
}

fn gap_sheets(lang: &Lang, body: &Body) -> Vec<Sheet> {
    let mut sheets: Vec<Vec<(String, String, String)>> = vec![Vec::new()];
    // Signatures stand under the last of them.
    let mut left = LINES - 10;
    for item in body.gaps() {
        let row = gap(lang, item);
        let high = lines(&row.0, 44).max(lines(&row.2, WIDE / 2)) + 1;
        if left < high {
            sheets.push(Vec::new());
            left = LINES - 10;
        }
        left = left.saturating_sub(high);
        if let Some(last) = sheets.last_mut() {
            last.push(row);
        }
    }
    sheets.into_iter().map(Sheet::Gaps).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_takes_as_many_lines_as_it_is_wide() {
        assert_eq!(
            [lines("", 10), lines("0123456789", 10), lines("01234567890", 10), lines("售后服务部", 10)],
            [1, 1, 2, 1]
        );
    }
}
