use remedies::{Cause, Fault};

/// What a reason of a back office says to the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// How grave the fault is.
    pub fault: Fault,
    /// What caused it.
    pub cause: Cause,
}

/// Words of reasons, the first that fits counts: no fault at all, or a fault of the goods. What arrived broken or was wrongly sent is
/// left to a person.
const WORDS: &[(&[&str], Told)] = &[
    (
        &["无理由", "不想要", "不喜欢", "拍错", "多拍", "重复下单", "不需要"],
        Told { fault: Fault::None, cause: Cause::None },
    ),
    (
        &[
            "质量",
            "故障",
            "坏了",
            "无法使用",
            "不能用",
            "性能",
            "功能",
            "不制冷",
            "不脱水",
            "开不了机",
            "defect",
            "faulty",
        ],
        Told { fault: Fault::Performance, cause: Cause::Product },
    ),
];

/// What `reason` says to the rules; nothing where a person has to look.
pub fn told(reason: &str) -> Option<Told> {
    let plain = reason.to_lowercase();
    WORDS.iter().find(|(words, _)| words.iter().any(|word| plain.contains(word))).map(|(_, told)| *told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_clear_is_taken_for_granted() {
        assert_eq!(told("七天无理由退货").map(|one| one.fault), Some(Fault::None));
        assert_eq!(told("商品质量问题").map(|one| one.cause), Some(Cause::Product));
        for unclear in ["运输破损", "少件/漏发", "其他", ""] {
            assert_eq!(told(unclear), None, "{unclear}");
        }
    }
}
