//! The mail servers of the tests, and the small company with a mailbox.

use std::sync::atomic::{AtomicU32, Ordering};

use capability::Capability;
use db::Db;
use kernel::Id;
use mail::MailboxId;
use mail::app::{self, Draft, NewPassword};
use messaging::{Tls, Trust};
use testapp::TestApp;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

pub fn capabilities() -> Vec<Capability> {
    vec![
        notices::capability(),
        parties::capability(),
        cases::capability(),
        feedback::capability(),
        channels::capability(),
        outbox::capability(),
        mail::capability(),
    ]
}

/// Where the servers listen, and whose certificate they have.
pub struct Servers {
    pub imap: u16,
    pub smtp: u16,
    pub imaps: u16,
    pub smtps: u16,
    pub trust: Trust,
}

pub fn servers() -> Servers {
    let home = std::env::temp_dir().join("aftercare-test-mail");
    let said = std::fs::read_to_string(home.join("url")).unwrap_or_else(|_| {
        panic!("no mail servers: run `scripts/test-mail start` (`make test` does), {} is empty", home.display())
    });
    let ports: Vec<u16> = said.split_whitespace().map(|url| url.rsplit(':').next().unwrap().parse().unwrap()).collect();
    let trust = Trust::from_pem(&std::fs::read(home.join("ca.pem")).unwrap()).unwrap();
    Servers { imap: ports[0], smtp: ports[1], imaps: ports[2], smtps: ports[3], trust }
}

/// A mailbox of its own for each test: its name at the servers.
pub fn fresh() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let started = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_micros();
    format!("t{started}x{}", NEXT.fetch_add(1, Ordering::SeqCst))
}

pub fn draft(app: &TestApp, name: &str) -> Draft {
    Draft {
        name: "售后邮箱".to_owned(),
        address: format!("{name}@mail.test"),
        host: "127.0.0.1".to_owned(),
        port: i64::from(servers().imap),
        tls: Tls::None,
        login: name.to_owned(),
        password: NewPassword::To("secret".to_owned()),
        folder: "INBOX".to_owned(),
        store: app.unit("S1"),
        owner: Some(app.user("boss1")),
        idle: false,
        active: true,
    }
}

/// The company with a mailbox, which is looked into once so that it exists at the server.
pub async fn shop(db: Db) -> (TestApp, Id<MailboxId>, String) {
    let app = TestApp::start(db, capabilities).await;
    app.house.providers.allow("127.0.0.1");
    let name = fresh();
    let id = app::create(&app.ctx("admin").await, draft(&app, &name)).await.unwrap();
    look(&app, id).await;
    (app, id, name)
}

/// Looks into the mailbox, as the job does.
pub async fn look(app: &TestApp, id: Id<MailboxId>) {
    let ctx = capability::Ctx::system(std::sync::Arc::clone(&app.house), "test");
    app::look_into(&ctx, id).await.unwrap();
    let mailbox = app::mailbox(&app.ctx("admin").await, id).await.unwrap();
    assert_eq!((mailbox.error, mailbox.detail), (None, None));
}

/// Sends letters to the mailbox `name`, each when the one before has arrived: the server delivers side by side.
pub async fn send_in_order(name: &str, letters: &[Vec<u8>]) {
    for letter in letters {
        send(name, std::slice::from_ref(letter)).await;
    }
}

/// Sends raw letters to the mailbox `name` and waits until the server has them.
pub async fn send(name: &str, letters: &[Vec<u8>]) {
    let smtp = servers().smtp;
    let before = arrived(name, |_| true).await;
    let (read, mut write) = TcpStream::connect(("127.0.0.1", smtp)).await.unwrap().into_split();
    let mut lines = BufReader::new(read).lines();
    let mut said = async |write: &mut tokio::net::tcp::OwnedWriteHalf, bytes: &[u8], code: &str| {
        write.write_all(bytes).await.unwrap();
        loop {
            let line = lines.next_line().await.unwrap().unwrap();
            assert!(line.starts_with(code), "{line}");
            if line.as_bytes()[3] == b' ' {
                break;
            }
        }
    };
    said(&mut write, b"", "220").await;
    said(&mut write, b"EHLO test\r\n", "250").await;
    for letter in letters {
        said(&mut write, b"MAIL FROM:<>\r\n", "250").await;
        said(&mut write, format!("RCPT TO:<{name}@mail.test>\r\n").as_bytes(), "250").await;
        said(&mut write, b"DATA\r\n", "354").await;
        let mut data = Vec::new();
        for line in letter.split(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.starts_with(b".") {
                data.push(b'.');
            }
            data.extend_from_slice(line);
            data.extend_from_slice(b"\r\n");
        }
        data.extend_from_slice(b".\r\n");
        said(&mut write, &data, "250").await;
    }
    said(&mut write, b"QUIT\r\n", "221").await;
    arrived(name, |now| now >= before + letters.len()).await;
}

/// Waits for the server's word that so many letters lie in the mailbox.
pub async fn arrived(name: &str, wanted: impl Fn(usize) -> bool) -> usize {
    let imap = servers().imap;
    let (read, mut write) = TcpStream::connect(("127.0.0.1", imap)).await.unwrap().into_split();
    let mut lines = BufReader::new(read).lines();
    lines.next_line().await.unwrap();
    write.write_all(format!("a LOGIN {name} secret\r\nb EXAMINE INBOX\r\n").as_bytes()).await.unwrap();
    let mut there = 0;
    loop {
        let line = lines.next_line().await.unwrap().unwrap();
        if let Some(count) = line.strip_prefix("* ").and_then(|line| line.strip_suffix(" EXISTS")) {
            there = count.parse().unwrap();
        }
        if line.starts_with("b ") || line.starts_with("c ") {
            if wanted(there) {
                return there;
            }
            write.write_all(b"c NOOP\r\n").await.unwrap();
        }
    }
}

/// The letters of the mailbox `name` as they lie at the server, one text.
pub async fn lying(name: &str) -> String {
    let (read, mut write) = TcpStream::connect(("127.0.0.1", servers().imap)).await.unwrap().into_split();
    let mut lines = BufReader::new(read).lines();
    let asked = format!("a LOGIN {name} secret\r\nb EXAMINE INBOX\r\nc FETCH 1:* BODY.PEEK[]\r\n");
    write.write_all(asked.as_bytes()).await.unwrap();
    let mut all = String::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        if line.starts_with("c ") {
            break;
        }
        all.push_str(&line);
        all.push('\n');
    }
    all
}

/// A letter of a customer.
pub fn letter(from: &str, subject: &str, id: &str, more: &str, body: &str) -> Vec<u8> {
    format!(
        "From: {from}\r\nTo: service@mail.test\r\nSubject: {subject}\r\nMessage-ID: <{id}>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n{more}\r\n{body}\r\n"
    )
    .into_bytes()
}

/// What became of the letters, oldest first: state, why and subject.
pub async fn became(app: &TestApp, id: Id<MailboxId>) -> Vec<(mail::LetterRow, String)> {
    let found = app::letters(&app.ctx("boss1").await, id, None, None, 200).await.unwrap();
    let shown = |row: mail::LetterRow| {
        let why = row.why.as_deref().map(|why| format!(" {why}")).unwrap_or_default();
        let said = format!("{}{why}: {}", row.state.as_str(), row.subject);
        (row, said)
    };
    let mut rows: Vec<_> = found.rows.into_iter().map(|(row, _)| shown(row)).collect();
    rows.sort_by_key(|(row, _)| row.place);
    rows
}
