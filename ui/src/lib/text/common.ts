//! Words every screen uses.
export const common = {
  loading: ['正在读取…', 'Loading…'],
  close: ['关闭', 'Close'],
  cancel: ['取消', 'Cancel'],
  confirm: ['确定', 'Confirm'],
  save: ['保存', 'Save'],
  add: ['添加', 'Add'],
  back: ['返回', 'Back'],
} as const;
