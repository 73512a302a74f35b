//! Messages on both engines, with a real mail server and SMS provider on loopback.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod servers;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use db::{Db, DbError, args};
use futures_util::future::BoxFuture;
use jobs::{Drained, Runner, Settings, drain};
use kernel::{Clock, Fault, Id, IdGen, Money, RecordRef, Timestamp, Zone};
use messaging::{
    Channel, Log, Message, MessageRow, MessageState, NewMessage, Outcome, Outgoing, Provider, Providers, QuietHours,
    Receipt, Signed, SignedSettings, Smtp, SmtpSettings, Tls, erase, find, of_record, queue, receipt, resend, reveal,
};
use servers::{MailServer, Mood, Reply, SmsServer};
use tokio::sync::{mpsc, watch};

const HOUR: i64 = 3_600_000;
const CASE: RecordRef = RecordRef { kind: "case", id: 42 };

struct Post {
    db: Db,
    clock: Clock,
    ids: IdGen,
    providers: Providers,
    runner: Runner,
}

impl Post {
    fn new(db: Db) -> Self {
        let clock = testkit::clock();
        let ids = testkit::ids(&clock);
        let providers = Providers::default();
        let kinds = vec![messaging::kind(providers.clone(), secrets::MasterKey::from_key([7; 32]))];
        let runner = Runner::new(db.clone(), clock.clone(), ids.clone(), Settings::default(), kinds, vec![]).unwrap();
        Self { db, clock, ids, providers, runner }
    }
    fn with_mail(self, server: &MailServer) -> Self {
        let settings = SmtpSettings {
            host: "127.0.0.1".to_owned(),
            port: server.port,
            tls: Tls::None,
            login: None,
            from: "售后 <service@shop.example>".to_owned(),
            allow_private: true,
            trust: messaging::Trust::default(),
        };
        self.providers.set_mail(Some(Arc::new(Smtp::new(settings).unwrap())));
        self
    }
    fn with_sms(self, server: &SmsServer, idempotent: bool) -> Self {
        let settings = SignedSettings {
            url: format!("http://127.0.0.1:{}/send?v=1", server.port),
            key: "shop".to_owned(),
            secret: server.secret.to_owned(),
            fen_per_segment: 5,
            idempotent,
            allow_private: true,
            trust: messaging::Trust::default(),
        };
        self.providers.set_sms(Some(Arc::new(Signed::new(settings).unwrap())));
        self
    }
    fn message(&self, channel: Channel, to: &str) -> NewMessage {
        NewMessage {
            channel,
            to: to.to_owned(),
            template: "received",
            locale: "zh-CN".to_owned(),
            args: [
                ("number", "FW261122-0001"),
                ("store", "南京路店"),
                ("link", "https://shop.example/t/secret"),
                ("name", "张三"),
                ("subject", "空调不制冷"),
            ]
            .map(|(name, value)| (name, value.to_owned()))
            .to_vec(),
            record: CASE,
            store: Some(Id::new(7)),
            zone: Zone::china(),
            quiet: QuietHours::default(),
            dedup: None,
            now: self.clock.now(),
        }
    }
    async fn queue(&self, message: NewMessage) -> Id<Message> {
        self.db
            .write((self.ids.clone(), message), |tx, (ids, message)| {
                Box::pin(async move { queue(tx, ids, message).await })
            })
            .await
            .unwrap()
    }
    async fn row(&self, id: Id<Message>) -> MessageRow {
        self.db.read(id, |tx, id| Box::pin(async move { find(tx, *id).await })).await.unwrap().unwrap()
    }
    async fn resend(&self, id: Id<Message>, to: Option<&str>) -> Result<(), Fault> {
        self.db
            .write((self.ids.clone(), id, to.map(str::to_owned), self.clock.now()), |tx, (ids, id, to, now)| {
                Box::pin(async move { resend(tx, ids, *id, to.as_deref(), *now).await })
            })
            .await
    }
    async fn receipt(&self, provider_id: &str, said: Receipt) -> bool {
        self.db
            .write((self.ids.clone(), provider_id.to_owned(), said, self.clock.now()), |tx, (ids, id, said, now)| {
                Box::pin(async move { receipt(tx, ids, id, said, *now).await })
            })
            .await
            .unwrap()
            .is_some()
    }
    async fn drain(&self, now: Timestamp) -> Drained {
        self.clock.set(now);
        drain(&self.runner, now).await.unwrap()
    }
    fn now(&self) -> Timestamp {
        self.clock.now()
    }
    /// Drains on a task that can be killed.
    fn doomed(&self) -> tokio::task::JoinHandle<()> {
        let (runner, now) = (self.runner.clone(), self.now());
        tokio::spawn(async move {
            drain(&runner, now).await.unwrap();
        })
    }
}

