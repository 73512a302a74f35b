//! Terms above the law on pages: what each says, what it means, where it falls below the law; and selling them with a unit.

use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Cursor, Day, Fault, FaultKind, Id, Money, RecordRef};
use web::{Chip, Choice, Failure, Filled, Form, Lang, Markup, Page, View};

use super::frame::{
    Card, FormPage, Line, ListPage, ROWS, RecordPage, Row, Section, Select, address, clashed, conflict, filled,
    history, seen, some, store_name, tabs, taken,
};
use crate::app::{self, COUNTED, EDIT_SALES, EDIT_TERMS, Meaning, Selling, TERMS, TRY_TERMS};
use crate::domain::terms::{
    Begins, Claim, Gives, Keeps, MOST_PROMISES, Payer, Promise, PromiseInput, SAYS, Scope, Span, TermsInput, TermsLayer,
};
use crate::domain::{List, ListEntry, SoldBy, entry_name, masked_code};
use crate::store::{Terms, TermsFilter};
use crate::verdict::layers::Below;
use crate::verdict::words;

/// What is promised, in one line.
pub(super) fn line(lang: &Lang, one: &Promise) -> String {
    let unit = lang.t1(&format!("parties-terms-{}", one.span), "n", one.length);
    let mut text = lang.t3(
        if one.denied { "parties-terms-line-denied" } else { "parties-terms-line" },
        "claim",
        lang.word("parties-terms-claim", one.claim.as_str()),
        "gives",
        lang.word("parties-terms-gives", one.gives.as_str()),
        "when",
        lang.t2("parties-terms-when", "begins", lang.word("parties-terms-begins", one.begins.as_str()), "length", unit),
    );
    let mut more = Vec::new();
    if one.scope == Scope::MainPart {
        more.push(lang.word("parties-terms-scope", one.scope.as_str()));
    }
    if one.repairs > 0 {
        more.push(lang.t1("parties-terms-after-repairs", "n", one.repairs));
    }
    match one.keeps {
        Keeps::Nothing => {}
        Keeps::Depreciation => more.push(lang.word("parties-terms-keeps", one.keeps.as_str())),
        Keeps::Fixed => more.push(lang.t1("parties-terms-keeps-sum", "sum", lang.money(Money::from_fen(one.fen)))),
    }
    if one.ends {
        more.push(lang.t("parties-terms-ends-said"));
    }
    if one.boxed {
        more.push(lang.t("parties-terms-boxed-said"));
    }
    for one in more {
        text.push_str(" · ");
        text.push_str(&one);
    }
    text
}

fn about(lang: &Lang, ctx: &Ctx, terms: &Terms, groups: &[ListEntry]) -> String {
    let draft = &terms.draft;
    let mut parts = Vec::new();
    if !draft.brand.is_empty() {
        parts.push(draft.brand.clone());
    }
    if !draft.goods.is_empty() {
        parts.push(entry_name(groups, &draft.goods, lang.locale.as_str()));
    }
    parts.extend(draft.product.clone());
    parts.extend(terms.store.map(|store| store_name(ctx, lang, store)));
    parts.extend(draft.channel.map(|channel| lang.word("parties-sold-by", channel.as_str())));
    if parts.is_empty() { lang.t("parties-terms-all-goods") } else { parts.join(" · ") }
}

fn standing(lang: &Lang, terms: &Terms, today: Day) -> Chip {
    let draft = &terms.draft;
    if draft.from > today {
        return web::chip("info", "calendar", lang.t1("parties-terms-coming", "day", draft.from.to_string()));
    }
    match draft.to {
        Some(to) if to < today => web::chip("line", "", lang.t1("parties-terms-ended", "day", to.to_string())),
        _ => web::chip("ok", "check", lang.t("parties-terms-running")),
    }
}

fn period(lang: &Lang, terms: &Terms) -> String {
    let draft = &terms.draft;
    match draft.to {
        Some(to) => lang.t2("parties-terms-from-to", "from", draft.from.to_string(), "to", to.to_string()),
        None => lang.t1("parties-terms-from-on", "from", draft.from.to_string()),
    }
}

