//! Many people at once, as they are pasted from a spreadsheet.

use std::collections::{BTreeMap, BTreeSet};

use capability::{Ctx, Event, Recorded, Work};
use identity::{ACTIVATION_LIMIT, Assignment, Directory, Secret, UnitKind, User, UserDraft, plain_phone, store};
use kernel::{Fault, FieldErrors, Id, of};

use super::people::{self, draft_of};
use crate::domain::{check_roles, place_of_unit, place_of_user, roles_text, user_changes, user_record};
use crate::paste::{Column, Line, Table};
use crate::permissions::PEOPLE_EDIT;

/// The columns of a list of staff.
pub(crate) const COLUMNS: &[Column] = &[
    Column { field: "name", names: &["姓名", "名字", "员工", "员工姓名", "name", "fullname"] },
    Column {
        field: "login",
        names: &["工号", "登录名", "账号", "员工编号", "编号", "login", "staffno", "staffno.", "id"],
    },
    Column {
        field: "phone", names: &["手机", "手机号", "手机号码", "电话", "联系电话", "phone", "mobile", "tel"]
    },
    Column {
        field: "home",
        names: &["店铺", "门店", "部门", "所在店铺", "所在组织", "店", "store", "unit", "department", "shop"],
    },
    Column { field: "role", names: &["角色", "岗位", "职位", "职务", "role", "post", "job", "position"] },
    Column { field: "email", names: &["邮箱", "电子邮箱", "邮件", "email", "mail", "e-mail"] },
];

/// What a line of the paste would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// A new person.
    New,
    /// A person with this login is known and would be changed.
    Changes(Id<of::User>),
    /// Everything is so already.
    Same,
    /// It cannot be taken.
    Bad(FieldErrors),
}

/// A line of the paste with what it would do.
#[derive(Debug, Clone)]
pub struct Hire {
    /// The line of the paste, from 1.
    pub line: usize,
    /// The person.
    pub draft: UserDraft,
    /// The roles that the person would have.
    pub roles: Vec<Assignment>,
    /// What would happen.
    pub fate: Fate,
}

/// Words for roles, lower case, with their codes: what a page shows, codes, and the parts of names such as 店员·客服.
pub type RoleWords = BTreeMap<String, String>;

