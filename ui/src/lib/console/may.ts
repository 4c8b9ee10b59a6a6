//! What may each role do? The same table as `crates/central/src/person.rs`; the center decides, this only hides what it would refuse.
import type { AccountRole } from './types';

export const SCREENS = ['review', 'feedback', 'orders', 'refunds', 'delivery', 'campaigns', 'stations', 'accounts', 'webhooks', 'audit', 'own'] as const;
export type ConsoleScreen = (typeof SCREENS)[number];

const ALL: readonly AccountRole[] = ['admin', 'coordinator', 'reviewer', 'lab', 'auditor'];
const ALLOWED = {
  review: ['admin', 'coordinator', 'reviewer'],
  reveal: ['admin', 'coordinator', 'reviewer', 'lab'],
  produce: ['admin', 'lab'],
  take_class: ['admin', 'coordinator'],
  payments: ['admin', 'coordinator', 'reviewer', 'auditor'],
  refund: ['admin', 'reviewer'],
  packages: ['admin', 'coordinator', 'lab'],
  rosters: ['admin', 'coordinator'],
  arrange: ['admin'],
  accounts: ['admin'],
  audit: ['admin', 'auditor'],
} satisfies Record<string, readonly AccountRole[]>;
export type Permission = keyof typeof ALLOWED;

export const may = (role: AccountRole, permission: Permission): boolean => (ALLOWED[permission] as readonly AccountRole[]).includes(role);

const NEEDS: Partial<Record<ConsoleScreen, Permission>> = { review: 'review', feedback: 'review', refunds: 'payments', delivery: 'packages', accounts: 'accounts', webhooks: 'accounts', audit: 'audit' };

/** The screens of a role, in the order of the rail; the first is where it begins. */
export const screensOf = (role: AccountRole): ConsoleScreen[] =>
  ALL.includes(role) ? SCREENS.filter((screen) => !NEEDS[screen] || may(role, NEEDS[screen])) : [];
