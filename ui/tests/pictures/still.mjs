//! What varies from run to run on a screen that is otherwise the same, and how it is held still while its picture is taken.

/**
 * Pictures of people and whatever a camera shows: their place and size are compared, not what is on them. A payment code carries the
 * order's number.
 */
const HIDDEN = `
  img, canvas, svg image { object-position: -9999px -9999px !important; background: #808080 !important; }
  .pay svg { background: #808080 !important; }
  .pay svg > * { visibility: hidden !important; }
`;

/** Texts of a real station or center that are others each time: the moments and numbers of its orders. Each becomes one of the same length. */
export const MOMENTS = [
  [/\d{17}/g, '20260612102431000'],
  [/\d{4}-\d\d-\d\d/g, '2026-06-12'],
  [/\d{4}\/\d{1,2}\/\d{1,2}/g, '2026/6/12'],
  [/\d{4}年\d{1,2}月\d{1,2}日/g, '2026年6月12日'],
  [/\d{1,2}月\d{1,2}日/g, '6月12日'],
  [/\b\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*\b/g, '12 Jun'],
  [/\b\d{1,2}\/\d{1,2}\/\d{4}\b/g, '12/06/2026'],
  [/\b\d{1,2}:\d\d:\d\d\b/g, '10:24:31'],
  [/\b\d{1,2}:\d\d\b(?!:)/g, '10:24'],
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
  globalThis.held = () => {
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
