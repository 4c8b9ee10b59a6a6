//! Sheets for a campaign at the center: read and taken there, and the stations are told.
import { address, asCenterFault, type CenterDoor } from '../host/center';
import type { RosterPreview } from '../ipc/RosterPreview';
import type { HowToRead, RosterDoor } from '../roster/import.svelte';
import type { RosterOutcome } from './types';

type Looked = Omit<RosterPreview, 'encoding'> & { encoding: string | null; outcome: RosterOutcome | null };

/** `whole` says whether whoever is not on the sheet goes; `seen` hears what taking it would do. */
export function centerDoor(door: CenterDoor, campaign: string, whole: () => boolean, seen: (outcome: RosterOutcome | null) => void): RosterDoor {
  const path = (what: string, file: File, { encoding, sheet, mapping }: HowToRead) =>
    address(`/api/campaigns/${campaign}/roster${what}`, {
      file: file.name,
      encoding,
      sheet,
      mapping: mapping?.map((field) => field ?? '').join(','),
      missing: whole() ? 'go' : 'stay',
    });
  return {
    async look(file, how) {
      const { outcome, encoding, ...preview } = await door.send_file<Looked>(path('/preview', file, how), file);
      seen(outcome);
      return { ...preview, encoding: encoding ?? '' };
    },
    async take(file, how) {
      const outcome = await door.send_file<RosterOutcome>(path('', file, how), file);
      seen(outcome);
      const { added, changed, unchanged, refused, problems } = outcome;
      return { imported: added, updated: changed, unchanged, refused, problems };
    },
    fault(thrown) {
      const { code, detail } = asCenterFault(thrown);
      return { code, values: detail ? { detail } : {}, retry: false };
    },
  };
}
