//! Companies to measure on: made once by the program itself, copied for whatever writes.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use tokio_postgres::NoTls;

/// The program under measurement.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_aftercare");

/// What a company is kept in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Made {
    Sqlite,
    Postgres,
}

impl Made {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

impl fmt::Display for Made {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

/// Days over which the cases of a company come, unless said otherwise.
pub const TWO_YEARS: u16 = 730;

/// A company: its data folder and, on PostgreSQL, its database.
pub struct Place {
    pub engine: Made,
    pub folder: PathBuf,
    database: Option<String>,
    /// A copy goes away with its measurement.
    temporary: bool,
}

impl Place {
    /// The company of `cases` cases of the last `days` days on `engine`, made now unless it is there.
    pub fn made(engine: Made, cases: u32, days: u16) -> Result<Self> {
        let name = format!("bench_{}_{cases}_{days}", schema());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", engine.as_str()));
        let place = Self { engine, folder, database: (engine == Made::Postgres).then_some(name), temporary: false };
        let finished = place.folder.join("finished");
        if finished.exists() && place.is_there()? {
            return Ok(place);
        }
        place.remove()?;
        std::fs::create_dir_all(&place.folder)?;
        if let Some(database) = &place.database {
            sql(&format!("CREATE DATABASE {database} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"))?;
        }
        // A few stories of the founding, the rest by seeding: both ways of making cases are used.
        let founded = cases.min(1_000);
        let begun = Instant::now();
        place.run(&["demo", "--only-make", "--cases", &founded.to_string()])?;
        if cases > founded {
            place.run(&["seed", "--cases", &(cases - founded).to_string(), "--days", &days.to_string()])?;
        }
        let seconds = begun.elapsed().as_secs_f64();
        println!("  made {cases} cases in {seconds:.0} s ({:.0} a second)", f64::from(cases) / seconds);
        place.settle()?;
        std::fs::write(finished, "")?;
        Ok(place)
    }

    /// A copy for somebody who writes.
    pub fn copy(&self, name: &str) -> Result<Self> {
        let folder = self.folder.with_extension(name);
        let database = self.database.as_ref().map(|database| format!("{database}_{name}"));
        let copy = Self { engine: self.engine, folder, database, temporary: true };
        copy.remove()?;
        std::fs::create_dir_all(&copy.folder)?;
        for file in std::fs::read_dir(&self.folder)? {
            let file = file?;
            if file.file_type()?.is_file() {
                std::fs::copy(file.path(), copy.folder.join(file.file_name()))?;
            }
        }
        if let (Some(from), Some(to)) = (&self.database, &copy.database) {
            sql(&format!("CREATE DATABASE {to} TEMPLATE {from}"))?;
        }
        Ok(copy)
    }

    /// The address that [`db::Db::open`] takes.
    pub fn url(&self) -> Result<String> {
        Ok(match &self.database {
            Some(database) => format!("{}/{database}", cluster()?),
            None => format!("sqlite:{}", self.file().display()),
        })
    }
    /// The file of a SQLite company.
    pub fn file(&self) -> PathBuf {
        self.folder.join("aftercare.db")
    }
    /// The name of a PostgreSQL company's database.
    pub fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// The main process of the PostgreSQL that this company is in; none on SQLite, which lives in whoever uses it.
    pub fn postmaster(&self) -> Result<Option<String>> {
        if self.engine == Made::Sqlite {
            return Ok(None);
        }
        let folder: String = block(async {
            let admin = connect(&format!("{}/postgres", cluster()?)).await?;
            Ok(admin.query_one("SHOW data_directory", &[]).await?.try_get(0)?)
        })?;
        let file = Path::new(&folder).join("postmaster.pid");
        let told = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        Ok(told.lines().next().map(|id| id.trim().to_owned()))
    }

    /// A command of the program on this company.
    pub fn command(&self, arguments: &[&str]) -> Result<Command> {
        let mut command = Command::new(PROGRAM);
        command.args(arguments).arg("--data").arg(&self.folder).env_remove("AFTERCARE_PUBLIC_URL").stdin(Stdio::null());
        if self.engine == Made::Postgres {
            command.arg("--database").arg(self.url()?);
        }
        Ok(command)
    }

    /// Runs a command to its end and gives what it prints.
    pub fn run(&self, arguments: &[&str]) -> Result<String> {
        let done = self.command(arguments)?.output().with_context(|| format!("{PROGRAM} cannot be run"))?;
        let said = String::from_utf8_lossy(&done.stderr);
        ensure!(done.status.success(), "aftercare {arguments:?}: {said}");
        Ok(String::from_utf8_lossy(&done.stdout).into_owned())
    }

    /// A token for the person with this login.
    pub fn token(&self, login: &str) -> Result<String> {
        let said = self.run(&["token", "create", "--user", login, "--name", "bench"])?;
        Ok(said.split_whitespace().last().context("no token was printed")?.to_owned())
    }

    /// As a database is after a night: on PostgreSQL vacuumed, on SQLite without a log.
    fn settle(&self) -> Result<()> {
        match &self.database {
            Some(_) => block(async { Ok(connect(&self.url()?).await?.batch_execute("VACUUM ANALYZE").await?) }),
            None => {
                let file = rusqlite::Connection::open(self.file())?;
                Ok(file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
            }
        }
    }

    fn is_there(&self) -> Result<bool> {
        let Some(database) = &self.database else { return Ok(self.file().exists()) };
        block(async {
            let admin = connect(&format!("{}/postgres", cluster()?)).await?;
            let found = admin.query("SELECT 1 FROM pg_database WHERE datname = $1", &[database]).await?;
            Ok(!found.is_empty())
        })
    }

    fn remove(&self) -> Result<()> {
        if let Some(database) = &self.database {
            sql(&format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)"))?;
        }
        if self.folder.exists() {
            std::fs::remove_dir_all(&self.folder)?;
        }
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.temporary
            && let Err(error) = self.remove()
        {
            println!("  {} stays behind: {error:#}", self.folder.display());
        }
    }
}

/// The migrations in short, so that a company made by other ones is not used.
fn schema() -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut digest = DefaultHasher::new();
    for migration in db::migrations() {
        migration.name.hash(&mut digest);
        migration.sql.hash(&mut digest);
    }
    format!("{:08x}", digest.finish() & 0xffff_ffff)
}

/// Address of the PostgreSQL cluster, without a database.
pub fn cluster() -> Result<String> {
    if let Ok(url) = std::env::var("AFTERCARE_TEST_POSTGRES") {
        return Ok(url.trim_end_matches('/').to_owned());
    }
    let file = std::env::temp_dir().join("aftercare-test-postgres").join("url");
    std::fs::read_to_string(file).context("PostgreSQL is not started: scripts/test-postgres start")
}

pub async fn connect(url: &str) -> Result<tokio_postgres::Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.context("PostgreSQL does not answer")?;
    tokio::spawn(connection);
    Ok(client)
}

fn sql(text: &str) -> Result<()> {
    block(async { Ok(connect(&format!("{}/postgres", cluster()?)).await?.batch_execute(text).await?) })
}

/// On a runtime of its own, in a thread of its own: the caller may be on one.
fn block<T: Send>(work: impl Future<Output = Result<T>> + Send) -> Result<T> {
    std::thread::scope(|scope| {
        let done = scope.spawn(|| tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work));
        done.join().unwrap_or_else(|_| Err(anyhow::anyhow!("the thread ended badly")))
    })
}
