//! Fetching letters (IMAP, RFC 3501; IDLE, RFC 2177). Nothing is changed at the server: folders are opened for reading only.

use std::fmt;
use std::time::Duration;

use async_imap::{Client, Session};
use futures_util::TryStreamExt;
use messaging::{Tls, Trust, Wire};

/// Name, greeting, TLS, login and folder.
const OPEN_LIMIT: Duration = Duration::from_secs(30);
/// Each later step; a batch of large letters takes its time.
const STEP_LIMIT: Duration = Duration::from_secs(120);

/// How to reach a mailbox.
#[derive(Clone)]
pub struct Server {
    /// The server's name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The protection.
    pub tls: Tls,
    /// The user name.
    pub login: String,
    /// The password.
    pub password: String,
    /// The folder.
    pub folder: String,
    /// The operator allows addresses inside the own network.
    pub allow_private: bool,
    /// Whose certificates are believed.
    pub trust: Trust,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

/// Why a mailbox cannot be read: a code with the words `mail-error-<code>`, and what the other side said.
#[derive(Debug, Clone)]
pub(crate) struct Unreachable {
    pub code: &'static str,
    pub detail: String,
}

fn because(code: &'static str) -> impl Fn(async_imap::error::Error) -> Unreachable {
    move |error| Unreachable { code, detail: error.to_string() }
}

async fn within<T>(limit: Duration, step: impl Future<Output = Result<T, Unreachable>>) -> Result<T, Unreachable> {
    match tokio::time::timeout(limit, step).await {
        Ok(done) => done,
        Err(_) => Err(Unreachable { code: "silent", detail: String::new() }),
    }
}

/// An open folder.
pub(crate) struct Folder {
    session: Session<Box<dyn Wire>>,
    /// Which numbering the UIDs belong to.
    pub validity: i64,
    /// Letters in it when it was opened.
    pub letters: u32,
}

/// A letter at the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct There {
    pub uid: u32,
    pub size: u32,
}

impl Folder {
    pub async fn open(server: &Server) -> Result<Self, Unreachable> {
        within(OPEN_LIMIT, Self::opened(server)).await
    }

    async fn opened(server: &Server) -> Result<Self, Unreachable> {
        let reach = |detail| Unreachable { code: "connect", detail };
        let secure = |detail| Unreachable { code: "tls", detail };
        let mut wire = messaging::connect(&server.host, server.port, server.allow_private).await.map_err(reach)?;
        if server.tls == Tls::Implicit {
            wire = messaging::secure(&server.host, wire, &server.trust).await.map_err(secure)?;
        }
        let mut client = Client::new(wire);
        let greeting = client.read_response().await.map_err(|error| reach(error.to_string()))?;
        if greeting.is_none() {
            return Err(reach(String::new()));
        }
        if server.tls == Tls::StartTls {
            client.run_command_and_check_ok("STARTTLS", None).await.map_err(because("tls"))?;
            client =
                Client::new(messaging::secure(&server.host, client.into_inner(), &server.trust).await.map_err(secure)?);
        }
        let login = client.login(&server.login, &server.password).await;
        let mut session = login.map_err(|(error, _)| because("login")(error))?;
        // Some providers let nobody in who does not say his name (RFC 2971).
        if session.capabilities().await.is_ok_and(|known| known.has_str("ID")) {
            session.id([("name", Some("aftercare"))]).await.map_err(because("login"))?;
        }
        let folder = session.examine(&server.folder).await.map_err(because("folder"))?;
        let validity = folder.uid_validity.map(i64::from).unwrap_or_default();
        Ok(Self { session, validity, letters: folder.exists })
    }

    /// Letters behind `last`, the oldest first, at most `most`.
    pub async fn behind(&mut self, last: i64, most: usize) -> Result<Vec<There>, Unreachable> {
        let step = async {
            let from = last.saturating_add(1);
            let found = self.session.uid_search(format!("UID {from}:*")).await.map_err(because("read"))?;
            // `n:*` names the last letter even when it is older.
            let mut uids: Vec<u32> = found.into_iter().filter(|uid| i64::from(*uid) > last).collect();
            uids.sort_unstable();
            uids.truncate(most);
            if uids.is_empty() {
                return Ok(Vec::new());
            }
            let set = joined(&uids);
            let found: Vec<_> = self
                .session
                .uid_fetch(set, "(UID RFC822.SIZE)")
                .await
                .map_err(because("read"))?
                .try_collect()
                .await
                .map_err(because("read"))?;
            let size = |uid: u32| found.iter().find(|one| one.uid == Some(uid)).and_then(|one| one.size);
            // Deleted between two questions: it has no size and is passed over when it has no bytes.
            Ok(uids.into_iter().map(|uid| There { uid, size: size(uid).unwrap_or(0) }).collect())
        };
        within(STEP_LIMIT, step).await
    }

    /// The letters `uids` as they are, or only their heads.
    pub async fn fetch(&mut self, uids: &[u32], heads: bool) -> Result<Vec<(u32, Vec<u8>)>, Unreachable> {
        let what = if heads { "(UID BODY.PEEK[HEADER])" } else { "(UID BODY.PEEK[])" };
        let step = async {
            let mut letters = Vec::new();
            let mut stream = self.session.uid_fetch(joined(uids), what).await.map_err(because("read"))?;
            while let Some(one) = stream.try_next().await.map_err(because("read"))? {
                let bytes = if heads { one.header() } else { one.body() };
                if let (Some(uid), Some(bytes)) = (one.uid, bytes) {
                    letters.push((uid, bytes.to_vec()));
                }
            }
            drop(stream);
            letters.sort_unstable_by_key(|(uid, _)| *uid);
            let came = |uid: &u32| letters.iter().any(|(one, _)| one == uid);
            let missing: Vec<u32> = uids.iter().copied().filter(|uid| !came(uid)).collect();
            // Deleted meanwhile, or kept back by a server that stumbled: what is still there is asked for another time.
            if !missing.is_empty() {
                let set = format!("UID {}", joined(&missing));
                let there = self.session.uid_search(set).await.map_err(because("read"))?;
                if !there.is_empty() {
                    return Err(Unreachable { code: "read", detail: "a letter did not come".to_owned() });
                }
            }
            Ok(letters)
        };
        within(STEP_LIMIT, step).await
    }

    /// Waits for news at the server for at most `limit`; gives the folder back, or none when the server cannot.
    pub async fn wait(self, limit: Duration) -> Result<Option<Self>, Unreachable> {
        let Self { mut session, validity, letters } = self;
        let able = session.capabilities().await.map_err(because("read"))?.has_str("IDLE");
        if !able {
            session.logout().await.ok();
            return Ok(None);
        }
        let mut idle = session.idle();
        within(STEP_LIMIT, async { idle.init().await.map_err(because("read")) }).await?;
        let (wait, _stop) = idle.wait_with_timeout(limit);
        wait.await.map_err(because("read"))?;
        let session = within(STEP_LIMIT, async { idle.done().await.map_err(because("read")) }).await?;
        Ok(Some(Self { session, validity, letters }))
    }

    /// Politeness; the letters are in, whatever becomes of the farewell.
    pub async fn close(mut self) {
        tokio::time::timeout(Duration::from_secs(5), self.session.logout()).await.ok();
    }
}

fn joined(uids: &[u32]) -> String {
    uids.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
}
