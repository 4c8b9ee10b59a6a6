//! What does the operator read when the station reports something? Codes of `Notice` in `crates/station/src`.
export const notice = {
  saved: ['{name} 已保存', '{name} saved'],
  already_here: ['{name} 已在座位上或候拍中', '{name} sits or waits already'],
  collected_meanwhile: ['在座或候拍的人刚在「{station}」采集过，请看清再拍', 'Somebody here was just collected at “{station}”: look twice'],
  already_collected: ['此人已采集过，请看清再拍', 'Collected before: look twice'],
  camera_swapped: ['已换到备用相机，座位不变', 'The spare camera took over; the seat is kept'],
  burst_not_kept: ['连拍的其他照片没有存下', 'The other frames of the burst were not kept'],
  picture_not_kept: ['监视文件夹里的照片暂时存不下，稍后自动再试', 'A picture of the watched folder could not be kept; it is tried again'],
  card_passed: ['相机卡上原有的 {count} 张照片不是这次拍的，没有取', '{count} pictures were on the camera’s card before; they are left alone'],
  card_picture: ['相机里有一张照片取不下来，稍后自动再试', 'A picture on the camera could not be fetched; it is tried again'],
  orphan_shot: ['座位上没有人，这张放入无主照片', 'Nobody sat: the shot went to the orphan tray'],
  shot_missed: ['没有拍到，请再按一次快门', 'No picture came; press the shutter again'],
  verdict_not_saved: ['检查结果没有写入，照片已保存', 'The verdict was not written; the photo is safe'],
  camera_lost: ['相机断开，正在重连', 'Camera lost; reconnecting'],
  camera_back: ['相机已恢复', 'The camera is back'],
  rejected: ['{count} 张照片被驳回，见“重拍”', '{count} rejected: see Recall'],
  quarantined: ['中心拒收了一项变更，见“同步”', 'The center refused a change: see Sync'],
} as const;