#[testkit::db_test]
async fn a_mail_goes_out_once_with_its_words(db: Db) {
    let mut server = MailServer::start().await;
    let post = Post::new(db).with_mail(&server);
    let id = post.queue(post.message(Channel::Mail, " zhang.san@example.com ")).await;
    let queued = post.row(id).await;
    assert_eq!((queued.state, queued.to.as_str()), (MessageState::Queued, "z****@example.com"));
    assert!(queued.body.contains("空调不制冷") && !queued.body.contains("secret"), "{}", queued.body);

    post.drain(post.now()).await;
    let mail = server.mail().await;
    for part in [
        "To: zhang.san@example.com",
        "<service@shop.example>",
        &format!("Message-ID: <{id}@shop.example>"),
        "Auto-Submitted: auto-generated",
        "Date: Sun, 22 Nov 2026 06:32:00 +0000",
        "Subject: =?utf-8?b?",
    ] {
        assert!(mail.contains(part), "{part} in {mail}");
    }
    let sent = post.row(id).await;
    assert_eq!((sent.state, sent.sent_at, sent.tries), (MessageState::Sent, Some(post.now()), 1));
    post.drain(post.now().plus(24 * HOUR)).await;
    assert!(server.is_quiet());
}

#[testkit::db_test]
async fn a_crash_between_send_and_mark_never_sends_twice(db: Db) {
    let mut server = MailServer::start().await;
    server.next([Mood::Falls]);
    let post = Post::new(db).with_mail(&server);
    let id = post.queue(post.message(Channel::Mail, "zhang.san@example.com")).await;
    let dying = post.doomed();
    server.mail().await;
    // The server has the whole mail; the process dies before it hears so.
    dying.abort();
    dying.await.unwrap_err();
    assert_eq!(post.row(id).await.state, MessageState::Sending);
    post.drain(post.now().plus(HOUR)).await;
    post.drain(post.now().plus(24 * HOUR)).await;
    let row = post.row(id).await;
    assert_eq!((row.state, row.error.as_deref()), (MessageState::Unknown, Some("interrupted")));
    assert!(server.is_quiet(), "nobody was written to twice");

    // A person decides; this is meant to be a second mail, so it gets another Message-ID.
    post.resend(id, None).await.unwrap();
    post.drain(post.now()).await;
    assert!(server.mail().await.contains(&format!("Message-ID: <{id}.1@shop.example>")));
    assert_eq!(post.row(id).await.state, MessageState::Sent);
}

#[testkit::db_test]
async fn a_server_that_hangs_up_leaves_the_result_unclear(db: Db) {
    let mut server = MailServer::start().await;
    server.next([Mood::HangsUp]);
    let post = Post::new(db).with_mail(&server);
    let id = post.queue(post.message(Channel::Mail, "zhang.san@example.com")).await;
    post.drain(post.now()).await;
    server.mail().await;
    assert_eq!(post.row(id).await.state, MessageState::Unknown);
    post.drain(post.now().plus(24 * HOUR)).await;
    assert!(server.is_quiet());
}

#[testkit::db_test]
async fn a_server_without_the_demanded_protection_gets_nothing(db: Db) {
    let mut server = MailServer::start().await;
    let post = Post::new(db);
    let settings = SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port: server.port,
        tls: Tls::StartTls,
        login: Some(("user".to_owned(), "password".to_owned())),
        from: "service@shop.example".to_owned(),
        allow_private: true,
        trust: messaging::Trust::default(),
    };
    post.providers.set_mail(Some(Arc::new(Smtp::new(settings).unwrap())));
    let id = post.queue(post.message(Channel::Mail, "a@example.com")).await;
    post.drain(post.now()).await;
    assert!(server.is_quiet());
    let row = post.row(id).await;
    assert_eq!(row.state, MessageState::Queued);
    assert!(row.detail.unwrap().contains("STARTTLS"));
}

#[testkit::db_test]
async fn later_means_later_and_no_means_no(db: Db) {
    let mut server = MailServer::start().await;
    server.next([Mood::Greylists, Mood::Refuses]);
    let post = Post::new(db).with_mail(&server);
    let later = post.queue(post.message(Channel::Mail, "a@example.com")).await;
    post.drain(post.now()).await;
    let row = post.row(later).await;
    assert_eq!((row.state, row.tries), (MessageState::Queued, 1));
    assert!(row.detail.unwrap().contains("come back later"));
    let never = post.queue(post.message(Channel::Mail, "b@example.com")).await;
    post.drain(post.now()).await;
    let row = post.row(never).await;
    assert_eq!((row.state, row.error.as_deref()), (MessageState::Failed, Some("refused")));
    post.drain(post.now().plus(HOUR)).await;
    assert!(server.mail().await.contains("To: a@example.com"));
    assert_eq!(post.row(later).await.state, MessageState::Sent);
    assert!(server.is_quiet());
}

