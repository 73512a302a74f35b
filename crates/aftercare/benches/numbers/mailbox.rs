//! A mailbox of ten thousand letters at the IMAP server of the tests, taken in by the program.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use crate::place::Place;
use crate::report::Report;
use crate::server::Server;

/// Letters in it, each from somebody else.
const LETTERS: u32 = 10_000;

/// Measures it on a copy of `place`.
pub fn measure(place: &Place, report: &mut Report) -> Result<()> {
    let copy = place.copy("letters")?;
    let name = format!("bench{}x{}", place.engine.as_str(), std::process::id());
    let port = filled(&name)?;
    let server = Server::start(&copy, &copy.token("admin")?)?;
    let mut client = server.client()?;
    let mailbox = format!(
        r#"{{"name":"bench","address":"{name}@mail.test","host":"127.0.0.1","port":{port},"tls":"none","login":"{name}","password":"secret","folder":"INBOX","store":"HZ01","idle":false,"active":true}}"#
    );
    let made = client.post("/api/v1/mailboxes", &mailbox)?;
    ensure!(made.status == 201, "the mailbox: {}", String::from_utf8_lossy(&made.body));
    let made: serde_json::Value = serde_json::from_slice(&made.body)?;
    let path = format!("/api/v1/mailboxes/{}", made.get("id").and_then(serde_json::Value::as_str).context("no id")?);
    let (begun, cpu) = (Instant::now(), server.cpu()?);
    client.post(&format!("{path}/look"), "{}")?;
    loop {
        let seen: serde_json::Value = serde_json::from_slice(&client.get(&path, "identity")?.body)?;
        ensure!(seen.get("error").is_none_or(serde_json::Value::is_null), "{seen}");
        if seen.get("last_uid").and_then(serde_json::Value::as_i64) >= Some(i64::from(LETTERS)) {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let (wall, cpu) = (begun.elapsed().as_secs_f64(), (server.cpu()? - cpu).as_secs_f64());
    let letters = f64::from(LETTERS);
    report.at_most(
        format!("a mailbox of 10,000 letters, ms a letter, {}", place.engine),
        wall * 1e3 / letters,
        5.0,
        format_args!("{:.0} letters a second, {:.2} ms of CPU each", letters / wall, cpu * 1e3 / letters),
    );
    Ok(())
}

/// The port of the IMAP server, and its mailbox `name` filled.
fn filled(name: &str) -> Result<u16> {
    let said = std::fs::read_to_string(std::env::temp_dir().join("aftercare-test-mail/url"))
        .context("no mail servers: scripts/test-mail start")?;
    let first = said.split_whitespace().next().and_then(|url| url.rsplit(':').next());
    let port = first.context("no port")?.parse()?;
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    let mut answers = BufReader::new(stream.try_clone()?).lines().map_while(Result::ok);
    stream.write_all(format!("a LOGIN {name} secret\r\n").as_bytes())?;
    for n in 0..LETTERS {
        let letter = format!(
            "From: Customer {n} <c{n}@x.example>\r\nTo: {name}@mail.test\r\nSubject: =?utf-8?B?5rSX6KGj5py65ZON?= {n}\r\nMessage-ID: <{name}-{n}@x.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n你好，第 {n} 封信：洗衣机脱水的时候响得厉害，像有东西在敲，什么时候能来看看？\r\n\r\n发自我的iPhone\r\n"
        );
        write!(stream, "l{n} APPEND INBOX {{{}+}}\r\n{letter}\r\n", letter.len())?;
    }
    let last = format!("l{} OK", LETTERS - 1);
    ensure!(answers.any(|line| line.starts_with(&last)), "the mailbox was not filled");
    Ok(port)
}
