//! The photographer's whole desk by keyboard alone, in chromium against a real station, and axe on every screen of it:
//! `cargo xtask test --only screens` starts the station with a center behind it.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from '../browser.mjs';
import { farewell, findings, run, says, station, until as sooner, world } from './page.mjs';

const [url, told] = process.argv.slice(2);
const people = JSON.parse(told);
const ask = station(url);
const { browser, page, complaints, context } = await launch({ width: 1366, height: 768 });
page.setDefaultTimeout(20_000);
await context.addInitScript(() => {
  globalThis.pointers = 0;
  addEventListener('pointerdown', () => globalThis.pointers++, true);
});
const SCREENS = ['preflight', 'capture', 'today', 'orders', 'recall', 'roster', 'campaign', 'sync', 'end', 'settings'];
const MOST_TABS = 90;
const wrong = [];
const axe = async (where) => wrong.push(...(await findings(page, where)));
const view = async () => (await ask('watch', { seen: null })).desk;
/** Waits until the station says so, and lets the window hear it. */
async function until(what, holds) {
  await sooner(what, holds);
  await page.waitForTimeout(350);
}
const stage = async () => (await view()).current?.stage ?? null;
const show = (frame) => ask('replay', { command: `show ${frame}` });

async function press(...keys) {
  for (const key of keys) {
    await page.keyboard.press(key);
    await page.waitForTimeout(70);
  }
}
/** Goes to a screen as the help says. */
async function go(name) {
  await press(`Alt+${(SCREENS.indexOf(name) + 1) % 10}`);
  await page.waitForURL(new RegExp(`#/${name}`));
  if (name !== 'capture') await page.locator('main h1').waitFor();
}
const focused = () =>
  page.evaluate(() => {
    const on = document.activeElement;
    if (!on || on === document.body) return null;
    const { outlineStyle, outlineWidth } = getComputedStyle(on);
    const label = on.labels?.[0]?.querySelector('.label')?.textContent;
    return { name: (on.getAttribute('aria-label') ?? label ?? on.textContent ?? '').trim(), ring: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2, visible: on.matches(':focus-visible') };
  });
/** Walks with Tab to a control and sees that the walk is visible. */
async function tab(name, key = 'Tab') {
  const is = (text) => (name instanceof RegExp ? name.test(text) : text === name);
  for (let i = 0; i < MOST_TABS; i++) {
    await page.keyboard.press(key);
    const on = await focused();
    if (on && is(on.name)) {
      assert.ok(on.ring || (await page.evaluate(() => document.activeElement.matches('input, select, textarea'))), `no ring on ${on.name}`);
      return;
    }
  }
  throw new Error(`Tab never came to ${name}`);
}
/** Walks to a control and presses it. */
async function use(name) {
  await tab(name);
  await press('Enter');
}
/** The scanner gun: keys faster than any hand. */
const gun = (text) =>
  page.evaluate((text) => {
    for (const key of [...text, 'Enter']) {
      const code = key === 'Enter' ? 'Enter' : key === '|' ? 'Backslash' : key === '*' ? 'Digit8' : key === '-' ? 'Minus' : /\d/.test(key) ? `Digit${key}` : `Key${key.toUpperCase()}`;
      document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, code, shiftKey: key.length === 1 && /[A-Z|*]/.test(key), bubbles: true, cancelable: true }));
    }
  }, text);
/** Somebody sits down and is photographed; answers what the check said. */
async function shoot(frame) {
  await show(frame);
  await page.waitForTimeout(700);
  await press('Space');
  await until('a verdict', async () => (await stage()) === 'verdict');
  // The keys answer what the window shows.
  await page.locator('.strip').waitFor();
  return (await view()).current.verdict.verdict;
}

