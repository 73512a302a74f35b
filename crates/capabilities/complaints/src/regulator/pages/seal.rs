use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id, of, words};
use web::{Choice, Failure, Filled, Form, Markup, Page, View};

use super::{go_to, status};
use crate::regulator::app::{self, HOLD};

/// Longest reason, in characters.
pub(crate) const REASON: usize = 500;

words! {
    /// What is done about who sees a complaint and how long it is kept.
    pub enum Keeping {
        /// 限制查看
        Restrict = "restrict",
        /// 取消限制
        Unrestrict = "unrestrict",
        /// 法律保全
        Hold = "hold",
        /// 解除保全
        LetGo = "let_go",
    }
}

#[derive(Template)]
#[template(path = "complaints_keeping.html")]
struct KeepingPage {
    page: Page,
    id: Id<of::Case>,
    number: String,
    subject: String,
    version: i64,
    keeping: Keeping,
    word: String,
    form: Filled,
    refusal: Option<Markup>,
}

impl KeepingPage {
    fn bar(&self) -> web::ActionBar {
        let back = self.page.t("complaints-back-to-one");
        let bar = web::action_bar(&self.page.lang, &None).link(back, format!("/complaints/{}", self.id));
        bar.submit(&self.word, "keeping")
    }
}

async fn render(ctx: &Ctx, page: Page, id: Id<of::Case>, keeping: Keeping, form: Filled) -> Result<KeepingPage, Fault> {
    let detail = crate::app::detail(ctx, id).await?;
    if !ctx.actor.may(HOLD, &detail.complaint) {
        return Err(Fault::forbidden());
    }
    let word = page.word("complaints-keeping", keeping.as_str());
    Ok(KeepingPage {
        id,
        number: detail.case.number,
        subject: detail.case.subject,
        version: detail.case.version,
        keeping,
        form,
        refusal: None,
        page: page.titled(word.clone()),
        word,
    })
}

/// `GET /complaints/{id}/keep/{keeping}`
pub(crate) async fn ask(page: Page, ctx: Ctx, Path((id, word)): Path<(i64, String)>) -> Result<Response, Failure> {
    let keeping = Keeping::parse(&word).ok_or_else(Fault::not_found)?;
    Ok(View(render(&ctx, page, Id::new(id), keeping, Filled::new()).await?).into_response())
}

/// `POST /complaints/{id}/keep/{keeping}`
pub(crate) async fn give(
    page: Page,
    ctx: Ctx,
    Path((id, word)): Path<(i64, String)>,
    mut form: Form,
) -> Result<Response, Failure> {
    let (id, keeping) = (Id::<of::Case>::new(id), Keeping::parse(&word).ok_or_else(Fault::not_found)?);
    let version = form.version("version")?;
    let reason = form.text("reason", REASON);
    let done = match form.check() {
        Ok(()) => keep(&ctx, id, version, keeping, reason).await,
        Err(fault) => Err(fault),
    };
    let fault = match done {
        Ok(_) => return Ok(go_to(&format!("/complaints/{id}"))),
        Err(fault) => fault,
    };
    let (code, fault) = status(fault)?;
    let notice = (fault.kind() != FaultKind::Invalid).then(|| web::notice(&page.lang, &fault));
    let mut page = render(&ctx, page, id, keeping, form.into_filled_with(&fault)).await?;
    page.refusal = notice;
    Ok((code, View(page)).into_response())
}

/// Does it.
///
/// # Errors
/// As the use cases say.
pub(crate) async fn keep(
    ctx: &Ctx,
    id: Id<of::Case>,
    version: i64,
    keeping: Keeping,
    reason: String,
) -> Result<crate::app::Changed, Fault> {
    match keeping {
        Keeping::Restrict => app::restrict(ctx, id, version, reason).await,
        Keeping::Unrestrict => app::unrestrict(ctx, id, version, reason).await,
        Keeping::Hold => app::hold(ctx, id, version, reason).await,
        Keeping::LetGo => app::lift_hold(ctx, id, version, reason).await,
    }
}

