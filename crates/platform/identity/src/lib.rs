//! Who acts: the organisation tree, its people, what they may do, and how they are known again.
//!
//! Nouns: 组织单位 = [`Unit`], 用户 = [`User`], 角色 = role, 授权 = grant, 范围 = scope, 会话 = session, 接口令牌 = API token,
//! 通讯录 = [`Directory`].
//!
//! Invariants: one company, every other unit below it; a role never reaches beyond the unit where it is given, except by
//! the scope `company`; secrets (passwords, session and API tokens, first-run codes) are stored only as digests; an
//! inactive person has no sessions, no tokens and no reach; there is always an active administrator.
//!
//! Not here: what a permission means (the capability that declares it), pages (`administration`), the journal (whoever
//! changes a unit or a person through this crate records it).

mod activation;
mod directories;
mod directory;
mod draft;
mod password;
mod permissions;
mod reach;
mod roles;
mod secret;
mod session;
mod setup;
mod sign_in;
pub mod store;
mod switch;
mod throttle;
mod unit;
mod user;
mod window;

pub use activation::{ACTIVATION_LIMIT, Activated, Activation};
pub use directories::Directories;
pub use directory::{Directory, actor};
pub use draft::{UnitDraft, UserDraft, plain_phone};
pub use password::{Hasher, check_password};
pub use permissions::{PermissionDef, Permissions, SEALED};
pub use reach::{Given, Grant, reach_of};
pub use roles::{ADMINISTRATOR, BUILTIN_ROLES, EXTERNAL_ASSESSOR, RoleRow, shipped_grants, sync_builtin_roles};
pub use secret::{Secret, digest, is_link_token};
pub use session::{IDLE_LIMIT, KEPT_LIMIT, SEEN_STEP, SHIFT_LIMIT};
pub use setup::{Founded, Founding, Prepared};
pub use sign_in::{Identity, Means, Opened, SessionInfo, SignIn, SignedIn};
pub use switch::{SwitchTo, Switching, check_pin, counter_of};
pub use throttle::{ADDRESS_RULE, Attempts, LOGIN_RULE, Rule};
pub use unit::{Tree, Unit, UnitKind};
pub use user::{Assignment, Theme, User};
pub use window::{Shut, Window};
