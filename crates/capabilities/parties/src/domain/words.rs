//! Enums whose variants are stored and sent as fixed words.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! words {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$about:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        pub enum $name { $($(#[$about])* #[serde(rename = $word)] $variant,)+ }

        impl $name {
            /// All of them, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The word that is stored and sent.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
            /// Reads the word.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == text)
            }
        }
    };
}

words! {
    /// How something was sold (销售渠道).
    pub enum SoldBy {
        /// In a store.
        Store = "store",
        /// In the company's own online shop.
        Online = "online",
        /// In a shop on a platform.
        Platform = "platform",
        /// To a company or a group.
        Group = "group",
        /// Otherwise.
        Other = "other",
    }
}

words! {
    /// Where a promise beyond the law comes from (保障来源).
    pub enum Source {
        /// The maker's promise.
        Maker = "maker",
        /// What was agreed at the sale.
        Sale = "sale",
        /// An extended warranty.
        Extended = "extended",
        /// A platform's rule.
        Platform = "platform",
        /// The shop's own policy.
        Policy = "policy",
    }
}
