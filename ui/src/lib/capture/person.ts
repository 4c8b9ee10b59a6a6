//! How is a person called on screen? The masked name, or the short form of the code when nothing else is known.
import type { PersonCard } from '../ipc/PersonCard';
import type { PersonLine } from '../ipc/PersonLine';
import { t } from '../text/words.svelte';

type Named = Pick<PersonCard, 'name' | 'code_short'>;
type Placed = Pick<PersonLine, 'faculty' | 'major' | 'class'>;

export const nameOf = (person: Named) =>
  person.name ?? (person.code_short ? t('capture.code', { code: person.code_short }) : t('capture.nobody'));

/** Faculty, major and class; what is missing or said twice is left out. */
export const detailOf = (person: Placed) =>
  [...new Set([person.faculty, person.major, person.class].filter((part) => part !== null && part !== ''))].join(' · ');
