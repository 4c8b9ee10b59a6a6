//! The screens' names.
export const nav = {
  screens: ['页面', 'Screens'],
  preflight: ['检查', 'Checks'],
  capture: ['拍摄', 'Capture'],
  today: ['今日', 'Today'],
  orders: ['订单', 'Orders'],
  recall: ['重拍', 'Recall'],
  sync: ['同步', 'Sync'],
  roster: ['名单', 'Roster'],
  campaign: ['任务', 'Job'],
  end: ['收工', 'Finish'],
  standards: ['标准', 'Standards'],
  review: ['审核', 'Review'],
  review_hint: ['在新窗口中审核（需要中心的账号）', 'Review in a window of its own, with an account at the center'],
  review_demo: ['演示账号 {account}，密码 {password}', 'The demo’s account is {account}, its password {password}'],
  settings: ['设置', 'Settings'],
} as const;
