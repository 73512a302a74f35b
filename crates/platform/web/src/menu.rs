use crate::markup::{Icon, icon};

/// The menu of one person, already cut to what they may see.
#[derive(Debug, Clone, Default)]
pub struct Menu {
    /// The groups of the sidebar, in order.
    pub groups: Vec<MenuGroup>,
    /// Up to four entries of the phone's bottom bar; "more" is added by the layout.
    pub bar: Vec<MenuItem>,
}

/// One group of the sidebar.
#[derive(Debug, Clone, Default)]
pub struct MenuGroup {
    /// Fluent key of its heading; the first group has none.
    pub heading: Option<&'static str>,
    /// Its entries, in order.
    pub items: Vec<MenuItem>,
}

/// One entry of the menu.
#[derive(Debug, Clone)]
pub struct MenuItem {
    /// Fluent key of its word.
    pub label: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// Its icon's name in the sprite.
    pub icon: &'static str,
    /// How many wait there.
    pub count: Option<Waiting>,
    /// The key after `G` that goes there, e.g. `w`.
    pub go: Option<&'static str>,
}

/// How many records wait behind a menu entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// The number.
    pub n: i64,
    /// True when some of them are late.
    pub hot: bool,
}

impl MenuItem {
    /// An entry without a count.
    pub const fn new(label: &'static str, href: &'static str, icon: &'static str) -> Self {
        Self { label, href, icon, count: None, go: None }
    }
    /// The same with how many wait.
    #[must_use]
    pub const fn waiting(mut self, n: i64, hot: bool) -> Self {
        self.count = Some(Waiting { n, hot });
        self
    }
    /// The same with the key that goes there after `G`.
    #[must_use]
    pub const fn go(mut self, key: &'static str) -> Self {
        self.go = Some(key);
        self
    }
    /// Its icon.
    pub fn picture(&self) -> Icon {
        icon(self.icon)
    }
}

impl Menu {
    /// The address of the entry that `path` belongs to: the longest that `path` starts with, whole segments only.
    pub(crate) fn current(&self, path: &str) -> Option<&'static str> {
        self.groups
            .iter()
            .flat_map(|group| &group.items)
            .chain(&self.bar)
            .map(|item| item.href)
            .filter(|href| {
                path.strip_prefix(href)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']) || *href == "/")
                    && (*href != "/" || path == "/")
            })
            .max_by_key(|href| href.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_address_is_current() {
        let menu = Menu {
            groups: vec![MenuGroup {
                heading: None,
                items: vec![
                    MenuItem::new("a", "/", "x"),
                    MenuItem::new("b", "/cases", "x"),
                    MenuItem::new("c", "/cases/new", "x"),
                ],
            }],
            bar: Vec::new(),
        };
        assert_eq!(menu.current("/"), Some("/"));
        assert_eq!(menu.current("/cases/7"), Some("/cases"));
        assert_eq!(menu.current("/cases/new"), Some("/cases/new"));
        assert_eq!(menu.current("/cases/newest"), Some("/cases"));
        assert_eq!(menu.current("/casesx"), None);
    }
}
