//! The nine states of an order, verbatim in Chinese. Ids of `OrderState` in `crates/domain/src/order.rs`.
export const order_state = {
  pending_payment: ['待支付', 'Awaiting payment'],
  paid: ['已支付', 'Paid'],
  pending_review: ['待审核', 'Awaiting review'],
  rejected: ['被驳回', 'Rejected'],
  pending_production: ['待制作', 'Awaiting production'],
  in_production: ['制作中', 'In production'],
  completed: ['已完成', 'Completed'],
  closed: ['订单关闭', 'Closed'],
  refunded: ['已退款', 'Refunded'],
} as const;
