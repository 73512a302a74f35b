//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// 售后管家 · after-sales service of a retail chain, in one program.
#[derive(Debug, Parser)]
#[command(name = "aftercare", version, about, propagate_version = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) place: Where,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) serve: Serve,
}

/// Where the installation lives.
#[derive(Debug, Clone, Args)]
pub(crate) struct Where {
    /// Folder of the installation: database, files, keys
    #[arg(long, env = "AFTERCARE_DATA", default_value = "./data", global = true, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// PostgreSQL (postgres://…) or SQLite (sqlite:PATH); default: SQLite in the data folder
    #[arg(long, env = "AFTERCARE_DATABASE", global = true, value_name = "URL")]
    pub(crate) database: Option<String>,
    /// Where photos and papers are kept: s3://BUCKET/PREFIX or file:///FOLDER; default: the folder `files` in the data folder
    #[arg(long, env = "AFTERCARE_FILES", global = true, value_name = "URL")]
    pub(crate) files: Option<String>,
}

/// How to serve.
#[derive(Debug, Clone, Args)]
pub(crate) struct Serve {
    /// Address to listen on
    #[arg(long, env = "AFTERCARE_LISTEN", default_value = "127.0.0.1:8080", global = true, value_name = "ADDR")]
    pub(crate) listen: SocketAddr,
    /// Where people reach the program, https://…; needed to listen beyond this machine, and for links and QR codes
    #[arg(long, env = "AFTERCARE_PUBLIC_URL", global = true, value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// Proxies in front of the program whose X-Forwarded-For is believed: addresses or networks, with commas
    #[arg(long, env = "AFTERCARE_TRUSTED_PROXIES", global = true, value_name = "ADDR,…")]
    pub(crate) trusted_proxy: Option<String>,
    /// Hosts inside the own network that messages may be sent through, e.g. mail.intranet,10.0.0.25
    #[arg(
        long = "private-host",
        env = "AFTERCARE_PRIVATE_HOSTS",
        global = true,
        value_name = "HOST",
        value_delimiter = ','
    )]
    pub(crate) private_hosts: Vec<String>,
    /// Certificates (PEM) of an authority of the own house that mail and message servers may have theirs from
    #[arg(long = "trust", env = "AFTERCARE_TRUST", global = true, value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
    /// The demonstration company is served
    #[arg(skip)]
    pub(crate) demo: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve pages and API (the default)
    Serve,
    /// Serve a believable demo company; logins are printed
    Demo {
        /// How many cases the company has had
        #[arg(long, default_value_t = 20_000)]
        cases: u32,
        /// The same seed gives the same company
        #[arg(long, default_value_t = 7)]
        seed: u64,
        /// Make the company, then end
        #[arg(long)]
        only_make: bool,
    },
    /// Add many cases at once, to try the program under load
    Seed {
        /// How many
        #[arg(long)]
        cases: u32,
        /// Over how many days, up to now, they came
        #[arg(long, default_value_t = 730, value_parser = clap::value_parser!(u16).range(1..=3_650))]
        days: u16,
        /// The same seed gives the same cases
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Bring in records from files
    #[command(subcommand)]
    Import(Import),
    /// Prove that the journal is whole, or a dossier genuine
    Verify {
        /// A dossier to verify; without it the whole installation
        file: Option<PathBuf>,
        /// The fingerprint that the signing key must have
        #[arg(long)]
        key: Option<String>,
    },
    /// Labels of texts that the program learns by itself
    #[command(subcommand)]
    Classify(Classify),
    /// API tokens
    #[command(subcommand)]
    Token(Token),
    /// People who can sign in
    #[command(subcommand)]
    User(User),
    /// Judge a table of after-sales cases by law: refund, exchange, repair
    Verdict {
        /// The table (CSV, UTF-8, with a header line); its columns are facts such as category, bought, claim_date, fault
        file: PathBuf,
        /// Where the table with its verdicts is written; default: standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// The score by GB/T 27922 or another scheme out of the company's own records, computed anew
    Score {
        /// Code of a region or store; default: the whole company
        #[arg(long, value_name = "CODE")]
        unit: Option<String>,
        /// Code of the scheme; default: gbt27922
        #[arg(long, value_name = "CODE", default_value = scores::domain::SCHEME)]
        scheme: String,
        /// Everything as JSON, the same as the page and the API show
        #[arg(long)]
        json: bool,
    },
    /// Check the installation and say what to do
    Doctor,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    /// Bring in cases from a CSV file (UTF-8, with a header line)
    Cases {
        /// The file
        file: PathBuf,
        /// Code of the store that takes them
        #[arg(long)]
        store: String,
        /// Which column is what, e.g. --map body=text --map subject=text --map label=category; fields: subject, body, name, phone, product, serial, kind, channel, priority, happened_at, external_id
        #[arg(long = "map", value_name = "FIELD=COLUMN")]
        map: Vec<String>,
        /// Kind of case when no column says it
        #[arg(long, default_value = "feedback")]
        kind: String,
        /// Name of the source; the same source brings a line in only once
        #[arg(long)]
        source: Option<String>,
        /// Where refused lines are written with their reasons; default: FILE.refused.csv
        #[arg(long)]
        refused: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Classify {
    /// Learn from one CSV file, answer another, and print accuracy and macro-F1 of every label column
    Evaluate(Evaluate),
}

/// What is learned, and on what it is tried.
#[derive(Debug, Args)]
pub(crate) struct Evaluate {
    /// CSV file (UTF-8, with a header line) with a column `text`; every other column holds labels
    #[arg(long, value_name = "FILE")]
    pub(crate) train: PathBuf,
    /// CSV file with the same columns to try it on; without it every fifth text of the first file is kept aside
    #[arg(long, value_name = "FILE")]
    pub(crate) test: Option<PathBuf>,
    /// Show every label too
    #[arg(long)]
    pub(crate) classes: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// Make an API token; its last word on the last line is the token, shown only now
    Create {
        /// Login of the person for whom the token acts
        #[arg(long)]
        user: String,
        /// What it is for
        #[arg(long, default_value = "command line")]
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// Add a person; the password is read from the first line of standard input
    Create {
        /// Login
        #[arg(long)]
        login: String,
        /// Name
        #[arg(long)]
        name: String,
        /// Role, e.g. clerk, store_manager, administrator
        #[arg(long)]
        role: String,
        /// Code of the unit where the role holds, e.g. a store's
        #[arg(long)]
        unit: String,
    },
}
