//! Pages of guides: the list, one with its versions, and the form.

mod edit;
mod list;
mod show;

pub(crate) use edit::{add, change, edit, new, read, retire};
pub(crate) use list::{list, situation};
pub(crate) use show::show;

use web::Lang;

use crate::domain::Fits;

/// What a guide fits, in words; empty when everything.
fn fits_words(lang: &Lang, fits: &Fits) -> Vec<String> {
    let stage = fits.stage.map(|stage| lang.word("guides-stage", stage.as_str()));
    let topic = fits.topic.as_deref().map(|topic| lang.word("complaints-topic", topic));
    let severity = fits.severity.map(|severity| lang.word("guides-severity", severity.as_str()));
    let emotion = fits.emotion.map(|emotion| lang.word("guides-emotion", emotion.as_str()));
    [stage, topic, severity, emotion].into_iter().flatten().collect()
}
