use askama::Template;
use axum::extract::Path;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use identity::{ADMINISTRATOR, Assignment, Directory, Secret, User, UserDraft};
use kernel::{Fault, Id, of};
use web::{Choice, Failure, Filled, Form, Locale, Page, View};

use super::history::{Happened, history};
use super::import::{Code, one_code};
use super::roles::{may_ask, role_name};
use super::{go_to, refilled, unit_choices, unit_name, unprocessable, with_done, without};
use crate::app::people::{self, PersonInput};
use crate::domain::{place_of_unit, place_of_user, user_record};
use crate::permissions::{ADMINISTRATORS_APPOINT, PEOPLE_EDIT, PEOPLE_VIEW};

/// Rows per page.
const PAGE: usize = 50;
/// Empty lines for further roles.
const SPARE: usize = 2;

struct Row {
    href: String,
    name: String,
    login: String,
    unit: String,
    roles: Vec<String>,
    active: bool,
}

#[derive(Template)]
#[template(path = "administration_people.html")]
struct ListPage {
    page: Page,
    filter: Filled,
    units: Vec<Choice>,
    states: Vec<Choice>,
    rows: Vec<Row>,
    total: usize,
    filtered: bool,
    next: Option<String>,
    first: Option<String>,
    may_add: bool,
}

/// `GET /settings/people?q=&unit=&state=&page=`
pub(crate) async fn list(page: Page, ctx: Ctx, uri: Uri) -> Result<Response, Failure> {
    let page = with_done(
        page,
        &uri,
        &["person-created", "person-saved", "person-locked", "person-unlocked", "sessions-ended"],
    )
    .named("administration-people-title");
    let mut query = Form::from_query(uri.query().unwrap_or_default());
    let text = query.raw("q").trim().to_lowercase();
    let unit: Option<Id<of::Unit>> = query.id_or_none("unit");
    let state = if query.has("state") { query.raw("state").to_owned() } else { "active".to_owned() };
    let number = query.number_or_none("page", 1..=100_000).and_then(|n| usize::try_from(n).ok()).unwrap_or(1);
    let directory = ctx.house.identity.directories().now();
    let reach = ctx.reach(PEOPLE_VIEW);
    let wanted = |user: &&User| {
        reach.covers(&place_of_user(directory.tree(), user))
            && (text.is_empty()
                || user.name.to_lowercase().contains(&text)
                || user.login.contains(&text)
                || user.phone.as_ref().is_some_and(|phone| *phone == text))
            && unit.is_none_or(|unit| directory.tree().is_within(user.home, unit))
            && match state.as_str() {
                "all" => true,
                "left" => !user.active,
                _ => user.active,
            }
    };
    let mut found: Vec<&User> = directory.users().filter(wanted).collect();
    let place = |user: &User| directory.unit(user.home).map(|unit| unit.code.as_str());
    found.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.login.cmp(&b.login)));
    let total = found.len();
    let rows =
        found.into_iter().skip((number - 1) * PAGE).take(PAGE).map(|user| row(&page, &directory, user)).collect();
    let address = |n: usize| {
        let pairs = [("q", text.as_str()), ("unit", query.raw("unit")), ("state", state.as_str())];
        let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        format!("/settings/people?{}&page={n}", pairs.join("&"))
    };
    let next = (total > number * PAGE).then(|| address(number + 1));
    let first = (number > 1).then(|| address(1));
    let filter = Filled::new().with("q", query.raw("q")).with("unit", query.raw("unit")).with("state", state.as_str());
    let units = unit_choices(&page, &directory, |unit| reach.covers(&place_of_unit(directory.tree(), unit.id)));
    let states =
        ["active", "left", "all"].map(|state| Choice::new(state, page.word("administration-people-state", state)));
    Ok(View(ListPage {
        filtered: !text.is_empty() || unit.is_some() || state != "active",
        states: states.into(),
        may_add: ctx.actor.holds(PEOPLE_EDIT),
        page,
        filter,
        units,
        rows,
        total,
        next,
        first,
    })
    .into_response())
}

/// A value for an address, percent-encoded byte by byte.
fn encoded(value: &str) -> String {
    value
        .bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn row(page: &Page, directory: &Directory, user: &User) -> Row {
    let role = |given: &Assignment| {
        let word = role_name(page, directory, &given.role);
        if given.unit == user.home { word } else { format!("{word} · {}", unit_name(page, directory, given.unit)) }
    };
    Row {
        href: format!("/settings/people/{}", user.id),
        name: user.name.clone(),
        login: user.login.clone(),
        unit: unit_name(page, directory, user.home),
        roles: directory.assignments(user.id).iter().map(role).collect(),
        active: user.active,
    }
}

/// One line of the form: a role and where it is given; both empty for none.
struct RoleLine {
    role: String,
    unit: String,
}

#[derive(Template)]
#[template(path = "administration_person.html")]
struct PersonPage {
    page: Page,
    form: Filled,
    action: String,
    version: Option<i64>,
    units: Vec<Choice>,
    locales: Vec<Choice>,
    lines: Vec<RoleLine>,
    roles: Vec<Choice>,
    role_units: Vec<Choice>,
    may_edit: bool,
    has_error_in_roles: Option<String>,
    history: Vec<Happened>,
    notice: web::Markup,
    /// The known person's id and whether the account is open, for what can be done with it.
    account: Option<(i64, bool)>,
    may_see: bool,
    sessions: usize,
}

/// What the form stands for: a new person or a known one.
#[derive(Default)]
struct Subject<'a> {
    user: Option<&'a User>,
    version: Option<i64>,
    history: Vec<Happened>,
    notice: web::Markup,
    sessions: usize,
}

