//! When does the watched folder need somebody? When it is gone, and when a file has not become whole for a minute.
import type { FolderView } from '../ipc/FolderView';
import { t } from '../text/words.svelte';

/** What is wrong, with the names of the files; null when nothing is. */
export function folderAlarm({ name, is_there, stuck, stuck_names }: FolderView): string | null {
  if (!is_there) return t('folder.alarm_gone', { name });
  if (stuck === 0) return null;
  const more = stuck > stuck_names.length ? t('folder.alarm_more', { count: stuck - stuck_names.length }) : '';
  return t('folder.alarm_stuck', { count: stuck, names: stuck_names.join(t('folder.between')) + more });
}
