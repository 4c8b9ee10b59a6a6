//! Every flow of the console by keyboard alone: no mouse, and the focus is always somewhere one can see. `cargo xtask test --only console`
//! fills a center with four photos and hands over its address; accounts as in journey.mjs. The review has its keys there.
import assert from 'node:assert/strict';
import { launch } from '../browser.mjs';
import { farewell, run } from '../station/page.mjs';
import { api, says } from './page.mjs';

const [url, password] = process.argv.slice(2);
const { browser, page, complaints, context } = await launch({ width: 1366, height: 768 });
page.setDefaultTimeout(20_000);
await context.addInitScript(() => {
  globalThis.pointers = 0;
  addEventListener('pointerdown', () => globalThis.pointers++, true);
});
/** No screen has more stops. */
const MOST_TABS = 120;
const SHEET = '姓名,学号,班级\n欧阳一,2027001,1 班\n司马二,2027002,1 班\n';

const until = async (what, holds) => {
  for (let turn = 0; turn < 100; turn++) {
    if (await holds()) return;
    await page.waitForTimeout(100);
  }
  throw new Error(`never: ${what}`);
};
/** What has the focus: its name, whether one can see that, and whether it lies in the question that is open. */
const focused = () =>
  page.evaluate(() => {
    const on = document.activeElement;
    if (!on || on === document.body) return null;
    const { outlineStyle, outlineWidth } = getComputedStyle(on);
    const label = on.labels?.[0]?.querySelector('.label')?.textContent ?? on.labels?.[0]?.textContent;
    const asked = [...document.querySelectorAll('dialog[open]')].at(-1);
    return {
      name: (on.getAttribute('aria-label') ?? label ?? on.textContent ?? '').trim().replace(/\s+/g, ' '),
      tag: on.localName,
      // A question that just opened rests on itself, or on the list its keys belong to.
      seen: (asked?.contains(on) && on.tabIndex < 0 && !on.matches('h2')) || (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2),
      inside: !asked || asked.contains(on),
    };
  });
/** The focus is somewhere, and seen; what a change takes away may need a moment. */
async function kept(after) {
  let on = null;
  await until(`a focus after ${after}`, async () => (on = await focused()) !== null);
  assert.ok(on?.seen, `no ring on ${on?.tag} ${on?.name} after ${after}`);
  assert.ok(on.inside, `outside the question after ${after}: ${on.name}`);
  return on;
}
async function press(...keys) {
  for (const key of keys) await page.keyboard.press(key);
}
const is = (on, name) => on && (name instanceof RegExp ? name.test(on.name) : on.name === name);
/** Walks with Tab until something has the focus; every stop on the way can be seen. */
async function tab(name, key = 'Tab', tag = null) {
  for (let i = 0; i < MOST_TABS; i++) {
    await press(key);
    const on = await focused();
    if (!on) continue;
    assert.ok(on.seen, `no ring on ${on.tag} ${on.name}`);
    assert.ok(on.inside, `the walk left the question for ${on.name}`);
    if (is(on, name) && (!tag || on.tag === tag)) return;
  }
  throw new Error(`${key} never came to ${name}`);
}
/** Walks there and presses it; the focus is not lost by that. */
async function use(name, key = 'Tab') {
  await tab(name, key);
  await press('Enter');
  await page.waitForTimeout(150);
  return kept(String(name));
}
/** Writes into a field. */
async function write(label, text) {
  await tab(label);
  await press('Control+a');
  await page.keyboard.type(text);
}
/** Opens a screen with the rail. */
async function go(name, title = name) {
  await tab(new RegExp(`^${name}`), 'Shift+Tab', 'a');
  await press('Enter');
  await page.locator('main h1', { hasText: title }).waitFor();
  await page.waitForTimeout(300);
}
/** A question is open: Tab and Shift+Tab stay in it, and Escape gives the focus back to what opened it. */
async function asks(opener) {
  for (const key of ['Tab', 'Shift+Tab']) {
    for (let i = 0; i < 12; i++) {
      await press(key);
      const on = await focused();
      assert.ok(!on || on.inside, `${key} left the question for ${on?.name}`);
    }
  }
  await press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  assert.ok(is(await kept('Escape'), opener), `the focus went to ${(await focused()).name} instead of ${opener}`);
}
async function enter(account, secret = password) {
  await page.locator('input[name=account]').waitFor();
  assert.equal((await kept('the login')).name, '账号', 'one can write at once');
  await press('Control+a');
  await page.keyboard.type(account);
  await write('密码', secret);
  await press('Enter');
}
/** Leaves, and comes in as somebody else. */
async function change(account) {
  await use('退出', 'Shift+Tab');
  await enter(account);
  await page.locator('nav').waitFor();
  await kept('coming in');
}
const states = async () => Object.fromEntries((await api(page, '/api/counts')).states.map((s) => [s.state, s.orders]));
const row = (at) => page.evaluate((at) => document.activeElement?.getAttribute('data-index') === String(at), at);
/** Shows the orders of a state and opens the first. */
async function open(state) {
  await go('订单');
  await use(new RegExp(`^${state} ?\\d`));
  await until(`only ${state}`, async () => (await page.locator('[data-index]').count()) > 0 && (await page.locator('[data-index]').filter({ hasNotText: state }).count()) === 0);
  await tab(/^10533A-|^\w+-\d{17}/);
  await press('Enter');
  await page.locator('aside h2').waitFor();
  await kept('an order');
}

