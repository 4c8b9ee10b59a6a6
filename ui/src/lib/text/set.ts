//! The set check (布光检查) and its sheet. Ids of `crates/station/src/set_check.rs`.
export const set_item = {
  camera: ['相机帧率', 'Camera rate'],
  backdrop_colour: ['背景颜色', 'Backdrop colour'],
  backdrop_gradient: ['背景均匀', 'Backdrop evenness'],
  lamp_balance: ['左右灯光', 'Lamps left and right'],
  exposure: ['曝光', 'Exposure'],
  sharpness: ['清晰度', 'Sharpness'],
  clock: ['时钟与中心', 'Clock and center'],
  disk: ['磁盘', 'Disk'],
  scanner: ['扫码枪', 'Scanner'],
  pedal: ['脚踏 / 快门键', 'Pedal or shutter key'],
} as const;

/** What to do about an item that does not pass. */
export const set_do = {
  camera: ['换一个 USB 口或关掉占带宽的设备。', 'Use another USB port, or unplug what takes its bandwidth.'],
  backdrop_colour: ['核对背景布，或调白平衡。', 'Check the cloth, or set the white balance.'],
  backdrop_gradient: ['背景灯补匀，拉平褶皱，人离背景远些。', 'Even out the lamps on it, pull it flat, seat people further away.'],
  lamp_balance: ['暗的一侧灯移近，或调亮。', 'Move the lamp of the darker side closer, or turn it up.'],
  exposure: ['降低灯光，或缩短曝光时间。', 'Turn the lamps down, or shorten the exposure.'],
  sharpness: ['在座位处举一件有花纹的东西，对焦后锁定。', 'Hold something with a pattern at the seat, focus, and lock it.'],
  clock: ['校准系统时钟；没有连上中心时无法比对。', 'Set the clock; it cannot be compared without the center.'],
  disk: ['清理磁盘，或换一块。', 'Make room, or use another disk.'],
  scanner: ['在开工检查页扫任意一个码。', 'Scan any code on the pre-flight screen.'],
  pedal: ['在开工检查页踩一下脚踏；不响应就到设置中绑定。', 'Press it on the pre-flight screen, or bind it in the settings.'],
} as const;

/** Why the picture was not measured. */
export const set_unseen = {
  no_frame: ['没有画面', 'There is no picture'],
  somebody: ['镜头前有人：请让开座位再看背景', 'Somebody is in the picture: clear the seat to measure the backdrop'],
} as const;

export const set = {
  title: ['布光检查', 'Set check'],
  hint: ['空座位时测量，每两秒一次', 'Measured on the empty seat, every two seconds'],
  none: ['选择任务后按其照片标准测量。', 'Choose a job first: its standard says what is right.'],
  measured: ['实测背景色', 'Backdrop'],
  wanted: ['标准背景色', 'Standard asks for'],
  left_brighter: ['左亮 {value}%', 'left +{value}%'],
  right_brighter: ['右亮 {value}%', 'right +{value}%'],
  clipped: ['过曝 {value}%', '{value}% clipped'],
  distance: ['ΔE {value}', 'ΔE {value}'],
  seconds: ['{value} 秒', '{value} s'],
  shots: ['{value} 张', '{value} shots'],
  fps: ['{value} 帧/秒', '{value} fps'],
  minutes: ['{value} 分钟前', '{value} min ago'],
  plain: ['{value}', '{value}'],
  at_most: ['不超过 {bound}', 'at most {bound}'],
  at_least: ['不低于 {bound}', 'at least {bound}'],
  either_side: ['相差不超过 {bound}%', 'at most {bound}% apart'],
  within: ['{bound} 分钟内', 'within {bound} min'],
  pass: ['合格', 'Pass'],
  warn: ['请看一下', 'Look'],
  fail: ['不合格', 'Fail'],
  not_measured: ['未测', 'Not measured'],
  print: ['打印就绪单', 'Print the ready sheet'],
  sheet_title: ['开工就绪单', 'Ready sheet'],
  sheet_standard: ['照片标准', 'Standard'],
  sheet_camera: ['相机', 'Camera'],
  sheet_keys: ['快门键', 'Shutter keys'],
  sheet_measured_at: ['测量时间', 'Measured at'],
  sheet_item: ['检查项', 'Item'],
  sheet_value: ['实测', 'Measured'],
  sheet_bound: ['要求', 'Required'],
  sheet_verdict: ['结论', 'Verdict'],
  sheet_ready: ['可以开拍', 'Ready to begin'],
  sheet_not_ready: ['尚未就绪', 'Not ready yet'],
  sheet_to_do: ['需要处理', 'To be done'],
  sheet_line: ['{item}：{what}', '{item}: {what}'],
  sheet_signature: ['检查人签字', 'Checked by'],
} as const;
