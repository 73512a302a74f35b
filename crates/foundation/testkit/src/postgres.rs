//! Databases in the one cluster of the test run. Making and dropping a database is the one thing that `db` has no words for, so
//! this talks to the driver itself.

use db::Db;
use tokio_postgres::{Client, NoTls};

use crate::{options, schema, unique};

/// A database of one test.
pub(crate) struct Database {
    cluster: String,
    name: String,
}

impl Database {
    pub(crate) async fn new(migrated: bool) -> Self {
        let cluster = cluster();
        let admin = connect(&cluster).await;
        let template = if migrated { template(&cluster, &admin).await } else { "template0".to_owned() };
        // The process id of an earlier run may have come back.
        let name = format!("test_{}", unique());
        run(&admin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        run(&admin, &create(&name, &template)).await;
        Self { cluster, name }
    }
    pub(crate) fn url(&self) -> String {
        format!("{}/{}", self.cluster, self.name)
    }
    pub(crate) async fn remove(self) {
        let admin = connect(&self.cluster).await;
        run(&admin, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)).await;
    }
}

/// Address of the cluster, without a database.
fn cluster() -> String {
    if let Ok(url) = std::env::var("AFTERCARE_TEST_POSTGRES") {
        return url.trim_end_matches('/').to_owned();
    }
    let file = std::env::temp_dir().join("aftercare-test-postgres").join("url");
    std::fs::read_to_string(file).unwrap_or_else(|_| missing("it is not started"))
}

fn missing(why: &str) -> ! {
    panic!("tests need PostgreSQL, but {why}: run `make test`, or `scripts/test-postgres start` and the test again")
}

async fn connect(cluster: &str) -> Client {
    let connected = tokio_postgres::connect(&format!("{cluster}/postgres"), NoTls).await;
    let (client, connection) =
        connected.unwrap_or_else(|error| missing(&format!("{cluster} does not answer ({error})")));
    tokio::spawn(connection);
    client
}

fn create(name: &str, template: &str) -> String {
    format!("CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
}

async fn run(admin: &Client, sql: &str) {
    if let Err(error) = admin.batch_execute(sql).await {
        panic!("{sql}: {error:?}");
    }
}

/// The migrated database that tests copy. The first test of a run makes it while the others wait.
async fn template(cluster: &str, admin: &Client) -> String {
    let name = format!("template_{}", schema());
    // A finished one is marked as a template; what a killed run left half done is not.
    let finished = || async {
        let found = admin.query("SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate", &[&name]).await;
        !found.expect("the list of databases").is_empty()
    };
    if finished().await {
        return name;
    }
    run(admin, "SELECT pg_advisory_lock(7021807)").await;
    if !finished().await {
        run(admin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        run(admin, &create(&name, "template0")).await;
        let db = Db::open(&format!("{cluster}/{name}"), options()).await.expect("a new PostgreSQL database");
        db.migrate().await.expect("the migrations run on PostgreSQL");
        drop(db);
        run(admin, &format!("ALTER DATABASE {name} IS_TEMPLATE true")).await;
    }
    run(admin, "SELECT pg_advisory_unlock(7021807)").await;
    name
}