fn person_page(
    ctx: &Ctx,
    page: Page,
    subject: Subject<'_>,
    form: Filled,
    mut lines: Vec<RoleLine>,
) -> View<PersonPage> {
    let directory = ctx.house.identity.directories().now();
    let page = match subject.user {
        Some(user) => page.titled(user.name.clone()),
        None => page.named("administration-person-new"),
    };
    let reach = ctx.reach(PEOPLE_EDIT);
    let own_home = subject.user.map(|user| user.home);
    let in_reach = |id: Id<of::Unit>| reach.covers(&place_of_unit(directory.tree(), id));
    let appoints = ctx.actor.holds(ADMINISTRATORS_APPOINT);
    let is_administrator = subject.user.is_some_and(|user| directory.has_role(user.id, ADMINISTRATOR));
    let may_edit = match subject.user {
        Some(user) => reach.covers(&place_of_user(directory.tree(), user)) && (appoints || !is_administrator),
        None => true,
    };
    let held: Vec<String> = lines.iter().map(|line| line.unit.clone()).collect();
    if may_edit {
        lines.extend((0..SPARE).map(|_| RoleLine { role: String::new(), unit: String::new() }));
    }
    let role = |code: &str| Choice::new(code, role_name(&page, &directory, code));
    let roles = directory.roles().filter(|role| appoints || is_administrator || role.code != ADMINISTRATOR);
    let locales =
        Locale::ALL.iter().map(|locale| Choice::new(locale.as_str(), page.t(&format!("identity-locale-{locale}"))));
    View(PersonPage {
        action: subject
            .user
            .map_or_else(|| "/settings/people".to_owned(), |user| format!("/settings/people/{}", user.id)),
        version: subject.version,
        units: unit_choices(&page, &directory, |unit| in_reach(unit.id) || own_home == Some(unit.id)),
        locales: locales.collect(),
        roles: roles.map(|stored| role(&stored.code)).collect(),
        role_units: unit_choices(&page, &directory, |unit| in_reach(unit.id) || held.contains(&unit.id.to_string())),
        has_error_in_roles: form.error("roles", &page.lang),
        history: subject.history,
        notice: subject.notice,
        account: subject.user.map(|user| (user.id.get(), user.active)),
        may_see: subject.user.is_some_and(|user| may_ask(ctx, &directory, user)),
        sessions: subject.sessions,
        lines,
        form,
        may_edit,
        page,
    })
}

fn lines_of(form: &Form) -> Vec<RoleLine> {
    let pairs = form.all("role").zip(form.all("role_unit"));
    pairs
        .filter(|(role, unit)| !role.is_empty() || !unit.is_empty())
        .map(|(role, unit)| RoleLine { role: role.to_owned(), unit: unit.to_owned() })
        .collect()
}

/// What was sent as a person. A role without a place is given where the person works; while that is missing too, the
/// missing place of work is what is said.
fn input_of(form: &mut Form) -> PersonInput {
    let home: Option<Id<of::Unit>> = form.id_or_none("home");
    let lines = lines_of(form).into_iter().filter(|line| !line.role.is_empty());
    let roles = lines.filter_map(|line| {
        // What is no id at all is no unit either, and is refused as such.
        let unit = if line.unit.is_empty() { home? } else { line.unit.parse().unwrap_or(Id::new(0)) };
        Some(Assignment { role: line.role, unit })
    });
    let roles = roles.collect();
    PersonInput {
        draft: UserDraft {
            login: form.raw("login").to_owned(),
            name: form.raw("name").to_owned(),
            phone: Some(form.raw("phone").to_owned()),
            email: Some(form.raw("email").to_owned()),
            home,
            locale: form.raw("locale").to_owned(),
            active: form.flag("active"),
        },
        password: Secret::new(form.raw("password")),
        roles,
        code: None,
    }
}

/// `GET /settings/people/new`
pub(crate) async fn new(page: Page, ctx: Ctx) -> Result<Response, Failure> {
    let form = Filled::new().with("active", "on").with("locale", ctx.locale.as_str()).with("code", "on");
    Ok(person_page(&ctx, page, Subject::default(), form, Vec::new()).into_response())
}

