//! How is a frame drawn whose camera lies on its side or hangs upside down? Pure: quarters clockwise come in, the drawing's transform goes out.

type Size = { width: number; height: number };
/** As `setTransform` takes it: x' = a·x + c·y + e, y' = b·x + d·y + f. */
export type Transform = [a: number, b: number, c: number, d: number, e: number, f: number];

/** The size of the upright frame. */
export const uprightSize = (turns: number, { width, height }: Size): Size => (turns % 2 === 1 ? { width: height, height: width } : { width, height });

/** Where each pixel of the frame goes. */
export function turned(turns: number, { width, height }: Size): Transform {
  switch (turns % 4) {
    case 1:
      return [0, 1, -1, 0, height, 0];
    case 2:
      return [-1, 0, 0, -1, width, height];
    case 3:
      return [0, -1, 1, 0, 0, width];
    default:
      return [1, 0, 0, 1, 0, 0];
  }
}
