//! Which moments of a day do the screenshots and the accessibility test show? Test data only; everybody here is invented.
import { ofDay } from './day.mjs';

/** The moment all of it plays at. */
export const NOW = Date.parse('2026-06-12T10:24:31+08:00');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const NAMES = ['张*明', '李*', '王*涵', '欧阳*轩', '刘*', '陈*宇', '杨*', '黄*怡', '赵*琳', '吴*', '周*航', '徐*', '孙*妍', '马*', '朱*辰'];
const CLASSES = ['临床 2201', '临床 2202', '护理 2203', '计算机 2201', '会计 2204'];
const FACULTIES = ['医学院', '医学院', '护理学院', '信息学院', '商学院'];
const MAJORS = ['临床医学', '临床医学', '护理学', '计算机科学与技术', '会计学'];

/** A person of the roster. */
export function person(i, more = {}) {
  return {
    key: `roster:${i}`, name: NAMES[i % NAMES.length], id_masked: `6101**********${String(1027 + i * 137).slice(-4)}`,
    student_number: `20220${13040 + i}`, faculty: FACULTIES[i % 5], major: MAJORS[i % 5], class: CLASSES[i % 5], code_short: null,
    namesake: false, collected: null, recall: null, temporary: false, ...more,
  };
}

export const recall = (i, more = {}) => ({
  order_id: `o${i}`, order_number: `XACM01-2026061110${String(1000000 + i * 7919).slice(-7)}`, person: NAMES[i % NAMES.length], class: CLASSES[i % 5],
  reasons: ['eyes'], note: null, rejected_at_ms: NOW - 20 * HOUR, deadline_ms: NOW + 28 * HOUR, tries_left: 2, ...more,
});

const finding = (measure, verdict, value, unit, min, max, reason = null, remedy = null) => ({ measure, verdict, value, unit, min, max, reason, remedy });
const PASSED = [
  finding('HeadPoseYaw', 'pass', 1.8, 'deg', -5, 5), finding('HeadPosePitch', 'pass', -2.1, 'deg', -6, 6), finding('HeadPoseRoll', 'pass', 0.6, 'deg', -3, 3),
  finding('EyesOpen', 'pass', 0.081, 'ratio', 0.05, null), finding('CrownToTop', 'pass', 82, 'px', 50, 110), finding('EyesToTop', 'pass', 262, 'px', 200, 300),
  finding('FaceWidth', 'pass', 251, 'px', 180, 300), finding('BackgroundColour', 'pass', 3.2, 'dE00', null, 8), finding('Sharpness', 'pass', 0.71, 'score', 0.45, null),
  finding('FileSize', 'pass', 34.2, 'KB', 20, 40), finding('PixelSize', 'pass', 480, 'px', 480, 480), finding('Resolution', 'pass', 300, 'dpi', 300, 300),
];
export const FINDINGS = {
  pass: PASSED,
  warn: [finding('IlluminationUniformity', 'warn', 0.62, 'ratio', 0.65, null, 'LightUneven', 'BalanceLights'), ...PASSED.slice(1)],
  fail: [
    finding('EyesOpen', 'fail', 0.021, 'ratio', 0.05, null, 'EyesClosed', 'OpenEyes'),
    finding('MouthClosed', 'fail', 0.061, 'ratio', null, 0.02, 'MouthOpen', 'CloseMouth'),
    finding('CrownToTop', 'warn', 46, 'px', 50, 110, 'HeadTooHigh', 'LeaveMoreRoom'),
    finding('Sharpness', 'not_measured', null, 'score', 0.45, null, 'NotMeasured', 'TakeAgain'),
    ...PASSED.slice(5),
  ],
};
export const CROP = { x: 638, y: 150, width: 697, height: 930 };