fn layers(lang: &Lang) -> Vec<Choice> {
    TermsLayer::ALL.iter().map(|one| Choice::new(one.as_str(), lang.word("remedies-layer", one.as_str()))).collect()
}

/// `GET /terms?q=&layer=&after=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let q = form.text_or_empty("q", 100);
    let layer = form.choice_or_none("layer", TermsLayer::parse);
    let after = form.raw("after").parse::<Cursor>().ok();
    let wanted = TermsFilter { layer, ids: None };
    let listed = app::list_terms(&ctx, wanted, some(&form, "q"), after, ROWS).await?;
    let groups = app::entries(&ctx, List::Groups).await?;
    let here = |after: Option<Cursor>| {
        let kept = |name: &'static str| (name, form.raw(name).to_owned());
        let after = after.map(|cursor| cursor.to_string()).unwrap_or_default();
        address("/terms", &[kept("q"), kept("layer"), ("after", after)])
    };
    let (lang, today) = (page.lang.clone(), page.now.day(&page.zone));
    let rows = listed.rows.iter().map(|terms| Row {
        href: format!("/terms/{}", terms.id),
        title: terms.draft.name.clone(),
        meta: terms.code(),
        chips: vec![standing(&lang, terms, today)],
        cells: vec![
            lang.word("remedies-layer", terms.draft.layer.as_str()),
            about(&lang, &ctx, terms, &groups),
            terms.draft.promises.first().map(|one| line(&lang, one)).unwrap_or_default(),
            lang.word("remedies-payer", terms.draft.payer.as_str()),
        ],
    });
    Ok(View(ListPage {
        tabs: tabs(&ctx, &lang, "terms"),
        name: "terms",
        selects: vec![Select {
            name: "layer",
            label: page.t("parties-terms-any-layer"),
            choices: layers(&lang),
            value: form.raw("layer").to_owned(),
        }],
        days: None,
        kept: Vec::new(),
        heads: ["terms", "layer", "goods", "promises", "payer"].map(|head| page.word("parties-head", head)).into(),
        rows: rows.collect(),
        narrowed: ["q", "layer"].iter().any(|name| form.has(name)),
        may_make: ctx.actor.holds(EDIT_TERMS),
        next: listed.next.map(|next| here(Some(next))),
        first: after.map(|_| here(None)),
        q: q.clone(),
        page: page.named("parties-terms-title"),
    }))
}

fn below_row(lang: &Lang, one: &Below) -> Line {
    let what = lang.t1(&format!("remedies-void-{}", one.less), "remedy", words::remedy(lang, one.remedy));
    Line {
        href: String::new(),
        icon: "alert-triangle",
        title: lang.t2("parties-terms-below-line", "n", one.promise + 1, "what", what),
        meta: words::clauses(lang, one.cite.iter().map(String::as_str)),
        chip: Some(web::chip("late", "", lang.t("parties-terms-void"))),
        action: None,
    }
}

fn plain(title: String, meta: String, icon: &'static str) -> Line {
    Line { href: String::new(), icon, title, meta, chip: None, action: None }
}

