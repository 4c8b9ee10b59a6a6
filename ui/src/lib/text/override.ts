//! Why is a photo taken that failed the check? Ids of `OverrideReason` in `crates/domain/src/order.rs`, by digit.
export const override = {
  religion_or_medicine: ['宗教或医疗原因', 'Religion or medicine'],
  disability: ['本人身体原因，无法做到', 'The person cannot do better'],
  check_wrong: ['检查有误，照片合格', 'The check is wrong'],
  best_of_several: ['多次拍摄中最好的一张', 'The best of several tries'],
} as const;
