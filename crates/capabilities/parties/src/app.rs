//! Use cases around customers, products, sales and serial units.

mod card;
mod copied;
mod diff;
mod edit;
mod erase;
mod find;
mod found;
mod lists;
mod merge;
mod paste;
mod products;
mod repairs;
mod reveal;
mod sales;
mod subsidy;
mod terms;
mod units;

pub use card::CustomerCard;
pub use copied::copied;
pub use edit::{CustomerChange, CustomerInput, create, edit};
pub(crate) use erase::answered;
pub use erase::{ASKED, ERASE, ERASED, ERASURE, Erasure, ask_erasure, erasure, hold};
pub use find::{Customers, find, get, list, listed};
pub use lists::{EDIT_LISTS, EntryAct, act_on_entry, add_entry, edit_entry, entries, get_entry, list_changes};
pub use merge::{AsOne, At, KEPT, MERGE, UNDO_DAYS, Versions, alike, as_one, can_part, merge, merges, owned, part};
pub use paste::{MOST_ROWS, Rows, look as look_rows, save as save_rows};
pub use products::{
    EDIT_PRODUCTS, PRODUCT, ProductPage, VIEW_PRODUCTS, create_product, edit_product, get_product, list_products,
    make_products,
};
pub use repairs::{
    PastRepairs, UNIT_DOOR, given_in_exchange, law_categories, look_repairs, note_repair, place_goods, repairs,
    save_repairs, unit_verdict,
};
pub use reveal::{Revealed, reveal};
pub use sales::{
    EDIT_SALES, SALE, SaleFile, SalePage, VIEW_SALES, create_sale, edit_sale, get_sale, list_sales, sale_input,
    sold_before,
};
pub use subsidy::{
    EDIT_SUBSIDIES, PROGRAMME, Used, get_programme, list_programmes, save_programme, subsidy_of, use_subsidy,
};
pub use terms::{
    COUNTED, EDIT_TERMS, Meaning, Selling, TERMS, TRY_TERMS, TermsPage, VIEW_TERMS, add_terms, change_terms,
    change_terms_within, draft_of, layers_of_unit, left, list_terms, sell_terms, sold_of, sold_terms, terms_input,
    terms_mean, terms_meaning, terms_versions,
};
pub use units::{
    UNIT, UnitFile, UnitPage, covers, create_unit, edit_unit, file as unit_file, get_unit, list_units, unit_input,
};

use capability::PermissionDef;
use kernel::{Permission, Scope};

/// See customers, masked.
pub const VIEW: Permission = Permission("customers.view");
/// Open and change customer files.
pub const EDIT: Permission = Permission("customers.edit");
/// See whole numbers and addresses, with a reason.
pub const REVEAL: Permission = Permission("customers.reveal");

/// All of them with the roles that hold them by default (design: 顾客与商品). A customer walks into any store, so those at the
/// counter find everyone by the whole number or its end; a technician meets customers in own cases only.
pub const PERMISSIONS: &[PermissionDef] = &[
    PermissionDef {
        permission: VIEW,
        defaults: &[
            ("clerk", Scope::Company),
            ("store_manager", Scope::Company),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
        ],
    },
    PermissionDef { permission: EDIT, defaults: &[("clerk", Scope::Store), ("store_manager", Scope::Store)] },
    PermissionDef {
        permission: VIEW_PRODUCTS,
        defaults: &[
            ("clerk", Scope::Company),
            ("technician", Scope::Company),
            ("store_manager", Scope::Company),
            ("region_manager", Scope::Company),
            ("headquarters_quality", Scope::Company),
        ],
    },
    // Products are the company's; who may change them changes them for everybody.
    PermissionDef {
        permission: EDIT_PRODUCTS,
        defaults: &[("store_manager", Scope::Company), ("headquarters_quality", Scope::Company)],
    },
    PermissionDef {
        permission: ERASE,
        defaults: &[("store_manager", Scope::Store), ("headquarters_quality", Scope::Company)],
    },
    // What was promised is the company's word: everybody may read it, headquarters writes it.
    PermissionDef {
        permission: VIEW_TERMS,
        defaults: &[
            ("clerk", Scope::Company),
            ("technician", Scope::Company),
            ("store_manager", Scope::Company),
            ("region_manager", Scope::Company),
            ("headquarters_quality", Scope::Company),
            ("finance", Scope::Company),
        ],
    },
    PermissionDef {
        permission: TRY_TERMS,
        defaults: &[("headquarters_quality", Scope::Company), ("finance", Scope::Company)],
    },
    PermissionDef {
        permission: EDIT_SUBSIDIES,
        defaults: &[("headquarters_quality", Scope::Company), ("finance", Scope::Company)],
    },
    PermissionDef { permission: EDIT_TERMS, defaults: &[("headquarters_quality", Scope::Company)] },
    PermissionDef { permission: EDIT_LISTS, defaults: &[("headquarters_quality", Scope::Company)] },
    PermissionDef {
        permission: VIEW_SALES,
        defaults: &[
            ("clerk", Scope::Company),
            ("store_manager", Scope::Company),
            ("region_manager", Scope::Region),
            ("headquarters_quality", Scope::Company),
        ],
    },
    PermissionDef { permission: EDIT_SALES, defaults: &[("clerk", Scope::Store), ("store_manager", Scope::Store)] },
    // Verdicts hold nobody's data: whoever speaks with customers may ask for them.
    PermissionDef {
        permission: crate::verdict::JUDGE,
        defaults: &[
            ("clerk", Scope::Company),
            ("technician", Scope::Company),
            ("store_manager", Scope::Company),
            ("region_manager", Scope::Company),
            ("headquarters_quality", Scope::Company),
        ],
    },
    PermissionDef { permission: REVEAL, defaults: &[("clerk", Scope::Store), ("store_manager", Scope::Store)] },
];
