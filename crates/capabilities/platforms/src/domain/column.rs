use kernel::words;

words! {
    /// What a column of a back office's file holds.
    pub enum Column {
        /// The number of the after-sales order; each once per platform.
        Number = "number",
        /// The shop, by name.
        Shop = "shop",
        /// What the buyer asks for.
        Kind = "kind",
        /// The number of the purchase.
        Bought = "bought_number",
        /// When it was bought.
        BoughtOn = "bought_on",
        /// The code of the goods.
        Sku = "sku",
        /// What they are called.
        Goods = "goods",
        /// How many.
        Quantity = "quantity",
        /// What was paid for all of it.
        Paid = "paid",
        /// What is asked back.
        Asked = "asked",
        /// Why.
        Reason = "reason",
        /// Who bought it.
        Buyer = "buyer",
        /// The number to call.
        Phone = "phone",
        /// When the buyer asked.
        Applied = "applied_at",
        /// Until when the platform wants an answer.
        Due = "due_at",
        /// The parcel that comes back.
        Tracking = "tracking",
        /// Whose the freight insurance is.
        Insurance = "insurance",
    }
}

impl Column {
    /// What the first cell of such a column may say, without blanks and in lower case.
    const fn heads(self) -> &'static [&'static str] {
        match self {
            Self::Number => &[
                "售后单号",
                "售后编号",
                "退款编号",
                "退款单号",
                "服务单号",
                "售后单",
                "aftersaleno",
                "number",
                "refundid",
            ],
            Self::Shop => &["店铺", "店铺名称", "店铺名", "shop", "shopname"],
            Self::Kind => &["售后类型", "退款类型", "服务类型", "类型", "期望处理方式", "kind", "type"],
            Self::Bought => &[
                "订单号",
                "订单编号",
                "主订单编号",
                "主订单号",
                "子订单号",
                "交易单号",
                "boughtnumber",
                "order",
                "orderno",
            ],
            Self::BoughtOn => {
                &["下单时间", "订单创建时间", "付款时间", "订单付款时间", "支付时间", "boughton", "paidat"]
            }
            Self::Sku => &["商家编码", "货号", "商家sku", "商品编码", "sku", "skucode", "商家商品编码"],
            Self::Goods => &["商品", "商品名称", "宝贝标题", "商品标题", "goods", "title", "item"],
            Self::Quantity => &["数量", "商品数量", "申请数量", "退货数量", "申请件数", "quantity", "qty"],
            Self::Paid => {
                &["实付金额", "买家实付", "买家实际支付金额", "订单金额", "实付", "支付金额", "paid", "amount"]
            }
            Self::Asked => {
                &["退款金额", "申请退款金额", "买家退款金额", "退款总额", "应退金额", "asked", "refundamount"]
            }
            Self::Reason => &["售后原因", "退款原因", "申请原因", "买家退款原因", "问题描述", "原因", "reason"],
            Self::Buyer => &["买家", "买家昵称", "收件人", "收货人", "客户姓名", "买家会员名", "buyer", "name"],
            Self::Phone => &["电话", "手机", "手机号", "收件人手机号", "联系电话", "phone", "mobile"],
            Self::Applied => &["申请时间", "售后申请时间", "退款的申请时间", "退款申请时间", "appliedat", "createdat"],
            Self::Due => &[
                "处理截止时间",
                "截止时间",
                "超时时间",
                "退款到期时间",
                "商家处理截止时间",
                "最晚处理时间",
                "dueat",
                "deadline",
            ],
            Self::Tracking => &["退货物流单号", "退货运单号", "买家退货物流单号", "退货快递单号", "运单号", "tracking"],
            Self::Insurance => &["运费险", "是否有运费险", "退货运费险", "insurance"],
        }
    }
    /// What a column with this first cell probably holds.
    pub fn guess(head: &str) -> Option<Self> {
        let plain: String = head
            .chars()
            .filter(|letter| {
                !letter.is_whitespace()
                    && !matches!(letter, '*' | ':' | '：' | '_' | '-' | '(' | ')' | '（' | '）' | '元')
            })
            .collect::<String>()
            .to_lowercase();
        Self::ALL.iter().copied().find(|column| column.heads().contains(&plain.as_str()))
    }
    /// Without it nothing can be taken over.
    pub const NEEDED: [Self; 4] = [Self::Number, Self::Kind, Self::Bought, Self::Paid];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_by_what_back_offices_call_them() {
        assert_eq!(Column::guess("退款编号"), Some(Column::Number));
        assert_eq!(Column::guess("买家实际支付金额（元）"), Some(Column::Paid));
        assert_eq!(Column::guess(" 商家 SKU"), Some(Column::Sku));
        assert_eq!(Column::guess("Due_At"), Some(Column::Due));
        assert_eq!(Column::guess("颜色"), None);
    }
}
