use axum::handler::Handler;
use axum::http::Method;
use axum::routing::MethodFilter;
use axum::routing::{MethodRouter, on};
use kernel::Permission;

/// Who may call a route. What the caller may reach behind it is decided per record by [`crate::Ctx::require`] and list filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody: login, health, assets.
    Public,
    /// Whoever holds a customer link; the handler checks the link.
    Link,
    /// Anybody who is signed in.
    SignedIn,
    /// Whoever holds the permission for at least some records.
    Needs(Permission),
}

/// One route: method, path, who may call it, and what answers.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, with `{name}` for what varies.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    /// What answers.
    pub handler: MethodRouter,
}

impl Route {
    /// `GET path`.
    pub fn get<H: Handler<T, ()>, T: 'static>(path: &'static str, access: Access, handler: H) -> Self {
        Self { method: Method::GET, path, access, handler: on(MethodFilter::GET, handler) }
    }
    /// `POST path`.
    pub fn post<H: Handler<T, ()>, T: 'static>(path: &'static str, access: Access, handler: H) -> Self {
        Self { method: Method::POST, path, access, handler: on(MethodFilter::POST, handler) }
    }
    /// `PATCH path`.
    pub fn patch<H: Handler<T, ()>, T: 'static>(path: &'static str, access: Access, handler: H) -> Self {
        Self { method: Method::PATCH, path, access, handler: on(MethodFilter::PATCH, handler) }
    }
    /// `DELETE path`.
    pub fn delete<H: Handler<T, ()>, T: 'static>(path: &'static str, access: Access, handler: H) -> Self {
        Self { method: Method::DELETE, path, access, handler: on(MethodFilter::DELETE, handler) }
    }
}
