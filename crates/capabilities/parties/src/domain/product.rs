use kernel::FieldErrors;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::code::plain_code;
use super::text;

/// A product as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ProductInput {
    /// The company's code for it; unique.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The brand.
    pub brand: String,
    /// The model, as it stands on the type plate.
    pub model: Option<String>,
    /// The number under its bar code (EAN).
    pub barcode: Option<String>,
    /// The group that it is sold in, e.g. `fridge`, `phone`, `furniture`, `general`.
    pub category: String,
    /// Months of statutory warranty of the whole unit, as far as known.
    pub law_months: Option<i64>,
    /// Months of statutory warranty of the main part, as far as known.
    pub main_months: Option<i64>,
    /// Months of the maker's promise.
    pub maker_months: Option<i64>,
    /// The maker's promise in words.
    pub maker_promise: Option<String>,
    /// The maker's hotline.
    pub hotline: Option<String>,
    /// Whether it is no longer sold.
    pub retired: bool,
}

/// A product that can be stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductDraft {
    /// The company's code for it. Unique.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The brand.
    pub brand: String,
    /// The model.
    pub model: Option<String>,
    /// The number under its bar code, digits only.
    pub barcode: Option<String>,
    /// The group that it is sold in.
    pub category: String,
    /// Months of statutory warranty of the whole unit.
    pub law_months: Option<i64>,
    /// Months of statutory warranty of the main part.
    pub main_months: Option<i64>,
    /// Months of the maker's promise.
    pub maker_months: Option<i64>,
    /// The maker's promise in words.
    pub maker_promise: Option<String>,
    /// The maker's hotline.
    pub hotline: Option<String>,
    /// False when it is no longer sold; what was sold stays.
    pub active: bool,
}

/// Reads what was typed; what is wrong is noted under the field's name.
pub fn product(errors: &mut FieldErrors, input: &ProductInput) -> ProductDraft {
    let barcode = text::optional_line(errors, "barcode", input.barcode.as_deref(), 20).map(|typed| plain_code(&typed));
    if barcode.as_deref().is_some_and(|code| !code.bytes().all(|byte| byte.is_ascii_digit())) {
        errors.add("barcode", "barcode");
    }
    let mut months = |field: &str, typed: Option<i64>| {
        let typed = typed.filter(|months| *months != 0);
        if typed.is_some_and(|months| !(1..=600).contains(&months)) {
            errors.add_with(field, "number-range", vec![("min", "0".to_owned()), ("max", "600".to_owned())]);
        }
        typed
    };
    let (law_months, main_months, maker_months) = (
        months("law_months", input.law_months),
        months("main_months", input.main_months),
        months("maker_months", input.maker_months),
    );
    let category = text::optional_line(errors, "category", Some(&input.category), 30);
    ProductDraft {
        code: text::required_line(errors, "code", &input.code, 60),
        name: text::required_line(errors, "name", &input.name, 120),
        brand: text::optional_line(errors, "brand", Some(&input.brand), 60).unwrap_or_default(),
        model: text::optional_line(errors, "model", input.model.as_deref(), 60),
        barcode,
        category: category.unwrap_or_else(|| "general".to_owned()),
        law_months,
        main_months,
        maker_months,
        maker_promise: text::optional_line(errors, "maker_promise", input.maker_promise.as_deref(), 300),
        hotline: text::optional_line(errors, "hotline", input.hotline.as_deref(), 30),
        active: !input.retired,
    }
}

impl From<ProductDraft> for ProductInput {
    fn from(draft: ProductDraft) -> Self {
        Self {
            code: draft.code,
            name: draft.name,
            brand: draft.brand,
            model: draft.model,
            barcode: draft.barcode,
            category: draft.category,
            law_months: draft.law_months,
            main_months: draft.main_months,
            maker_months: draft.maker_months,
            maker_promise: draft.maker_promise,
            hotline: draft.hotline,
            retired: !draft.active,
        }
    }
}
