//! What happens to one case of the demo company, from the first word to the rating. Made from a seed, so the same seed tells the
//! same stories.

use cases::domain::{Cause, Channel, CheckResult, Kind, Outcome, Priority, WaitReason};
use fastrand::Rng;
use kernel::{Money, Timestamp, Zone};

use super::company::{GIVEN, GOODS, Good, STORES, SURNAMES, TROUBLES, Trouble};
use super::voices;

/// One minute, hour and day in milliseconds.
const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// One case.
#[derive(Clone)]
pub(crate) struct Story {
    /// Which of the company's stores.
    pub(crate) store: usize,
    /// Which of its customers.
    pub(crate) customer: usize,
    pub(crate) kind: Kind,
    pub(crate) channel: Channel,
    pub(crate) priority: Priority,
    pub(super) good: &'static Good,
    pub(super) trouble: &'static Trouble,
    pub(crate) serial: String,
    /// Whether what is brought was sold here before; as it falls when nobody says.
    pub(crate) sold: Option<bool>,
    pub(crate) taken_in: Timestamp,
    /// Picks the people among those of the store.
    pub(crate) clerk: usize,
    pub(crate) handler: usize,
    /// What happens afterwards, in order of time.
    pub(crate) acts: Vec<(Timestamp, Act)>,
}

impl Story {
    /// The same flow without notes, replies and ratings.
    pub(crate) fn without_words(&mut self) {
        self.acts.retain(|(_, act)| matches!(act, Act::Step(_) | Act::ManagerCloses));
    }

    /// The customer brings what they have bought here, a unit that is theirs alone.
    pub(crate) fn brings_own(&mut self) {
        self.sold = Some(true);
        self.serial = match self.good.category {
            "phone" | "tablet" => checked(&format!("86{:012}", self.customer)),
            _ => format!("{}{:010}", self.good.letters(), self.customer),
        };
    }
}

