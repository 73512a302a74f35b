//! What the classifier promises, on texts written for it.
#![cfg(test)]

use std::sync::LazyLock;

use classify::{Model, ModelError, Scores, Settings, TrainError, Trainer};
use proptest::prelude::*;

/// Sentences put together from parts; every combination occurs once.
fn written() -> Vec<(String, &'static str, &'static str)> {
    let things: [(&str, &[&str]); 3] = [
        ("appliance", &["空调", "冰箱", "洗衣机", "热水器", "电风扇"]),
        ("food", &["苹果", "牛奶", "橙子", "面包", "蛋糕"]),
        ("clothes", &["外套", "裤子", "衬衫", "毛衣", "运动鞋"]),
    ];
    let good = ["很满意，物流也快", "非常好，值得推荐", "不错，全家都喜欢", "质量好，下次再来", "超出期待，赞"];
    let bad = ["太差了，要求退货", "坏的，客服没人理", "失望，和描述不符", "有异味，不会再买", "等了一周，还是错的"];
    let mut all = Vec::new();
    for (category, things) in things {
        for thing in things {
            for (n, opening) in ["买的", "刚收到", "昨天到的", "给爸妈买的"].into_iter().enumerate() {
                for (m, (good, bad)) in good.into_iter().zip(bad).enumerate() {
                    if (n + m) % 2 == 0 {
                        all.push((format!("{opening}{thing}{good}"), category, "positive"));
                    } else {
                        all.push((format!("{opening}{thing}{bad}"), category, "negative"));
                    }
                }
            }
        }
    }
    all
}

fn learned(label: impl Fn(&(String, &'static str, &'static str)) -> &'static str) -> Model {
    let mut trainer = Trainer::new();
    for example in &written() {
        trainer.add(&example.0, label(example));
    }
    trainer.finish(&Settings::default()).unwrap()
}

#[test]
fn sentiment_of_sentences_it_never_saw() {
    let model = learned(|example| example.2);
    for (text, wanted) in [
        ("台灯收到了，太差了，客服没人理，失望", "negative"),
        ("行李箱不错，值得推荐，赞！！！", "positive"),
        ("雨伞ＢＡＤ，和描述不符，要求退货", "negative"),
    ] {
        let answer = model.suggest(text, 0.5).unwrap();
        assert_eq!(answer.label, wanted, "{text}");
        assert!((0.5..=1.0).contains(&answer.confidence));
    }
}

#[test]
fn the_reasons_are_the_words_that_a_reader_would_name() {
    let model = learned(|example| example.1);
    let answer = model.suggest("昨天到的冰箱，客厅里放不下", 0.4).unwrap();
    assert_eq!(answer.label, "appliance");
    assert!(answer.reasons.first().unwrap().words.contains("冰箱"), "{:?}", answer.reasons);
    assert!(answer.reasons.iter().map(|reason| reason.share).sum::<f32>() <= 1.001);
}

#[test]
fn every_category_is_found() {
    let model = learned(|example| example.1);
    assert_eq!(model.labels(), ["appliance", "clothes", "food"]);
    let mut scores = Scores::default();
    for (thing, is) in
        [("洗衣机漏水", "appliance"), ("橙子很甜", "food"), ("毛衣起球", "clothes"), ("牛奶过期", "food")]
    {
        scores.add(is, model.rank(thing)[0].0);
    }
    assert!(scores.accuracy() > 0.99, "{scores:?}");
}

#[test]
fn it_is_silent_when_it_does_not_know() {
    let model = learned(|example| example.1);
    assert_eq!(model.suggest("", 0.0), None);
    assert_eq!(model.suggest("ΩΨΔ", 0.0), None);
    assert_eq!(model.suggest("嗯", 0.9), None);
    assert_eq!(model.suggest("昨天到的", 0.95), None);
}

#[test]
fn a_rare_label_is_still_found() {
    let mut trainer = Trainer::new();
    for n in 0..300 {
        trainer.add(&format!("手机屏幕第{n}天就花了"), "phone");
        trainer.add(&format!("衣服第{n}次洗就褪色"), "clothes");
    }
    for n in 0..6 {
        trainer.add(&format!("热水器打不着火{n}"), "heater");
    }
    let model = trainer.finish(&Settings::default()).unwrap();
    assert_eq!(model.rank("家里的热水器打不着火")[0].0, "heater");
}

