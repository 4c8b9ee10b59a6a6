//! What can the screens ask of the station, whichever door they came through?
import type { Call } from '../ipc/Call';
import type { Fault } from '../ipc/Fault';
import type { CallName, CallResult } from './results';

/** One call with its arguments. */
export type CallOf<N extends CallName> = Extract<Call, { call: N }>;

/** Whose window this is: the photographer's, the sitter's display, the graduates' kiosk, or the coordinator's review. */
export const ROLES = ['desk', 'subject', 'kiosk', 'review'] as const;
export type Role = (typeof ROLES)[number];
export const asRole = (text: string | null | undefined): Role => ROLES.find((r) => r === text) ?? 'desk';

/** The door to the station. Only this folder knows Tauri or fetch. */
export interface Host {
  readonly role: Role;
  /** Opens the window of a role, or shows the one that is there. */
  openWindow(role: Role): Promise<void>;
  /** The kiosk was opened with its PIN; its window goes. */
  leaveKiosk(): void;
  /** Makes a call; rejects with a `HostFault`. */
  call<N extends CallName>(call: CallOf<N>, patience?: AbortSignal): Promise<CallResult<N>>;
  /** The address of a picture, as `shot/<id>?size=thumb`. */
  picture(path: string): string;
  /** Keeps a document where a person finds it; answers with its name there. */
  keep(name: string, file: Blob): Promise<string>;
  /** Fetches a file of the center to where a person finds it; answers with its name there. */
  keepFromCenter(target: string, name: string): Promise<string>;
  /** The newest preview frame after `sequence`; null when none came within a second. */
  frame(sequence: number, patience: AbortSignal): Promise<Frame | null>;
}

/** A preview frame, still compressed. `turns`: quarters clockwise that make it upright; `width` and `height` are those of the bytes. */
export type Frame = { jpeg: Blob; sequence: number; width: number; height: number; turns: number };

/** A refused or failed call. The words are found by `fault.code`. */
export class HostFault extends Error {
  constructor(readonly fault: Fault) {
    super(fault.code);
  }
}

/** Reads whatever a door threw; anything unknown is the door's own failure. */
export function asFault(thrown: unknown): Fault {
  if (thrown instanceof HostFault) return thrown.fault;
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string') {
    const { values, retry } = thrown as Partial<Fault>;
    return { code: thrown.code, values: values ?? {}, retry: retry ?? false };
  }
  return { code: 'no_answer', values: {}, retry: true };
}

/** Fetches a preview frame from a picture address; both doors serve pictures the same way. */
export async function fetchFrame(address: string, patience: AbortSignal): Promise<Frame | null> {
  const answer = await fetch(address, { signal: patience, cache: 'no-store' });
  if (answer.status === 204) return null;
  if (!answer.ok) throw new HostFault({ code: 'picture', values: {}, retry: true });
  const number = (name: string) => Number(answer.headers.get(name) ?? 0);
  const [sequence, width, height] = [number('X-Sequence'), number('X-Width'), number('X-Height')];
  return { jpeg: await answer.blob(), sequence, width, height, turns: number('X-Turns') };
}
