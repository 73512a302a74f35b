//! Kills the program in the middle of writes, again and again: every case that was acknowledged must be there afterwards, once,
//! with its journal. Run by `make test-faults`.
#![cfg(test)]

#[path = "faults/letters.rs"]
mod letters;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use testkit::{Engine, Fresh};

/// How often the program is killed on each engine.
const ROUNDS: usize = 50;
/// People who take cases in at the same time.
const CLERKS: usize = 4;

const BINARY: &str = env!("CARGO_BIN_EXE_aftercare");

/// The running program; it ends with the test, however that ends.
struct Served(Child);

impl Served {
    /// As a power cut would.
    fn cut(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

struct Place {
    data: tempfile::TempDir,
    database: Option<String>,
    address: SocketAddr,
}

impl Place {
    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command.args(words).arg("--data").arg(self.data.path()).env("AFTERCARE_LOG", "error");
        if let Some(url) = &self.database {
            command.args(["--database", url]);
        }
        command
    }

    fn serve(&self) -> Served {
        self.serve_by(self.command(&["serve", "--listen", &self.address.to_string()]))
    }

    /// Serves with files that cannot grow beyond `kilobytes`, as on a disk that fills up.
    fn serve_within(&self, kilobytes: u64) -> Served {
        let limit = format!("trap '' XFSZ; ulimit -f {kilobytes}; exec \"$0\" \"$@\"");
        let mut command = Command::new("bash");
        command.args(["-c", &limit, BINARY, "serve", "--listen", &self.address.to_string(), "--data"]);
        command.arg(self.data.path()).env("AFTERCARE_LOG", "off");
        self.serve_by(command)
    }

    fn serve_by(&self, mut command: Command) -> Served {
        let listen = self.address.to_string();
        let mut served = Served(command.stdout(Stdio::piped()).spawn().unwrap());
        let mut lines = BufReader::new(served.0.stdout.take().unwrap()).lines();
        let begun = Instant::now();
        while !lines.next().unwrap().unwrap().contains(&listen) {
            assert!(begun.elapsed() < Duration::from_secs(60), "the program does not start");
        }
        // Keep reading, so that the program never waits for a reader.
        thread::spawn(move || for _ in lines.map_while(Result::ok) {});
        served
    }
}

/// One request over a connection of its own; `None` when the program went away before a whole answer came.
fn ask(address: SocketAddr, method: &str, path: &str, token: &str, body: &str) -> Option<(u16, serde_json::Value)> {
    ask_of(address, method, path, token, 0, body)
}

/// The same of a record of which `version` was seen.
fn ask_of(
    address: SocketAddr,
    method: &str,
    path: &str,
    token: &str,
    version: i64,
    body: &str,
) -> Option<(u16, serde_json::Value)> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nAccept: application/json\r\nIf-Match: \"v{version}\"\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
    let body =
        if chunked { body.split("\r\n").filter(|line| line.starts_with('{')).collect() } else { body.to_owned() };
    Some((status, serde_json::from_str(&body).ok()?))
}

/// A small demo company, and a token for its store manager.
fn company(database: Option<String>, user: &str) -> (Place, String) {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let place = Place { data: tempfile::tempdir().unwrap(), database, address };
    let words = ["demo", "--only-make", "--cases", "20", "--listen", "127.0.0.1:0"];
    let made = place.command(&words).stdout(Stdio::null()).status().unwrap();
    assert!(made.success());
    let out = place.command(&["token", "create", "--user", user]).output().unwrap();
    let token = String::from_utf8(out.stdout).unwrap().split_whitespace().next_back().unwrap().to_owned();
    (place, token)
}

