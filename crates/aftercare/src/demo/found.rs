//! Founds the demo company: units and people.

use std::collections::BTreeMap;
use std::sync::Arc;

use capability::{Ctx, Event, Installation, Work};
use identity::store::{roles, units, users};
use identity::{Assignment, UnitDraft, UnitKind, UserDraft};
use kernel::{Fault, Id, Place, RecordRef, Timestamp, of};

use super::company::{REGIONS, STAFF, STORES, TEAMS};
use super::play::{Cast, Crew};
use super::story::Teller;

/// Founds the company in one transaction and says who plays in it.
pub(super) async fn company(house: &Arc<Installation>, password: &str, founded: Timestamp) -> Result<Cast, Fault> {
    let ctx = Ctx::system(Arc::clone(house), "demo");
    let asked = (password.to_owned(), founded);
    ctx.write(asked, |w, (password, founded)| {
        Box::pin(async move {
            let (ctx, founded) = (w.ctx, *founded);
            let mut then = w.acting(ctx, founded);
            let hq = plan(&mut then, password).await?;
            let place = Place { store: hq, team: None, owner: None };
            let event = Event::new(RecordRef::new("unit", hq), "company.founded", place).quietly();
            Ok(then.record(event).await?.with(()))
        })
    })
    .await?;
    cast(house).await
}

/// The people of every store that has both a clerk and a technician.
pub(crate) async fn cast(house: &Arc<Installation>) -> Result<Cast, Fault> {
    let directory = house.identity.directories().refresh().await?;
    let mut crews = Vec::new();
    for unit in directory.stores() {
        let mut crew = Crew { store: unit.id, clerks: Vec::new(), technicians: Vec::new(), manager: None };
        for user in directory.users_of_store(unit.id) {
            let Some(actor) = directory.actor(user.id) else { continue };
            let ctx = Ctx::new(Arc::clone(house), actor, web::Locale::ZhCn, "demo");
            match directory.assignments(user.id).first().map(|given| given.role.as_str()) {
                Some("clerk") => crew.clerks.push((user.id, ctx)),
                Some("technician") => crew.technicians.push((user.id, ctx)),
                Some("store_manager") => crew.manager = Some((user.id, ctx)),
                _ => {}
            }
        }
        if !crew.clerks.is_empty() && !crew.technicians.is_empty() {
            crews.push(crew);
        }
    }
    let mut departments = Vec::new();
    let asked = |unit: &&identity::Unit| unit.kind == UnitKind::Team && matches!(unit.code.as_str(), "QA" | "FIN");
    for unit in directory.tree().units().filter(asked) {
        let helper = directory
            .users_of_store(unit.id)
            .find_map(|user| directory.actor(user.id).filter(|actor| actor.holds(cases::app::TASK_WORK)));
        if let Some(actor) = helper {
            departments.push((unit.id, Ctx::new(Arc::clone(house), actor, web::Locale::ZhCn, "demo")));
        }
    }
    Ok(Cast { crews: Arc::new(crews), customers: Arc::default(), departments: Arc::new(departments), sells: false })
}

async fn plan(w: &mut Work<'_>, password: &str) -> Result<Id<of::Unit>, Fault> {
    let mut made = BTreeMap::new();
    let hq = unit(w, &made, (None, UnitKind::Company, "HQ", "云栖电器", "Yunqi Home"), None).await?;
    made.insert("HQ", hq);
    for (code, name, name_en) in REGIONS {
        let id = unit(w, &made, (Some("HQ"), UnitKind::Region, code, name, name_en), None).await?;
        made.insert(*code, id);
    }
    for (code, name, name_en) in TEAMS {
        let id = unit(w, &made, (Some("HQ"), UnitKind::Team, code, name, name_en), None).await?;
        made.insert(*code, id);
    }
    for store in STORES {
        let draft = (Some(store.region), UnitKind::Store, store.code, store.name, store.name_en);
        made.insert(store.code, unit(w, &made, draft, Some(store.address)).await?);
    }
    for (login, name, role, at) in STAFF {
        person(w, &made, login, name, role, at, password).await?;
    }
    // The first store's people have names that the guide uses; every other has a manager, a clerk or two and a technician.
    for (n, store) in STORES.iter().enumerate().skip(1) {
        let busy = n % 3 == 1;
        let roles = ["store_manager", "clerk", "technician"].into_iter().chain(busy.then_some("clerk"));
        for (m, role) in roles.enumerate() {
            let login = format!("{}-{m}", store.code.to_lowercase());
            person(w, &made, &login, &Teller::name(90_000 + n * 7 + m), role, store.code, password).await?;
        }
    }
    Ok(hq)
}

type NewUnit<'a> = (Option<&'a str>, UnitKind, &'a str, &'a str, &'a str);

async fn unit(
    w: &mut Work<'_>,
    made: &BTreeMap<&str, Id<of::Unit>>,
    (parent, kind, code, name, name_en): NewUnit<'_>,
    address: Option<&str>,
) -> Result<Id<of::Unit>, Fault> {
    let draft = UnitDraft {
        parent: parent.and_then(|parent| made.get(parent)).copied(),
        kind,
        code: code.to_owned(),
        name: name.to_owned(),
        name_en: Some(name_en.to_owned()),
        zone: "Asia/Shanghai".to_owned(),
        phone: (kind == UnitKind::Store).then(|| "4008000000".to_owned()),
        address: address.map(str::to_owned),
        active: true,
    };
    Ok(units::insert(w.tx, &w.ctx.house.ids, &draft).await?.id)
}

async fn person(
    w: &mut Work<'_>,
    made: &BTreeMap<&str, Id<of::Unit>>,
    login: &str,
    name: &str,
    role: &str,
    at: &str,
    password: &str,
) -> Result<(), Fault> {
    let home = made.get(at).copied();
    let draft = UserDraft {
        login: login.to_owned(),
        name: name.to_owned(),
        phone: None,
        email: None,
        home,
        locale: "zh-CN".to_owned(),
        active: true,
    };
    let user = users::insert(w.tx, &w.ctx.house.ids, w.now, &draft, Some(password.to_owned())).await?;
    let unit = home.ok_or_else(Fault::not_found)?;
    roles::assign(w.tx, user.id, &[Assignment { role: role.to_owned(), unit }]).await?;
    Ok(())
}