const shot = (i, fate, verdict = 'pass') => ({ id: `s${i}`, person: fate === 'orphan' ? null : NAMES[i % NAMES.length], at_ms: NOW - i * 14_000, fate, verdict });
const STRIP = [shot(1, 'accepted'), shot(2, 'accepted'), shot(3, 'retaken', 'fail'), shot(4, 'accepted'), shot(5, 'orphan'), shot(6, 'accepted', 'warn'), shot(7, 'accepted'), shot(8, 'discarded'), shot(9, 'accepted')];

const SPEC = {
  id: 'chsi-graduate-2017', title_zh: '高等学校学历证书电子注册图像（毕业生）', title_en: 'Graduate picture for the national register', width_px: 480, height_px: 640,
  crown_to_top_px: { min: 50, max: 110 }, eyes_to_top_px: { min: 200, max: 300 }, eyes_to_bottom_px: null, face_width_px: { min: 180, max: 300 }, head_height_px: null,
  backgrounds: ['#64c5ff', '#ffffff'],
};
export const CAMPAIGNS = [
  { id: 'c1', title: '2026 级新生照片采集', school_name: '西岸医科大学', job: 'freshman', price_fen: 0, collective: true, spec_id: 'chsi-graduate-2017', closes_at_ms: NOW + 90 * 24 * HOUR, roster_size: 1284, orders: 312 },
  { id: 'c2', title: '西岸医科大学 2026 届毕业生图像采集', school_name: '西岸医科大学', job: 'graduate', price_fen: 3000, collective: false, spec_id: 'chsi-graduate-2017', closes_at_ms: NOW + 20 * 24 * HOUR, roster_size: null, orders: 87 },
  { id: 'c3', title: '教职工工作证', school_name: '西岸医科大学', job: 'staff', price_fen: 1500, collective: true, spec_id: 'ga461-id-card', closes_at_ms: NOW + 9 * 24 * HOUR, roster_size: 640, orders: 0 },
];

const status = (more = {}) => ({
  station_name: '一号机位', center_url: 'https://center.example', operator: '林老师', campaign: CAMPAIGNS[0],
  camera: { state: 'streaming', name: 'Logitech BRIO', width: 1920, height: 1080, fps: 30, holder: null, reason: null, turns: 0, is_replay: false },
  folder: null,
  queue: { waiting: 3, acknowledged: 309, quarantined: 0, online: true, last_success_ms: NOW - 4000, trouble: null, clock_skew_ms: 120, recalls: 2, journal: 900 },
  neighbours: 2,
  disk: { free_bytes: 180e9, shots_left: 31240, level: 'ok' }, demo: false, app_version: '0.1.0', ...more,
});
const desk = (more = {}) => ({
  spec: SPEC, current: null, on_deck: [person(3), person(4, { collected: { order_id: 'o9', order_number: null, at_ms: NOW - HOUR, elsewhere: true, station: '东门 2 号' } })],
  running_order: [person(5), person(6), person(7), person(8), person(9), person(10)],
  live: { sequence: 1, hint: null, reason: null, ready: true, crop: CROP, roll_deg: 0.4 }, shutter_in_ms: null, filmstrip: STRIP, choosable: [], orphans: 0, unconfirmed: [],
  undo: { what: 'accept', person: NAMES[1] }, notices: [], feature_code: { needed: false, entered: null }, ...more,
});
const slot = (stage, more = {}, who = person(0)) => ({ person: who, stage, shots: stage === 'ready' ? 0 : 1, locked: false, verdict: null, doubt: null, accepts_in_ms: null, ...more });
const verdict = (kind, crop = CROP) => ({ shot_id: 's1', verdict: kind, findings: FINDINGS[kind], crop, check_ms: 286 });
const snapshot = (deskMore = {}, statusMore = {}) => ({ version: 1, status: status(statusMore), desk: desk(deskMore) });
const camera = (state, more = {}) => ({ camera: { ...status().camera, state, ...more } });
const hint = { sequence: 1, hint: 'LevelHead', reason: 'HeadTilted', ready: false, crop: { ...CROP, x: CROP.x + 30 }, roll_deg: 5.2 };

