//! The bar at the top.
export const bar = {
  demo: ['演示', 'Demo'],
  no_campaign: ['未选择任务', 'No campaign'],
  no_operator: ['未填操作员', 'No operator'],
  shots_left: ['还可拍 {count} 张', '{count} shots left'],
  other_language: ['切换语言', 'Switch language'],
} as const;
