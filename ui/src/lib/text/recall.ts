//! The recall list.
export const recall = {
  lead: ['被驳回或已取下照片、需要本人回来重拍的订单，最急的在前', 'Orders that need another photo, most urgent first'],
  none: ['没有需要重拍的照片', 'Nobody has to come back'],
  none_hint: ['审核驳回的照片会带着原因出现在这里。', 'Rejected photos appear here with their reason.'],
  open: ['请来重拍', 'Retake now'],
  until: ['{time} 截止', 'until {time}'],
  tries: ['还可重拍 {tries} 次', '{tries} tries left'],
  taken_back: ['照片已取下，需要重拍', 'Photo taken away: take another'],
  taken_back_hint: ['原照片不属于此人，或本人已撤回。重拍不计次数。', 'It showed somebody else, or was withdrawn. No try is used.'],
  no_deadline: ['今天内', 'today'],
  over: ['已过期', 'Overdue'],
  left_days: ['剩 {days} 天 {hours} 小时', '{days} d {hours} h left'],
  left_hours: ['剩 {hours} 小时 {minutes} 分', '{hours} h {minutes} min left'],
  left_minutes: ['剩 {minutes} 分钟', '{minutes} min left'],
} as const;
