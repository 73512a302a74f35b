//! Which replies are delicate: they need a second person's yes before they leave.

use super::words::{Kind, Priority};

/// What a rule asks about a reply and its case.
#[derive(Debug, Clone, Copy)]
pub struct Condition<'a> {
    /// Of cases of this kind.
    pub kind: Option<Kind>,
    /// Of cases that are at least so urgent.
    pub priority: Option<Priority>,
    /// Of this kind of goods.
    pub category: Option<&'a str>,
    /// When one of these is in it, one a line.
    pub words: Option<&'a str>,
    /// When it names an amount of money.
    pub amount: bool,
    /// When the customer is upset.
    pub upset: bool,
}

/// A reply and what is known of its case.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// What kind of case.
    pub kind: Kind,
    /// How urgent.
    pub priority: Priority,
    /// Which kind of goods.
    pub category: Option<&'a str>,
    /// Whether the customer is upset.
    pub upset: bool,
    /// What would be said.
    pub body: &'a str,
}

impl Condition<'_> {
    /// True when everything that is asked holds; what asks nothing holds for no reply.
    pub fn holds(&self, said: &Said<'_>) -> bool {
        let body = said.body.to_lowercase();
        let words = self.words.map(|words| {
            words.lines().map(|word| word.trim().to_lowercase()).any(|word| !word.is_empty() && body.contains(&word))
        });
        let asked = [
            self.kind.map(|kind| kind == said.kind),
            self.priority.map(|least| rank(said.priority) <= rank(least)),
            self.category.map(|category| said.category == Some(category)),
            words,
            self.amount.then(|| names_money(said.body)),
            self.upset.then_some(said.upset),
        ];
        asked.iter().any(Option::is_some) && asked.into_iter().flatten().all(|holds| holds)
    }
}

/// The most urgent first.
const fn rank(priority: Priority) -> u8 {
    match priority {
        Priority::Urgent => 0,
        Priority::High => 1,
        Priority::Normal => 2,
        Priority::Low => 3,
    }
}

/// Whether a text names an amount of money: ¥ before digits, or 元, 块, 万, yuan or RMB behind them.
pub fn names_money(text: &str) -> bool {
    let letters: Vec<char> = text.chars().filter(|c| !c.is_whitespace() && *c != ',' && *c != '，').collect();
    let digit =
        |at: usize| letters.get(at).is_some_and(|c| c.is_numeric() || "一二两三四五六七八九十百千".contains(*c));
    letters.iter().enumerate().any(|(at, letter)| match letter {
        '¥' | '￥' | '$' => digit(at + 1),
        '元' | '块' | '万' => at > 0 && digit(at - 1),
        'y' | 'Y' | 'r' | 'R' => {
            let word: String = letters.iter().skip(at).take(4).collect::<String>().to_ascii_lowercase();
            at > 0 && digit(at - 1) && (word == "yuan" || word.starts_with("rmb"))
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Condition<'static> =
        Condition { kind: None, priority: None, category: None, words: None, amount: false, upset: false };

    fn said(body: &str) -> Said<'_> {
        Said { kind: Kind::Complaint, priority: Priority::High, category: Some("washer"), upset: false, body }
    }

    #[test]
    fn money_is_seen_in_its_many_clothes() {
        for text in ["赔您¥200", "退￥ 1,280.00", "两百元", "给 50 块", "三万", "300 yuan", "200RMB"] {
            assert!(names_money(text), "{text}");
        }
        for text in ["元旦见", "第一块屏幕坏了吗", "200 件", "your order 5 is ready", "万分抱歉"] {
            assert_eq!(names_money(text), text == "第一块屏幕坏了吗", "{text}");
        }
    }

    #[test]
    fn everything_that_is_asked_has_to_hold() {
        assert!(!NONE.holds(&said("赔偿")), "what asks nothing holds for nothing");
        let words = Condition { kind: Some(Kind::Complaint), words: Some("赔偿\n律师\n\nSUE"), ..NONE };
        assert!(words.holds(&said("可以赔偿")) && words.holds(&said("please do not sue us")));
        assert!(!words.holds(&said("马上处理")));
        assert!(!words.holds(&Said { kind: Kind::Inquiry, ..said("赔偿") }));
        let urgent = Condition { priority: Some(Priority::High), ..NONE };
        assert!(urgent.holds(&said("好")) && urgent.holds(&Said { priority: Priority::Urgent, ..said("好") }));
        assert!(!urgent.holds(&Said { priority: Priority::Normal, ..said("好") }));
        let both = Condition { upset: true, amount: true, ..NONE };
        assert!(both.holds(&Said { upset: true, ..said("赔 200 元") }));
        assert!(!both.holds(&said("赔 200 元")) && !both.holds(&Said { upset: true, ..said("抱歉") }));
        assert!(Condition { category: Some("washer"), ..NONE }.holds(&said("好")));
        assert!(!Condition { category: Some("phone"), ..NONE }.holds(&said("好")));
    }
}
