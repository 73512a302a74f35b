//! Over the wire: protected connections, news at once, and servers that fail.

use std::sync::Arc;
use std::time::Duration;

use cases::domain::Visibility;
use db::Db;
use mail::app::{self, Draft, NewPassword, Tried};
use messaging::{Smtp, SmtpSettings, Tls};
use testapp::TestApp;
use testkit::db_test;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use crate::post::{arrived, became, capabilities, draft, fresh, letter, look, lying, send, servers, shop};

fn job(app: &TestApp) -> capability::Ctx {
    capability::Ctx::system(Arc::clone(&app.house), "test")
}

#[db_test]
async fn letters_come_over_tls_from_the_first_byte_and_after_starttls(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let there = servers();
    app.house.providers.allow("localhost");
    let admin = app.ctx("admin").await;
    let ways = [(Tls::Implicit, there.imaps), (Tls::StartTls, there.imap)];
    for (tls, port) in ways {
        let draft = Draft { tls, port: i64::from(port), host: "localhost".to_owned(), ..draft(&app, &fresh()) };
        // Nobody has said yet whose certificate this is.
        match app::try_out(&admin, None, &draft).await.unwrap() {
            Tried::Not("tls", detail) => assert!(!detail.is_empty()),
            other => panic!("{tls:?}: {other:?}"),
        }
    }
    app.house.providers.trust(there.trust);
    for (tls, port) in ways {
        let name = fresh();
        let draft = Draft { tls, port: i64::from(port), host: "localhost".to_owned(), ..draft(&app, &name) };
        assert_eq!(app::try_out(&admin, None, &draft).await.unwrap(), Tried::Read(0), "{tls:?}");
        let id = app::create(&admin, draft).await.unwrap();
        send(&name, &[letter("a@x.cn", "tls", &format!("{name}@x"), "", "hello")]).await;
        look(&app, id).await;
        assert_eq!(became(&app, id).await[0].1, "case: tls");
    }
    // Where TLS begins with the first byte, one who speaks first says nothing that is understood.
    let mixed = Draft {
        tls: Tls::Implicit,
        port: i64::from(there.imap),
        host: "localhost".to_owned(),
        ..draft(&app, &fresh())
    };
    assert!(matches!(app::try_out(&admin, None, &mixed).await.unwrap(), Tried::Not("tls", _)));
}

#[db_test]
async fn an_answer_arrives_in_the_customers_mailbox_in_its_thread(db: Db) {
    let (app, id, name) = shop(db).await;
    let there = servers();
    app.house.providers.allow("localhost");
    app.house.providers.trust(there.trust);
    for (tls, port) in [(Tls::Implicit, there.smtps), (Tls::StartTls, there.smtp)] {
        let customer = fresh();
        arrived(&customer, |_| true).await;
        let smtp = Smtp::new(SmtpSettings {
            host: "localhost".to_owned(),
            port,
            tls,
            login: Some(("shop".to_owned(), "secret".to_owned())),
            from: "云栖售后 <service@mail.test>".to_owned(),
            allow_private: true,
            trust: app.house.providers.trusted(),
        });
        app.house.providers.set_mail(Some(Arc::new(smtp.unwrap())));
        let began = format!("{customer}-1@x");
        send(&name, &[letter(&format!("王丽华 <{customer}@mail.test>"), "洗衣机响", &began, "", "脱水时响。")]).await;
        look(&app, id).await;
        let case = became(&app, id).await.last().unwrap().0.case.unwrap();
        let boss = app.ctx("boss1").await;
        cases::app::post_message(&boss, case, Visibility::Public, "Wednesday 10:00?".to_owned()).await.unwrap();
        app.run_jobs().await;
        arrived(&customer, |letters| letters >= 1).await;
        let lies = lying(&customer).await;
        assert!(lies.contains(&format!("In-Reply-To: <{began}>")), "{tls:?}: {lies}");
        assert!(lies.contains(&format!("References: <{began}>")), "{lies}");
        // From its first line to the bracket that closes the server's answer.
        let written = lies.get(lies.find("Received:").unwrap()..lies.rfind(')').unwrap()).unwrap();
        let said = letters::read(written.as_bytes()).words.said;
        assert!(said.contains("Wednesday 10:00?"), "{said}");
        assert!(lies.contains(&format!("Reply-To: {name}@mail.test")), "{lies}");
        assert!(!lies.contains("Auto-Submitted"), "a person wrote it: {lies}");
    }
}

