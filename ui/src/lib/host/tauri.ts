//! The window's door: one command for each call, pictures through the custom scheme.
import { convertFileSrc, invoke } from '@tauri-apps/api/core';
import { getCurrentWindow } from '@tauri-apps/api/window';
import { base64Of } from '../kit/files';
import { asFault, asRole, fetchFrame, HostFault, type Host } from './host';

/** The scheme's root: `xueying://localhost/`, or `http://xueying.localhost/` on Windows and Android. */
const root = () => convertFileSrc('', 'xueying');

/** The door of the desktop program. */
export function tauriHost(): Host {
  const picture = (path: string) => root() + path;
  return {
    role: asRole(getCurrentWindow().label),
    openWindow: async (role) => {
      await invoke('open_window', { role });
    },
    // The shell has closed it already.
    leaveKiosk: () => undefined,
    async call(call) {
      try {
        return await invoke(call.call, 'args' in call ? { ...call.args } : {});
      } catch (thrown) {
        throw new HostFault(asFault(thrown));
      }
    },
    picture,
    keep: async (name, file) => invoke<string>('keep_document', { name, base64: await base64Of(file) }),
    keepFromCenter: (target, name) => invoke<string>('keep_center_file', { target, name }).catch((thrown: unknown) => {
      throw new HostFault(asFault(thrown));
    }),
    frame: (sequence, patience) => fetchFrame(picture(`preview?after=${sequence}`), patience),
  };
}
