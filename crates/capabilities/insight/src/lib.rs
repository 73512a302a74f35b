//! Reading: the dictionary of metrics with its numbers, and finding records by what their texts say.
//!
//! Nouns: 指标 = metric, 指标字典 = dictionary, 查找 = find.
//!
//! Invariants: a number is read only over stores that the actor reaches, and reach is part of the SQL; every number states what
//! it is made of and leads to its records. Not here: what is counted (each capability), how numbers are kept (`metrics`), how
//! texts are found (`search`).

mod permissions;

pub use permissions::VIEW;

use capability::{Capability, MenuEntry, MenuGroup};

/// What this capability brings to the program.
pub fn capability() -> Capability {
    Capability { permissions: permissions::DEFS, menu: MENU, ..Capability::new("insight") }
}

const MENU: &[MenuEntry] = &[MenuEntry {
    group: MenuGroup::Management,
    order: 40,
    label: "insight-menu",
    href: "/metrics",
    icon: "report-analytics",
    go: None,
    needs: Some(VIEW),
}];
