//! The panels above the capture screen: findings, search, tray, feature code, keys.
export const findings = {
  title: ['检查结果', 'Findings'],
  passed: ['{count} 项合格', '{count} passed'],
  about: ['{measure}：{reason}', '{measure}: {reason}'],
  bound: ['要求 {bound}', 'needs {bound}'],
} as const;

export const search = {
  title: ['查找学生', 'Find a person'],
  placeholder: ['拼音首字母 · 姓名 · 学号 · 证件号后四位', 'Pinyin initials · name · student number · last four of ID'],
  hint: ['输入即查，例如 zxm、8012。也可以直接扫码。', 'Type to search, as zxm or 8012. Scanning works here too.'],
  none: ['没有找到', 'Nobody found'],
  results: ['查找结果', 'Results'],
  twins: ['有同名学生：请核对后四位和班级再选', 'Same names: check last four and class before choosing'],
  move: ['移动', 'move'],
  choose: ['选中', 'choose'],
  unreadable: ['扫不出码？请学生调高屏幕亮度，或保存原图后用“从图片读取”。', 'Cannot be read? Raise the screen brightness, or save the original and read it from the picture.'],
} as const;

export const tray = {
  title: ['无主照片', 'Orphan shots'],
  hint: ['座位上没有人时拍下的照片。把它交给本人，或丢弃。', 'Taken while nobody sat. Give each to its person, or discard it.'],
  empty: ['没有无主照片', 'No orphan shots'],
  assign: ['归人', 'Assign'],
  whose: ['{time} 拍下的这张是谁的？', 'Whose is the one taken at {time}?'],
} as const;

export const feature_code = {
  title: ['特征码', 'Feature code'],
  hint: ['学校提供的 6 位字母或数字，本任务只需输入一次。', 'Six letters or digits from the school; asked once for this campaign.'],
  needed: ['本任务需要特征码，未输入前不能提交照片', 'This campaign needs a feature code before photos can be kept'],
  enter: ['输入特征码', 'Enter the code'],
  later: ['稍后输入', 'Later'],
} as const;

export const keys = {
  title: ['按键说明', 'Keys'],
  space: ['空格', 'Space'],
  backspace: ['退格', 'Backspace'],
  gun: ['扫码枪', 'Scanner'],
  shooting: ['拍摄', 'Shooting'],
  shutter: ['拍照', 'Shoot'],
  skip: ['跳过此人，排到最后', 'Skip: back to the end of the line'],
  undo: ['撤销上一次采用或扫码', 'Take back the last accept or scan'],
  unlock: ['快门锁定时：仍是此人', 'When locked: still this person'],
  spare: ['换备用相机', 'Spare camera'],
  zebra: ['过曝条纹', 'Stripes where it is over-exposed'],
  peaking: ['对焦描边', 'Edges in focus'],
  histogram: ['亮度直方图', 'Histogram'],
  verdict: ['看到结果后', 'After the verdict'],
  accept: ['采用（合格或有提醒）', 'Accept (pass or warnings)'],
  retake: ['重拍', 'Retake'],
  override: ['不合格但需采用：选择理由', 'Failed: take it with a reason'],
  hold: ['暂停自动采用', 'Stop the countdown'],
  people: ['找人', 'People'],
  scan: ['下一位：入座或候拍', 'Next person: seated or on deck'],
  search: ['查找学生', 'Search'],
  tray: ['无主照片', 'Orphan shots'],
  feature_code: ['输入特征码', 'Feature code'],
  window: ['窗口', 'Window'],
  screens: ['切换页面', 'Switch screens'],
  walk: ['在控件间移动', 'Move between controls'],
  keep: ['保留上次退出前的照片', 'Keep a shot from before the last exit'],
  close: ['关闭面板', 'Close a panel'],
  help: ['本说明', 'This help'],
  pedal: ['脚踏和翻页笔就是键盘，可在设置中绑定空闲的键。', 'Pedals and presenters are keyboards; bind any free key in the settings.'],
} as const;