#[db_test]
async fn news_is_taken_in_at_once_where_the_server_can_say_so(db: Db) {
    let (app, _, _) = shop(db).await;
    let name = fresh();
    let admin = app.ctx("admin").await;
    let id = app::create(&admin, Draft { idle: true, ..draft(&app, &name) }).await.unwrap();
    let ctx = job(&app);
    // An hour: what comes before its end was told by the server.
    let waiting = app::look_and_wait(&ctx, id, Duration::from_secs(3_600));
    let written = async {
        while app::mailbox(&admin, id).await.unwrap().looked_at.is_none() {
            tokio::task::yield_now().await;
        }
        send(&name, &[letter("a@x.cn", "now", "idle@x", "", "hello")]).await;
    };
    let (waited, ()) = tokio::join!(waiting, written);
    waited.unwrap();
    assert_eq!(became(&app, id).await[0].1, "case: now");
}

/// A provider whose server cannot say that there is news, and a mailbox that is set not to wait: both are asked once a minute.
#[db_test]
async fn where_news_is_not_told_it_is_asked_for(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let there = servers();
    app.house.providers.trust(there.trust);
    let admin = app.ctx("admin").await;
    let ctx = job(&app);
    // At this address the server does not know IDLE; by the second the mailbox does not use it.
    for (host, tls, idle) in [("127.0.0.2", Tls::StartTls, true), ("127.0.0.1", Tls::None, false)] {
        app.house.providers.allow(host);
        let name = fresh();
        let polled = Draft { host: host.to_owned(), tls, idle, ..draft(&app, &name) };
        let id = app::create(&admin, polled).await.unwrap();
        for n in 1..=2 {
            // Nobody waits: an hour would be too long for this test.
            app::look_and_wait(&ctx, id, Duration::from_secs(3_600)).await.unwrap();
            assert_eq!(became(&app, id).await.len(), n - 1, "{host}");
            send(&name, &[letter("a@x.cn", &format!("n{n}"), &format!("{name}-{n}@x"), "", "hello")]).await;
            app::look_and_wait(&ctx, id, Duration::from_secs(3_600)).await.unwrap();
            let rows = became(&app, id).await;
            assert_eq!(rows.len(), n, "{host}: {rows:#?}");
            assert_eq!(rows[n - 1].1, format!("case: n{n}"));
        }
        let mailbox = app::mailbox(&admin, id).await.unwrap();
        assert_eq!((mailbox.error, mailbox.last_uid), (None, 2));
    }
}

/// A server with one letter that answers as it is told.
async fn server(body: &'static str) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((tcp, _)) = listener.accept().await {
            let (read, mut write) = tcp.into_split();
            let mut lines = BufReader::new(read).lines();
            write.write_all(b"* OK here\r\n").await.unwrap();
            while let Ok(Some(line)) = lines.next_line().await {
                let (tag, command) = line.split_once(' ').unwrap();
                let said = match command {
                    _ if command.starts_with("CAPABILITY") => "* CAPABILITY IMAP4rev1\r\n",
                    _ if command.starts_with("EXAMINE") => "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n",
                    _ if command.starts_with("UID SEARCH") => "* SEARCH 1\r\n",
                    _ if command.contains("RFC822.SIZE") => "* 1 FETCH (UID 1 RFC822.SIZE 500)\r\n",
                    _ if command.contains("BODY.PEEK") => body,
                    _ => "",
                };
                write.write_all(said.as_bytes()).await.unwrap();
                if said == body && !body.ends_with("\r\n") {
                    break;
                }
                write.write_all(format!("{tag} OK done\r\n").as_bytes()).await.unwrap();
            }
        }
    });
    port
}