#[derive(Template)]
#[template(path = "complaints_admitted.html")]
struct AdmittedPage {
    page: Page,
    id: Id<of::Case>,
    number: String,
    subject: String,
    version: i64,
    /// Who is admitted by name: id, name, where they work, by whom and when.
    people: Vec<(Id<of::User>, String, String, String)>,
    /// Who sees every restricted file.
    always: String,
    choices: Vec<Choice>,
    form: Filled,
    refusal: Option<Markup>,
}

async fn admitted_page(ctx: &Ctx, page: Page, id: Id<of::Case>, form: Filled) -> Result<AdmittedPage, Fault> {
    let there = app::admitted(ctx, id).await?;
    let lang = page.lang.clone();
    let directory = ctx.house.identity.directories().now();
    let name = |user: Id<of::User>| directory.user_name(user).unwrap_or_default().to_owned();
    let home = |user: Id<of::User>| {
        let home = directory.user(user).and_then(|user| directory.unit(user.home));
        home.map(|unit| unit.name_in(lang.locale.as_str()).to_owned()).unwrap_or_default()
    };
    let sees_all =
        |user: Id<of::User>| directory.actor(user).is_some_and(|actor| actor.reach(identity::SEALED).company);
    let active: Vec<Id<of::User>> = directory.users().filter(|user| user.active).map(|user| user.id).collect();
    let all: Vec<String> = active.iter().copied().filter(|user| sees_all(*user)).map(name).collect();
    let fits = |user: &Id<of::User>| {
        !sees_all(*user)
            && !there.people.iter().any(|one| one.user == *user)
            && directory.actor(*user).is_some_and(|actor| actor.holds(crate::app::VIEW))
    };
    let choices = active
        .iter()
        .filter(|user| fits(user))
        .map(|user| Choice::new(user.to_string(), [name(*user), home(*user)].join(" · ")));
    let said = |one: &identity::store::units::Admission| {
        let by = one.by.map(name).unwrap_or_default();
        [by, lang.at(one.at)].join(" ")
    };
    Ok(AdmittedPage {
        id,
        number: there.case.number.clone(),
        subject: there.case.subject.clone(),
        version: there.case.version,
        people: there.people.iter().map(|one| (one.user, name(one.user), home(one.user), said(one))).collect(),
        always: all.join(&lang.t("complaints-and")),
        choices: choices.collect(),
        form,
        refusal: None,
        page: page.named("complaints-admitted-title"),
    })
}

/// `GET /complaints/{id}/admitted`: who sees a restricted complaint.
pub(crate) async fn admitted(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<Response, Failure> {
    Ok(View(admitted_page(&ctx, page, Id::new(id), Filled::new()).await?).into_response())
}

/// `POST /complaints/{id}/admitted`: admits somebody by name, or no longer.
pub(crate) async fn admit(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let id = Id::<of::Case>::new(id);
    let version = form.version("version")?;
    let user = form.id("user");
    let reason = form.text("reason", REASON);
    let ends = form.flag("end");
    let done = match (form.check(), user) {
        (Ok(()), Some(user)) if ends => app::dismiss(&ctx, id, version, user, reason).await,
        (Ok(()), Some(user)) => app::admit(&ctx, id, version, user, reason).await,
        (Ok(()), None) => Err(Fault::field("user", "choose")),
        (Err(fault), _) => Err(fault),
    };
    let fault = match done {
        Ok(_) => return Ok(go_to(&format!("/complaints/{id}/admitted"))),
        Err(fault) => fault,
    };
    let (code, fault) = status(fault)?;
    let notice = (fault.kind() != FaultKind::Invalid).then(|| web::notice(&page.lang, &fault));
    let mut page = admitted_page(&ctx, page, id, form.into_filled_with(&fault)).await?;
    page.refusal = notice;
    Ok((code, View(page)).into_response())
}
