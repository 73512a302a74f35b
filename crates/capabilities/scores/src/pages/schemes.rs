//! Schemes: which there are, which one counts, how two differ; loading one and choosing it.

use askama::Template;
use axum::extract::{FromRequest, Multipart, Path, RawQuery, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id};
use web::{Choice, Failure, Filled, Form, Lang, Page, View};

use crate::app::{self, TEXT};
use crate::schemes::{self, LONGEST, SHIPPED, Version};

struct Row {
    name: String,
    about: String,
    compare: Option<String>,
    counts: bool,
}

struct Chosen {
    from: String,
    what: String,
    reason: String,
    who: String,
}

struct Compared {
    clause: String,
    name: String,
    depth: usize,
    ours: String,
    theirs: String,
    differs: bool,
    evidence: bool,
}

#[derive(Template)]
#[template(path = "scores_schemes.html")]
struct SchemesPage {
    page: Page,
    rows: Vec<Row>,
    chosen: Vec<Chosen>,
    versions: Vec<Choice>,
    may_change: bool,
    /// Whoever looks after schemes need not see a score.
    sees: bool,
    form: Filled,
}

#[derive(Template)]
#[template(path = "scores_compare.html")]
struct ComparePage {
    page: Page,
    ours: String,
    theirs: String,
    only: bool,
    all_href: String,
    only_href: String,
    rows: Vec<Compared>,
}

fn key(one: &Version) -> String {
    let loaded = one.loaded.as_ref().map_or_else(|| SHIPPED.to_owned(), |loaded| loaded.id.to_string());
    format!("{}:{loaded}", one.scheme.code)
}

fn named(lang: &Lang, one: &Version) -> String {
    format!("{} · {}", one.scheme.name.text(lang.locale.as_str()), one.scheme.version)
}

async fn render(page: Page, ctx: &Ctx, form: Filled) -> Result<SchemesPage, Failure> {
    let lang = page.lang.clone();
    let (versions, choices) = schemes::versions(ctx).await?;
    let label = |code: &str, loaded: Option<Id<crate::store::LoadedId>>| {
        let same = |one: &&Version| one.scheme.code == code && one.loaded.as_ref().map(|one| one.id) == loaded;
        versions.iter().find(same).map_or_else(|| code.to_owned(), |one| named(&lang, one))
    };
    let rows = versions.iter().map(|one| {
        let (allocated, leaves) = one.scheme.allocated();
        let origin = match &one.loaded {
            Some(loaded) => {
                lang.t2("scores-scheme-loaded", "who", schemes::person(ctx, loaded.by), "at", lang.at(loaded.at))
            }
            None => lang.t("scores-scheme-shipped"),
        };
        let points = lang.t2("scores-scheme-points", "points", one.scheme.total.to_string(), "n", leaves);
        let mut about = vec![one.scheme.code.clone(), points, origin];
        if allocated > 0 {
            about.push(lang.t1("scores-scheme-allocated", "n", allocated));
        }
        Row {
            name: named(&lang, one),
            about: about.join(" · "),
            compare: one.loaded.as_ref().map(|loaded| format!("/score/schemes/{}", loaded.id)),
            counts: one.in_force,
        }
    });
    Ok(SchemesPage {
        rows: rows.collect(),
        chosen: choices
            .iter()
            .map(|one| Chosen {
                from: lang.day(one.from_day),
                what: label(&one.code, one.loaded),
                reason: one.reason.clone(),
                who: format!("{} {}", schemes::person(ctx, one.by), lang.at(one.at)),
            })
            .collect(),
        versions: versions.iter().map(|one| Choice::new(key(one), named(&lang, one))).collect(),
        may_change: app::may_change_schemes(ctx),
        sees: !app::seen(ctx).is_empty(),
        form,
        page: page.named("scores-schemes-title"),
    })
}

/// `GET /score/schemes`
pub(crate) async fn list(page: Page, ctx: Ctx) -> Result<impl IntoResponse, Failure> {
    let today = page.lang.now.day(&page.lang.zone);
    Ok(View(render(page, &ctx, Filled::new().with("from_day", today.to_string())).await?))
}

