//! The window's door: one command for each call, pictures through the custom scheme.
import { convertFileSrc, invoke } from '@tauri-apps/api/core';
import { asFault, fetchFrame, HostFault, type Host } from './host';

/** The scheme's root: `xueying://localhost/`, or `http://xueying.localhost/` on Windows and Android. */
const root = () => convertFileSrc('', 'xueying');

/** The door of the desktop program. */
export function tauriHost(): Host {
  const picture = (path: string) => root() + path;
  return {
    async call(call) {
      try {
        return await invoke(call.call, 'args' in call ? { ...call.args } : {});
      } catch (thrown) {
        throw new HostFault(asFault(thrown));
      }
    },
    picture,
    frame: (sequence, patience) => fetchFrame(picture(`preview?after=${sequence}`), patience),
  };
}
