use axum::extract::Path;
use axum::response::Redirect;
use capability::Ctx;
use kernel::Id;
use web::{Failure, Form, Page};

use super::Asked;
use crate::app;

/// `POST /cases/lists`: keeps a filter under a name.
pub(crate) async fn keep(page: Page, ctx: Ctx, form: Form) -> Result<Redirect, Failure> {
    let mut address = Form::from_query(form.raw("address"));
    // Only what lists know, so that no other address hides behind a name.
    let words = Asked::read(&ctx, &page, &mut address).words();
    app::keep(&ctx, form.raw("name"), &words).await?;
    Ok(Redirect::to(&format!("/cases?{words}&done=list_kept")))
}

/// `POST /cases/lists/{id}/forget`
pub(crate) async fn forget(ctx: Ctx, Path(id): Path<i64>) -> Result<Redirect, Failure> {
    app::forget(&ctx, Id::new(id)).await?;
    Ok(Redirect::to("/cases?done=list_forgotten"))
}
