const main = document.querySelector('main'), sum = document.querySelector('#sum');
sum.append(document.querySelector('#totals').content.cloneNode(true));
const cards = [...document.querySelectorAll('.card')];
const wish = { f: null, m: null, text: '' };
const show = () => {
  for (const c of cards)
    c.hidden = (wish.f !== null && c.dataset.v !== wish.f) || (wish.m !== null && !c.dataset.p.split(' ').includes(wish.m))
      || !c.dataset.name.toLowerCase().includes(wish.text);
  for (const b of sum.querySelectorAll('button'))
    b.setAttribute('aria-pressed', String((b.dataset.f ?? null) === wish.f && b.dataset.f !== undefined || b.dataset.m !== undefined && b.dataset.m === wish.m));
};
for (const b of sum.querySelectorAll('button'))
  b.onclick = () => {
    const key = b.dataset.f !== undefined ? 'f' : 'm', value = b.dataset[key];
    wish[key] = wish[key] === value ? null : value;
    show();
  };
document.querySelector('#find').oninput = e => { wish.text = e.target.value.toLowerCase(); show(); };
for (const b of document.querySelectorAll('nav button'))
  b.onclick = () => {
    const key = b.dataset.s, down = b.dataset.d = b.dataset.d === '-1' ? '1' : '-1';
    const sign = key === 'name' ? -down : +down;
    cards.sort((x, y) => sign * x.dataset[key].localeCompare(y.dataset[key], undefined, { numeric: true })).forEach(c => main.append(c));
  };
show();
