//! Does every screen of the desk and of the sitter's display look as it did, in both languages? The built screens in chromium against
//! the fake station, at a moment that stands still: `cargo xtask test --only pictures`, or `npm run pictures -- [NAME]`.
import { launch, settled } from './browser.mjs';
import { NOW } from './fake/scenes.mjs';
import { start } from './fake/server.mjs';
import { go, JOURNEYS } from './journeys.mjs';
import { album } from './pictures/album.mjs';
import { prove } from './pictures/prove.mjs';

const only = process.argv[2] ?? '';
const desk = album('desk');
const mine = JOURNEYS.filter((j) => j.name.includes(only));
/** Each language has a station and a browser of its own, side by side. */
async function language(spoken) {
  const station = await start();
  const { browser, page, complaints } = await launch({ width: 1366, height: 768 }, { reducedMotion: 'reduce' });
  await page.clock.setFixedTime(NOW);
  for (const journey of mine) {
    await go(page, station, journey, spoken);
    await settled(page);
    await desk.look(page, journey.name, spoken);
  }
  await browser.close();
  await station.stop();
  return complaints;
}

const complaints = new Set((await Promise.all(['zh-CN', 'en'].map(language))).flat());
for (const complaint of complaints) console.log(`console: ${complaint}`);
const { passed, wrong } = desk.close({ whole: only === '' });
const proof = only ? { tried: 0, wrong: [] } : await prove();
for (const line of proof.wrong) console.log(`proof ${line}`);
const failed = wrong.length + complaints.size + proof.wrong.length;
console.log(`test result: ${failed ? 'FAILED' : 'ok'}. ${passed + proof.tried - proof.wrong.length} passed; ${failed} failed`);
process.exitCode = failed ? 1 : 0;