/** Each moment of the capture screen. */
export const SCENES = {
  ready: () => snapshot({ current: slot('ready') }),
  hint: () => snapshot({ current: slot('ready', {}, person(0, { namesake: true })), live: hint }),
  nobody: () => snapshot({ on_deck: [], live: { ...hint, crop: null, roll_deg: null, hint: 'StepIntoFrame' } }),
  blind: () => snapshot({ on_deck: [], running_order: [], filmstrip: [], undo: null, feature_code: { needed: true, entered: 'ABC123' } }, { campaign: CAMPAIGNS[1] }),
  feature: () => snapshot({ on_deck: [], running_order: [], feature_code: { needed: true, entered: null } }, { campaign: CAMPAIGNS[1] }),
  checking: () => snapshot({ current: slot('checking') }),
  pass: () => snapshot({ current: slot('verdict', { verdict: verdict('pass'), accepts_in_ms: 60_000 }) }),
  warn: () => snapshot({ current: slot('verdict', { verdict: verdict('warn') }) }),
  same_face: () => snapshot({ current: slot('verdict', { verdict: verdict('pass'), doubt: { kind: 'same_face_as_before', person: NAMES[1] } }) }),
  other_face: () => snapshot({ current: slot('verdict', { verdict: verdict('warn'), doubt: { kind: 'other_face_in_slot', person: null } }) }),
  fail: () => snapshot({ current: slot('verdict', { verdict: verdict('fail') }) }),
  uncropped: () => snapshot({ current: slot('verdict', { verdict: { ...verdict('fail', null), findings: [finding('SingleFacePresent', 'fail', 2, 'count', 1, 1, 'SeveralFaces', 'OnePersonOnly')] } }) }),
  collected: () => snapshot({ current: slot('confirm', { shots: 0 }, person(4, { collected: { order_id: 'o9', order_number: 'XACM01-20260612091244518', at_ms: NOW - HOUR, elsewhere: false, station: null } })) }),
  recalled: () => snapshot({ current: slot('ready', {}, person(2, { recall: recall(2, { note: '左眼被刘海遮住' }) })) }),
  locked: () => snapshot({ current: slot('ready', { shots: 5, locked: true }) }),
  temporary: () => snapshot({ current: slot('ready', {}, person(7, { temporary: true, id_masked: null, student_number: null, major: null, faculty: null, class: '转学生' })) }),
  unconfirmed: () => snapshot({ unconfirmed: [{ ...shot(6, 'unconfirmed', null) }] }),
  orphans: () => snapshot({ current: slot('ready'), orphans: 3 }),
  absent: () => snapshot({ current: slot('ready') }, camera('absent', { name: null, width: 0, height: 0, fps: 0 })),
  stalled: () => snapshot({ current: slot('ready') }, camera('stalled')),
  busy: () => snapshot({ current: slot('ready') }, camera('busy', { holder: 'obs' })),
  failed: () => snapshot({ current: slot('ready') }, camera('failed')),
  no_access: () => snapshot({ current: slot('ready') }, camera('failed', { reason: 'access_denied', width: 0, height: 0, fps: 0 })),
  no_library: () => snapshot({ current: slot('ready') }, camera('failed', { name: 'Nikon D750', reason: 'no_library', width: 0, height: 0, fps: 0 })),
  stuck: () => snapshot({ current: slot('ready') }, { folder: { name: '拍摄 0612', is_there: true, taken: 128, waiting: 3, stuck: 2, stuck_names: ['DSC_0412.JPG', 'DSC_0415.JPG'] } }),
  folder_gone: () => snapshot({ current: slot('ready') }, { folder: { name: '拍摄 0612', is_there: false, taken: 128, waiting: 0, stuck: 0, stuck_names: [] } }),
  on_its_side: () => snapshot({ current: slot('ready') }, camera('streaming', { turns: 1 })),
  disk_low: () => snapshot({ current: slot('ready') }, { disk: { free_bytes: 2.4e9, shots_left: 312, level: 'low' } }),
  disk_blocked: () => snapshot({ current: slot('ready') }, { disk: { free_bytes: 0.8e9, shots_left: 0, level: 'blocked' } }),
  no_campaign: () => snapshot({ spec: null, on_deck: [], running_order: [], filmstrip: [] }, { campaign: null, operator: '', center_url: null, station_name: '' }),
  offline: () => snapshot({ current: slot('ready') }, { queue: { waiting: 212, acknowledged: 100, quarantined: 2, online: false, last_success_ms: NOW - 3 * HOUR, trouble: 'offline', clock_skew_ms: null, recalls: 0, journal: 900 } }),
  replay: () => snapshot({ current: slot('ready') }, { demo: true, ...camera('streaming', { name: '回放', is_replay: true }) }),
};

