//! Photos for a few cases of the demo company, drawn by the program, and PINs for its people.

use std::io::Cursor;
use std::sync::Arc;

use anyhow::Context as _;
use capability::{Ctx, Installation};
use cases::app::files::NewFiles;
use cases::app::{self, Filter, Order};
use cases::domain::Visibility;
use files::Prepared;
use image::{ImageFormat, Rgb, RgbImage};
use kernel::Fault;
use web::Locale;

use crate::people::said;

/// Cases that get photos.
const CASES: u16 = 18;
const WIDTH: u32 = 720;
const HEIGHT: u32 = 540;

/// PINs of the first store's people, for taking turns at a counter PC.
pub(super) const PINS: &[(&str, &str)] = &[("lin", "250914"), ("chen", "738205"), ("zhou", "190327")];

/// Hangs photos on the newest cases that the first store's manager sees, and sets the PINs.
pub(super) async fn add(house: &Arc<Installation>) -> anyhow::Result<()> {
    let directory = house.identity.directories().refresh().await.map_err(said)?;
    let person = |login: &str| directory.user_by_login(login).and_then(|user| directory.actor(user.id));
    let manager = person("zhou").context("the demo company has no manager")?;
    let ctx = Ctx::new(Arc::clone(house), manager, Locale::ZhCn, "demo");
    let mut photos = Vec::new();
    for (n, name) in ["面板.jpg", "铭牌.jpg", "故障处.jpg", "交付时.jpg"].into_iter().enumerate() {
        let bytes = photo(u32::try_from(n)?)?;
        photos.push(house.files.prepare(bytes, Some("image/jpeg"), name).await.map_err(said)?);
    }
    hang(&ctx, &photos).await.map_err(said)?;
    for (login, pin) in PINS {
        let user = directory.user_by_login(login).context("the demo company has no such person")?.id;
        let hash = house.identity.hasher().hash(&identity::Secret::new(*pin)).await.map_err(said)?;
        let set = house.db.write((user, hash, house.clock.now()), |tx, (user, hash, now)| {
            Box::pin(async move { identity::store::pins::set(tx, *user, hash, *now).await.map_err(Fault::from) })
        });
        set.await.map_err(said)?;
    }
    Ok(())
}

async fn hang(ctx: &Ctx, photos: &[Prepared]) -> Result<(), Fault> {
    let newest = app::list(ctx, Filter::default(), Order::Newest, None, CASES).await?;
    for (n, row) in newest.rows.iter().enumerate() {
        let some = photos.iter().cycle().skip(n).take(1 + n % photos.len().max(1)).cloned().collect();
        let visibility = if n % 3 == 0 { Visibility::Public } else { Visibility::Internal };
        match app::files::add_files(ctx, row.id, NewFiles { prepared: some, uploads: Vec::new() }, visibility).await {
            Ok(_) => {}
            // The manager sees more cases than the store's own.
            Err(fault) if matches!(fault.kind(), kernel::FaultKind::Forbidden | kernel::FaultKind::NotFound) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(())
}

/// A picture of nothing real: an appliance's front with a door or a plate, in the colours of number `n`.
pub(super) fn photo(n: u32) -> anyhow::Result<Vec<u8>> {
    let tints = [[214, 222, 230], [228, 224, 214], [196, 206, 212], [224, 230, 224]];
    let tint = tints.get(usize::try_from(n)? % tints.len()).copied().unwrap_or([220, 220, 220]);
    let (cx, cy) = (f64::from(WIDTH) / 2.0, f64::from(HEIGHT) / 2.0 + 40.0);
    let picture = RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let far = ((f64::from(x) - cx).powi(2) + (f64::from(y) - cy).powi(2)).sqrt();
        let panel = y < 90 && (40..WIDTH - 40).contains(&x);
        let light = panel && (x + n * 37) % 96 < 14 && (36..52).contains(&y);
        let plate = n == 1 && (210..510).contains(&x) && (170..400).contains(&y);
        let line = plate && y % 34 < 9 && (236..486).contains(&x) && (x * 7 + y / 34 * 53) % 61 < 44;
        let shade = y / 12;
        let base = |c: u32| u8::try_from(c.saturating_sub(shade)).unwrap_or(u8::MAX);
        match () {
            () if light => Rgb([64, 150, 90]),
            () if line => Rgb([70, 74, 82]),
            () if plate => Rgb([236, 236, 230]),
            () if panel => Rgb([58, 66, 78]),
            () if n != 1 && far < 130.0 => Rgb([88, 104, 118]),
            () if n != 1 && far < 165.0 => Rgb([180, 188, 196]),
            () if n == 2 && far < 190.0 && x % 23 < 5 => Rgb([176, 70, 54]),
            () => Rgb(tint.map(|c: u32| base(c))),
        }
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Jpeg)?;
    Ok(bytes.into_inner())
}