/// `GET /terms/{id}`
pub(crate) async fn show(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let versions = app::terms_versions(&ctx, Id::new(id)).await?;
    let terms = versions.first().ok_or_else(Fault::not_found)?;
    let mean = app::terms_mean(&ctx, terms).await?;
    let groups = app::entries(&ctx, List::Groups).await?;
    let lang = page.lang.clone();
    let draft = &terms.draft;
    let directory = ctx.house.identity.directories().now();
    let who = |by| directory.user_name(by).unwrap_or_default().to_owned();
    let facts = vec![
        (lang.t("parties-field-layer"), Some(lang.word("remedies-layer", draft.layer.as_str()))),
        (lang.t("parties-field-payer"), Some(lang.word("remedies-payer", draft.payer.as_str()))),
        (lang.t("parties-field-provider"), draft.provider.clone()),
        (lang.t("parties-head-goods"), Some(about(&lang, &ctx, terms, &groups))),
        (lang.t("parties-terms-period"), Some(period(&lang, terms))),
        (lang.t("parties-terms-source"), Some(draft.source.clone())),
        (lang.t("parties-terms-units"), (!draft.layer.is_sold()).then(|| lang.capped(mean.units, COUNTED))),
    ];
    let promises = draft.promises.iter().map(|one| plain(line(&lang, one), String::new(), "circle-check"));
    let older = versions.iter().map(|one| {
        let names: Vec<String> = one.draft.promises.iter().map(|promise| line(&lang, promise)).collect();
        let meta = format!("{} · {} {}", period(&lang, one), one.by.map(who).unwrap_or_default(), lang.at(one.at));
        let title = format!("{} · {}", lang.t1("parties-terms-version", "n", one.version), names.join("；"));
        plain(title, meta, "history")
    });
    let text = vec![
        (lang.t("parties-terms-says"), Some(draft.says.clone())),
        (lang.t("parties-terms-exclusions"), draft.exclusions.clone()),
    ];
    let below = Card {
        title: lang.t("parties-terms-below"),
        rows: mean.below.iter().map(|one| below_row(&lang, one)).collect(),
        empty: Some(lang.t("parties-terms-below-none")),
        ..Card::default()
    };
    let may_edit = ctx.actor.holds(EDIT_TERMS);
    let replay = (ctx.actor.holds(TRY_TERMS) && !draft.layer.is_sold())
        .then(|| (lang.t("parties-terms-replay"), format!("/terms/{id}/edit")));
    Ok(View(RecordPage {
        crumb: (page.t("parties-terms-title"), "/terms"),
        code: terms.code(),
        chips: vec![standing(&lang, terms, page.now.day(&page.zone))],
        note: (!mean.below.is_empty()).then(|| note(&lang, "late", &lang.t("parties-terms-below-note"))),
        main: vec![
            Card { title: lang.t("parties-terms-promises"), rows: promises.collect(), ..Card::default() },
            Card::facts(lang.t("parties-terms-text"), text),
            below,
            Card { title: lang.t("parties-terms-versions"), rows: older.collect(), ..Card::default() },
        ],
        side: vec![Card::facts(lang.t("parties-page-about"), facts)],
        entries: history(&ctx, &lang, RecordRef::new(TERMS, terms.id)).await?,
        edit: may_edit.then(|| format!("/terms/{id}/edit")),
        primary: replay,
        page: page.titled(draft.name.clone()),
    }))
}

fn note(_lang: &Lang, tone: &str, text: &str) -> Markup {
    let icon = if tone == "late" { "alert-triangle" } else { "info-circle" };
    Markup::ready(format!(
        "<div class=\"note {tone}\" role=\"status\">{}<div class=\"grow pre sm\">{}</div></div>",
        web::icon(icon),
        web::escape(text)
    ))
}

/// What was typed into the form of terms; promises that are empty are left out and the others numbered without gaps.
pub fn typed(form: &mut Form) -> (Form, TermsInput) {
    const NAMES: [&str; 12] =
        ["claim", "gives", "scope", "repairs", "length", "span", "begins", "keeps", "sum", "denied", "ends", "boxed"];
    let mut pairs: Vec<(String, String)> =
        form.pairs().iter().filter(|(name, _)| !name.starts_with("promises.")).cloned().collect();
    let mut count = 0;
    for n in 0..MOST_PROMISES {
        let at = |name: &str| format!("promises.{n}.{name}");
        if !form.has(&at("length")) && !form.has(&at("claim")) {
            continue;
        }
        for name in NAMES {
            pairs.push((format!("promises.{count}.{name}"), form.raw(&at(name)).to_owned()));
        }
        count += 1;
    }
    let mut form = Form::from_pairs(pairs);
    let promises = (0..count).map(|n| promise(&mut form, &format!("promises.{n}."))).collect();
    let typed = TermsInput {
        layer: form.raw("layer").to_owned(),
        name: form.raw("name").to_owned(),
        says: form.raw("says").to_owned(),
        exclusions: some(&form, "exclusions"),
        source: form.raw("source").to_owned(),
        provider: some(&form, "provider"),
        payer: form.raw("payer").to_owned(),
        from: form.raw("from").to_owned(),
        to: some(&form, "to"),
        brand: some(&form, "brand"),
        goods: some(&form, "goods"),
        product: some(&form, "product"),
        store: some(&form, "store"),
        channel: some(&form, "channel"),
        promises,
    };
    (form, typed)
}

