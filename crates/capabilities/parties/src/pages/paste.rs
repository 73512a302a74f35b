use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::{Ctx, ReplayKey};
use kernel::{Fault, FaultKind, FieldErrors, Id, Permission, of};
use web::{Chip, Choice, Column, Failure, Form, Lang, Page, Pasted, PastedRow, View};

use super::frame::{PEOPLE, home, some, stores};
use super::{products, sales as sale_pages};
use crate::app::{self, CustomerInput, EDIT, EDIT_SALES, MOST_ROWS, Rows};
use crate::domain::{LineInput, Phone, SaleInput, SoldBy, UnitInput};

/// Rows that the preview shows; all are looked at.
const SHOWN: usize = 200;

/// What is pasted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Customers,
    Products,
    Sales,
    Units,
    Terms,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Customers => "customers",
            Self::Products => "products",
            Self::Sales => "sales",
            Self::Units => "units",
            Self::Terms => "terms",
        }
    }
    const fn title(self) -> &'static str {
        match self {
            Self::Customers => "parties-customers-title",
            Self::Products => "parties-products-title",
            Self::Sales => "parties-sales-title",
            Self::Units => "parties-units-title",
            Self::Terms => "parties-terms-title",
        }
    }
    /// Whose store is asked for; products are the company's.
    const fn of_store(self) -> Option<Permission> {
        match self {
            Self::Customers => Some(EDIT),
            Self::Products | Self::Terms => None,
            Self::Sales | Self::Units => Some(EDIT_SALES),
        }
    }
    const fn columns(self) -> &'static [Column] {
        match self {
            Self::Customers => CUSTOMERS,
            Self::Products => PRODUCTS,
            Self::Sales => SALES,
            Self::Units => UNITS,
            Self::Terms => TERMS,
        }
    }
}