fn rounds(engine: Engine) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let fresh = (engine == Engine::Postgres).then(|| runtime.block_on(Fresh::empty(engine)));
    let (place, token) = company(fresh.as_ref().map(|fresh| fresh.url().to_owned()), "zhou");
    let acknowledged: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
    let mut checked = 0;
    for round in 0..ROUNDS {
        let served = place.serve();
        let stop = Arc::new(AtomicBool::new(false));
        let clerks: Vec<_> = (0..CLERKS)
            .map(|clerk| {
                let (stop, acknowledged, token, address) =
                    (Arc::clone(&stop), Arc::clone(&acknowledged), token.clone(), place.address);
                thread::spawn(move || {
                    for n in 0.. {
                        if stop.load(Ordering::Relaxed) {
                            return;
                        }
                        let external = format!("fault-{round}-{clerk}-{n}");
                        let body = serde_json::json!({
                            "store": "HZ01", "kind": "repair", "channel": "api", "subject": "断电测试", "body": "写到一半",
                            "customer": { "name": "测试", "phone": format!("139{:08}", round * 1_000_000 + clerk * 10_000 + n) },
                            "external_id": external,
                        });
                        match ask(address, "POST", "/api/v1/cases", &token, &body.to_string()) {
                            Some((201, answer)) => {
                                let id = answer["id"].as_str().unwrap().to_owned();
                                acknowledged.lock().unwrap().push((external, id));
                            }
                            Some((status, answer)) => panic!("{status}: {answer}"),
                            None => return,
                        }
                    }
                })
            })
            .collect();
        // Each round dies at another moment of its writes, from at once to a second and a half.
        thread::sleep(Duration::from_millis(20 + u64::try_from(round * 37 % 50).unwrap() * 30));
        served.cut();
        stop.store(true, Ordering::Relaxed);
        for clerk in clerks {
            clerk.join().unwrap();
        }
        let served = place.serve();
        let all = acknowledged.lock().unwrap().clone();
        for (external, id) in all.iter().skip(checked) {
            let (status, case) = ask(place.address, "GET", &format!("/api/v1/cases/{id}"), &token, "").unwrap();
            assert_eq!(status, 200, "round {round}: the acknowledged case {external} is lost");
            assert_eq!(case["external_id"].as_str(), Some(external.as_str()));
        }
        println!("{engine:?} round {}: {} acknowledged, all there", round + 1, all.len() - checked);
        checked = all.len();
        served.cut();
    }
    assert!(checked > ROUNDS, "only {checked} cases were acknowledged in {ROUNDS} rounds: the test tries nothing");
    let verified = place.command(&["verify"]).output().unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    if let Some(fresh) = fresh {
        runtime.block_on(fresh.remove());
    }
}

#[test]
fn no_acknowledged_case_is_lost_on_sqlite() {
    rounds(Engine::Sqlite);
}

#[test]
fn no_acknowledged_case_is_lost_on_postgresql() {
    rounds(Engine::Postgres);
}

/// How often a refund is tried while the program dies.
const REFUNDS: usize = 40;

/// The law's part of an open return of the demo company is confirmed and paid while the program is killed again and again: in the end
/// it has moved once, whatever was answered.
fn refund(engine: Engine) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let fresh = (engine == Engine::Postgres).then(|| runtime.block_on(Fresh::empty(engine)));
    let (place, token) = company(fresh.as_ref().map(|fresh| fresh.url().to_owned()), "bj01-0");
    let state = |path: &str| {
        let (status, whole) = ask(place.address, "GET", path, &token, "").unwrap();
        assert_eq!(status, 200, "{whole}");
        let law = whole["money"].as_array().unwrap().iter().find(|part| part["part"] == "law").cloned();
        (whole["version"].as_i64().unwrap(), law)
    };
    let served = place.serve();
    let (_, list) = ask(place.address, "GET", "/api/v1/returns?show=open", &token, "").unwrap();
    let paths =
        list["items"].as_array().unwrap().iter().map(|one| format!("/api/v1/returns/{}", one["id"].as_str().unwrap()));
    let path = paths.into_iter().find(|path| state(path).1.is_some_and(|law| law["state"] == "due")).unwrap();
    served.cut();
    let mut seen = Vec::new();
    for round in 0..REFUNDS {
        let served = place.serve();
        let (version, law) = state(&path);
        let law = law.unwrap();
        let now = law["state"].as_str().unwrap().to_owned();
        let (command, body) = match now.as_str() {
            "due" => ("confirm", serde_json::json!({ "part": "law", "amount": law["amount"] })),
            "confirmed" => ("pay", serde_json::json!({ "part": "law", "amount": law["amount"], "pos_ref": "POS-CUT" })),
            _ => break,
        };
        seen.push(now);
        let (address, token, target) = (place.address, token.clone(), format!("{path}/{command}"));
        let cashier = thread::spawn(move || {
            let mut answers = Vec::new();
            for _ in 0..3 {
                answers.extend(
                    ask_of(address, "POST", &target, &token, version, &body.to_string()).map(|(status, _)| status),
                );
            }
            answers
        });
        thread::sleep(Duration::from_millis(u64::try_from(round % 20).unwrap() * 4));
        served.cut();
        let answers = cashier.join().unwrap();
        assert!(answers.iter().filter(|status| **status == 200).count() <= 1, "it moved twice: {answers:?}");
    }
    let served = place.serve();
    let (version, law) = state(&path);
    let law = law.unwrap();
    assert_eq!((law["state"].as_str(), law["pos_ref"].as_str()), (Some("paid"), Some("POS-CUT")), "{law}");
    assert!(seen.is_sorted_by_key(|state| state == "confirmed"), "it went back: {seen:?}");
    let again = serde_json::json!({ "part": "law", "amount": law["amount"], "pos_ref": "POS-AGAIN" }).to_string();
    let (status, answer) = ask_of(place.address, "POST", &format!("{path}/pay"), &token, version, &again).unwrap();
    assert_eq!((status, answer["code"].as_str()), (409, Some("returns-moved")), "{answer}");
    served.cut();
    let verified = place.command(&["verify"]).output().unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    if let Some(fresh) = fresh {
        runtime.block_on(fresh.remove());
    }
}

