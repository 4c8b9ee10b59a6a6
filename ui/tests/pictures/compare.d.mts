//! Types of compare.mjs for the tests written in TypeScript.
/** A picture, four bytes a pixel. */
export interface Picture {
  data: Uint8Array;
  width: number;
  height: number;
}
export function compare(expected: Picture, actual: Picture): { why: string | null; moved?: number; colours?: number; drawing: Uint8Array | null };
