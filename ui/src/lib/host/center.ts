//! The door to the center: its routes for people (`docs/central-api.md`), with the session's cookie and the page's token.
import { download } from '../kit/files';

/** A refused or failed request. The words are found by `code`. */
export class CenterFault extends Error {
  constructor(
    readonly code: string,
    /** The center's own line, in English; names the value that does not hold. */
    readonly detail: string | null = null,
  ) {
    super(code);
  }
}

/** How requests and files travel: by the browser itself, or through a station (`through-station.ts`). */
export type Way = {
  send(target: string, request: RequestInit): Promise<Response>;
  /** Keeps a file that is here; answers with its name where a person finds it, or null when the browser says so itself. */
  keep(name: string, file: Blob): Promise<string | null>;
  /** Fetches a file from the center to there. Null: a link does. */
  keepFile: ((target: string, name: string) => Promise<string>) | null;
};

/** The way of a page the center served. */
export const browserWay: Way = {
  send: (target, request) => fetch(target, request),
  async keep(name, file) {
    download(name, file);
    return null;
  },
  keepFile: null,
};

export type Query = Record<string, string | number | null | undefined>;

/** Writes a path with its query; what is not there is left out. */
export function address(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text ? `${path}?${text}` : path;
}

/** The requests of one page. */
export class CenterDoor {
  /** What changes must be accompanied by; told at login. */
  token: string | null = null;

  /** `lost` is called when the session is over. */
  constructor(
    private readonly lost: () => void,
    readonly way: Way,
  ) {}

  async get<T>(path: string, query?: Query, patience?: AbortSignal): Promise<T> {
    return (await this.#send('GET', address(path, query), undefined, patience)).json() as Promise<T>;
  }

  /** Changes something; answers null when the center has nothing to say. */
  async post<T = null>(path: string, body: unknown = {}): Promise<T> {
    const answer = await this.#send('POST', path, body);
    return answer.status === 204 ? (null as T) : ((await answer.json()) as T);
  }

  async remove(path: string): Promise<void> {
    await this.#send('DELETE', path);
  }

  /** A picture of an order, to be shown. */
  async picture(order: string, kind: 'finished' | 'preview', patience?: AbortSignal, revision?: number): Promise<Blob> {
    const answer = await this.#send('GET', address(`/api/orders/${order}/pictures/${kind}`, { revision }), undefined, patience);
    return new Blob([await answer.arrayBuffer()], { type: 'image/jpeg' });
  }

  /** Sends a file as it is. */
  async send_file<T>(path: string, file: Blob): Promise<T> {
    return (await this.#send('POST', path, file)).json() as Promise<T>;
  }

  /** A file that fits in memory, as a list. */
  async file(path: string, query?: Query): Promise<Blob> {
    return (await this.#send('GET', address(path, query))).blob();
  }

  /** Says something on leaving the page; nobody waits for the answer. */
  tell(path: string, body: unknown) {
    void this.way.send(path, { method: 'POST', keepalive: true, headers: this.#headers(), body: JSON.stringify(body) }).catch(() => undefined);
  }

  #headers(): Record<string, string> {
    return this.token ? { 'content-type': 'application/json', 'x-csrf-token': this.token } : { 'content-type': 'application/json' };
  }

  async #send(method: string, path: string, body?: unknown, patience?: AbortSignal): Promise<Response> {
    const request: RequestInit = { method, credentials: 'same-origin', cache: 'no-store', headers: this.#headers() };
    if (body !== undefined) request.body = body instanceof Blob ? body : JSON.stringify(body);
    if (patience) request.signal = patience;
    let answer: Response;
    try {
      answer = await this.way.send(path, request);
    } catch (thrown) {
      if (patience?.aborted || thrown instanceof CenterFault) throw thrown;
      throw new CenterFault('no_center');
    }
    if (answer.ok) return answer;
    const said = (await answer.json().catch(() => null)) as { code?: string; detail?: string } | null;
    const code = said?.code ?? 'no_center';
    if (code === 'login_needed' && path !== '/api/login' && path !== '/api/me') this.lost();
    throw new CenterFault(code, said?.detail ?? null);
  }
}

/** Reads whatever was thrown. */
export const asCenterFault = (thrown: unknown): CenterFault => (thrown instanceof CenterFault ? thrown : new CenterFault('no_center'));
