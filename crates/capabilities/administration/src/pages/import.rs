//! Lists that are pasted: staff on the page of people and in the first run, stores in the first run.

use askama::Template;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use identity::{Assignment, Directory, UnitDraft};
use kernel::FieldErrors;
use web::{Failure, Filled, Form, Locale, Page, View};

use super::roles::role_name;
use super::unit_name;
use crate::app::staff::{self, Hire, Hired, RoleWords};
use crate::app::stores::{self, Opening};
use crate::paste::{self, Table};

/// A row of a preview.
pub(crate) struct Row {
    pub line: usize,
    pub cells: Vec<String>,
    /// `new`, `changes`, `same` or `bad`.
    pub fate: &'static str,
    pub result: String,
}

/// A paste with what each of its lines would do.
#[derive(Default)]
pub(crate) struct Preview {
    pub heads: Vec<String>,
    pub rows: Vec<Row>,
    pub good: usize,
    pub same: usize,
    pub bad: usize,
    pub unknown: Vec<String>,
    pub dropped: usize,
}

impl Preview {
    fn counted(mut self) -> Self {
        let count = |fate: &str| self.rows.iter().filter(|row| row.fate == fate).count();
        (self.good, self.same, self.bad) = (count("new") + count("changes"), count("same"), count("bad"));
        self
    }
}

/// What is wrong with a line, in sentences.
fn wrong(page: &Page, errors: &FieldErrors) -> String {
    let said = errors.iter().map(|error| {
        let column = page.word("administration-column", &error.field);
        let text = page
            .find_field_error(error)
            .or_else(|| page.find(&format!("fault-{}", error.code)))
            .unwrap_or_else(|| error.code.to_owned());
        page.t2("administration-column-wrong", "column", column, "text", text)
    });
    said.collect::<Vec<_>>().join(&page.t("administration-reach-and"))
}

fn roles_text(page: &Page, directory: &Directory, roles: &[Assignment]) -> String {
    roles.iter().map(|given| role_name(page, directory, &given.role)).collect::<Vec<_>>().join(" ")
}

/// Words for roles in both languages, codes and the company's own names.
pub(crate) fn role_words(directory: &Directory) -> RoleWords {
    let mut words = RoleWords::new();
    for role in directory.roles() {
        staff::add_role_word(&mut words, &role.code, &role.code);
        if let Some(name) = &role.name {
            staff::add_role_word(&mut words, &role.code, name);
        }
        for locale in Locale::ALL {
            let key = format!("identity-role-{}", role.code.replace('_', "-"));
            if let Some(name) = web::find(locale, &key, &[]) {
                staff::add_role_word(&mut words, &role.code, &name);
            }
            if let Some(names) =
                web::find(locale, &format!("administration-role-words-{}", role.code.replace('_', "-")), &[])
            {
                staff::add_role_word(&mut words, &role.code, &names);
            }
        }
    }
    words
}

/// Staff as pasted, each line with what it would do.
pub(crate) fn read_staff(ctx: &Ctx, text: &str) -> (Table, Vec<Hire>) {
    let table = paste::read(text, staff::COLUMNS);
    let words = role_words(&ctx.house.identity.directories().now());
    let hires = staff::check(ctx, &table, &words);
    (table, hires)
}

/// The preview of staff.
pub(crate) fn staff_preview(ctx: &Ctx, page: &Page, table: &Table, hires: &[Hire]) -> Preview {
    let directory = ctx.house.identity.directories().now();
    let rows = hires.iter().map(|hire| {
        let (fate, result) = match &hire.fate {
            staff::Fate::New => ("new", page.t("administration-fate-new")),
            staff::Fate::Changes(_) => ("changes", page.t("administration-fate-changes")),
            staff::Fate::Same => ("same", page.t("administration-fate-same")),
            staff::Fate::Bad(errors) => ("bad", wrong(page, errors)),
        };
        let home = hire.draft.home.map(|home| unit_name(page, &directory, home)).unwrap_or_default();
        let cells = vec![
            hire.draft.name.clone(),
            hire.draft.login.clone(),
            hire.draft.phone.clone().unwrap_or_default(),
            home,
            roles_text(page, &directory, &hire.roles),
        ];
        Row { line: hire.line, cells, fate, result }
    });
    Preview {
        heads: ["name", "login", "phone", "home", "role"]
            .iter()
            .map(|name| page.word("administration-column", name))
            .collect(),
        rows: rows.collect(),
        unknown: table.unknown().into_iter().map(str::to_owned).collect(),
        dropped: table.dropped,
        ..Preview::default()
    }
    .counted()
}

