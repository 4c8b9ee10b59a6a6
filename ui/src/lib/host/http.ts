//! The loopback door: calls as JSON to the origin the page came from; the session cookie travels by itself.
import { asFault, fetchFrame, HostFault, type Host } from './host';

/** The door of `station serve` and of development. */
export function httpHost(): Host {
  const picture = (path: string) => `/pictures/${path}`;
  return {
    async call(call, patience) {
      try {
        const request: RequestInit = {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(call),
          credentials: 'same-origin',
        };
        if (patience) request.signal = patience;
        const answer = await fetch('/call', request);
        const body: unknown = await answer.json();
        if (answer.ok) return body as never;
        throw asFault(body);
      } catch (thrown) {
        throw new HostFault(asFault(thrown));
      }
    },
    picture,
    frame: (sequence, patience) => fetchFrame(picture(`preview?after=${sequence}`), patience),
  };
}
