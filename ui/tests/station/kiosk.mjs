//! A graduate at the kiosk, in chromium by touch alone, against a real station: `cargo xtask test --only screens` starts it with a
//! center and the payment sandbox behind it, and grants what happens there (`world`).
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { launch, settled } from '../browser.mjs';
import { album } from '../pictures/album.mjs';
import { MOMENTS } from '../pictures/still.mjs';
import { farewell, findings, run, says, station, until, world } from './page.mjs';

const [url, told] = process.argv.slice(2);
const people = JSON.parse(told);
const ask = station(url);
const { browser, page, complaints, context } = await launch({ width: 1080, height: 1920 }, { hasTouch: true });
page.setDefaultTimeout(30_000);
// What reached the page, and by which hand.
await context.addInitScript(() => {
  globalThis.hands = { touches: 0, others: 0, keys: 0 };
  addEventListener('pointerdown', (e) => (e.pointerType === 'touch' ? globalThis.hands.touches++ : globalThis.hands.others++), true);
  addEventListener('keydown', (e) => e.isTrusted && globalThis.hands.keys++, true);
});
const wrong = [];
/** Where the pictures for docs/screens go, when they are wanted. */
const pictures = process.env.XUEYING_PICTURES;
const kept = album('kiosk', MOMENTS);
/** Compares what is shown with its kept picture (or keeps it for docs/screens). */
async function picture(where, language) {
  await settled(page);
  if (!pictures) return kept.look(page, where, language);
  await page.waitForTimeout(300);
  const file = `kiosk-${where.replaceAll(' ', '-')}${language === 'en' ? '-en' : ''}.jpg`;
  return page.screenshot({ path: join(pictures, file), type: 'jpeg', quality: 80 });
}
/** Lets axe look at a page, and compares it in both languages. */
async function look(where) {
  wrong.push(...(await findings(page, where)));
  await picture(where, 'zh-CN');
  await touch('English');
  await picture(where, 'en');
  await touch('中文');
}
/** Of two with a name the one above: a question's, or the row at the foot. */
const button = (name) => page.getByRole('button', { name, exact: true }).last();
const touch = (name) => button(name).tap();
const main = () => page.locator('main').innerText();
const touches = () => page.evaluate(() => globalThis.hands.touches);
const show = (frame) => ask('replay', { command: `show ${frame}` });
/** The scanner gun beside the kiosk: a keyboard to the computer, and nothing a guest touches. */
const gun = (text) =>
  page.evaluate((text) => {
    for (const key of [...text, 'Enter']) {
      document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, code: key === 'Enter' ? 'Enter' : key === '|' ? 'Backslash' : key === '*' ? 'Digit8' : key === '-' ? 'Minus' : /\d/.test(key) ? `Digit${key}` : `Key${key.toUpperCase()}`, shiftKey: key.length === 1 && /[A-Z|*]/.test(key), bubbles: true, cancelable: true }));
    }
  }, text);
/** Writes with the keyboard on the screen: a word of readings and characters, as `lin临`, and plain keys. */
async function write(...keys) {
  const board = page.locator('.board');
  for (const key of keys) {
    if (/^[a-z]+\p{Script=Han}$/u.test(key)) {
      for (const letter of key.slice(0, -1)) await board.getByRole('button', { name: letter, exact: true }).tap();
      await board.locator('.found').getByRole('button', { name: key.at(-1), exact: true }).tap();
    } else await board.getByRole('button', { name: key, exact: true }).tap();
  }
}
const keypad = async (text) => {
  for (const key of text) await page.locator('.pad').getByRole('button', { name: key, exact: true }).tap();
};
/** A finger that moves up the screen, as far as it says. */
async function swipe(x, from, to) {
  const hand = await page.context().newCDPSession(page);
  const at = (y) => ({ x, y });
  await hand.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at(from)] });
  for (let part = 1; part <= 10; part++) await hand.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [at(from + ((to - from) * part) / 10)] });
  await hand.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await hand.detach();
}
const guest = async () => (await ask('kiosk_watch', { seen: null })).guest;
const newest = async () => (await guest()).orders[0].id;
/** From the guide page to the verdict; the kiosk takes the photo by itself. */
async function sit(frame) {
  await show(frame);
  await says(page, '初审合格');
}
async function submit() {
  await touch('提交');
  await touch('确定');
  await says(page, '提交成功');
}
let [first, code] = ['', ''];

