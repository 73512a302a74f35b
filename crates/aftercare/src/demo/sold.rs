//! What the demo company has sold: the products, and the sale of what customers bring.

use std::collections::BTreeMap;

use capability::{Ctx, Work};
use kernel::{Fault, Id, Money, Timestamp, of};
use parties::domain::{Cover, LineDraft, ProductDraft, SaleDraft, SoldBy, Source};

use super::company::{GOODS, Good};
use super::story::Story;

/// One day in milliseconds.
const DAY: i64 = 86_400_000;

/// Types in the sales of what the customers of `bought` bring: store, clerk, story, customer. One in ten has no sale, as in life, where
/// the story does not say.
pub(super) async fn before(
    w: &mut Work<'_>,
    bought: Vec<(Id<of::Unit>, &Ctx, &Story, Id<of::Customer>)>,
) -> Result<(), Fault> {
    let products: Vec<ProductDraft> = GOODS.iter().map(product).collect();
    let _ = parties::app::make_products(w, &products).await?;
    type Sold<'a> = (&'a Ctx, Timestamp, Vec<SaleDraft>);
    let mut by_store: BTreeMap<Id<of::Unit>, Sold<'_>> = BTreeMap::new();
    for (store, clerk, story, customer) in bought {
        if !story.sold.unwrap_or(lot(story) % 10 != 0) {
            continue;
        }
        let (_, first, sales) = by_store.entry(store).or_insert((clerk, story.taken_in, Vec::new()));
        *first = (*first).min(story.taken_in);
        sales.push(sale(w, story, customer));
    }
    for (store, (clerk, at, sales)) in by_store {
        let _ = parties::app::sold_before(&mut w.acting(clerk, at.plus(-DAY)), store, &sales).await?;
    }
    Ok(())
}

/// A number that differs from story to story.
fn lot(story: &Story) -> i64 {
    let digits: String = story.serial.chars().rev().filter(char::is_ascii_digit).take(7).collect();
    digits.parse().unwrap_or(0)
}

fn product(good: &Good) -> ProductDraft {
    let some = |months: i64| Some(months).filter(|months| *months > 0);
    ProductDraft {
        code: good.code.to_owned(),
        name: good.name.to_owned(),
        brand: good.brand.to_owned(),
        model: Some(good.code.to_owned()),
        barcode: None,
        category: good.category.to_owned(),
        law_months: some(good.law),
        main_months: some(good.main),
        maker_months: some(good.maker),
        maker_promise: Some(good.promise.to_owned()).filter(|promise| !promise.is_empty()),
        hotline: Some("400-800-0000".to_owned()),
        active: true,
    }
}

fn sale(w: &Work<'_>, story: &Story, customer: Id<of::Customer>) -> SaleDraft {
    let lot = lot(story);
    // Some come within the first week, most later, a few after years.
    let days = match lot % 8 {
        0 => lot % 6 + 1,
        1 | 2 => lot % 80 + 8,
        3..=5 => lot % 320 + 20,
        _ => lot % 1_000 + 300,
    };
    let day = story.taken_in.plus(-days * DAY).day(&w.ctx.house.zone);
    let until = day.plus_months(24);
    let extended = Cover {
        source: Source::Extended,
        promise: "延保 1 年，只管性能故障".to_owned(),
        provider: Some("安邦延保".to_owned()),
        ends_on: Some(until),
    };
    let agreed = Cover {
        source: Source::Sale,
        promise: "签收单写明：30 天内性能故障换新".to_owned(),
        provider: None,
        ends_on: Some(day.plus(30)),
    };
    let covers = match lot % 5 {
        0 => vec![extended],
        1 => vec![agreed],
        2 => vec![agreed, extended],
        _ => Vec::new(),
    };
    let paid = ["微信支付", "支付宝", "银行卡", "现金"];
    let payment = usize::try_from(lot).ok().and_then(|lot| paid.get(lot % paid.len())).map(|word| (*word).to_owned());
    // Of many stories the customer's number tells receipts apart.
    let number = if story.sold.is_some() { format!("{:010}", story.customer) } else { format!("{lot:07}") };
    SaleDraft {
        receipt: format!("{}{number}", day.to_string().replace('-', "")),
        day,
        channel: if lot % 9 == 0 { SoldBy::Online } else { SoldBy::Store },
        customer: Some(customer),
        payment,
        note: None,
        lines: vec![LineDraft {
            product: story.good.code.to_owned(),
            quantity: 1,
            price: Money::from_fen(story.good.fen),
            serials: vec![story.serial.clone()],
        }],
        covers,
    }
}
