use std::fmt;
use std::panic::Location;

/// What went wrong, sorted by what the caller can do about it. Each kind has one HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// What was sent cannot be read or fails a field's rule (422; the fields say which).
    Invalid,
    /// Nobody is signed in (401).
    Unauthenticated,
    /// Signed in, but not allowed, and it is no secret that the record exists (403).
    Forbidden,
    /// There is no such record, or the actor may not know of it (404).
    NotFound,
    /// The record's state forbids it (409).
    Refused,
    /// A rule of uniqueness is broken, or the same request is under way (409).
    Conflict,
    /// The record has changed since it was read (412).
    Stale,
    /// A change came without the version it is based on (428).
    VersionMissing,
    /// More was sent than is taken (413).
    TooLarge,
    /// Sent as a media type that is not read here (415).
    MediaType,
    /// The method is not known at this address (405).
    Method,
    /// Too many requests from one side (429, with Retry-After).
    TooMany,
    /// The program is at its limit or a part that it needs is away; the same request may succeed later (503, with Retry-After).
    Busy,
    /// A defect or a fault of the machine (500).
    Internal,
}

impl FaultKind {
    /// The HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Self::Invalid => 422,
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Method => 405,
            Self::Refused | Self::Conflict => 409,
            Self::Stale => 412,
            Self::TooLarge => 413,
            Self::MediaType => 415,
            Self::VersionMissing => 428,
            Self::TooMany => 429,
            Self::Internal => 500,
            Self::Busy => 503,
        }
    }
}

/// One field that cannot be taken as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name as it was sent.
    pub field: String,
    /// A stable code; `field-<code>` is its text in the locales.
    pub code: &'static str,
    /// What the text needs, e.g. `("max", "200")`.
    pub args: Vec<(&'static str, String)>,
}

/// All fields that cannot be taken, collected before anything is refused, so that a person corrects them in one go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// Notes that `field` breaks the rule `code`.
    pub fn add(&mut self, field: &str, code: &'static str) {
        self.add_with(field, code, Vec::new());
    }
    /// Notes that `field` breaks the rule `code`, whose text needs `args`.
    pub fn add_with(&mut self, field: &str, code: &'static str, args: Vec<(&'static str, String)>) {
        self.0.push(FieldError { field: field.to_owned(), code, args });
    }
    /// True when nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// The errors in the order in which they were noted.
    pub fn iter(&self) -> impl Iterator<Item = &FieldError> {
        self.0.iter()
    }
    /// The first error of `field`.
    pub fn of(&self, field: &str) -> Option<&FieldError> {
        self.0.iter().find(|error| error.field == field)
    }
    /// `Ok` when nothing is wrong, else one fault that names every field.
    ///
    /// # Errors
    /// The fault `invalid` with these fields.
    pub fn check(self) -> Result<(), Fault> {
        if self.0.is_empty() { Ok(()) } else { Err(Fault::invalid(self)) }
    }
}

/// Why something was not done, for a person and for a program.
#[derive(Debug, Clone)]
pub struct Fault(Box<Detail>);

#[derive(Debug, Clone)]
struct Detail {
    kind: FaultKind,
    code: &'static str,
    args: Vec<(&'static str, String)>,
    fields: FieldErrors,
    cause: Option<String>,
    location: &'static Location<'static>,
}

impl Fault {
    /// A fault of `kind` with a stable `code`; `fault-<code>` is its text in the locales.
    #[track_caller]
    pub fn new(kind: FaultKind, code: &'static str) -> Self {
        Self(Box::new(Detail {
            kind,
            code,
            args: Vec::new(),
            fields: FieldErrors::default(),
            cause: None,
            location: Location::caller(),
        }))
    }
    /// Fields that cannot be taken.
    #[track_caller]
    pub fn invalid(fields: FieldErrors) -> Self {
        let mut fault = Self::new(FaultKind::Invalid, "invalid");
        fault.0.fields = fields;
        fault
    }
    /// One field that cannot be taken.
    #[track_caller]
    pub fn field(field: &str, code: &'static str) -> Self {
        let mut fields = FieldErrors::default();
        fields.add(field, code);
        Self::invalid(fields)
    }
    /// No such record, or none that the actor may know of.
    #[track_caller]
    pub fn not_found() -> Self {
        Self::new(FaultKind::NotFound, "not-found")
    }
    /// Not allowed.
    #[track_caller]
    pub fn forbidden() -> Self {
        Self::new(FaultKind::Forbidden, "forbidden")
    }
    /// Nobody is signed in.
    #[track_caller]
    pub fn unauthenticated() -> Self {
        Self::new(FaultKind::Unauthenticated, "unauthenticated")
    }
    /// The record's state forbids it, for the reason `code`.
    #[track_caller]
    pub fn refused(code: &'static str) -> Self {
        Self::new(FaultKind::Refused, code)
    }
    /// The record has changed since it was read; `now` is its version.
    #[track_caller]
    pub fn stale(now: i64) -> Self {
        Self::new(FaultKind::Stale, "stale").with("version", now)
    }
    /// A defect or a fault of the machine; `cause` goes to the log, never to the person.
    #[track_caller]
    pub fn internal(cause: impl fmt::Display) -> Self {
        let mut fault = Self::new(FaultKind::Internal, "internal");
        fault.0.cause = Some(cause.to_string());
        fault
    }
    /// At the limit for now.
    #[track_caller]
    pub fn busy(cause: impl fmt::Display) -> Self {
        let mut fault = Self::new(FaultKind::Busy, "busy");
        fault.0.cause = Some(cause.to_string());
        fault
    }
    /// Adds a value that the text needs.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.0.args.push((name, value.to_string()));
        self
    }
    /// The kind.
    pub fn kind(&self) -> FaultKind {
        self.0.kind
    }
    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.0.code
    }
    /// What the text needs.
    pub fn args(&self) -> &[(&'static str, String)] {
        &self.0.args
    }
    /// The fields that cannot be taken.
    pub fn fields(&self) -> &FieldErrors {
        &self.0.fields
    }
    /// For the log: what lies behind it.
    pub fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }
    /// For the log: where it was made.
    pub fn location(&self) -> &'static Location<'static> {
        self.0.location
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.code)?;
        for error in self.0.fields.iter() {
            write!(f, " {}:{}", error.field, error.code)?;
        }
        if let Some(cause) = &self.0.cause {
            write!(f, " ({cause})")?;
        }
        Ok(())
    }
}
impl std::error::Error for Fault {}
