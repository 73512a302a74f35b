//! The filters of the inbox: several values each, in the address.

use capability::Ctx;
use web::{Choice, Form, Lang};

use crate::app::VIEW;
use crate::domain::tree::Tree;
use crate::domain::{Language, Sentiment, Source};
use crate::store::{Filter, Show};

/// Names that narrow the list.
const NAMES: [&str; 10] =
    ["from", "to", "store", "kind", "channel", "source", "language", "sentiment", "category", "feeling"];
/// Most values of one name that are read.
const MOST: usize = 50;

/// The filter in the address; what cannot be read is as good as absent. Days are inclusive.
pub(crate) fn filter(form: &mut Form, lang: &Lang, tree: &Tree) -> Filter {
    let texts = |form: &Form, name: &str| -> Vec<String> {
        form.all(name).filter(|one| !one.is_empty() && one.len() <= 40).take(MOST).map(str::to_owned).collect()
    };
    Filter {
        show: form.choice_or_none("show", Show::parse).unwrap_or_default(),
        from: form.day_or_none("from").map(|day| day.start(&lang.zone)),
        before: form.day_or_none("to").map(|day| day.plus(1).start(&lang.zone)),
        stores: form.all("store").filter_map(|id| id.parse().ok()).take(MOST).collect(),
        kinds: texts(form, "kind"),
        channels: texts(form, "channel"),
        sources: form.all("source").filter_map(Source::parse).take(MOST).collect(),
        languages: form.all("language").filter_map(Language::parse).take(MOST).collect(),
        sentiments: form.all("sentiment").filter_map(Sentiment::parse).take(MOST).collect(),
        categories: texts(form, "category").iter().flat_map(|code| tree.beneath(code)).take(200).collect(),
        upset: form.all("feeling").any(|one| one == "upset"),
        urgent: form.all("feeling").any(|one| one == "urgent"),
    }
}

/// What narrows the list, as it stands in the address.
pub(super) fn narrowing(form: &Form) -> Vec<(String, String)> {
    let kept = form.pairs().iter().filter(|(name, value)| NAMES.contains(&name.as_str()) && !value.is_empty());
    kept.cloned().collect()
}

/// An address of the list.
pub(super) fn address(show: Show, pairs: &[(String, String)], more: Option<(&str, String)>) -> String {
    let mut all = vec![("show".to_owned(), show.as_str().to_owned())];
    all.extend(pairs.iter().cloned());
    all.extend(more.map(|(name, value)| (name.to_owned(), value)));
    format!("/feedback?{}", serde_urlencoded::to_string(&all).unwrap_or_default())
}

/// A filter with several values.
pub(super) struct Group {
    pub name: &'static str,
    pub label: String,
    pub choices: Vec<Choice>,
    pub chosen: Vec<String>,
}

impl Group {
    pub fn holds(&self, value: &str) -> bool {
        self.chosen.iter().any(|chosen| chosen == value)
    }
}

/// One value that narrows the list, and the list without it.
pub(super) struct Chosen {
    pub text: String,
    pub href: String,
}

/// The groups of the panel.
pub(super) fn groups(ctx: &Ctx, lang: &Lang, tree: &Tree, pairs: &[(String, String)]) -> Vec<Group> {
    let directory = ctx.house.identity.directories().now();
    let reach = ctx.reach(VIEW);
    let stores = directory.stores().filter(|unit| reach.company || reach.stores.contains(&unit.id));
    let stores: Vec<_> =
        stores.map(|unit| Choice::new(unit.id.to_string(), unit.name_in(lang.locale.as_str()))).collect();
    let all = tree.all().filter(|(_, one)| one.retired_at.is_none());
    let categories: Vec<_> =
        all.map(|(_, one)| Choice::new(&one.code, tree.name(&one.code, lang.locale.as_str()))).collect();
    let groups = [
        (
            "source",
            "feedback-filter-source",
            lang.choices("feedback-source", Source::ALL.iter().map(|one| one.as_str())),
        ),
        ("feeling", "feedback-filter-feeling", lang.choices("feedback-feeling", ["urgent", "upset"])),
        (
            "sentiment",
            "feedback-col-sentiment",
            lang.choices("feedback-sentiment", Sentiment::ALL.map(Sentiment::as_str)),
        ),
        ("category", "feedback-col-category", categories),
        ("language", "feedback-language", lang.choices("feedback-language", Language::ALL.map(Language::as_str))),
        ("kind", "cases-page-col-kind", lang.choices("cases-kind", ["feedback", "complaint"])),
        ("store", "cases-page-store", if stores.len() > 1 { stores } else { Vec::new() }),
    ];
    let chosen = |name: &str| pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect();
    let group = |(name, label, choices)| Group { name, label: lang.t(label), choices, chosen: chosen(name) };
    groups.into_iter().map(group).filter(|group| !group.choices.is_empty()).collect()
}

/// Each value that narrows the list, in words.
pub(super) fn chosen(ctx: &Ctx, lang: &Lang, tree: &Tree, show: Show, pairs: &[(String, String)]) -> Vec<Chosen> {
    let directory = ctx.house.identity.directories().now();
    let text = |name: &str, value: &str| match name {
        "source" | "feeling" | "sentiment" | "language" => {
            lang.find(&format!("feedback-{name}-{}", value.replace('_', "-")))
        }
        "kind" | "channel" => lang.find(&format!("cases-{name}-{}", value.replace('_', "-"))),
        "category" => Some(tree.name(value, lang.locale.as_str())),
        "store" => {
            let unit = value.parse().ok().and_then(|id| directory.unit(id));
            unit.map(|unit| unit.name_in(lang.locale.as_str()).to_owned())
        }
        "from" => Some(lang.t1("cases-list-from", "day", value)),
        "to" => Some(lang.t1("cases-list-to", "day", value)),
        _ => None,
    };
    let one = |at: usize, name: &str, value: &str| {
        let mut rest = pairs.to_vec();
        rest.remove(at);
        text(name, value).map(|text| Chosen { text, href: address(show, &rest, None) })
    };
    pairs.iter().enumerate().filter_map(|(at, (name, value))| one(at, name, value)).collect()
}