const steps = {
  'pre-flight: scanner and pedal are tried': async () => {
    await page.goto(url);
    await page.locator('.window > nav').waitFor();
    await go('preflight');
    await gun('TESTCODE12345678');
    await says(page, /16/);
    // The keys right behind a scan are the gun's.
    await page.waitForTimeout(120);
    await press('PageDown');
    await says(page, /正常：Page Down/);
    await axe('preflight');
    // Both were heard by the station too, whose set check asks for them.
    const heard = async () => (await ask('set_check')).items.filter((i) => ['scanner', 'pedal'].includes(i.id)).map((i) => i.verdict);
    await until('both were heard', async () => (await heard()).every((verdict) => verdict === 'pass'));
    await use('开始拍摄');
    await page.waitForURL(/#\/capture/);
  },
  'the set check measures the empty set, and the ready sheet is printed': async () => {
    await show(people.backdrop);
    await go('preflight');
    await until('measured', async () => (await ask('set_check')).unseen === null);
    await says(page, /布光检查/);
    await page.locator('section li', { hasText: '背景颜色' }).getByText(/ΔE/).first().waitFor();
    await axe('set check');
    await page.evaluate(() => { window.print = () => { globalThis.printed = document.querySelector('#print-pages')?.textContent ?? ''; }; });
    await use('打印就绪单');
    const sheet = await page.evaluate(() => globalThis.printed);
    for (const word of ['开工就绪单', '背景均匀', '左右灯光', '磁盘', '检查人签字']) assert.ok(sheet.includes(word), `${word} is not on the sheet`);
    await show(people.sitters[0]);
    await until('somebody stands there', async () => (await ask('set_check')).unseen === 'somebody');
  },
  'the camera is turned and turned back, and keys of the desk are no shutter': async () => {
    const turns = async () => (await ask('watch', { seen: null })).status.camera.turns;
    await go('settings');
    await page.locator('main li.chosen').waitFor();
    const live = async () => { const { crop, hint } = (await view()).live; return JSON.stringify([crop !== null, hint]); };
    await until('the live check sees the sitter', async () => (await view()).live.crop !== null);
    const upright = await live();
    await use('180°');
    await until('upside down', async () => (await turns()) === 2);
    await until('the live check sees it turned', async () => (await view()).live.sequence > 0 && (await live()) !== upright);
    await use('0°');
    await until('upright', async () => (await turns()) === 0);
    await until('the live check sees the sitter as before', async () => (await live()) === upright);
    await use('绑定按键');
    await press('F2');
    await says(page, /F2 不能做快门键/);
    const { shutter_keys } = await ask('preferences');
    assert.ok(!shutter_keys.includes('F2'));
  },
  'a campaign is taken up': async () => {
    await go('campaign');
    await axe('campaign');
    await page.locator('main li').first().waitFor();
    if ((await page.locator('li.chosen', { hasText: '毕业生' }).count()) === 0) await use('使用');
    await page.locator('li.chosen', { hasText: '毕业生' }).waitFor();
  },
  'the feature code is asked for with T': async () => {
    await go('capture');
    // It opens by itself where it is needed, may be put off, and comes back with its key.
    await page.locator('dialog input').waitFor();
    await press('Escape');
    await until('closed', async () => (await page.locator('dialog').count()) === 0);
    await press('t');
    await page.locator('dialog input').waitFor();
    await axe('feature code');
    await page.keyboard.type(people.feature_code, { delay: 80 });
    await press('Enter');
    await until('taken', async () => (await view()).feature_code.entered !== null);
    assert.equal(await page.locator('dialog').count(), 0);
  },
  'a head: scan, shoot, accept': async () => {
    await gun(people.codes[0]);
    await until('seated', async () => (await stage()) === 'ready');
    await page.waitForTimeout(1000);
    await axe('ready');
    assert.notEqual(await shoot(people.sitters[0]), 'fail');
    await axe('verdict');
    await press('Enter');
    await until('kept', async () => (await view()).current === null);
  },
  'Backspace takes it back, and it is accepted again': async () => {
    await press('Backspace');
    await until('back', async () => (await view()).current !== null);
    await press('Backspace');
    await until('the scan too', async () => (await view()).current === null);
    await axe('nobody');
    await gun(people.codes[0]);
    await until('seated', async () => (await stage()) === 'ready');
    await shoot(people.sitters[0]);
    await press('Enter');
    await until('kept', async () => (await view()).current === null);
  },
  'the next is on deck, a failed photo is taken again, then taken with a reason': async () => {
    await gun(people.codes[1]);
    await until('seated', async () => (await stage()) === 'ready');
    await gun(people.codes[2]);
    await until('on deck', async () => (await view()).on_deck.length === 1);
    assert.equal(await shoot(people.laughing), 'fail');
    await axe('failed');
    await press('r');
    await until('again', async () => (await stage()) === 'ready');
    assert.equal(await shoot(people.laughing), 'fail');
    await press('3');
    await until('the next sits', async () => (await view()).on_deck.length === 0 && (await stage()) === 'ready');
    await shoot(people.sitters[2]);
    await press('Enter');
    await until('kept', async () => (await view()).current === null);
  },
  'a code from a picture file': async () => {
    const chooser = page.waitForEvent('filechooser');
    chooser.catch(() => undefined);
    await use(/从图片读取/);
    await (await chooser).setFiles(people.code_picture);
    await until('seated', async () => (await view()).current !== null);
    await press('n');
    await until('skipped', async () => (await view()).current === null);
  },
  'an orphan shot finds its person or goes': async () => {
    await press('Space');
    await until('an orphan', async () => (await view()).orphans === 1);
    await page.waitForTimeout(400);
    await press('o');
    await page.locator('dialog').waitFor();
    await axe('tray');
    await use('丢弃');
    await until('gone', async () => (await view()).orphans === 0);
    await press('Escape');
  },
  'the help lists the keys': async () => {
    await press('?');
    await page.locator('dialog').waitFor();
    await axe('help');
    await press('Escape');
    assert.equal(await page.locator('dialog').count(), 0);
  },
  'orders: the list is walked, an order opened, revealed and closed': async () => {
    await go('orders');
    await until('three', async () => (await page.locator('[data-index]').count()) === 3);
    await axe('orders');
    await tab(/XYDEMO/);
    await press('ArrowDown', 'ArrowUp', 'ArrowDown', 'Enter');
    await page.locator('aside').waitFor();
    await axe('order');
    await use(/显示完整信息/);
    await says(page, '隐藏');
    await tab(/待审核|全部/, 'Shift+Tab');
    await press('Enter');
  },
  'shift repair: a range is chosen and moved, and taken back': async () => {
    await go('capture');
    await go('orders');
    await tab(/XYDEMO/);
    await press('Enter');
    await use(/错位修复/);
    await page.locator('dialog ol li').first().waitFor();
    await axe('shift');
    await tab(/^\d\d:\d\d:\d\d|采集码/);
    await press('Enter', 'Tab', 'Enter');
    await use(/移动 \d 张照片/);
    await says(page, /已移动/);
    await use('撤销修复');
    await says(page, /修复已撤销/);
    if (await page.locator('dialog').count()) await press('Escape');
  },
  'a rejected photo is recalled': async () => {
    const [{ id }] = (await ask('orders', { state: null, text: null, offset: 0, limit: 1 })).rows;
    await world('reject', id);
    await until('told', async () => (await ask('recalls')).length > 0);
    await go('recall');
    await page.locator('main li').first().waitFor();
    await axe('recall');
    await use(/重拍/);
    await page.waitForURL(/#\/capture/);
    await until('seated', async () => (await view()).current?.person.recall != null);
    await axe('recalled');
    await press('n');
  },
  'a coordinator reviews in a window of the station': async () => {
    const waiting = async () => (await ask('orders', { state: 'pending_review', text: null, offset: 0, limit: 9 })).rows.length;
    await until('something awaits review', async () => (await waiting()) > 0);
    const before = await waiting();
    const account = await world('coordinator', 'a-long-walk-in-june');
    const opened = context.waitForEvent('page');
    await use('审核');
    const review = await opened;
    try {
      await review.locator('input[name=account]').waitFor();
      wrong.push(...(await findings(review, 'login in the review window')));
      await review.keyboard.type(account);
      await review.keyboard.press('Tab');
      await review.keyboard.type('a-long-walk-in-june');
      await review.keyboard.press('Enter');
      await review.locator('.cell.current img').waitFor();
      wrong.push(...(await findings(review, 'the review window')));
      await review.waitForTimeout(2000);
      await review.keyboard.press('a');
      await until('approved, and the station knows', async () => (await waiting()) < before);
    } finally {
      await review.close();
    }
  },
  'a roster is imported': async () => {
    await go('campaign');
    await use('使用');
    await page.locator('li.chosen', { hasText: '新生' }).waitFor();
    await go('roster');
    await axe('roster');
    const chooser = page.waitForEvent('filechooser');
    chooser.catch(() => undefined);
    await use('选择文件');
    await (await chooser).setFiles(people.roster);
    await page.locator('table').waitFor();
    await axe('roster columns');
    await use(/^导入 \d+ 行/);
    await says(page, /全部导入完成/);
    await axe('roster report');
  },
  'search by initials, same names side by side, a temporary entry': async () => {
    await go('capture');
    await press('/');
    await page.locator('dialog input').waitFor();
    await page.keyboard.type('jyf', { delay: 90 });
    await says(page, '江**');
    await axe('search');
    await press('Enter');
    await until('seated', async () => (await view()).current !== null);
    await press('n');
    await until('free', async () => (await view()).current === null);
    await press('/');
    await use(/临时/).catch(async () => {
      await press('Escape');
      await use(/临时/);
    });
    await page.locator('dialog input').first().waitFor();
    await axe('temporary');
    await tab('姓名').catch(() => undefined);
    await page.locator('dialog input').first().focus();
    await page.keyboard.type('赵一', { delay: 80 });
    await press('Enter');
    await until('seated', async () => (await view()).current?.person.temporary === true);
    await press('n');
  },
  'a folder is watched: what is wrong is said, a picture goes to the tray, half a picture waits': async () => {
    const status = async () => (await ask('watch', { seen: null })).status.folder;
    const path = async (text) => {
      await tab('文件夹路径');
      await page.keyboard.type(text, { delay: 5 });
      await press('Enter');
    };
    await go('settings');
    await page.locator('main li.chosen').waitFor();
    await path('/nowhere/at/all');
    await says(page, /找不到这个文件夹/);
    await press('Control+a', 'Delete');
    const folder = mkdtempSync(join(tmpdir(), 'watched-'));
    await page.keyboard.type(folder, { delay: 5 });
    await press('Enter');
    await until('watched', async () => (await status())?.is_there === true);
    const { orphans } = await view();
    const picture = readFileSync(people.picture);
    writeFileSync(join(folder, 'DSC_0001.JPG'), picture);
    writeFileSync(join(folder, 'DSC_0002.JPG'), picture.subarray(0, picture.length / 2));
    await until('one taken, one waits', async () => { const f = await status(); return f.taken === 1 && f.waiting === 1; });
    assert.equal((await view()).orphans, orphans + 1);
    await axe('watched folder');
    await use('停止监视');
    await until('no more', async () => (await status()) === null);
    rmSync(folder, { recursive: true });
  },
  'today, sync, finish, standards and settings': async () => {
    for (const name of ['today', 'sync', 'end', 'settings']) {
      await go(name);
      await page.waitForTimeout(400);
      await axe(name);
    }
    await page.evaluate(() => { location.hash = '#/standards'; });
    await page.locator('main h1').waitFor();
    await axe('standards');
  },
  'the language and the colours change in the settings': async () => {
    await go('settings');
    await tab(/English/);
    await press('Space');
    await says(page, 'Settings');
    for (const screen of SCREENS) {
      await go(screen);
      await page.waitForTimeout(300);
      await axe(`${screen}, English`);
    }
    await tab(/Paper/);
    await press('Space');
    await until('paper', () => page.evaluate(() => document.documentElement.dataset.theme === 'paper'));
    for (const screen of SCREENS) {
      await go(screen);
      await page.waitForTimeout(300);
      await axe(`${screen}, paper`);
    }
  },
  'the sitter’s screen': async () => {
    const other = await context.newPage();
    await other.goto(`${url}&window=subject`);
    await other.locator('canvas, h1').first().waitFor();
    await other.waitForTimeout(500);
    wrong.push(...(await findings(other, 'subject')));
    await other.close();
  },
  'axe finds nothing serious on any screen': async () => assert.deepEqual(wrong, []),
  'no pointer was used': async () => assert.equal(await page.evaluate(() => globalThis.pointers), 0),
};
const failed = await run(steps, page, 'desk');
await browser.close();
farewell();
const objections = [...new Set(complaints)].filter((c) => !/status of (404|422|503)/.test(c));
for (const objection of objections) console.log(`console: ${objection}`);
process.exitCode = failed > 0 || objections.length > 0 ? 1 : 0;