#[testkit::db_test]
async fn a_server_that_is_away_for_hours_fails_the_message(db: Db) {
    let server = MailServer::start().await;
    let post = Post::new(db).with_mail(&server);
    server.next(std::iter::repeat_n(Mood::Greylists, 8));
    let mut message = post.message(Channel::Mail, "a@example.com");
    message.template = "deadline";
    message.args.push(("text", String::new()));
    let id = post.queue(message).await;
    for n in 0..8 {
        assert_eq!(post.row(id).await.tries, n);
        post.drain(post.now().plus(2 * HOUR)).await;
    }
    let row = post.row(id).await;
    assert_eq!((row.state, row.error.as_deref(), row.tries), (MessageState::Failed, Some("unreachable"), 8));
}

#[testkit::db_test]
async fn an_sms_is_signed_counted_and_billed(db: Db) {
    let server = SmsServer::start().await;
    let post = Post::new(db).with_sms(&server, true);
    let id = post.queue(post.message(Channel::Sms, "138 1234 5678")).await;
    assert_eq!(post.row(id).await.segments, 1);
    post.drain(post.now()).await;
    let [posted] = &server.posted()[..] else { panic!("one request with a right signature") };
    assert_eq!(posted.key, id.to_string());
    assert_eq!(posted.body["to"], "13812345678");
    assert_eq!(posted.body["template"], "received");
    assert_eq!(posted.body["params"]["number"], "FW261122-0001");
    assert_eq!(
        posted.body["text"],
        "【南京路店】张三，你的服务单 FW261122-0001 已受理。查看进度：https://shop.example/t/secret"
    );
    let row = post.row(id).await;
    assert_eq!((row.state, row.to.as_str(), row.cost), (MessageState::Sent, "138****5678", Money::from_fen(5)));
    assert_eq!(row.provider_id, Some(format!("sms-{id}")));
}

#[testkit::db_test]
async fn a_provider_that_takes_keys_is_asked_again_and_sends_once(db: Db) {
    let server = SmsServer::start().await;
    server.next([Reply::HangsUp, Reply::Status(500), Reply::Takes]);
    let post = Post::new(db).with_sms(&server, true);
    let id = post.queue(post.message(Channel::Sms, "13812345678")).await;
    for _ in 0..3 {
        post.drain(post.now().plus(HOUR)).await;
    }
    assert_eq!(post.row(id).await.state, MessageState::Sent);
    let keys: Vec<String> = server.posted().into_iter().map(|posted| posted.key).collect();
    assert_eq!(keys, [id.to_string(), id.to_string(), id.to_string()]);
    assert_eq!(server.delivered.lock().unwrap().len(), 1);
}

#[testkit::db_test]
async fn a_provider_that_takes_no_keys_is_never_asked_again(db: Db) {
    let server = SmsServer::start().await;
    server.next([Reply::HangsUp]);
    let post = Post::new(db).with_sms(&server, false);
    let id = post.queue(post.message(Channel::Sms, "13812345678")).await;
    for _ in 0..3 {
        post.drain(post.now().plus(HOUR)).await;
    }
    assert_eq!(post.row(id).await.state, MessageState::Unknown);
    assert_eq!(server.posted().len(), 1);
    // The operator knows more.
    assert!(!post.receipt("nobody's", Receipt::Delivered).await);
}

#[testkit::db_test]
async fn a_provider_that_is_busy_is_asked_later_and_one_that_refuses_is_believed(db: Db) {
    let server = SmsServer::start().await;
    server.next([Reply::Status(429), Reply::Takes, Reply::Status(400)]);
    let post = Post::new(db).with_sms(&server, false);
    let id = post.queue(post.message(Channel::Sms, "13812345678")).await;
    post.drain(post.now()).await;
    assert_eq!(post.row(id).await.state, MessageState::Queued);
    post.drain(post.now().plus(HOUR)).await;
    assert_eq!(post.row(id).await.state, MessageState::Sent);
    let refused = post.queue(post.message(Channel::Sms, "13812345678")).await;
    post.drain(post.now()).await;
    let row = post.row(refused).await;
    assert_eq!((row.state, row.error.as_deref()), (MessageState::Failed, Some("refused")));
    assert_eq!(row.cost, Money::ZERO);
}

