//! Where is an order's data on its way to the center? Ids of `Delivery` in `crates/domain/src/order.rs`.
export const delivery = {
  local: ['仅在本机', 'Here only'],
  queued: ['等待上传', 'Waiting to upload'],
  sent: ['已发送，待签收', 'Sent, not signed for'],
  acknowledged: ['中心已签收', 'Signed for by the center'],
  quarantined: ['中心拒收', 'Refused by the center'],
} as const;
