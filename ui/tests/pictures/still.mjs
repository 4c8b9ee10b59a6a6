//! What varies from run to run on a screen that is otherwise the same, and how it is held still while its picture is taken.

/**
 * Pictures of people and whatever a camera shows: their place and size are compared, not what is on them. A payment code carries the
 * order's number. Messages above the page come and go by the second.
 */
const HIDDEN = `
  img, canvas, svg image { object-position: -9999px -9999px !important; background: #808080 !important; }
  .pay svg { background: #808080 !important; }
  .pay svg > * { visibility: hidden !important; }
  .toasts { visibility: hidden !important; }
`;

/** Texts of a real station that are others each time: moments, and the numbers made from them. Each becomes one like it. */
export const MOMENTS = [
  [/\d{17}/g, '20260612102431000'],
  [/(?<before>尾号 |…)\d{4}\b/g, '$<before>1000'],
  [/\d{4}-\d\d-\d\d/g, '2026-06-12'],
  [/\d{4}\/\d{1,2}\/\d{1,2}/g, '2026/6/12'],
  [/\d{4}年\d{1,2}月\d{1,2}日/g, '2026年6月12日'],
  [/\d{1,2}月\d{1,2}日/g, '6月12日'],
  [/\b\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*\b/g, '12 Jun'],
  [/\b\d{1,2}\/\d{1,2}\/\d{4}\b/g, '12/06/2026'],
  [/\b\d\d\/\d\d\b(?!\/)/g, '06/12'],
  [/(?<![:\d])\d{1,2}:\d\d:\d\d\b/g, '10:24:31'],
  [/(?<![:\d])\d{1,2}:\d\d\b(?!:)/g, '10:24'],
];

/** Those of a real center: what it draws by lot, too. */
export const LOTS = [
  [/\b(?<school>\d{5})-\d{8}-[0-9a-f]{6}\b/g, '$<school>-20260612-0a1b2c'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '0197603c-8a51-7c3e-9d2a-3f1f0e7a4b11'],
  [/\b[0-9a-f]{64}\b/g, '9f2c4b7a61d0'.repeat(5) + 'aa11'],
  // The tails of an id, of a station and of whatever else, and the head of a link of the audit's chain.
  [/^[0-9a-f]{6}$/g, '0a1b2c'],
  [/^[0-9a-f]{12}$/g, '0a1b2c3d4e5f'],
  [/^(?<place>#\d+ )[0-9a-f]{10}$/g, '$<place>0a1b2c3d4e'],
  [/\b[0-9A-Z]{5}-[0-9A-Z]{5}\b/g, 'ABCDE-FGHJK'],
  [/\bxyt_[0-9A-Za-z_-]+/g, 'xyt_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG'],
  [/刚刚|\d+ 分钟前/g, '1 分钟前'],
  [/just now|\d+ min ago/g, '1 min ago'],
  ...MOMENTS,
];

/** In the page: lays the sheet over it and puts still texts in the place of those that vary. */
function hold([sheet, varies]) {
  const cover = new CSSStyleSheet();
  cover.replaceSync(sheet);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, cover];
  const changed = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const text = varies.reduce((t, [pattern, flags, put]) => t.replace(new RegExp(pattern, flags), put), node.nodeValue);
    if (text !== node.nodeValue) changed.push([node, node.nodeValue, text]);
  }
  for (const [node, , text] of changed) node.nodeValue = text;
  const fields = [...document.querySelectorAll(varies.length ? 'input[type=date], input[type=datetime-local]' : 'never')].map((field) => [field, field.value]);
  for (const [field, value] of fields) field.value = value && (field.type === 'date' ? '2026-06-12' : '2026-06-12T10:24');
  globalThis.held = () => {
    for (const [field, value] of fields) field.value = value;
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((s) => s !== cover);
    // A text that has moved on meanwhile keeps what it says now.
    for (const [node, before, text] of changed) if (node.nodeValue === text) node.nodeValue = before;
  };
}

/** Holds the page still, does something, and lets it go. */
export async function still(page, varies, act) {
  await page.evaluate(hold, [HIDDEN, varies.map(([pattern, put]) => [pattern.source, pattern.flags, put])]);
  try {
    return await act();
  } finally {
    await page.evaluate(() => globalThis.held());
  }
}
