use askama::Template;
use askama::filters::HtmlSafe;
use serde::Serialize;

use crate::{Lang, Markup, json_block};

/// A chart, always with the same figures as a table.
#[derive(Debug, Clone, Template)]
#[template(path = "components/chart.html")]
pub struct Chart {
    kind: &'static str,
    height: u16,
    data: Markup,
    caption: String,
    show: String,
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}
impl HtmlSafe for Chart {}

/// A chart of `kind` (`trend`, `pareto`, `gauge`, `frontier`, `contrib`; their data is described in `ui/src/charts.js`), `height`
/// pixels high (180, 200, 240, 280, 320 or 360), with its table: the head and one row per line, the first cell naming it.
pub fn chart(
    lang: &Lang,
    kind: &'static str,
    height: u16,
    caption: &str,
    data: &impl Serialize,
    table: (Vec<String>, Vec<Vec<String>>),
) -> Chart {
    let (head, rows) = table;
    Chart {
        kind,
        height,
        data: json_block(data),
        caption: caption.to_owned(),
        show: lang.t("web-chart-table"),
        head,
        rows,
    }
}
