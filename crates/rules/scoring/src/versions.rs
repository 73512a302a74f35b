use jiff::civil::Date;

use crate::error::SchemeError;
use crate::scheme::Scheme;

/// Schemes with their versions.
#[derive(Debug, Clone, Default)]
pub struct Schemes {
    all: Vec<Scheme>,
}

impl Schemes {
    /// These schemes.
    ///
    /// # Errors
    /// Two versions of one scheme in force on one day.
    pub fn new(all: Vec<Scheme>) -> Result<Self, SchemeError> {
        for (at, one) in all.iter().enumerate() {
            for other in all.iter().skip(at + 1).filter(|other| other.code == one.code) {
                let day = one.from.max(other.from);
                if in_force(one, day) && in_force(other, day) {
                    return Err(SchemeError::TwoVersions {
                        code: one.code.clone(),
                        first: one.version.clone(),
                        second: other.version.clone(),
                        day: day.to_string(),
                    });
                }
            }
        }
        Ok(Self { all })
    }
    /// The version of the scheme `code` that is in force on `day`.
    pub fn on(&self, code: &str, day: Date) -> Option<&Scheme> {
        self.all.iter().find(|one| one.code == code && in_force(one, day))
    }
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Scheme> {
        self.all.iter()
    }
}

fn in_force(scheme: &Scheme, day: Date) -> bool {
    scheme.from <= day && scheme.until.is_none_or(|until| day <= until)
}
