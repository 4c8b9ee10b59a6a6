//! Webhooks: addresses that hear what becomes of orders.
export const webhooks = {
  lead: ['订单状态变化时通知其他系统（Standard Webhooks 签名）', 'Other systems hear what becomes of orders, signed after Standard Webhooks'],
  new: ['新建推送', 'New webhook'],
  none: ['还没有推送地址', 'No webhooks yet'],
  none_hint: ['添加后，订单每次变化都会发送到该地址。', 'Once there is one, each change of an order is sent to it.'],
  url: ['地址', 'Address'],
  url_hint: ['必须是 https，本机除外。不跟随跳转。', 'https, except on this computer. Redirects are not followed.'],
  events: ['事件', 'Events'],
  events_hint: ['订单变为下列状态时通知；都不选则全部通知。', 'Told when an order becomes one of these; none chosen means all.'],
  all_events: ['全部', 'All'],
  secret_once: ['签名密钥只显示这一次，请立即保存到接收方：', 'The signing secret is shown this once; give it to the receiver now:'],
  gone: ['对方已停用', 'Ended by the receiver'],
  messages: ['发送记录', 'Messages'],
  remove: ['删除', 'Remove'],
  remove_sure: ['删除“{url}”？未送达的通知也一并删除。', 'Remove {url}? What was not delivered to it is removed as well.'],
  removed: ['已删除', 'Removed'],
  no_messages: ['最近 7 天没有通知', 'Nothing in the last 7 days'],
  no_messages_hint: ['订单变化后会出现在这里。', 'They appear when orders change.'],
  at: ['时间', 'Time'],
  event: ['变为', 'Became'],
  tries: ['次数', 'Tries'],
  answer: ['对方应答', 'Last answer'],
  replay: ['重新发送最近 7 天', 'Send the last 7 days again'],
  replayed: ['将重新发送 {messages} 条', '{messages} will be sent again'],
} as const;

/** What came of a message. */
export const webhook_state = {
  waiting: ['等待发送', 'Waiting'],
  sent: ['已送达', 'Delivered'],
  given_up: ['已放弃', 'Given up'],
  unknown: ['{code}', '{code}'],
} as const;
