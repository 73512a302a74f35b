use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind};
use web::{Choice, ClientNetwork, Failure, Filled, Form, Lang, PublicPage, View};

use crate::app::{self, Given, Rated, Rating};
use crate::domain::{Answer, Solved};

/// Longest text that a customer writes, in characters.
const WORDS: usize = 2000;

#[derive(Template)]
#[template(path = "surveys_rate.html")]
struct RatePage {
    page: PublicPage,
    number: String,
    about: String,
    action: String,
    faces: Vec<Face>,
    answer: Option<Answer>,
    open: bool,
    form: Filled,
    solved: Vec<Choice>,
    nps: Vec<Choice>,
    effort: Vec<Choice>,
}

struct Face {
    score: i64,
    icon: &'static str,
    word: String,
    on: bool,
}

#[derive(Template)]
#[template(path = "surveys_link_gone.html")]
struct GonePage {
    page: PublicPage,
    title: String,
    about: String,
}

/// `GET /rate/{token}`
pub(crate) async fn rate(lang: Lang, ctx: Ctx, Path(token): Path<String>) -> Result<Response, Failure> {
    match app::opened(&ctx, &token).await {
        Ok(rated) => {
            let form = filled(rated.answer.as_ref());
            Ok(([web::no_referrer()], View(page(&ctx, lang, &token, rated, form))).into_response())
        }
        Err(fault) => gone(&ctx, lang, &token, fault),
    }
}

/// `POST /rate/{token}`: the tap on a face sends the rating alone, the form below sends the rest.
pub(crate) async fn answer(
    lang: Lang,
    ctx: Ctx,
    network: Option<Extension<ClientNetwork>>,
    Path(token): Path<String>,
    mut form: Form,
) -> Result<Response, Failure> {
    let csat = form.number_or_none("csat", 1..=5);
    let rest = form.flag("more").then(|| rating(&mut form));
    let network = network.map(|Extension(network)| network.0.to_string()).unwrap_or_default();
    let taken = match form.check() {
        Ok(()) => app::answer_from(&ctx, &token, Given { csat, rest }, &network).await,
        Err(fault) => Err(fault),
    };
    match taken {
        Ok(_) => Ok(Redirect::to(&path(&token)).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let rated = app::opened(&ctx, &token).await?;
            let form = form.into_filled_with(&fault);
            let page = page(&ctx, lang, &token, rated, form);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, [web::no_referrer()], View(page)).into_response())
        }
        Err(fault) => gone(&ctx, lang, &token, fault),
    }
}

/// The optional part of an answer as it was sent.
pub(crate) fn rating(form: &mut Form) -> Rating {
    Rating {
        nps: form.number_or_none("nps", 0..=10),
        effort: form.number_or_none("effort", 1..=5),
        solved: form.choice_or_none("solved", Solved::parse),
        words: form.text_or_none("words", WORDS),
    }
}

pub(super) fn solved_choices(lang: &Lang) -> Vec<Choice> {
    lang.choices("surveys-solved", Solved::ALL.map(Solved::as_str))
}

pub(super) fn effort_choices(lang: &Lang) -> Vec<Choice> {
    (1..=5).map(|mark: i64| Choice::new(mark.to_string(), lang.t(&format!("surveys-effort-{mark}")))).collect()
}

pub(super) fn nps_choices() -> Vec<Choice> {
    (0..=10).map(|mark: i64| Choice::new(mark.to_string(), mark.to_string())).collect()
}

fn path(token: &str) -> String {
    cases::app::link_path(cases::domain::Purpose::Rate, token)
}

fn filled(answer: Option<&Answer>) -> Filled {
    let Some(answer) = answer else { return Filled::new() };
    let given = [
        ("nps", answer.nps.map(|mark| mark.to_string())),
        ("effort", answer.effort.map(|mark| mark.to_string())),
        ("solved", answer.solved.map(|solved| solved.as_str().to_owned())),
        ("words", answer.words.clone()),
    ];
    given.into_iter().fold(Filled::new(), |form, (name, value)| match value {
        Some(value) => form.with(name, value),
        None => form,
    })
}

fn page(ctx: &Ctx, lang: Lang, token: &str, rated: Rated, form: Filled) -> RatePage {
    const ICONS: [&str; 5] = ["mood-angry", "mood-sad", "mood-empty", "mood-smile", "mood-happy"];
    let Rated { case, answer, open } = rated;
    let given = answer.as_ref().map(|answer| answer.csat);
    let faces = (1_i64..).zip(ICONS).map(|(score, icon)| Face {
        score,
        icon,
        word: lang.t(&format!("surveys-csat-{score}")),
        on: given == Some(score),
    });
    let about = match &case.product {
        Some(product) => format!("{product} · {}", case.subject),
        None => case.subject.clone(),
    };
    RatePage {
        number: case.number,
        about,
        action: path(token),
        faces: faces.collect(),
        answer,
        open,
        form,
        solved: solved_choices(&lang),
        nps: nps_choices(),
        effort: effort_choices(&lang),
        page: cases::pages::public_page(ctx, lang, "surveys-rate-title", Some(case.store), &path(token)),
    }
}

/// What a link that is no good says: why, and what to do instead.
fn gone(ctx: &Ctx, lang: Lang, token: &str, fault: Fault) -> Result<Response, Failure> {
    let status = match fault.kind() {
        FaultKind::NotFound => StatusCode::NOT_FOUND,
        FaultKind::Refused => StatusCode::GONE,
        _ => return Err(fault.into()),
    };
    let key = match fault.code() {
        "surveys-answered" => "surveys-gone-answered",
        "surveys-not-asked" => "surveys-gone-not-asked",
        "surveys-not-yet" => "surveys-gone-not-yet",
        "cases-link-expired" => "surveys-gone-expired",
        "cases-link-revoked" => "surveys-gone-revoked",
        _ => "surveys-gone-unknown",
    };
    let (title, about) = (lang.t(key), lang.t(&format!("{key}.about")));
    let page = cases::pages::public_page(ctx, lang, key, None, &path(token));
    Ok((status, [web::no_referrer()], View(GonePage { page, title, about })).into_response())
}
