//! How is a camera, in words? Its state, and for a failed one the reason; what to do about it.
import { camera } from '../text/camera';
import { t, words } from '../text/words.svelte';

type How = { state: string; reason: string | null; holder: string | null };
/** A reason that has no words yet is said as the state alone. */
const id = ({ state, reason }: How) => (state === 'failed' && Object.hasOwn(camera, `failed_${reason}`) ? `failed_${reason}` : state);

/** What is the matter. */
export const stateOf = (how: How) => words.of('camera', id(how), { code: how.state });
/** What to do about it. */
export const toDo = (how: How) => words.of('camera', `${id(how)}_do`, { holder: how.holder ?? t('camera.another_program'), code: '' });
