//! What people enter as evidence: the list with what ends, and the form.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Day, FaultKind, Id};
use scoring::{Per, RecordKind};
use web::{Chip, Choice, Failure, Filled, Form, Lang, Page, Tab, View};

use super::{item::speaks, unit_choices, unit_name, user_name};
use crate::app::{self, Draft, TEXT, TITLE};
use crate::store::Entry;
use crate::{registers, schemes};

/// Days before its end from which evidence is marked.
const SOON: i32 = 30;
/// Most people to choose from.
const PEOPLE: usize = 500;
/// Milliseconds of a day.
const A_DAY: i64 = 86_400_000;

struct Row {
    id: String,
    title: String,
    note: Option<String>,
    kind: String,
    about: String,
    ends: String,
    chip: Chip,
    late: Option<String>,
    clauses: Vec<(String, String)>,
    may_withdraw: bool,
    why: Option<String>,
}

#[derive(Template)]
#[template(path = "scores_records.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    form: Filled,
    kinds: Vec<Choice>,
    ending: bool,
    rows: Vec<Row>,
    new: Option<String>,
    next: Option<String>,
    first: Option<String>,
}

/// `GET /score/records?kind=&ending=&after=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut asked = Form::from_query(&query.unwrap_or_default());
    let kinds = all_kinds(&ctx).await?;
    let kind = asked.text_or_none("kind", 60).and_then(|code| kinds.iter().find(|kind| kind.code == code).cloned());
    let ending = asked.flag("ending");
    let after = asked.text_or_none("after", 60);
    let listed =
        app::list(&ctx, kind.as_ref().map(|kind| kind.code.as_str()), ending, after.as_deref(), app::ROWS).await?;
    let lang = page.lang.clone();
    let code = kind.map(|kind| kind.code).unwrap_or_default();
    let address = |ending: bool, after: Option<&str>| {
        let mut pairs = vec![("kind", code.as_str())];
        pairs.extend(ending.then_some(("ending", "on")));
        pairs.extend(after.map(|after| ("after", after)));
        format!("/score/records?{}", serde_urlencoded::to_string(&pairs).unwrap_or_default())
    };
    let tabs = [false, true].map(|one| {
        let word = if one { "scores-records-ending" } else { "scores-records-all" };
        Tab::new(page.t(word), address(one, None)).current(one == ending)
    });
    let recording = app::may_record(&ctx);
    let mut choices = vec![Choice::new("", lang.t("scores-records-any"))];
    choices.extend(kind_choices(&lang, &kinds));
    let force = schemes::all(&ctx).await?;
    Ok(View(ListPage {
        tabs: tabs.into(),
        form: Filled::new().with("kind", code.as_str()),
        kinds: choices,
        rows: listed.rows.iter().map(|one| row(&ctx, &lang, one, &recording, &kinds, &force)).collect(),
        new: (!recording.is_empty()).then(|| format!("/score/records/new?kind={code}")),
        next: listed.next.as_deref().map(|after| address(ending, Some(after))),
        first: after.map(|_| address(ending, None)),
        ending,
        page: page.named("scores-records-title"),
    }))
}

/// Every kind that some scheme in force asks for or a register keeps.
async fn all_kinds(ctx: &Ctx) -> Result<Vec<RecordKind>, Failure> {
    let mut kinds: Vec<RecordKind> = Vec::new();
    let of_schemes = schemes::all(ctx).await?.into_iter().flat_map(|scheme| scheme.records.iter());
    for kind in of_schemes.chain(registers::own_kinds()) {
        if !kinds.iter().any(|known| known.code == kind.code) {
            kinds.push(kind.clone());
        }
    }
    Ok(kinds)
}

fn kind_choices(lang: &Lang, kinds: &[RecordKind]) -> Vec<Choice> {
    kinds.iter().map(|kind| Choice::new(kind.code.as_str(), kind.name.text(lang.locale.as_str()))).collect()
}

