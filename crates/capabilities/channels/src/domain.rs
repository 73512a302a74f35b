//! What channels there are, and when one is quiet. Without any I/O.

use cases::domain::Channel as Way;
use db::{Cell, FromValue};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What kind of channel it is (渠道类型).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A phone line (电话).
    Phone,
    /// A form on the web (网页表单).
    WebForm,
    /// A mailbox (邮箱).
    Mailbox,
    /// A hook that a shop or a chat tool calls (店铺与聊天接口).
    Webhook,
    /// A counter in the store (柜台).
    Counter,
    /// A box for slips of paper (意见箱).
    SuggestionBox,
    /// A poster with a code to scan (二维码海报).
    QrPoster,
}

impl Kind {
    /// All of them, in their order.
    pub const ALL: [Self; 7] =
        [Self::Phone, Self::WebForm, Self::Mailbox, Self::Webhook, Self::Counter, Self::SuggestionBox, Self::QrPoster];
    /// The word that is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::WebForm => "web_form",
            Self::Mailbox => "mailbox",
            Self::Webhook => "webhook",
            Self::Counter => "counter",
            Self::SuggestionBox => "suggestion_box",
            Self::QrPoster => "qr_poster",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
    /// How a case that comes by it reaches us.
    pub const fn way(self) -> Way {
        match self {
            Self::Phone => Way::Phone,
            Self::WebForm => Way::Web,
            Self::Mailbox => Way::Mail,
            Self::Webhook => Way::Api,
            Self::Counter | Self::SuggestionBox => Way::Counter,
            Self::QrPoster => Way::Qr,
        }
    }
    /// The kind whose only channel at a store a case that reached us so came by; `None` where that would be a guess.
    pub const fn usual(way: Way) -> Option<Self> {
        match way {
            Way::Phone => Some(Self::Phone),
            Way::Web => Some(Self::WebForm),
            Way::Mail => Some(Self::Mailbox),
            Way::Counter => Some(Self::Counter),
            Way::Qr => Some(Self::QrPoster),
            Way::Api | Way::Import => None,
        }
    }
    /// The picture beside it.
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::WebForm => "world",
            Self::Mailbox => "mail",
            Self::Webhook => "webhook",
            Self::Counter => "building-store",
            Self::SuggestionBox => "inbox",
            Self::QrPoster => "qrcode",
        }
    }
}

impl FromValue for Kind {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        word(cell, Self::parse)
    }
}

/// When a channel is open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Hours {
    /// In the working time of its store.
    #[default]
    Store,
    /// Day and night.
    Always,
}

impl Hours {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Store, Self::Always];
    /// The word that is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Store => "store",
            Self::Always => "always",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

impl FromValue for Hours {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        word(cell, Self::parse)
    }
}

pub(crate) fn word<T>(cell: Cell<'_>, parse: impl Fn(&str) -> Option<T>) -> Result<T, String> {
    match cell {
        Cell::Text(text) => parse(text).ok_or_else(|| format!("no such word: {text}")),
        Cell::Null | Cell::Int(_) | Cell::Bool(_) | Cell::Bytes(_) => {
            Err("no text where a word is expected".to_owned())
        }
    }
}

/// What came in a stretch of open time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stretch {
    /// How many cases.
    pub cases: i64,
    /// Minutes in which the channel was open.
    pub minutes: i64,
}

/// A channel brings less than it used to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    /// How many cases its history lets expect, in thousandths.
    pub expected: i64,
    /// How many came.
    pub seen: i64,
}

/// Fewer cases than this are no history.
pub const FEWEST: i64 = 12;

/// Whether what came `lately` is fewer than chance explains, given what came `before` in the same kind of hours.
///
/// Arrivals scatter around their expectation E with a standard deviation of √E. Seen are too few when they lack more than 2.65 of
/// those: (E − seen)² > 7 E, which chance alone does about once in three hundred looks. With nothing seen that is when seven were
/// expected. Counted in thousandths with whole numbers, so that the same figures always give the same answer.
pub fn quiet(before: Stretch, lately: Stretch) -> Option<Quiet> {
    if before.cases < FEWEST || before.minutes <= 0 || lately.minutes <= 0 {
        return None;
    }
    let expected = i128::from(before.cases) * 1_000 * i128::from(lately.minutes) / i128::from(before.minutes);
    let lacking = expected - i128::from(lately.cases) * 1_000;
    let quiet = lacking > 0 && lacking * lacking > 7_000 * expected;
    quiet.then(|| Quiet { expected: i64::try_from(expected).unwrap_or(i64::MAX), seen: lately.cases })
}

