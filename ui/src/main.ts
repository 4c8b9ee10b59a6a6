//! Where does the window begin? At the root of the one it is for.
import { mount } from 'svelte';
import App from './app.svelte';
import { openHost } from './lib/host';
import Kiosk from './kiosk.svelte';
import Subject from './subject.svelte';
import './tokens.css';
import './base.css';

const target = document.getElementById('app');
if (target) {
  const host = openHost();
  const root = { desk: App, subject: Subject, kiosk: Kiosk }[host.role];
  mount(root, { target, props: { host } });
}
