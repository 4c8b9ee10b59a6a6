//! Delivery packages at the console.
export const packages = {
  lead: ['把审核通过的照片按接收方的要求打包', 'Approved photos, packed as their receiver wants them'],
  new: ['新的交付包', 'New package'],
  class: ['班级', 'Class'],
  all_classes: ['全部班级', 'All classes'],
  profile: ['接收方格式', 'Receiver’s profile'],
  own: ['接收方自己的格式文件…', 'The receiver’s own profile…'],
  own_file: ['格式文件（TOML）', 'Profile (TOML)'],
  unreviewed: ['也放入待审核的照片', 'Include photos not reviewed yet'],
  unreviewed_hint: ['现有 {count} 张待审核。', '{count} await review.'],
  counting: ['正在统计…', 'Counting…'],
  make: ['生成交付包', 'Make the package'],
  make_count: ['生成交付包（{count} 张）', 'Make the package ({count})'],
  nothing: ['还没有可交付的照片', 'No photo is ready yet'],
  xlsx: ['下载“{list}”名单 (xlsx)', 'Download list “{list}” (xlsx)'],
  pdf: ['打印“{list}”名单，或存为 PDF', 'Print list “{list}”, or save it as PDF'],
  made: ['已有的交付包', 'Packages'],
  none: ['还没有交付包', 'No packages yet'],
  none_hint: ['在左边选择任务，核对数量后生成。', 'Choose a job on the left, look at the counts, and make one.'],
  asked: ['已开始生成，可以离开此页', 'It is being made; you may leave this page'],
  with_unreviewed: ['含未审核', 'With unreviewed'],
  progress: ['{done} / {total} 张', '{done} of {total}'],
  minutes_left: ['约剩 {minutes} 分钟', 'About {minutes} min left'],
  minute_left: ['剩不到 1 分钟', 'Less than a minute left'],
  until: ['保留至 {day}', 'Kept until {day}'],
  remove: ['删除', 'Remove'],
  give_up: ['停止', 'Stop'],
  removed: ['已删除', 'Removed'],
  papers: ['名单与签名', 'Lists and signature'],
  pictures: ['照片', 'Pictures'],
  whole: ['照片与名单', 'Pictures and lists'],
  sheet_title: ['{list}名单', 'List: {list}'],
  sheet_number: ['序号', 'No.'],
  sheet_reason: ['原因', 'Reason'],
  sheet_foot: ['第 {page} / {pages} 页 · 共 {count} 人 · {time}', 'Page {page} of {pages} · {count} people · {time}'],
} as const;

/** What a count of a package is of; the last three are lists, by their names in it. */
export const package_count = {
  pictures: ['可交付', 'Ready'],
  unmatched: ['无法确定姓名', 'Unmatched'],
  rejected: ['被驳回', 'Rejected'],
  absent: ['缺照片', 'Absent'],
} as const;

export const package_state = {
  waiting: ['排队中', 'Waiting'],
  making: ['生成中', 'Being made'],
  ready: ['可下载', 'Ready'],
  failed: ['未能生成', 'Not made'],
} as const;

/** Why a package was not made. */
export const package_fault = {
  nothing_to_deliver: ['没有可交付的照片。', 'No photo is ready.'],
  photo_missing: ['中心缺少其中一张原图。请核查存储后重新生成。', 'An original is missing at the center. Check the storage, then make it again.'],
  photo_damaged: ['其中一张原图已损坏。请核查存储后重新生成。', 'An original is damaged. Check the storage, then make it again.'],
  disk_full: ['中心磁盘已满。', 'The center’s disk is full.'],
  gave_up: ['多次中断，已放弃。请重新生成。', 'It was cut off too often. Make it again.'],
  failed: ['中心出错，详情见中心日志。', 'The center failed; its log says why.'],
  unknown: ['{code}', '{code}'],
} as const;

/** Why somebody has no picture in a package, beside the reasons of a rejection and the states of an order. */
export const list_reason = {
  no_photo: ['未拍照', 'No photo'],
  withdrawn: ['本人撤回', 'Withdrawn'],
  not_on_roster: ['不在名单上', 'Not on the roster'],
  same_name: ['文件名相同', 'Same file name'],
  no_student_number: ['没有学号', 'No student number'],
  no_id_number: ['没有证件号码', 'No ID number'],
  no_exam_number: ['没有考生号', 'No exam number'],
  no_code_hash: ['没有采集码', 'No collection code'],
  unknown: ['{code}', '{code}'],
} as const;
