//! How does the review window reach the center? Through its station, which trusts the center and keeps the session.
import { base64Of } from '../kit/files';
import { CenterFault, type Way } from './center';
import { HostFault, type Host } from './host';

/** Answers that have no body. */
const EMPTY = [204, 205, 304];

async function bodyOf(request: RequestInit): Promise<string | null> {
  const { body } = request;
  if (body === undefined || body === null) return null;
  return base64Of(body instanceof Blob ? body : new Blob([String(body)]));
}

/** The way of a window of the station. */
export function stationWay(host: Host): Way {
  return {
    async send(target, request) {
      const token = new Headers(request.headers).get('x-csrf-token');
      const args = { method: request.method ?? 'GET', target, token, body_base64: await bodyOf(request) };
      try {
        const answer = await host.call({ call: 'ask_center', args });
        const bytes = Uint8Array.from(atob(answer.body_base64), (c) => c.charCodeAt(0));
        const body = EMPTY.includes(answer.status) ? null : bytes;
        return new Response(body, { status: answer.status, headers: { 'content-type': answer.content_type } });
      } catch (thrown) {
        if (thrown instanceof HostFault && thrown.fault.code === 'not_enrolled') throw new CenterFault('not_enrolled');
        throw thrown;
      }
    },
    keep: (name, file) => host.keep(name, file),
    keepFile: (target, name) => host.keepFromCenter(target, name),
  };
}