#[testkit::db_test]
async fn receipts_say_what_became_of_a_message(db: Db) {
    let server = SmsServer::start().await;
    let post = Post::new(db).with_sms(&server, true);
    let first = post.queue(post.message(Channel::Sms, "13812345678")).await;
    let second = post.queue(post.message(Channel::Sms, "13812345679")).await;
    post.drain(post.now()).await;
    post.clock.advance(5_000);
    assert!(post.receipt(&format!("sms-{first}"), Receipt::Delivered).await);
    assert!(post.receipt(&format!("sms-{second}"), Receipt::Undelivered("MK:0001\0".to_owned())).await);
    let row = post.row(first).await;
    assert_eq!((row.state, row.receipt_at), (MessageState::Sent, Some(post.now())));
    let row = post.row(second).await;
    assert_eq!((row.state, row.error.as_deref()), (MessageState::Failed, Some("undelivered")));
    assert_eq!(row.detail.as_deref(), Some("MK:0001 "));
}

#[testkit::db_test]
async fn the_night_is_quiet_unless_it_is_urgent(db: Db) {
    let post = Post::new(db);
    post.providers.set_sms(Some(Arc::new(Log::default())));
    let night: Timestamp = "2026-11-22T22:10:00+08:00".parse().unwrap();
    let morning: Timestamp = "2026-11-23T08:00:00+08:00".parse().unwrap();
    post.clock.set(night);
    let calm = post.queue(post.message(Channel::Sms, "13812345678")).await;
    let urgent = post.queue(NewMessage { template: "deadline", ..post.message(Channel::Sms, "13812345678") }).await;
    assert_eq!((post.row(calm).await.send_at, post.row(urgent).await.send_at), (morning, night));
    post.drain(morning.plus(-1)).await;
    assert_eq!(post.row(calm).await.state, MessageState::Queued);
    assert_eq!(post.row(urgent).await.state, MessageState::Sent);
    post.drain(morning).await;
    assert_eq!(post.row(calm).await.state, MessageState::Sent);
}

#[testkit::db_test]
async fn a_retry_does_not_slip_into_the_night(db: Db) {
    let mut server = MailServer::start().await;
    server.next([Mood::Greylists]);
    let post = Post::new(db).with_mail(&server);
    post.clock.set("2026-11-22T20:59:59+08:00".parse().unwrap());
    let id = post.queue(post.message(Channel::Mail, "a@example.com")).await;
    post.drain(post.now()).await;
    post.drain("2026-11-22T23:00:00+08:00".parse().unwrap()).await;
    assert!(server.is_quiet());
    post.drain("2026-11-23T08:00:00+08:00".parse().unwrap()).await;
    server.mail().await;
    assert_eq!(post.row(id).await.state, MessageState::Sent);
}

#[testkit::db_test]
async fn what_cannot_be_sent_waits_for_a_person(db: Db) {
    let server = SmsServer::start().await;
    let post = Post::new(db);
    let mut message = post.message(Channel::Sms, "问老李\0");
    message.args.retain(|(name, _)| *name != "subject");
    message.args.push(("subject", "NUL \0 and \u{202e} inside".to_owned()));
    let wrong = post.queue(message).await;
    let row = post.row(wrong).await;
    assert_eq!((row.state, row.error.as_deref()), (MessageState::Suppressed, Some("address")));
    let homeless = post.queue(post.message(Channel::Sms, "13812345678")).await;
    post.drain(post.now()).await;
    let row = post.row(homeless).await;
    assert_eq!((row.state, row.error.as_deref()), (MessageState::Failed, Some("no-provider")));

    let post = post.with_sms(&server, false);
    assert_eq!(post.resend(wrong, None).await.unwrap_err().fields().of("to").unwrap().code, "address");
    post.resend(wrong, Some("13912345678")).await.unwrap();
    post.resend(homeless, None).await.unwrap();
    assert_eq!(post.resend(homeless, None).await.unwrap_err().code(), "message-not-resendable");
    assert_eq!(post.resend(Id::new(1), None).await.unwrap_err().code(), "not-found");
    post.drain(post.now()).await;
    let to: Vec<_> = server.posted().into_iter().map(|posted| posted.body["to"].as_str().unwrap().to_owned()).collect();
    assert_eq!(to, ["13912345678", "13812345678"]);
}

