//! Rows of customers, products, sales and serial units; the only SQL of this crate.

mod customer;
mod erase;
mod list;
mod merge;
mod product;
mod repair;
mod sale;
mod serial;
mod subsidy;
mod terms;

pub use customer::*;
pub use erase::{MARK, Standing, erase, hold, merged_into, standing};
pub use list::{entries, hold_entry, insert_entry, is_cause_offered, place_entries, save_entry};
pub use merge::{Merge, insert_merge, merge_of, merges_of, moved, note_moved, undo_merge};
pub use product::{
    Product, Products, find_products, get_product, insert_product, insert_products, list_products, product_by_code,
    products_by_barcode, products_by_code, save_product,
};
pub use repair::{
    LawCategory, RepairId, UnitRepair, get_repair, insert_repairs, law_categories, law_category, repairs_of,
    repairs_of_units, save_law_category, save_repair,
};
pub use sale::{
    Line, Sale, SaleRow, Sales, covers_of, get_sale, insert_sales, lines_of, list_sales, move_sales, sale_by_receipt,
    sales_by_receipt, sales_of_customer, sales_with_receipts, save_sale,
};
pub use serial::{
    SerialUnit, UnitRow, Units, count_event, get_unit, insert_units, list_units, move_units, save_unit, units_by_code,
    units_of_customer, units_of_sale, units_with_codes,
};
pub use subsidy::{
    Programme, ProgrammeId, Subsidy, SubsidyId, get_programme, insert_programme, insert_subsidy, list_programmes,
    programme_named, save_programme, subsidy_of,
};
pub use terms::{
    ShopId, SoldAt, SoldTerms, SoldTermsId, Terms, TermsFilter, TermsId, get_terms, hold_terms, insert_sold,
    insert_terms, list_terms, next_terms, shop_of_sale, sold_with, terms_for, terms_named, terms_versions, units_under,
};
