//! The loopback door: calls as JSON to the origin the page came from; the session cookie travels by itself.
import { download } from '../kit/files';
import { asFault, asRole, fetchFrame, HostFault, type Host } from './host';

/** The token of a served page did its work in the request; it need not stand in the address. */
function forgetToken() {
  const address = new URL(location.href);
  if (!address.searchParams.has('token')) return;
  address.searchParams.delete('token');
  history.replaceState(null, '', address);
}

/** The door of `station serve` and of development. */
export function httpHost(): Host {
  forgetToken();
  const picture = (path: string) => `/pictures/${path}`;
  return {
    role: asRole(new URLSearchParams(location.search).get('window')),
    async openWindow(role) {
      if (!window.open(`/?window=${role}`, role)) throw new HostFault({ code: 'window', values: {}, retry: true });
    },
    leaveKiosk: () => location.assign('/'),
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
    async keep(name, file) {
      download(name, file);
      return name;
    },
    async keepFromCenter(target, name) {
      const link = document.createElement('a');
      link.href = `/center-file?${new URLSearchParams({ target })}`;
      link.download = name;
      link.click();
      return name;
    },
    frame: (sequence, patience) => fetchFrame(picture(`preview?after=${sequence}`), patience),
  };
}
