use capability::Ctx;
use kernel::Fault;
use web::{Choice, Form, Lang, Tab};

use crate::numbers::{PERIODS, Span, Stores, reached};

/// Days that are shown when nothing is chosen.
const USUAL: i32 = 30;

/// What the address of a page of numbers asks for.
pub(super) struct Asked {
    /// One of [`PERIODS`].
    pub days: i32,
    pub span: Span,
    pub stores: Stores,
}

impl Asked {
    /// `?days=&store=`; a period that is not offered is as good as none, a store out of reach does not exist.
    pub fn read(ctx: &Ctx, lang: &Lang, query: Option<&str>) -> Result<Self, Fault> {
        let form = Form::from_query(query.unwrap_or_default());
        let days = form.raw("days").parse().ok().filter(|days| PERIODS.contains(days)).unwrap_or(USUAL);
        let today = lang.now.day(&lang.zone);
        Ok(Self { days, span: Span::last(days, today), stores: reached(ctx, form.raw("store"))? })
    }
    /// The address of `path` with what was asked for.
    pub fn address(&self, path: &str) -> String {
        self.address_of(path, self.days)
    }
    /// The same over the last `days` days.
    pub fn address_of(&self, path: &str, days: i32) -> String {
        match self.stores.chosen {
            Some(store) => format!("{path}?days={days}&store={store}"),
            None => format!("{path}?days={days}"),
        }
    }
    /// The periods as links.
    pub fn tabs(&self, lang: &Lang, path: &str) -> Vec<Tab> {
        let tab = |days: i32| {
            Tab::new(lang.t1("insight-days", "n", days), self.address_of(path, days)).current(days == self.days)
        };
        PERIODS.into_iter().map(tab).collect()
    }
    /// The stores to choose from, for those who reach several.
    pub fn choices(&self, lang: &Lang) -> Vec<Choice> {
        let several = self.stores.reached.len() > 1;
        let stores = self.stores.reached.iter().filter(|_| several);
        stores.map(|store| Choice::new(store.id.to_string(), store.name_in(lang.locale.as_str()))).collect()
    }
    /// The chosen store's id, empty for all.
    pub fn store(&self) -> String {
        self.stores.chosen.map(|store| store.to_string()).unwrap_or_default()
    }
    /// Which days, over which stores: the line under a title.
    pub fn facts(&self, lang: &Lang) -> String {
        let days = lang.t2("insight-span", "from", lang.day(self.span.from), "to", lang.day(self.span.to));
        let only = match self.stores.reached.as_slice() {
            [only] => Some(only.id),
            _ => None,
        };
        let one = self.stores.chosen.or(only);
        let whose = match one.and_then(|store| self.stores.get(store)) {
            Some(store) => store.name_in(lang.locale.as_str()).to_owned(),
            None => lang.t1("insight-stores", "n", self.stores.reached.len()),
        };
        format!("{days} · {whose}")
    }
}
