//! Pages and the edge of HTTP: words, layout, components, forms, faults, security, assets, live events.
//!
//! Nouns: 语言 = [`Locale`] and [`Lang`], 页面框架 = [`Page`], 时限 = [`Due`], 表单 = [`Form`] and [`Filled`], 差错页 = [`Failure`],
//! 实时事件 = [`Live`].
//!
//! Invariants: every text comes from `locales/`, a missing one shows its key and fails a test; nothing inline, so that the
//! strict policy holds; every page works without scripts; no clock is read, "now" comes in with [`Lang`]; session and menu are
//! handed in as plain structs. Not here: who may do what, SQL, what a page shows.

extern crate self as web;

mod address;
mod assets;
mod barcode;
mod capitals;
mod components;
mod conditional;
pub mod cookies;
mod due;
mod edge;
mod edited;
mod fault;
mod field;
mod form;
mod i18n;
mod lang;
mod layout;
mod live;
mod markup;
mod menu;
pub mod openapi;
mod paste;
pub mod preferences;
mod security;
mod sent;
mod sheet;
mod text;

pub use address::{ClientNetwork, Proxies};
pub use assets::asset;
pub use barcode::code39;
pub use capitals::capitals;
pub use components::{
    ActionBar, Bar, Chart, Chip, Clash, Confirm, Conflict, Copy, CopyTable, CopyText, Crumbs, Empty, Entry, Kpi, Kpis,
    Pager, Photos, Progress, Signature, Step, Stepper, Tab, Tabs, action_bar, bar, chart, chip, conflict, copy,
    copy_table, copy_text, crumbs, empty, entry, kpis, pager, photos, progress, signature, stepper, tabs,
};
pub use conditional::{IfMatch, etag};
pub use cookies::Theme;
pub use due::{Due, DueTime, DueTone};
pub use edge::{BODY_LIMIT, RequestId, Settings, inside, outside};
pub use edited::{clashed, filled, seen, taken};
pub use fault::{Failure, notice, sentence, sign_in_href};
pub use field::{Choice, Field, Summary, area, check, input, segments, select, summary};
pub use form::{Filled, Form};
pub use i18n::{Arg, Locale, catalogue_problems, find, text};
pub use lang::Lang;
pub use layout::{FORM_KEY, Flash, Me, Page, PrintPage, PublicPage, View};
pub use live::{Live, LiveEvent, Since, Told};
pub use markup::{Icon, Markup, escape, icon, icon_l, icon_xl, json_block};
pub use menu::{Menu, MenuGroup, MenuItem, Waiting};
pub use paste::{Column, Pasted, PastedRow, pasted};
pub use security::{no_referrer, reads_codes};
pub use sent::{Sent, rows};
pub use sheet::{harmless, sheet};
