use askama::Template;
use askama::filters::HtmlSafe;

use crate::{Filled, Lang};

/// A field for photos and files: the camera on a telephone, a choice of files everywhere. The form around it is
/// `enctype="multipart/form-data"`. With scripts each chosen photo is shown and can be taken out again.
#[derive(Debug, Clone, Template)]
#[template(path = "components/photos.html")]
pub struct Photos {
    name: String,
    id: String,
    label: String,
    hint: Option<String>,
    error: Option<String>,
    accept: &'static str,
    ahead: bool,
    camera: String,
    remove: String,
    lang: Lang,
}

impl HtmlSafe for Photos {}

/// A field for photos in the field `name`; `label` is a Fluent key.
pub fn photos(lang: &Lang, form: &Filled, name: &str, label: &str) -> Photos {
    Photos {
        name: name.to_owned(),
        id: name.replace(['.', '[', ']'], "-"),
        label: lang.t(label),
        hint: None,
        error: form.error(name, lang),
        accept: "image/jpeg,image/png,image/webp",
        ahead: false,
        camera: lang.t("web-photos-camera"),
        remove: lang.t("web-photos-remove"),
        lang: lang.clone(),
    }
}

impl Photos {
    /// A hint below the field, by its Fluent key.
    #[must_use]
    pub fn hint(mut self, key: &str) -> Self {
        self.hint = Some(self.lang.t(key));
        self
    }
    /// PDF and plain text are taken, too.
    #[must_use]
    pub fn papers(mut self) -> Self {
        self.accept = "image/jpeg,image/png,image/webp,application/pdf,text/plain,.pdf,.txt,.csv";
        self
    }
    /// For people who are signed in: each file is sent as soon as it is chosen, so that the form itself stays small.
    #[must_use]
    pub fn ahead(mut self) -> Self {
        self.ahead = true;
        self
    }
    fn described_by(&self) -> String {
        let error = self.error.as_ref().map(|_| format!("{}-error", self.id));
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        error.into_iter().chain(hint).collect::<Vec<_>>().join(" ")
    }
}

/// A pad to sign on, sent as a small PNG in the field `signature`. Without scripts there is only the sentence that says what else
/// will do.
#[derive(Debug, Clone, Template)]
#[template(path = "components/signature.html")]
pub struct Signature {
    error: Option<String>,
    hint: String,
    lang: Lang,
    only: Option<(&'static str, &'static str)>,
}

impl HtmlSafe for Signature {}

/// A pad to sign on; `hint` is the Fluent key of what is signed.
pub fn signature(lang: &Lang, form: &Filled, hint: &str) -> Signature {
    Signature { error: form.error("signature", lang), hint: lang.t(hint), lang: lang.clone(), only: None }
}

impl Signature {
    /// Shown only while the radio `name` says `value` (scripts hide it otherwise).
    #[must_use]
    pub fn when(mut self, name: &'static str, value: &'static str) -> Self {
        self.only = Some((name, value));
        self
    }
}
