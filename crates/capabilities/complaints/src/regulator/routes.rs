use capability::{Access, MenuEntry, MenuGroup, Route};

use super::{api, app, pages};

/// The routes of regulator cases.
pub(crate) fn routes() -> Vec<Route> {
    let view = Access::Needs(app::VIEW);
    let enter = Access::Needs(app::ENTER);
    let handle = Access::Needs(app::HANDLE);
    vec![
        Route::get("/regulator", view, pages::list),
        Route::post("/regulator", enter, pages::create),
        Route::get("/regulator.csv", Access::Needs(crate::app::EXPORT), pages::export),
        Route::get("/regulator/new", enter, pages::new),
        Route::get("/regulator/history", enter, pages::history),
        Route::get("/regulator/{id}", view, pages::show),
        Route::get("/regulator/{id}/do/{act}", handle, pages::ask_act),
        Route::post("/regulator/{id}/do/{act}", handle, pages::give_act),
        Route::get("/regulator/{id}/statement", view, pages::statement),
        Route::post("/regulator/{id}/statement", Access::Needs(app::LEGAL), pages::edit),
        Route::post("/regulator/{id}/statement/draft", handle, pages::draft),
        Route::post("/regulator/{id}/statement/ask", handle, pages::ask_statement),
        Route::get("/regulator/{id}/print", view, pages::show_paper),
        Route::post("/regulator/{id}/print", view, pages::print),
        Route::get("/complaints/{id}/keep/{keeping}", Access::Needs(app::HOLD), pages::ask_seal),
        Route::post("/complaints/{id}/keep/{keeping}", Access::Needs(app::HOLD), pages::give_seal),
        Route::get("/complaints/{id}/admitted", Access::Needs(app::HOLD), pages::admitted),
        Route::post("/complaints/{id}/admitted", Access::Needs(app::HOLD), pages::admit),
        Route::post("/api/v1/complaints/{id}/keep/{keeping}", Access::Needs(app::HOLD), api::keep),
        Route::get("/api/v1/complaints/{id}/admitted", Access::Needs(app::HOLD), api::admitted),
        Route::post("/api/v1/complaints/{id}/admitted/{user}", Access::Needs(app::HOLD), api::admit),
        Route::delete("/api/v1/complaints/{id}/admitted/{user}", Access::Needs(app::HOLD), api::dismiss),
        Route::get("/api/v1/regulator", view, api::list),
        Route::post("/api/v1/regulator", enter, api::enter),
        Route::get("/api/v1/regulator/{id}", view, api::show),
        Route::post("/api/v1/regulator/{id}/{act}", view, api::act),
    ]
}

/// Its place in the menu.
pub(crate) const ENTRY: MenuEntry = MenuEntry {
    group: MenuGroup::Work,
    order: 36,
    label: "complaints-reg-title",
    href: "/regulator",
    icon: "building-bank",
    go: None,
    needs: Some(app::VIEW),
};
