//! What is suggested and decided about a text, without any I/O.

pub mod tree;

use cases::domain::Channel as Way;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A suggested label is shown from this confidence on, in per cent; below it the program is silent.
pub const AT_LEAST: i64 = 55;
/// Fewest decided texts that a model is learned from.
pub const FEWEST: i64 = 60;

/// How the customer feels about it (情感).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sentiment {
    /// 正面
    Positive,
    /// 中性
    Neutral,
    /// 负面
    Negative,
}

impl Sentiment {
    /// All of them, in their order.
    pub const ALL: [Self; 3] = [Self::Positive, Self::Neutral, Self::Negative];
    /// The word that is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Positive => "positive",
            Self::Neutral => "neutral",
            Self::Negative => "negative",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// The language of a text, as far as its letters show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// 中文
    Chinese,
    /// Latin letters, taken for English.
    English,
    /// Neither, or nothing to tell by.
    #[default]
    Other,
}

impl Language {
    /// All of them, in their order.
    pub const ALL: [Self; 3] = [Self::Chinese, Self::English, Self::Other];

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }

    /// The word that is stored and shown by.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Chinese => "chinese",
            Self::English => "english",
            Self::Other => "other",
        }
    }

    /// What most letters of `text` belong to; one Chinese character weighs as much as a short word.
    pub fn of(text: &str) -> Self {
        let chinese = text.chars().filter(|letter| matches!(letter, '\u{3400}'..='\u{9FFF}')).count();
        let latin = text.chars().filter(char::is_ascii_alphabetic).count();
        let letters = text.chars().filter(|letter| letter.is_alphabetic()).count();
        if chinese > 0 && chinese * 4 >= latin {
            Self::Chinese
        } else if latin > 0 && latin * 2 > letters {
            Self::English
        } else {
            Self::Other
        }
    }
}

kernel::words! {
    /// By which kind of channel a text came (渠道类型), the kinds of the register and two ways without a channel of their own.
    pub enum Source {
        /// 电话
        Phone = "phone",
        /// 网页表单
        WebForm = "web_form",
        /// 邮箱
        Mailbox = "mailbox",
        /// 店铺与聊天接口
        Webhook = "webhook",
        /// 柜台
        Counter = "counter",
        /// 意见箱
        SuggestionBox = "suggestion_box",
        /// 二维码海报
        QrPoster = "qr_poster",
        /// 导入
        Import = "import",
        /// 巡店
        Patrol = "patrol",
    }
}
db::stored_words!(Source);

impl Source {
    /// The usual kind of channel of a case that reached us by `way`.
    pub const fn usual(way: Way) -> Self {
        match way {
            Way::Counter => Self::Counter,
            Way::Phone => Self::Phone,
            Way::Web => Self::WebForm,
            Way::Qr => Self::QrPoster,
            Way::Mail => Self::Mailbox,
            Way::Api => Self::Webhook,
            Way::Import => Self::Import,
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
            Self::Import => "file-import",
            Self::Patrol => "eye",
        }
    }
}

kernel::words! {
    /// Why a text waits apart from the others (筛出).
    pub enum Screened {
        /// It looks like advertising.
        Spam = "spam",
        /// The same customer said the same before.
        Copy = "copy",
    }
}
db::stored_words!(Screened);

/// So many words of advertisers let a text wait apart; one alone may stand in what a customer says.
const SPAM_WORDS: usize = 2;

/// Whether a text waits apart: what is dangerous never does.
pub fn screen(suggestions: &Suggestions, copied: bool) -> Option<Screened> {
    if !suggestions.urgent.is_empty() {
        None
    } else if suggestions.spam.len() >= SPAM_WORDS {
        Some(Screened::Spam)
    } else {
        copied.then_some(Screened::Copy)
    }
}

/// One suggested label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Suggested {
    /// The label.
    pub label: String,
    /// How likely it is right, in per cent.
    pub confidence: i64,
    /// What in the text speaks for it, the strongest first.
    pub reasons: Vec<String>,
}

/// Everything that is suggested about a text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Suggestions {
    /// The version of the model; 0 when none had been learned.
    pub model: i64,
    /// What it is about.
    pub category: Option<Suggested>,
    /// How the customer feels.
    pub sentiment: Option<Suggested>,
    /// Words that make it urgent; none when it is not.
    pub urgent: Vec<String>,
    /// What looks like advertising; none when nothing does.
    pub spam: Vec<String>,
    /// In which language it is written.
    pub language: Language,
    /// How many texts of the same store say the same, letter by letter, in the week before.
    pub copies: i64,
}

/// What a person decides about a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels {
    /// What it is about; absent only for spam.
    pub category: Option<String>,
    /// How the customer feels.
    pub sentiment: Sentiment,
    /// Somebody must act at once.
    pub urgent: bool,
    /// Nobody asked for it; it teaches nothing and counts nowhere.
    pub spam: bool,
}

impl Labels {
    /// Whether the first decision took the suggested category; `None` when none was suggested.
    pub fn agreed(&self, suggestions: &Suggestions) -> Option<bool> {
        suggestions.category.as_ref().map(|suggested| self.category.as_deref() == Some(suggested.label.as_str()))
    }

