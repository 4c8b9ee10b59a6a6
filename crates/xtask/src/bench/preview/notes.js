// Notes each frame between its request and its drawing, and each answer of the station that reached the window.
const notes = (window.notes = { frames: [], hints: [] });
const now = () => performance.timeOrigin + performance.now();
let taken = null;
let frame = null;

const fetched = window.fetch;
window.fetch = async (...request) => {
  const answer = await fetched(...request);
  const address = String(request[0]?.url ?? request[0]);
  if (/\/preview\b/.test(address) && answer.status === 200) taken = Number(answer.headers.get('X-Taken-Ms'));
  if (/^(ipc:|http:\/\/ipc\.).*\/watch$/.test(address)) {
    const at = now();
    answer.clone().json().then((said) => notes.hints.push([said.desk.live.sequence, at]), () => undefined);
  }
  return answer;
};

const bitmap = window.createImageBitmap;
window.createImageBitmap = async (blob, ...rest) => {
  const noted = { length: blob.size ?? 0, taken, drawn: null };
  const made = await bitmap(blob, ...rest);
  if (blob.size) frame = noted;
  return made;
};

const draw = CanvasRenderingContext2D.prototype.drawImage;
CanvasRenderingContext2D.prototype.drawImage = function (...what) {
  draw.apply(this, what);
  if (!frame) return;
  frame.drawn = now();
  notes.frames.push(frame);
  frame = null;
};
