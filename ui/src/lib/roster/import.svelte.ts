//! How far is the import of a roster: file, look at it, say what the columns are, read what was wrong.
import type { App } from '../app.svelte';
import { asFault } from '../host';
import type { Fault } from '../ipc/Fault';
import type { RosterPreview } from '../ipc/RosterPreview';
import type { RosterReport } from '../ipc/RosterReport';
import { base64Of } from '../kit/files';

/** Largest sheet; 20,000 rows are about 3 MB. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;

type Chosen = { file_name: string; base64: string };

/** One import, from the file to the report. */
export class RosterImport {
  step: 'file' | 'columns' | 'report' = $state('file');
  preview: RosterPreview | null = $state.raw(null);
  mapping: (string | null)[] = $state([]);
  report: RosterReport | null = $state.raw(null);
  fault: Fault | null = $state.raw(null);
  working = $state(false);
  encoding: string | null = $state(null);
  sheet: string | null = $state(null);
  #chosen: Chosen | null = $state.raw(null);

  constructor(private readonly app: App) {}

  get file_name() {
    return this.#chosen?.file_name ?? '';
  }
  /** A name and something to tell people apart are needed. */
  get complete() {
    return this.mapping.includes('name') && ['student_number', 'id_number', 'exam_number'].some((f) => this.mapping.includes(f));
  }
  /** Fields two columns claim. */
  get doubled(): string[] {
    const claimed = this.mapping.filter((f) => f !== null);
    return [...new Set(claimed.filter((f, i) => claimed.indexOf(f) !== i))];
  }

  async choose(file: File) {
    if (file.size > MAX_FILE_BYTES) {
      this.fault = { code: 'file_too_large', values: {}, retry: false };
      return;
    }
    await this.#try(async () => {
      this.#chosen = { file_name: file.name, base64: await base64Of(file) };
      [this.encoding, this.sheet] = [null, null];
      await this.#look();
    });
  }

  /** Reads the file again with another encoding or sheet. */
  async reread(change: { encoding?: string; sheet?: string }) {
    this.encoding = change.encoding ?? this.encoding;
    this.sheet = change.sheet ?? this.sheet;
    await this.#try(() => this.#look());
  }

  async commit() {
    const chosen = this.#chosen;
    if (!chosen) return;
    await this.#try(async () => {
      const args = { ...chosen, encoding: this.encoding, sheet: this.sheet, mapping: [...this.mapping] };
      this.report = await this.app.host.call({ call: 'import_roster', args });
      this.step = 'report';
    });
  }

  restart() {
    [this.step, this.preview, this.report, this.fault, this.#chosen] = ['file', null, null, null, null];
  }

  async #look() {
    if (!this.#chosen) return;
    const args = { ...this.#chosen, encoding: this.encoding, sheet: this.sheet };
    this.preview = await this.app.host.call({ call: 'preview_roster', args });
    this.mapping = [...this.preview.mapping];
    this.step = 'columns';
  }

  async #try(work: () => Promise<void>) {
    [this.working, this.fault] = [true, null];
    try {
      await work();
    } catch (thrown) {
      this.fault = asFault(thrown);
    } finally {
      this.working = false;
    }
  }
}
