//! Runs axe over every screen and state in both themes; ends with 1 when it finds anything serious.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { open, settled } from './browser.mjs';
import { start } from './fake/server.mjs';
import { go, JOURNEYS } from './journeys.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const only = process.argv[2] ?? '';
const station = await start();
const { browser, page, complaints } = await open(1366, 768);
let serious = 0;
for (const theme of ['studio', 'paper']) {
  for (const journey of JOURNEYS.filter((j) => j.name.includes(only))) {
    await go(page, station, journey, 'zh-CN', theme);
    await settled(page);
    await page.evaluate(axe);
    const { violations, passes } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
    if (passes.length < 5) throw new Error(`axe saw nothing on ${journey.name}`);
    for (const { id, impact, nodes } of violations) {
      if (impact === 'serious' || impact === 'critical') serious++;
      console.log(`${theme} ${journey.name}: ${impact} ${id} ×${nodes.length}: ${nodes[0]?.target.join(' ')} ${nodes[0]?.any[0]?.message ?? ''}`);
    }
  }
}
await browser.close();
await station.stop();
for (const complaint of new Set(complaints)) console.log(`console: ${complaint}`);
console.log(`${serious} serious`);
process.exitCode = serious > 0 || complaints.length > 0 ? 1 : 0;