#[test]
fn a_refund_moves_once_on_sqlite() {
    refund(Engine::Sqlite);
}

#[test]
fn a_refund_moves_once_on_postgresql() {
    refund(Engine::Postgres);
}

#[test]
fn a_disk_that_fills_up_is_busy_and_loses_nothing() {
    let (place, token) = company(None, "zhou");
    let folder = std::fs::read_dir(place.data.path()).unwrap();
    let largest = folder.map(|entry| entry.unwrap().metadata().unwrap().len()).max().unwrap();
    let served = place.serve_within(largest / 1024 + 4_096);
    let body = |n: usize| {
        serde_json::json!({ "store": "HZ01", "kind": "repair", "subject": "写满为止", "body": "字".repeat(10_000), "external_id": format!("full-{n}") })
            .to_string()
    };
    let mut acknowledged = Vec::new();
    let refused =
        (0..5_000).find_map(|n| match ask(place.address, "POST", "/api/v1/cases", &token, &body(n)).unwrap() {
            (201, answer) => {
                acknowledged.push(answer["id"].as_str().unwrap().to_owned());
                None
            }
            (status, answer) => Some((status, answer)),
        });
    let (status, answer) = refused.expect("the disk fills up");
    assert_eq!((status, answer["code"].as_str()), (503, Some("busy")), "{answer}");
    println!("full after {} cases", acknowledged.len());
    assert!(!acknowledged.is_empty());
    // What is there can still be read.
    for id in &acknowledged {
        assert_eq!(ask(place.address, "GET", &format!("/api/v1/cases/{id}"), &token, "").unwrap().0, 200);
    }
    served.cut();
    let served = place.serve();
    for id in &acknowledged {
        assert_eq!(
            ask(place.address, "GET", &format!("/api/v1/cases/{id}"), &token, "").unwrap().0,
            200,
            "{id} is lost"
        );
    }
    // The refused case was not kept: the same again is a new one.
    let (status, _) = ask(place.address, "POST", "/api/v1/cases", &token, &body(acknowledged.len())).unwrap();
    assert_eq!(status, 201);
    served.cut();
    let verified = place.command(&["verify"]).output().unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}

#[test]
fn half_a_request_does_not_keep_the_program_from_stopping() {
    let (place, _) = company(None, "zhou");
    let mut served = place.serve();
    let mut half = TcpStream::connect(place.address).unwrap();
    half.write_all(b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx").unwrap();
    let stopped = Command::new("kill").args(["-TERM", &served.0.id().to_string()]).status().unwrap();
    assert!(stopped.success());
    let begun = Instant::now();
    assert!(served.0.wait().unwrap().success());
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    drop(half);
}

#[test]
fn a_data_folder_that_cannot_be_written_is_said_plainly() {
    let out =
        Command::new(BINARY).args(["serve", "--data", "/proc/aftercare", "--listen", "127.0.0.1:0"]).output().unwrap();
    assert!(!out.status.success());
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(said.contains("--data"), "{said}");
}

#[test]
fn a_taken_address_is_said_plainly() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let data = tempfile::tempdir().unwrap();
    let out = Command::new(BINARY)
        .args(["serve", "--listen", &taken.local_addr().unwrap().to_string()])
        .arg("--data")
        .arg(Path::new(data.path()))
        .output()
        .unwrap();
    assert!(!out.status.success());
    assert!(String::from_utf8_lossy(&out.stderr).contains("--listen"));
}
