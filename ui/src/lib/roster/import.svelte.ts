//! How far is the import of a roster: file, look at it, say what the columns are, read what was wrong.
import type { Fault } from '../ipc/Fault';
import type { RosterPreview } from '../ipc/RosterPreview';
import type { RosterReport } from '../ipc/RosterReport';

/** Largest sheet; 20,000 rows are about 3 MB. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** How a sheet is to be read; null is as it was guessed. */
export type HowToRead = { encoding: string | null; sheet: string | null; mapping: (string | null)[] | null };

/** Who reads and takes sheets: the station, or the center. */
export interface RosterDoor {
  look(file: File, how: HowToRead): Promise<RosterPreview>;
  take(file: File, how: HowToRead): Promise<RosterReport>;
  /** Whatever the two have thrown. */
  fault(thrown: unknown): Fault;
}

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
  #chosen: File | null = $state.raw(null);

  constructor(private readonly door: RosterDoor) {}

  get file_name() {
    return this.#chosen?.name ?? '';
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
      this.#chosen = file;
      [this.encoding, this.sheet] = [null, null];
      await this.#look();
    });
  }

  /** Reads the file again with another encoding or sheet. */
  async reread(change: { encoding?: string; sheet?: string } = {}) {
    this.encoding = change.encoding ?? this.encoding;
    this.sheet = change.sheet ?? this.sheet;
    await this.#try(() => this.#look());
  }

  async commit() {
    const chosen = this.#chosen;
    if (!chosen) return;
    await this.#try(async () => {
      this.report = await this.door.take(chosen, { encoding: this.encoding, sheet: this.sheet, mapping: [...this.mapping] });
      this.step = 'report';
    });
  }

  restart() {
    [this.step, this.preview, this.report, this.fault, this.#chosen] = ['file', null, null, null, null];
  }

  async #look() {
    if (!this.#chosen) return;
    this.preview = await this.door.look(this.#chosen, { encoding: this.encoding, sheet: this.sheet, mapping: null });
    this.mapping = [...this.preview.mapping];
    this.step = 'columns';
  }

  async #try(work: () => Promise<void>) {
    [this.working, this.fault] = [true, null];
    try {
      await work();
    } catch (thrown) {
      this.fault = this.door.fault(thrown);
    } finally {
      this.working = false;
    }
  }
}
