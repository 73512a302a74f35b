use axum::body::Body;
use axum::extract::Request;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;
use utoipa::openapi::{OpenApi, OpenApiBuilder, PathItem, PathsBuilder};

fn part(path: &str) -> OpenApi {
    OpenApiBuilder::new().paths(PathsBuilder::new().path(path, PathItem::default()).build()).build()
}

#[tokio::test]
async fn one_description_holds_the_parts_of_all_capabilities() {
    let whole = web::openapi::merge("Aftercare", "1.2.3", [part("/api/v1/cases"), part("/api/v1/customers")]);
    let request = Request::get("/openapi.json").body(Body::empty()).unwrap();
    let answer = web::openapi::route(&whole).oneshot(request).await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/json");
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    let json: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(json["openapi"], "3.1.0");
    assert_eq!((&json["info"]["title"], &json["info"]["version"]), (&"Aftercare".into(), &"1.2.3".into()));
    let paths: Vec<_> = json["paths"].as_object().unwrap().keys().collect();
    assert_eq!(paths, ["/api/v1/cases", "/api/v1/customers"]);
}
