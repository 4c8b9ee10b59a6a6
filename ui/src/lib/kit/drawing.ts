//! How does a chart on screen become a file? Its own SVG with the colours of paper written out, so that it needs no style sheet.

/** The colours of paper, whatever the screen wears. */
function paperColours(): (name: string) => string {
  const probe = document.createElement('div');
  probe.dataset['theme'] = 'paper';
  probe.hidden = true;
  document.body.append(probe);
  const style = getComputedStyle(probe);
  const known = new Map<string, string>();
  const colour = (name: string) => {
    const value = known.get(name) ?? style.getPropertyValue(name).trim();
    known.set(name, value);
    return value;
  };
  for (const name of ['--text', '--text-soft', '--edge', '--edge-strong', '--good', '--warn', '--bad', '--info', '--panel', '--raised', '--hover']) colour(name);
  probe.remove();
  return colour;
}

/** The SVG of a chart, as it stands alone. */
export function standalone(drawing: SVGSVGElement): string {
  const { width, height } = drawing.viewBox.baseVal;
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  copy.removeAttribute('class');
  copy.querySelectorAll('[class], [tabindex], [role="button"]').forEach((e) => ['class', 'tabindex', 'role'].forEach((a) => e.removeAttribute(a)));
  const colour = paperColours();
  return new XMLSerializer()
    .serializeToString(copy)
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/var\((--[\w-]+)\)/g, (_, name: string) => colour(name) || '#000000');
}