const steps = {
  'coming in: the field waits, a wrong password leaves the focus in it': async () => {
    await page.goto(url);
    await enter('chief', 'not the password');
    await says(page, '账号或密码不对');
    assert.equal((await kept('a refusal')).name, '密码');
    await press('Shift+Tab', 'Control+a');
    await page.keyboard.type('chief');
    await write('密码', password);
    await press('Enter');
    await page.locator('nav').waitFor();
    await kept('coming in');
  },
  'orders: filtered, searched and walked with arrows; one opens, is approved, and closes again': async () => {
    await go('订单');
    await use(/^待审核 ?4/);
    await tab('学校', 'Shift+Tab', 'select');
    await press('ArrowDown');
    await until('one school', async () => (await page.locator('main select').first().inputValue()) !== '');
    await kept('a choice');
    await press('ArrowUp');
    await until('every school', async () => (await page.locator('main select').first().inputValue()) === '');
    await tab(/^10533A-/);
    assert.ok(await row(0));
    await press('ArrowDown');
    await until('the second row', () => row(1));
    await press('ArrowUp');
    await until('the first row', () => row(0));
    await press('Enter');
    await page.locator('aside h2').waitFor();
    await use('通过');
    await until('approved', async () => (await states()).pending_production === 1);
    await kept('approving');
    await use('关闭', 'Shift+Tab');
    await page.locator('aside').waitFor({ state: 'detached' });
    await kept('closing an order');
    const { number } = (await api(page, '/api/orders?state=pending_production')).orders[0];
    await use(/^全部 ?\d/, 'Shift+Tab');
    await write(/订单号/, number);
    await until('the one', async () => (await page.locator('[data-index]').count()) === 1);
    await press('Control+a', 'Delete');
    await until('all', async () => (await page.locator('[data-index]').count()) > 1);
  },
  'orders: one is sent back with its reasons': async () => {
    await open('待审核');
    await use('驳回');
    await page.locator('dialog').waitFor();
    await asks('驳回');
    await press('Enter');
    await page.locator('dialog').waitFor();
    await press('Digit2');
    await use(/^驳回/);
    await until('rejected', async () => (await states()).rejected === 1);
    await kept('rejecting');
  },
  'the lab: a picture is pulled and produced': async () => {
    await change('lab');
    await open('待制作');
    const download = page.waitForEvent('download');
    await use('领取照片并制作');
    assert.match((await download).suggestedFilename(), /\.jpg$/);
    await page.getByRole('button', { name: '制作完成' }).waitFor();
    await kept('pulling');
    await use('制作完成');
    await until('completed', async () => (await states()).completed === 1);
    await kept('producing');
  },
  'money: a class’s payment is entered, and goes back with a reason': async () => {
    await change('far');
    await open('待支付');
    await use('登记班级缴费');
    await asks('登记班级缴费');
    await press('Enter');
    await use('确定');
    await until('paid', async () => (await states()).pending_review === 1);
    await kept('a payment');
    await change('chief');
    await go('订单');
    await write(/订单号/, (await api(page, '/api/orders?school=10001')).orders[0].number);
    await until('the one', async () => (await page.locator('[data-index]').count()) === 1);
    await tab(/-\d{17}/);
    await press('Enter');
    await page.locator('aside h2').waitFor();
    await use('退款');
    await asks('退款');
    await press('Enter');
    await page.locator('dialog').waitFor();
    assert.match((await kept('a question')).name, /原因/);
    await page.keyboard.type('班级取消采集');
    await use('退款');
    await until('refunded', async () => (await states()).refunded === 1);
    await kept('a refund');
    await go('款项');
    await use('已退回');
    await says(page, '班级取消采集');
  },
  'jobs: one is made, and changed': async () => {
    await go('任务');
    await use('新建任务');
    await asks('新建任务');
    await press('Enter');
    await page.locator('dialog').waitFor();
    assert.equal((await kept('a question')).name, '任务');
    await page.keyboard.type('2027 级新生照片');
    await write('学校', '示例大学');
    await write('学校代码', '10533');
    await tab('类型');
    await press('Home');
    for (let i = 0; i < 5 && (await page.locator('dialog select').inputValue()) !== 'freshman'; i++) await press('ArrowDown');
    await write(/^订单号前缀/, '10533B');
    await use('保存');
    await says(page, '任务已保存');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await kept('a new job');
    await use('修改');
    await asks('修改');
    await press('Enter');
    await page.locator('dialog').waitFor();
    await use('保存');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await kept('a changed job');
  },
  'rosters: a sheet is chosen, looked at and imported': async () => {
    await use('名单');
    await says(page, '名单共 0 人');
    const chooser = page.waitForEvent('filechooser');
    await tab('选择文件');
    await press('Enter');
    await (await chooser).setFiles({ name: '新生.csv', mimeType: 'text/csv', buffer: Buffer.from(SHEET) });
    await says(page, '将新增 2 人');
    await kept('a sheet');
    await use('导入 2 行');
    await says(page, '名单共 2 人');
    await kept('an import');
    await asks('名单');
  },
  'stations: a code is made; one is revoked': async () => {
    await go('站点');
    await use('登记码');
    await asks('登记码');
    await press('Enter');
    await use('生成');
    await page.locator('.code').waitFor();
    await kept('a code');
    await asks('登记码');
    await use('停用');
    await asks('停用');
    await press('Enter');
    await use('停用');
    await page.getByText('已停用').first().waitFor();
    await kept('a revoked station');
  },
  'webhooks: one is made, its messages are read, and it is removed': async () => {
    await go('推送');
    await use('新建推送');
    await asks('新建推送');
    await press('Enter');
    await page.locator('dialog').waitFor();
    await press('Control+a');
    await page.keyboard.type('https://hooks.invalid/xueying');
    await tab('被驳回');
    await press('Space');
    await use('添加');
    await says(page, /whsec_/);
    await press('Escape');
    await page.locator('td', { hasText: 'https://hooks.invalid/xueying' }).waitFor();
    await kept('a new webhook');
    await use('发送记录');
    await asks('发送记录');
    await press('Enter');
    await page.locator('dialog').waitFor();
    await says(page, '最近 7 天没有通知');
    await press('Escape');
    await kept('messages of a webhook');
    await use('删除');
    await asks('删除');
    await press('Enter');
    await page.locator('dialog').waitFor();
    await use('删除');
    await says(page, '还没有推送地址');
    await kept('a removed webhook');
  },
  'accounts: one is made and disabled': async () => {
    await go('账号');
    await use('新建账号');
    await asks('新建账号');
    await press('Enter');
    await page.locator('dialog').waitFor();
    await page.keyboard.type('li.na');
    await write('密码', password);
    await use('添加');
    await page.locator('td', { hasText: 'li.na' }).waitFor();
    await kept('a new account');
    const at = await page.locator('tbody tr').evaluateAll((rows) => rows.findIndex((r) => r.textContent.includes('li.na')));
    const before = await page.locator('tbody tr').evaluateAll((rows, at) => rows.slice(0, at).filter((r) => [...r.querySelectorAll('button')].some((b) => b.textContent.trim() === '停用')).length, at);
    await tab('新建账号', 'Shift+Tab');
    for (let i = 0; i <= before; i++) await tab('停用');
    await press('Enter');
    await page.locator('dialog').waitFor();
    await says(page, /li\.na/);
    await use('停用');
    await page.locator('tr', { hasText: 'li.na' }).getByText('已停用').waitFor();
    await kept('a disabled account');
  },
  'one’s own: a token is made and ended, the language and the look change': async () => {
    await go('我的');
    await use('新建令牌');
    await asks('新建令牌');
    await press('Enter');
    await page.locator('dialog').waitFor();
    await page.keyboard.type('每晚导出');
    await use('生成');
    await page.locator('.secret').waitFor();
    await kept('a token');
    await press('Escape');
    await page.locator('tr', { hasText: '每晚导出' }).waitFor();
    await kept('a token closed');
    const tokens = await page.locator('tbody tr').evaluateAll((rows) => rows.findIndex((r) => r.textContent.includes('每晚导出')));
    await tab('新建令牌', 'Shift+Tab');
    for (let i = 0; i <= tokens; i++) await tab('结束');
    await press('Enter');
    await page.locator('tr', { hasText: '每晚导出' }).waitFor({ state: 'detached' });
    await kept('a token ended');
    await use('English', 'Shift+Tab');
    await page.locator('html[lang=en]').waitFor();
    await use('简体中文', 'Shift+Tab');
    await page.locator('html[lang=zh-CN]').waitFor();
    await use('切换深浅外观', 'Shift+Tab');
    await kept('another look');
    await press('Enter');
  },
  'delivery: counted, packed, fetched and removed': async () => {
    await change('coord');
    await go('交付');
    await tab('任务', 'Tab', 'select');
    await press('Home');
    await page.locator('li strong').first().waitFor();
    await tab(/^也放入待审核/);
    await press('Space');
    await until('counted with them', async () => (await page.getByRole('button', { name: /^生成交付包（[1-9]/ }).count()) === 1);
    await kept('a choice');
    await use(/^生成交付包/);
    await page.locator('article', { hasText: '可下载' }).waitFor({ timeout: 120_000 });
    await kept('a package');
    await tab(/·/, 'Tab', 'a');
    const download = page.waitForEvent('download');
    await press('Enter');
    assert.match((await download).suggestedFilename(), /\.zip$/);
    await use('删除');
    await page.locator('article').waitFor({ state: 'detached' });
    await kept('a package removed');
  },
  'feedback and audit: a station and a history open and close': async () => {
    await change('chief');
    await go('初审对比', '对比');
    await use('一号点');
    await says(page, '按检查项目 · 一号点');
    await change('aud');
    await go('审计');
    await page.locator('tbody tr').first().waitFor();
    await tab(/^(账号|订单|任务|交付包|站点|名单)/, 'Tab', 'button');
    await press('Enter');
    await page.getByRole('button', { name: '全部历史' }).waitFor();
    await kept('a history');
    await use('全部历史', 'Shift+Tab');
    await page.locator('main select').waitFor();
    await kept('all histories');
  },
  'no mouse was used': async () => {
    assert.equal(await page.evaluate(() => globalThis.pointers), 0);
  },
};
const failed = await run(steps, page, 'console-keyboard');
await browser.close();
farewell();
const objections = [...new Set(complaints)].filter((c) => !/status of (401|403|404)/.test(c));
for (const objection of objections) console.log(`console: ${objection}`);
process.exitCode = failed > 0 || objections.length > 0 ? 1 : 0;
