use askama::Template;
use axum::extract::Path;
use axum::response::IntoResponse;
use capability::Ctx;
use kernel::{Id, Money};
use parties::domain::masked_code;
use parties::verdict::words;
use web::{Failure, Page, PrintPage, View};

use super::detail::law_of;
use super::shown::{store_name, user_name};
use crate::app;
use crate::domain::{Part, PayState};

#[derive(Template)]
#[template(path = "returns_print.html")]
struct VoucherPage {
    page: PrintPage,
    house: String,
    number: String,
    facts: Vec<(String, String)>,
    goods: Vec<(String, String, String, String)>,
    grounds: Vec<String>,
    sums: Vec<(String, String, String)>,
    total: String,
    capitals: String,
    papers: Vec<(String, String)>,
    foot: String,
}

/// `GET /returns/{id}/print`: the A4 voucher; amounts stand in Chinese capitals, too.
pub(crate) async fn show(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let detail = app::detail(&ctx, Id::new(id)).await?;
    let lang = page.lang.clone();
    let one = &detail.one;
    let mut grounds = Vec::new();
    let mut sums = Vec::new();
    for line in &detail.lines {
        sums.push((lang.t("returns-print-paid"), line.name.clone(), lang.money(line.paid())));
        let judged = app::judged_again(line)?;
        let verdict = judged.as_ref().and_then(|judged| judged.verdict().ok());
        if let Some(open) = verdict.as_ref().and_then(|verdict| law_of(verdict, line)) {
            let cites = open.grounds.iter().flat_map(|ground| ground.cite).map(String::as_str);
            grounds.push(format!("{} · {}", words::remedy(&lang, open.remedy), words::clauses(&lang, cites)));
            if let Some(fee) = &open.fee {
                let steps: Vec<String> = fee
                    .steps
                    .iter()
                    .map(|step| words::step(&lang, step))
                    .map(|(what, value)| format!("{what} {value}"))
                    .collect();
                sums.push((lang.t("returns-fee"), steps.join(" · "), lang.money(Money::ZERO - line.fee)));
            }
        }
    }
    let counts = |state: PayState| !matches!(state, PayState::Declined | PayState::Void | PayState::Asked);
    let mut total = Money::ZERO;
    for payment in detail.money.iter().filter(|one| counts(one.state) && one.part != Part::Grant) {
        total = total + payment.amount;
        let part = lang.word("returns-part", payment.part.as_str());
        sums.push((part, payment.reason.clone(), lang.money(payment.amount)));
        if payment.part == Part::Extra {
            grounds.push(lang.t1("returns-print-extra", "reason", payment.reason.clone()));
        }
    }
    let sale = detail.sale.as_ref();
    let facts = vec![
        (lang.t("returns-print-customer"), one.payee.clone()),
        (lang.t("returns-print-phone"), detail.case.phone_masked.clone()),
        (lang.t("returns-print-bought"), sale.map(|sale| sale.day.to_string()).unwrap_or_default()),
        (lang.t("returns-print-receipt"), sale.map(|sale| masked_code(&sale.receipt)).unwrap_or_default()),
        (lang.t("returns-col-way"), lang.word("returns-way", one.way.as_str())),
        (lang.t("returns-print-day"), lang.at(one.opened_at)),
    ];
    let goods = detail.lines.iter().map(|line| {
        (
            line.name.clone(),
            line.serial.as_deref().map(masked_code).unwrap_or_default(),
            line.quantity.to_string(),
            line.grade
                .map(|grade| lang.word("returns-grade", grade.as_str()))
                .or(line.out_serial.as_deref().map(masked_code))
                .unwrap_or_default(),
        )
    });
    let pos: Vec<String> = detail.money.iter().filter_map(|payment| payment.pos_ref.clone()).collect();
    let papers = vec![
        (lang.t("returns-pos-ref"), pos.join(" · ")),
        (lang.t("returns-red-invoice"), one.red_invoice.clone().unwrap_or_default()),
        (lang.t("returns-stock-receipt"), one.stock_receipt.clone().unwrap_or_default()),
        (lang.t("returns-print-how"), one.paid_how.clone()),
    ];
    Ok(View(VoucherPage {
        house: store_name(&ctx, &lang, one.store),
        facts,
        goods: goods.collect(),
        grounds,
        sums,
        total: lang.money(total),
        capitals: web::capitals(total),
        papers,
        foot: lang.t3(
            "returns-print-foot",
            "rules",
            one.rules.clone(),
            "at",
            lang.full(lang.now),
            "who",
            user_name(&ctx, ctx.actor.user),
        ),
        page: PrintPage::new(lang.clone(), "returns-voucher", &format!("/returns/{id}")).about(one.number.clone()),
        number: one.number.clone(),
    }))
}
