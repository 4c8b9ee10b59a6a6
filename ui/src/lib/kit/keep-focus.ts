//! Where does the focus go when what had it is gone? A removed row or a closed question must not leave a keyboard nowhere.

/** The titles one may be sent to, the nearest first. Nothing that does something: the next key may already be on its way. */
function title(last: Element, path: Element[]): HTMLElement | null {
  const question = [...document.querySelectorAll('dialog[open]')].at(-1);
  if (question) return question.querySelector('h2');
  const beside = path.find((e) => e.isConnected && e.matches('aside') && e !== last);
  return beside?.querySelector<HTMLElement>('h2') ?? document.querySelector('main h1');
}

/** Puts the focus on a title; it stays out of the Tab order. */
function rest(on: HTMLElement) {
  if (!on.hasAttribute('tabindex')) on.tabIndex = -1;
  on.focus();
}

/** Gives the focus back to what had it before something was opened, or to the nearest title when that is gone. */
export function giveBack(before: Element | null) {
  if (!(before instanceof HTMLElement) || before === document.body) return;
  if (before.isConnected && !before.matches(':disabled')) return before.focus();
  const on = title(before, []);
  if (on) rest(on);
}

/** Watches from now on; answers with what ends it. A focus that somebody put nowhere by a click is left there. */
export function keepFocus(): () => void {
  let [last, path]: [Element | null, Element[]] = [null, []];
  const remember = ({ target }: FocusEvent) => {
    if (!(target instanceof Element)) return;
    last = target;
    path = [];
    for (let e = target.parentElement; e; e = e.parentElement) path.push(e);
  };
  const look = () => {
    if (!last || document.activeElement !== document.body) return;
    if (last.isConnected && !last.matches(':disabled')) return;
    const on = title(last, path);
    if (on) rest(on);
  };
  // A disabled control loses the focus only when the page is drawn.
  const changed = new MutationObserver(() => requestAnimationFrame(() => setTimeout(look)));
  document.addEventListener('focusin', remember);
  changed.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['disabled'] });
  return () => {
    document.removeEventListener('focusin', remember);
    changed.disconnect();
  };
}
