use capability::Ctx;
use kernel::{Fault, FaultKind, Timestamp};
use messaging::setup::{self, Part};
use messaging::{Receipt, is_signed};

/// How far the provider's clock may be from ours: five minutes, in milliseconds. Older requests could be repeats.
const DRIFT: i64 = 300_000;

/// What a provider sent.
#[derive(Debug, Clone)]
pub struct Arrived {
    /// Header `X-Key`.
    pub key: String,
    /// Header `X-Timestamp`, milliseconds.
    pub at: Option<i64>,
    /// Header `X-Signature`.
    pub signature: String,
    /// The body as it was signed.
    pub body: String,
    /// What it says: provider id and receipt.
    pub receipts: Vec<(String, Receipt)>,
}

/// What became of the receipts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// Messages that they were about.
    pub taken: i64,
    /// Receipts about messages that are not ours.
    pub unknown: i64,
}

/// Takes receipts that the provider has signed with the same secret as our requests.
///
/// # Errors
/// `messaging-signature` for everything that is not signed with the key and secret in use.
pub async fn receipts(ctx: &Ctx, arrived: Arrived) -> Result<Taken, Fault> {
    let refused = || Fault::new(FaultKind::Unauthenticated, "messaging-signature");
    let master = ctx.house.master.clone();
    let (key, secret) = ctx
        .read(master, |tx, master| {
            Box::pin(async move {
                let key = setup::sms(tx).await?.setup.key;
                Ok((key, setup::secret(tx, master, Part::Sms).await?))
            })
        })
        .await?;
    let at = Timestamp::from_millis(arrived.at.ok_or_else(refused)?);
    let secret = secret.ok_or_else(refused)?;
    let fresh = (ctx.now().millis() - at.millis()).abs() <= DRIFT;
    if !(fresh && key == arrived.key && is_signed(&secret, at, &arrived.body, &arrived.signature)) {
        return Err(refused());
    }
    let input = (ctx.house.ids.clone(), arrived.receipts, ctx.now());
    let taken = ctx
        .house
        .db
        .write(input, |tx, (ids, receipts, now)| {
            Box::pin(async move {
                let mut done = Taken::default();
                for (id, receipt) in receipts {
                    match messaging::receipt(tx, ids, id, receipt, *now).await? {
                        Some(_) => done.taken += 1,
                        None => done.unknown += 1,
                    }
                }
                Ok::<_, Fault>(done)
            })
        })
        .await?;
    ctx.house.wake.notify();
    Ok(taken)
}
