use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use http_body_util::BodyExt;

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    pub(crate) async fn read(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("the body arrives").to_bytes().to_vec();
        Self { status: parts.status, headers: parts.headers, body }
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("the body is text")
    }

    /// The body as it came.
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("not JSON ({error}): {}", self.text()))
    }

    /// A header's value, empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Where a redirect leads.
    #[track_caller]
    pub fn location(&self) -> &str {
        assert!(self.status.is_redirection(), "{}: {}", self.status, self.text());
        self.header("location")
    }

    /// The status is `status`.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    /// The part of a page between `<main` and `</main>`, for snapshots.
    #[track_caller]
    pub fn main(&self) -> String {
        let text = self.text();
        let start = text.find("<main").unwrap_or_else(|| panic!("no <main> in {text}"));
        let (_, rest) = text.split_at(start);
        rest.split_inclusive("</main>").next().unwrap_or_default().to_owned()
    }

    /// [`Answer::main`] without what differs from run to run: ids, tokens, hashes of assets.
    #[track_caller]
    pub fn plain(&self) -> String {
        let mut text = String::new();
        let mut run = String::new();
        for letter in self.main().chars().chain(['\n']) {
            if letter.is_ascii_hexdigit() {
                run.push(letter);
                continue;
            }
            text.push_str(match run.len() {
                64 => "TOKEN",
                12 => "HASH",
                15..=20 if run.bytes().all(|byte| byte.is_ascii_digit()) => "ID",
                _ => &run,
            });
            run.clear();
            text.push(letter);
        }
        text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    }
}
