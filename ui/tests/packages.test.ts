//! How long a package still takes, and the lists on paper.
import { expect, test } from 'vitest';
import { listSheet, reasons, ROWS_A_PAGE } from '../src/lib/console/list-sheet';
import { timeLeft } from '../src/lib/console/pace';

test('the time left follows the pace between two looks', () => {
  const first = { done: 100, at_ms: 0 };
  expect(timeLeft(first, { done: 200, at_ms: 10_000 }, 1_200)).toBe(100_000);
  expect(timeLeft(first, { done: 100, at_ms: 10_000 }, 1_200)).toBeNull();
  expect(timeLeft(first, first, 1_200)).toBeNull();
  expect(timeLeft(first, { done: 1_200, at_ms: 5_000 }, 1_200)).toBe(0);
});

test('a list has a heading on each page, every row once, and no markup of a name', () => {
  const rows = Array.from({ length: ROWS_A_PAGE + 1 }, (_, n) => ({ class: '1 班', name: n === 0 ? '<b>&' : `某${n}`, student_number: String(2027000 + n), reason: 'no_photo' }));
  const pages = listSheet('缺照片', '2027 级新生', '示例大学', rows, 0);
  expect(pages).toHaveLength(2);
  for (const page of pages) expect(page).toContain('缺照片名单');
  expect(pages.join('').match(/20270\d\d</g)).toHaveLength(rows.length);
  expect(pages[0]).toContain('&#60;b&#62;&#38;');
  expect(pages[1]).toContain(`>${ROWS_A_PAGE + 1}<`);
  expect(listSheet('缺照片', '', '', [], 0)).toHaveLength(1);
});

test('reasons are said in words, several in a row', () => {
  expect(reasons('no_photo')).toBe('未拍照');
  expect(reasons('pending_review')).toBe('待审核');
  expect(reasons('eyes light')).toContain('、');
  expect(reasons('of_a_later_version')).toBe('of_a_later_version');
});
