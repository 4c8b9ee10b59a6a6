//! What does a key mean on the review screen? Places of keys, not letters: a Chinese input method may be on.

export const COLUMNS = 7;
export const ROWS = 3;
/** Photos of one page. */
export const PAGE = COLUMNS * ROWS;

/** The reasons by digit: `RejectReason::ALL` in `crates/domain/src/review.rs`. */
export const REASONS = ['extra_content', 'background', 'pose', 'eyes', 'expression', 'covering', 'light', 'quality', 'wrong_person'] as const;

export type ReviewKey =
  | { does: 'move'; by: number }
  | { does: 'edge'; to: 'first' | 'last' }
  | { does: 'turn'; by: 1 | -1 }
  | { does: 'loupe' | 'compare' | 'approve' | 'approve_page' | 'choose' | 'undo' | 'refresh' | 'help' | 'escape' }
  | { does: 'reject'; reason: string };

export type Stroke = Pick<KeyboardEvent, 'code' | 'key' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'>;

const PLAIN: Record<string, ReviewKey> = {
  ArrowLeft: { does: 'move', by: -1 },
  ArrowRight: { does: 'move', by: 1 },
  ArrowUp: { does: 'move', by: -COLUMNS },
  ArrowDown: { does: 'move', by: COLUMNS },
  Home: { does: 'edge', to: 'first' },
  End: { does: 'edge', to: 'last' },
  PageDown: { does: 'turn', by: 1 },
  PageUp: { does: 'turn', by: -1 },
  Space: { does: 'loupe' },
  Enter: { does: 'loupe' },
  NumpadEnter: { does: 'loupe' },
  KeyA: { does: 'approve' },
  KeyC: { does: 'compare' },
  KeyX: { does: 'choose' },
  KeyU: { does: 'undo' },
  KeyR: { does: 'refresh' },
  Escape: { does: 'escape' },
};

/** The meaning of a stroke, or null. */
export function meaning(stroke: Stroke): ReviewKey | null {
  if (stroke.ctrlKey || stroke.altKey || stroke.metaKey) return null;
  if (stroke.key === '?') return { does: 'help' };
  if (stroke.shiftKey) return stroke.code === 'KeyA' ? { does: 'approve_page' } : null;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(stroke.code)?.[1];
  const reason = digit ? REASONS[Number(digit) - 1] : undefined;
  if (reason) return { does: 'reject', reason };
  return PLAIN[stroke.code] ?? null;
}

/** Where the cursor goes on a page of `count` photos: past an edge it comes in at the other. */
export function moved(at: number, by: number, count: number): number {
  if (count <= 0) return 0;
  if (Math.abs(by) === 1) return (at + by + count) % count;
  const column = at % COLUMNS;
  const rows = Math.ceil((count - column) / COLUMNS);
  const row = (Math.floor(at / COLUMNS) + Math.sign(by) + rows) % rows;
  return row * COLUMNS + column;
}
