//! The campaign screen.
export const campaign = {
  lead: ['一所学校、一种照片、一段时间', 'One school, one kind of photo, one period'],
  import: ['导入任务文件', 'Import a campaign file'],
  imported: ['任务已导入', 'The campaign was imported'],
  none: ['还没有任务', 'No campaigns'],
  none_hint: ['登记到中心后会自动收到，也可以导入任务文件（.toml）。', 'They arrive by themselves once enrolled, or import a campaign file (.toml).'],
  free: ['免费', 'Free'],
  orders: ['{orders} 单', '{orders} orders'],
  of_roster: ['{orders} 单 / {size} 人', '{orders} orders / {size} people'],
  closes: ['{day} 截止', 'until {day}'],
  in_use: ['使用中', 'In use'],
  use: ['使用', 'Use'],
} as const;
