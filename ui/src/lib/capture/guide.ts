//! Where do the lines of the guide lie on the frame? Pure: from the standard's numbers and the crop.
import type { RangeView } from '../ipc/RangeView';
import type { RectView } from '../ipc/RectView';
import type { SpecView } from '../ipc/SpecView';

/** A band across the crop, in pixels of the frame. */
export type Band = { top: number; bottom: number };

/** All lines, in pixels of the frame. */
export type Guide = {
  crop: RectView;
  crown: Band | null;
  eyes: Band | null;
  /** Distances from the centre line: the face's edge lies between them. */
  cheeks: { inner: number; outer: number } | null;
  centre: number;
};

/** The crop shown when there is no face: the middle of the frame in the standard's shape. */
export function restingCrop(frame: { width: number; height: number }, spec: SpecView): RectView {
  const height = Math.min(frame.height * 0.96, (frame.width * 0.96 * spec.height_px) / spec.width_px);
  const width = (height * spec.width_px) / spec.height_px;
  return { x: (frame.width - width) / 2, y: (frame.height - height) / 2, width, height };
}

/** The guide on a crop. */
export function guideOn(crop: RectView, spec: SpecView): Guide {
  const scale = crop.height / spec.height_px;
  const band = (range: RangeView | null): Band | null =>
    range && { top: crop.y + (range.min ?? 0) * scale, bottom: crop.y + (range.max ?? spec.height_px) * scale };
  const turned = (range: RangeView | null): RangeView | null =>
    range && { min: range.max === null ? null : spec.height_px - range.max, max: range.min === null ? null : spec.height_px - range.min };
  const width = spec.face_width_px;
  return {
    crop,
    crown: band(spec.crown_to_top_px),
    eyes: band(spec.eyes_to_top_px ?? turned(spec.eyes_to_bottom_px)),
    cheeks: width && { inner: ((width.min ?? 0) * scale) / 2, outer: ((width.max ?? spec.width_px) * scale) / 2 },
    centre: crop.x + crop.width / 2,
  };
}

/** The part of the frame one sees: full height, centred, as wide as the stage allows; never beyond the frame. */
export function visible(frame: { width: number; height: number }, stage: { width: number; height: number }): RectView {
  const wanted = (frame.height * stage.width) / stage.height;
  if (wanted <= frame.width) return { x: (frame.width - wanted) / 2, y: 0, width: wanted, height: frame.height };
  const height = (frame.width * stage.height) / stage.width;
  return { x: 0, y: (frame.height - height) / 2, width: frame.width, height };
}

/** How much of the height the crop fills when the view is drawn closer. */
const CLOSE = 0.86;
/** The view stays as it is while the crop fills between these shares of its height: it must not follow every breath. */
const LEAST = 0.62;
const MOST = 0.99;

/** The part of the frame that shows a crop large, within the frame and in the stage's shape. */
export function closeUp(frame: { width: number; height: number }, stage: { width: number; height: number }, crop: RectView): RectView {
  const shape = stage.width / stage.height;
  const height = Math.min(frame.height, frame.width / shape, crop.height / CLOSE);
  const width = height * shape;
  const within = (start: number, length: number, all: number) => Math.max(0, Math.min(all - length, start));
  return {
    x: within(crop.x + crop.width / 2 - width / 2, width, frame.width),
    y: within(crop.y + crop.height / 2 - height / 2, height, frame.height),
    width,
    height,
  };
}

/** Whether a crop lies well in the visible part: inside, neither small nor tight. */
export function liesWell(part: RectView, crop: RectView): boolean {
  const share = crop.height / part.height;
  const edge = part.height * 0.01;
  const inside = (start: number, length: number, from: number, span: number) => start >= from - edge && start + length <= from + span + edge;
  return share >= LEAST && share <= MOST && inside(crop.x, crop.width, part.x, part.width) && inside(crop.y, crop.height, part.y, part.height);
}

/** Mirrors a place left to right within the visible part. */
export const mirrored = (x: number, part: RectView) => 2 * part.x + part.width - x;
