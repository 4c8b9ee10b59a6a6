//! Do the lines of the guide lie where the standard says?
import { expect, test } from 'vitest';
import { closeUp, guideOn, liesWell, mirrored, restingCrop, visible } from '../src/lib/capture/guide';
import type { SpecView } from '../src/lib/ipc/SpecView';

const spec: SpecView = {
  id: 'chsi-graduate-2017', title_zh: '', title_en: '', width_px: 480, height_px: 640,
  crown_to_top_px: { min: 50, max: 110 }, eyes_to_top_px: { min: 200, max: 300 }, eyes_to_bottom_px: null,
  face_width_px: { min: 180, max: 300 }, head_height_px: null, backgrounds: ['#64c5ff'],
};

test('numbers of the finished picture are scaled onto the crop', () => {
  expect(guideOn({ x: 100, y: 20, width: 960, height: 1280 }, spec)).toEqual({
    crop: { x: 100, y: 20, width: 960, height: 1280 },
    crown: { top: 120, bottom: 240 }, eyes: { top: 420, bottom: 620 }, cheeks: { inner: 180, outer: 300 }, centre: 580,
  });
});
test('an eye line given from the bottom is turned over', () => {
  const turned = { ...spec, eyes_to_top_px: null, eyes_to_bottom_px: { min: 340, max: 440 } };
  expect(guideOn({ x: 0, y: 0, width: 480, height: 640 }, turned).eyes).toEqual({ top: 200, bottom: 300 });
});
test('without a face the guide rests in the middle, in the standard’s shape', () => {
  const crop = restingCrop({ width: 1920, height: 1080 }, spec);
  expect(crop.width / crop.height).toBeCloseTo(0.75);
  expect(crop.x + crop.width / 2).toBeCloseTo(960);
});
test('the stage shows the middle of the frame and never beyond it', () => {
  expect(visible({ width: 1920, height: 1080 }, { width: 600, height: 600 })).toEqual({ x: 420, y: 0, width: 1080, height: 1080 });
  const wide = visible({ width: 640, height: 480 }, { width: 1200, height: 600 });
  expect(wide).toEqual({ x: 0, y: 80, width: 640, height: 320 });
});
test('a small crop is shown large, inside the frame, and the view then stays', () => {
  const [frame, stage, crop] = [{ width: 1920, height: 1080 }, { width: 690, height: 568 }, { x: 643, y: 291, width: 592, height: 789 }];
  const part = closeUp(frame, stage, crop);
  expect(part.height).toBeCloseTo(789 / 0.86);
  expect(part.width / part.height).toBeCloseTo(690 / 568);
  expect(part.y + part.height).toBeLessThanOrEqual(1080);
  expect(liesWell(part, crop)).toBe(true);
  expect(liesWell(part, { ...crop, x: crop.x + 60 })).toBe(true);
  expect(liesWell(part, { ...crop, x: crop.x + 400 })).toBe(false);
  expect(liesWell(visible(frame, stage), { ...crop, width: 400, height: 533 })).toBe(false);
});
test('mirroring twice changes nothing', () => {
  const part = { x: 420, y: 0, width: 1080, height: 1080 };
  expect(mirrored(mirrored(500, part), part)).toBe(500);
  expect(mirrored(420, part)).toBe(1500);
});
