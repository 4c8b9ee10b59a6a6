//! Short lists of words by id: verdicts, fates of a shot, jobs, steps.
export const verdict = {
  pass: ['合格', 'Pass'],
  warn: ['有提醒', 'Check'],
  fail: ['不合格', 'Fail'],
} as const;

/** Fates of a shot. */
export const fate = {
  unconfirmed: ['待确认', 'Unconfirmed'],
  accepted: ['已采用', 'Accepted'],
  retaken: ['已重拍', 'Retaken'],
  discarded: ['已丢弃', 'Discarded'],
  orphan: ['无主', 'Orphan'],
} as const;

/** Kinds of job. */
export const job = {
  graduate: ['毕业生图像采集', 'Graduates'],
  freshman: ['新生照片', 'Freshmen'],
  staff: ['教职工证件照', 'Staff cards'],
} as const;

/** 初审 */
export const local_check = {
  passed: ['初审合格', 'Local check passed'],
  warned: ['初审合格，有提醒', 'Passed with a warning'],
  overridden: ['初审未过，人工采用', 'Failed, taken with a reason'],
  failed: ['初审不合格', 'Local check failed'],
} as const;

/** Why an order was made from another. */
export const link_kind = {
  correction: ['勘误', 'Correction'],
  reprint: ['加洗', 'Reprint'],
} as const;

/** Kinds of change on the way to the center. */
export const op = {
  submit: ['提交订单', 'New order'],
  close: ['关闭订单', 'Close'],
  replace_photo: ['重拍照片', 'New photo'],
  correction: ['勘误', 'Correction'],
  reprint: ['加洗', 'Reprint'],
  pay_class: ['班级缴费', 'Class payment'],
  rebind: ['照片换人', 'Photo moved'],
  unbind: ['取下照片', 'Photo taken away'],
  edit_address: ['修改邮寄地址', 'Delivery address'],
} as const;

/** Where the key of the data comes from. */
export const key_provider = {
  'sealed file': ['密封文件', 'Sealed file'],
  'os keyring': ['系统钥匙串', 'System keyring'],
} as const;

/** Steps in an order's history. */
export const timeline = {
  created: ['创建订单', 'Created'],
  submitted: ['提交', 'Submitted'],
  state: ['状态变为', 'Now'],
  applied: ['中心更新', 'Updated by the center'],
  photo: ['更换照片', 'New photo'],
  sent: ['已发送', 'Sent'],
  acknowledged: ['中心已签收', 'Signed for by the center'],
  quarantined: ['中心拒收', 'Refused by the center'],
  released: ['重新排队', 'Queued again'],
  rejected: ['被驳回', 'Rejected'],
  approved: ['审核通过', 'Approved'],
  photo_moved: ['照片换给此人（错位修复）', 'Photo moved here (shift repair)'],
  photo_taken_back: ['照片取下，等待重拍（错位修复）', 'Photo taken away, waits for another (shift repair)'],
  withdrawn: ['本人撤回照片', 'Taken back by the graduate'],
  address_changed: ['修改邮寄地址', 'Delivery address changed'],
  revealed: ['查看完整信息', 'Details were revealed'],
  closed: ['关闭订单', 'Closed'],
  unmade: ['撤销', 'Taken back'],
  assigned: ['照片归人', 'Shot assigned'],
  discarded: ['丢弃照片', 'Shot discarded'],
  unknown: ['{code}', '{code}'],
} as const;
