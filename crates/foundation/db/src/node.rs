//! The number that a running program writes into the ids it makes, leased so that no two programs share one.

use kernel::Timestamp;

use crate::{Db, DbError, DbErrorKind, Tx, args};

/// Ids have room for this many nodes.
const NODES: i64 = 1_024;

/// A program's wish for a number.
#[derive(Debug, Clone)]
pub struct Lease {
    /// Who asks; one name per process, e.g. host, process id and a random part.
    pub holder: String,
    /// Now.
    pub now: Timestamp,
    /// How long the number is kept without [`renew_node`], in milliseconds.
    pub millis: i64,
}

/// Leases the lowest free node number for [`kernel::IdGen::new`].
///
/// # Errors
/// `Full` when all 1024 are taken, or what the database says.
pub async fn lease_node(db: &Db, lease: Lease) -> Result<u16, DbError> {
    db.write(lease, |tx, lease| Box::pin(take(tx, lease))).await
}

/// Keeps a leased number; false when it has gone to another holder, and no id may be made with it any more.
///
/// # Errors
/// What the database says.
pub async fn renew_node(db: &Db, node: u16, lease: Lease) -> Result<bool, DbError> {
    db.write((node, lease), |tx, (node, lease)| {
        Box::pin(async move {
            let sql = "UPDATE node_lease SET expires_at = $1 WHERE node = $2 AND holder = $3";
            Ok(tx.exec(sql, args![lease.now.plus(lease.millis), *node, &lease.holder]).await? == 1)
        })
    })
    .await
}

async fn take(tx: &mut Tx, lease: &Lease) -> Result<u16, DbError> {
    let until = lease.now.plus(lease.millis);
    loop {
        let taken: Vec<i64> =
            tx.all("SELECT node FROM node_lease WHERE expires_at > $1 ORDER BY node", args![lease.now]).await?;
        let node = (0..NODES).find(|node| taken.binary_search(node).is_err());
        let node = node.ok_or_else(|| DbError::new(DbErrorKind::Full, "all node numbers are leased"))?;
        let claim = "INSERT INTO node_lease (node, holder, expires_at) VALUES ($1, $2, $3)
             ON CONFLICT (node) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at WHERE node_lease.expires_at <= $4";
        if tx.exec(claim, args![node, &lease.holder, until, lease.now]).await? == 1 {
            return u16::try_from(node).map_err(DbError::sql);
        }
        // Another node was faster; its row is visible now.
    }
}
