use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// Longest code, in characters.
const LONGEST: usize = 60;

/// What lay behind a case (原因): the code of an entry in the company's list of causes. The list says which can be given and what
/// they are called; a case keeps its code whatever becomes of the list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Cause(Cow<'static, str>);

impl Cause {
    /// The product (商品质量).
    pub const PRODUCT: Self = Self(Cow::Borrowed("product"));
    /// Installation (安装).
    pub const INSTALLATION: Self = Self(Cow::Borrowed("installation"));
    /// How it was used (使用).
    pub const USAGE: Self = Self(Cow::Borrowed("usage"));
    /// How we behaved or worked (服务).
    pub const SERVICE: Self = Self(Cow::Borrowed("service"));

    /// Everything else (其他).
    pub const OTHER: Self = Self(Cow::Borrowed("other"));

    /// The code that is stored and sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// Reads a code; whether it is in the list is the list's matter.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = !text.is_empty() && text.chars().count() <= LONGEST && !text.chars().any(char::is_control);
        fits.then(|| Self(Cow::Owned(text.to_owned())))
    }
}

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}