/// A site that may show a form inside its page: `https://shop.example.com`, without a path; `None` when it is something else.
pub fn origin(typed: &str) -> Option<String> {
    let typed = typed.trim().trim_end_matches('/').to_ascii_lowercase();
    let host = typed.strip_prefix("https://")?;
    let (name, port) = host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    let named = !name.is_empty() && name.chars().all(letters) && name.contains('.') && !name.starts_with('.');
    let numbered = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    (named && numbered).then_some(typed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const fn stretch(cases: i64, minutes: i64) -> Stretch {
        Stretch { cases, minutes }
    }

    #[test]
    fn silence_counts_from_seven_expected_cases_on() {
        // Eight weeks of 600 open minutes a day with two cases each.
        let before = stretch(112, 56 * 600);
        assert_eq!(quiet(before, stretch(0, 3 * 600)), None, "six were expected");
        assert_eq!(quiet(before, stretch(0, 4 * 600)), Some(Quiet { expected: 8_000, seen: 0 }));
        assert_eq!(quiet(before, stretch(1, 4 * 600)), None);
        assert_eq!(quiet(before, stretch(5, 7 * 600)), None, "fourteen and five can be chance");
        assert_eq!(quiet(before, stretch(4, 7 * 600)), Some(Quiet { expected: 14_000, seen: 4 }));
        assert_eq!(quiet(stretch(11, 56 * 600), stretch(0, 56 * 600)), None, "that is no history");
    }

    #[test]
    fn only_secure_origins_may_frame() {
        assert_eq!(origin(" https://Shop.example.com/ "), Some("https://shop.example.com".to_owned()));
        assert_eq!(origin("https://shop.example.com:8443"), Some("https://shop.example.com:8443".to_owned()));
        for bad in [
            "http://shop.example.com",
            "https://shop.example.com/a",
            "*",
            "https://a b.c",
            "https://x;",
            "https://*.a.b",
        ] {
            assert_eq!(origin(bad), None, "{bad}");
        }
    }

    #[test]
    fn cases_and_the_register_agree_on_what_fits() {
        for kind in Kind::ALL {
            assert!(kind.way().fits(kind.as_str()), "{kind:?}");
            let ways = Way::ALL.iter().filter(|way| **way != Way::Import && way.fits(kind.as_str())).count();
            assert_eq!(ways, 1, "{kind:?}");
        }
    }

    proptest! {
        #[test]
        fn more_cases_never_make_a_channel_quiet(
            history in 0_i64..5_000, minutes in 1_i64..50_000, seen in 0_i64..500, more in 0_i64..500, open in 0_i64..20_000,
        ) {
            let before = stretch(history, minutes);
            if quiet(before, stretch(seen + more, open)).is_some() {
                prop_assert!(quiet(before, stretch(seen, open)).is_some());
            }
        }

        #[test]
        fn a_longer_silence_never_ends_it(
            history in 0_i64..5_000, minutes in 1_i64..50_000, seen in 0_i64..500, open in 0_i64..20_000, longer in 0_i64..20_000,
        ) {
            let before = stretch(history, minutes);
            if quiet(before, stretch(seen, open)).is_some() {
                prop_assert!(quiet(before, stretch(seen, open + longer)).is_some());
            }
        }

        #[test]
        fn closed_hours_and_its_own_pace_are_never_quiet(history in 0_i64..5_000, minutes in 1_i64..50_000, times in 1_i64..10) {
            let before = stretch(history, minutes);
            prop_assert_eq!(quiet(before, stretch(0, 0)), None);
            prop_assert_eq!(quiet(before, stretch(history * times, minutes * times)), None);
        }
    }
}