fn promise(form: &mut Form, prefix: &str) -> PromiseInput {
    let at = |name: &str| format!("{prefix}{name}");
    PromiseInput {
        claim: form.raw(&at("claim")).to_owned(),
        gives: form.raw(&at("gives")).to_owned(),
        scope: form.raw(&at("scope")).to_owned(),
        repairs: form.number_or_none(&at("repairs"), 0..=9).unwrap_or(0),
        length: form.number_or_none(&at("length"), 1..=10_000).unwrap_or(0),
        span: form.raw(&at("span")).to_owned(),
        begins: form.raw(&at("begins")).to_owned(),
        keeps: form.raw(&at("keeps")).to_owned(),
        fen: form.money_or_none(&at("sum")).unwrap_or_default().fen(),
        denied: form.flag(&at("denied")),
        ends: form.flag(&at("ends")),
        boxed: form.flag(&at("boxed")),
    }
}

/// A pasted row: one text with one promise; people write the words of the screens.
pub(super) fn pasted(form: &mut Form) -> TermsInput {
    const WORDS: &[(&str, &str)] = &[
        ("厂家承诺", "maker"),
        ("厂家", "maker"),
        ("销售约定", "contract"),
        ("平台规则", "platform"),
        ("平台", "platform"),
        ("延保", "extended_warranty"),
        ("店规", "policy"),
        ("门店", "store"),
        ("网店", "online"),
        ("团购", "group"),
        ("任何故障", "fault"),
        ("性能故障", "performance"),
        ("无理由", "no_fault"),
        ("意外", "accident"),
        ("退货", "refund"),
        ("换货", "exchange"),
        ("免费修", "repair"),
        ("修理", "repair"),
        ("整机", "whole"),
        ("主要部件", "main_part"),
        ("天", "days"),
        ("月", "months"),
        ("个月", "months"),
        ("交付", "start"),
        ("发票日", "bought"),
        ("签收", "received"),
        ("延保提供方", "warranty_provider"),
    ];
    let word = |form: &Form, name: &str| {
        let typed = form.raw(name).trim().to_owned();
        WORDS.iter().find(|(said, _)| *said == typed).map_or(typed, |(_, word)| (*word).to_owned())
    };
    let seller = |typed: String| if typed == "store" { "seller".to_owned() } else { typed };
    let one = PromiseInput {
        claim: word(form, "claim"),
        gives: word(form, "gives"),
        scope: word(form, "scope"),
        span: word(form, "span"),
        begins: word(form, "begins"),
        ..promise(form, "")
    };
    let name = form.raw("name").to_owned();
    TermsInput {
        layer: word(form, "layer"),
        says: some(form, "says").unwrap_or_else(|| name.clone()),
        name,
        exclusions: some(form, "exclusions"),
        source: form.raw("source").to_owned(),
        provider: some(form, "provider"),
        payer: seller(word(form, "payer")),
        from: form.raw("from").to_owned(),
        to: some(form, "to"),
        brand: some(form, "brand"),
        goods: some(form, "goods"),
        product: some(form, "product"),
        store: some(form, "store"),
        channel: some(form, "channel").map(|_| word(form, "channel")),
        promises: vec![one],
    }
}

