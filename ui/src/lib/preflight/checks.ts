//! Is the station ready for the day? Pure: what the snapshot says, line by line.
import { uprightSize } from '../capture/turn';
import type { DeskView } from '../ipc/DeskView';
import type { StatusView } from '../ipc/StatusView';

/** Ready, worth a look, to be fixed first, or not tried yet. */
export type State = 'good' | 'look' | 'bad' | 'open';

/** Beyond this the clocks differ enough that the center refuses dated signatures. */
export const SKEW_MS = 60_000;

/** The states of all lines that the snapshot decides. */
export function checks(status: StatusView, desk: DeskView): Record<'campaign' | 'code' | 'operator' | 'camera' | 'disk' | 'clock' | 'center' | 'leftovers', State> {
  const { camera, disk, queue } = status;
  const streams = camera.state === 'streaming';
  const upright = uprightSize(camera.turns, camera);
  const enough = !desk.spec || (upright.width >= desk.spec.width_px && upright.height >= desk.spec.height_px);
  const { clock_skew_ms: skew } = queue;
  return {
    campaign: status.campaign ? 'good' : 'bad',
    code: !desk.feature_code.needed || desk.feature_code.entered ? 'good' : 'bad',
    operator: status.operator ? 'good' : 'look',
    camera: !streams ? 'bad' : enough ? 'good' : 'look',
    disk: disk.level === 'blocked' ? 'bad' : disk.level === 'low' ? 'look' : 'good',
    clock: skew === null ? 'open' : Math.abs(skew) > SKEW_MS ? 'bad' : 'good',
    center: status.center_url === null ? 'look' : queue.online ? 'good' : 'look',
    leftovers: desk.unconfirmed.length + desk.orphans > 0 ? 'look' : 'good',
  };
}
