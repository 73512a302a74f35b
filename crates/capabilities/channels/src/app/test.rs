use capability::Ctx;
use kernel::{Fault, Id, Timestamp, Zone, of};
use metrics::Delta;
use notices::Notice;

use super::register::{DAY, event};
use super::{DIMENSION, RECORD, TEST, VIEW};
use crate::store::{self, Channel};

/// Notes the result of a self-test: somebody called the line, sent the form, scanned the poster. The next one is due from now on; when
/// it failed, the owner and who may change the channel hear of it.
///
/// # Errors
/// `invalid` when it failed without a word about how; `stale`; `not-found`; `forbidden`.
pub async fn test(
    ctx: &Ctx,
    id: Id<of::Channel>,
    version: i64,
    passed: bool,
    note: Option<String>,
) -> Result<i64, Fault> {
    let note = note.map(|note| note.trim().to_owned()).filter(|note| !note.is_empty());
    if !passed && note.is_none() {
        return Err(Fault::field("note", "required"));
    }
    ctx.write((id, version, passed, note), |work, (id, version, passed, note)| {
        Box::pin(async move {
            let before = store::get(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            work.require(VIEW, &before)?;
            if !work.ctx.actor.may(TEST, &before) {
                return Err(Fault::forbidden());
            }
            if before.version != *version {
                return Err(Fault::stale(before.version));
            }
            let after = Channel {
                tested_at: Some(work.now),
                test_passed: Some(*passed),
                test_note: note.clone(),
                test_due_at: before.test_days.map(|days| work.now.plus(days * DAY)),
                version: before.version + 1,
                ..before.clone()
            };
            if !store::save(work.tx, &after).await? {
                return Err(Fault::stale(before.version + 1));
            }
            let day = work.now.day(&zone(work.ctx, &after));
            let via = after.id.to_string();
            let by = [(DIMENSION, via.as_str())];
            let mut event = event(&after, "channel.tested")
                .change("test_passed", before.test_passed.map(|it| it.to_string()), Some(passed.to_string()))
                .change("test_note", before.test_note.clone(), note.clone());
            event.deltas = Delta::spread("channels.tests", after.store, day, 1, &by);
            if *passed {
                event.deltas.extend(Delta::spread("channels.tests_passed", after.store, day, 1, &by));
            } else {
                let text = note.clone().unwrap_or_default();
                let told = notice("channel.test_failed", &after).text(&text);
                notices::tell(work, &concerned(work.ctx, &after), &told).await?;
            }
            Ok(work.record(event).await?.with(after.version))
        })
    })
    .await
}

/// Whose business a channel is: its owner, else whoever may change it.
pub(super) fn concerned(ctx: &Ctx, channel: &Channel) -> Vec<Id<of::User>> {
    if let Some(owner) = channel.owner {
        return vec![owner];
    }
    let directory = ctx.house.identity.directories().now();
    // Of all who may, those of the store itself.
    let here = directory.users_of_store(channel.store).map(|user| user.id).collect::<Vec<_>>();
    let may = directory.who_may(super::EDIT, &kernel::Placed::place(channel));
    may.into_iter().map(|user| user.id).filter(|user| here.contains(user)).collect()
}

pub(super) fn notice(kind: &'static str, channel: &Channel) -> Notice {
    Notice::new(kind, kernel::RecordRef::new(RECORD, channel.id)).number(&channel.code).subject(&channel.name)
}

/// The zone in which the days of the channel's store are counted.
pub(super) fn zone(ctx: &Ctx, channel: &Channel) -> Zone {
    let directory = ctx.house.identity.directories().now();
    directory.unit(channel.store).map_or_else(|| ctx.house.zone.clone(), |unit| unit.zone.clone())
}

/// Whether its self-test is due.
pub(crate) fn is_due(channel: &Channel, now: Timestamp) -> bool {
    channel.active && channel.test_due_at.is_some_and(|due| due <= now)
}
