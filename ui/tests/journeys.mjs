//! Every screen and state worth looking at: where it is, which scene, and what to press first.
const press = (...keys) => async (page) => {
  for (const key of keys) {
    await page.keyboard.press(key);
    await page.waitForTimeout(150);
  }
};
const capture = (scene) => ({ name: `capture-${scene}`, hash: 'capture', scene });
const CAPTURE = ['ready', 'hint', 'nobody', 'blind', 'feature', 'checking', 'pass', 'warn', 'same_face', 'other_face', 'fail', 'uncropped', 'collected', 'recalled', 'locked', 'temporary', 'unconfirmed', 'orphans', 'absent', 'stalled', 'busy', 'failed', 'no_access', 'no_library', 'stuck', 'on_its_side', 'disk_low', 'disk_blocked', 'no_campaign'];

const roster = async (page) => {
  await page.setInputFiles('input[type=file]', { name: '2026级新生名单.csv', mimeType: 'text/csv', buffer: Buffer.from('x') });
  await page.waitForTimeout(400);
};

/** What would be printed, as on paper. */
const sheet = async (page) => {
  await page.evaluate(() => { window.print = () => undefined; });
  await page.getByRole('button', { name: /打印就绪单|Print the ready sheet/ }).click();
  await page.emulateMedia({ media: 'print' });
};
/** A control in the middle of the screen. */
const scrolled = (name) => async (page) => {
  await page.getByRole('button', { name }).first().evaluate((e) => e.scrollIntoView({ block: 'center' }));
  await page.waitForTimeout(200);
};

/** The sitter's display at a moment of the capture screen. */
const display = (scene) => ({ name: `display-${scene}`, window: 'subject', scene });

export const JOURNEYS = [
  ...CAPTURE.map(capture),
  ...['nobody', 'ready', 'hint', 'checking', 'pass', 'warn', 'fail', 'uncropped', 'stalled', 'on_its_side'].map(display),
  { name: 'preflight', hash: 'preflight', scene: 'ready' },
  { name: 'preflight-empty', hash: 'preflight', scene: 'no_campaign' },
  { name: 'preflight-tried', hash: 'preflight', scene: 'ready', act: press('Space') },
  { name: 'preflight-set', hash: 'preflight', scene: 'offline' },
  { name: 'preflight-occupied', hash: 'preflight', scene: 'hint' },
  { name: 'preflight-folder', hash: 'preflight', scene: 'stuck' },
  { name: 'ready-sheet', hash: 'preflight', scene: 'ready', act: sheet },
  { name: 'ready-sheet-open', hash: 'preflight', scene: 'offline', act: sheet },
  { name: 'today', hash: 'today', scene: 'ready' },
  { name: 'today-defect', hash: 'today', scene: 'ready', act: (page) => page.locator('[data-chart] [role=button]').first().click() },
  { name: 'end', hash: 'end', scene: 'ready' },
  { name: 'end-offline', hash: 'end', scene: 'offline' },
  { name: 'standards', hash: 'standards', scene: 'ready' },
  { name: 'shift', hash: 'orders/o4', scene: 'ready', act: async (page) => { await page.getByRole('button', { name: /错位修复|Shift repair/ }).click(); await page.locator('dialog ol li button').first().click(); } },
  { name: 'panel-search', hash: 'capture', scene: 'ready', act: async (page) => { await press('/')(page); await page.keyboard.type('zxm', { delay: 120 }); } },
  { name: 'panel-help', hash: 'capture', scene: 'ready', act: press('?') },
  { name: 'panel-tray', hash: 'capture', scene: 'orphans', act: press('o') },
  { name: 'panel-temporary', hash: 'capture', scene: 'nobody', act: (page) => page.getByRole('button', { name: /临时人员|temporary/ }).click() },
  { name: 'orders', hash: 'orders', scene: 'ready' },
  { name: 'orders-detail', hash: 'orders/o6', scene: 'ready' },
  { name: 'orders-rejected', hash: 'orders/o6', scene: 'ready', act: (page) => page.getByRole('button', { name: /被驳回|Rejected/ }).first().click() },
  { name: 'orders-empty', hash: 'orders', scene: 'no_campaign' },
  { name: 'recall', hash: 'recall', scene: 'ready' },
  { name: 'recall-empty', hash: 'recall', scene: 'offline' },
  { name: 'sync', hash: 'sync', scene: 'ready' },
  { name: 'sync-offline', hash: 'sync', scene: 'offline' },
  { name: 'sync-enrol', hash: 'sync', scene: 'no_campaign' },
  { name: 'roster', hash: 'roster', scene: 'ready' },
  { name: 'roster-columns', hash: 'roster', scene: 'ready', act: roster },
  { name: 'roster-report', hash: 'roster', scene: 'ready', act: async (page) => { await roster(page); await page.getByRole('button', { name: /^导入 |^Import / }).click(); } },
  { name: 'roster-blind', hash: 'roster', scene: 'blind' },
  { name: 'campaign', hash: 'campaign', scene: 'ready' },
  { name: 'campaign-empty', hash: 'campaign', scene: 'no_campaign' },
  { name: 'settings', hash: 'settings', scene: 'replay' },
  { name: 'settings-camera', hash: 'settings', scene: 'ready' },
  { name: 'settings-folder', hash: 'settings', scene: 'stuck', act: scrolled(/停止监视|Stop watching/) },
  { name: 'settings-capture', hash: 'settings', scene: 'folder_gone', act: scrolled(/^(8 张|8)$/) },
  { name: 'settings-key-taken', hash: 'settings', scene: 'ready', act: async (page) => { await page.getByRole('button', { name: /绑定按键|Bind a key/ }).click(); await page.keyboard.press('F2'); } },
];

/** Goes there with a fresh page. */
export async function go(page, station, journey, language, theme = 'studio') {
  station.set(journey.scene, language);
  await page.addInitScript((worn) => location.protocol === 'http:' && localStorage.setItem('xueying.theme', worn), theme);
  await page.emulateMedia({ media: 'screen' });
  await page.goto('about:blank');
  await page.goto(journey.window ? `${station.url}?window=${journey.window}` : `${station.url}#/${journey.hash}`);
  await page.locator('nav, main').first().waitFor();
  await page.locator(`html[lang=${language}]`).waitFor();
  await page.waitForTimeout(350);
  await journey.act?.(page);
}
