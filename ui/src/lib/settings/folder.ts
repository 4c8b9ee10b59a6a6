//! Which folder is meant, and when does the watched one need somebody? When it is gone, and when a file has not become whole for a minute.
import type { FolderView } from '../ipc/FolderView';
import { t } from '../text/words.svelte';

/** What is wrong, with the names of the files; null when nothing is. */
export function folderAlarm({ name, is_there, stuck, stuck_names }: FolderView): string | null {
  if (!is_there) return t('folder.alarm_gone', { name });
  if (stuck === 0) return null;
  const more = stuck > stuck_names.length ? t('folder.alarm_more', { count: stuck - stuck_names.length }) : '';
  return t('folder.alarm_stuck', { count: stuck, names: stuck_names.join(t('folder.between')) + more });
}

/** The path somebody pasted: a file manager copies it in quotes, or as an address. */
export function pastedPath(text: string): string {
  const path = text.trim().replace(/^"(.*)"$/, '$1');
  if (!path.startsWith('file://')) return path;
  try {
    // On Windows an address has a stroke before the drive's letter.
    return decodeURIComponent(new URL(path).pathname).replace(/^\/(?=[A-Za-z]:)/, '');
  } catch {
    return path;
  }
}
