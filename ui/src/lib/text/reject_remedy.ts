//! What is to be done about a reviewer's reason? Ids of `RejectReason` in `crates/domain/src/review.rs`.
export const reject_remedy = {
  extra_content: ['请勿使用艺术照，移开多余物品后到现场重新拍摄。', 'No studio art: clear the picture and take it again on site.'],
  background: ['请在规定颜色的背景前重新拍摄。', 'Take it again before a background of the required colour.'],
  pose: ['请摆正头部、双肩放平、正视镜头后重新拍摄。', 'Head straight, shoulders level, eyes to the camera; take it again.'],
  eyes: ['请睁开双眼、露出眼睛，必要时摘下眼镜后重新拍摄。', 'Open and uncover the eyes, glasses off if need be; take it again.'],
  expression: ['请闭合双唇、表情自然后重新拍摄。', 'Close the lips, relax the face; take it again.'],
  covering: ['请摘下帽子和饰物、将头发拨开后重新拍摄。', 'Take off hat and jewellery, clear the hair; take it again.'],
  light: ['请调整灯光后重新拍摄。', 'Adjust the lights; take it again.'],
  quality: ['请保持静止、直接拍摄本人后重新提交。', 'Hold still and photograph the person directly; submit again.'],
  wrong_person: ['请核对采集码后重新采集。', 'Check the collection code and take the photo again.'],
} as const;
