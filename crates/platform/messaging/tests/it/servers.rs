//! A mail server and an SMS provider on loopback, as far as the tests need them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use kernel::Timestamp;
use messaging::signature;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// What the mail server does with the next connection.
#[derive(Debug, Clone, Copy)]
pub enum Mood {
    Takes,
    /// 451 to RCPT: come back later.
    Greylists,
    /// 550 to RCPT.
    Refuses,
    /// Takes the whole mail and hangs up instead of answering.
    HangsUp,
    /// Takes the whole mail and never answers.
    Falls,
}

/// Mails that arrived, in order.
pub struct MailServer {
    pub port: u16,
    moods: Arc<Mutex<VecDeque<Mood>>>,
    mails: mpsc::UnboundedReceiver<String>,
}

impl MailServer {
    /// A server that takes everything, unless told otherwise for the next connections.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let moods = Arc::new(Mutex::new(VecDeque::new()));
        let (arrived, mails) = mpsc::unbounded_channel();
        tokio::spawn({
            let moods = moods.clone();
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let mood = moods.lock().unwrap().pop_front().unwrap_or(Mood::Takes);
                    tokio::spawn(talk(stream, mood, arrived.clone()));
                }
            }
        });
        Self { port, moods, mails }
    }
    pub fn next(&self, moods: impl IntoIterator<Item = Mood>) {
        self.moods.lock().unwrap().extend(moods);
    }
    /// Waits for a mail.
    pub async fn mail(&mut self) -> String {
        self.mails.recv().await.unwrap()
    }
    /// True when no further mail has arrived.
    pub fn is_quiet(&mut self) -> bool {
        self.mails.try_recv().is_err()
    }
}

async fn talk(stream: TcpStream, mood: Mood, arrived: mpsc::UnboundedSender<String>) -> Option<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 test\r\n").await.ok()?;
    while let Some(line) = lines.next_line().await.ok()? {
        let verb = line.split([' ', ':']).next().unwrap().to_ascii_uppercase();
        let answer: &[u8] = match verb.as_str() {
            "EHLO" => b"250-test\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
            "RCPT" => match mood {
                Mood::Greylists => b"451 4.7.1 come back later\r\n",
                Mood::Refuses => b"550 5.1.1 no such user\r\n",
                Mood::Takes | Mood::HangsUp | Mood::Falls => b"250 ok\r\n",
            },
            "DATA" => b"354 go on\r\n",
            "QUIT" => b"221 bye\r\n",
            _ => b"250 ok\r\n",
        };
        write.write_all(answer).await.ok()?;
        if verb == "DATA" {
            let mut mail = String::new();
            while let Some(line) = lines.next_line().await.ok()? {
                if line == "." {
                    break;
                }
                mail.push_str(&line);
                mail.push('\n');
            }
            arrived.send(mail).ok()?;
            match mood {
                Mood::HangsUp => return None,
                Mood::Falls => std::future::pending::<()>().await,
                Mood::Takes | Mood::Greylists | Mood::Refuses => {
                    write.write_all(b"250 2.0.0 queued as T1\r\n").await.ok()?
                }
            }
        }
    }
    Some(())
}

/// What the SMS provider answers.
#[derive(Debug, Clone, Copy)]
pub enum Reply {
    Takes,
    Status(u16),
    /// Takes it and hangs up instead of answering.
    HangsUp,
}

/// One request as it came in; its signature was right.
#[derive(Debug, Clone)]
pub struct Posted {
    pub key: String,
    pub body: serde_json::Value,
}

/// An SMS provider that checks signatures and, like a real one, sends each key once.
pub struct SmsServer {
    pub port: u16,
    pub secret: &'static str,
    replies: Arc<Mutex<VecDeque<Reply>>>,
    posted: Arc<Mutex<Vec<Posted>>>,
    /// By idempotency key: the text that went to the telephone.
    pub delivered: Arc<Mutex<BTreeMap<String, String>>>,
}

impl SmsServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let secret = "a secret of the test";
        let replies = Arc::new(Mutex::new(VecDeque::new()));
        let posted = Arc::new(Mutex::new(Vec::new()));
        let delivered = Arc::new(Mutex::new(BTreeMap::new()));
        tokio::spawn({
            let (replies, posted, delivered) = (replies.clone(), posted.clone(), delivered.clone());
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let (headers, body) = request(stream).await;
                    let (mut stream, headers, body) = (headers.0, headers.1, body);
                    let at = Timestamp::from_millis(headers["x-timestamp"].parse().unwrap());
                    let right = headers["x-signature"] == signature(secret, at, &body) && headers["x-key"] == "shop";
                    let reply = replies.lock().unwrap().pop_front().unwrap_or(Reply::Takes);
                    let key = headers["idempotency-key"].clone();
                    let parsed: serde_json::Value = serde_json::from_str(&body).unwrap();
                    let (status, answer) = match (right, reply) {
                        (false, _) => (401, "{}".to_owned()),
                        (true, Reply::Status(status)) => (status, "{\"error\": \"no\"}".to_owned()),
                        (true, Reply::Takes | Reply::HangsUp) => {
                            let text = parsed["text"].as_str().unwrap().to_owned();
                            delivered.lock().unwrap().entry(key.clone()).or_insert(text);
                            (200, format!("{{\"id\": \"sms-{key}\"}}"))
                        }
                    };
                    if right {
                        posted.lock().unwrap().push(Posted { key, body: parsed });
                    }
                    if !matches!(reply, Reply::HangsUp) {
                        let head = format!(
                            "HTTP/1.1 {status} x\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                            answer.len()
                        );
                        stream.write_all(head.as_bytes()).await.unwrap();
                        stream.write_all(answer.as_bytes()).await.unwrap();
                    }
                }
            }
        });
        Self { port, secret, replies, posted, delivered }
    }
    pub fn next(&self, replies: impl IntoIterator<Item = Reply>) {
        self.replies.lock().unwrap().extend(replies);
    }
    pub fn posted(&self) -> Vec<Posted> {
        self.posted.lock().unwrap().clone()
    }
}

async fn request(stream: TcpStream) -> ((TcpStream, BTreeMap<String, String>), String) {
    let mut reader = BufReader::new(stream);
    let mut headers = BTreeMap::new();
    let mut line = String::new();
    reader.read_line(&mut line).await.unwrap();
    assert!(line.starts_with("POST /send?v=1 HTTP/1.1"), "{line}");
    loop {
        line.clear();
        reader.read_line(&mut line).await.unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let mut body = vec![0; headers["content-length"].parse().unwrap()];
    reader.read_exact(&mut body).await.unwrap();
    ((reader.into_inner(), headers), String::from_utf8(body).unwrap())
}
