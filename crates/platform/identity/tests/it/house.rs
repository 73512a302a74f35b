//! A small company to try things in.

use db::Db;
use identity::{
    Assignment, Identity, PermissionDef, Permissions, Secret, SignIn, Unit, UnitDraft, UnitKind, User, UserDraft, store,
};
use kernel::{Clock, Fault, Id, IdGen, Permission, Scope, of};

pub const VIEW: Permission = Permission("cases.view");
pub const KEEP: Permission = Permission("administration.people.edit");
pub const PASSWORD: &str = "correct horse";

const DEFS: [PermissionDef; 2] = [
    PermissionDef {
        permission: VIEW,
        defaults: &[("clerk", Scope::Store), ("technician", Scope::Own), ("region_manager", Scope::Region)],
    },
    PermissionDef { permission: KEEP, defaults: &[("administrator", Scope::Company)] },
];

pub fn permissions() -> Permissions {
    Permissions::new(DEFS)
}

/// Company > region north > stores N1, N2; company > store S1. Wang is clerk in N1, Admin keeps the system.
pub struct House {
    pub db: Db,
    pub clock: Clock,
    pub ids: IdGen,
    pub identity: Identity,
    pub company: Unit,
    pub north: Unit,
    pub n1: Unit,
    pub n2: Unit,
    pub s1: Unit,
    pub wang: User,
    pub admin: User,
}

pub fn unit(parent: Option<Id<of::Unit>>, kind: UnitKind, code: &str) -> UnitDraft {
    UnitDraft {
        parent,
        kind,
        code: code.to_owned(),
        name: code.to_owned(),
        name_en: None,
        zone: "Asia/Shanghai".to_owned(),
        phone: None,
        address: None,
        active: true,
    }
}

pub fn person(login: &str, home: Id<of::Unit>) -> UserDraft {
    UserDraft {
        login: login.to_owned(),
        name: login.to_owned(),
        phone: None,
        email: None,
        home: Some(home),
        locale: "zh-CN".to_owned(),
        active: true,
    }
}

pub async fn add_unit(db: &Db, ids: &IdGen, draft: UnitDraft) -> Result<Unit, Fault> {
    db.write((ids.clone(), draft), |tx, (ids, draft)| {
        Box::pin(async move { store::units::insert(tx, ids, draft).await })
    })
    .await
}

impl House {
    pub async fn new(db: Db) -> Self {
        let clock = testkit::clock();
        let ids = testkit::ids(&clock);
        let identity = Identity::open(db.clone(), clock.clone(), ids.clone(), permissions()).await.unwrap();
        let company = add_unit(&db, &ids, unit(None, UnitKind::Company, "HQ")).await.unwrap();
        let north = add_unit(&db, &ids, unit(Some(company.id), UnitKind::Region, "NORTH")).await.unwrap();
        let n1 = add_unit(&db, &ids, unit(Some(north.id), UnitKind::Store, "N1")).await.unwrap();
        let n2 = add_unit(&db, &ids, unit(Some(north.id), UnitKind::Store, "N2")).await.unwrap();
        let s1 = add_unit(&db, &ids, unit(Some(company.id), UnitKind::Store, "S1")).await.unwrap();
        let hash = identity.hasher().hash(&Secret::new(PASSWORD)).await.unwrap();
        let (wang, admin) = {
            let input = (ids.clone(), clock.now(), n1.id, company.id, hash);
            db.write(input, |tx, (ids, now, n1, company, hash)| {
                Box::pin(async move {
                    let mut draft = person("wang", *n1);
                    draft.phone = Some("13800138000".to_owned());
                    let wang = store::users::insert(tx, ids, *now, &draft, Some(hash.clone())).await?;
                    let admin =
                        store::users::insert(tx, ids, *now, &person("admin", *company), Some(hash.clone())).await?;
                    store::roles::assign(tx, wang.id, &[given("clerk", *n1)]).await?;
                    store::roles::assign(tx, admin.id, &[given("administrator", *company)]).await?;
                    Ok::<_, Fault>((wang, admin))
                })
            })
            .await
            .unwrap()
        };
        identity.directories().refresh().await.unwrap();
        Self { db, clock, ids, identity, company, north, n1, n2, s1, wang, admin }
    }

    pub async fn sign_in(&self, login: &str, password: &str) -> Result<identity::Opened, Fault> {
        self.identity
            .sign_in(SignIn {
                login: login.to_owned(),
                password: Secret::new(password),
                keep: false,
                address: "192.0.2.7".to_owned(),
                agent: "test".to_owned(),
            })
            .await
    }

    pub async fn assign(&self, user: Id<of::User>, roles: Vec<Assignment>) -> Result<(), Fault> {
        self.db
            .write((user, roles), |tx, (user, roles)| {
                Box::pin(async move { store::roles::assign(tx, *user, roles).await.map(|_before| ()) })
            })
            .await
    }

    pub async fn save_user(&self, user: &User, version: i64, draft: UserDraft) -> Result<User, Fault> {
        self.db
            .write((self.clock.now(), user.id, version, draft), |tx, (now, id, version, draft)| {
                Box::pin(
                    async move { store::users::save(tx, *now, *id, *version, draft).await.map(|(_, after)| after) },
                )
            })
            .await
    }
}

pub fn given(role: &str, unit: Id<of::Unit>) -> Assignment {
    Assignment { role: role.to_owned(), unit }
}
