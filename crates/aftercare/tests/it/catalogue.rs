//! Snapshots of what the program declares. A difference is a decision: look at it, then accept it.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use aftercare::capabilities;
use capability::Access;

#[test]
fn routes_and_who_may_call_them() {
    let mut lines: Vec<String> = capabilities::all()
        .iter()
        .flat_map(|capability| &capability.routes)
        .map(|route| format!("{:<6} {:<48} {}", route.method, route.path, word(route.access)))
        .collect();
    let all = lines.len();
    lines.sort();
    lines.dedup();
    assert_eq!(lines.len(), all, "a route is declared twice");
    insta::assert_snapshot!(lines.join("\n"));
}

fn word(access: Access) -> String {
    match access {
        Access::Public => "public".to_owned(),
        Access::Link => "customer link".to_owned(),
        Access::SignedIn => "signed in".to_owned(),
        Access::Needs(permission) => permission.to_string(),
    }
}

#[test]
fn every_number_that_a_scheme_names_exists() {
    let metrics: Vec<_> = capabilities::all().iter().flat_map(|capability| capability.metrics).copied().collect();
    assert_eq!(scores::domain::check(&metrics), Ok(()));
}

#[test]
fn permission_matrix() {
    let mut matrix: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for capability in capabilities::all() {
        for def in capability.permissions {
            assert!(def.permission.0.contains('.'), "{} has no capability", def.permission);
            let roles = def.defaults.iter().map(|(role, scope)| format!("{role} ({})", scope.as_str())).collect();
            assert!(matrix.insert(def.permission.0, roles).is_none(), "{} is declared twice", def.permission);
        }
    }
    let lines: Vec<String> =
        matrix.iter().map(|(permission, roles)| format!("{permission}\n  {}", roles.join(", "))).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn every_permission_that_a_route_needs_is_declared() {
    let all = capabilities::all();
    let declared: BTreeSet<&str> =
        all.iter().flat_map(|capability| capability.permissions).map(|def| def.permission.0).collect();
    for route in all.iter().flat_map(|capability| &capability.routes) {
        if let Access::Needs(permission) = route.access {
            assert!(
                declared.contains(permission.0),
                "{} {} needs the undeclared {permission}",
                route.method,
                route.path
            );
        }
    }
}

#[test]
fn the_api_description_names_exactly_the_api_routes() {
    let all = capabilities::all();
    let whole = web::openapi::merge("test", "0", all.iter().filter_map(|capability| capability.openapi.clone()));
    let json: serde_json::Value = serde_json::from_str(&whole.to_json().unwrap()).unwrap();
    let described: BTreeSet<String> = json["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().unwrap().keys().map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    let routed: BTreeSet<String> = all
        .iter()
        .flat_map(|capability| &capability.routes)
        .filter(|route| route.path.starts_with("/api/"))
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    assert_eq!(described, routed);
    insta::assert_json_snapshot!(json);
}

#[test]
fn crate_graph() {
    let out = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let ours: BTreeSet<&str> = packages.iter().map(|package| package["name"].as_str().unwrap()).collect();
    let layer = |package: &serde_json::Value| {
        let path = package["manifest_path"].as_str().unwrap().to_owned();
        let (_, below) = path.rsplit_once("/crates/").unwrap();
        below.trim_end_matches("/Cargo.toml").to_owned()
    };
    let mut lines: Vec<String> = packages
        .iter()
        .map(|package| {
            let parents: BTreeSet<&str> = package["dependencies"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|dependency| dependency["kind"].is_null())
                .filter_map(|dependency| dependency["name"].as_str())
                .filter(|name| ours.contains(name))
                .collect();
            format!("{} -> {}", layer(package), parents.into_iter().collect::<Vec<_>>().join(" "))
        })
        .collect();
    lines.sort();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn both_languages_say_the_same_things() {
    let problems = web::catalogue_problems();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_metric_has_words_in_both_languages() {
    for capability in capabilities::all() {
        for metric in capability.metrics {
            let key = format!("metric-{}", metric.id.replace(['.', '_'], "-"));
            for locale in [web::Locale::ZhCn, web::Locale::En] {
                for key in [key.clone(), format!("{key}-about")] {
                    assert!(web::find(locale, &key, &[]).is_some(), "{key} has no text in {}", locale.as_str());
                }
            }
        }
    }
}
