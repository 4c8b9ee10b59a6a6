//! A station that never was: serves the built screens and answers their calls from scenes. For tests only, loopback only.
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import sharp from 'sharp';
import { answer, CROP, SCENES } from './scenes.mjs';

const here = import.meta.dirname;
const dist = join(here, '../../dist');
const portraits = join(here, '../../../tests/portraits/studio');
const faces = readdirSync(portraits).filter((f) => f.endsWith('.jpg')).sort();
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.png': 'image/png' };
/** The same policy as tauri.conf.json, so that what it forbids fails here too. */
const POLICY = JSON.parse(readFileSync(join(here, '../../../tauri.conf.json'), 'utf8')).app.security.csp;

const face = (i) => readFileSync(join(portraits, faces[i % faces.length]));
const indexOf = (id) => Number(/\d+/.exec(id)?.[0] ?? 0);

/** The crop of a portrait, drawn by the browser itself. */
function cropped(jpeg) {
  const { x, y, width, height } = CROP;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="640" viewBox="${x} ${y} ${width} ${height}"><image href="data:image/jpeg;base64,${jpeg.toString('base64')}" width="1920" height="1080"/></svg>`;
}

/** Starts on a free port. `set` changes the scene and the language; every window is told at once. */
export async function start(port = 0) {
  let [scene, language, version] = ['ready', 'zh-CN', 1];
  let waiting = [];
  const calls = [];
  const snapshot = () => ({ ...SCENES[scene](), version });

  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://127.0.0.1');
    const send = (status, type, body, headers = {}) => {
      response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store', ...headers });
      response.end(body);
    };
    if (url.pathname === '/call') {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const { call, args = {} } = JSON.parse(Buffer.concat(chunks).toString());
      if (call !== 'watch') calls.push({ call, args });
      if (call === 'watch' && args.seen === version) {
        waiting.push(() => send(200, 'application/json', JSON.stringify(snapshot())));
        return;
      }
      if (call === 'preferences') return send(200, 'application/json', JSON.stringify({ ...answer(call, args, scene), language }));
      return send(200, 'application/json', JSON.stringify(call === 'watch' ? snapshot() : answer(call, args, scene)));
    }
    if (url.pathname === '/pictures/preview') {
      const streams = snapshot().status.camera.state === 'streaming';
      if (!streams) return setTimeout(() => send(204, 'text/plain', ''), 300);
      const { turns } = snapshot().status.camera;
      // A camera on its side gives a picture on its side.
      const frame = turns ? await sharp(face(8)).rotate(360 - turns * 90).jpeg({ quality: 90 }).toBuffer() : face(8);
      const sequence = Number(url.searchParams.get('after')) + 1;
      return setTimeout(() => send(200, 'image/jpeg', frame, { 'X-Sequence': sequence, 'X-Width': 1920, 'X-Height': 1080, 'X-Turns': turns }), 60);
    }
    const picture = /^\/pictures\/(shot|order)\/(\w+)$/.exec(url.pathname);
    if (picture) {
      const jpeg = face(picture[2] === 's1' ? 8 : indexOf(picture[2]));
      if (url.searchParams.get('size') === 'full') return send(200, 'image/jpeg', jpeg);
      return send(200, 'image/svg+xml', cropped(jpeg));
    }
    const path = join(dist, normalize(url.pathname === '/' ? '/index.html' : url.pathname));
    if (!path.startsWith(dist) || !existsSync(path)) return send(404, 'text/plain', '');
    response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream', 'Content-Security-Policy': POLICY });
    createReadStream(path).pipe(response);
  });
  await new Promise((ready) => server.listen(port, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    calls,
    set(next, spoken = language) {
      [scene, language, version] = [next, spoken, version + 1];
      const told = waiting;
      waiting = [];
      for (const tell of told) tell();
    },
    stop: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }),
  };
}
