//! Situations, and which guides fit one; no I/O.

use kernel::words;

words! {
    /// What a guide is for (用途).
    pub enum Kind {
        /// What is said to a customer (话术).
        Talk = "talk",
        /// What is said to a customer who is upset (安抚).
        Calming = "calming",
        /// How colleagues and partners are brought in (协调).
        Coordination = "coordination",
    }
}

words! {
    /// How far a matter is (环节).
    pub enum Stage {
        /// Taking it in.
        Intake = "intake",
        /// Taking it on, or not.
        Screen = "screen",
        /// Finding out.
        Investigate = "investigate",
        /// Offering.
        Offer = "offer",
        /// Carrying out.
        Execute = "execute",
        /// Calling back.
        CallBack = "call_back",
        /// Saying the end of it.
        Close = "close",
    }
}

words! {
    /// How a customer feels (情绪).
    pub enum Emotion {
        /// Loud (愤怒).
        Angry = "angry",
        /// Asks again and again (焦急).
        Anxious = "anxious",
        /// Hurt and disappointed (委屈).
        Aggrieved = "aggrieved",
        /// Will go public or to an authority (扬言曝光).
        Threatening = "threatening",
        /// Insults or threatens staff (辱骂).
        Abusive = "abusive",
    }
}

words! {
    /// How grave a complaint is, the gravest first; the words of complaints.
    pub enum Severity {
        /// 严重
        S1 = "s1",
        /// 较重
        S2 = "s2",
        /// 一般
        S3 = "s3",
        /// 轻微
        S4 = "s4",
    }
}

/// What a complaint can be about; the words of complaints.
pub const TOPICS: [&str; 11] = [
    "safety",
    "quality",
    "installation",
    "repair",
    "delivery",
    "refund",
    "attitude",
    "fees",
    "promise",
    "privacy",
    "other",
];

/// Blanks that are filled in where a guide is shown: the number of the matter, the store, who reads.
pub const BLANKS: [&str; 3] = ["number", "store", "me"];

/// Where somebody stands who needs words now. What is not known is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Situation {
    /// Only these kinds; empty = all.
    pub kinds: Vec<Kind>,
    /// How far it is; not known = guides for every stage.
    pub stage: Option<Stage>,
    /// What it is about, a word of [`TOPICS`].
    pub topic: Option<String>,
    /// How grave it is.
    pub severity: Option<Severity>,
    /// The customer is upset.
    pub upset: bool,
    /// In what way; implies upset.
    pub emotion: Option<Emotion>,
}

/// What a guide fits; what is left out fits everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fits {
    /// What it is for.
    pub kind: Kind,
    /// At this stage.
    pub stage: Option<Stage>,
    /// About this.
    pub topic: Option<String>,
    /// At least this grave.
    pub severity: Option<Severity>,
    /// Felt like this.
    pub emotion: Option<Emotion>,
}

impl Situation {
    /// How well `fits` meets this situation, more is better; `None` = not at all.
    pub fn match_of(&self, fits: &Fits) -> Option<u8> {
        let upset = self.upset || self.emotion.is_some();
        let of_kind = self.kinds.is_empty() || self.kinds.contains(&fits.kind);
        if !of_kind || (fits.kind == Kind::Calming && !upset) {
            return None;
        }
        let mut score = 0;
        match (&fits.topic, &self.topic) {
            (None, _) => {}
            (Some(wanted), Some(is)) if wanted == is => score += 8,
            _ => return None,
        }
        match (fits.emotion, self.emotion) {
            (None, _) => {}
            (Some(wanted), Some(is)) if wanted == is => score += 8,
            _ => return None,
        }
        match (fits.severity, self.severity) {
            (None, _) => {}
            // The words stand in order, the gravest first.
            (Some(wanted), Some(is)) if is <= wanted => score += 4,
            _ => return None,
        }
        match (fits.stage, self.stage) {
            (None, _) | (Some(_), None) => {}
            (Some(wanted), Some(is)) if wanted == is => score += 2,
            _ => return None,
        }
        Some(score)
    }
}

/// The first blank in `text` that nobody can fill in.
pub fn unknown_blank(text: &str) -> Option<&str> {
    text.split('{').skip(1).find_map(|rest| {
        let name = rest.split_once('}').map_or(rest, |(name, _)| name);
        (!BLANKS.contains(&name)).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(kind: Kind) -> Fits {
        Fits { kind, stage: None, topic: None, severity: None, emotion: None }
    }

    #[test]
    fn what_a_guide_does_not_name_fits_everything() {
        assert_eq!(Situation::default().match_of(&fits(Kind::Talk)), Some(0));
        let staged = Fits { stage: Some(Stage::Offer), ..fits(Kind::Talk) };
        let offer = Situation { stage: Some(Stage::Offer), ..Situation::default() };
        assert_eq!((offer.match_of(&staged), offer.match_of(&fits(Kind::Talk))), (Some(2), Some(0)));
        assert_eq!(Situation { stage: Some(Stage::Close), ..offer }.match_of(&staged), None);
        assert_eq!(Situation::default().match_of(&staged), Some(0), "without a stage all stages are shown");
    }

    #[test]
    fn calming_words_are_for_those_who_are_upset() {
        let calming = fits(Kind::Calming);
        let angry = Fits { emotion: Some(Emotion::Angry), ..calming.clone() };
        assert_eq!(Situation::default().match_of(&calming), None);
        let upset = Situation { upset: true, ..Situation::default() };
        assert_eq!((upset.match_of(&calming), upset.match_of(&angry)), (Some(0), None));
        let known = Situation { emotion: Some(Emotion::Angry), ..Situation::default() };
        assert_eq!((known.match_of(&calming), known.match_of(&angry)), (Some(0), Some(8)));
    }

    #[test]
    fn graver_ones_are_meant_too() {
        let grave = Fits { severity: Some(Severity::S2), ..fits(Kind::Coordination) };
        let of = |severity| Situation { severity: Some(severity), ..Situation::default() }.match_of(&grave);
        assert_eq!((of(Severity::S1), of(Severity::S2), of(Severity::S3)), (Some(4), Some(4), None));
        assert_eq!(Situation::default().match_of(&grave), None);
    }

    #[test]
    fn blanks_that_nobody_fills_in_are_found() {
        assert_eq!(unknown_blank("{store}的{me}，{number}"), None);
        assert_eq!(unknown_blank("{name}"), Some("name"));
        assert_eq!(unknown_blank("{store"), None);
        assert_eq!(unknown_blank("{"), Some(""));
    }
}