const fn column(name: &'static str, words: &'static [&'static str]) -> Column {
    Column { name, words }
}

const PHONE: Column =
    column("phone", &["手机号", "手机", "电话", "顾客手机", "联系电话", "customerphone", "mobile", "tel"]);
const NOTE: Column = column("note", &["备注", "说明", "remark", "remarks"]);
const PRODUCT: Column = column("product", &["商品编码", "商品", "编码", "型号", "货号", "productcode", "sku", "model"]);
const SERIAL: Column = column("serial", &["序列号", "sn", "机身号", "机号", "serialnumber", "serialno"]);
const RECEIPT: Column =
    column("receipt", &["小票号", "小票", "单据号", "销售单号", "receiptno", "receiptnumber", "order"]);

const CUSTOMERS: &[Column] = &[
    column("name", &["姓名", "顾客", "顾客姓名", "客户", "customer", "customername"]),
    PHONE,
    column("wechat", &["微信", "微信号"]),
    column("email", &["邮箱", "邮件", "mail", "e-mail"]),
    column("address", &["地址", "住址"]),
    column("vip", &["会员", "会员等级", "membership"]),
    column("tags", &["标签", "tag"]),
    NOTE,
    column("consent", &["同意联系", "同意", "maybecontacted"]),
];
const PRODUCTS: &[Column] = &[
    column("code", &["商品编码", "编码", "货号", "productcode", "sku"]),
    column("name", &["名称", "商品名称", "商品", "品名", "product", "productname"]),
    column("brand", &["品牌"]),
    column("model", &["型号"]),
    column("barcode", &["条码", "条形码", "69码", "ean"]),
    column("category", &["品类", "类别", "分类", "group"]),
    column("law_months", &["三包期", "三包月数", "整机三包", "statutorymonths"]),
    column("main_months", &["主要部件", "主要部件月数", "mainpartmonths"]),
    column("maker_months", &["厂家承诺月数", "厂保月数", "makermonths"]),
    column("maker_promise", &["厂家承诺", "makerspromise"]),
    column("hotline", &["厂家热线", "热线", "客服电话"]),
];
const SALES: &[Column] = &[
    RECEIPT,
    column("day", &["日期", "销售日期", "购买日期", "date", "dayofsale"]),
    PRODUCT,
    column("quantity", &["数量", "qty"]),
    column("price", &["单价", "价格", "金额", "unitprice"]),
    column("serials", &["序列号", "sn", "机身号", "serial", "serialnumber"]),
    PHONE,
    column("channel", &["渠道", "销售渠道"]),
    column("payment", &["付款", "付款方式", "支付方式", "paid"]),
    NOTE,
];
const UNITS: &[Column] = &[
    PRODUCT,
    SERIAL,
    column("imei", &["串号", "手机串号"]),
    RECEIPT,
    PHONE,
    column("warranty_from", &["保修起算", "保修开始", "warrantystart"]),
    NOTE,
];

const TERMS: &[Column] = &[
    column("layer", &["保障层", "类型", "层", "kind"]),
    column("name", &["名称", "条款", "条款名称", "terms"]),
    column("brand", &["品牌"]),
    column("goods", &["品类", "类别", "group"]),
    column("claim", &["情形", "适用情形", "for"]),
    column("gives", &["承诺", "承诺内容", "promise"]),
    column("length", &["时长", "期限", "term"]),
    column("span", &["单位", "unit"]),
    column("product", &["商品编码", "型号", "sku"]),
    column("scope", &["范围", "部件", "ofwhat"]),
    column("repairs", &["修几次后", "修理次数", "afterrepairs"]),
    column("begins", &["起算", "countsfrom"]),
    column("says", &["顾客看到的文字", "原文", "内容", "text"]),
    column("exclusions", &["除外", "不保", "excluded"]),
    column("source", &["出处", "来源", "writtenin"]),
    column("provider", &["提供方", "承保方"]),
    column("payer", &["承担方", "谁付", "whopays"]),
    column("from", &["生效日期", "生效", "起"]),
    column("to", &["失效日期", "失效", "止"]),
    column("store", &["门店编码", "门店"]),
    column("channel", &["渠道", "销售渠道"]),
];

#[derive(Template)]
#[template(path = "parties_paste.html")]
struct PastePage {
    page: Page,
    name: &'static str,
    crumb: String,
    list: String,
    stores: Vec<Choice>,
    store: String,
    /// What stands in the field: everything at first, then the rows that need correction.
    text: String,
    example: String,
    heads: Vec<String>,
    rows: Vec<Shown>,
    hidden_rows: usize,
    unknown: String,
    too_many: bool,
    good: usize,
    bad: usize,
    saved: Option<usize>,
    looked: bool,
    once: String,
    refusal: Option<web::Markup>,
}

struct Shown {
    nth: usize,
    cells: Vec<String>,
    chip: Chip,
}

pub(crate) async fn customers(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Response {
    start(page, &ctx, Kind::Customers, query)
}
pub(crate) async fn products(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Response {
    start(page, &ctx, Kind::Products, query)
}
pub(crate) async fn sales(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Response {
    start(page, &ctx, Kind::Sales, query)
}
pub(crate) async fn units(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Response {
    start(page, &ctx, Kind::Units, query)
}
pub(crate) async fn terms(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Response {
    start(page, &ctx, Kind::Terms, query)
}
pub(crate) async fn terms_sent(page: Page, ctx: Ctx, form: Form) -> Result<Response, Failure> {
    sent(page, &ctx, Kind::Terms, form).await
}
pub(crate) async fn customers_sent(page: Page, ctx: Ctx, form: Form) -> Result<Response, Failure> {
    sent(page, &ctx, Kind::Customers, form).await
}
pub(crate) async fn products_sent(page: Page, ctx: Ctx, form: Form) -> Result<Response, Failure> {
    sent(page, &ctx, Kind::Products, form).await
}
pub(crate) async fn sales_sent(page: Page, ctx: Ctx, form: Form) -> Result<Response, Failure> {
    sent(page, &ctx, Kind::Sales, form).await
}
pub(crate) async fn units_sent(page: Page, ctx: Ctx, form: Form) -> Result<Response, Failure> {
    sent(page, &ctx, Kind::Units, form).await
}

/// `GET /<list>/paste`
fn start(page: Page, ctx: &Ctx, kind: Kind, query: Option<String>) -> Response {
    let form = Form::from_query(&query.unwrap_or_default());
    View(empty(page, ctx, kind, form.raw("store"))).into_response()
}

fn empty(page: Page, ctx: &Ctx, kind: Kind, store: &str) -> PastePage {
    let stores = kind.of_store().map(|permission| stores(ctx, &page.lang, permission)).unwrap_or_default();
    let own = home(ctx).map(|id| id.to_string()).unwrap_or_default();
    let english = page.lang.locale.as_str() == "en";
    let said = |column: &Column| {
        if english { Some(column.name.replace('_', " ")) } else { column.words.first().map(|&word| word.to_owned()) }
    };
    let example: Vec<String> = kind.columns().iter().take(6).filter_map(said).collect();
    PastePage {
        name: kind.as_str(),
        crumb: page.t(kind.title()),
        list: format!("/{}", kind.as_str()),
        store: if store.is_empty() { own } else { store.to_owned() },
        stores,
        text: String::new(),
        example: example.join("\t"),
        heads: Vec::new(),
        rows: Vec::new(),
        hidden_rows: 0,
        unknown: String::new(),
        too_many: false,
        good: 0,
        bad: 0,
        saved: None,
        looked: false,
        once: ctx.house.ids.next::<()>().to_string(),
        refusal: None,
        page: titled(page, kind),
    }
}

fn titled(page: Page, kind: Kind) -> Page {
    let title = page.t1("parties-page-paste-title", "list", page.t(kind.title()));
    match kind {
        Kind::Customers | Kind::Products | Kind::Terms => page.titled(title),
        Kind::Sales | Kind::Units => page.within(PEOPLE).titled(title),
    }
}

/// `POST /<list>/paste`: looks, or saves the good rows and keeps the others for correction.
async fn sent(page: Page, ctx: &Ctx, kind: Kind, mut form: Form) -> Result<Response, Failure> {
    let store = match kind.of_store() {
        Some(_) => form.id::<of::Unit>("store"),
        None => home(ctx).or_else(|| ctx.house.identity.directories().now().company().map(|unit| unit.id)),
    };
    let text = form.raw("text").to_owned();
    let pasted = web::pasted(&text, kind.columns(), MOST_ROWS);
    let mut view = empty(page, ctx, kind, form.raw("store"));
    let Some(store) = store else {
        view.text = text;
        let wrong = Fault::field("store", "required");
        view.refusal = Some(web::notice(&view.page.lang, &wrong));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, View(view)).into_response());
    };
    let errors = checked(ctx, kind, store, &pasted).await?;
    if form.raw("step") != "save" || pasted.rows.is_empty() {
        show(&mut view, &pasted, &errors, text);
        return Ok(View(view).into_response());
    }
    let good: Vec<&PastedRow> =
        pasted.rows.iter().zip(&errors).filter(|(_, errors)| errors.is_empty()).map(|(row, _)| row).collect();
    let (rows, _) = read(kind, &good);
    let path = format!("POST /{}/paste", kind.as_str());
    let key = match form.raw("once") {
        "" => None,
        once => Some(ReplayKey::new(&ctx.actor, &path, once, text.as_bytes())?),
    };
    let saved = if good.is_empty() { Ok(0) } else { app::save_rows(&ctx.clone().replayable(key), store, rows).await };
    match saved {
        Ok(saved) => {
            let left = left(&pasted, &errors);
            let pasted = web::pasted(&left, kind.columns(), MOST_ROWS);
            let errors = checked(ctx, kind, store, &pasted).await?;
            show(&mut view, &pasted, &errors, left);
            view.saved = Some(saved);
            Ok(View(view).into_response())
        }
        // Somebody saved one of them a moment ago: look again.
        Err(fault) if matches!(fault.kind(), FaultKind::Invalid | FaultKind::Conflict | FaultKind::Stale) => {
            let errors = checked(ctx, kind, store, &pasted).await?;
            show(&mut view, &pasted, &errors, text);
            view.refusal = Some(web::notice(&view.page.lang, &fault));
            Ok((StatusCode::CONFLICT, View(view)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// What is wrong with each row: what cannot be read, else what the use case says.
async fn checked(ctx: &Ctx, kind: Kind, store: Id<of::Unit>, pasted: &Pasted) -> Result<Vec<FieldErrors>, Fault> {
    let all: Vec<&PastedRow> = pasted.rows.iter().collect();
    let (rows, unread) = read(kind, &all);
    let wrong = app::look_rows(ctx, store, rows).await?;
    let both = unread.into_iter().zip(wrong).map(|(mut own, other)| {
        for error in other.iter() {
            if own.of(&error.field).is_none() {
                own.add_with(&error.field, error.code, error.args.clone());
            }
        }
        own
    });
    Ok(both.collect())
}

/// The rows as their use case takes them, and what of each cannot be read.
fn read(kind: Kind, rows: &[&PastedRow]) -> (Rows, Vec<FieldErrors>) {
    let mut errors = Vec::with_capacity(rows.len());
    let mut each = |read: &mut dyn FnMut(&mut Form)| {
        for row in rows {
            let mut form = Form::from_pairs(row.cells.iter().map(|(name, cell)| (*name, cell.clone())));
            read(&mut form);
            errors.push(form.errors().clone());
        }
    };
    let rows = match kind {
        Kind::Customers => {
            let mut all = Vec::new();
            each(&mut |form| all.push(customer(form)));
            Rows::Customers(all)
        }
        Kind::Products => {
            let mut all = Vec::new();
            each(&mut |form| all.push(products::input(form)));
            Rows::Products(all)
        }
        Kind::Sales => {
            let mut all = Vec::new();
            each(&mut |form| all.push((sale(form), form.raw("phone").to_owned())));
            Rows::Sales(all)
        }
        Kind::Units => {
            let mut all = Vec::new();
            each(&mut |form| all.push((unit(form), form.raw("phone").to_owned())));
            Rows::Units(all)
        }
        Kind::Terms => {
            let mut all = Vec::new();
            each(&mut |form| all.push(super::terms::pasted(form)));
            Rows::Terms(all)
        }
    };
    (rows, errors)
}

fn customer(form: &mut Form) -> CustomerInput {
    let yes = matches!(form.raw("consent").trim().to_lowercase().as_str(), "是" | "同意" | "yes" | "y" | "true" | "1");
    CustomerInput {
        name: form.raw("name").to_owned(),
        phone: form.raw("phone").to_owned(),
        wechat: some(form, "wechat"),
        email: some(form, "email"),
        address: some(form, "address"),
        vip: some(form, "vip"),
        note: some(form, "note"),
        consent: yes,
        external_id: None,
        tags: sale_pages::serials(form.raw("tags")),
    }
}

fn sale(form: &mut Form) -> SaleInput {
    let channel = form.raw("channel").trim();
    // People write the words of the screens.
    let words =
        [("门店", SoldBy::Store), ("网店", SoldBy::Online), ("平台", SoldBy::Platform), ("团购", SoldBy::Group)];
    let known = words.iter().find(|(word, _)| *word == channel).map(|(_, known)| known.as_str());
    SaleInput {
        receipt: form.raw("receipt").to_owned(),
        day: form.raw("day").to_owned(),
        channel: known.unwrap_or(channel).to_owned(),
        customer: None,
        payment: some(form, "payment"),
        note: some(form, "note"),
        lines: vec![LineInput {
            product: form.raw("product").to_owned(),
            quantity: form.number_or_none("quantity", 1..=100_000).unwrap_or(0),
            price: form.money_or_none("price").unwrap_or_default().fen(),
            serials: sale_pages::serials(form.raw("serials")),
        }],
        covers: Vec::new(),
    }
}

fn unit(form: &mut Form) -> UnitInput {
    UnitInput {
        product: form.raw("product").to_owned(),
        serial: form.raw("serial").to_owned(),
        imei: some(form, "imei"),
        receipt: some(form, "receipt"),
        customer: None,
        warranty_from: some(form, "warranty_from"),
        note: some(form, "note"),
    }
}

/// The rows that need correction, under their names.
fn left(pasted: &Pasted, errors: &[FieldErrors]) -> String {
    let bad = pasted.rows.iter().zip(errors).filter(|(_, errors)| !errors.is_empty()).map(|(row, _)| row.line.as_str());
    let mut lines: Vec<&str> = bad.collect();
    if !lines.is_empty()
        && let Some(head) = &pasted.head
    {
        lines.insert(0, head);
    }
    lines.join("\n")
}

fn show(view: &mut PastePage, pasted: &Pasted, errors: &[FieldErrors], text: String) {
    let lang = view.page.lang.clone();
    view.looked = true;
    view.text = text;
    view.heads = pasted.fields.iter().map(|field| lang.word("parties-field", &field.replace('_', "-"))).collect();
    view.bad = errors.iter().filter(|errors| !errors.is_empty()).count();
    view.good = errors.len().saturating_sub(view.bad);
    view.unknown = pasted.unknown.join(lang.t("parties-page-comma").as_str());
    view.too_many = pasted.too_many;
    view.hidden_rows = pasted.rows.len().saturating_sub(SHOWN);
    // What needs a person comes first where not everything fits.
    let mut rows: Vec<(&PastedRow, &FieldErrors)> = pasted.rows.iter().zip(errors).collect();
    if rows.len() > SHOWN {
        rows.sort_by_key(|(row, errors)| (errors.is_empty(), row.nth));
    }
    view.rows = rows.into_iter().take(SHOWN).map(|(row, errors)| shown(&lang, pasted, row, errors)).collect();
}

fn shown(lang: &Lang, pasted: &Pasted, row: &PastedRow, errors: &FieldErrors) -> Shown {
    let cells = pasted.fields.iter().map(|field| {
        let cell = row.cells.get(field).cloned().unwrap_or_default();
        match (*field, Phone::parse(&cell)) {
            // A whole number is masked as everywhere; a wrong one is shown, because it has to be corrected.
            ("phone", Ok(phone)) => phone.masked(),
            _ => cell,
        }
    });
    let chip = match errors.iter().next() {
        None => web::chip("ok", "check", lang.t("parties-page-paste-good")),
        Some(error) => {
            let field = lang.word("parties-field", &error.field.replace('_', "-"));
            let tone = if error.code == "taken" || error.code == "phone-known" { "soon" } else { "late" };
            let says = lang.t2("parties-page-paste-bad", "field", field, "says", lang.field_error(error));
            web::chip(tone, "alert-triangle", says)
        }
    };
    Shown { nth: row.nth, cells: cells.collect(), chip }
}
