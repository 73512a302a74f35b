use kernel::FieldErrors;

use super::phone::{Phone, PhoneError};
use super::text;
use crate::app::CustomerInput;

/// A customer file that can be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerDraft {
    /// As the customer wants to be called.
    pub name: String,
    /// `None` when the customer has none or does not want to give it.
    pub phone: Option<Phone>,
    /// WeChat name.
    pub wechat: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// Membership, e.g. 金卡会员.
    pub vip: Option<String>,
    /// What staff should know.
    pub note: Option<String>,
    /// Whether the customer agreed to be written to about more than the case.
    pub consent: bool,
    /// The customer's key in another program.
    pub external_id: Option<String>,
    /// Words by which staff sort customers, e.g. 老客户.
    pub tags: Vec<String>,
}

/// Most tags of one customer.
const TAGS: usize = 20;

/// Reads what was typed; what is wrong is noted under `prefix` and the field's name. A missing number is allowed only where
/// `phone_needed` is false.
pub fn draft(errors: &mut FieldErrors, prefix: &str, input: &CustomerInput, phone_needed: bool) -> CustomerDraft {
    let field = |name: &str| format!("{prefix}{name}");
    let phone = match Phone::parse(&input.phone) {
        Ok(phone) => Some(phone),
        Err(PhoneError::Empty) if !phone_needed => None,
        Err(error) => {
            error.note(errors, &field("phone"));
            None
        }
    };
    let email = text::optional_line(errors, &field("email"), input.email.as_deref(), 200);
    if email.as_deref().is_some_and(|email| !is_mail_address(email)) {
        errors.add(&field("email"), "email");
    }
    let mut tags: Vec<String> = Vec::new();
    for typed in &input.tags {
        if let Some(tag) =
            text::optional_line(errors, &field("tags"), Some(typed), 30).filter(|tag| !tags.contains(tag))
        {
            tags.push(tag);
        }
    }
    if tags.len() > TAGS {
        errors.add_with(&field("tags"), "too-many", vec![("max", TAGS.to_string())]);
    }
    CustomerDraft {
        tags,
        name: text::required_line(errors, &field("name"), &input.name, 60),
        phone,
        wechat: text::optional_line(errors, &field("wechat"), input.wechat.as_deref(), 60),
        email,
        address: text::optional_line(errors, &field("address"), input.address.as_deref(), 200),
        vip: text::optional_line(errors, &field("vip"), input.vip.as_deref(), 30),
        note: text::optional(errors, &field("note"), input.note.as_deref(), 2_000),
        consent: input.consent,
        external_id: text::optional_line(errors, &field("external_id"), input.external_id.as_deref(), 100),
    }
}

/// Something on both sides of one `@`, a dot on the right, no space: more is known only by writing to it.
fn is_mail_address(text: &str) -> bool {
    match text.split_once('@') {
        Some((name, domain)) => {
            !name.is_empty()
                && !domain.contains('@')
                && domain.split('.').count() > 1
                && domain.split('.').all(|part| !part.is_empty())
                && !text.contains(char::is_whitespace)
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_wrong_is_said_at_once() {
        let input = CustomerInput {
            name: " ".into(),
            phone: "123".into(),
            email: Some("nobody".into()),
            note: Some("x".repeat(2_001)),
            ..CustomerInput::default()
        };
        let mut errors = FieldErrors::default();
        draft(&mut errors, "customer.", &input, true);
        let found: Vec<_> = errors.iter().map(|error| (error.field.as_str(), error.code)).collect();
        assert_eq!(
            found,
            [
                ("customer.phone", "phone-unknown"),
                ("customer.email", "email"),
                ("customer.name", "required"),
                ("customer.note", "too-long")
            ]
        );
    }
}