/// What the form holds of `input`.
pub(super) fn fields(input: &TermsInput) -> Vec<(String, String)> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let mut pairs: Vec<(String, String)> = [
        ("layer", input.layer.clone()),
        ("name", input.name.clone()),
        ("says", input.says.clone()),
        ("exclusions", text(&input.exclusions)),
        ("source", input.source.clone()),
        ("provider", text(&input.provider)),
        ("payer", input.payer.clone()),
        ("from", input.from.clone()),
        ("to", text(&input.to)),
        ("brand", text(&input.brand)),
        ("goods", text(&input.goods)),
        ("product", text(&input.product)),
        ("store", text(&input.store)),
        ("channel", text(&input.channel)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    let flag = |yes: bool| if yes { "yes".to_owned() } else { String::new() };
    for (n, one) in input.promises.iter().enumerate() {
        let at = |name: &str| format!("promises.{n}.{name}");
        pairs.push((at("claim"), one.claim.clone()));
        pairs.push((at("gives"), one.gives.clone()));
        pairs.push((at("scope"), one.scope.clone()));
        pairs.push((at("repairs"), one.repairs.to_string()));
        pairs.push((at("length"), one.length.to_string()));
        pairs.push((at("span"), one.span.clone()));
        pairs.push((at("begins"), one.begins.clone()));
        pairs.push((at("keeps"), one.keeps.clone()));
        let sum = (one.fen > 0).then(|| format!("{}.{:02}", one.fen / 100, one.fen % 100));
        pairs.push((at("sum"), sum.unwrap_or_default()));
        pairs.push((at("denied"), flag(one.denied)));
        pairs.push((at("ends"), flag(one.ends)));
        pairs.push((at("boxed"), flag(one.boxed)));
    }
    pairs
}

fn choices<T: Copy>(lang: &Lang, key: &str, all: &[T], word: fn(T) -> &'static str) -> Vec<Choice> {
    all.iter().map(|one| Choice::new(word(*one), lang.word(key, word(*one)))).collect()
}

async fn form_page(page: Page, ctx: &Ctx, form: Filled, terms: Option<&Terms>) -> Result<FormPage, Fault> {
    let lang = page.lang.clone();
    let groups = app::entries(ctx, List::Groups).await?;
    let text = |name: &str, key: &str, max: usize| web::input(&lang, &form, name, key).max(max);
    let add = form.value("add") == "promises";
    let goods: Vec<Choice> =
        groups.iter().map(|one| Choice::new(&one.code, one.name_in(lang.locale.as_str()))).collect();
    let directory = ctx.house.identity.directories().now();
    let stores: Vec<Choice> = directory
        .stores()
        .filter(|store| store.active)
        .map(|store| Choice::new(&store.code, store.name_in(lang.locale.as_str())))
        .collect();
    let mut first = Vec::new();
    if terms.is_none() {
        first.push(web::select(&lang, &form, "layer", "parties-field-layer").options(&layers(&lang)));
    }
    first.extend([
        text("name", "parties-terms-name", 60),
        text("provider", "parties-field-provider", 60).optional().hint("parties-terms-provider-hint"),
        web::select(&lang, &form, "payer", "parties-field-payer")
            .options(&choices(&lang, "remedies-payer", Payer::ALL, Payer::as_str))
            .optional()
            .blank(lang.t("parties-terms-payer-usual")),
        text("from", "parties-terms-from", 10).date().hint("parties-terms-from-hint"),
        text("to", "parties-terms-to", 10).date().optional(),
        text("source", "parties-terms-source", 200).hint("parties-terms-source-hint"),
    ]);
    let mut sections = vec![
        Section { legend: lang.t("parties-terms-sec-who"), grid: true, fields: first },
        Section {
            legend: lang.t("parties-terms-sec-goods"),
            grid: true,
            fields: vec![
                text("brand", "parties-field-brand", 60).optional(),
                web::select(&lang, &form, "goods", "parties-field-category")
                    .options(&goods)
                    .optional()
                    .blank(lang.t("parties-page-any-category")),
                text("product", "parties-field-product-code", 60).optional(),
                web::select(&lang, &form, "store", "parties-head-store")
                    .options(&stores)
                    .optional()
                    .blank(lang.t("parties-page-any-store")),
                web::select(&lang, &form, "channel", "parties-field-channel")
                    .options(&choices(&lang, "parties-sold-by", SoldBy::ALL, SoldBy::as_str))
                    .optional()
                    .blank(lang.t("parties-terms-any-channel")),
            ],
        },
    ];
    let filled = (0..MOST_PROMISES).filter(|n| !form.value(&format!("promises.{n}.claim")).is_empty()).count();
    let shown = (filled.max(1) + usize::from(add && filled > 0)).min(MOST_PROMISES);
    for n in 0..shown {
        let at = |name: &str| format!("promises.{n}.{name}");
        let pick = |name: &str, all: Vec<Choice>| {
            web::select(&lang, &form, &at(name), &format!("parties-terms-field-{name}")).options(&all)
        };
        let tick = |name: &str| web::check(&lang, &form, &at(name), &format!("parties-terms-field-{name}")).lenient();
        sections.push(Section {
            legend: lang.t1("parties-terms-promise-n", "n", n + 1),
            grid: true,
            fields: vec![
                pick("claim", choices(&lang, "parties-terms-claim", Claim::ALL, Claim::as_str)).lenient(),
                pick("gives", choices(&lang, "parties-terms-gives", Gives::ALL, Gives::as_str)).lenient(),
                pick("scope", choices(&lang, "parties-terms-scope", Scope::ALL, Scope::as_str))
                    .likely("whole")
                    .lenient(),
                web::input(&lang, &form, &at("length"), "parties-terms-field-length").number().max(5).lenient(),
                pick("span", choices(&lang, "parties-terms-span", Span::ALL, Span::as_str)).likely("days").lenient(),
                pick("begins", choices(&lang, "parties-terms-begins", Begins::ALL, Begins::as_str))
                    .likely("start")
                    .lenient(),
                web::input(&lang, &form, &at("repairs"), "parties-terms-field-repairs").number().max(1).lenient(),
                pick("keeps", choices(&lang, "parties-terms-keeps", Keeps::ALL, Keeps::as_str))
                    .likely("none")
                    .lenient(),
                web::input(&lang, &form, &at("sum"), "parties-terms-field-sum").money().lenient(),
                tick("denied"),
                tick("ends"),
                tick("boxed"),
            ],
        });
    }
    sections.push(Section {
        legend: lang.t("parties-terms-text"),
        grid: false,
        fields: vec![
            web::area(&lang, &form, "says", "parties-terms-says").rows(4).max(SAYS).hint("parties-terms-says-hint"),
            web::area(&lang, &form, "exclusions", "parties-terms-exclusions").rows(2).max(SAYS).optional(),
        ],
    });
    let (action, back) = match terms {
        Some(terms) => (format!("/terms/{}/edit", terms.id), format!("/terms/{}", terms.id)),
        None => ("/terms/new".to_owned(), "/terms".to_owned()),
    };
    let title = if terms.is_some() { "parties-terms-edit" } else { "parties-terms-new" };
    let mut more = vec![("look", lang.t("parties-terms-look"))];
    let tried = terms.filter(|terms| !terms.draft.layer.is_sold() && ctx.actor.holds(TRY_TERMS));
    if tried.is_some() {
        more.push(("replay", lang.t("parties-terms-try")));
    }
    if shown < MOST_PROMISES {
        more.push(("promises", lang.t("parties-terms-add")));
    }
    Ok(FormPage {
        crumb: (page.t("parties-terms-title"), "/terms"),
        here: terms.map_or_else(|| page.t(title), |terms| terms.draft.name.clone()),
        action,
        back,
        does: page.t(if terms.is_some() { "parties-terms-publish-next" } else { "parties-terms-publish" }),
        hidden: terms.map_or_else(Vec::new, |terms| {
            vec![("layer".to_owned(), terms.draft.layer.to_string()), ("terms".to_owned(), terms.id.to_string())]
        }),
        sections,
        conflict: None,
        refusal: None,
        more,
        form,
        page: page.named(title),
    })
}

/// What would happen, in sentences.
fn said(lang: &Lang, typed: &TermsInput, before: Option<&Terms>, mean: &Meaning) -> Markup {
    let mut lines = Vec::new();
    let sold = TermsLayer::parse(&typed.layer).is_some_and(TermsLayer::is_sold);
    let (from, n) = (typed.from.clone(), lang.capped(mean.units, COUNTED));
    lines.push(match (before, sold) {
        (_, true) => lang.t("parties-terms-means-sold"),
        (None, _) => lang.t2("parties-terms-means-new", "from", from, "n", n),
        (Some(before), _) => {
            lang.t3("parties-terms-means-next", "from", from, "n", n, "version", before.version.to_string())
        }
    });
    for one in &mean.below {
        let row = below_row(lang, one);
        lines.push(format!("{}：{}", row.title, row.meta));
    }
    if mean.below.is_empty() {
        lines.push(lang.t("parties-terms-below-none"));
    }
    note(lang, if mean.below.is_empty() { "" } else { "late" }, &lines.join("\n"))
}

/// `GET /terms/new`
pub(crate) async fn new(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let form = Form::from_query(&query.unwrap_or_default()).into_filled();
    let today = page.now.day(&page.zone).to_string();
    let form = if form.value("from").is_empty() { form.with("from", today) } else { form };
    Ok(View(form_page(page, &ctx, form, None).await?))
}

/// `POST /terms/new`
pub(crate) async fn create(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let (form, input) = typed(&mut form);
    if form.raw("add") == "promises" {
        return Ok(View(form_page(page, &ctx, form.into_filled(), None).await?).into_response());
    }
    let look = form.raw("add") == "look";
    let fault = match (form.check(), look) {
        (Err(fault), _) => fault,
        (Ok(()), true) => match app::terms_meaning(&ctx, &input).await {
            Ok(mean) => {
                let refusal = Some(said(&page.lang, &input, None, &mean));
                let page = form_page(page, &ctx, form.into_filled(), None).await?;
                return Ok(View(FormPage { refusal, ..page }).into_response());
            }
            Err(fault) => fault,
        },
        (Ok(()), false) => match app::add_terms(&ctx, &input).await {
            Ok(terms) => return Ok(Redirect::to(&format!("/terms/{}", terms.id)).into_response()),
            Err(fault) => fault,
        },
    };
    if fault.kind() != FaultKind::Invalid {
        return Err(fault.into());
    }
    let page = form_page(page, &ctx, form.into_filled_with(&renamed(&fault)), None).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
}

/// A sum is typed in yuan under another name.
fn renamed(fault: &Fault) -> Fault {
    let mut errors = kernel::FieldErrors::default();
    for error in fault.fields().iter() {
        let field = match error.field.strip_suffix(".fen") {
            Some(before) => format!("{before}.sum"),
            None => error.field.clone(),
        };
        errors.add_with(&field, error.code, error.args.clone());
    }
    Fault::invalid(errors)
}

async fn newest(ctx: &Ctx, id: i64) -> Result<Terms, Fault> {
    app::terms_versions(ctx, Id::new(id)).await?.into_iter().next().ok_or_else(Fault::not_found)
}

/// `GET /terms/{id}/edit`
pub(crate) async fn edit(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let terms = newest(&ctx, id).await?;
    let now = fields(&app::terms_input(&terms));
    let mut page = form_page(page, &ctx, filled(&now), Some(&terms)).await?;
    page.hidden.extend(seen(terms.version, &now));
    Ok(View(page))
}

/// `POST /terms/{id}/edit`
pub(crate) async fn change(page: Page, ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Response, Failure> {
    let version = form.version("version")?;
    let (form, input) = typed(&mut taken(&form));
    let terms = newest(&ctx, id).await?;
    let hidden: Vec<_> =
        form.pairs().iter().filter(|(name, _)| name.starts_with("seen.") || name == "version").cloned().collect();
    let mut refusal = None;
    let fault = match (form.check(), form.raw("add")) {
        (_, "promises") => None,
        (Err(fault), _) => Some(fault),
        (Ok(()), "look") => match app::terms_meaning(&ctx, &input).await {
            Ok(mean) => {
                refusal = Some(said(&page.lang, &input, Some(&terms), &mean));
                None
            }
            Err(fault) => Some(fault),
        },
        (Ok(()), _) => match app::change_terms(&ctx, Id::new(id), version, &input).await {
            Ok(_) => return Ok(Redirect::to(&format!("/terms/{id}")).into_response()),
            Err(fault) => Some(fault),
        },
    };
    let Some(fault) = fault else {
        let mut page = form_page(page, &ctx, form.into_filled(), Some(&terms)).await?;
        page.hidden.extend(hidden);
        page.refusal = refusal;
        return Ok(View(page).into_response());
    };
    match fault.kind() {
        FaultKind::Invalid => {
            let mut page = form_page(page, &ctx, form.into_filled_with(&renamed(&fault)), Some(&terms)).await?;
            page.hidden.extend(hidden);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        FaultKind::Stale => {
            let now = fields(&app::terms_input(&terms));
            let lang = page.lang.clone();
            let label = |name: &str| match name.strip_prefix("promises.").and_then(|rest| rest.split_once('.')) {
                Some((n, field)) => {
                    let n = n.parse::<usize>().unwrap_or(0) + 1;
                    format!(
                        "{} {}",
                        lang.t1("parties-terms-promise-n", "n", n),
                        lang.word("parties-terms-field", field)
                    )
                }
                None => lang.word("parties-field", name),
            };
            let (filled, clashes) = clashed(&form, &now, label);
            let (record, versions) = (RecordRef::new(TERMS, terms.id), (version, terms.version));
            let asked = conflict(&ctx, &lang, record, versions, &clashes, &format!("/terms/{id}")).await?;
            let mut page = form_page(page, &ctx, filled, Some(&terms)).await?;
            page.hidden.extend(seen(terms.version, &now));
            page.conflict = Some(asked);
            Ok((StatusCode::PRECONDITION_FAILED, View(page)).into_response())
        }
        _ => Err(fault.into()),
    }
}

async fn sell_page(page: Page, ctx: &Ctx, id: i64, form: Filled) -> Result<FormPage, Fault> {
    let lang = page.lang.clone();
    let (row, _) = app::sold_terms(ctx, Id::new(id)).await?;
    ctx.require(EDIT_SALES, &row.unit)?;
    let mut offered = Vec::new();
    for layer in [TermsLayer::Extended, TermsLayer::Contract] {
        let wanted = TermsFilter { layer: Some(layer), ids: None };
        offered.extend(app::list_terms(ctx, wanted, None, None, 100).await?.rows);
    }
    let product = &row.product.draft;
    let fits = |terms: &&Terms| {
        (terms.draft.brand.is_empty() || terms.draft.brand == product.brand)
            && (terms.draft.goods.is_empty() || terms.draft.goods == product.category)
            && terms.product.is_none_or(|one| one == row.product.id)
    };
    let terms: Vec<Choice> = offered
        .iter()
        .filter(fits)
        .map(|one| {
            let layer = lang.word("remedies-layer", one.draft.layer.as_str());
            Choice::new(one.id.to_string(), format!("{layer} · {}", one.draft.name))
        })
        .collect();
    let refusal = terms.is_empty().then(|| note(&lang, "", &lang.t("parties-terms-none-to-sell")));
    let text = |name: &str, key: &str, max: usize| web::input(&lang, &form, name, key).max(max);
    let sections = vec![Section {
        legend: lang.t("parties-terms-sold-title"),
        grid: true,
        fields: vec![
            web::select(&lang, &form, "terms", "parties-head-terms").options(&terms),
            text("begins", "parties-terms-begins-on", 10).date(),
            text("months", "parties-terms-months-sold", 3).number(),
            text("price", "parties-terms-price", 14).money(),
            web::check(&lang, &form, "whole_sale", "parties-terms-whole-sale").lenient(),
        ],
    }];
    Ok(FormPage {
        crumb: (page.t("parties-units-title"), "/units"),
        here: masked_code(&row.unit.serial),
        action: format!("/units/{id}/terms"),
        back: format!("/units/{id}"),
        does: page.t("parties-terms-sell"),
        hidden: Vec::new(),
        sections,
        conflict: None,
        refusal,
        more: Vec::new(),
        form,
        page: page.named("parties-terms-sell"),
    })
}

/// `GET /units/{id}/terms`
pub(crate) async fn sell(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let today = page.now.day(&page.zone).to_string();
    Ok(View(sell_page(page, &ctx, id, Filled::new().with("begins", today)).await?))
}

/// `POST /units/{id}/terms`
pub(crate) async fn sold(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let (terms, begins) = (form.id("terms"), form.day("begins"));
    let (months, price) = (form.number("months", 1..=600), form.money("price"));
    let whole_sale = form.flag("whole_sale");
    let done = match (form.check(), terms, begins, months, price) {
        (Ok(()), Some(terms), Some(begins), Some(months), Some(price)) => {
            let unit = Id::new(id);
            let price_fen = price.fen();
            app::sell_terms(&ctx, Selling { unit, whole_sale, terms, begins, months, price_fen }).await.map(|_| ())
        }
        (Err(fault), ..) => Err(fault),
        _ => Err(Fault::field("terms", "required")),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/units/{id}")).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let page = sell_page(page, &ctx, id, form.into_filled_with(&fault)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}
