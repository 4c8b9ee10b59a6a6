//! Debian's chromium through playwright-core, with a fresh profile and without any network of its own, drawing alike on every machine.
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required'];
/** Letters by their outlines alone, in grey, and colours as they are named: neither the screen nor the processor has a say, nor has the machine's language in how a date field looks. */
const ALIKE = ['--font-render-hinting=none', '--disable-lcd-text', '--force-color-profile=srgb', '--disable-skia-runtime-opts'];
const FONTS = join(import.meta.dirname, 'pictures/fonts.conf');

/** Opens a page of a size; `complaints` collects what the console and the content policy object to. */
export const open = (width, height) => launch({ width, height });

/** The same with more to choose: a touch screen, for one; `flags` go to chromium. */
export async function launch(viewport, { flags = ALIKE, ...more } = {}) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: [...FLAGS, ...flags], env: { ...process.env, FONTCONFIG_FILE: FONTS, LANGUAGE: 'en_US', LC_ALL: 'C.UTF-8' } });
  const context = await browser.newContext({ viewport, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...more });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { browser, page, complaints, context };
}

/** Waits until fonts and pictures are there. */
export async function settled(page) {
  await page.evaluate(async () => {
    await document.fonts.ready;
    const pictures = [...document.images].filter((i) => i.src && i.loading !== 'lazy');
    await Promise.race([Promise.all(pictures.map((i) => i.decode().catch(() => {}))), new Promise((r) => setTimeout(r, 3000))]);
  });
  await page.waitForTimeout(250);
}
