//! Pages of customers, products, sales and serial units.

mod copied;
mod customers;
mod erasing;
mod frame;
mod lists;
mod merging;
mod paste;
mod products;
pub(crate) mod repairs;
mod sales;
mod subsidies;
pub(crate) mod terms;
mod units;

use capability::{Access, MenuEntry, MenuGroup, Route};

use crate::app::{
    EDIT, EDIT_LISTS, EDIT_PRODUCTS, EDIT_SALES, EDIT_SUBSIDIES, EDIT_TERMS, ERASE, REVEAL, VIEW, VIEW_PRODUCTS,
    VIEW_SALES, VIEW_TERMS,
};

/// Where the pages are.
pub(crate) fn routes() -> Vec<Route> {
    let needs = Access::Needs;
    vec![
        Route::get("/customers", needs(VIEW), customers::list),
        Route::get("/customers/new", needs(EDIT), customers::new),
        Route::post("/customers/new", needs(EDIT), customers::create),
        Route::get("/customers/paste", needs(EDIT), paste::customers),
        Route::post("/customers/paste", needs(EDIT), paste::customers_sent),
        Route::get("/customers/{id}", needs(VIEW), customers::show),
        Route::get("/customers/{id}/edit", needs(EDIT), customers::edit),
        Route::post("/customers/{id}/edit", needs(EDIT), customers::change),
        Route::get("/customers/{id}/reveal", needs(REVEAL), customers::reveal),
        Route::post("/customers/{id}/reveal", needs(REVEAL), customers::revealed),
        Route::get("/customers/{id}/merge", needs(EDIT), merging::ask),
        Route::post("/customers/{id}/merge", needs(EDIT), merging::merge),
        Route::get("/customers/{id}/merges/{merge}/undo", needs(EDIT), merging::ask_part),
        Route::post("/customers/{id}/merges/{merge}/undo", needs(EDIT), merging::part),
        Route::get("/customers/{id}/erase", needs(ERASE), erasing::ask),
        Route::post("/customers/{id}/erase", needs(ERASE), erasing::asked),
        Route::get("/customers/{id}/hold", needs(ERASE), erasing::hold),
        Route::post("/customers/{id}/hold", needs(ERASE), erasing::holding),
        Route::get("/products", needs(VIEW_PRODUCTS), products::list),
        Route::get("/products/found", needs(VIEW_PRODUCTS), products::found),
        Route::get("/products/new", needs(EDIT_PRODUCTS), products::new),
        Route::post("/products/new", needs(EDIT_PRODUCTS), products::create),
        Route::get("/products/paste", needs(EDIT_PRODUCTS), paste::products),
        Route::post("/products/paste", needs(EDIT_PRODUCTS), paste::products_sent),
        Route::get("/products/{id}", needs(VIEW_PRODUCTS), products::show),
        Route::get("/products/{id}/edit", needs(EDIT_PRODUCTS), products::edit),
        Route::post("/products/{id}/edit", needs(EDIT_PRODUCTS), products::change),
        Route::get("/sales", needs(VIEW_SALES), sales::list),
        Route::get("/sales/new", needs(EDIT_SALES), sales::new),
        Route::post("/sales/new", needs(EDIT_SALES), sales::create),
        Route::get("/sales/paste", needs(EDIT_SALES), paste::sales),
        Route::post("/sales/paste", needs(EDIT_SALES), paste::sales_sent),
        Route::get("/sales/{id}", needs(VIEW_SALES), sales::show),
        Route::get("/sales/{id}/edit", needs(EDIT_SALES), sales::edit),
        Route::post("/sales/{id}/edit", needs(EDIT_SALES), sales::change),
        Route::get("/units", needs(VIEW_SALES), units::list),
        Route::get("/units/new", needs(EDIT_SALES), units::new),
        Route::post("/units/new", needs(EDIT_SALES), units::create),
        Route::get("/units/paste", needs(EDIT_SALES), paste::units),
        Route::post("/units/paste", needs(EDIT_SALES), paste::units_sent),
        Route::get("/units/repairs/paste", needs(EDIT_SALES), repairs::paste),
        Route::post("/units/repairs/paste", needs(EDIT_SALES), repairs::pasted),
        Route::get("/units/{id}/repairs", needs(EDIT_SALES), repairs::new),
        Route::post("/units/{id}/repairs", needs(EDIT_SALES), repairs::create),
        Route::get("/units/{id}/repairs/{repair}", needs(EDIT_SALES), repairs::edit),
        Route::post("/units/{id}/repairs/{repair}", needs(EDIT_SALES), repairs::change),
        Route::get("/settings/law-categories", needs(EDIT_LISTS), repairs::law),
        Route::post("/settings/law-categories", needs(EDIT_LISTS), repairs::place),
        Route::get("/terms", needs(VIEW_TERMS), terms::list),
        Route::get("/terms/new", needs(EDIT_TERMS), terms::new),
        Route::post("/terms/new", needs(EDIT_TERMS), terms::create),
        Route::get("/terms/paste", needs(EDIT_TERMS), paste::terms),
        Route::post("/terms/paste", needs(EDIT_TERMS), paste::terms_sent),
        Route::get("/terms/{id}", needs(VIEW_TERMS), terms::show),
        Route::get("/terms/{id}/edit", needs(EDIT_TERMS), terms::edit),
        Route::post("/terms/{id}/edit", needs(EDIT_TERMS), terms::change),
        Route::get("/subsidies", needs(VIEW_TERMS), subsidies::list),
        Route::get("/subsidies/new", needs(EDIT_SUBSIDIES), subsidies::new),
        Route::post("/subsidies/new", needs(EDIT_SUBSIDIES), subsidies::create),
        Route::get("/subsidies/{id}", needs(VIEW_TERMS), subsidies::show),
        Route::get("/subsidies/{id}/edit", needs(EDIT_SUBSIDIES), subsidies::edit),
        Route::post("/subsidies/{id}/edit", needs(EDIT_SUBSIDIES), subsidies::change),
        Route::get("/units/{id}/subsidy", needs(EDIT_SALES), subsidies::ask),
        Route::post("/units/{id}/subsidy", needs(EDIT_SALES), subsidies::used),
        Route::get("/units/{id}/terms", needs(EDIT_SALES), terms::sell),
        Route::post("/units/{id}/terms", needs(EDIT_SALES), terms::sold),
        Route::get("/units/{id}", needs(VIEW_SALES), units::show),
        Route::get("/units/{id}/edit", needs(EDIT_SALES), units::edit),
        Route::post("/units/{id}/edit", needs(EDIT_SALES), units::change),
        Route::get("/settings/lists/{list}", needs(EDIT_LISTS), lists::show),
        Route::post("/settings/lists/{list}", needs(EDIT_LISTS), lists::add),
        Route::get("/settings/lists/{list}/{id}", needs(EDIT_LISTS), lists::edit),
        Route::post("/settings/lists/{list}/{id}", needs(EDIT_LISTS), lists::change),
        Route::post("/settings/lists/{list}/{id}/retire", needs(EDIT_LISTS), lists::retire),
        Route::post("/settings/lists/{list}/{id}/restore", needs(EDIT_LISTS), lists::restore),
        Route::post("/copied", Access::SignedIn, copied::keep),
    ]
}

/// Where they stand in the menu: one entry, tabs lead on.
pub(crate) const MENU: &[MenuEntry] = &[
    entry(10, "parties-menu", "/customers", "users", VIEW),
    entry(11, "parties-products-title", "/products", "package", VIEW_PRODUCTS),
    entry(12, "parties-terms-title", "/terms", "shield-check", VIEW_TERMS),
    entry(13, "parties-subsidies-title", "/subsidies", "coin", VIEW_TERMS),
    MenuEntry {
        group: MenuGroup::Settings,
        ..entry(38, "parties-lists-menu", "/settings/lists/goods", "list", EDIT_LISTS)
    },
    MenuEntry {
        group: MenuGroup::Settings,
        ..entry(39, "parties-law-title", "/settings/law-categories", "shield-check", EDIT_LISTS)
    },
];

const fn entry(
    order: u16,
    label: &'static str,
    href: &'static str,
    icon: &'static str,
    needs: kernel::Permission,
) -> MenuEntry {
    MenuEntry { group: MenuGroup::Reference, order, label, href, icon, go: None, needs: Some(needs) }
}
