//! The controls of a form. Each is a label above its field, an optional mark, the error above the control, a hint below.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::Lang;
use crate::form::Filled;

/// One thing that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub text: String,
}

impl Choice {
    /// `value`, shown as `text`.
    pub fn new(value: impl Into<String>, text: impl Into<String>) -> Self {
        Self { value: value.into(), text: text.into() }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Control {
    Line,
    Area,
    Select,
    Segments,
    Check,
}

/// One field of a form, made by [`input`], [`area`], [`select`], [`segments`] or [`check`] and written as it is.
#[derive(Debug, Clone, Template)]
#[template(path = "components/field.html")]
pub struct Field {
    control: Control,
    name: String,
    id: String,
    label: String,
    hint: Option<String>,
    error: Option<String>,
    value: String,
    chosen: Vec<String>,
    choices: Vec<Choice>,
    optional: Option<String>,
    choose: String,
    kind: &'static str,
    inputmode: &'static str,
    autocomplete: &'static str,
    placeholder: Option<String>,
    shortcut: Option<&'static str>,
    lookup: Option<String>,
    class: &'static str,
    max: usize,
    rows: u16,
    required: bool,
    numbered: bool,
    texts: Texts,
}

/// Fluent texts that a field needs after it was made are looked up through this.
#[derive(Debug, Clone)]
struct Texts(Lang);

impl HtmlSafe for Field {}

/// A field of one line. `label` is a Fluent key.
pub fn input(lang: &Lang, form: &Filled, name: &str, label: &str) -> Field {
    Field::new(Control::Line, lang, form, name, label)
}

/// A field of several lines.
pub fn area(lang: &Lang, form: &Filled, name: &str, label: &str) -> Field {
    Field::new(Control::Area, lang, form, name, label)
}

/// A list to choose from; add [`Field::options`].
pub fn select(lang: &Lang, form: &Filled, name: &str, label: &str) -> Field {
    Field::new(Control::Select, lang, form, name, label)
}

/// A few things side by side, one of which is chosen; add [`Field::options`].
pub fn segments(lang: &Lang, form: &Filled, name: &str, label: &str) -> Field {
    Field::new(Control::Segments, lang, form, name, label)
}

/// A box to tick.
pub fn check(lang: &Lang, form: &Filled, name: &str, label: &str) -> Field {
    Field::new(Control::Check, lang, form, name, label)
}

impl Field {
    fn new(control: Control, lang: &Lang, form: &Filled, name: &str, label: &str) -> Self {
        Self {
            control,
            name: name.to_owned(),
            id: name.replace(['.', '[', ']'], "-"),
            label: lang.t(label),
            hint: None,
            error: form.error(name, lang),
            value: form.value(name).to_owned(),
            chosen: form.all(name).map(str::to_owned).collect(),
            choices: Vec::new(),
            optional: None,
            choose: lang.t("web-choose"),
            kind: "text",
            inputmode: "",
            autocomplete: "off",
            placeholder: None,
            shortcut: None,
            lookup: None,
            class: "",
            max: 0,
            rows: 3,
            required: true,
            numbered: false,
            texts: Texts(lang.clone()),
        }
    }
    /// A hint below the field, by its Fluent key.
    #[must_use]
    pub fn hint(mut self, key: &str) -> Self {
        self.hint = Some(self.texts.0.t(key));
        self
    }
    /// A hint below the field, in the reader's words.
    #[must_use]
    pub fn hint_text(mut self, text: &str) -> Self {
        self.hint = Some(text.to_owned());
        self
    }
    /// Another label, in the reader's words (a field that the company named itself).
    #[must_use]
    pub fn label_text(mut self, text: &str) -> Self {
        self.label = text.to_owned();
        self
    }
    /// May be left empty, and says so.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = Some(self.texts.0.t("web-optional"));
        self.required = false;
        self
    }
    /// What a list says while nothing is chosen, where "choose" is not it: a filter that takes all.
    #[must_use]
    pub fn blank(mut self, text: impl Into<String>) -> Self {
        self.choose = text.into();
        self
    }
    /// The browser does not insist on it, and no mark is shown (the page says when it is needed).
    #[must_use]
    pub fn lenient(mut self) -> Self {
        self.required = false;
        self
    }
    /// A telephone number.
    #[must_use]
    pub fn tel(mut self) -> Self {
        self.kind = "tel";
        self.inputmode = "tel";
        self
    }
    /// A mail address.
    #[must_use]
    pub fn email(mut self) -> Self {
        self.kind = "email";
        self
    }
    /// A day.
    #[must_use]
    pub fn date(mut self) -> Self {
        self.kind = "date";
        self
    }
    /// A local date and time.
    #[must_use]
    pub fn moment(mut self) -> Self {
        self.kind = "datetime-local";
        self
    }
    /// An amount in yuan.
    #[must_use]
    pub fn money(mut self) -> Self {
        self.inputmode = "decimal";
        self
    }
    /// A whole number.
    #[must_use]
    pub fn number(mut self) -> Self {
        self.inputmode = "numeric";
        self
    }
    /// A password: never filled in again. `autocomplete` is `current-password` or `new-password`.
    #[must_use]
    pub fn password(mut self, autocomplete: &'static str) -> Self {
        self.kind = "password";
        self.autocomplete = autocomplete;
        self.value = String::new();
        self
    }
    /// Taller, with larger type: the first field of a page.
    #[must_use]
    pub fn big(mut self) -> Self {
        self.class = " big";
        self
    }
    /// A note that only staff see: another ground, dashed.
    #[must_use]
    pub fn internal(mut self) -> Self {
        self.class = " int";
        self
    }
    /// At most so many characters.
    #[must_use]
    pub fn max(mut self, characters: usize) -> Self {
        self.max = characters;
        self
    }
    /// So many lines high.
    #[must_use]
    pub fn rows(mut self, rows: u16) -> Self {
        self.rows = rows;
        self
    }
    /// An example inside the empty field, by its Fluent key.
    #[must_use]
    pub fn placeholder(mut self, key: &str) -> Self {
        self.placeholder = Some(self.texts.0.t(key));
        self
    }
    /// What the browser may fill in, e.g. `tel`, `username`.
    #[must_use]
    pub fn autocomplete(mut self, kind: &'static str) -> Self {
        self.autocomplete = kind;
        self
    }
    /// The key that jumps here, e.g. `c`.
    #[must_use]
    pub fn shortcut(mut self, key: &'static str) -> Self {
        self.shortcut = Some(key);
        self
    }
    /// Asks `url` while typing (what is typed, under the field's name) and shows the options that come back below the field; one that
    /// is picked fills it with its `data-text`.
    #[must_use]
    pub fn lookup(mut self, url: &str) -> Self {
        self.lookup = Some(url.to_owned());
        self
    }
    /// What stands in it, instead of what the form says.
    #[must_use]
    pub fn value(mut self, value: &str) -> Self {
        value.clone_into(&mut self.value);
        self.chosen = vec![value.to_owned()];
        self
    }
    /// What stands in it when the form says nothing: the most likely value. Not where it would bias a choice that the law gives.
    #[must_use]
    pub fn likely(mut self, value: &str) -> Self {
        if self.value.is_empty() {
            value.clone_into(&mut self.value);
            self.chosen = vec![value.to_owned()];
        }
        self
    }
    /// Six digits that nobody reads over the shoulder.
    #[must_use]
    pub fn pin(mut self) -> Self {
        self.kind = "password";
        self.inputmode = "numeric";
        self.autocomplete = "off";
        self.class = " pin";
        self.max = 6;
        self
    }
    /// What can be chosen.
    #[must_use]
    pub fn options(mut self, choices: &[Choice]) -> Self {
        self.choices = choices.to_vec();
        self
    }
    /// Shows the keys 1–5 on segments.
    #[must_use]
    pub fn numbered(mut self) -> Self {
        self.numbered = true;
        self
    }

    fn is_chosen(&self, choice: &Choice) -> bool {
        self.chosen.contains(&choice.value)
    }
    fn is_on(&self) -> bool {
        !matches!(self.value.as_str(), "" | "false" | "0" | "off" | "no")
    }
    fn described_by(&self) -> String {
        let error = self.error.as_ref().map(|_| format!("{}-error", self.id));
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        error.into_iter().chain(hint).collect::<Vec<_>>().join(" ")
    }
}

/// What is wrong with a form, each line leading to its field; has the focus after a refusal. Empty when all is well.
#[derive(Debug, Clone, Template)]
#[template(path = "components/summary.html")]
pub struct Summary {
    title: String,
    errors: Vec<(String, String)>,
}

impl HtmlSafe for Summary {}

/// What is wrong with a field, behind the field's name (`field-name-<its last part>`) where the locales know one.
fn named_error(lang: &Lang, error: &kernel::FieldError) -> String {
    let last = error.field.rsplit('.').next().unwrap_or(&error.field).replace('_', "-");
    let text = lang.field_error(error);
    lang.find(&format!("field-name-{last}"))
        .map_or(text.clone(), |name| lang.t2("web-error-of", "field", name, "error", text))
}

/// The summary of what is wrong with `form`.
pub fn summary(lang: &Lang, form: &Filled) -> Summary {
    let errors: Vec<_> = form
        .errors()
        .iter()
        .map(|error| (error.field.replace(['.', '[', ']'], "-"), named_error(lang, error)))
        .collect();
    Summary { title: lang.t1("web-errors", "n", errors.len()), errors }
}
