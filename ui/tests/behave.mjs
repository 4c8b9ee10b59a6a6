//! Does the window do what keys, guns and snapshots ask? The built screens in chromium against the fake station.
import assert from 'node:assert/strict';
import { open } from './browser.mjs';
import { start } from './fake/server.mjs';

const station = await start();
const { browser, page, complaints } = await open(1366, 768);
const calls = () => station.calls.splice(0).map((c) => c.call).filter((c) => c !== 'preferences');
const quiet = (ms = 400) => page.waitForTimeout(ms);
const says = (text) => page.getByText(text).first().waitFor({ timeout: 3000 });
async function press(...keys) {
  for (const key of keys) await page.keyboard.press(key);
  await quiet();
}
/** A burst as a gun types it. */
const gun = (text) =>
  page.evaluate(async (text) => {
    const send = (key, code) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true, shiftKey: /[A-Z]/.test(key) && key.length === 1 }));
    for (const c of text) {
      send(c, /\d/.test(c) ? `Digit${c}` : `Key${c.toUpperCase()}`);
      await new Promise((next) => setTimeout(next, 5));
    }
    send('Enter', 'Enter');
  }, text);
const show = async (scene) => {
  station.set(scene);
  await quiet();
};
const steps = {
  'the screen follows the station without being asked': async () => {
    await says('张*明');
    await show('fail');
    await says('不合格');
    await show('ready');
    await says('可以拍');
  },
  'Space shoots once, however it bounces': async () => {
    await press('Space', 'Space', 'Space');
    assert.deepEqual(calls(), ['shoot']);
  },
  'Space at a verdict accepts and does not shoot': async () => {
    await show('warn');
    await press('Space', 'Space');
    assert.deepEqual(calls(), ['accept']);
  },
  'a press meant for the photo does not shoot the next person': async () => {
    await show('pass');
    station.set('ready');
    await page.getByText('可以拍').first().waitFor();
    await page.keyboard.press('Space');
    await quiet();
    assert.deepEqual(calls(), []);
  },
  'a failed photo needs a reason or a retake': async () => {
    await show('fail');
    await press('Enter');
    await press('3');
    await press('r');
    assert.deepEqual(calls(), ['override_check', 'retake']);
  },
  'a gun scans, and nothing of its code is a command': async () => {
    await show('fail');
    await gun('R3N0R3N0R3N0');
    await quiet();
    assert.deepEqual(station.calls.map((c) => c.args?.text), ['R3N0R3N0R3N0']);
    assert.deepEqual(calls(), ['scan']);
  },
  'a gun scans into the search too, and closes it': async () => {
    await show('ready');
    await press('/');
    await gun('2022013040');
    await quiet();
    assert.equal(await page.locator('dialog').count(), 0);
    assert.ok(calls().includes('scan'));
  },
  'a search chooses with Enter': async () => {
    await press('/');
    await page.keyboard.type('zxm', { delay: 90 });
    await quiet();
    await press('ArrowDown', 'Enter');
    assert.equal(calls().at(-1), 'choose_person');
    assert.equal(await page.locator('dialog').count(), 0);
  },
  'a click leaves no button to be pressed by the shutter': async () => {
    await page.getByRole('button', { name: /陈\*宇/ }).click();
    await quiet();
    calls();
    await press('Space');
    assert.deepEqual(calls(), ['shoot']);
  },
  'a scan on another screen goes to the capture screen': async () => {
    await page.goto(`${station.url}#/recall`);
    await quiet();
    calls();
    await gun('2022013041');
    await quiet();
    assert.match(page.url(), /#\/capture$/);
    assert.deepEqual(calls().filter((c) => c === 'scan'), ['scan']);
  },
  'somebody collected before is confirmed with Enter, not with Space': async () => {
    await show('collected');
    await press('Space');
    await press('Enter');
    assert.deepEqual(calls(), ['choose_person']);
  },
  'the language changes at once': async () => {
    await show('ready');
    await page.locator('header button[lang=en]').click();
    await says('Shoot');
  },
};

await page.goto(station.url);
await page.waitForSelector('canvas');
await quiet();
let failed = 0;
for (const [name, step] of Object.entries(steps)) {
  calls();
  try {
    await step();
    console.log(`ok   ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAIL ${name}\n     ${String(error).split('\n').slice(0, 12).join('\n     ')}`);
  }
}
await browser.close();
await station.stop();
for (const complaint of new Set(complaints)) console.log(`console: ${complaint}`);
console.log(`${Object.keys(steps).length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 || complaints.length > 0 ? 1 : 0;
