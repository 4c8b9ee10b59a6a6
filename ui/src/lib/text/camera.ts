//! The camera: its states, what to do about each, its kinds.
export const camera = {
  absent: ['没有相机', 'No camera'],
  absent_do: ['检查相机电源和数据线。接好后会自动连接，当前座位不变。', 'Check power and cable. It reconnects by itself; the seat is kept.'],
  opening: ['正在连接相机…', 'Connecting…'],
  opening_do: ['请稍候。', 'One moment.'],
  streaming: ['相机正常', 'Streaming'],
  stalled: ['相机没有画面', 'The camera has stalled'],
  stalled_do: ['画面停住了，正在自动重连。如果一直不动，请拔插数据线。', 'The picture froze; reconnecting. If it stays, replug the cable.'],
  busy: ['相机被占用', 'The camera is in use'],
  busy_do: ['{holder} 正在使用相机，请关闭它。', '{holder} is using it; please close that program.'],
  failed: ['相机出错', 'The camera failed'],
  failed_do: ['请重新插拔，或在设置中换一台相机。', 'Replug it, or choose another camera in the settings.'],
  another_program: ['其他程序', 'Another program'],
  choose: ['选择相机', 'Choose a camera'],
} as const;

/** Kinds of camera. */
export const camera_kind = {
  uvc: ['USB 摄像头', 'USB camera'],
  nokhwa: ['摄像头', 'Camera'],
  replay: ['回放（演示用）', 'Replay (for demos)'],
  tether: ['联机相机', 'Camera on a cable'],
  hotfolder: ['监视文件夹', 'Watched folder'],
  unknown: ['{code}', '{code}'],
} as const;