#[db_test]
async fn a_server_that_breaks_off_loses_no_letter_and_is_asked_less_and_less_often(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    app.house.providers.allow("127.0.0.1");
    let admin = app.ctx("admin").await;
    let ctx = job(&app);
    // Cut within the letter, and kept back although it is there.
    for body in ["* 1 FETCH (UID 1 BODY[] {500}\r\nFrom: a@x.cn\r\nSubject: ha", ""] {
        let port = if body.is_empty() { server("* NO [SERVERBUG] sorry\r\n").await } else { server(body).await };
        let id = app::create(&admin, Draft { port: i64::from(port), ..draft(&app, &fresh()) }).await.unwrap();
        for minutes in [1, 2, 4, 8, 15, 15] {
            app::look_into(&ctx, id).await.unwrap();
            let mailbox = app::mailbox(&admin, id).await.unwrap();
            assert_eq!((mailbox.error.as_deref(), mailbox.last_uid), (Some("read"), 0), "{body}");
            assert_eq!(mailbox.look_at, Some(app.clock.now().plus(minutes * 60_000)));
        }
        assert!(became(&app, id).await.is_empty());
        // Not before its time; then it is asked again.
        let tries = app::mailbox(&admin, id).await.unwrap().tries;
        app::look_into_all(&ctx).await.unwrap();
        assert_eq!(app::mailbox(&admin, id).await.unwrap().tries, tries);
        app.clock.advance(15 * 60_000);
        app::look_into_all(&ctx).await.unwrap();
        assert_eq!(app::mailbox(&admin, id).await.unwrap().tries, tries + 1);
        // With the right server all is well at once.
        let name = fresh();
        let mailbox = app::mailbox(&admin, id).await.unwrap();
        let right = Draft { address: mailbox.address, ..draft(&app, &name) };
        app::save(&admin, id, mailbox.version, right).await.unwrap();
        send(&name, &[letter("a@x.cn", "whole", &format!("{name}@x"), "", "hello")]).await;
        look(&app, id).await;
        let mailbox = app::mailbox(&admin, id).await.unwrap();
        assert_eq!((mailbox.look_at, mailbox.tries, mailbox.failed_since), (None, 0, None));
        assert_eq!(became(&app, id).await[0].1, "case: whole");
    }
}

#[db_test]
async fn a_wrong_password_is_not_tried_every_minute(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    app.house.providers.allow("127.0.0.1");
    let admin = app.ctx("admin").await;
    let wrong = Draft { password: NewPassword::To("wrong".to_owned()), ..draft(&app, &fresh()) };
    assert!(matches!(app::try_out(&admin, None, &wrong).await.unwrap(), Tried::Not("login", _)));
    let id = app::create(&admin, wrong).await.unwrap();
    for _ in 0..8 {
        app::look_into(&job(&app), id).await.unwrap();
    }
    let mailbox = app::mailbox(&admin, id).await.unwrap();
    assert_eq!(mailbox.error.as_deref(), Some("login"));
    assert_eq!(mailbox.look_at, Some(app.clock.now().plus(60 * 60_000)));
}

#[db_test]
async fn a_mailbox_is_a_channel_of_its_store_and_its_cases_are_counted_by_it(db: Db) {
    let (app, id, name) = shop(db).await;
    // A second mailbox: which one was written to is known all the same.
    app::create(&app.ctx("admin").await, draft(&app, &fresh())).await.unwrap();
    send(&name, &[letter("a@x.cn", "which", "via@x", "", "hello")]).await;
    look(&app, id).await;
    let case = became(&app, id).await[0].0.case.unwrap();
    let via = app.house.db.read(case, |tx, case| Box::pin(async move { cases::store::via(tx, *case).await })).await;
    let boss = app.as_user("boss1").await;
    let page = boss.get(&format!("/channels/{}", via.unwrap().unwrap())).await.expect(200).text();
    assert!(page.contains(&format!("{name}@mail.test")) && page.contains("/mailboxes?address="), "{page}");
    let found = boss.get(&format!("/mailboxes?address={name}@mail.test")).await.expect(303);
    assert_eq!(found.location(), format!("/mailboxes/{id}"));
}