const STATES = ['pending_payment', 'paid', 'pending_review', 'rejected', 'pending_production', 'in_production', 'completed', 'closed', 'refunded'];
const DELIVERIES = ['acknowledged', 'acknowledged', 'queued', 'sent', 'quarantined', 'local'];
const order = (i, state = STATES[(i * 5) % 9]) => ({
  id: `o${i}`, number: `XACM01-20260612${String(101010 + i * 731).padStart(6, '0')}${String(100 + ((i * 37) % 900))}`,
  person: { name: NAMES[i % NAMES.length], id_masked: `6101**********${String(1027 + i * 137).slice(-4)}`, phone_masked: '138****0' + (100 + i), student_number: `20220${13040 + i}`, school: '西岸医科大学', faculty: FACULTIES[i % 5], major: MAJORS[i % 5], class: CLASSES[i % 5], code_short: null },
  state, delivery: DELIVERIES[i % 6], collective: i % 3 !== 0, local_check: i % 11 === 3 ? 'overridden' : 'passed', price_fen: i % 3 ? 0 : 3000, created_at_ms: NOW - i * 67_000, photo_revision: 1 + (i % 4 === 0 ? 1 : 0),
});
const TOTAL = 312;

const knob = (knob, least, most, step, usual, now) => ({ knob, least, most, step, usual, now });
const KNOBS = [
  knob('exposure_auto', 0, 1, 1, 1, 0), knob('exposure', 3, 2047, 1, 250, 125), knob('white_balance_auto', 0, 1, 1, 1, 1), knob('white_balance', 2000, 7500, 10, 4600, 5200),
  knob('focus_auto', 0, 1, 1, 1, 0), knob('focus', 0, 255, 5, 0, 45), knob('zoom', 100, 500, 1, 100, 100),
];

