//! How does the station sound? Three short tones; each has its twin on screen, so the desk works muted too.
export type Sound = 'accept' | 'warn' | 'fail';

/** Tones of each sound: frequency in Hz, start and length in seconds. */
const TONES: Record<Sound, readonly (readonly [hertz: number, start: number, length: number])[]> = {
  accept: [[880, 0, 0.07], [1318, 0.07, 0.1]],
  warn: [[587, 0, 0.09], [587, 0.14, 0.09]],
  fail: [[233, 0, 0.22]],
};
const LOUDNESS = 0.16;

/** Plays tones once the page may make sound; until the first key or click it stays silent. */
export class Sounds {
  on = true;
  #context: AudioContext | null = null;

  play(sound: Sound) {
    if (!this.on || typeof AudioContext === 'undefined') return;
    const context = (this.#context ??= new AudioContext());
    if (context.state === 'suspended') void context.resume();
    for (const [hertz, start, length] of TONES[sound]) this.#tone(context, hertz, context.currentTime + start, length);
  }

  #tone(context: AudioContext, hertz: number, start: number, length: number) {
    const [oscillator, gain] = [context.createOscillator(), context.createGain()];
    oscillator.frequency.value = hertz;
    // A soft start and end: without them the speaker clicks.
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(LOUDNESS, start + 0.008);
    gain.gain.exponentialRampToValueAtTime(0.0001, start + length);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(start);
    oscillator.stop(start + length + 0.02);
  }
}
