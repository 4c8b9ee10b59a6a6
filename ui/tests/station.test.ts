//! Does the window keep hearing the station: through its own answers, failures and a restart?
import { expect, test, vi } from 'vitest';
import { HostFault, type Host } from '../src/lib/host/host';
import type { Snapshot } from '../src/lib/ipc/Snapshot';
import { Station } from '../src/lib/station.svelte';

/** A host whose `watch` plays a script: versions, or failures. It hangs when the script is over. */
function playing(script: (number | 'fails')[]) {
  const asked: (number | null)[] = [];
  const host = {
    async call(call: { args: { seen: number | null } }, patience: AbortSignal) {
      asked.push(call.args.seen);
      const next = script.shift();
      if (next === undefined) await new Promise((_, gone) => patience.addEventListener('abort', () => gone(patience.reason)));
      if (next === 'fails') throw new HostFault({ code: 'no_answer', values: {}, retry: true });
      return { version: next } as Snapshot;
    },
  } as unknown as Host;
  return { host, asked };
}

test('each answer is asked on from, and failures are retried from the start', async () => {
  vi.useFakeTimers();
  const { host, asked } = playing([3, 7, 'fails', 'fails', 1]);
  const station = new Station(host);
  const watching = station.watch();
  await vi.advanceTimersByTimeAsync(100);
  expect(station.snapshot?.version).toBe(7);
  expect(station.trouble?.code).toBe('no_answer');
  await vi.advanceTimersByTimeAsync(2000);
  expect(asked).toEqual([null, 3, 7, null, null, 1]);
  expect(station.trouble).toBe(null);
  expect(station.snapshot?.version).toBe(1);
  station.stop();
  await watching;
  vi.useRealTimers();
});
