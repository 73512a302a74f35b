//! `aftercare seed --cases N`: many cases at once, to try the program under load.

use std::collections::BTreeSet;

use anyhow::bail;

use crate::demo::{self, Teller};
use crate::open::Installed;
use crate::people::said;
use crate::progress::Progress;

/// Milliseconds in a day.
const DAY: i64 = 86_400_000;
/// Stories that are told before they are written, so that memory does not grow with their number.
const CHUNK: u32 = 10_000;

/// Adds `cases` cases of the last `days` days to the stores that exist, in order of time.
pub(crate) async fn seed(installed: Installed, cases: u32, days: u16, seed: u64) -> anyhow::Result<()> {
    let house = &installed.house;
    let mut cast = demo::cast(house).await.map_err(said)?;
    if cast.crews.is_empty() {
        bail!(
            "no store has a clerk and a technician; make the demo company first: aftercare demo --only-make --cases 100"
        );
    }
    let now = house.clock.now();
    // Many come again; of 32 numbers for a hundred cases 30 are drawn.
    let customers = usize::try_from(u64::from(cases) * 32 / 100)?.max(1);
    // Other numbers than the demo company's and than those of other seeds.
    let first = usize::try_from(seed % 1_000)?.saturating_add(1).saturating_mul(1_000_000);
    // Three of four customers own what they bring first; the rest of what is brought was bought elsewhere.
    cast.sells = true;
    let mut came = BTreeSet::new();
    let mut teller = Teller::new(seed, first, customers, house.zone.clone());
    let span = DAY * i64::from(days);
    let mut progress = Progress::of("cases", Some(u64::from(cases)));
    let (mut done, mut from) = (0, now.plus(-span));
    while done < cases {
        let some = CHUNK.min(cases - done);
        done += some;
        let until = now.plus(-(span / i64::from(cases.max(1))) * i64::from(cases - done));
        let mut stories = teller.tell(usize::try_from(some)?, from, until, now);
        // Load comes from cases and their flow; what people wrote to each other would double the time it takes.
        for story in &mut stories {
            story.without_words();
            story.sold = Some(false);
            if came.insert(story.customer) && story.customer % 4 != 0 {
                story.brings_own();
            }
        }
        demo::tell(&installed, &mut cast, stories, &mut progress).await?;
        from = until;
    }
    progress.end(u64::from(done));
    Ok(())
}