const steps = {
  'home: two functions, in two languages': async () => {
    await page.goto(`${url}&window=kiosk`);
    await says(page, '请选择要办理的业务');
    await says(page, '仅限未采集的人员提交');
    await says(page, 'https://photos.example.edu/my');
    await look('home');
    await touch('English');
    await says(page, 'What would you like to do?');
    await touch('中文');
  },
  'the agreement comes first, and has to be ticked': async () => {
    await page.getByRole('button', { name: /上传图像采集码/ }).tap();
    await says(page, '《大学生图像信息采集网服务使用协议》');
    assert.ok(await button('下一步').isDisabled());
    await look('agreement');
    await page.getByRole('checkbox').tap();
    await touch('下一步');
  },
  'a phone held to the camera brings the graduate in': async () => {
    await says(page, '请出示图像采集码');
    await look('enter');
    await show('phone');
    await says(page, '还没有订单');
    // A blind job: the code is opaque, and its short form all there is to show.
    code = (await guest()).person.code_short;
    assert.match(code, /^[0-9a-f]{8}$/);
    await look('no orders');
  },
  'what the code says is filled in, masked; each wrong feature code says why': async () => {
    await touch('⊕ 添加采集信息');
    await says(page, code);
    await says(page, '学影示范大学');
    assert.ok(await button('去采集').isDisabled());
    for (const [wrong_code, why] of [['XY2025', '已过期'], ['ZZ2027', '其他学校'], ['AB1234', '没有这个特征码']]) {
      await keypad(wrong_code);
      await touch('验证特征码');
      await says(page, new RegExp(why));
      for (let i = 0; i < 6; i++) await page.locator('.pad').getByRole('button', { name: '删除一位' }).tap();
    }
    await look('collection details');
    await keypad(people.feature_code.toUpperCase());
    await touch('验证特征码');
    await says(page, '特征码有效');
  },
  'the rest is completed with the keyboard on the screen': async () => {
    await page.getByRole('button', { name: /^专业/ }).tap();
    await write('lin临', 'chuang床', 'yi医', 'xue学');
    await look('keyboard');
    await touch('完成');
    await page.getByRole('button', { name: /^手机号/ }).tap();
    await write(...'13800001234');
    await touch('完成');
    await says(page, '临床医学');
    await says(page, '13800001234');
  },
  '去采集 asks again, and the guide has to be read': async () => {
    await touch('去采集');
    await says(page, '确认信息无误，去采集？');
    wrong.push(...(await findings(page, 'question')));
    await picture('question', 'zh-CN');
    await touch('返回');
    // A question above the page keeps the language from a finger.
    await touch('English');
    await touch('Go and take the photo');
    await page.locator('dialog').waitFor();
    await picture('question', 'en');
    await touch('Back');
    await touch('中文');
    assert.equal(await page.locator('dialog').count(), 0);
    await touch('去采集');
    await touch('确定');
    await says(page, '拍摄须知');
    assert.equal(await button('拍摄照片').count(), 0, 'not before it was read');
    await look('guide');
    await show(people.laughing);
    await touch('我已阅读');
    await touch('拍摄照片');
  },
  'a photo that does not pass says why and what to do': async () => {
    await says(page, '还可以拍 3 次');
    await look('booth');
    await touch('拍摄照片');
    await says(page, '还差一点');
    await says(page, /原因：/);
    await says(page, /解决办法：/);
    await look('not passed');
    assert.equal(await button('提交').count(), 0, 'no override here');
    await touch('重拍');
    await says(page, '还可以拍 2 次');
  },
  'when all is right it counts down and takes the photo by itself': async () => {
    const before = await touches();
    await sit(people.passing);
    assert.equal(await touches(), before);
    const told_of = page.getByRole('checkbox', { name: /短信通知我（138\*\*\*\*1234）/ });
    assert.equal(await told_of.getAttribute('aria-checked'), 'false', 'nobody is told anything unless they tick it');
    await told_of.tap();
    await look('passed');
  },
  'submitting is confirmed, and the ticket shows the code to pay with': async () => {
    await submit();
    first = await newest();
    await says(page, '待支付');
    await page.locator('.pay svg').waitFor();
    await look('done');
    assert.equal(await world('consent', first), 'zh-CN kiosk');
    assert.equal(await world('messages', first), 'messages-1 zh-CN kiosk');
  },
  'the order card shows every field masked': async () => {
    await touch('我的订单');
    await page.locator('main li button').tap();
    await says(page, '138****1234');
    const card = await main();
    for (const shown of [code, '学影示范大学', '临床医学', '个人', '¥25.00', '初审合格']) assert.ok(card.includes(shown), shown);
    assert.ok(!card.includes('13800001234'));
    await until('the photo', () => page.locator('figure img').evaluate((i) => i.naturalWidth > 100));
    await look('order');
  },
  '去编辑: the address is written, masked, and reaches the center': async () => {
    await touch('去编辑');
    await page.getByRole('button', { name: /^邮寄地址/ }).tap();
    await write('hu湖', 'nan南', 'sheng省', 'chang长', 'sha沙', 'shi市', 'lu麓', 'shan山', 'lu路', '123', '9', '3', '2');
    await touch('完成');
    await says(page, '湖南省长沙市麓山路932');
    await touch('保存');
    await says(page, '湖南省长********');
    assert.ok(!(await main()).includes('麓山路'));
    await until('the center has it', async () => (await world('address', first)) === '湖南省长沙市麓山路932');
    await look('address');
  },
  '去支付: the state follows the payment': async () => {
    await page.locator('.pay svg').waitFor();
    await world('pay', first);
    await says(page, '待审核');
    await says(page, '已支付');
    assert.equal(await page.locator('.pay svg').count(), 0);
  },
  '撤回: a photo nobody has reviewed is taken back, and another taken': async () => {
    await touch('撤回');
    await says(page, '撤回这张照片？');
    await touch('确定');
    await touch('修改照片');
    await touch('我已阅读');
    await touch('拍摄照片');
    await sit(people.again);
    await submit();
    await until('in review again', async () => (await world('state', first)) === 'pending_review');
  },
  'everything is wiped on leave': async () => {
    await touch('结束并离开');
    await says(page, '请选择要办理的业务');
    const left = await page.evaluate(() => [document.body.innerText, JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })].join(' '));
    for (const own of [code, '138****', first]) assert.ok(!left.includes(own), own);
    assert.equal(await guest(), null);
    await assert.rejects(ask('kiosk_messages'), { code: 'kiosk_no_guest' });
  },
  'login by mobile number: a code is sent, a wrong one says so, the right one opens the order': async () => {
    await page.getByRole('button', { name: /上传图像采集码/ }).tap();
    await page.getByRole('checkbox').tap();
    await touch('下一步');
    await touch('手机号登录');
    await says(page, '输入采集时登记的手机号，获取短信验证码');
    await look('phone');
    await keypad('13800001234');
    await touch('获取验证码');
    await says(page, /如果该号码登记过，验证码已发出/);
    const sent = await world('code', '13800001234');
    await keypad(String((Number(sent) + 1) % 1_000_000).padStart(6, '0'));
    await touch('登录');
    await says(page, /验证码不对/);
    // The seconds that count down here let no picture be like another.
    wrong.push(...(await findings(page, 'phone code')));
    await keypad(sent);
    await touch('登录');
    await says(page, '我的照片');
    assert.equal(await newest(), first);
    await touch('结束并离开');
    await says(page, '请选择要办理的业务');
  },
  'a self-check takes a scan and at most three touches': async () => {
    await gun(people.code);
    await says(page, '我的照片');
    await says(page, '待审核');
    const before = await touches();
    await touch('确认无误');
    await says(page, '请选择要办理的业务');
    assert.equal((await touches()) - before, 1);
    await gun(people.code);
    const asked = await touches();
    await touch('申请重拍');
    await says(page, '已告知工作人员，请到拍摄位等候');
    await touch('确定');
    await says(page, '请选择要办理的业务');
    assert.ok((await touches()) - asked <= 3);
    const messages = await ask('messages');
    assert.match(messages[0].text, /申请重拍/);
  },
  'a rejection is told with its remedy, and answered with another photo': async () => {
    await world('reject', first);
    await until('told here', async () => (await ask('recalls')).length === 1);
    await gun(people.code);
    await says(page, '被驳回');
    await says(page, /原因：/);
    await says(page, /解决办法：/);
    await look('rejected');
    await touch('修改照片');
    await touch('我已阅读');
    await touch('拍摄照片');
    await sit(people.passing);
    await submit();
    await world('approve', first);
    await touch('我的订单');
    await says(page, '待制作');
  },
  '加洗照片: a linked order at its price; the states filter': async () => {
    await touch('加洗照片');
    await page.locator('main li button').first().tap();
    await page.locator('main footer').getByRole('button', { name: '加洗照片', exact: true }).tap();
    await says(page, /金额 ¥25.00/);
    await touch('确定');
    await until('two orders', async () => (await page.locator('main li').count()) === 2);
    await look('orders');
    await page.locator('main').getByRole('button', { name: '待支付', exact: true }).tap();
    assert.equal(await page.locator('main li').count(), 1);
    await page.locator('main').getByRole('button', { name: '全部', exact: true }).tap();
    assert.equal(await page.locator('main li').count(), 2);
  },
  '在线客服: whom to ask, and a thread that needs no network': async () => {
    await touch('在线客服');
    await says(page, '0731-0000000');
    await says(page, '图书馆一楼大厅');
    await page.getByRole('button', { name: /^想说什么/ }).tap();
    await write('duo多', 'jiu久', 'ABC', 'o', 'k');
    await touch('完成');
    await touch('发送');
    // The page shows the words while they are written, too.
    const sent = async () => (await ask('messages')).find((m) => m.text === '多久ok');
    await until('sent', sent);
    await says(page, '多久ok');
    const asked = await sent();
    await ask('answer_message', { key: asked.key, text: '一般两天' });
    await says(page, '一般两天');
    await look('contact');
  },
  '账号信息: all that is kept, and the wish to have it deleted': async () => {
    await touch('账号信息');
    await says(page, '本机保存的信息');
    await touch('查看我的数据');
    await page.locator('.data').waitFor();
    for (const part of ['个人信息', '我的订单', '照片', '同意记录', '付款', '留言']) await page.locator('.data h2', { hasText: part }).waitFor();
    const told = await main();
    for (const own of ['138****1234', '¥25.00', '多久ok', '初审合格', '版本 ']) assert.ok(told.includes(own), own);
    assert.ok(!told.includes('13800001234') && !told.includes('{'), 'in words, and masked');
    await look('account');
    const whole = page.locator('section > .body');
    await whole.evaluate((b) => b.scrollTo(0, b.scrollHeight));
    await look('account payment');
    await whole.evaluate((b) => b.scrollTo(0, 0));
    // On a lower screen it is longer than there is room: a finger moves it.
    await page.setViewportSize({ width: 1080, height: 1000 });
    const body = page.locator('section > .body');
    const end = () => body.evaluate((b) => b.scrollHeight - b.clientHeight - b.scrollTop);
    assert.ok((await end()) > 200, 'there is more below');
    await swipe(540, 650, 250);
    await until('moved', async () => (await body.evaluate((b) => b.scrollTop)) > 200);
    await page.setViewportSize({ width: 1080, height: 1920 });
    await touch('收起');
    await touch('删除我的数据');
    await touch('确定');
    await says(page, '已转告工作人员');
    await touch('确定');
    assert.ok((await ask('messages')).some((m) => m.text.includes('删除')));
    await touch('结束并离开');
  },
  'whoever has no order is forgotten at once': async () => {
    await gun(people.others);
    await says(page, '还没有订单');
    await touch('在线客服');
    await page.getByRole('button', { name: /^想说什么/ }).tap();
    await write('ni你', '完成');
    await touch('发送');
    await until('written', async () => (await ask('messages')).some((m) => m.text === '你'));
    await touch('账号信息');
    await touch('删除我的数据');
    await touch('确定');
    await says(page, '已删除');
    await touch('确定');
    await says(page, '请选择要办理的业务');
    assert.ok(!(await ask('messages')).some((m) => m.text === '你'));
  },
  'who came by a scan agrees before they are photographed': async () => {
    await gun(people.others);
    await touch('⊕ 添加采集信息');
    await keypad(people.feature_code.toUpperCase());
    await touch('验证特征码');
    await says(page, '特征码有效');
    await touch('去采集');
    await says(page, '《大学生图像信息采集网服务使用协议》');
    await page.getByRole('checkbox').tap();
    await touch('下一步');
    await touch('去采集');
    await says(page, '确认信息无误，去采集？');
    assert.ok((await guest()).consented);
    await touch('返回');
    await touch('结束并离开');
  },
  'a code is read from a picture too': async () => {
    await page.getByRole('button', { name: /上传图像采集码/ }).tap();
    await page.getByRole('checkbox').tap();
    await touch('下一步');
    const chooser = page.waitForEvent('filechooser');
    chooser.catch(() => undefined);
    await touch('从图片读取');
    await (await chooser).setFiles(people.code_picture);
    await says(page, '还没有订单');
    await touch('结束并离开');
  },
  '新生照片上传: number and last four, and a picture where the job takes one': async () => {
    await page.getByRole('button', { name: /新生照片上传/ }).tap();
    await page.getByRole('checkbox').tap();
    await touch('下一步');
    await keypad('2026010001');
    await page.getByRole('button', { name: /^证件号码后四位/ }).tap();
    await keypad('9012');
    await look('freshman');
    await touch('登录');
    await says(page, /学号和证件号后四位不符/);
    await page.locator('.pad').getByRole('button', { name: '删除一位' }).tap();
    await keypad('1');
    await touch('登录');
    await touch('⊕ 添加采集信息');
    await says(page, '江**');
    await says(page, '430102********9011');
    assert.ok(!(await main()).includes('200802029011'));
    await touch('去采集');
    await touch('确定');
    await touch('我已阅读');
    const chooser = page.waitForEvent('filechooser');
    chooser.catch(() => undefined);
    await touch('从相册中选择');
    await (await chooser).setFiles(people.picture);
    await says(page, '初审合格');
    await submit();
    await says(page, '无需支付');
    await touch('结束并离开');
    await says(page, '请选择要办理的业务');
  },
  'five taps and the PIN lead out, and nothing else': async () => {
    for (let i = 0; i < 5; i++) await page.locator('header .corner').tap();
    await says(page, '请输入 PIN');
    await look('exit');
    await keypad('1111');
    await touch('确定');
    await says(page, 'PIN 不对');
    await keypad('2468');
    await touch('确定');
    await page.waitForURL((to) => !to.search.includes('kiosk'));
  },
  'nobody there: it asks, waits, and forgets': async () => {
    const other = await context.newPage();
    await other.clock.install();
    await other.goto(`${url}&window=kiosk`);
    await other.getByText('请选择要办理的业务').waitFor();
    await ask('kiosk_enter', { job: 'graduate', text: people.code, proof: null });
    await other.getByRole('button', { name: /上传图像采集码/ }).tap();
    // The clock of the page runs on beside what is added to it, faster than a busy machine draws.
    await other.clock.runFor(25_000);
    assert.equal(await other.locator('.idle').count(), 0);
    await other.clock.runFor(16_000);
    await other.getByText(/还在吗/).waitFor();
    wrong.push(...(await findings(other, 'still there?')));
    // The page's clock is ours here, and a finger waits for its frames.
    await other.getByRole('button', { name: '我还在' }).evaluate((button) => button.click());
    await other.locator('.idle').waitFor({ state: 'hidden' });
    await other.clock.runFor(61_000);
    await other.getByText('请选择要办理的业务').waitFor();
    await until('forgotten', async () => (await guest()) === null);
    await other.close();
  },
  'axe finds nothing serious on any of these screens': async () => assert.deepEqual(wrong, []),
  'every screen looks as it did': async () => assert.deepEqual(kept.close({ whole: !pictures }).wrong, []),
};
const shots = Object.entries(steps);
const counted = Object.fromEntries(shots.map(([name, act]) => [name, async () => {
  await act();
  const hands = await page.evaluate(() => globalThis.hands);
  assert.deepEqual([hands.others, hands.keys], [0, 0], 'a mouse or a keyboard was used');
}]));
const failed = await run(counted, page, 'kiosk');
await browser.close();
farewell();
// Refusals are part of the journey; what the content policy objects to is not.
const objections = [...new Set(complaints)].filter((c) => !/status of (404|422|503)/.test(c));
for (const objection of objections) console.log(`console: ${objection}`);
process.exitCode = failed > 0 || objections.length > 0 ? 1 : 0;
