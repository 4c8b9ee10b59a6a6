//! Where the stations' check and the review disagree.
export const feedback = {
  title: ['初审与审核对比', 'Check and review compared'],
  lead: ['站点初审与中心审核说法不同的照片，只计已作出且未撤回的决定', 'Photos of which the station’s check and the review say different things; decisions that stand'],
  by_station: ['按站点', 'By station'],
  by_measure: ['按检查项目', 'By measure'],
  by_measure_of: ['按检查项目 · {station}', 'By measure · {station}'],
  decided: ['已审', 'Decided'],
  rejected: ['驳回', 'Rejected'],
  measure: ['检查项目', 'Measure'],
  reason: ['驳回原因', 'Reason of rejection'],
  no_reason: ['无对应原因', 'None'],
  none: ['还没有审核决定', 'Nothing is decided yet'],
  none_hint: ['审核过的照片会在这里与站点的初审对比。', 'Reviewed photos are compared here with what the station’s check said.'],
  agree: ['没有不一致的项目', 'They agree on every measure'],
  agree_hint: ['驳回的照片初审都已发现，通过的照片初审没有意见。', 'What was rejected had been found, what was approved had nothing against it.'],
} as const;

/** What is counted. */
export const feedback_count = {
  missed: ['漏检', 'Missed'],
  caught: ['都发现', 'Both saw it'],
  approved_failed: ['未过而通过', 'Failed, approved'],
  approved_warned: ['提醒而通过', 'Warned, approved'],
} as const;

/** What that means. */
export const feedback_hint = {
  missed: ['初审未失败也未提醒，审核按此原因驳回', 'The check neither failed nor warned; rejected for this'],
  caught: ['初审未过或有提醒，审核按此原因驳回', 'The check failed or warned; rejected for this'],
  approved_failed: ['初审未过，人工采用，审核通过', 'Taken although it failed; approved'],
  approved_warned: ['初审有提醒，审核通过', 'The check warned; approved'],
} as const;
