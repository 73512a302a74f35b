use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use futures_util::stream::{self, StreamExt as _};
use kernel::{Place, RecordRef};
use serde::Serialize;
use tokio::sync::broadcast;

/// How many events are kept for pages that were away for a moment.
const KEPT: usize = 1024;

/// Something happened to a record; told to open pages after the commit. Carries ids only, so a page asks for what it may see.
#[derive(Debug, Clone)]
pub struct LiveEvent {
    /// What happened, in the past tense: `case.accepted`.
    pub verb: &'static str,
    /// The record.
    pub record: RecordRef,
    /// Where the record stands; decides who is told.
    pub place: Place,
}

/// Tells open pages what happened. One per node; clones share it.
#[derive(Debug, Clone)]
pub struct Live {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// Tells this run of the program apart from earlier ones and from other nodes: their numbers mean nothing here.
    run: i64,
    recent: Mutex<Recent>,
}

#[derive(Debug)]
struct Recent {
    next: u64,
    events: VecDeque<Numbered>,
    /// Gone when the program shuts down, which ends every stream.
    tell: Option<broadcast::Sender<Numbered>>,
}

#[derive(Debug, Clone)]
struct Numbered {
    n: u64,
    event: LiveEvent,
}

/// One event as pages get it.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct Told {
    /// The kind of record, e.g. `case`; `lost` when so much happened that the page must ask for everything anew.
    pub kind: &'static str,
    /// What happened.
    pub verb: &'static str,
    /// The record's id.
    pub record: String,
}

impl Told {
    const LOST: Self = Self { kind: "lost", verb: "lost", record: String::new() };

    fn of(event: &LiveEvent) -> Self {
        Self { kind: event.record.kind, verb: event.verb, record: event.record.id.to_string() }
    }
}

/// What happened since a page last asked.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct Since {
    /// What happened, oldest first.
    pub events: Vec<Told>,
    /// Where the next question begins.
    pub id: String,
}

impl Live {
    /// A hub; `run` differs from run to run (the start's instant, an id).
    pub fn new(run: i64) -> Self {
        let recent = Recent { next: 1, events: VecDeque::with_capacity(KEPT), tell: Some(broadcast::channel(256).0) };
        Self { shared: Arc::new(Shared { run, recent: Mutex::new(recent) }) }
    }

    /// Tells `event` to every subscriber whose filter takes it.
    pub fn tell(&self, event: LiveEvent) {
        let mut recent = self.lock();
        let numbered = Numbered { n: recent.next, event };
        recent.next += 1;
        if recent.events.len() == KEPT {
            recent.events.pop_front();
        }
        recent.events.push_back(numbered.clone());
        if let Some(tell) = &recent.tell {
            // An error only says that nobody listens.
            let _ = tell.send(numbered);
        }
    }

    /// Ends all streams, so that the program can stop.
    pub fn close(&self) {
        self.lock().tell = None;
    }

    /// What happened after `after` (an id from before) and passes `filter`, for pages that ask instead of listening.
    pub fn since(&self, after: Option<&str>, filter: impl Fn(&LiveEvent) -> bool) -> Since {
        let recent = self.lock();
        let id = self.id(recent.next - 1);
        let events = match self.missed(&recent, after) {
            Missed::Nothing => Vec::new(),
            Missed::TooMuch => vec![Told::LOST],
            Missed::After(n) => recent
                .events
                .iter()
                .filter(|kept| kept.n > n && filter(&kept.event))
                .map(|kept| Told::of(&kept.event))
                .collect(),
        };
        Since { events, id }
    }

    /// The stream for one page: first what it missed after `after` (its `Last-Event-ID`), then what happens, as far as `filter`
    /// takes it.
    pub fn stream<F>(
        &self,
        after: Option<&str>,
        filter: F,
    ) -> Sse<impl Stream<Item = Result<Event, Infallible>> + Send + use<F>>
    where
        F: Fn(&LiveEvent) -> bool + Send + 'static,
    {
        let (missed, receiver) = {
            let recent = self.lock();
            // Subscribing and looking back under one lock: nothing is told twice or lost between the two.
            let receiver = recent.tell.as_ref().map(broadcast::Sender::subscribe);
            let missed: Vec<Item> = match self.missed(&recent, after) {
                Missed::Nothing => Vec::new(),
                Missed::TooMuch => vec![Item::Lost(recent.next - 1)],
                Missed::After(n) => recent.events.iter().filter(|kept| kept.n > n).cloned().map(Item::Event).collect(),
            };
            (missed, receiver)
        };
        let next = self.clone();
        let coming = stream::unfold(receiver, move |receiver| {
            let live = next.clone();
            async move {
                let mut receiver = receiver?;
                let item = match receiver.recv().await {
                    Ok(numbered) => Item::Event(numbered),
                    Err(broadcast::error::RecvError::Lagged(_)) => Item::Lost(live.lock().next - 1),
                    Err(broadcast::error::RecvError::Closed) => return None,
                };
                Some((item, Some(receiver)))
            }
        });
        let live = self.clone();
        let events = stream::iter(missed).chain(coming).filter_map(move |item| {
            let told = match item {
                Item::Lost(n) => Some((n, Told::LOST)),
                Item::Event(numbered) => filter(&numbered.event).then(|| (numbered.n, Told::of(&numbered.event))),
            };
            let event = told.and_then(|(n, told)| Event::default().id(live.id(n)).json_data(told).ok());
            async move { event.map(Ok) }
        });
        Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(25)))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Recent> {
        self.shared.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }
    fn id(&self, n: u64) -> String {
        format!("{}-{n}", self.shared.run)
    }
    fn missed(&self, recent: &Recent, after: Option<&str>) -> Missed {
        let Some(after) = after.filter(|after| !after.is_empty()) else {
            return Missed::Nothing;
        };
        let n = after
            .rsplit_once('-')
            .filter(|(run, _)| *run == self.shared.run.to_string())
            .and_then(|(_, n)| n.parse::<u64>().ok());
        let oldest = recent.events.front().map_or(recent.next, |kept| kept.n);
        match n {
            Some(n) if n + 1 >= oldest && n < recent.next => Missed::After(n),
            _ => Missed::TooMuch,
        }
    }
}

enum Missed {
    Nothing,
    TooMuch,
    After(u64),
}

enum Item {
    Event(Numbered),
    Lost(u64),
}
