//! Sheets for the station's campaign: read and taken by the program behind this page.
import type { App } from '../app.svelte';
import { asFault } from '../host';
import { base64Of } from '../kit/files';
import type { RosterDoor } from './import.svelte';

export const stationDoor = (app: App): RosterDoor => ({
  async look(file, { encoding, sheet }) {
    return app.host.call({ call: 'preview_roster', args: { file_name: file.name, base64: await base64Of(file), encoding, sheet } });
  },
  async take(file, { encoding, sheet, mapping }) {
    return app.host.call({ call: 'import_roster', args: { file_name: file.name, base64: await base64Of(file), encoding, sheet, mapping } });
  },
  fault: asFault,
});
