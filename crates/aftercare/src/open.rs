//! Opens an installation: data folder, keys, database, wiring.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use capability::{Files, Installation, Opening};
use db::{Db, Options};
use jobs::Runner;
use journal::{InstallationKey, KEY_FILE};
use kernel::Clock;
use messaging::{Providers, Trust};
use secrets::MasterKey;

use crate::capabilities;
use crate::cli::{Serve, Where};

/// Holds the master key as 64 hexadecimal digits; equal on all nodes.
const MASTER_KEY: &str = "AFTERCARE_KEY";

/// An open installation with the runner of its jobs.
pub(crate) struct Installed {
    pub(crate) house: Arc<Installation>,
    pub(crate) runner: Runner,
    /// The holder's name of this process's node number.
    pub(crate) node: String,
}

impl Installed {
    /// Opens the installation at `place`, migrating its database.
    pub(crate) async fn open(place: &Where, how: &Serve, clock: Clock) -> anyhow::Result<Self> {
        Self::open_with(place, how, clock, Options::default()).await
    }

    /// The same with other limits of the database.
    pub(crate) async fn open_with(place: &Where, how: &Serve, clock: Clock, options: Options) -> anyhow::Result<Self> {
        let db = database(place, options).await?;
        db.migrate().await.context("the database cannot be brought to this version")?;
        let key =
            InstallationKey::load_or_create(&place.data.join(KEY_FILE)).context("the signing key cannot be read")?;
        let node = node_name()?;
        let files = vault(place, &db, &clock)?;
        let master = master_key(place)?;
        let providers = Providers::from_settings(master.clone(), how.private_hosts.clone());
        if let Some(file) = &how.trust {
            let pem = std::fs::read(file).with_context(|| format!("--trust {} cannot be read", file.display()))?;
            let trust = Trust::from_pem(&pem)
                .ok_or_else(|| anyhow!("--trust {} holds no certificates in PEM", file.display()))?;
            providers.trust(trust);
        }
        let opening = Opening {
            db,
            clock,
            node: node.clone(),
            public_url: how.public_url.clone(),
            demo: how.demo,
            proxies: proxies(how)?,
            key,
            files,
            providers,
            master,
        };
        let (house, runner) = Installation::open(opening, &capabilities::all()).await?;
        Ok(Self { house, runner, node })
    }
}

/// The database of `place`, opened but not migrated.
pub(crate) async fn database(place: &Where, options: Options) -> anyhow::Result<Db> {
    make_folder(&place.data)?;
    let file = place.data.join("aftercare.db");
    let url = place.database.clone().unwrap_or_else(|| format!("sqlite:{}", file.display()));
    let db = Db::open(&url, options).await.with_context(|| match &place.database {
        Some(_) => "the database does not answer as it should; check --database and that the server runs".to_owned(),
        None => format!("the database {} cannot be opened", file.display()),
    })?;
    if place.database.is_none() {
        std::fs::set_permissions(&file, Permissions::from_mode(0o600))
            .context("the database cannot be kept private")?;
    }
    Ok(db)
}

/// The proxies that the operator has named.
fn proxies(how: &Serve) -> anyhow::Result<web::Proxies> {
    let said = how.trusted_proxy.as_deref().unwrap_or_default();
    web::Proxies::parse(said)
        .map_err(|word| anyhow!("--trusted-proxy: {word} is no address; give e.g. 10.0.0.5 or 10.0.0.0/8"))
}

/// Where photos and papers are kept: the folder `files` of the data folder, or what was said.
pub(crate) fn vault(place: &Where, db: &Db, clock: &Clock) -> anyhow::Result<Files> {
    let said = place.files.as_deref();
    let opened = match said {
        None => Files::in_folder(&place.data.join("files"), db.clone(), clock.clone()),
        Some(url) if url.starts_with("s3://") && !cfg!(feature = "s3") => {
            anyhow::bail!("{url}: this program was built without S3; build it with --features s3, or leave --files out")
        }
        // The store's own settings, as every S3 program reads them: AWS_REGION, AWS_ENDPOINT, AWS_ACCESS_KEY_ID …
        Some(url) => {
            let options = std::env::vars().filter(|(name, _)| name.starts_with("AWS_"));
            let options = options.map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
            Files::at_url(url, options, db.clone(), clock.clone())
        }
    };
    opened.map_err(|fault| match said {
        Some(url) => anyhow!("the files at {url} cannot be opened; check --files ({fault})"),
        None => anyhow!("the folder for files cannot be made in the data folder ({fault})"),
    })
}

/// The data folder holds keys: only its owner may look in.
fn make_folder(folder: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("the data folder {} cannot be made; choose another with --data", folder.display()))
}

/// The key that seals the settings' secrets: from the surroundings, where several nodes share it, else from the data folder.
pub(crate) fn master_key(place: &Where) -> anyhow::Result<MasterKey> {
    match std::env::var(MASTER_KEY) {
        Ok(text) => Ok(MasterKey::from_text(&text, MASTER_KEY)?),
        Err(_) => {
            MasterKey::load_or_create(&place.data.join(secrets::KEY_FILE)).context("the master key cannot be read")
        }
    }
}

fn node_name() -> anyhow::Result<String> {
    let mut random = [0_u8; 4];
    getrandom::fill(&mut random).map_err(|error| anyhow!("the machine gives no random numbers: {error}"))?;
    Ok(format!("{}-{}", std::process::id(), hex::encode(random)))
}