#[test]
fn nothing_to_learn_is_said() {
    let few = Trainer::new().finish(&Settings::default()).unwrap_err();
    assert_eq!(few, TrainError::TooFew { texts: 0, fewest: 20 });
    assert_eq!(few.to_string(), "0 texts with a label are too few, 20 are needed");
    let mut same = Trainer::new();
    let mut apart = Trainer::new();
    let mut many = Trainer::new();
    for n in 0..400_u32 {
        same.add("好", "one");
        same.add("", "two");
        same.add("好", "");
        many.add("好", &n.to_string());
    }
    for (n, letter) in ('\u{4E00}'..'\u{4E40}').enumerate() {
        apart.add(&letter.to_string(), if n % 2 == 0 { "a" } else { "b" });
    }
    assert_eq!(same.len(), 400);
    assert_eq!(same.finish(&Settings::default()).unwrap_err(), TrainError::OneLabel { label: "one".to_owned() });
    assert_eq!(apart.finish(&Settings::default()).unwrap_err(), TrainError::NothingCommon);
    assert!(matches!(many.finish(&Settings::default()), Err(TrainError::TooManyLabels { labels: 400, .. })));
}

#[test]
fn kept_and_read_again_it_answers_the_same() {
    let model = learned(|example| example.1);
    let bytes = model.to_bytes();
    assert_eq!(learned(|example| example.1).to_bytes(), bytes, "the same examples give the same bytes");
    let again = Model::from_bytes(&bytes).unwrap();
    assert_eq!(again, model);
    assert!(bytes.len() < 64 * 1024, "{} bytes", bytes.len());
}

#[test]
fn other_bytes_are_refused() {
    let bytes = learned(|example| example.2).to_bytes();
    assert_eq!(Model::from_bytes(b"").unwrap_err(), ModelError::NotOne);
    assert_eq!(Model::from_bytes(b"PK\x03\x04 something").unwrap_err(), ModelError::NotOne);
    assert_eq!(Model::from_bytes(&bytes[..bytes.len() - 1]).unwrap_err(), ModelError::Damaged);
    let mut newer = bytes.clone();
    newer[4] = 9;
    assert_eq!(Model::from_bytes(&newer).unwrap_err(), ModelError::Version { found: 9, known: Model::VERSION });
    for at in [6, 20, bytes.len() / 2, bytes.len() - 4] {
        let mut changed = bytes.clone();
        changed[at] ^= 0x40;
        assert_eq!(Model::from_bytes(&changed).unwrap_err(), ModelError::Damaged, "byte {at}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_asked_the_answer_is_sound(texts in prop::collection::vec("\\PC{0,40}|[好坏冰箱衣服 a!！]{0,30}", 1..8)) {
        static MODEL: LazyLock<Model> = LazyLock::new(|| learned(|example| example.1));
        let model = &*MODEL;
        for text in texts {
            let ranked = model.rank(&text);
            prop_assert!((ranked.iter().map(|(_, confidence)| confidence).sum::<f32>() - 1.0).abs() < 1e-3);
            if let Some(answer) = model.suggest(&text, 0.0) {
                prop_assert_eq!(answer.label, ranked[0].0);
                prop_assert!((answer.confidence - ranked[0].1).abs() < 1e-3);
                for reason in &answer.reasons {
                    prop_assert!(text.contains(&reason.words) && !reason.words.is_empty());
                    prop_assert!((0.0..=1.0).contains(&reason.share));
                }
                prop_assert_eq!(model.suggest(&text, answer.confidence + 0.01), None);
            }
        }
    }

    #[test]
    fn bytes_of_any_kind_never_break_it(mut bytes in prop::collection::vec(any::<u8>(), 0..200), headed in any::<bool>()) {
        if headed {
            bytes.splice(0..0, *b"ACTC\x01\x00");
        }
        prop_assert!(Model::from_bytes(&bytes).is_err());
    }
}
