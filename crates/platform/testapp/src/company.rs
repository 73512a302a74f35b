use std::sync::Arc;

use capability::Installation;
use db::Tx;
use identity::store::{roles, units, users};
use identity::{Assignment, UnitDraft, UnitKind, UserDraft};
use kernel::{Fault, Id, of};

const UNITS: &[(&str, UnitKind, &str, &str)] = &[
    ("HQ", UnitKind::Company, "", "测试总部"),
    ("QA", UnitKind::Team, "HQ", "质量部"),
    ("EAST", UnitKind::Region, "HQ", "东区"),
    ("SOUTH", UnitKind::Region, "HQ", "南区"),
    ("S1", UnitKind::Store, "EAST", "一店"),
    ("S2", UnitKind::Store, "EAST", "二店"),
    ("S3", UnitKind::Store, "SOUTH", "三店"),
];

const PEOPLE: &[(&str, &str, &str, &str)] = &[
    ("clerk1", "林晓敏", "clerk", "S1"),
    ("tech1", "陈志远", "technician", "S1"),
    ("boss1", "周敏", "store_manager", "S1"),
    ("clerk2", "李雪", "clerk", "S2"),
    ("clerk3", "黄斌", "clerk", "S3"),
    ("boss3", "郑海", "store_manager", "S3"),
    ("east", "吴建国", "region_manager", "EAST"),
    ("quality", "何静", "headquarters_quality", "HQ"),
    ("assessor", "方卫", "assessor", "HQ"),
    ("finance", "吴婷", "finance", "HQ"),
    ("admin", "沈涛", "administrator", "HQ"),
];

pub(crate) async fn found(house: &Arc<Installation>) {
    let input = (house.ids.clone(), house.clock.now());
    let planted = house.db.write(input, |tx, (ids, now)| {
        Box::pin(async move {
            for (code, kind, parent, name) in UNITS {
                let parent = unit(tx, parent).await?;
                let draft = UnitDraft {
                    parent,
                    kind: *kind,
                    code: (*code).to_owned(),
                    name: (*name).to_owned(),
                    name_en: None,
                    zone: "Asia/Shanghai".to_owned(),
                    phone: None,
                    address: None,
                    active: true,
                };
                units::insert(tx, ids, &draft).await?;
            }
            for (login, name, role, at) in PEOPLE {
                let at = unit(tx, at).await?;
                let draft = UserDraft {
                    login: (*login).to_owned(),
                    name: (*name).to_owned(),
                    phone: None,
                    email: None,
                    home: at,
                    locale: "zh-CN".to_owned(),
                    active: true,
                };
                let user = users::insert(tx, ids, *now, &draft, None).await?;
                let unit = at.ok_or_else(Fault::not_found)?;
                roles::assign(tx, user.id, &[Assignment { role: (*role).to_owned(), unit }]).await?;
            }
            Ok::<_, Fault>(())
        })
    });
    planted.await.expect("the company is founded");
    house.identity.directories().refresh().await.expect("the directory loads");
}

async fn unit(tx: &mut Tx, code: &str) -> Result<Option<Id<of::Unit>>, Fault> {
    Ok(units::all(tx).await?.into_iter().find(|unit| unit.code == code).map(|unit| unit.id))
}
