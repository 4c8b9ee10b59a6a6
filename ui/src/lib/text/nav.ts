//! The screens' names.
export const nav = {
  screens: ['页面', 'Screens'],
  capture: ['拍摄', 'Capture'],
  orders: ['订单', 'Orders'],
  recall: ['重拍', 'Recall'],
  sync: ['同步', 'Sync'],
  roster: ['名单', 'Roster'],
  campaign: ['任务', 'Job'],
  settings: ['设置', 'Settings'],
} as const;
