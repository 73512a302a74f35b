//! Kills the program while it takes in a mailbox: every letter becomes one case, once.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use testkit::{Engine, Fresh};

use crate::{Place, Served, ask, company};

/// Letters in the mailbox.
const LETTERS: usize = 1_500;
/// How often the program is killed meanwhile.
const KILLS: u64 = 12;

fn serve(place: &Place) -> Served {
    place.serve_by(place.command(&["serve", "--listen", &place.address.to_string(), "--private-host", "127.0.0.1"]))
}

/// The port of the IMAP server, and its mailbox `name` filled.
fn filled(name: &str) -> u16 {
    let said = std::fs::read_to_string(std::env::temp_dir().join("aftercare-test-mail/url"))
        .expect("no mail servers: run `scripts/test-mail start` (`make test-faults` does)");
    let port = said.split_whitespace().next().unwrap().rsplit(':').next().unwrap().parse().unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let mut answers = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    stream.write_all(format!("a LOGIN {name} secret\r\n").as_bytes()).unwrap();
    for n in 0..LETTERS {
        let letter = format!(
            "From: Customer {n} <c{n}@x.example>\r\nSubject: letter {n}\r\nMessage-ID: <{name}-{n}@x.example>\r\n\r\nThe machine hums, number {n}.\r\n"
        );
        write!(stream, "l{n} APPEND INBOX {{{}+}}\r\n{letter}\r\n", letter.len()).unwrap();
        // A server whose answers nobody reads hangs up.
        assert!(answers.any(|line| line.starts_with(&format!("l{n} OK"))), "letter {n}");
    }
    port
}

/// Everything that the list at `path` holds.
fn all(place: &Place, token: &str, path: &str, next: &str) -> Vec<serde_json::Value> {
    let (mut items, mut from) = (Vec::new(), String::new());
    loop {
        let (status, page) = ask(place.address, "GET", &format!("{path}limit=200{from}"), token, "").unwrap();
        assert_eq!(status, 200, "{page}");
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(cursor) => from = format!("&{next}={cursor}"),
            None => return items,
        }
    }
}

fn taken_in(engine: Engine) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let fresh = (engine == Engine::Postgres).then(|| runtime.block_on(Fresh::empty(engine)));
    let (place, token) = company(fresh.as_ref().map(|fresh| fresh.url().to_owned()), "zhou");
    let out = place.command(&["token", "create", "--user", "admin"]).output().unwrap();
    let admin = String::from_utf8(out.stdout).unwrap().split_whitespace().next_back().unwrap().to_owned();
    let name = format!("killed{}", place.address.port());
    let port = filled(&name);
    let served = serve(&place);
    let before = all(&place, &token, "/api/v1/cases?tab=all&", "after").len();
    let mailbox = serde_json::json!({
        "name": "killed", "address": format!("{name}@mail.test"), "host": "127.0.0.1", "port": port, "tls": "none", "login": name,
        "password": "secret", "folder": "INBOX", "store": "HZ01", "idle": false, "active": true,
    });
    let (status, made) = ask(place.address, "POST", "/api/v1/mailboxes", &admin, &mailbox.to_string()).unwrap();
    assert_eq!(status, 201, "{made}");
    let path = format!("/api/v1/mailboxes/{}", made["id"].as_str().unwrap());
    served.cut();
    let letters = |token: &str| all(&place, token, &format!("{path}/letters?"), "before");
    // How far it has got, in letters of its batches.
    let reached = || {
        let (status, seen) = ask(place.address, "GET", &path, &admin, "").unwrap();
        assert_eq!(status, 200, "{seen}");
        seen["last_uid"].as_i64().unwrap()
    };
    let (mut seen, mut kills) = (0, 0);
    for kill in 0..KILLS {
        let served = serve(&place);
        let before = reached();
        if usize::try_from(before).unwrap() >= LETTERS {
            served.cut();
            break;
        }
        ask(place.address, "POST", &format!("{path}/look"), &admin, "").map(|(status, _)| assert_eq!(status, 202));
        let begun = Instant::now();
        while reached() == before {
            assert!(begun.elapsed() < Duration::from_secs(300), "nothing comes in");
            thread::sleep(Duration::from_millis(10));
        }
        // Each time at another moment of the work, whatever the machine is busy with.
        thread::sleep(Duration::from_millis(kill * 37 % 150));
        served.cut();
        let served = serve(&place);
        let now = letters(&admin).len();
        assert!(now >= seen, "{} letters are lost", seen - now);
        println!("{engine:?} kill {}: {now} letters are in", kill + 1);
        seen = now;
        served.cut();
        if seen == LETTERS {
            break;
        }
        kills += 1;
    }
    assert!(kills >= 3, "only {kills} kills came in the middle: the test tries nothing");
    let served = serve(&place);
    let begun = Instant::now();
    ask(place.address, "POST", &format!("{path}/look"), &admin, "").map(|(status, _)| assert_eq!(status, 202));
    while letters(&admin).len() < LETTERS {
        assert!(begun.elapsed() < Duration::from_secs(300), "the rest does not come in");
        thread::sleep(Duration::from_millis(200));
    }
    let rest = LETTERS - seen;
    println!("{engine:?}: the last {rest} letters came in in {:.1} s", begun.elapsed().as_secs_f64());
    let rows = letters(&admin);
    let subjects: BTreeSet<_> = rows.iter().map(|row| row["subject"].as_str().unwrap().to_owned()).collect();
    let of_letters: BTreeSet<_> = rows.iter().map(|row| row["case"].as_str().unwrap().to_owned()).collect();
    assert_eq!((rows.len(), subjects.len(), of_letters.len()), (LETTERS, LETTERS, LETTERS));
    assert!(rows.iter().all(|row| row["state"] == "case"));
    // No case more than letters.
    assert_eq!(all(&place, &token, "/api/v1/cases?tab=all&", "after").len(), before + LETTERS);
    served.cut();
    let verified = place.command(&["verify"]).output().unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    if let Some(fresh) = fresh {
        runtime.block_on(fresh.remove());
    }
}

#[test]
fn no_letter_is_lost_or_doubled_on_sqlite() {
    taken_in(Engine::Sqlite);
}

#[test]
fn no_letter_is_lost_or_doubled_on_postgresql() {
    taken_in(Engine::Postgres);
}