/** Answers to calls other than `watch`, by scene. */
export function answer(call, args, scene) {
  const empty = scene === 'no_campaign';
  const day = ofDay(call, { now: NOW, safe: scene !== 'offline', person, order });
  if (day !== undefined) return day;
  switch (call) {
    case 'preferences':
      return { language: scene.language ?? 'zh-CN', mirror_preview: true, shutter_keys: ['Space', 'Enter', 'PageDown', 'F8'], auto_accept: true, sounds: false, auto_shoot: false, countdown_s: 3, burst: 8, lan: true, compare_faces: true };
    case 'set_preferences':
      return args.preferences;
    case 'search_people':
      return args.query === 'zzz' ? [] : [person(0, { namesake: true }), person(15, { namesake: true, class: '护理 2203' }), person(3), person(8), person(11, { collected: { order_id: 'o1', order_number: null, at_ms: NOW, elsewhere: false, station: null } })];
    case 'defect_shots':
      return Array.from({ length: 14 }, (_, i) => shot(20 + i, i % 3 ? 'retaken' : 'accepted', i % 3 ? 'fail' : 'warn'));
    case 'orphans':
      return [shot(11, 'orphan'), shot(12, 'orphan', 'fail'), shot(13, 'orphan')];
    case 'orders': {
      const all = empty ? [] : Array.from({ length: TOTAL }, (_, i) => order(i)).filter((o) => !args.state || o.state === args.state);
      const counts = STATES.map((state) => ({ state, count: empty ? 0 : Array.from({ length: TOTAL }, (_, i) => order(i)).filter((o) => o.state === state).length }));
      return { rows: all.slice(args.offset, args.offset + args.limit), counts, total: all.length };
    }
    case 'order': {
      const row = order(Number(args.id.slice(1)));
      return {
        row, paid_fen: row.price_fen, refunded_fen: 0, tries_left: 2, rejection: row.state === 'rejected' ? recall(2) : null, photo_sha256: '9f2c4b7a61d0'.repeat(5) + 'aa11', findings: FINDINGS.warn,
        timeline: [
          { at_ms: NOW - 400_000, what: 'created', who: '林老师', values: {} }, { at_ms: NOW - 390_000, what: 'sent', who: '', values: {} },
          { at_ms: NOW - 389_000, what: 'acknowledged', who: '', values: {} }, { at_ms: NOW - 60_000, what: 'state', who: '', values: { to: row.state } },
        ],
        receipt: row.delivery === 'acknowledged' ? { at_ms: NOW - 389_000, signature: 'MEUCIQDx0r3v9s2kq1PzW8aYtLk=' } : null, linked: null,
        actions: row.state === 'rejected' ? ['retake'] : row.state === 'completed' ? ['reprint'] : row.state === 'pending_review' ? ['shift'] : row.state === 'pending_payment' ? ['close'] : [],
      };
    }
    case 'reveal':
      return { name: '张晓明', id_number: '610102200401011027', phone: '13800000100' };
    case 'recalls':
      return scene === 'offline' ? [] : [
        recall(2, { deadline_ms: NOW + 3.4 * HOUR, note: '左眼被刘海遮住' }), recall(7, { reasons: ['expression', 'light'], deadline_ms: NOW + 27 * HOUR }),
        recall(12, { reasons: ['background'], deadline_ms: NOW - HOUR, tries_left: 1 }),
      ];
    case 'sync': {
      const s = SCENES[scene]?.() ?? SCENES.ready();
      const row = (i, problem = null) => ({ op_id: `op${i}`, order_number: order(i).number, kind: ['submit', 'replace_photo', 'reprint'][i % 3], state: 'queued', attempts: i % 3, problem, created_at_ms: NOW - i * 9 * MINUTE });
      return {
        enrolled: !empty, center_url: s.status.center_url, station_id: empty ? null : '0197603c-8a51-7c3e-9d2a-3f1f0e7a4b11', queue: s.status.queue,
        waiting: Array.from({ length: Math.min(9, s.status.queue.waiting) }, (_, i) => row(i + 1)), quarantined: s.status.queue.quarantined ? [row(21, 'stale_rev'), row(22, 'validation')] : [],
        photos_safe: s.status.queue.acknowledged, photos_total: s.status.queue.acknowledged + s.status.queue.waiting + s.status.queue.quarantined, key_provider: 'sealed file',
        lan: empty ? { state: 'no_key', stations: [], foreign: 0 } : { state: 'listening', stations: ['东门 2 号', '图书馆'], foreign: scene === 'offline' ? 3 : 0 },
      };
    }
    case 'contact':
      return { hours: '08:30–17:30', phone: '0731-0000000', address: '图书馆一楼' };
    case 'camera_knobs':
      return scene === 'replay' ? [] : KNOBS;
    case 'messages':
      return [
        { at_ms: NOW - 9 * MINUTE, from_service: false, text: '照片什么时候能用？', person: NAMES[3], key: 'k3' },
        { at_ms: NOW - 30 * MINUTE, from_service: false, text: '申请重拍', person: NAMES[6], key: 'k6' }, { at_ms: NOW - 28 * MINUTE, from_service: true, text: '请到一号机位', person: NAMES[6], key: 'k6' },
      ];
    case 'campaigns':
      return empty ? [] : CAMPAIGNS;
    case 'preview_roster':
      return {
        encoding: args.encoding ?? 'gb18030', encodings: ['utf-8', 'gb18030', 'big5'], sheets: ['名单'], header: ['序号', '姓名', '学号', '身份证号', '院系', '专业', '班级', '备注'],
        rows: Array.from({ length: 20 }, (_, i) => [String(i + 1), NAMES[i % 15].replace('*', '小'), `20220${13040 + i}`, '610102200401011' + (100 + i), FACULTIES[i % 5], MAJORS[i % 5], CLASSES[i % 5], '']), row_count: 1284,
        mapping: [null, 'name', 'student_number', 'id_number', 'faculty', 'major', 'class', null],
        fields: ['name', 'sex', 'id_number', 'student_number', 'exam_number', 'school_code', 'faculty', 'major', 'level', 'years', 'class', 'entry_year', 'graduation_year', 'phone'],
      };
    case 'import_roster':
      return {
        imported: 1270, updated: 6, unchanged: 0, refused: 8,
        problems: [['12', '身份证号', 'id_mangled', false], ['48', '姓名', 'lost_characters', true], ['203', '学号', 'duplicate_key', true], ['204', null, 'repeated_header', true], ['771', '身份证号', 'id_check_digit', false], ['1284', '学号', 'number_form', true]].map(([row, column, code, refused]) => ({ row: Number(row), column, code, refused })),
      };
    case 'cameras': {
      const mode = { width: 1920, height: 1080, fps: 30, coding: 'mjpeg' };
      const one = (id, name, kind, more) => ({ id, name, kind, chosen: false, spare: false, state: 'ready', holder: null, reason: null, mode: null, ...more });
      if (scene === 'replay') return { cameras: [one('b', '回放', 'replay', { chosen: true, state: 'streaming' })], cable: 'no_library' };
      return {
        cameras: [
          one('a', 'Logitech BRIO', 'uvc', { chosen: true, state: 'streaming', mode }), one('c', 'Nikon D750', 'tether', { spare: true }),
          one('d', 'HD Webcam C525', 'uvc', { state: 'busy', holder: 'obs', mode: null }), one('e', 'Integrated Camera', 'uvc', { state: 'failed', reason: 'access_denied' }),
        ],
        cable: 'ready',
      };
    }
    case 'set_check': {
      if (empty) return null;
      const bad = scene === 'offline';
      const item = (id, verdict, value, unit, min, max) => ({ id, verdict, value, unit, min, max });
      const people = scene === 'hint';
      const seen = (id, value, unit, min, max, wrong) => (people ? item(id, 'not_measured', null, unit, min, max) : item(id, bad ? wrong[1] : 'pass', bad ? wrong[0] : value, unit, min, max));
      return {
        items: [
          item('camera', 'pass', 30, 'fps', 15, null), seen('backdrop_colour', 3.4, 'dE00', null, 10, [12.8, 'warn']), seen('backdrop_gradient', 1.9, 'dE00', null, 4, [7.3, 'fail']),
          seen('lamp_balance', 4.2, '%', null, 12, [-21.5, 'fail']), seen('exposure', 0.1, '%', null, 1, [0, 'pass']), item('sharpness', bad ? 'warn' : 'pass', bad ? 11 : 63, 'score', 40, null),
          item('clock', bad ? 'warn' : 'pass', bad ? null : 0.1, 's', null, 60), item('disk', 'pass', 31240, 'shots', 500, null), item('scanner', 'pass', 3.2, 'min', null, 60), item('pedal', bad ? 'warn' : 'pass', bad ? null : 2.8, 'min', null, 60),
        ],
        ready: !people && !bad, unseen: people ? 'somebody' : null, backdrop: people ? null : bad ? '#4e9ac9' : '#6ac3f7', at_ms: NOW,
      };
    }
    default:
      return null;
  }
}
