//! A graduate at the site, in chromium as a phone of 390 × 844, against a real center with the payment sandbox behind it:
//! `cargo xtask test --only console` starts it and grants what happens elsewhere (`world`). Orders: in review, rejected, completed, to be
//! paid, and one of somebody else.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch, settled } from '../browser.mjs';
import { farewell, findings, run, says, until, world } from '../station/page.mjs';

const [url, sent, phone, reviewed, rejected, completed, unpaid, others] = process.argv.slice(2);
const { browser, page, complaints, context } = await launch({ width: 390, height: 844 }, { hasTouch: true, isMobile: true, deviceScaleFactor: 2 });
page.setDefaultTimeout(20_000);
const wrong = [];
/** Where the pictures for docs/screens go, when they are wanted. */
const pictures = process.env.XUEYING_PICTURES;
const button = (name) => page.getByRole('button', { name, exact: true }).last();
const tap = (name) => button(name).tap();
const main = () => page.locator('main').innerText();
/** Lets axe look in both languages, and sees that nothing is wider than the phone; keeps pictures when they are wanted. */
async function look(where) {
  const one = async (ending) => {
    wrong.push(...(await findings(page, `${where}${ending}`)));
    const wider = await page.evaluate(() => [...document.querySelectorAll('main *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.className));
    if (wider.length > 0) wrong.push(`${where}${ending}: wider than the phone: ${wider.slice(0, 3)}`);
    if (!pictures) return;
    await settled(page);
    await page.screenshot({ path: join(pictures, `my-${where.replaceAll(' ', '-')}${ending}.jpg`), type: 'jpeg', quality: 80 });
  };
  await one('');
  // A question above the page keeps the header out of reach.
  if (await page.locator('dialog').count()) return;
  await tap('English');
  await one('-en');
  await tap('中文');
}
const lines = () => {
  try {
    return readFileSync(sent, 'utf8').trim().split('\n').filter(Boolean).map((line) => JSON.parse(line));
  } catch {
    return [];
  }
};
const open = async (order) => {
  await tap('我的订单');
  await page.locator(`main img[src*="${order}"]`).first().waitFor();
  await page.locator('main li button', { has: page.locator(`img[src*="${order}"]`) }).tap();
  await page.locator('main figure').waitFor();
};
const api = (path, init) => page.evaluate(async ([path, init]) => (await fetch(path, init)).status, [path, init]);

const steps = {
  'logged out: the two functions and where they are done': async () => {
    await page.goto(url);
    await says(page, '毕业生、新生图像信息采集');
    for (const words of ['上传图像采集码', '新生照片上传', '010-12345678']) await says(page, words);
    await look('home');
    assert.equal(await api('/my/api/orders'), 401);
  },
  'a number nobody has is answered like one that somebody has': async () => {
    await tap('登录，查看我的订单');
    await page.getByLabel('手机号').fill('15000000000');
    await tap('获取验证码');
    await says(page, /验证码已发出/);
    await look('login');
    assert.equal(lines().length, 0);
    await page.getByLabel('验证码').fill('000000');
    await tap('登录');
    await says(page, '验证码不对、已用过或已过期');
  },
  'the code that was sent brings the graduate in': async () => {
    await page.reload();
    await tap('登录，查看我的订单');
    await page.getByLabel('手机号').fill(`${phone.slice(0, 3)} ${phone.slice(3)}`);
    await tap('获取验证码');
    await until('the code', () => lines().length === 1);
    assert.equal(lines()[0].phone, phone);
    await page.getByLabel('验证码').fill(lines()[0].code);
    await page.keyboard.press('Enter');
    await page.locator('main li').nth(3).waitFor();
    const cookie = (await context.cookies()).find((c) => c.name === '__Host-xueying-my');
    assert.deepEqual([cookie.secure, cookie.httpOnly, cookie.sameSite], [true, true, 'Strict']);
  },
  'my orders, newest first, by state; nobody else’s': async () => {
    assert.equal(await page.locator('main li').count(), 4);
    assert.ok((await page.locator('main li').first().innerText()).includes('待支付'));
    for (const src of await page.locator('main li img').evaluateAll((all) => all.map((i) => i.getAttribute('src')))) assert.ok(!src.includes(others));
    await until('the photos', () => page.locator('main li img').evaluateAll((all) => all.every((i) => i.naturalWidth > 100)));
    await look('orders');
    await tap('被驳回');
    assert.equal(await page.locator('main li').count(), 1);
    await tap('全部');
    assert.equal(await api(`/my/api/orders/${others}`), 404);
    assert.equal(await api(`/my/api/orders/${others}/picture`), 404);
    assert.equal(await api(`/my/api/orders/${reviewed}/withdraw`, { method: 'POST' }), 403, 'not without the page’s token');
  },
  'the card shows every field masked, and the photo': async () => {
    await open(reviewed);
    await says(page, '138****1234');
    const card = await main();
    for (const shown of ['张**', '430102********1234', '2023001', '临床医学', '示例大学', '个人', '¥25.00', '初审合格', '待审核']) assert.ok(card.includes(shown), shown);
    for (const clear of ['张三丰', '430102200001011234', phone]) assert.ok(!card.includes(clear), clear);
    await until('the photo', () => page.locator('figure img').evaluate((i) => i.naturalWidth > 100));
    await look('order');
  },
  'short messages are allowed by a tick, and not before': async () => {
    const box = page.getByRole('checkbox', { name: '驳回或完成时，短信通知我' });
    assert.equal(await box.getAttribute('aria-checked'), 'false');
    await box.tap();
    await until('ticked', async () => (await box.getAttribute('aria-checked')) === 'true');
    assert.equal(await world('messages', reviewed), 'zh-CN');
    await box.tap();
    await until('taken back', async () => (await box.getAttribute('aria-checked')) === 'false');
    assert.equal(await world('messages', reviewed), 'none');
  },
  '去编辑: the address': async () => {
    await tap('去编辑');
    await page.getByLabel('邮寄地址').last().fill('湖南省长沙市麓山路932号');
    await look('address');
    await tap('保存');
    await says(page, '湖南省长*********');
    assert.equal(await world('address', reviewed), '湖南省长沙市麓山路932号');
  },
  '撤回: confirmed first': async () => {
    await tap('撤回');
    await says(page, '撤回这张照片？');
    await look('question');
    await tap('确定');
    await says(page, '已支付');
  },
  'a rejection says why, what to do and until when': async () => {
    await open(rejected);
    await says(page, /原因：/);
    await says(page, /解决办法：/);
    await says(page, '请到二号机位');
    await says(page, '请在期限内到采集点重新拍照。');
    await look('rejected');
  },
  '去支付: the code, and the page follows the money': async () => {
    await open(unpaid);
    await page.locator('.pay svg').waitFor();
    assert.match(await page.locator('.pay a').getAttribute('href'), /^weixin:/);
    await page.locator('.pay').scrollIntoViewIfNeeded();
    await look('pay');
    assert.equal(await world('pay', unpaid), 'paid');
    await page.locator('.pay').waitFor({ state: 'detached', timeout: 60_000 });
    await says(page, '待审核');
  },
  '加洗照片: confirmed with its price, and a new order to be paid': async () => {
    await tap('加洗照片');
    await page.locator(`main img[src*="${completed}"]`).first().waitFor();
    assert.equal(await page.locator('main li').count(), 1);
    await page.locator('main li button').tap();
    await page.locator('main figure').waitFor();
    await page.locator('main footer').getByRole('button', { name: '加洗照片' }).tap();
    await says(page, '新建一张加洗订单，金额 ¥25.00。');
    await tap('确定');
    await page.locator('main li').nth(4).waitFor({ timeout: 30_000 });
  },
  '账号信息: all of it, to be kept, and the wish to be forgotten': async () => {
    await tap('账号信息');
    await says(page, '138****1234');
    await look('account');
    await tap('查看我的数据');
    await says(page, '同意记录');
    await look('own data');
    const [download] = await Promise.all([page.waitForEvent('download'), tap('下载我的数据')]);
    const data = JSON.parse(readFileSync(await download.path(), 'utf8'));
    assert.equal(data.orders.length, 5);
    await tap('删除我的数据');
    await says(page, '申请删除您的数据？');
    await tap('确定');
    await says(page, '已登记申请');
    await tap('确定');
  },
  '在线客服: whom to ask': async () => {
    await tap('在线客服');
    await says(page, '010-12345678');
    await look('contact');
  },
  'a page opened again is still in; logging out ends it': async () => {
    await page.reload();
    await page.locator('main li').first().waitFor();
    await tap('退出');
    await says(page, '毕业生、新生图像信息采集');
    assert.equal(await api('/my/api/me'), 401);
  },
  'a desktop shows the same': async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await look('home desktop');
  },
};

let failed = await run(steps, page, 'my');
await browser.close();
farewell();
for (const line of wrong) console.log(`axe: ${line}`);
// What was refused on purpose is told by the browser, too.
const told = [...new Set(complaints)].filter((line) => !/status of (401|403|404)/.test(line));
for (const line of told) console.log(`console: ${line}`);
failed += wrong.length + told.length;
process.exitCode = failed > 0 ? 1 : 0;
