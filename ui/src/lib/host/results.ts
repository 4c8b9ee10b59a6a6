//! What does each call answer with? The call's comment in `crates/ipc/src/call.rs`, as a type.
import type { Call } from '../ipc/Call';
import type { CamerasView } from '../ipc/CamerasView';
import type { CameraKnob } from '../ipc/CameraKnob';
import type { CampaignView } from '../ipc/CampaignView';
import type { CenterAnswer } from '../ipc/CenterAnswer';
import type { CodesInPicture } from '../ipc/CodesInPicture';
import type { OrderDetail } from '../ipc/OrderDetail';
import type { OrderRow } from '../ipc/OrderRow';
import type { ShiftView } from '../ipc/ShiftView';
import type { OrdersPage } from '../ipc/OrdersPage';
import type { PersonLine } from '../ipc/PersonLine';
import type { PhoneCodeView } from '../ipc/PhoneCodeView';
import type { PersonCard } from '../ipc/PersonCard';
import type { Preferences } from '../ipc/Preferences';
import type { RecallView } from '../ipc/RecallView';
import type { RevealedPerson } from '../ipc/RevealedPerson';
import type { RosterPreview } from '../ipc/RosterPreview';
import type { RosterReport } from '../ipc/RosterReport';
import type { SetCheckView } from '../ipc/SetCheckView';
import type { ShotView } from '../ipc/ShotView';
import type { Snapshot } from '../ipc/Snapshot';
import type { SyncView } from '../ipc/SyncView';
import type { TodayView } from '../ipc/TodayView';
import type { EndOfDayView } from '../ipc/EndOfDayView';
import type { AbsentView } from '../ipc/AbsentView';
import type { KioskView } from '../ipc/KioskView';
import type { OwnDataView } from '../ipc/OwnDataView';
import type { PaymentView } from '../ipc/PaymentView';
import type { MessageView } from '../ipc/MessageView';
import type { ContactView } from '../ipc/ContactView';
import type { StandardView } from '../ipc/StandardView';

type Answers = {
  watch: Snapshot;
  read_codes: CodesInPicture;
  search_people: PersonCard[];
  orphans: ShotView[];
  orders: OrdersPage;
  order: OrderDetail;
  reveal: RevealedPerson;
  recalls: RecallView[];
  neighbours: OrderRow[];
  shift_photos: ShiftView;
  sync: SyncView;
  ask_center: CenterAnswer;
  campaigns: CampaignView[];
  preview_roster: RosterPreview;
  import_roster: RosterReport;
  cameras: CamerasView;
  camera_knobs: CameraKnob[];
  set_camera_knob: CameraKnob[];
  set_check: SetCheckView;
  preferences: Preferences;
  set_preferences: Preferences;
  today: TodayView;
  defect_shots: ShotView[];
  end_of_day: EndOfDayView;
  absent: AbsentView[];
  standards: StandardView[];
  kiosk_watch: KioskView;
  kiosk_phone_code: PhoneCodeView;
  kiosk_phone_enter: PersonLine[];
  kiosk_submit: string;
  /** At the site with the price of a reprint, and whether short messages are allowed. */
  kiosk_order: OrderDetail & { reprint_fen?: number | null; messages?: boolean };
  /** At the site with the link that is in the code. */
  kiosk_pay: PaymentView & { link?: string };
  kiosk_my_data: OwnDataView;
  kiosk_erase: 'gone' | 'asked';
  kiosk_characters: string;
  kiosk_messages: MessageView[];
  contact: ContactView;
  messages: MessageView[];
};

/** The name of a call. */
export type CallName = Call['call'];

/** The answer to a call; calls that only change something answer null. */
export type CallResult<N extends CallName> = N extends keyof Answers ? Answers[N] : null;
