use askama::Template;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use files::FileRow;
use kernel::{Fault, Id, Money};
use parties::verdict::words;
use web::{Failure, Lang, PrintPage, View};

use super::shown::{store_name, user_name};
use crate::app::{self, Pack};
use crate::store::Claim;

/// What both forms of the page show; it names goods and money, never the customer.
struct Told {
    lang: Lang,
    house: String,
    title: String,
    number: String,
    facts: Vec<(String, String)>,
    grounds: Vec<(String, String)>,
    repairs: Vec<(String, String, String, String)>,
    sums: Vec<(String, String)>,
    capitals: String,
    files: Vec<(String, String, bool, String)>,
    foot: String,
}

/// On paper and as PDF.
#[derive(Template)]
#[template(path = "claims_print.html")]
struct PrintedPage {
    page: PrintPage,
    told: Told,
}

/// The readable page inside a pack; it stands alone, without the program.
#[derive(Template)]
#[template(path = "claims_pack.html")]
struct PackPage {
    told: Told,
}

/// `GET /claims/{id}/print`: one page for the maker.
pub(crate) async fn print(ctx: Ctx, lang: Lang, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let (one, pack) = app::pack(&ctx, Id::new(id)).await?;
    let files = pack.files.iter().map(|file| (format!("/files/{}", file.id), file.clone())).collect::<Vec<_>>();
    let told = tell(&ctx, &lang, &one, &pack, files)?;
    Ok(View(PrintedPage {
        page: PrintPage::new(lang.clone(), "claims-pack", &format!("/claims/{id}")).about(one.number.clone()),
        told,
    }))
}

/// `GET /claims/{id}/pack.zip`
pub(crate) async fn file(ctx: Ctx, lang: Lang, Path(id): Path<i64>) -> Result<Response, Failure> {
    let written = app::pack_file(&ctx, Id::new(id), |one, pack, named| {
        let files = named.iter().map(|(file, name)| (name.clone(), file.clone())).collect();
        PackPage { told: tell(&ctx, &lang, one, pack, files)? }.render().map_err(Fault::internal)
    });
    let (number, bytes) = written.await?;
    let headers = [
        (CONTENT_TYPE, "application/zip".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{number}.zip\"")),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

fn tell(ctx: &Ctx, lang: &Lang, one: &Claim, pack: &Pack, files: Vec<(String, FileRow)>) -> Result<Told, Fault> {
    let product = pack.product.as_ref().map(|product| &product.draft);
    let text = |text: Option<String>| text.unwrap_or_default();
    let sent = pack.steps.iter().rev().find(|step| step.what == "send");
    let mut facts = vec![
        (lang.t("claims-print-to"), one.maker.clone()),
        (lang.t("claims-print-from"), store_name(ctx, lang, one.store)),
        (lang.t("claims-col-goods"), format!("{} × {}", one.goods, one.quantity)),
        (lang.t("claims-print-code"), product.map(|draft| draft.code.clone()).unwrap_or_default()),
        (lang.t("claims-print-model"), text(product.and_then(|draft| draft.model.clone()))),
        (lang.t("claims-col-serial"), text(one.serial.clone())),
        (lang.t("claims-bought"), one.bought_on.map(|day| day.to_string()).unwrap_or_default()),
        (lang.t("claims-print-receipt"), pack.sale.as_ref().map(|sale| sale.receipt.clone()).unwrap_or_default()),
        (lang.t("claims-col-ground"), lang.word("claims-ground", one.ground.as_str())),
        (lang.t("claims-asked"), one.claimed_on.map(|day| day.to_string()).unwrap_or_default()),
        (lang.t("claims-print-sent"), sent.map(|step| step.day.to_string()).unwrap_or_default()),
        (lang.t("claims-reference"), text(sent.and_then(|step| step.reference.clone()))),
    ];
    facts.retain(|(_, value)| !value.is_empty());
    let mut grounds = vec![(lang.t("claims-reason"), one.reason.clone())];
    if let Some(line) = &pack.line {
        if let Some(remedy) = line.remedy() {
            let mut law = words::remedy(lang, remedy);
            let judged = returns::app::judged_again(line)?;
            if let Some(verdict) = judged.as_ref().and_then(|judged| judged.verdict().ok())
                && let Some(open) = verdict.by_law().find(|open| open.remedy == remedy)
            {
                let cites = open.grounds.iter().flat_map(|ground| ground.cite).map(String::as_str);
                law = format!("{law} · {}", words::clauses(lang, cites));
            }
            grounds.push((lang.t("claims-print-law"), law));
        }
        if let Some(finding) = line.finding {
            let checks: Vec<String> = line
                .checks
                .split(' ')
                .filter(|word| !word.is_empty())
                .map(|word| lang.word("returns-check", word))
                .collect();
            let mut found = lang.word("returns-finding", finding.as_str());
            if !checks.is_empty() {
                found = format!("{found} ({})", checks.join(" · "));
            }
            let note = line.finding_note.clone().map(|note| format!(" {note}")).unwrap_or_default();
            let when = line.inspected_at.map(|at| lang.full(at)).unwrap_or_default();
            let who = user_name(ctx, line.inspected_by);
            grounds.push((lang.t("claims-proof-inspection"), format!("{found}{note} · {who} {when}")));
        }
        if let Some(grade) = line.grade {
            grounds.push((lang.t("claims-print-after"), lang.word("returns-grade", grade.as_str())));
        }
        if let Some(serial) = &line.out_serial {
            grounds.push((lang.t("claims-print-out"), serial.clone()));
        }
    }
    let repairs = pack.repairs.iter().map(|repair| {
        let draft = &repair.draft;
        (
            format!("{} – {}", draft.began, draft.ended.map(|day| day.to_string()).unwrap_or_default()),
            draft.body.clone(),
            lang.word("claims-done-by", draft.done_by.as_str()),
            draft.proof.clone().unwrap_or_default(),
        )
    });
    let mut sums = Vec::new();
    if let Some(line) = &pack.line {
        sums.push((lang.t("claims-print-paid"), lang.money(line.paid())));
        if line.fee > Money::ZERO {
            sums.push((lang.t("claims-print-fee"), lang.money(Money::ZERO - line.fee)));
        }
    }
    if let Some(law) = &pack.law {
        let reference = law.pos_ref.clone().map(|pos| format!(" ({pos})")).unwrap_or_default();
        sums.push((format!("{}{reference}", lang.t("claims-print-refund")), lang.money(law.amount)));
    }
    if let Some(invoice) = pack.of.as_ref().and_then(|of| of.red_invoice.clone()) {
        sums.push((lang.t("claims-print-invoice"), invoice));
    }
    let shown = files.into_iter().map(|(href, file)| {
        let picture = file.kind.is_picture();
        (href, file.name.clone(), picture, file.digest.clone())
    });
    Ok(Told {
        house: store_name(ctx, lang, one.store),
        title: lang.t("claims-pack"),
        number: one.number.clone(),
        facts,
        grounds,
        repairs: repairs.collect(),
        sums: {
            sums.push((lang.t("claims-col-claimed"), lang.money(one.claimed)));
            sums
        },
        capitals: web::capitals(one.claimed),
        files: shown.collect(),
        foot: lang.t2("claims-print-foot", "at", lang.full(lang.now), "who", user_name(ctx, ctx.actor.user)),
        lang: lang.clone(),
    })
}