#[testkit::db_test]
async fn a_message_exists_exactly_when_its_transaction_commits_and_once_per_key(db: Db) {
    let post = Post::new(db);
    post.providers.set_sms(Some(Arc::new(Log { fen_per_segment: 4 })));
    let message = post.message(Channel::Sms, "13812345678");
    let failed: Result<(), Fault> = post
        .db
        .write((post.ids.clone(), message.clone()), |tx, (ids, message)| {
            Box::pin(async move {
                queue(tx, ids, message).await?;
                Err(Fault::refused("changed-my-mind"))
            })
        })
        .await;
    assert!(failed.is_err());
    let keyed = NewMessage { dedup: Some("survey:42".to_owned()), ..message };
    let first = post.queue(keyed.clone()).await;
    assert_eq!(post.queue(keyed.clone()).await, first);
    post.drain(post.now()).await;
    assert_eq!(post.queue(keyed).await, first, "also after it was sent");
    post.drain(post.now()).await;
    let all = post
        .db
        .read((), |tx, ()| Box::pin(async move { of_record(tx, &CASE, None, 10).await }))
        .await
        .map_err(|error: DbError| error)
        .unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].state, all[0].cost), (MessageState::Sent, Money::from_fen(4)));
}

#[testkit::db_test]
async fn a_text_for_wechat_is_kept_and_shown_whole_only_on_purpose(db: Db) {
    let post = Post::new(db);
    let id = post.queue(post.message(Channel::WechatCopy, "张三")).await;
    let row = post.row(id).await;
    assert_eq!((row.state, row.to.as_str(), row.segments), (MessageState::Sent, "张**", 0));
    assert!(!row.body.contains("secret"));
    let (to, body) = post.db.read(id, |tx, id| Box::pin(async move { reveal(tx, *id).await })).await.unwrap().unwrap();
    assert!(to == "张三" && body.contains("https://shop.example/t/secret"));
}

#[testkit::db_test]
async fn erasing_a_record_empties_its_messages_and_stops_what_waits(db: Db) {
    let server = SmsServer::start().await;
    let post = Post::new(db).with_sms(&server, false);
    let id = post.queue(post.message(Channel::Sms, "13812345678")).await;
    let erased = post.db.write((), |tx, ()| Box::pin(async move { erase(tx, &CASE).await })).await;
    assert_eq!(erased.map_err(|error: DbError| error).unwrap(), 1);
    post.drain(post.now()).await;
    assert!(server.posted().is_empty());
    let row = post.row(id).await;
    assert_eq!((row.state, row.error.as_deref(), row.body.as_str()), (MessageState::Suppressed, Some("erased"), ""));
    let kept: Option<(String, String)> = post
        .db
        .read(id, |tx, id| {
            Box::pin(
                async move { tx.one("SELECT to_address, params FROM message_out WHERE id = $1", args![*id]).await },
            )
        })
        .await
        .map_err(|error: DbError| error)
        .unwrap();
    assert_eq!(kept, Some((String::new(), "{}".to_owned())));
}

/// A provider that answers only when it is told to.
struct Slow {
    called: mpsc::UnboundedSender<()>,
    answer: watch::Receiver<bool>,
    calls: Arc<AtomicU64>,
}
impl Provider for Slow {
    fn idempotent(&self) -> bool {
        false
    }
    fn fen_per_segment(&self) -> i64 {
        0
    }
    fn send<'a>(&'a self, _: &'a Outgoing) -> BoxFuture<'a, Outcome> {
        Box::pin(async {
            self.calls.fetch_add(1, Ordering::SeqCst);
            self.called.send(()).unwrap();
            self.answer.clone().wait_for(|go| *go).await.map(|_| ()).unwrap();
            Outcome::Accepted("late".to_owned())
        })
    }
}

#[testkit::db_test]
async fn a_late_answer_still_settles_an_unclear_message(db: Db) {
    let post = Post::new(db);
    let (called, mut calling) = mpsc::unbounded_channel();
    let (go, answer) = watch::channel(false);
    let calls = Arc::new(AtomicU64::new(0));
    post.providers.set_sms(Some(Arc::new(Slow { called, answer, calls: calls.clone() })));
    let id = post.queue(post.message(Channel::Sms, "13812345678")).await;
    let slow = post.doomed();
    calling.recv().await.unwrap();
    // Its lease runs out while it waits, and another node finds the message as it is.
    post.drain(post.now().plus(HOUR)).await;
    assert_eq!(post.row(id).await.state, MessageState::Unknown);
    go.send_replace(true);
    slow.await.unwrap();
    let row = post.row(id).await;
    assert_eq!((row.state, row.provider_id.as_deref()), (MessageState::Sent, Some("late")));
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}
