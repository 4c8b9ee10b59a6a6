// Photographs so many sitters, one after the other, with the keys a photographer presses, and notes when the window shows what.
const [count] = arguments;
const shots = (window.shots = { done: false, taken: [], trouble: null });
const invoke = window.__TAURI_INTERNALS__.invoke;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const key = (key, code) =>
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true }));
const until = async (what, holds) => {
  for (const end = performance.now() + 5000; performance.now() < end; await new Promise(requestAnimationFrame)) if (holds()) return;
  throw new Error(`nothing came of ${what}`);
};
const picture = () =>
  [...document.querySelectorAll('.stage .shot, .stage figure img')].some((i) => i.complete && i.naturalWidth > 0);
const verdict = () => document.querySelector('.stage .strip') !== null;

const one = async (at) => {
  await invoke('scan', { text: `XYDEMO1|bench-${at}|演**|430102********0000`, source: 'gun' });
  await until('the scan', () => document.querySelector('.card h2.selectable') !== null);
  await wait(700);
  const pressed = performance.now();
  key('F8', 'F8');
  const told = {};
  await until('the shutter', () => {
    if (told.picture === undefined && picture()) told.picture = performance.now() - pressed;
    if (told.verdict === undefined && verdict()) told.verdict = performance.now() - pressed;
    return told.picture !== undefined && told.verdict !== undefined;
  });
  shots.taken.push(told);
  await invoke('retake');
  await until('the retake', () => !verdict());
  await invoke('skip');
  await until('the farewell', () => document.querySelector('.card h2.selectable') === null);
};
const run = async () => {
  for (let at = 0; at < count; at += 1) await one(at);
  shots.done = true;
};
run().catch((e) => (shots.trouble = String(e?.message ?? JSON.stringify(e))));
