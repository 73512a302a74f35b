//! Every route, called by those who may not.

use aftercare::capabilities;
use axum::http::Method;
use capability::Access;
use db::Db;
use testapp::TestApp;
use testkit::db_test;

/// A path with every `{name}` filled by something that does not exist.
fn filled(path: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { "7" } else { part }).collect::<Vec<_>>().join("/")
}

#[db_test]
async fn nobody_gets_in_without_signing_in(db: Db) {
    let app = TestApp::start(db, capabilities::all).await;
    let nobody = app.anybody();
    for route in capabilities::all().iter().flat_map(|capability| &capability.routes) {
        if matches!(route.access, Access::Public | Access::Link) {
            continue;
        }
        let path = filled(route.path);
        let answer = nobody.send(route.method.as_str(), &path, &[("sec-fetch-site", "same-origin")], Vec::new()).await;
        let page = route.method == Method::GET && !path.starts_with("/api/");
        let expected = if page { 303 } else { 401 };
        assert_eq!(answer.status.as_u16(), expected, "{} {path}", route.method);
        if page {
            assert!(answer.location().starts_with("/login"), "{path} leads to {}", answer.location());
        }
    }
}

/// A stream that led to the login page would tell a script nothing.
#[db_test]
async fn live_events_tell_strangers_that_they_are_strangers(db: Db) {
    let app = TestApp::start(db, capabilities::all).await;
    for path in ["/events", "/events/recent?after=0"] {
        let accept = [("accept", "text/event-stream")];
        let answer = app.anybody().send("GET", path, &accept, Vec::new()).await.expect(401);
        assert_eq!(answer.json()["code"], "unauthenticated", "{path}");
    }
}

#[db_test]
async fn who_lacks_the_permission_is_refused(db: Db) {
    let app = TestApp::start(db, capabilities::all).await;
    for login in ["clerk1", "finance", "assessor"] {
        let person = app.as_user(login).await;
        let ctx = app.ctx(login).await;
        for route in capabilities::all().iter().flat_map(|capability| &capability.routes) {
            let Access::Needs(permission) = route.access else { continue };
            if ctx.actor.holds(permission) {
                continue;
            }
            let path = filled(route.path);
            let answer =
                person.send(route.method.as_str(), &path, &[("sec-fetch-site", "same-origin")], Vec::new()).await;
            assert_eq!(answer.status.as_u16(), 403, "{login} {} {path}", route.method);
        }
    }
}

#[db_test]
async fn what_does_not_exist_is_not_found_and_nothing_breaks(db: Db) {
    let app = TestApp::start(db, capabilities::all).await;
    let admin = app.as_user("admin").await;
    let quality = app.as_user("quality").await;
    for route in capabilities::all().iter().flat_map(|capability| &capability.routes) {
        if route.method != Method::GET || !route.path.contains('{') || route.access == Access::Public {
            continue;
        }
        for wrong in ["70000", "9223372036854775807", "x", "-1", "%00", "%F0%9F%98%80"] {
            let path: String = route
                .path
                .split('/')
                .map(|part| if part.starts_with('{') { wrong } else { part })
                .collect::<Vec<_>>()
                .join("/");
            for person in [&admin, &quality] {
                let answer = person.get(&path).await;
                assert!(matches!(answer.status.as_u16(), 403 | 404 | 422), "{path}: {}", answer.status);
            }
        }
    }
}

#[db_test]
async fn other_sites_cannot_send_forms(db: Db) {
    let app = TestApp::start(db, capabilities::all).await;
    let clerk = app.as_user("clerk1").await;
    for route in capabilities::all().iter().flat_map(|capability| &capability.routes) {
        if route.method == Method::GET {
            continue;
        }
        let path = filled(route.path);
        let answer = clerk.send(route.method.as_str(), &path, &[("sec-fetch-site", "cross-site")], Vec::new()).await;
        assert_eq!(answer.status.as_u16(), 403, "{} {path}", route.method);
    }
}
