//! Tables as files for spreadsheets.

use std::borrow::Cow;

use axum::body::{Body, Bytes};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt, stream};
use kernel::Fault;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// What tells spreadsheets that the file is UTF-8.
const BOM: &[u8] = "\u{feff}".as_bytes();

/// `text` so that no spreadsheet takes it for a formula: what begins like one gets an apostrophe in front (also in full width,
/// which Chinese spreadsheets read alike).
pub fn harmless(text: &str) -> Cow<'_, str> {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠') => format!("'{text}").into(),
        _ => text.into(),
    }
}

/// The file `name` (without its ending) as comma-separated values: `head`, then `rows` as they come, page by page and never all
/// at once. What fails on the way ends the transfer without its end, so that half a table never looks whole.
pub fn sheet(
    name: &str,
    head: Vec<String>,
    rows: impl Stream<Item = Result<Vec<Vec<String>>, Fault>> + Send + 'static,
) -> Response {
    let begin = stream::once(async move {
        let mut bytes = BOM.to_vec();
        bytes.extend(lines(&[head])?);
        Ok(Bytes::from(bytes))
    });
    let rest = rows.map(|page| Ok(Bytes::from(lines(&page?)?)));
    let body = begin.chain(rest).inspect(|part: &Result<Bytes, Fault>| {
        if let Err(fault) = part {
            tracing::warn!(%fault, "a table could not be sent whole");
        }
    });
    let escaped = utf8_percent_encode(name, NON_ALPHANUMERIC);
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8; header=present".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"table.csv\"; filename*=UTF-8''{escaped}.csv")),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, Body::from_stream(body)).into_response()
}

fn lines(rows: &[Vec<String>]) -> Result<Vec<u8>, Fault> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.iter().map(|cell| harmless(cell).into_owned())).map_err(Fault::internal)?;
    }
    writer.into_inner().map_err(Fault::internal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;

    async fn text(response: Response) -> String {
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn a_table_is_read_by_spreadsheets_and_runs_nothing_there() {
        let pages =
            [Ok(vec![vec!["=1+1".to_owned(), "a,\"b\"".to_owned()]]), Ok(vec![vec!["＋86".into(), "-1".into()]])];
        let response = sheet("服务单 1", vec!["单号".into(), "问题".into()], stream::iter(pages));
        let named = response.headers()[CONTENT_DISPOSITION].to_str().unwrap().to_owned();
        assert!(named.ends_with("filename*=UTF-8''%E6%9C%8D%E5%8A%A1%E5%8D%95%201.csv"), "{named}");
        assert_eq!(text(response).await, "\u{feff}单号,问题\r\n'=1+1,\"a,\"\"b\"\"\"\r\n'＋86,'-1\r\n");
    }

    #[tokio::test]
    async fn half_a_table_does_not_look_whole() {
        let pages = [Ok(vec![vec!["1".to_owned()]]), Err(Fault::busy("gone"))];
        let response = sheet("x", vec!["n".into()], stream::iter(pages));
        assert!(response.into_body().collect().await.is_err());
    }

    #[test]
    fn what_begins_like_a_formula_is_text() {
        for risky in ["=A1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "＝A1", "＠x"] {
            assert_eq!(harmless(risky), format!("'{risky}"));
        }
        for fine in ["", "A1", "138****5678", "洗衣机 = 坏", " =1"] {
            assert_eq!(harmless(fine), fine);
        }
    }
}