/// What somebody does to a case.
#[derive(Clone)]
pub(crate) enum Act {
    /// The handler writes down something for colleagues.
    Note(&'static str),
    /// The handler writes to the customer.
    Reply(&'static str),
    /// The handler moves the case on.
    Step(Step),
    /// The manager closes it.
    ManagerCloses,
    /// The handler asks a department for something; it answers by then, unless that is still to come.
    Ask { title: &'static str, answer: &'static str, hours: i64, done: Timestamp },
    /// Somebody of the counter looks whether it held.
    Check { result: CheckResult, words: &'static str },
    /// The customer rates.
    Rate { csat: i64, nps: i64, effort: i64, words: &'static str },
}

/// What moves a case on.
#[derive(Clone)]
pub(crate) enum Step {
    Accept,
    Analyse,
    Propose { cost: Money, by: Timestamp },
    Confirm { by_phone: bool },
    Decline,
    Wait { reason: WaitReason, until: Timestamp },
    Resume,
    Resolve { outcome: Outcome, cause: Cause },
    CustomerCloses,
    Reopen,
    Reject,
    Cancel,
}

const REPLIES: &[&str] = &[
    "您好，您的问题我们已经看到，今天之内给您答复。",
    "师傅已经联系好，上门前半小时给您打电话。",
    "配件已经在路上，预计后天到店，到了马上通知您。",
    "给您带来不便很抱歉，我们正在加快处理。",
];
const NOTES: &[&str] = &[
    "顾客下午不在家，改约明早。",
    "已电话核对型号和购买日期，在三包期内。",
    "仓库有现货，可以调拨。",
    "顾客语气着急，回复时注意安抚。",
    "现场照片已看，和上个月同型号的情况一样。",
];
const TASKS: &[(&str, &str)] = &[
    ("查这一批主板是否有共性问题", "同批次上报 3 例，已记录，建议更换新批次"),
    ("核对这台机器的三包期", "购买日期有效，还在三包期内"),
    ("调拨配件 1 件", "已发出，明天上午到店"),
    ("核对顾客的付款和发票", "已核对，金额与发票一致"),
    ("复核现场照片，判断责任", "安装原因，由安装方承担"),
];
const CHECKS: &[&str] = &["去电回访，使用正常。", "顾客说一直正常。", "", ""];
const PARTLY: &[&str] = &["响声小了，还有一点，顾客可以接受。", "偶尔还会出现，已记录。"];
const GOOD_WORDS: &[&str] =
    &["师傅很专业，讲得很清楚。", "处理得快，满意。", "态度好，下次还来。", "比预想的快。", "", ""];
const BAD_WORDS: &[&str] = &["等得太久了。", "来回打了好几个电话才有人管。", "修了两次才好。", "希望能提前通知。"];

/// Tells stories.
pub(crate) struct Teller {
    rng: Rng,
    zone: Zone,
    first: usize,
    customers: usize,
    /// How many praised, proposed and complained so far.
    heard: usize,
}

impl Teller {
    /// A teller whose customers have the numbers from `first` on.
    pub(crate) fn new(seed: u64, first: usize, customers: usize, zone: Zone) -> Self {
        Self { rng: Rng::with_seed(seed), zone, first, customers, heard: 0 }
    }

    /// The name of the customer or employee number `n`; the same number has the same name.
    pub(crate) fn name(n: usize) -> String {
        let pick = |from: &str, at: usize| {
            let letters: Vec<char> = from.chars().collect();
            letters.get(at % letters.len().max(1)).copied().unwrap_or('王')
        };
        let (surname, first) = (pick(SURNAMES, n * 7 + n / 13), pick(GIVEN, n * 11 + 3));
        let second = if n.is_multiple_of(3) { String::new() } else { pick(GIVEN, n * 17 + n / 5).to_string() };
        format!("{surname}{first}{second}")
    }

    /// The phone number of customer `n`, out of ranges that exist; every number is different.
    pub(crate) fn phone(n: usize) -> String {
        const STARTS: [&str; 8] = ["138", "139", "157", "186", "133", "135", "177", "150"];
        let start = STARTS.get(n % STARTS.len()).copied().unwrap_or("138");
        format!("{start}{:08}", (n * 7_919 + 10_000_019) % 100_000_000)
    }

    /// `count` stories that begin between `from` and `until`, in order of time; nothing in them happens after `now`.
    pub(crate) fn tell(&mut self, count: usize, from: Timestamp, until: Timestamp, now: Timestamp) -> Vec<Story> {
        let span = until.since(from).max(1);
        let mut begins = Vec::with_capacity(count);
        for _ in 0..count {
            let at = from.plus(self.rng.i64(0..span));
            begins.push(self.opening_hours(at, until));
        }
        begins.sort_unstable();
        begins.into_iter().map(|at| self.story(at, now)).collect()
    }

    /// Moved into the hours in which a store takes cases in, 9:00 to 20:30 of the same day.
    fn opening_hours(&mut self, at: Timestamp, until: Timestamp) -> Timestamp {
        let open = at.day(&self.zone).at(9, 0, &self.zone);
        open.plus(self.rng.i64(0..690) * MINUTE).min(until.plus(-self.rng.i64(1..240) * MINUTE))
    }

    fn story(&mut self, taken_in: Timestamp, now: Timestamp) -> Story {
        let rng = &mut self.rng;
        let trouble = pick(rng, TROUBLES);
        let goods: Vec<&'static Good> = GOODS.iter().filter(|good| good.category == trouble.category).collect();
        let good = goods.get(rng.usize(0..goods.len().max(1))).copied().unwrap_or(pick(rng, GOODS));
        let channels = [
            Channel::Counter,
            Channel::Counter,
            Channel::Counter,
            Channel::Phone,
            Channel::Phone,
            Channel::Web,
            Channel::Qr,
        ];
        let channel = *pick(rng, &channels);
        let kind = Kind::parse(trouble.kind).unwrap_or(Kind::Inquiry);
        // Praise, proposals and complaints have many texts; drawn apart, so that the rest of the story stays as it was.
        let (trouble, good) = match voices::voice(trouble.kind, self.heard) {
            Some(voice) => {
                let mut apart = Rng::with_seed(taken_in.millis().unsigned_abs() ^ 0x501C);
                self.heard += 1;
                let fits: Vec<&'static Good> =
                    GOODS.iter().filter(|good| good.category == voice.trouble.category).collect();
                (&voice.trouble, fits.get(apart.usize(0..fits.len().max(1))).copied().unwrap_or(good))
            }
            None => (trouble, good),
        };
        let priority = if trouble.urgent {
            Priority::Urgent
        } else {
            *pick(rng, &[Priority::Normal, Priority::Normal, Priority::Normal, Priority::High, Priority::Low])
        };
        let mut story = Story {
            store: skewed(rng, STORES.len()),
            customer: self.first + rng.usize(0..self.customers.max(1)),
            kind,
            channel,
            priority,
            good,
            trouble,
            serial: format!("{}{:09}", good.letters(), rng.u32(0..999_999_999)),
            sold: None,
            taken_in,
            clerk: rng.usize(0..100),
            handler: rng.usize(0..100),
            acts: Vec::new(),
        };
        if matches!(good.category, "phone" | "tablet") {
            story.serial = imei(&story.serial);
        }
        self.acts(&mut story);
        story.acts.retain(|(at, _)| *at <= now);
        story
    }

    fn acts(&mut self, story: &mut Story) {
        let rng = &mut self.rng;
        let mut at = story.taken_in;
        let mut acts = Vec::new();
        let mut then = |at: &mut Timestamp, wait: i64, act: Act| {
            *at = at.plus(wait);
            acts.push((*at, act));
        };
        // One case in twenty-five lies about for a day before anybody takes it.
        let slow = rng.u8(0..25) == 0;
        let wait = if slow { rng.i64(6..40) * HOUR } else { rng.i64(2..25) * MINUTE };
        if rng.u8(0..60) == 0 {
            then(&mut at, wait, Act::Step(Step::Reject));
            story.acts = acts;
            return;
        }
        then(&mut at, wait, Act::Step(Step::Accept));
        if rng.u8(0..8) != 0 {
            then(&mut at, rng.i64(1..9) * MINUTE, Act::Reply(say(rng, REPLIES)));
        }
        if rng.u8(0..50) == 0 {
            then(&mut at, rng.i64(1..20) * HOUR, Act::Step(Step::Cancel));
            story.acts = acts;
            return;
        }
        then(&mut at, rng.i64(5..90) * MINUTE, Act::Step(Step::Analyse));
        if rng.u8(0..3) == 0 {
            then(&mut at, rng.i64(1..40) * MINUTE, Act::Note(say(rng, NOTES)));
        }
        let plan = |rng: &mut Rng, at: Timestamp| {
            let cost = if rng.u8(0..3) == 0 { Money::from_fen(rng.i64(3..60) * 1_000) } else { Money::ZERO };
            Act::Step(Step::Propose { cost, by: at.plus(rng.i64(1..4) * DAY) })
        };
        let wait = rng.i64(10..300) * MINUTE;
        let proposed = plan(rng, at.plus(wait));
        then(&mut at, wait, proposed);
        if story.kind.needs_confirmation() {
            if rng.u8(0..12) == 0 {
                then(&mut at, rng.i64(10..600) * MINUTE, Act::Step(Step::Decline));
                let wait = rng.i64(20..300) * MINUTE;
                let proposed = plan(rng, at.plus(wait));
                then(&mut at, wait, proposed);
            }
            then(&mut at, rng.i64(5..900) * MINUTE, Act::Step(Step::Confirm { by_phone: rng.bool() }));
        }
        if story.kind != Kind::Inquiry && rng.u8(0..6) == 0 {
            let reason =
                *pick(rng, &[WaitReason::Parts, WaitReason::Parts, WaitReason::Appointment, WaitReason::Customer]);
            let days = rng.i64(1..9);
            let wait = rng.i64(10..120) * MINUTE;
            let until = at.plus(wait + days * DAY);
            then(&mut at, wait, Act::Step(Step::Wait { reason, until }));
            then(&mut at, days * DAY - rng.i64(1..6) * HOUR, Act::Step(Step::Resume));
        }
        if rng.u8(0..3) != 0 {
            then(&mut at, rng.i64(10..240) * MINUTE, Act::Reply(say(rng, REPLIES)));
        }
        // What departments and checks do is drawn apart, so that the rest of the story stays as it was.
        let mut apart = Rng::with_seed(story.taken_in.millis().unsigned_abs() ^ 0x7A5C);
        let asks = matches!(story.kind, Kind::Repair | Kind::Complaint | Kind::Return) && apart.u8(0..9) == 0;
        if asks {
            let (title, answer) = *pick(&mut apart, TASKS);
            let hours = *pick(&mut apart, &[2, 4, 8]);
            then(&mut at, apart.i64(5..40) * MINUTE, Act::Note("已请相关部门协助。"));
            let done = at.plus(apart.i64(1..hours * 60) * MINUTE + if apart.u8(0..5) == 0 { 40 * HOUR } else { 0 });
            then(&mut at, MINUTE, Act::Ask { title, answer, hours, done });
            at = done.max(at);
        }
        let work = match story.kind {
            Kind::Inquiry | Kind::Feedback => rng.i64(10..300) * MINUTE,
            Kind::Installation => rng.i64(12..60) * HOUR,
            Kind::Repair | Kind::Complaint | Kind::Return => rng.i64(6..96) * HOUR,
        };
        then(&mut at, work, resolve(story.kind));
        let reopened = rng.u8(0..30) == 0;
        if reopened {
            then(&mut at, rng.i64(6..70) * HOUR, Act::Step(Step::Reopen));
            then(&mut at, rng.i64(4..50) * HOUR, resolve(story.kind));
        }
        let close = if rng.u8(0..10) == 0 { Act::ManagerCloses } else { Act::Step(Step::CustomerCloses) };
        then(&mut at, rng.i64(1..60) * HOUR, close);
        if story.kind.needs_confirmation() {
            let mut later = at.plus(7 * DAY + apart.i64(1..30) * HOUR);
            let (result, words) = match apart.u8(0..12) {
                0 => (CheckResult::Partly, say(&mut apart, PARTLY)),
                _ => (CheckResult::Worked, say(&mut apart, CHECKS)),
            };
            then(&mut later, 0, Act::Check { result, words });
        }
        if rng.u8(0..100) < 43 {
            let sour = slow || reopened || rng.u8(0..12) == 0;
            let rating = if sour {
                Act::Rate { csat: rng.i64(1..4), nps: rng.i64(0..7), effort: rng.i64(1..4), words: say(rng, BAD_WORDS) }
            } else {
                Act::Rate {
                    csat: rng.i64(4..6),
                    nps: rng.i64(7..11),
                    effort: rng.i64(4..6),
                    words: say(rng, GOOD_WORDS),
                }
            };
            then(&mut at, rng.i64(1..30) * HOUR, rating);
        }
        // A rating may come before the check.
        acts.sort_by_key(|(at, _)| *at);
        story.acts = acts;
    }
}

/// The digits of a serial number as an IMEI whose last digit fits.
fn imei(serial: &str) -> String {
    let end: String = serial.chars().rev().filter(char::is_ascii_digit).take(8).collect();
    checked(&format!("864012{end:0>8}"))
}

/// Fourteen digits as an IMEI.
fn checked(body: &str) -> String {
    let fits = |last: &u8| parties::domain::luhn(&format!("{body}{last}"));
    let last = (0..10_u8).find(fits).unwrap_or(0);
    format!("{body}{last}")
}

const fn resolve(kind: Kind) -> Act {
    let (outcome, cause) = match kind {
        Kind::Inquiry => (Outcome::Answered, Cause::USAGE),
        Kind::Feedback => (Outcome::Answered, Cause::SERVICE),
        Kind::Installation => (Outcome::Fixed, Cause::INSTALLATION),
        Kind::Repair => (Outcome::Fixed, Cause::PRODUCT),
        Kind::Complaint => (Outcome::Compensated, Cause::SERVICE),
        Kind::Return => (Outcome::Replaced, Cause::PRODUCT),
    };
    Act::Step(Step::Resolve { outcome, cause })
}

#[expect(
    clippy::indexing_slicing,
    reason = "the index is drawn from the list's own length, and every list above has entries"
)]
fn pick<'a, T>(rng: &mut Rng, from: &'a [T]) -> &'a T {
    &from[rng.usize(0..from.len())]
}

fn say(rng: &mut Rng, from: &[&'static str]) -> &'static str {
    pick::<&str>(rng, from)
}

/// Earlier stores are busier.
fn skewed(rng: &mut Rng, count: usize) -> usize {
    rng.usize(0..count.max(1)).min(rng.usize(0..count.max(1) + count / 2))
}
