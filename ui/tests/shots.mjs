//! Takes a screenshot of every screen and state: `npm run shots -- [--only NAME] [--lang en] [--size 1920x1080] [--theme paper] [--out DIR]`.
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { open, settled } from './browser.mjs';
import { start } from './fake/server.mjs';
import { go, JOURNEYS } from './journeys.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' }, lang: { type: 'string', default: 'zh-CN' }, size: { type: 'string', default: '1366x768' },
    theme: { type: 'string', default: 'studio' }, out: { type: 'string', default: join(tmpdir(), 'xueying-shots') },
  },
});
const [width = 1366, height = 768] = values.size.split('x').map(Number);
const folder = join(values.out, `${values.size}-${values.lang}-${values.theme}`);
mkdirSync(folder, { recursive: true });
const station = await start();
const { browser, page, complaints } = await open(width, height);
for (const journey of JOURNEYS.filter((j) => j.name.includes(values.only))) {
  await go(page, station, journey, values.lang, values.theme);
  await settled(page);
  await page.screenshot({ path: join(folder, `${journey.name}.png`) });
}
await browser.close();
await station.stop();
console.log(folder);
for (const complaint of new Set(complaints)) console.log(`console: ${complaint}`);
process.exitCode = complaints.length > 0 ? 1 : 0;
