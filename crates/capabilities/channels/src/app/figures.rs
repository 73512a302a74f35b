use std::collections::BTreeMap;

use capability::Ctx;
use kernel::{Day, Fault, Id, Money, of};
use metrics::{By, Key, MetricDef, Slice};

use super::DIMENSION;
use crate::store::Channel;

/// Days over which channels are compared.
pub const DAYS: i32 = 30;

/// One number with the way to the records that it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// In the metric's unit.
    pub n: i64,
    /// The list of the records.
    pub href: String,
}

/// What a channel brought in the last [`DAYS`] days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// Cases that came by it.
    pub volume: Option<Figure>,
    /// Minutes until somebody first answered, on average.
    pub answer: Option<Figure>,
    /// Satisfaction, in hundredths of a mark.
    pub satisfaction: Option<Figure>,
    /// Which share of what came was solved, in basis points.
    pub solved: Option<Figure>,
    /// What one case cost, by the channel's own cost.
    pub cost_per_case: Option<Money>,
}

const METRICS: [&str; 4] = ["cases-taken-in", "cases-first-answer-minutes", "surveys-csat", "channels-yield"];

/// What each of `channels` brought in the last [`DAYS`] days; a channel that brought nothing has nothing but its volume of 0.
///
/// # Errors
/// What the database says.
pub async fn figures(ctx: &Ctx, channels: &[Channel]) -> Result<BTreeMap<Id<of::Channel>, Figures>, Fault> {
    let mut stores: Vec<_> = channels.iter().map(|channel| channel.store).collect();
    stores.sort_unstable();
    stores.dedup();
    if stores.is_empty() {
        return Ok(BTreeMap::new());
    }
    let to = ctx.now().day(&ctx.house.zone);
    let days = (to.plus(1 - DAYS), to);
    let slice = Slice { stores, from: days.0, to: days.1, by: By::Dimension(DIMENSION) };
    let find = |id: &str| ctx.house.metrics.iter().find(|metric| metric.id == id).copied();
    let mut found = BTreeMap::<Id<of::Channel>, Figures>::new();
    for channel in channels {
        // Nothing came, which is a number, too.
        let volume = find("cases-taken-in").map(|metric| Figure { n: 0, href: link(&metric, days, channel.id) });
        let figures = Figures { volume, ..Figures::default() };
        found.insert(channel.id, figures);
    }
    for id in METRICS {
        // A capability that is absent counts nothing.
        let Some(metric) = find(id) else { continue };
        let points = ctx
            .read((metric, slice.clone()), |tx, (metric, slice)| {
                Box::pin(async move { metrics::read(tx, metric, slice).await })
            })
            .await?;
        for point in points {
            let Key::Value(value) = &point.key else { continue };
            let (Ok(via), Some(reading)) = (value.parse::<Id<of::Channel>>(), point.value) else { continue };
            let Some(figures) = found.get_mut(&via) else { continue };
            let figure = Some(Figure { n: reading.n, href: link(&metric, days, via) });
            match id {
                "cases-taken-in" => figures.volume = figure,
                "cases-first-answer-minutes" => figures.answer = figure,
                "surveys-csat" => figures.satisfaction = figure,
                _ => figures.solved = figure,
            }
        }
    }
    for channel in channels {
        let Some(figures) = found.get_mut(&channel.id) else { continue };
        let volume = figures.volume.as_ref().map_or(0, |figure| figure.n);
        let cost = channel.cost_per_month.fen();
        figures.cost_per_case = (volume > 0 && cost > 0).then(|| Money::from_fen((cost + volume / 2) / volume));
    }
    Ok(found)
}

fn link(metric: &MetricDef, days: (Day, Day), via: Id<of::Channel>) -> String {
    metric.records_link(None, days, Some((DIMENSION, &via.to_string())))
}
