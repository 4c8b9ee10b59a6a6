// A canvas at the place of the capture screen's, fed in the same way: the newest frame, decoded, drawn with the next paint.
const [frame, seen, mirrored] = arguments;
document.body.replaceChildren();
const box = document.createElement('div');
Object.assign(box.style, {
  position: 'absolute', overflow: 'hidden',
  left: `${seen[0]}px`, top: `${seen[1]}px`, width: `${seen[2]}px`, height: `${seen[3]}px`,
});
const canvas = document.createElement('canvas');
Object.assign(canvas.style, {
  position: 'absolute', maxWidth: 'none', scale: mirrored ? '-1 1' : '1 1',
  left: `${frame[0] - seen[0]}px`, top: `${frame[1] - seen[1]}px`, width: `${frame[2]}px`, height: `${frame[3]}px`,
});
box.append(canvas);
document.body.append(box);

const run = async () => {
  const context = canvas.getContext('2d', { alpha: false });
  for (let sequence = 0; ; ) {
    const answer = await fetch(`xueying://localhost/preview?after=${sequence}`, { cache: 'no-store' });
    if (answer.status !== 200) { sequence = 0; continue; }
    sequence = Number(answer.headers.get('X-Sequence'));
    const picture = await createImageBitmap(await answer.blob());
    await new Promise(requestAnimationFrame);
    if (canvas.width !== picture.width) [canvas.width, canvas.height] = [picture.width, picture.height];
    context.drawImage(picture, 0, 0);
    picture.close();
  }
};
void run();
