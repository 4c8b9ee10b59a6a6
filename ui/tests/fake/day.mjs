//! What does the fake station answer of a whole day: the figures of today, the end, the standards, orders side by side? Invented, and the same each time.
const QUARTER = 15 * 60_000;

/** Twelve quarters of an hour, from a slow start to a full pace. */
const quarters = (now) => [3, 11, 19, 22, 24, 21, 9, 18, 25, 26, 23, 12].map((accepted, i) => ({ from_ms: now - (now % QUARTER) - (11 - i) * QUARTER, accepted, others: [0, 2, 1, 4][i % 4] }));
const DEFECTS = [['EyesClosed', 18], ['MouthOpen', 9], ['HeadTilted', 7], ['LightUneven', 4], ['HeadTooHigh', 2]];
const CLASSES = [['临床 2201', 48, 48], ['临床 2202', 46, 31], ['护理 2203', 52, 40], ['计算机 2201', 60, 12], ['会计 2204', 38, 0], [null, 3, 3]];
/** Faces near the middle of the picture, two of them low. */
const positions = { columns: 32, rows: 18, cells: Array.from({ length: 32 * 18 }, (_, i) => Math.max(0, 9 - Math.hypot((i % 32) - 15, Math.floor(i / 32) - 7) * 3) | 0), faces: 213, width_px: 1920, height_px: 1080 };
const classes = CLASSES.map(([name, people, collected]) => ({ class: name, people, collected }));
const counts = { releases: 246, missed: 1, pictures: 245, files: 245, accepted: 213, retaken: 28, discarded: 4, orphan: 0, unconfirmed: 0, slots: 214, slots_kept: 213, order_photos: 213, orders: 211 };
const checks = (agree) => [['releases', 246, 246], ['files', 245, agree ? 245 : 244], ['slots', 213, 213], ['orders', 213, 213], ['tray', 0, 0]].map(([what, left, right]) => ({ what, left, right, holds: left === right }));

const range = (min, max) => ({ min, max });
const standard = (id, title_zh, title_en, width_px, height_px, file_kb, backgrounds, more) => ({
  spec: { id, title_zh, title_en, width_px, height_px, crown_to_top_px: null, eyes_to_top_px: null, eyes_to_bottom_px: null, face_width_px: null, head_height_px: null, backgrounds, ...more },
  version: '2026-06-01', source: 'notice', dpi: 300, file_kb,
});
const STANDARDS = [
  standard('chsi-graduate-2017', '高等学校学历证书电子注册图像（毕业生）', 'Graduate picture for the national register', 480, 640, range(20, 40), ['#64c5ff', '#ffffff'], { crown_to_top_px: range(50, 110), eyes_to_top_px: range(200, 300), face_width_px: range(180, 300) }),
  standard('ga461-id-card', '居民身份证照片', 'Resident identity card', 358, 441, range(null, 100), ['#ffffff'], { crown_to_top_px: range(7, 21), eyes_to_bottom_px: range(207, 242), face_width_px: range(187, 227) }),
  standard('cet-exam', '大学英语四、六级考试报名照片', 'College English Test (CET-4, CET-6)', 144, 192, range(null, 30), ['#64c5ff', '#ffffff'], { crown_to_top_px: range(10, 29), head_height_px: range(115, 154) }),
];

/** Answers to the calls of a day; undefined for any other. `safe` when everything has been signed for. */
export function ofDay(call, { now, safe, person, order }) {
  switch (call) {
    case 'today':
      return { from_ms: now - 3 * 3_600_000, now_ms: now, heads: 213, shots: 246, first_try: 185, last_hour: 86, target_per_hour: 300, quarters: quarters(now), defects: DEFECTS.map(([reason, shots]) => ({ reason, shots })), classes, positions };
    case 'end_of_day':
      return { from_ms: now - 8 * 3_600_000, counts: safe ? counts : { ...counts, files: 244 }, checks: checks(safe), photos_safe: safe ? 213 : 100, photos_total: 213, waiting: safe ? 0 : 212, quarantined: safe ? 0 : 2, recalls: safe ? 0 : 2, classes, absent: 12, safe_to_leave: safe };
    case 'absent':
      return Array.from({ length: 12 }, (_, i) => person(i + 20)).map(({ name, id_masked, student_number, class: of }) => ({ name, id_masked, student_number, class: of }));
    case 'standards':
      return STANDARDS;
    case 'neighbours':
      return Array.from({ length: 7 }, (_, i) => order(i + 3, 'pending_review'));
    default:
      return undefined;
  }
}
