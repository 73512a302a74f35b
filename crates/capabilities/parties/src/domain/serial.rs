use kernel::{Day, FieldErrors, Id, of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::code::{looks_imei, plain_code};
use super::text;

/// A serial unit as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct UnitInput {
    /// Code of the product.
    pub product: String,
    /// The serial number, as it stands on the unit.
    pub serial: String,
    /// The IMEI of a phone, 15 digits.
    pub imei: Option<String>,
    /// Number of the receipt on which it was sold, at the unit's store.
    pub receipt: Option<String>,
    /// Id of the customer whose it is now.
    pub customer: Option<String>,
    /// The day from which its warranty counts, `YYYY-MM-DD`; else the day of sale.
    pub warranty_from: Option<String>,
    /// What staff should know.
    pub note: Option<String>,
}

/// A serial unit that can be stored once product, sale and customer are known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitDraft {
    /// Code of the product.
    pub product: String,
    /// The serial number as written.
    pub serial: String,
    /// The IMEI.
    pub imei: Option<String>,
    /// The receipt on which it was sold.
    pub receipt: Option<String>,
    /// Whose it is.
    pub customer: Option<Id<of::Customer>>,
    /// From when its warranty counts.
    pub warranty_from: Option<Day>,
    /// What staff should know.
    pub note: Option<String>,
}

/// Reads what was typed; what is wrong is noted under the field's name.
pub fn unit(errors: &mut FieldErrors, input: &UnitInput) -> UnitDraft {
    let serial = text::required_line(errors, "serial", &input.serial, 60);
    if !serial.is_empty() && plain_code(&serial).is_empty() {
        errors.add("serial", "serial");
    }
    let typed = text::optional_line(errors, "imei", input.imei.as_deref(), 40).map(|typed| plain_code(&typed));
    if let Some(imei) = typed.as_deref().filter(|imei| !looks_imei(imei)) {
        errors.add_with("imei", "imei", vec![("now", imei.chars().count().to_string())]);
    }
    // A phone's serial is often its IMEI.
    let imei = typed.or_else(|| Some(plain_code(&serial)).filter(|code| looks_imei(code)));
    UnitDraft {
        product: text::required_line(errors, "product", &input.product, 60),
        serial,
        imei,
        receipt: text::optional_line(errors, "receipt", input.receipt.as_deref(), 60),
        customer: id(errors, "customer", input.customer.as_deref()),
        warranty_from: day(errors, "warranty_from", input.warranty_from.as_deref()),
        note: text::optional_line(errors, "note", input.note.as_deref(), 300),
    }
}

/// The id that was typed.
pub(super) fn id<T>(errors: &mut FieldErrors, field: &str, typed: Option<&str>) -> Option<Id<T>> {
    let typed = typed.map(str::trim).filter(|typed| !typed.is_empty())?;
    let read = typed.parse::<i64>().ok().filter(|id| *id > 0).map(Id::new);
    if read.is_none() {
        errors.add(field, "unknown");
    }
    read
}

/// The day that was typed, also as spreadsheets write it: `2026/11/2`, `2026年11月2日`, with a time behind it.
pub(super) fn day(errors: &mut FieldErrors, field: &str, typed: Option<&str>) -> Option<Day> {
    let typed = typed.map(str::trim).filter(|typed| !typed.is_empty())?;
    let date = typed.split([' ', 'T']).next().unwrap_or_default();
    let parts: Vec<&str> =
        date.split(['-', '/', '.', '年', '月', '日']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let read = match parts.as_slice() {
        [year, month, day] if year.len() == 4 => match (year.parse(), month.parse(), day.parse()) {
            (Ok(year), Ok(month), Ok(day)) => Day::new(year, month, day).ok(),
            _ => None,
        },
        _ => None,
    };
    if read.is_none() {
        errors.add(field, "day");
    }
    read
}