    /// What it counts for; `agreed` as above.
    pub fn parts(&self, agreed: Option<bool>) -> Vec<(&'static str, i64)> {
        if self.spam {
            return Vec::new();
        }
        let mut parts = vec![("feedback.labelled", 1)];
        if self.sentiment == Sentiment::Negative {
            parts.push(("feedback.negative", 1));
        }
        if let Some(agreed) = agreed {
            parts.push(("feedback.judged", 1));
            if agreed {
                parts.push(("feedback.agreed", 1));
            }
        }
        parts
    }
}

/// Danger to people or property, and threats to go public: somebody acts before the classifying is done.
const URGENT: &[&str] = &[
    "受伤",
    "烫伤",
    "烧伤",
    "触电",
    "漏电",
    "起火",
    "着火",
    "冒烟",
    "爆炸",
    "燃气",
    "煤气泄漏",
    "漏水严重",
    "中毒",
    "住院",
    "报警",
    "律师",
    "起诉",
    "12315",
    "12345",
    "曝光",
    "媒体",
    "injured",
    "burned",
    "electric shock",
    "on fire",
    "smoke",
    "gas leak",
    "lawyer",
    "police",
];

/// What advertisers write and customers do not.
const SPAM: &[&str] = &[
    "加微信",
    "加我微信",
    "加v",
    "刷单",
    "兼职",
    "日赚",
    "贷款",
    "代开",
    "发票代",
    "博彩",
    "彩票",
    "网赌",
    "点击链接",
    "免费领取",
    "http://",
    "https://",
    "www.",
];

/// Which of the words for danger stand in `text`.
pub fn urgent(text: &str) -> Vec<String> {
    standing(text, URGENT)
}

/// Which of the words of advertisers stand in `text`.
pub fn spam(text: &str) -> Vec<String> {
    standing(text, SPAM)
}

fn standing(text: &str, words: &[&str]) -> Vec<String> {
    let lower = text.to_lowercase();
    words.iter().filter(|word| lower.contains(**word)).take(4).map(|word| (*word).to_owned()).collect()
}

/// What a case says, as one text: the subject alone, the body alone when it begins the same way, else both.
pub fn text(subject: &str, body: &str) -> String {
    let beginning = subject.trim_end_matches(['…', '.']);
    match (subject.is_empty(), body.is_empty()) {
        (_, true) => subject.to_owned(),
        (true, false) => body.to_owned(),
        (false, false) if body.starts_with(beginning) => body.to_owned(),
        (false, false) => format!("{subject}\n{body}"),
    }
}

/// The digest by which copies are found; `None` for texts so short that different people write the same.
pub fn digest(text: &str) -> Option<i64> {
    let letters = text.chars().filter(|letter| letter.is_alphanumeric()).count();
    (letters >= 12).then(|| i64::from_le_bytes(classify::fingerprint(text).to_le_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn danger_and_advertising_are_named() {
        assert_eq!(urgent("插座漏电，孩子差点触电"), ["触电", "漏电"]);
        assert!(urgent("送货很快").is_empty());
        assert_eq!(spam("想赚钱加微信，日赚三百"), ["加微信", "日赚"]);
        assert!(spam("微信上联系过你们").is_empty());
    }

    #[test]
    fn danger_is_never_screened_and_one_word_is_no_advertising() {
        let of = |text: &str| Suggestions { urgent: urgent(text), spam: spam(text), ..Suggestions::default() };
        assert_eq!(screen(&of("刷单日赚三百"), false), Some(Screened::Spam));
        assert_eq!(screen(&of("刷单日赚三百，插座漏电"), true), None);
        assert_eq!(screen(&of("师傅让我加微信，一直没通过"), false), None);
        assert_eq!(screen(&of("师傅没来"), true), Some(Screened::Copy));
    }

    #[test]
    fn language_by_letters() {
        assert_eq!(Language::of("快递 very good"), Language::Chinese);
        assert_eq!(Language::of("The delivery was late"), Language::English);
        assert_eq!(Language::of("Очень хорошо"), Language::Other);
        assert_eq!(Language::of("…!"), Language::Other);
    }

    #[test]
    fn a_subject_that_begins_the_text_is_not_said_twice() {
        assert_eq!(text("洗衣机漏水…", "洗衣机漏水，地板泡了"), "洗衣机漏水，地板泡了");
        assert_eq!(text("漏水", "地板泡了"), "漏水\n地板泡了");
        assert_eq!(text("漏水", ""), "漏水");
    }

    #[test]
    fn short_texts_have_no_copies() {
        assert_eq!(digest("好评！"), None);
        assert_eq!(digest("送货师傅很细心，还帮忙擦地"), digest("送货师傅很细心 还帮忙擦地！"));
        assert!(digest("送货师傅很细心，还帮忙擦地").is_some());
    }

    #[test]
    fn spam_counts_nowhere_and_silence_is_not_judged() {
        let labels =
            Labels { category: Some("quality".into()), sentiment: Sentiment::Negative, urgent: false, spam: false };
        let silent = Suggestions::default();
        assert_eq!(labels.agreed(&silent), None);
        assert_eq!(labels.parts(None), [("feedback.labelled", 1), ("feedback.negative", 1)]);
        let category = Some(Suggested { label: "price".into(), confidence: 80, reasons: vec![] });
        assert_eq!(labels.agreed(&Suggestions { category, ..silent }), Some(false));
        assert!(Labels { spam: true, ..labels }.parts(Some(true)).is_empty());
    }
}
