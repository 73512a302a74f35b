//! The few types that every part of the program shares.
//!
//! Nouns: 编号 = [`Id`], 时刻 = [`Timestamp`], 营业日 = [`Day`], 金额 = [`Money`], 比率 = [`Ratio`], 操作人 = [`Actor`],
//! 权限 = [`Permission`], 范围 = [`Reach`], 差错 = [`Fault`].
//!
//! Invariants: no I/O and no async; money and ratios are integers; an instant is milliseconds UTC; an id is made by the
//! program, never by the database. Not here: words for people (locales), SQL (`db`), who may do what by default (capabilities).

mod access;
mod amount;
mod clock;
mod cursor;
mod fault;
mod id;
mod time;
mod words;

pub use access::{Actor, ActorKind, Permission, Place, Placed, Reach, Scope};
pub use amount::{Money, Ratio};
pub use clock::Clock;
pub use cursor::Cursor;
pub use fault::{Fault, FaultKind, FieldError, FieldErrors};
pub use id::{Id, IdGen};
pub use time::{Day, Timestamp, Zone};

/// Marker types for [`Id`], for records that several crates point at.
pub mod of {
    /// A node of the organisation tree: company, region, store or team (组织单位).
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Unit {}
    /// A member of staff who can sign in (用户).
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum User {}
    /// A customer (顾客).
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Customer {}
    /// A product model that is sold (商品).
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Product {}
    /// What was sold on one receipt (销售).
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Sale {}
    /// One piece of a product, known by its serial number (序列号).
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum SerialUnit {}
    /// A merge of two customer files (合并).
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum CustomerMerge {}
    /// A case (服务单).
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Case {}
    /// A deadline clock (时限).
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Clock {}
    /// A stored file (文件).
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum File {}
    /// A channel that customers use: a phone line, a form, a counter (渠道).
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Channel {}
}

/// A record anywhere in the program: its kind (the capability's word, such as `case`) and its id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordRef {
    /// The word for the kind of record, e.g. `case`, `customer`.
    pub kind: &'static str,
    /// The record's id.
    pub id: i64,
}

impl RecordRef {
    /// Names the record `id` of `kind`.
    pub fn new<T>(kind: &'static str, id: Id<T>) -> Self {
        Self { kind, id: id.get() }
    }
}
