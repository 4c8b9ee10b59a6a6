//! Where does the window begin? At the root of the one it is for.
import { mount } from 'svelte';
import App from './app.svelte';
import { openHost, type Host } from './lib/host';
import Kiosk from './kiosk.svelte';
import Subject from './subject.svelte';
import './tokens.css';
import './base.css';

const target = document.getElementById('app');
if (target) {
  const host = openHost();
  if (host.role === 'review') void openReview(target, host);
  else mount({ desk: App, subject: Subject, kiosk: Kiosk }[host.role], { target, props: { host } });
}

/** The center's console is fetched only where it is used; the photographer's window need not wait for it. */
async function openReview(target: HTMLElement, host: Host) {
  const [{ default: Console }, { stationWay }] = await Promise.all([import('./console.svelte'), import('./lib/host/through-station')]);
  mount(Console, { target, props: { way: stationWay(host) } });
}