/// `POST /settings/people`
pub(crate) async fn create(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let mut input = input_of(&mut form);
    let code = if form.flag("code") && !form.has("password") { Some(Secret::readable()?) } else { None };
    input.code.clone_from(&code);
    let (name, login) = (input.draft.name.clone(), input.draft.login.to_lowercase());
    let home = input.draft.home;
    let done = match form.check() {
        Ok(()) => people::create(&ctx, input).await,
        Err(fault) => Err(fault),
    };
    match (done, code) {
        (Ok(_), Some(code)) => {
            let directory = ctx.house.identity.directories().refresh().await?;
            let home = home.map(|home| unit_name(&page, &directory, home)).unwrap_or_default();
            let code = Code { name, login, home, code: code.reveal().to_owned() };
            Ok(one_code(page, code, "/settings/people".to_owned()))
        }
        (Ok(_), None) => Ok(go_to("/settings/people?done=person-created")),
        (Err(fault), _) => {
            let lines = lines_of(&form);
            let form = refilled(without(&form, &["password"]), fault)?;
            Ok(unprocessable(person_page(&ctx, page, Subject::default(), form, lines)))
        }
    }
}

fn known(ctx: &Ctx, id: Id<of::User>) -> Result<User, Fault> {
    let directory = ctx.house.identity.directories().now();
    let user = directory.user(id).ok_or_else(Fault::not_found)?;
    ctx.require(PEOPLE_VIEW, &place_of_user(directory.tree(), user))?;
    Ok(user.clone())
}

/// `GET /settings/people/{id}`
pub(crate) async fn show(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<Response, Failure> {
    let user = known(&ctx, Id::new(id))?;
    let directory = ctx.house.identity.directories().now();
    let lines = directory.assignments(user.id).iter();
    let lines = lines.map(|given| RoleLine { role: given.role.clone(), unit: given.unit.to_string() }).collect();
    let form = Filled::new()
        .with("login", user.login.as_str())
        .with("name", user.name.as_str())
        .with("phone", user.phone.clone().unwrap_or_default())
        .with("email", user.email.clone().unwrap_or_default())
        .with("home", user.home.to_string())
        .with("locale", user.locale.as_str())
        .with("active", if user.active { "on" } else { "" });
    let history = history(&ctx, &page, user_record(user.id)).await?;
    let (sessions, _) = crate::app::own::access_of(&ctx, user.id).await?;
    let sessions = sessions.len();
    let subject = Subject { user: Some(&user), version: Some(user.version), history, sessions, ..Subject::default() };
    Ok(person_page(&ctx, page, subject, form, lines).into_response())
}

/// `POST /settings/people/{id}`
pub(crate) async fn save(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let user = known(&ctx, Id::new(id))?;
    let version = form.version("version")?;
    let input = input_of(&mut form);
    if form.flag("look") && form.check().is_ok() {
        let changed = User { home: input.draft.home.unwrap_or(user.home), active: input.draft.active, ..user.clone() };
        return super::sees::planned(&ctx, page, &user, &changed, &input.roles, &form);
    }
    if form.flag("back") {
        let lines = lines_of(&form);
        let history = history(&ctx, &page, user_record(user.id)).await?;
        let subject = Subject { user: Some(&user), version: Some(version), history, ..Subject::default() };
        return Ok(person_page(&ctx, page, subject, form.into_filled(), lines).into_response());
    }
    let done = match form.check() {
        Ok(()) => people::save(&ctx, user.id, version, input).await,
        Err(fault) => Err(fault),
    };
    match done {
        Ok(()) => Ok(go_to("/settings/people?done=person-saved")),
        Err(fault) => {
            let lines = lines_of(&form);
            let form = refilled(without(&form, &["password"]), fault)?;
            let history = history(&ctx, &page, user_record(user.id)).await?;
            let subject = Subject { user: Some(&user), version: Some(version), history, ..Subject::default() };
            Ok(unprocessable(person_page(&ctx, page, subject, form, lines)))
        }
    }
}

/// `POST /settings/people/{id}/reset`: the password is gone, a code for a new one is shown once.
pub(crate) async fn reset(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<Response, Failure> {
    let user = known(&ctx, Id::new(id))?;
    let code = people::reset(&ctx, user.id).await?;
    let directory = ctx.house.identity.directories().now();
    let home = unit_name(&page, &directory, user.home);
    let code = Code { name: user.name, login: user.login, home, code: code.reveal().to_owned() };
    Ok(one_code(page, code, format!("/settings/people/{id}")))
}

/// `POST /settings/people/{id}/end-sessions`
pub(crate) async fn end_sessions(ctx: Ctx, Path(id): Path<i64>) -> Result<Response, Failure> {
    people::end_sessions(&ctx, known(&ctx, Id::new(id))?.id).await?;
    Ok(go_to("/settings/people?done=sessions-ended"))
}

/// `POST /settings/people/{id}/lock` with `locked`
pub(crate) async fn lock(ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Response, Failure> {
    let user = known(&ctx, Id::new(id))?;
    let locked = form.flag("locked");
    people::lock(&ctx, user.id, form.version("version")?, locked).await?;
    Ok(go_to(if locked {
        "/settings/people?done=person-locked&state=all"
    } else {
        "/settings/people?done=person-unlocked"
    }))
}
