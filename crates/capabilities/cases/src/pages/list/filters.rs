//! The choices of the filter panel, and what of them is chosen.

use capability::Ctx;
use parties::domain::entry_name;
use web::{Choice, Lang};

use super::Asked;
use super::asked::{ME, NOBODY, UPSET};
use crate::app::{Catalogue, VIEW};
use crate::domain::{Channel, Kind, Priority, StateName};
use crate::pages::{choices, directory, picker, stores};

/// Most people that the panel lists; beyond, a store narrows first.
const PEOPLE: usize = 60;

/// A filter with several values.
pub(super) struct Group {
    pub name: &'static str,
    pub label: String,
    pub choices: Vec<Choice>,
    pub chosen: Vec<String>,
}

impl Group {
    pub(super) fn holds(&self, value: &str) -> bool {
        self.chosen.iter().any(|chosen| chosen == value)
    }
}

/// One value that narrows the list, and the list without it.
pub(super) struct Chosen {
    pub text: String,
    pub href: String,
}

/// The groups of the panel.
pub(super) fn groups(ctx: &Ctx, lang: &Lang, catalogue: &Catalogue, asked: &Asked) -> Vec<Group> {
    let reached = stores(ctx, lang, VIEW);
    let stores = if reached.len() > 1 { reached } else { Vec::new() };
    let all = [
        ("kind", "cases-page-col-kind", choices(lang, "cases-kind", Kind::ALL.iter().map(|kind| kind.as_str()))),
        ("state", "cases-list-state", choices(lang, "cases-state", StateName::ALL.iter().map(|state| state.as_str()))),
        (
            "priority",
            "cases-page-priority",
            choices(lang, "cases-priority", Priority::ALL.iter().map(|priority| priority.as_str())),
        ),
        (
            "channel",
            "cases-page-channel",
            choices(lang, "cases-channel", Channel::ALL.iter().map(|channel| channel.as_str())),
        ),
        ("feeling", "cases-list-feeling", vec![Choice::new(UPSET, lang.t("cases-page-upset"))]),
        ("goods", "cases-intake-category", picker::offered(&catalogue.categories, lang)),
        ("cause", "cases-list-cause", picker::offered(&catalogue.causes, lang)),
        ("owner", "cases-page-owner", people(ctx, lang, asked)),
        ("store", "cases-page-store", stores),
    ];
    let group = |(name, label, choices): (&'static str, &str, Vec<Choice>)| Group {
        name,
        label: lang.t(label),
        choices,
        chosen: asked.narrowing().filter(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).collect(),
    };
    all.into_iter().map(group).filter(|group| !group.choices.is_empty()).collect()
}

/// Me, nobody, and who works within reach, of the chosen stores where some are chosen.
fn people(ctx: &Ctx, lang: &Lang, asked: &Asked) -> Vec<Choice> {
    let mut people = vec![Choice::new(ME, lang.t("cases-list-me")), Choice::new(NOBODY, lang.t("cases-page-nobody"))];
    let reach = ctx.reach(VIEW);
    if reach.stores.is_empty() && !reach.company {
        // Whose reach is their own needs no choice of others.
        return Vec::new();
    }
    let directory = directory(ctx);
    let wanted = &asked.base.stores;
    let here = |user: &&identity::User| {
        let store = directory.store_of(user.home).map(|unit| unit.id);
        let fits = |store| match wanted.is_empty() {
            true => reach.company || reach.stores.contains(&store),
            false => wanted.contains(&store),
        };
        user.active && Some(user.id) != ctx.actor.user && store.is_some_and(fits)
    };
    let found: Vec<_> = directory.users().filter(here).collect();
    let shown = if found.len() > PEOPLE { Vec::new() } else { found };
    let chosen = asked.base.owners.iter().filter(|id| Some(**id) != ctx.actor.user);
    let others = chosen.filter(|id| !shown.iter().any(|user| user.id == **id));
    let others: Vec<_> =
        others.filter_map(|id| directory.user_name(*id).map(|name| Choice::new(id.to_string(), name))).collect();
    people.extend(shown.into_iter().map(|user| Choice::new(user.id.to_string(), &user.name)));
    people.extend(others);
    people
}

/// Each value that narrows the list, in words.
pub(super) fn chosen(ctx: &Ctx, lang: &Lang, catalogue: &Catalogue, asked: &Asked) -> Vec<Chosen> {
    let directory = directory(ctx);
    let text = |name: &str, value: &str| match name {
        "kind" | "state" | "priority" | "channel" => lang.find(&format!("cases-{name}-{}", value.replace('_', "-"))),
        "feeling" => Some(lang.t("cases-page-upset")),
        "goods" => Some(entry_name(&catalogue.categories, value, lang.locale.as_str())),
        "cause" => Some(catalogue.cause_name(value, lang.locale.as_str())),
        "owner" if value == ME => Some(lang.t("cases-list-me")),
        "owner" if value == NOBODY => Some(lang.t("cases-page-nobody")),
        "owner" => value.parse().ok().and_then(|id| directory.user_name(id)).map(str::to_owned),
        "store" => {
            let unit = value.parse().ok().and_then(|id| directory.unit(id));
            unit.map(|unit| unit.name_in(lang.locale.as_str()).to_owned())
        }
        "from" => Some(lang.t1("cases-list-from", "day", value)),
        "to" => Some(lang.t1("cases-list-to", "day", value)),
        "symptom" => Some(lang.t1("cases-list-symptom", "code", value)),
        "via" => Some(lang.t("cases-list-via")),
        "q" => Some(lang.t1("cases-list-text", "text", value)),
        _ => None,
    };
    let worded = asked.narrowing().filter_map(|(name, value)| Some((name, value, text(name, value)?)));
    worded.map(|(name, value, text)| Chosen { text, href: asked.without(name, value) }).collect()
}
