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
  away: ['未接上', 'Not plugged in'],
  away_do: ['接上后点“重新查找”。', 'Plug it in, then look again.'],
  ready: ['可用', 'Works'],
  failed_access_denied: ['没有权限使用相机', 'No access to the camera'],
  failed_access_denied_do: ['系统不允许本用户打开它：请管理员把用户加入 video 组，或在系统隐私设置中允许相机，再重新登录。', 'The system does not let this user open it. Have the user added to the group “video”, or allow cameras in the privacy settings, and log in again.'],
  failed_no_usable_mode: ['相机的画面格式不能用', 'No picture format that can be used'],
  failed_no_usable_mode_do: ['它没有 MJPEG、YUYV 或 NV12 画面。请换一台相机。', 'It offers neither MJPEG nor YUYV nor NV12. Choose another camera.'],
  failed_no_library: ['没有安装 libgphoto2', 'libgphoto2 is not installed'],
  failed_no_library_do: ['联机相机要靠它：请安装 libgphoto2，再重新查找。', 'Cameras on a cable need it: install libgphoto2, then look again.'],
  failed_driver: ['相机驱动出错', 'The camera’s driver failed'],
  failed_driver_do: ['请重新插拔；仍不行就关机再开相机，或换一台。', 'Replug it; if that does not help, switch the camera off and on, or choose another.'],
  failed_pictures: ['回放的图片无法播放', 'The pictures of the replay cannot be played'],
  failed_pictures_do: ['请检查启动时给出的图片文件夹。', 'Check the folder of pictures given at the start.'],
  failed_thread: ['相机程序意外停止', 'The camera’s part of the program stopped'],
  failed_thread_do: ['请在设置中再选一次这台相机。', 'Choose this camera again in the settings.'],
  failed: ['相机出错', 'The camera failed'],
  failed_do: ['请重新插拔，或在设置中换一台相机。', 'Replug it, or choose another camera in the settings.'],
  another_program: ['其他程序', 'Another program'],
  choose: ['选择相机', 'Choose a camera'],
} as const;

/** Why cameras on a cable cannot be looked for. */
export const camera_cable = {
  no_program: ['联机相机不可用：本机没有随带 xueying-tether 程序。', 'Cameras on a cable cannot be used: xueying-tether is not installed beside the station.'],
  no_library: ['联机相机不可用：没有安装 libgphoto2。安装后重新查找即可。', 'Cameras on a cable cannot be used: libgphoto2 is not installed. Install it and look again.'],
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