/// The form, with the file in the place of the text where one came.
async fn sent(request: Request) -> Result<Form, Failure> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("multipart/form-data") {
        return Form::from_request(request, &()).await;
    }
    let broken = || Fault::field("text", "scores-scheme-unreadable");
    let mut body = Multipart::from_request(request, &()).await.map_err(|_broken| broken())?;
    let (mut pairs, mut file) = (Vec::new(), None);
    while let Some(field) = body.next_field().await.map_err(|_broken| broken())? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(|_broken| broken())?;
        if bytes.len() > LONGEST {
            return Err(Fault::field("text", "too-long").into());
        }
        let text = String::from_utf8(bytes.to_vec()).map_err(|_broken| broken())?;
        match name.as_str() {
            "file" if !text.trim().is_empty() => file = Some(text),
            "file" => {}
            _ => pairs.push((name, text)),
        }
    }
    if let Some(text) = file {
        pairs.retain(|(name, _)| name != "text");
        pairs.push(("text".to_owned(), text));
    }
    Ok(Form::from_pairs(pairs))
}

/// `POST /score/schemes`: loads a file.
pub(crate) async fn load(page: Page, ctx: Ctx, request: Request) -> Result<Response, Failure> {
    let form = match sent(request).await {
        Ok(form) => form,
        Err(failure) if failure.0.kind() == FaultKind::Invalid => {
            let form = Form::from_pairs(Vec::<(String, String)>::new()).into_filled_with(&failure.0);
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, View(render(page, &ctx, form).await?)).into_response());
        }
        Err(failure) => return Err(failure),
    };
    match schemes::load(&ctx, form.raw("text")).await {
        Ok(id) => Ok(Redirect::to(&format!("/score/schemes/{id}")).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let page = render(page, &ctx, form.into_filled_with(&fault)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// Which version of which scheme is meant by `code:id`, or `code:shipped`.
pub(crate) fn read_version(form: &mut Form) -> Option<(String, Option<Id<crate::store::LoadedId>>)> {
    let (code, which) = form.raw("version").split_once(':')?;
    let loaded = if which == SHIPPED { None } else { Some(Id::new(which.parse().ok()?)) };
    Some((code.to_owned(), loaded))
}

/// `POST /score/schemes/choice`: says which one counts from a day on.
pub(crate) async fn choose(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let version = read_version(&mut form);
    if version.is_none() {
        form.reject("version", "choose");
    }
    let from = form.day("from_day");
    let reason = form.text("reason", TEXT);
    let done = match (form.check(), version) {
        (Ok(()), Some((code, loaded))) => schemes::choose(&ctx, &code, loaded, from, &reason).await,
        (Err(fault), _) => Err(fault),
        (Ok(()), None) => Err(Fault::field("version", "choose")),
    };
    match done {
        Ok(()) => Ok(Redirect::to("/score/schemes").into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let page = render(page, &ctx, form.into_filled_with(&fault)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `GET /score/schemes/{id}?show=`: a loaded one beside the one that it would replace.
pub(crate) async fn compare(
    page: Page,
    ctx: Ctx,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Failure> {
    let asked = Form::from_query(&query.unwrap_or_default());
    let only = asked.raw("show") == "differs";
    let (versions, _) = schemes::versions(&ctx).await?;
    let theirs = versions.iter().find(|one| one.loaded.as_ref().is_some_and(|one| one.id.get() == id));
    let theirs = theirs.ok_or_else(Fault::not_found)?;
    // Beside what came with the program, else beside what counts; a scheme of its own stands alone.
    let same = |one: &&Version| one.scheme.code == theirs.scheme.code && key(one) != key(theirs);
    let ours = versions.iter().find(|one| same(one) && one.loaded.is_none()).or_else(|| versions.iter().find(same));
    let lang = page.lang.clone();
    let compared = schemes::compare(ours.map_or(theirs.scheme, |one| one.scheme), theirs.scheme);
    let points = |points: Option<scoring::Points>| points.map_or_else(|| "—".to_owned(), |points| points.to_string());
    let rows = compared.into_iter().map(|one| Compared {
        differs: one.ours != one.theirs,
        evidence: one.ours.is_some() && one.theirs.is_some() && !one.same_evidence,
        clause: one.clause,
        name: one.name.text(lang.locale.as_str()).to_owned(),
        depth: one.depth,
        ours: points(one.ours),
        theirs: points(one.theirs),
    });
    Ok(View(ComparePage {
        rows: rows.filter(|row| !only || row.differs || row.evidence).collect(),
        ours: ours.map_or_else(|| lang.t("scores-scheme-alone"), |one| named(&lang, one)),
        theirs: named(&lang, theirs),
        only,
        all_href: format!("/score/schemes/{id}"),
        only_href: format!("/score/schemes/{id}?show=differs"),
        page: page.named("scores-compare-title"),
    }))
}
