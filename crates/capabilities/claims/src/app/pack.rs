//! The pack of a claim: what proves it, for one page and as one signed ZIP. It names goods and money, never the customer.

use capability::Ctx;
use db::Tx;
use files::FileRow;
use journal::Part as Paper;
use kernel::{Fault, Id, RecordRef};
use parties::store::{Product, Sale, UnitRepair};
use returns::domain::{Part, PayState};
use returns::store::{LineRow, Payment, Return};

use super::access::{HANDLE, VIEW};
use super::events::{self, RECORD};
use crate::store::{self, Claim, ClaimId, Step};

/// What a pack should hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    /// Its word: `inspection`, `repairs`, `invoice`, `money`, `photos`.
    pub word: &'static str,
    /// It is there.
    pub there: bool,
}

/// What proves a claim.
#[derive(Debug, Clone)]
pub struct Pack {
    /// The return behind it.
    pub of: Option<Return>,
    /// Which line of it.
    pub line: Option<LineRow>,
    /// The money of it.
    pub law: Option<Payment>,
    /// The goods.
    pub product: Option<Product>,
    /// The sale.
    pub sale: Option<Sale>,
    /// What happened to the unit, oldest first.
    pub repairs: Vec<UnitRepair>,
    /// Photos and papers.
    pub files: Vec<FileRow>,
    /// What was done about it.
    pub steps: Vec<Step>,
}

impl Pack {
    /// What it should hold, and whether it does.
    pub fn proofs(&self) -> Vec<Proof> {
        let returned = self.of.is_some();
        let mut proofs = Vec::new();
        if returned {
            let there = self.line.as_ref().is_some_and(|line| line.inspected_at.is_some());
            proofs.push(Proof { word: "inspection", there });
        }
        proofs.push(Proof { word: "repairs", there: !self.repairs.is_empty() });
        proofs.push(Proof { word: "invoice", there: self.sale.is_some() });
        if returned {
            let paid = |payment: &Payment| matches!(payment.state, PayState::Paid | PayState::Reconciled);
            let out = self.line.as_ref().is_some_and(|line| line.out_serial.is_some());
            proofs.push(Proof { word: "money", there: out || self.law.as_ref().is_some_and(paid) });
        }
        proofs.push(Proof { word: "photos", there: !self.files.is_empty() });
        proofs
    }
}

/// Gathers what proves `one`.
pub(super) async fn gathered(tx: &mut Tx, one: &Claim) -> Result<Pack, Fault> {
    let (mut of, mut line, mut law) = (None, None, None);
    let mut all = Vec::new();
    let mut sale = None;
    if let Some(id) = one.of {
        of = returns::store::get(tx, id).await?;
        line = returns::store::lines(tx, id).await?.into_iter().find(|line| Some(line.id) == one.line);
        law = returns::store::payments(tx, id).await?.into_iter().find(|payment| payment.part == Part::Law);
        let record = RecordRef::new(returns::app::RECORD, id);
        let own = line.as_ref().map(|line| line.id.get());
        let photos = files::of_record(tx, &record, false).await?;
        all.extend(photos.into_iter().filter(|file| file.part.is_none() || file.part == own));
        if let Some(of) = &of {
            sale = parties::store::get_sale(tx, of.sale).await?;
        }
    }
    let mut repairs = Vec::new();
    if let Some(unit) = one.unit {
        repairs = parties::store::repairs_of(tx, unit).await?;
        repairs.sort_by_key(|repair| repair.draft.began);
        if one.repair.is_some() {
            repairs.retain(|repair| Some(repair.id) == one.repair);
        }
        let record = RecordRef::new(parties::app::UNIT, unit);
        let ids: Vec<i64> = repairs.iter().map(|repair| repair.id.get()).collect();
        let photos = files::of_record(tx, &record, false).await?;
        all.extend(photos.into_iter().filter(|file| file.part.is_some_and(|part| ids.contains(&part))));
        if sale.is_none()
            && let Some(row) = parties::store::get_unit(tx, unit).await?
            && let Some(id) = row.unit.sale
        {
            sale = parties::store::get_sale(tx, id).await?;
        }
    }
    Ok(Pack {
        product: parties::store::get_product(tx, one.product).await?,
        steps: store::steps(tx, one.id).await?,
        of,
        line,
        law,
        sale,
        repairs,
        files: all,
    })
}

/// The claim `id` with what proves it.
///
/// # Errors
/// `not-found`.
pub async fn pack(ctx: &Ctx, id: Id<ClaimId>) -> Result<(Claim, Pack), Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let one = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(VIEW, &one)?;
            let pack = gathered(tx, &one).await?;
            Ok((one, pack))
        })
    })
    .await
}

/// The pack of the claim `id` as one ZIP: a readable page that `page` writes, the files, and the journal with its proof. Who takes it is
/// in the journal before it leaves.
///
/// # Errors
/// `not-found`; `forbidden`; `claims-pack-large`.
pub async fn pack_file(
    ctx: &Ctx,
    id: Id<ClaimId>,
    page: impl FnOnce(&Claim, &Pack, &[(FileRow, String)]) -> Result<String, Fault>,
) -> Result<(String, Vec<u8>), Fault> {
    let (one, pack) = pack(ctx, id).await?;
    if !ctx.actor.may(HANDLE, &one) {
        return Err(Fault::forbidden());
    }
    ctx.write(id, |work, id| {
        Box::pin(async move {
            let one = store::get(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            work.record(events::event("claim.pack_taken", Some(&one), &one).quietly()).await
        })
    })
    .await?;
    let proof = ctx
        .read((id, ctx.clone()), |tx, (id, ctx)| {
            Box::pin(async move {
                let record = RecordRef::new(RECORD, *id);
                Ok::<_, Fault>(journal::export_dossier(tx, &record, &ctx.house.key, ctx.now()).await?)
            })
        })
        .await?;
    let (mut parts, mut named) = (Vec::new(), Vec::new());
    for (n, row) in (1_i64..).zip(pack.files.clone()) {
        let name = format!("files/{n}-{}", row.name);
        let bytes = ctx.house.files.get(&row).await?.to_vec();
        parts.push(Paper { name: name.clone(), bytes });
        named.push((row, name));
    }
    let html = page(&one, &pack, &named)?;
    parts.insert(0, Paper { name: "index.html".to_owned(), bytes: html.into_bytes() });
    let proof = proof.ok_or_else(Fault::not_found)?;
    let file = journal::pack(proof, parts, &ctx.house.key);
    Ok((one.number, file.ok_or_else(|| Fault::refused("claims-pack-large"))?))
}