/// Stores as pasted, each line with what it would do.
pub(crate) fn read_stores(ctx: &Ctx, text: &str) -> (Table, Vec<Opening>) {
    let table = paste::read(text, stores::COLUMNS);
    let openings = stores::check(ctx, &table);
    (table, openings)
}

/// The preview of stores.
pub(crate) fn stores_preview(page: &Page, table: &Table, openings: &[Opening]) -> Preview {
    let rows = openings.iter().map(|opening| {
        let (fate, result) = match &opening.fate {
            stores::Fate::New => ("new", page.t("administration-fate-new")),
            stores::Fate::Changes(_) => ("changes", page.t("administration-fate-changes")),
            stores::Fate::Same => ("same", page.t("administration-fate-same")),
            stores::Fate::Bad(errors) => ("bad", wrong(page, errors)),
        };
        let UnitDraft { name, code, phone, address, .. } = &opening.draft;
        let cells = vec![
            name.clone(),
            code.clone(),
            opening.region.clone(),
            phone.clone().unwrap_or_default(),
            address.clone().unwrap_or_default(),
        ];
        Row { line: opening.line, cells, fate, result }
    });
    Preview {
        heads: ["store-name", "code", "region", "phone", "address"]
            .iter()
            .map(|name| page.word("administration-column", name))
            .collect(),
        rows: rows.collect(),
        unknown: table.unknown().into_iter().map(str::to_owned).collect(),
        dropped: table.dropped,
        ..Preview::default()
    }
    .counted()
}

/// A new person's code for a first password.
pub(crate) struct Code {
    pub name: String,
    pub login: String,
    pub home: String,
    pub code: String,
}

/// The codes of people who were just added, as a page shows them once.
pub(crate) fn codes(page: &Page, directory: &Directory, hired: &[Hired]) -> Vec<Code> {
    let code = |person: &Hired| Code {
        name: person.name.clone(),
        login: person.login.clone(),
        home: unit_name(page, directory, person.home),
        code: person.code.reveal().to_owned(),
    };
    hired.iter().map(code).collect()
}

#[derive(Template)]
#[template(path = "administration_import.html")]
struct ImportPage {
    page: Page,
    form: Filled,
    preview: Preview,
    codes: Vec<Code>,
    changed: usize,
    done: bool,
}

/// `GET /settings/people/import`
pub(crate) async fn show(page: Page) -> Result<Response, Failure> {
    let page = page.named("administration-import-title");
    let form = Filled::new();
    Ok(View(ImportPage { page, form, preview: Preview::default(), codes: Vec::new(), changed: 0, done: false })
        .into_response())
}

/// `POST /settings/people/import`: a preview, and with `save` the good lines; bad ones stay in the field for correction.
pub(crate) async fn take(page: Page, ctx: Ctx, form: Form) -> Result<Response, Failure> {
    let page = page.named("administration-import-title");
    let (table, hires) = read_staff(&ctx, form.raw("rows"));
    if !form.flag("save") {
        let preview = staff_preview(&ctx, &page, &table, &hires);
        return Ok(View(ImportPage {
            page,
            form: form.into_filled(),
            preview,
            codes: Vec::new(),
            changed: 0,
            done: false,
        })
        .into_response());
    }
    let (hired, changed) = staff::save(&ctx, &hires).await?;
    let directory = ctx.house.identity.directories().now();
    let left = table.text_of(|line| staff::is_bad(&hires, line));
    let (table, hires) = read_staff(&ctx, &left);
    let preview = staff_preview(&ctx, &page, &table, &hires);
    let codes = codes(&page, &directory, &hired);
    let form = Filled::new().with("rows", left);
    Ok(View(ImportPage { page, form, preview, codes, changed, done: true }).into_response())
}

#[derive(Template)]
#[template(path = "administration_codes.html")]
struct CodesPage {
    page: Page,
    codes: Vec<Code>,
    back: String,
}

/// The page that shows one code, once.
pub(crate) fn one_code(page: Page, code: Code, back: String) -> Response {
    let page = page.named("administration-codes-title");
    View(CodesPage { page, codes: vec![code], back }).into_response()
}
