//! The graduates' door at the center's web site: the kiosk's calls as requests of `/my/api`, so that the same screens show the answers.
//! What only a station can do is refused here.
import type { ContactView } from '../ipc/ContactView';
import type { OrderRow } from '../ipc/OrderRow';
import type { PersonLine } from '../ipc/PersonLine';
import { asCenterFault, browserWay, CenterDoor } from './center';
import { download } from '../kit/files';
import { HostFault, type CallOf, type Host } from './host';
import type { CallName } from './results';

/** The list is looked at again after this time. */
const EVERY_MS = 10_000;

/** Who came in. */
export type Me = { phone_masked: string; csrf_token: string };
type Orders = { orders: OrderRow[]; person: PersonLine | null };
const NOBODY: PersonLine = { name: null, id_masked: null, phone_masked: null, student_number: null, school: null, faculty: null, major: null, class: null, code_short: null };

/** The door of one page. */
export class SiteDoor {
  me: Me | null = null;
  #center: CenterDoor;
  #contact: ContactView | null = null;
  #version = 0;

  /** `lost` is called when the session is over. */
  constructor(lost: () => void) {
    // Nobody loses a session who had none.
    this.#center = new CenterDoor(() => this.me && lost(), browserWay);
  }

  /** Who is in already; null when nobody is. */
  async resume(): Promise<Me | null> {
    try {
      return this.#admit(await this.#center.get<Me>('/my/api/me'));
    } catch (thrown) {
      if (asCenterFault(thrown).code === 'login_needed') return null;
      throw thrown;
    }
  }

  /** Has a code sent; answers after how many milliseconds another may be. */
  async ask(phone: string): Promise<number> {
    return (await this.#center.post<{ again_in_ms: number }>('/my/api/code', { phone })).again_in_ms;
  }

  async login(phone: string, code: string): Promise<Me> {
    return this.#admit(await this.#center.post<Me>('/my/api/login', { phone, code }));
  }

  async logout() {
    await this.#center.post('/my/api/logout');
    this.me = null;
    this.#center.token = null;
  }

  contact = async () => (this.#contact ??= { site: '', ...(await this.#center.get<Omit<ContactView, 'site'>>('/my/api/contact')) });

  allow = (order: string, allowed: boolean, language: string) => this.#center.post(`/my/api/orders/${order}/messages`, { allowed, language });

  #admit(me: Me): Me {
    this.me = me;
    this.#center.token = me.csrf_token;
    return me;
  }

  /** The kiosk's screens call this. */
  host(): Host {
    const nothing = () => Promise.reject(new HostFault({ code: 'not_here', values: {}, retry: false }));
    return {
      role: 'kiosk',
      openWindow: nothing,
      leaveKiosk: () => undefined,
      call: async (call, patience) => {
        try {
          return (await this.#answer(call as CallOf<CallName>, patience)) as never;
        } catch (thrown) {
          if (patience?.aborted || thrown instanceof HostFault) throw thrown;
          const { code } = asCenterFault(thrown);
          throw new HostFault({ code, values: {}, retry: code === 'no_center' || code === 'overloaded' || code === 'rate_limited' });
        }
      },
      // As `order/<id>?size=…`; there is one size.
      picture: (path) => `/my/api/orders/${path.split(/[/?]/)[1]}/picture`,
      keep: async (name, file) => {
        download(name, file);
        return name;
      },
      keepFromCenter: nothing,
      frame: nothing,
    };
  }

  async #answer(call: CallOf<CallName>, patience?: AbortSignal): Promise<unknown> {
    const post = (order: string, what: string, body?: unknown) => this.#center.post<unknown>(`/my/api/orders/${order}/${what}`, body);
    switch (call.call) {
      case 'kiosk_watch':
        if (call.args.seen !== null) await later(EVERY_MS, patience);
        return this.#view(patience);
      case 'kiosk_order':
        return this.#center.get(`/my/api/orders/${call.args.id}`);
      case 'kiosk_pay':
        return post(call.args.order_id, 'payment').catch((thrown: unknown) => {
          // No provider here, or nothing to pay: the kiosk's word for it.
          if (asCenterFault(thrown).code === 'state_forbidden') throw new HostFault({ code: 'not_payable', values: {}, retry: false });
          throw thrown;
        });
      case 'kiosk_edit_address':
        return post(call.args.order_id, 'address', { address: call.args.address });
      case 'kiosk_withdraw':
        return post(call.args.order_id, 'withdraw');
      case 'kiosk_reprint':
        return post(call.args.order_id, 'reprint');
      case 'kiosk_my_data':
        return this.#data();
      case 'kiosk_erase':
        return this.#center.post('/my/api/erase');
      default:
        throw new HostFault({ code: 'not_here', values: {}, retry: false });
    }
  }

  async #data() {
    const data = await this.#center.get<{ person: PersonLine | null }>('/my/api/data');
    return { ...data, person: data.person ?? this.#nobody() };
  }

  #nobody = (): PersonLine => ({ ...NOBODY, phone_masked: this.me?.phone_masked ?? null });

  /** What the station would say of its guest. */
  async #view(patience?: AbortSignal) {
    const { orders, person } = await this.#center.get<Orders>('/my/api/orders', {}, patience);
    return {
      version: ++this.#version,
      graduate: null,
      freshman: null,
      guest: { job: 'graduate', person: person ?? this.#nobody(), consented: orders.length > 0, coded: true, missing: [], collected: orders.length > 0, recall: null, orders },
      booth: null,
      chair_taken: false,
      camera: '',
      contact: await this.contact(),
      site: null,
      station_name: '',
      demo: false,
    };
  }
}

/** Waits, and looks again at once when the page is looked at again. */
function later(ms: number, patience?: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const go = () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
      done();
    };
    const seen = () => document.visibilityState === 'visible' && go();
    const timer = setTimeout(go, ms);
    document.addEventListener('visibilitychange', seen);
    patience?.addEventListener('abort', go, { once: true });
  });
}
