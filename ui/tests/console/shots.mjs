//! Pictures of every screen of the console in both languages and two sizes, from a center with orders in it:
//! `node ui/tests/console/shots.mjs http://127.0.0.1:7400/ PASSWORD FOLDER [THEME]`, account `chief`.
import { join } from 'node:path';
import { open, settled } from '../browser.mjs';
import { enter, screen } from './page.mjs';

const [url, password, folder, theme = 'studio'] = process.argv.slice(2);
const SIZES = [[1366, 768, ''], [1024, 768, '-tablet']];
const LANGUAGES = [['zh-CN', ''], ['en', '-en']];
const complained = new Set();
const ROSTER = `姓名,性别,学号,学院,班级
江一帆,男,2027010001,信息学院,软件2701
沈嘉树,男,2027010002,文学院,中文2701
顾清越,女,2027010003,信息学院,软件2701
陆闻笛,女,2027010004,理学院,数学2701
,女,2027010005,理学院,数学2701
`;
/** In the page: photos that await review are approved, so that there is something to deliver, and a few are sent back. */
const approveAll = async () => {
  const { csrf_token } = await (await fetch('/api/me')).json();
  const { orders } = await (await fetch('/api/orders?state=pending_review&limit=30')).json();
  for (const order of orders.slice(0, 12)) {
    await fetch(`/api/orders/${order.id}/approve`, { method: 'POST', headers: { 'x-csrf-token': csrf_token } });
  }
  for (const [at, reason] of ['expression', 'eyes', 'light'].entries()) {
    const order = orders[12 + at];
    if (order) await fetch(`/api/orders/${order.id}/reject`, { method: 'POST', headers: { 'x-csrf-token': csrf_token }, body: JSON.stringify({ reasons: [reason] }) });
  }
};

for (const [width, height, size] of SIZES) {
  const { browser, page, complaints } = await open(width, height);
  page.setDefaultTimeout(60_000);
  for (const [language, ending] of LANGUAGES) {
    const keep = async (name) => {
      await settled(page);
      await page.waitForTimeout(300);
      await page.screenshot({ path: join(folder, `console-${name}${size}${ending}.jpg`), type: 'jpeg', quality: 72 });
    };
    await page.goto(url);
    await page.evaluate(([language, theme]) => {
      localStorage.setItem('xueying.language', language);
      localStorage.setItem('xueying.theme', theme);
    }, [language, theme]);
    await page.reload();
    await page.locator('input[name=account]').waitFor();
    await keep('login');
    await enter(page, url, 'chief', password);
    await page.locator('nav').waitFor();
    await screen(page, 'review');
    await page.locator('.page.ready').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Digit4');
    await page.keyboard.press('KeyA');
    await page.waitForTimeout(600);
    await keep('review');
    await page.keyboard.press('KeyX');
    await page.keyboard.press('Digit2');
    await page.locator('dialog').waitFor();
    await keep('review-reasons');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Space');
    await page.locator('.frame .cut').waitFor();
    await keep('review-loupe');
    await page.keyboard.press('Escape');
    await page.keyboard.press('KeyU');
    await page.keyboard.press('KeyU');
    await page.waitForTimeout(600);
    await page.keyboard.press('?');
    await keep('review-keys');
    await page.keyboard.press('Escape');
    await screen(page, 'orders');
    await page.locator('[data-index="3"]').click();
    await page.locator('aside figure img').waitFor();
    await keep('orders');
    await page.evaluate(approveAll);
    await screen(page, 'delivery');
    await page.locator('main select').first().selectOption({ index: 0 });
    await page.locator('li strong').first().waitFor();
    if ((await page.locator('article').count()) === 0) {
      await page.locator('button', { hasText: /（\d+ 张）|\(\d+\)/ }).click();
      await page.locator('article a.file').waitFor({ timeout: 180_000 });
      await page.locator('[role=status]').first().waitFor({ state: 'detached', timeout: 10_000 }).catch(() => undefined);
    }
    await keep('delivery');
    for (const name of ['feedback', 'refunds', 'campaigns', 'stations', 'accounts', 'webhooks', 'audit', 'own']) {
      await screen(page, name);
      await keep(name);
      if (name === 'campaigns') {
        await page.locator('tbody button').nth(1).click();
        await page.locator('dialog input[type=file]').setInputFiles({ name: 'freshmen.csv', mimeType: 'text/csv', buffer: Buffer.from(ROSTER) });
        await page.locator('dialog table').waitFor();
        await keep('roster');
        await page.keyboard.press('Escape');
        await page.locator('tbody button').first().click();
        await keep('campaign-form');
        await page.keyboard.press('Escape');
      }
    }
    await page.context().clearCookies();
  }
  for (const complaint of complaints) complained.add(complaint);
  await browser.close();
}
for (const complaint of complained) console.log(`console: ${complaint}`);
