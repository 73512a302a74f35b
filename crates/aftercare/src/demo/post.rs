//! What the demo company has told its customers and its people lately.

use std::sync::Arc;

use capability::{Ctx, Event, Installation};
use db::args;
use kernel::{Fault, Id, Place, RecordRef, Timestamp, of};
use messaging::setup::{self, MailSetup, NewSecret, Part, SmsSetup, Way};
use messaging::{Channel, NewMessage, Past, QuietHours};
use notices::Notice;

/// Cases whose customers have heard from us.
const TOLD: i64 = 90;
/// Cases whose owners are told of something.
const NOTED: usize = 40;

struct Told {
    id: i64,
    number: String,
    store: Id<of::Unit>,
    owner: Option<Id<of::User>>,
    subject: String,
    name: String,
    phone: String,
    at: Timestamp,
}

/// Sets messages to stay in the outbox, and fills it and the bells as if the newest cases had just been worked on.
pub(super) async fn fill(house: &Arc<Installation>) -> Result<(), Fault> {
    let ctx = Ctx::system(Arc::clone(house), "demo");
    ctx.write((), |work, ()| {
        Box::pin(async move {
            let house = &work.ctx.house;
            let now = work.now;
            let sms = SmsSetup { way: Way::Log, fen_per_segment: 5, ..SmsSetup::default() };
            setup::save(work.tx, &house.master, Part::Sms, 0, &sms, &NewSecret::Same, now).await?;
            let mail = MailSetup { way: Way::Log, from: "云栖售后 <service@example.com>".to_owned(), ..MailSetup::default() };
            setup::save(work.tx, &house.master, Part::Mail, 0, &mail, &NewSecret::Same, now).await?;
            let rows: Vec<(i64, String, Id<of::Unit>, Option<Id<of::User>>, String, String, String, Timestamp)> = work
                .tx
                .all(
                    "SELECT service_case.id, number, service_case.store_id, owner_id, subject, customer_name, phone, happened_at
                     FROM service_case JOIN customer ON customer.id = service_case.customer_id
                     WHERE phone IS NOT NULL ORDER BY happened_at DESC, service_case.id DESC LIMIT $1",
                    args![TOLD],
                )
                .await?;
            let told: Vec<Told> = rows
                .into_iter()
                .map(|(id, number, store, owner, subject, name, phone, at)| Told {
                    id,
                    number,
                    store,
                    owner,
                    subject,
                    name,
                    phone,
                    at,
                })
                .collect();
            let directory = house.identity.directories().now();
            let base = house.public_url.clone().unwrap_or_default();
            // The oldest first, as they would have gone out.
            for (n, case) in told.iter().rev().enumerate() {
                let store = directory.unit(case.store).map(|unit| unit.name.clone()).unwrap_or_default();
                let message = NewMessage {
                    channel: Channel::Sms,
                    to: case.phone.clone(),
                    template: ["received", "plan", "reply", "resolved"].get(n % 4).copied().unwrap_or("received"),
                    locale: "zh-CN".to_owned(),
                    args: vec![
                        ("number", case.number.clone()),
                        ("store", store),
                        ("link", format!("{base}/c/{}", "0".repeat(22))),
                        ("name", case.name.clone()),
                        ("subject", case.subject.clone()),
                        ("text", String::new()),
                    ],
                    record: RecordRef { kind: cases::app::RECORD, id: case.id },
                    store: Some(case.store),
                    zone: house.zone.clone(),
                    quiet: QuietHours { from: (0, 0), until: (0, 0) },
                    dedup: None,
                    now: case.at,
                };
                let id = messaging::queue(work.tx, &house.ids, &message).await?;
                // Most arrive; now and then a number is dead or a receipt never comes.
                let past = match n % 17 {
                    3 => Past::Failed("undelivered", "号码是空号"),
                    5 | 11 => Past::Sent,
                    _ => Past::Delivered,
                };
                messaging::settle_past(work.tx, &house.ids, id, past, case.at.plus(4_000), 5).await?;
            }
            let kinds = ["case.assigned", "case.deadline_near", "case.customer_wrote", "case.assigned", "rating.low"];
            for (n, case) in told.iter().filter(|case| case.owner.is_some()).take(NOTED).enumerate() {
                let kind = kinds.get(n % kinds.len()).copied().unwrap_or("case.assigned");
                let record = RecordRef { kind: cases::app::RECORD, id: case.id };
                let text = if kind == "case.customer_wrote" { "明天上午在家，请带配件来" } else { "今天 17:30" };
                let notice = Notice::new(kind, record).number(&case.number).subject(&case.subject).text(text);
                // The counter and the manager of the first store see what its technicians are told.
                let first = directory.user_by_login("lin").is_some_and(|lin| lin.home == case.store);
                let also = ["lin", "zhou"].iter().filter(|_| first).filter_map(|login| directory.user_by_login(login));
                let users: Vec<_> = case.owner.into_iter().chain(also.map(|user| user.id)).collect();
                notices::tell(work, &users, &notice).await?;
            }
            let place = told.first().map(|case| Place { store: case.store, team: None, owner: None });
            let Some(place) = place else { return Ok(work.unchanged(())) };
            work.record(Event::new(RecordRef { kind: setup::RECORD, id: 2 }, "messaging.changed", place).quietly()).await
        })
    })
    .await
}
