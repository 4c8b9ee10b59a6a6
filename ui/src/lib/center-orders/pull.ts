//! How does the lab get a picture? It is saved under the order's number; its SHA-256 is the receipt the center asks for.
import type { Console } from '../console/console.svelte';

const hex = (bytes: ArrayBuffer) => [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, '0')).join('');

/** Saves the finished picture and answers with the SHA-256 of what was saved. */
export async function pullPicture(console: Console, order: string, number: string): Promise<string> {
  const picture = await console.door.picture(order, 'finished');
  const sha256 = hex(await crypto.subtle.digest('SHA-256', await picture.arrayBuffer()));
  await console.keep(`${number}.jpg`, picture);
  return sha256;
}
