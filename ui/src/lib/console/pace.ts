//! How long will it still take? From two looks at the same work by the same clock.

export type Look = { done: number; at_ms: number };

/** Milliseconds left, or null while nothing was done between the looks. */
export function timeLeft(first: Look, now: Look, total: number): number | null {
  const [did, took] = [now.done - first.done, now.at_ms - first.at_ms];
  return did > 0 && took > 0 ? ((total - now.done) * took) / did : null;
}
