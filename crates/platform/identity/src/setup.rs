use db::Tx;
use kernel::{Fault, FieldErrors, Id, IdGen, Timestamp, of};

use crate::draft::{UnitDraft, UserDraft, tidy_name};
use crate::password::check_password;
use crate::roles::ADMINISTRATOR;
use crate::secret::Secret;
use crate::sign_in::Identity;
use crate::store;
use crate::throttle::{ADDRESS_RULE, LOGIN_RULE};
use crate::unit::UnitKind;
use crate::user::Assignment;

/// A first-run code is good for a day, in milliseconds.
const CODE_LIMIT: i64 = 24 * 3_600_000;

/// What the first-run page asks.
#[derive(Debug, Clone)]
pub struct Founding {
    /// The code that the program printed on its console.
    pub code: String,
    /// The company's name.
    pub company: String,
    /// The first store's name; empty for none yet.
    pub store: String,
    /// The first administrator's login.
    pub login: String,
    /// The first administrator's name.
    pub name: String,
    /// The first administrator's password.
    pub password: Secret,
    /// `zh-CN` or `en`.
    pub locale: String,
}

/// A founding that passed every check; the password is a hash by now.
#[derive(Debug, Clone)]
pub struct Prepared {
    code_hash: String,
    company: String,
    store: Option<String>,
    user: UserDraft,
    password_hash: String,
}

/// What a founding made.
#[derive(Debug, Clone)]
pub struct Founded {
    /// The company.
    pub company: Id<of::Unit>,
    /// The first store, if one was named.
    pub store: Option<Id<of::Unit>>,
    /// The first administrator.
    pub user: Id<of::User>,
}

impl Identity {
    /// True while nobody exists who could sign in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn needs_setup(&self) -> Result<bool, Fault> {
        if self.is_founded() {
            return Ok(false);
        }
        let any = self
            .db()
            .read((), |tx, ()| Box::pin(async move { store::users::any(tx).await.map_err(Fault::from) }))
            .await?;
        if any {
            self.note_founded();
        }
        Ok(!any)
    }

    /// When nobody exists yet: a new first-run code, to be printed on the console. Codes of other nodes stay good.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn setup_code(&self) -> Result<Option<Secret>, Fault> {
        if !self.needs_setup().await? {
            return Ok(None);
        }
        let code = Secret::readable()?;
        let input = (code_digest(code.reveal()), self.clock().now());
        self.db()
            .write(input, |tx, (hash, now)| {
                Box::pin(async move {
                    store::setup::insert_code(tx, hash, now.plus(CODE_LIMIT), *now).await.map_err(Fault::from)
                })
            })
            .await?;
        Ok(Some(code))
    }

    /// Checks everything about a founding but does not do it; [`Prepared::found`] does, inside the caller's transaction.
    ///
    /// # Errors
    /// Not found when the company exists already; too many wrong codes; `invalid` naming each field.
    pub async fn prepare(&self, founding: Founding, address: &str) -> Result<Prepared, Fault> {
        if !self.needs_setup().await? {
            return Err(Fault::not_found());
        }
        let mut errors = FieldErrors::default();
        let code_hash = code_digest(&founding.code);
        if founding.code.trim().is_empty() {
            errors.add("code", "required");
        } else if !self.try_code(&code_hash, address).await? {
            errors.add("code", "identity-setup-code-wrong");
        }
        let company = tidy_name(&mut errors, "company", &founding.company);
        let store = if founding.store.trim().is_empty() {
            None
        } else {
            Some(tidy_name(&mut errors, "store", &founding.store))
        };
        let user = UserDraft {
            login: founding.login,
            name: founding.name,
            phone: None,
            email: None,
            // Known only when the company is made; any id satisfies the check.
            home: Some(Id::new(0)),
            locale: founding.locale,
            active: true,
        }
        .tidied(&mut errors);
        check_password(&mut errors, "password", &user.login, &founding.password);
        errors.check()?;
        let password_hash = self.hasher().hash(&founding.password).await?;
        Ok(Prepared { code_hash, company, store, user, password_hash })
    }

    async fn try_code(&self, code_hash: &str, address: &str) -> Result<bool, Fault> {
        let input = (code_hash.to_owned(), format!("address:{address}"), self.clock().now());
        self.db()
            .write(input, |tx, (hash, address, now)| {
                Box::pin(async move {
                    store::attempts::begin(tx, "setup", &LOGIN_RULE, *now).await?;
                    store::attempts::begin(tx, address, &ADDRESS_RULE, *now).await?;
                    let good = store::setup::holds_code(tx, hash, *now).await?;
                    if good {
                        store::attempts::take_back(tx, "setup", *now).await?;
                        store::attempts::take_back(tx, address, *now).await?;
                    }
                    Ok::<_, Fault>(good)
                })
            })
            .await
    }
}

impl Prepared {
    /// Makes the company, the first store if one was named, and the first administrator, who also manages that store.
    ///
    /// # Errors
    /// Refused when somebody else was first or the code has been used meanwhile.
    pub async fn found(&self, tx: &mut Tx, ids: &IdGen, now: Timestamp) -> Result<Founded, Fault> {
        if store::users::any(tx).await? || !store::setup::holds_code(tx, &self.code_hash, now).await? {
            return Err(Fault::refused("identity-already-set-up"));
        }
        let unit = |kind: UnitKind, parent, code: &str, name: &str| UnitDraft {
            parent,
            kind,
            code: code.to_owned(),
            name: name.to_owned(),
            name_en: None,
            zone: "Asia/Shanghai".to_owned(),
            phone: None,
            address: None,
            active: true,
        };
        let company = store::units::insert(tx, ids, &unit(UnitKind::Company, None, "HQ", &self.company)).await?.id;
        let store = match &self.store {
            Some(name) => {
                Some(store::units::insert(tx, ids, &unit(UnitKind::Store, Some(company), "S01", name)).await?.id)
            }
            None => None,
        };
        let draft = UserDraft { home: Some(store.unwrap_or(company)), ..self.user.clone() };
        let user = store::users::insert(tx, ids, now, &draft, Some(self.password_hash.clone())).await?.id;
        let mut roles = vec![Assignment { role: ADMINISTRATOR.to_owned(), unit: company }];
        roles.extend(store.map(|unit| Assignment { role: "store_manager".to_owned(), unit }));
        store::roles::assign(tx, user, &roles).await?;
        store::setup::clear_codes(tx).await?;
        store::attempts::clear(tx, "setup").await?;
        Ok(Founded { company, store, user })
    }
}

/// People read codes aloud and type them in either case, with or without the hyphen.
fn code_digest(code: &str) -> String {
    let plain: String =
        code.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect();
    crate::secret::digest(&format!("setup:{plain}"))
}
