//! What does the center answer with? The views of `crates/central/src/http/people/views.rs`, as types.

export const ROLES = ['admin', 'coordinator', 'reviewer', 'lab', 'auditor'] as const;
export type AccountRole = (typeof ROLES)[number];

export type Me = { account: string; role: AccountRole; school_code: string | null; csrf_token: string };
export type Check = { verdict: 'passed' | 'failed' | 'overridden'; failed: string[]; override_reason: string | null; /** Left out when it warned of nothing. */ warned?: string[] };

export type CenterOrder = {
  id: string;
  number: string;
  school_code: string;
  campaign_id: string;
  station_id: string;
  name: string | null;
  class: string | null;
  state: string;
  revision: number;
  check: Check;
  /** A reviewer should look at it first. */
  exception: boolean;
  held_by: string | null;
  tries: number;
  reasons: string[];
  photo_here: boolean;
  price_fen: number;
  paid_fen: number;
  duplicate_person: boolean;
  created_at_ms: number;
  received_at_ms: number;
  updated_at_ms: number;
};
export type OrdersAnswer = { orders: CenterOrder[]; next: string | null };
export type StateCount = { state: string; orders: number; exceptions: number; warned: number };

export type StationFeedback = {
  school_code: string;
  station_id: string;
  decided: number;
  rejected: number;
  missed: number;
  approved_failed: number;
  approved_warned: number;
};
export type MeasureFeedback = {
  station_id: string;
  measure: string;
  reason: string | null;
  missed: number;
  caught: number;
  approved_failed: number;
  approved_warned: number;
};
export type FeedbackAnswer = { stations: StationFeedback[]; measures: MeasureFeedback[] };

export type CenterPhoto = {
  revision: number;
  blob_id: string;
  original_px: [number, number];
  crop_px: [number, number, number, number];
  captured_at_ms: number;
  check: Check;
};
export type CenterRejection = { reasons: string[]; note: string | null; at_ms: number; deadline_ms: number };
export type CenterDetail = Omit<CenterOrder, 'check' | 'exception' | 'revision' | 'reasons'> & {
  id_number: string | null;
  faculty: string | null;
  major: string | null;
  withdrawn: boolean;
  tries_allowed: number;
  rejection: CenterRejection | null;
  photos: CenterPhoto[];
  refunded_fen: number;
  collective: boolean;
  link: { kind: string; order_id: string } | null;
};
export type Revealed = { person_key: string; subject: Record<string, string>; address: string | null };
export type HistoryLine = {
  school_code: string;
  subject: string;
  seq: number;
  at_ms: number;
  who: string;
  what: string;
  detail: Record<string, unknown> | null;
  hash: string;
};
export type Acted = { id: string; state: string; held_by: string | null };

export type Payment = {
  out_trade_no: string;
  state: 'open' | 'closed' | 'paid';
  transaction_id: string | null;
  amount_fen: number;
  created_at_ms: number;
  expires_at_ms: number;
  paid_at_ms: number | null;
};
export type Refund = {
  id: string;
  out_refund_no: string;
  order_id: string;
  school_code: string;
  step: 'asked' | 'done' | 'stuck';
  cause: 'approved' | 'late' | 'twice';
  reason: string;
  who: string;
  through_provider: boolean;
  amount_fen: number;
  asked_at_ms: number;
  done_at_ms: number | null;
};
export type DayOutcome = {
  day: string;
  matched: number;
  taken_in: number;
  differences: { kind: string; number: string; direction: string; bill_fen: number | null; books_fen: number | null }[];
};

export type DeliveryProfile = { id: string; title: string; pictures_only: boolean };
/** What is wished of a package; null is left out. */
export type PackageWish = { campaign: string; class: string | null; profile: string | null; profile_text: string | null; unreviewed: boolean };
export type PackagePreview = {
  pictures: number;
  unmatched: number;
  rejected: number;
  absent: number;
  awaiting: number;
  classes: string[];
  profile: string;
};
export type DeliveryPackage = {
  id: string;
  school_code: string;
  campaign_id: string;
  class: string | null;
  profile: string | null;
  own_profile: boolean;
  unreviewed: boolean;
  who: string;
  state: 'waiting' | 'making' | 'ready' | 'failed';
  fault: string | null;
  done: number;
  total: number;
  pictures: number | null;
  unmatched: number | null;
  rejected: number | null;
  absent: number | null;
  files: { name: string; bytes: number; sha256: string }[];
  asked_at_ms: number;
  begun_at_ms: number | null;
  ready_at_ms: number | null;
  expires_at_ms: number;
};
export type RosterOutcome = {
  added: number;
  changed: number;
  unchanged: number;
  gone: number;
  refused: number;
  problems: { row: number; column: string | null; code: string; refused: boolean }[];
};
/** A row of a delivery list; only some fields are there. */
export type ListLine = Record<string, string | null>;

export type School = { code: string; name: string };
export type FeatureCode = { code: string; school_code?: string | null; from_ms?: number | null; until_ms?: number | null };
export type Campaign = {
  id: string;
  title: string;
  school_code: string;
  school_name: string;
  job: string;
  number_prefix: string;
  price_fen: number;
  collective: boolean;
  picture_files: boolean;
  spec: string;
  opens_at_ms: number;
  closes_at_ms: number;
  retake_tries: number;
  retake_within_hours: number;
  consent_version: string;
  feature_codes: FeatureCode[];
};
export type CenterStation = {
  id: string;
  school_code: string;
  name: string;
  app_version: string;
  enrolled_at_ms: number;
  seen_at_ms: number | null;
  revoked_at_ms: number | null;
};
export type Account = {
  name: string;
  role: AccountRole;
  school_code: string | null;
  created_at_ms: number;
  disabled_at_ms: number | null;
  locked_until_ms: number | null;
};
export type Credential = { id: string; kind: 'session' | 'token'; title: string; created_at_ms: number; seen_at_ms: number; expires_at_ms: number };

export type Webhook = { id: string; school_code: string | null; url: string; events: string[]; created_at_ms: number; disabled_at_ms: number | null };
export type WebhookMessage = {
  id: string;
  event: string;
  at_ms: number;
  state: 'waiting' | 'sent' | 'given_up';
  tries: number;
  next_at_ms: number;
  last_answer: string | null;
};
