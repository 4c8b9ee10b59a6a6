//! One photo on the review screen: what is known of it, its picture, and what was decided.
import type { CenterOrder } from '../console/types';

/** `other`: another reviewer holds it; `gone`: it does not await review any more. */
export type Fate = 'waiting' | 'approved' | 'rejected' | 'other' | 'gone';
/** `here`: the bytes came; `shown`: the browser has drawn them. */
export type Looks = 'none' | 'loading' | 'here' | 'shown' | 'missing';

export class Item {
  order: CenterOrder = $state.raw() as CenterOrder;
  fate: Fate = $state('waiting');
  reasons: string[] = $state.raw([]);
  picture: string | null = $state(null);
  looks: Looks = $state('none');
  /** The decision is on its way. */
  work: Promise<boolean> | null = $state.raw(null);

  constructor(order: CenterOrder) {
    this.order = order;
  }

  get id() {
    return this.order.id;
  }

  /** Forgets the picture, to keep memory for those near. */
  drop() {
    if (this.picture) URL.revokeObjectURL(this.picture);
    this.picture = null;
    if (this.looks !== 'loading') this.looks = 'none';
  }
}
