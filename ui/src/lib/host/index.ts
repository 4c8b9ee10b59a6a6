//! Which door leads to the station from here?
import type { Host } from './host';
import { httpHost } from './http';
import { tauriHost } from './tauri';

export { asFault, HostFault, type Frame, type Host, type Role } from './host';

/** The door of the program this page runs in. */
export function openHost(): Host {
  return '__TAURI_INTERNALS__' in window ? tauriHost() : httpHost();
}
