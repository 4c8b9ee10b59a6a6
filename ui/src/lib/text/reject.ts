//! Why did the reviewer reject the photo? Ids of `RejectReason` in `crates/domain/src/review.rs`.
export const reject = {
  extra_content: ['图像额外内容（手、水印等）', 'Extra content: hands, watermarks'],
  background: ['背景颜色或均匀度不符合要求', 'Background colour or evenness'],
  pose: ['头部不正或未正视镜头', 'Head not level or not facing the camera'],
  eyes: ['闭眼、遮挡眼睛或镜片反光', 'Eyes closed, covered or behind glare'],
  expression: ['张嘴、露齿或表情不自然', 'Open mouth or unnatural expression'],
  covering: ['头发、帽子或饰物遮挡面部', 'Hair, hat or jewellery covers the face'],
  light: ['光线过暗、过亮或不均匀', 'Too dark, too bright or uneven light'],
  quality: ['图像模糊、压缩过度或为翻拍', 'Blurred, over-compressed or re-photographed'],
  wrong_person: ['照片与本人信息不符', 'The picture does not show this person'],
} as const;
