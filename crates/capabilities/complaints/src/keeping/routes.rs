use capability::{Access, MenuEntry, MenuGroup, Route};

use super::{app, pages};
use crate::regulator::app::HOLD;

/// The routes of keeping.
pub(crate) fn routes() -> Vec<Route> {
    let rules = Access::Needs(app::RULES);
    let hold = Access::Needs(HOLD);
    vec![
        Route::get("/settings/complaints", rules, pages::rules),
        Route::post("/settings/complaints/promise", rules, pages::promise),
        Route::post("/settings/complaints/years", rules, pages::years),
        Route::get("/complaints/archive", hold, pages::list),
        Route::get("/complaints/archive/{id}", hold, pages::ask),
        Route::post("/complaints/archive/{id}", hold, pages::give),
        Route::get("/api/v1/complaint-rules", rules, pages::api_rules),
        Route::post("/api/v1/complaint-rules/promise", rules, pages::api_promise),
        Route::post("/api/v1/complaint-rules/years", rules, pages::api_years),
        Route::get("/api/v1/complaint-archive", hold, pages::api_list),
        Route::post("/api/v1/complaint-archive/{id}", hold, pages::api_end),
    ]
}

/// Its place in the settings.
pub(crate) const ENTRY: MenuEntry = MenuEntry {
    group: MenuGroup::Settings,
    order: 36,
    label: "complaints-rules-title",
    href: "/settings/complaints",
    icon: "archive",
    go: None,
    needs: Some(app::RULES),
};
