//! What does each call answer with? The call's comment in `crates/ipc/src/call.rs`, as a type.
import type { Call } from '../ipc/Call';
import type { CameraChoice } from '../ipc/CameraChoice';
import type { CampaignView } from '../ipc/CampaignView';
import type { CodesInPicture } from '../ipc/CodesInPicture';
import type { OrderDetail } from '../ipc/OrderDetail';
import type { OrdersPage } from '../ipc/OrdersPage';
import type { PersonCard } from '../ipc/PersonCard';
import type { Preferences } from '../ipc/Preferences';
import type { RecallView } from '../ipc/RecallView';
import type { RevealedPerson } from '../ipc/RevealedPerson';
import type { RosterPreview } from '../ipc/RosterPreview';
import type { RosterReport } from '../ipc/RosterReport';
import type { ShotView } from '../ipc/ShotView';
import type { Snapshot } from '../ipc/Snapshot';
import type { SyncView } from '../ipc/SyncView';

type Answers = {
  watch: Snapshot;
  read_codes: CodesInPicture;
  search_people: PersonCard[];
  orphans: ShotView[];
  orders: OrdersPage;
  order: OrderDetail;
  reveal: RevealedPerson;
  recalls: RecallView[];
  sync: SyncView;
  campaigns: CampaignView[];
  preview_roster: RosterPreview;
  import_roster: RosterReport;
  cameras: CameraChoice[];
  preferences: Preferences;
  set_preferences: Preferences;
};

/** The name of a call. */
export type CallName = Call['call'];

/** The answer to a call; calls that only change something answer null. */
export type CallResult<N extends CallName> = N extends keyof Answers ? Answers[N] : null;
