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
  settings: ['设置', 'Settings'],
} as const;
