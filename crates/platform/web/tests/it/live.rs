use axum::response::IntoResponse as _;
use http_body_util::BodyExt as _;
use kernel::{Id, Place, RecordRef, of};
use web::{Live, LiveEvent};

fn happened(store: i64, case: i64) -> LiveEvent {
    LiveEvent {
        verb: "case.accepted",
        record: RecordRef::new("case", Id::<of::Case>::new(case)),
        place: Place { store: Id::new(store), team: None, owner: None },
    }
}

fn in_store(store: i64) -> impl Fn(&LiveEvent) -> bool + Send + 'static {
    move |event| event.place.store == Id::new(store)
}

#[test]
fn who_asks_is_told_what_happened_since_and_no_more_than_they_may_see() {
    let live = Live::new(9);
    let start = live.since(None, in_store(1));
    assert!(start.events.is_empty());
    live.tell(happened(1, 100));
    live.tell(happened(2, 200));
    let since = live.since(Some(&start.id), in_store(1));
    assert_eq!(since.events.iter().map(|told| told.record.as_str()).collect::<Vec<_>>(), ["100"]);
    assert!(live.since(Some(&since.id), in_store(1)).events.is_empty());
}

#[test]
fn who_was_away_too_long_must_ask_for_everything() {
    let live = Live::new(9);
    let start = live.since(None, in_store(1)).id;
    for n in 0..1100 {
        live.tell(happened(1, n));
    }
    for strange in [start.as_str(), "8-5", "rubbish", "9-99999999"] {
        let since = live.since(Some(strange), in_store(1));
        assert_eq!(since.events.iter().map(|told| told.kind).collect::<Vec<_>>(), ["lost"], "{strange}");
    }
}

#[tokio::test]
async fn a_stream_begins_with_what_was_missed_and_ends_with_the_program() {
    let live = Live::new(9);
    live.tell(happened(1, 100));
    let first = live.since(None, in_store(1)).id;
    live.tell(happened(1, 101));
    let body = live.stream(Some(&first), in_store(1)).into_response().into_body();
    live.tell(happened(2, 200));
    live.tell(happened(1, 102));
    live.close();
    let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
    let told = "id: 9-2\ndata: {\"kind\":\"case\",\"verb\":\"case.accepted\",\"record\":\"101\"}\n\nid: 9-4\ndata: {\"kind\":\"case\",\"verb\":\"case.accepted\",\"record\":\"102\"}\n\n";
    assert_eq!(text, told);
}
