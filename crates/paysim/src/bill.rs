//! The provider's bill of one day, in its documented csv.
use crate::keys::{APP_ID, MCH_ID};
use crate::provider::Provider;
use domain::UtcMs;
use domain::time::UtcOffset;
use pay::bill::BillDate;

const HEADS: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";
const SUMS: &str = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";

fn yuan(fen: u64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

fn on(day: BillDate, at: UtcMs) -> bool {
    BillDate::of(at) == day
}

impl Provider {
    /// The bill of a day, or `None` when nothing happened on it.
    pub fn bill(&self, day: BillDate) -> Option<String> {
        let mut lines = Vec::new();
        let (mut paid, mut refunded) = (0, 0);
        for (number, trade) in &self.trades {
            let (Some(at), Some(id)) = (trade.paid_at.filter(|at| on(day, *at)), &trade.transaction_id) else {
                continue;
            };
            paid += trade.total;
            let (total, time) = (yuan(trade.total), at.civil(UtcOffset::CHINA));
            lines.push(format!(
                "`{time},`{APP_ID},`{MCH_ID},`0,`,`{id},`{number},`oUpF8uMuAJO,`NATIVE,`SUCCESS,`OTHERS,`CNY,`{total},`0.00,`0,`0,`0.00,`0.00,`,`,`{},`,`0.00000,`0.60%,`{total},`0.00,`",
                trade.description.replace([',', '\n', '`'], " "),
            ));
        }
        for (number, refund) in &self.refunds {
            let trade = self.trades.get(&refund.out_trade_no).filter(|_| on(day, refund.at));
            let Some((trade, id)) = trade.and_then(|t| Some((t, t.transaction_id.as_ref()?))) else {
                continue;
            };
            refunded += refund.amount;
            let (amount, time) = (yuan(refund.amount), refund.at.civil(UtcOffset::CHINA));
            lines.push(format!(
                "`{time},`{APP_ID},`{MCH_ID},`0,`,`{id},`{},`oUpF8uMuAJO,`NATIVE,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`{},`{number},`{amount},`0.00,`ORIGINAL,`{},`{},`,`0.00000,`0.60%,`0.00,`{amount},`",
                refund.out_trade_no,
                refund.refund_id,
                refund.status,
                trade.description.replace([',', '\n', '`'], " "),
            ));
        }
        if lines.is_empty() {
            return None;
        }
        let (count, paid, refunded) = (lines.len(), yuan(paid), yuan(refunded));
        let sums = format!("`{count},`{paid},`{refunded},`0.00,`0.00000,`{paid},`{refunded}");
        Some(format!(
            "\u{feff}{HEADS}\r\n{}\r\n{SUMS}\r\n{sums}\r\n",
            lines.join("\r\n")
        ))
    }
}
