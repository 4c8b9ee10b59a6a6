//! How is a key called, given its `KeyboardEvent.code`?
import { t } from '../text/words.svelte';

/** The name on the key's cap. */
export function keyName(code: string): string {
  if (code === 'Space') return t('keys.space');
  if (code === 'Backspace') return t('keys.backspace');
  return code.replace(/^(Key|Digit)/, '').replace(/^Numpad/, 'Num ').replace(/^(Page|Arrow)(?=[A-Z])/, '$1 ');
}
