use askama::Template;
use askama::filters::HtmlSafe;

use crate::{Icon, icon};

/// A status: icon, word and tone together, never tone alone.
#[derive(Debug, Clone, Template)]
#[template(
    source = "<span class=\"chip {{ tone }}\">{% if let Some(icon) = icon %}{{ icon }}{% endif %}{{ text }}</span>",
    ext = "html"
)]
pub struct Chip {
    tone: &'static str,
    icon: Option<Icon>,
    text: String,
}
impl HtmlSafe for Chip {}

/// A status chip. Tones: `` (waiting), `ok`, `soon`, `late`, `info`, `line` (a plain fact), `late solid` (S1). An empty `picture`
/// leaves the icon out, for plain facts only.
pub fn chip(tone: &'static str, picture: &'static str, text: impl AsRef<str>) -> Chip {
    Chip { tone, icon: (!picture.is_empty()).then(|| icon(picture)), text: text.as_ref().to_owned() }
}

/// How much of something is used, as a thin bar; the words stand beside it.
#[derive(Debug, Clone, Template)]
#[template(
    source = "<svg class=\"bar {{ tone }}\" aria-hidden=\"true\"><rect width=\"{{ percent }}%\" height=\"100%\" rx=\"3\"/></svg>",
    ext = "html"
)]
pub struct Bar {
    percent: i64,
    tone: &'static str,
}
impl HtmlSafe for Bar {}

/// A bar filled to `percent`; tones as in [`chip`], and `pause`.
pub fn bar(percent: i64, tone: &'static str) -> Bar {
    Bar { percent: percent.clamp(0, 100), tone }
}
