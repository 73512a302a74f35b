use capability::Ctx;
use kernel::{Ratio, Timestamp};
use web::{Chip, Lang};

use crate::app::Figures;
use crate::store::Channel;

/// A channel as lists show it.
pub(super) struct Row {
    pub channel: Channel,
    pub store: String,
    pub owner: String,
    pub marks: Vec<Chip>,
    pub numbers: Vec<Number>,
}

/// One number: what it is, how it reads, where its records are.
pub(super) struct Number {
    pub label: String,
    pub text: String,
    pub href: Option<String>,
}

impl Row {
    pub fn of(ctx: &Ctx, lang: &Lang, channel: Channel, figures: &Figures) -> Self {
        let directory = ctx.house.identity.directories().now();
        let store = directory.unit(channel.store).map(|unit| unit.name_in(lang.locale.as_str()).to_owned());
        Self {
            store: store.unwrap_or_default(),
            owner: channel.owner.and_then(|owner| directory.user_name(owner)).unwrap_or_default().to_owned(),
            marks: marks(lang, &channel, ctx.now()),
            numbers: numbers(lang, figures),
            channel,
        }
    }

    pub fn href(&self) -> String {
        format!("/channels/{}", self.channel.id)
    }

    pub fn icon(&self) -> web::Icon {
        web::icon(self.channel.kind.icon())
    }
}

/// What somebody should look at.
pub(super) fn marks(lang: &Lang, channel: &Channel, now: Timestamp) -> Vec<Chip> {
    let mut marks = Vec::new();
    if !channel.active {
        marks.push(web::chip("", "circle-x", lang.t("channels-closed")));
    }
    if channel.quiet_at.is_some() {
        marks.push(web::chip("late", "volume-off", lang.t("channels-quiet")));
    }
    if channel.flooded_at.is_some_and(|at| now.since(at) < 86_400_000) {
        marks.push(web::chip("soon", "alert-triangle", lang.t("channels-flooded")));
    }
    if channel.test_passed == Some(false) {
        marks.push(web::chip("late", "circle-x", lang.t("channels-test-failed")));
    }
    if channel.active && channel.test_due_at.is_some_and(|due| due <= now) {
        marks.push(web::chip("soon", "hourglass", lang.t("channels-test-due")));
    }
    marks
}

/// Volume, answer time, satisfaction, solved, cost of one case.
pub(super) fn numbers(lang: &Lang, figures: &Figures) -> Vec<Number> {
    let none = || (lang.t("channels-none"), None);
    let volume = figures.volume.as_ref().map_or_else(none, |figure| (figure.n.to_string(), Some(figure.href.clone())));
    let answer = figures
        .answer
        .as_ref()
        .map_or_else(none, |figure| (lang.span(figure.n.saturating_mul(60_000)), Some(figure.href.clone())));
    let satisfaction = figures
        .satisfaction
        .as_ref()
        .map_or_else(none, |figure| (format!("{}.{:02}", figure.n / 100, figure.n % 100), Some(figure.href.clone())));
    let solved = figures
        .solved
        .as_ref()
        .map_or_else(none, |figure| (lang.percent(Ratio::from_basis_points(figure.n)), Some(figure.href.clone())));
    let cost = figures.cost_per_case.map_or_else(none, |cost| (lang.money(cost), None));
    let named = [
        ("channels-col-volume", volume),
        ("channels-col-answer", answer),
        ("channels-col-satisfaction", satisfaction),
        ("channels-col-solved", solved),
        ("channels-col-cost", cost),
    ];
    named.into_iter().map(|(label, (text, href))| Number { label: lang.t(label), text, href }).collect()
}