fn plain(text: &str) -> String {
    text.to_lowercase().chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// Adds `name` of the role `code` and its parts to `words`.
pub fn add_role_word(words: &mut RoleWords, code: &str, name: &str) {
    for part in std::iter::once(name).chain(name.split(['·', '/', ',', '、'])) {
        words.entry(plain(part)).or_insert_with(|| code.to_owned());
    }
}

/// Reads the lines of `table` against what is known: each line gets its fate, and no two of them the same login or phone.
pub(crate) fn check(ctx: &Ctx, table: &Table, words: &RoleWords) -> Vec<Hire> {
    let directory = ctx.house.identity.directories().now();
    let reach = ctx.reach(PEOPLE_EDIT);
    let stores: Vec<Id<of::Unit>> = directory.stores().filter(|store| store.active).map(|store| store.id).collect();
    let only = if let [only] = stores.as_slice() { Some(*only) } else { None };
    let mut logins: BTreeSet<String> = BTreeSet::new();
    let mut phones: BTreeSet<String> = BTreeSet::new();
    table
        .lines
        .iter()
        .map(|line| {
            let mut errors = FieldErrors::default();
            let home = home_of(&directory, line.get("home"), only);
            if home.is_none() && line.get("home").is_empty() {
                errors.add("home", "required");
            } else if home.is_none() {
                errors.add("home", "identity-unit-unknown");
            } else if home.is_some_and(|home| !reach.covers(&place_of_unit(directory.tree(), home))) {
                errors.add("home", "administration-out-of-reach");
            }
            let login = match line.get("login") {
                "" => plain_phone(line.get("phone")),
                typed => typed.to_owned(),
            };
            let draft = UserDraft {
                login: login.chars().filter(|letter| !letter.is_whitespace()).collect(),
                name: line.get("name").to_owned(),
                phone: Some(line.get("phone").to_owned()),
                email: Some(line.get("email").to_owned()),
                // What is wrong with it is said already.
                home: home.or(Some(Id::new(0))),
                locale: ctx.locale.as_str().to_owned(),
                active: true,
            };
            let draft = draft.tidied(&mut errors);
            let role = match line.get("role") {
                "" => Some("clerk".to_owned()),
                word => words.get(&plain(word)).cloned(),
            };
            if role.is_none() {
                errors.add("role", "identity-role-unknown");
            }
            let roles: Vec<Assignment> =
                role.zip(home).map(|(role, unit)| Assignment { role, unit }).into_iter().collect();
            let known = directory.user_by_login(&draft.login);
            if !draft.login.is_empty() && !logins.insert(draft.login.clone()) {
                errors.add("login", "administration-twice");
            }
            if let Some(phone) = &draft.phone {
                let other =
                    directory.users().any(|user| user.phone.as_ref() == Some(phone) && user.login != draft.login);
                if other {
                    errors.add("phone", "identity-phone-taken");
                } else if !phones.insert(phone.clone()) {
                    errors.add("phone", "administration-twice");
                }
            }
            if errors.is_empty()
                && let Err(fault) = allowed(ctx, &directory, known, &draft, &roles)
            {
                errors.add("role", fault.code());
            }
            let fate = match known {
                _ if !errors.is_empty() => Fate::Bad(errors),
                None => Fate::New,
                Some(user) if is_same(&directory, user, &draft, &roles) => Fate::Same,
                Some(user) => Fate::Changes(user.id),
            };
            Hire { line: line.number, draft, roles, fate }
        })
        .collect()
}

fn allowed(
    ctx: &Ctx,
    directory: &Directory,
    known: Option<&User>,
    draft: &UserDraft,
    roles: &[Assignment],
) -> Result<(), Fault> {
    let before = known.map_or(&[][..], |user| directory.assignments(user.id));
    let after = joined(before, roles);
    check_roles(&ctx.actor, directory.tree(), known.map(|user| user.id), before, &after)?;
    let new: Vec<Assignment> = after.iter().filter(|given| !before.contains(given)).cloned().collect();
    let permissions = ctx.house.identity.directories().permissions();
    let home = draft.home.unwrap_or(Id::new(0));
    crate::domain::check_width(&ctx.actor, directory, permissions, home, &new)?;
    match known {
        Some(user) if ctx.require(PEOPLE_EDIT, &place_of_user(directory.tree(), user)).is_err() => {
            Err(Fault::field("login", "administration-out-of-reach"))
        }
        _ => Ok(()),
    }
}

/// A list adds roles; it takes none away.
fn joined(before: &[Assignment], roles: &[Assignment]) -> Vec<Assignment> {
    let mut all: Vec<Assignment> = before.iter().chain(roles).cloned().collect();
    all.sort();
    all.dedup();
    all
}

fn is_same(directory: &Directory, user: &User, draft: &UserDraft, roles: &[Assignment]) -> bool {
    let kept = kept(user, draft);
    kept == draft_of(user) && roles.iter().all(|given| directory.assignments(user.id).contains(given))
}

/// The known person with what the line says; an empty cell changes nothing.
fn kept(user: &User, draft: &UserDraft) -> UserDraft {
    UserDraft {
        phone: draft.phone.clone().or_else(|| user.phone.clone()),
        email: draft.email.clone().or_else(|| user.email.clone()),
        locale: user.locale.clone(),
        ..draft.clone()
    }
}

fn home_of(directory: &Directory, text: &str, only: Option<Id<of::Unit>>) -> Option<Id<of::Unit>> {
    let wanted = plain(text);
    if wanted.is_empty() {
        return only;
    }
    let named = |name: &str| plain(name) == wanted;
    let mut found = directory.tree().units().filter(|unit| {
        unit.active && (named(&unit.code) || named(&unit.name) || unit.name_en.as_deref().is_some_and(named))
    });
    let first = found.next()?;
    // Two units of one name: the store is meant, else nobody knows.
    let rest: Vec<_> = found.collect();
    if rest.is_empty() {
        return Some(first.id);
    }
    let mut stores = std::iter::once(first).chain(rest).filter(|unit| unit.kind == UnitKind::Store);
    stores.next().filter(|_| stores.next().is_none()).map(|unit| unit.id)
}

/// Somebody who can now set a first password.
#[derive(Debug, Clone)]
pub struct Hired {
    /// The person.
    pub user: Id<of::User>,
    /// Staff number.
    pub login: String,
    /// Name.
    pub name: String,
    /// The unit where they work.
    pub home: Id<of::Unit>,
    /// The code; it is shown only now.
    pub code: Secret,
}

/// Saves those of `hires` that are no bad lines. Answers who is new with the code for a first password, and how many were changed.
///
/// # Errors
/// As adding and changing single people, when somebody else has changed the same meanwhile; then nothing is saved.
pub async fn save(ctx: &Ctx, hires: &[Hire]) -> Result<(Vec<Hired>, usize), Fault> {
    let mut wanted = Vec::new();
    let mut codes = Vec::new();
    for hire in hires {
        let code = match hire.fate {
            Fate::New => Some(Secret::readable()?),
            Fate::Changes(_) => None,
            Fate::Same | Fate::Bad(_) => continue,
        };
        wanted.push((hire.clone(), code.as_ref().map(Secret::activation_digest)));
        codes.extend(code);
    }
    if wanted.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let (made, changed) = ctx.write(wanted, |w, wanted| Box::pin(save_within(w, wanted))).await?;
    let directory = ctx.house.identity.directories().refresh().await?;
    let hired = made.into_iter().zip(codes).filter_map(|(id, code)| {
        let user = directory.user(id)?;
        Some(Hired { user: id, login: user.login.clone(), name: user.name.clone(), home: user.home, code })
    });
    Ok((hired.collect(), changed))
}

async fn save_within(
    w: &mut Work<'_>,
    wanted: &[(Hire, Option<String>)],
) -> Result<Recorded<(Vec<Id<of::User>>, usize)>, Fault> {
    let tree = people::tree(w).await?;
    let ids = w.ctx.house.ids.clone();
    let (mut made, mut changed, mut recorded) = (Vec::new(), 0, None);
    for (hire, code) in wanted {
        let home = hire.draft.home.ok_or_else(|| Fault::field("home", "required"))?;
        w.require(PEOPLE_EDIT, &place_of_unit(&tree, home))?;
        match hire.fate {
            Fate::Changes(id) => {
                let user = store::users::get(w.tx, id).await?.ok_or_else(Fault::not_found)?;
                w.require(PEOPLE_EDIT, &place_of_user(&tree, &user))?;
                let had = store::roles::of_user(w.tx, id).await?;
                let roles = joined(&had, &hire.roles);
                check_roles(&w.ctx.actor, &tree, Some(id), &had, &roles)?;
                people::check_given(w, Some(home), &had, &roles)?;
                let draft = kept(&user, &hire.draft);
                let (before, after) = store::users::save(w.tx, w.now, id, user.version, &draft).await?;
                if had != roles {
                    store::roles::assign(w.tx, id, &roles).await?;
                }
                let event = Event::new(user_record(id), "user.changed", place_of_user(&tree, &after)).quietly();
                let event = user_changes(event, &tree, Some(&before), &after);
                let event = event.change("roles", roles_text(&tree, &had), roles_text(&tree, &roles));
                recorded = Some(w.record(event).await?);
                changed += 1;
            }
            Fate::New => {
                check_roles(&w.ctx.actor, &tree, None, &[], &hire.roles)?;
                people::check_given(w, Some(home), &[], &hire.roles)?;
                let user = store::users::insert(w.tx, &ids, w.now, &hire.draft, None).await?;
                store::roles::assign(w.tx, user.id, &hire.roles).await?;
                if let Some(hash) = code {
                    store::activation::put(w.tx, user.id, hash, w.now.plus(ACTIVATION_LIMIT), w.now).await?;
                }
                let event = Event::new(user_record(user.id), "user.created", place_of_user(&tree, &user)).quietly();
                let event = user_changes(event, &tree, None, &user);
                recorded = Some(w.record(event.change("roles", None, roles_text(&tree, &hire.roles))).await?);
                made.push(user.id);
            }
            Fate::Same | Fate::Bad(_) => {}
        }
    }
    Ok(match recorded {
        Some(recorded) => recorded.with((made, changed)),
        None => w.unchanged((made, changed)),
    })
}

/// The lines that could not be taken, for correction.
pub(crate) fn is_bad(hires: &[Hire], line: &Line) -> bool {
    hires.iter().any(|hire| hire.line == line.number && matches!(hire.fate, Fate::Bad(_)))
}
