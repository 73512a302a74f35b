use fluent_bundle::FluentValue;
use kernel::{Day, FieldError, Money, Ratio, Timestamp, Zone};

use crate::due::{Due, DueTime};
use crate::field::Choice;
use crate::i18n::{self, Arg, Locale};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How one reader reads: language, business zone, and the instant that "today" and "left" are counted from.
#[derive(Debug, Clone)]
pub struct Lang {
    /// The language.
    pub locale: Locale,
    /// The zone of dates and times on the screen.
    pub zone: Zone,
    /// "Now" of the whole page.
    pub now: Timestamp,
}

impl Lang {
    /// A reader of `locale` in `zone` at `now`.
    pub fn new(locale: Locale, zone: Zone, now: Timestamp) -> Self {
        Self { locale, zone, now }
    }

    /// The language.
    pub const fn locale(&self) -> Locale {
        self.locale
    }
    /// The text `key`; the key itself when it is missing.
    pub fn t(&self, key: &str) -> String {
        i18n::text(self.locale, key, &[])
    }
    /// The text `key` with one value.
    pub fn t1(&self, key: &str, name: &str, value: impl Arg) -> String {
        i18n::text(self.locale, key, &[(name, value.to_fluent())])
    }
    /// The text `key` with two values.
    pub fn t2(&self, key: &str, a: &str, first: impl Arg, b: &str, second: impl Arg) -> String {
        i18n::text(self.locale, key, &[(a, first.to_fluent()), (b, second.to_fluent())])
    }
    /// The text `key` with three values.
    #[expect(
        clippy::too_many_arguments,
        reason = "three pairs, written in templates where a slice of mixed types is unreadable"
    )]
    pub fn t3(
        &self,
        key: &str,
        a: &str,
        first: impl Arg,
        b: &str,
        second: impl Arg,
        c: &str,
        third: impl Arg,
    ) -> String {
        i18n::text(self.locale, key, &[(a, first.to_fluent()), (b, second.to_fluent()), (c, third.to_fluent())])
    }
    /// The text `key` with any number of values.
    pub fn tn(&self, key: &str, args: &[(&str, &dyn Arg)]) -> String {
        let args: Vec<_> = args.iter().map(|(name, value)| (*name, value.to_fluent())).collect();
        i18n::text(self.locale, key, &args)
    }
    /// The text of a word that a record stores, such as a state: `prefix-value`.
    pub fn word(&self, prefix: &str, value: &str) -> String {
        i18n::text(self.locale, &format!("{prefix}-{}", value.replace(['_', '.'], "-")), &[])
    }
    /// What a person can choose, by the words that records store; the texts are [`Lang::word`]s.
    pub fn choices<'w>(&self, prefix: &str, words: impl IntoIterator<Item = &'w str>) -> Vec<Choice> {
        words.into_iter().map(|word| Choice::new(word, self.word(prefix, word))).collect()
    }
    /// Whether `key` has a text; asks without making it.
    pub fn has(&self, key: &str) -> bool {
        i18n::knows(self.locale, key)
    }
    /// The text `key`, when there is one.
    pub fn find(&self, key: &str) -> Option<String> {
        i18n::find(self.locale, key, &[])
    }
    pub(crate) fn stated(&self, key: &str, args: &[(&'static str, String)]) -> String {
        self.find_stated(key, args).unwrap_or_else(|| i18n::text(self.locale, key, &[]))
    }
    pub(crate) fn find_stated(&self, key: &str, args: &[(&'static str, String)]) -> Option<String> {
        let args: Vec<_> = args.iter().map(|(name, value)| (*name, numeric(value))).collect();
        i18n::find(self.locale, key, &args)
    }
    /// What is wrong with a field, and how to put it right.
    pub fn field_error(&self, error: &FieldError) -> String {
        let key = format!("field-{}", error.code);
        self.stated(&key, &error.args)
    }
    /// The same, when there is a text for it.
    pub fn find_field_error(&self, error: &FieldError) -> Option<String> {
        self.find_stated(&format!("field-{}", error.code), &error.args)
    }

    /// `14:32`.
    pub fn time(&self, at: Timestamp) -> String {
        at.civil(&self.zone).strftime("%H:%M").to_string()
    }
    /// `11-22`, or `2025-11-22` in another year.
    pub fn date(&self, at: Timestamp) -> String {
        self.day(at.day(&self.zone))
    }
    /// As [`Lang::date`], of a business day.
    pub fn day(&self, day: Day) -> String {
        let this_year = self.now.day(&self.zone).date().year();
        if day.date().year() == this_year { day.date().strftime("%m-%d").to_string() } else { day.to_string() }
    }
    /// `11-22 14:32`, or with the year in another year.
    pub fn at(&self, at: Timestamp) -> String {
        format!("{} {}", self.date(at), self.time(at))
    }
    /// `2026-11-22 14:32`, for print and exports.
    pub fn full(&self, at: Timestamp) -> String {
        at.civil(&self.zone).strftime("%Y-%m-%d %H:%M").to_string()
    }
    /// `今天 14:32`, `昨天 14:32`, else as [`Lang::at`].
    pub fn when(&self, at: Timestamp) -> String {
        let key = match self.days_until(at) {
            0 => "web-when-today",
            -1 => "web-when-yesterday",
            1 => "web-when-tomorrow",
            _ => return self.at(at),
        };
        self.t1(key, "time", self.time(at))
    }
    /// `11 月 22 日 周日 14:32`, `Sun 22 Nov, 14:32`: the line under a page's title.
    pub fn now_line(&self) -> String {
        let civil = self.now.civil(&self.zone);
        let weekday = self.t(&format!("web-weekday-{}", civil.weekday().to_monday_one_offset()));
        let month = self.t(&format!("web-month-{}", civil.month()));
        self.tn(
            "web-now-line",
            &[("month", &month), ("day", &civil.day()), ("weekday", &weekday), ("time", &self.time(self.now))],
        )
    }
    /// Minutes that the zone is ahead of UTC now; the scripts need it.
    pub fn offset_minutes(&self) -> i64 {
        i64::from(self.zone.tz().to_offset(self.now.to_jiff()).seconds() / 60)
    }
    /// A length of time in milliseconds: `38 分钟`, `3 小时 28 分`, `2 天`.
    pub fn span(&self, millis: i64) -> String {
        self.lengths("web-span", millis)
    }
    /// How long ago: `刚刚`, `5 分钟前`, `3 小时前`, then the date.
    pub fn ago(&self, at: Timestamp) -> String {
        let gone = self.now.since(at);
        match gone {
            ..MINUTE => self.t("web-ago-now"),
            MINUTE..HOUR => self.t1("web-ago-min", "n", gone / MINUTE),
            HOUR..DAY => self.t1("web-ago-hour", "n", gone / HOUR),
            _ => self.at(at),
        }
    }
    /// `¥3,299.00`.
    pub fn money(&self, amount: Money) -> String {
        amount.to_string()
    }
    /// `87.5%`.
    pub fn percent(&self, ratio: Ratio) -> String {
        ratio.to_string()
    }
    /// A count that lists stop at: `1000+` when `n` is above `limit`.
    pub fn capped(&self, n: i64, limit: i64) -> String {
        if n > limit { format!("{limit}+") } else { n.to_string() }
    }
    /// A size of a file, rounded up: `12 KB`, `3.4 MB`.
    pub fn bytes(&self, bytes: i64) -> String {
        match bytes {
            ..=1_048_575 => format!("{} KB", (bytes.max(0) + 1_023) / 1_024),
            _ => format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
        }
    }
    /// The deadline `due` as `<time>` with icon, words and tone.
    pub fn due(&self, due: &Due) -> DueTime {
        DueTime::new(self, due)
    }

    pub(crate) fn days_until(&self, at: Timestamp) -> i32 {
        let (today, then) = (self.now.day(&self.zone).date(), at.day(&self.zone).date());
        (then - today).get_days()
    }
    /// Whole minutes, at least one, so that "0 minutes" is never said; whole days beyond 24 hours.
    pub(crate) fn lengths(&self, prefix: &str, millis: i64) -> String {
        let minutes = millis.div_euclid(MINUTE).max(1);
        let (hours, rest) = (minutes / 60, minutes % 60);
        if minutes < 60 {
            self.t1(&format!("{prefix}-min"), "n", minutes)
        } else if hours >= 24 {
            self.t1(&format!("{prefix}-day"), "n", hours / 24)
        } else if rest == 0 {
            self.t1(&format!("{prefix}-hour"), "h", hours)
        } else {
            self.t2(&format!("{prefix}-hour-min"), "h", hours, "m", format!("{rest:02}"))
        }
    }
}

/// Fault and field values are text; those that are plain numbers choose plurals.
fn numeric(value: &str) -> FluentValue<'static> {
    let plain = value == "0"
        || (value.len() <= 9 && !value.starts_with('0') && value.bytes().all(|byte| byte.is_ascii_digit()));
    match value.parse::<i64>() {
        Ok(number) if plain => FluentValue::from(number),
        _ => FluentValue::from(value.to_owned()),
    }
}