fn row(
    ctx: &Ctx,
    lang: &Lang,
    one: &Entry,
    recording: &[identity::Unit],
    kinds: &[RecordKind],
    force: &[&'static scoring::Scheme],
) -> Row {
    let today = lang.now.day(&lang.zone);
    let kind = kinds.iter().find(|kind| kind.code == one.kind);
    let mut about = vec![lang.day(one.happened_on), unit_name(ctx, lang, one.unit)];
    about.extend(one.person.map(|person| user_name(ctx, Some(person))));
    let names = |part: &scoring::Part| matches!(part, scoring::Part::Record { code, .. } if *code == one.kind);
    let speaks = |leaf: &&scoring::Indicator| match &leaf.kind {
        scoring::Kind::Leaf { parts, .. } => parts.iter().any(names),
        scoring::Kind::Group(_) => false,
    };
    let clauses = force.iter().flat_map(|scheme| scheme.leaves().filter(speaks).map(move |leaf| (scheme, leaf)));
    Row {
        id: one.id.to_string(),
        title: one.title.clone(),
        note: one.note.clone(),
        kind: kind.map(|kind| kind.name.text(lang.locale.as_str()).to_owned()).unwrap_or_else(|| one.kind.clone()),
        about: about.join(" · "),
        ends: one.valid_until.map(|day| lang.day(day)).unwrap_or_default(),
        chip: chip(lang, one, kind.and_then(|kind| kind.days), today),
        late: late(lang, one),
        clauses: clauses
            .map(|(scheme, leaf)| (format!("/score/items/{}?scheme={}", leaf.clause, scheme.code), leaf.clause.clone()))
            .collect(),
        may_withdraw: one.withdrawn_at.is_none() && recording.iter().any(|unit| unit.id == one.unit),
        why: one.withdrawn_why.clone(),
    }
}

/// Whether it speaks, ends soon, has ended or was taken back.
pub(super) fn chip(lang: &Lang, one: &Entry, days: Option<u32>, today: Day) -> Chip {
    if one.withdrawn_at.is_some() {
        return web::chip("", "arrow-back-up", lang.t("scores-entry-withdrawn"));
    }
    if !speaks(one, days, today) {
        return web::chip("late", "alert-triangle", lang.t("scores-entry-ended"));
    }
    if !one.met {
        return web::chip("late", "circle-x", lang.t("scores-entry-not-met"));
    }
    match one.valid_until.filter(|until| *until <= today.plus(SOON)) {
        Some(until) => web::chip("soon", "hourglass", lang.t1("scores-entry-until", "day", lang.day(until))),
        None => web::chip("ok", "circle-check", lang.t("scores-entry-speaks")),
    }
}

/// Says when it was written down more than a day after it happened.
pub(super) fn late(lang: &Lang, one: &Entry) -> Option<String> {
    let over = one.happened_on.plus(1).start(&lang.zone);
    (one.entered_at.millis() > over.millis() + A_DAY)
        .then(|| lang.t1("scores-entered-late", "at", lang.date(one.entered_at)))
}

#[derive(Template)]
#[template(path = "scores_record_new.html")]
struct NewPage {
    page: Page,
    form: Filled,
    kinds: Vec<Choice>,
    units: Vec<Choice>,
    people: Vec<Choice>,
    back: String,
    of_people: bool,
    may_fail: bool,
    /// What may measure a promise.
    measures: Vec<Choice>,
}

/// `GET /score/records/new?kind=`
pub(crate) async fn new(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let asked = Form::from_query(&query.unwrap_or_default());
    let today = page.lang.now.day(&page.lang.zone);
    let form = Filled::new()
        .with("kind", asked.raw("kind"))
        .with("unit", asked.raw("unit"))
        .with("met", "on")
        .with("happened_on", today.to_string());
    Ok(View(render(page, &ctx, form).await?))
}

async fn render(page: Page, ctx: &Ctx, form: Filled) -> Result<NewPage, Failure> {
    let lang = page.lang.clone();
    let kinds = all_kinds(ctx).await?;
    let kind = kinds.iter().find(|kind| kind.code == form.value("kind"));
    let units = app::may_record(ctx);
    let directory = ctx.house.identity.directories().now();
    let mut people = vec![Choice::new("", lang.t("scores-nobody"))];
    let within =
        |user: &&identity::User| user.active && units.iter().any(|unit| directory.tree().is_within(user.home, unit.id));
    people.extend(directory.users().filter(within).take(PEOPLE).map(|user| {
        let home = directory.unit(user.home).map(|unit| unit.name_in(lang.locale.as_str())).unwrap_or_default();
        Choice::new(user.id.to_string(), format!("{} · {home}", user.name))
    }));
    Ok(NewPage {
        kinds: kind_choices(&lang, &kinds),
        units: unit_choices(&lang, &units),
        people,
        back: format!("/score/records?kind={}", form.value("kind")),
        of_people: kind.is_none_or(|kind| matches!(kind.per, Per::Person | Per::Quota)),
        may_fail: kind.is_none_or(|kind| matches!(kind.per, Per::Sample | Per::Store)),
        measures: if kind.is_some_and(|kind| registers::is_measured(&kind.code)) {
            let none = Choice::new("", lang.t("scores-measure-none"));
            let stages = registers::STAGES.map(|stage| Choice::new(stage, lang.word("cases-stage", stage)));
            std::iter::once(none).chain(stages).collect()
        } else {
            Vec::new()
        },
        form,
        page: page.named("scores-record-new"),
    })
}

/// Evidence as a form or a program sends it.
pub(crate) fn read(form: &mut Form) -> Draft {
    let absent = !form.has("met");
    Draft {
        kind: form.text("kind", 60),
        unit: form.id("unit"),
        person: form.id_or_none("person"),
        title: form.text("title", TITLE),
        note: form.text_or_none("note", TEXT),
        // A page sends a box that is not ticked as nothing, beside a field that says that there was one.
        met: form.flag("met") || (absent && !form.has("asks_met")),
        happened_on: form.day("happened_on"),
        valid_until: form.day_or_none("valid_until"),
        measure: form.text_or_none("measure", 40),
    }
}

/// `POST /score/records`
pub(crate) async fn enter(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let draft = read(&mut form);
    let done = match form.check() {
        Ok(()) => app::enter(&ctx, &draft).await,
        Err(fault) => Err(fault),
    };
    match done {
        Ok(_) => Ok(Redirect::to(&format!("/score/records?kind={}", draft.kind)).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let page = render(page, &ctx, form.into_filled_with(&fault)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /score/records/{id}/withdraw`
pub(crate) async fn withdraw(ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Redirect, Failure> {
    let why = form.text("why", TEXT);
    form.check()?;
    app::withdraw(&ctx, Id::new(id), &why).await?;
    Ok(Redirect::to("/score/records"))
}
