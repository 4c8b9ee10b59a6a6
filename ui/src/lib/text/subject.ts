//! The sitter's display.
export const subject = {
  welcome: ['请按引导入座', 'Please wait to be seated'],
  welcome_hint: ['轮到您时，这里会显示您的画面', 'When it is your turn, you will see yourself here'],
  hello: ['{name}', '{name}'],
  look: ['请看镜头', 'Look at the camera'],
  good: ['很好，保持不动', 'Good, hold still'],
  taking: ['拍摄中', 'Taking the photo'],
  checking: ['正在检查', 'Checking'],
  passed: ['拍好了，谢谢', 'Done, thank you'],
  again: ['再拍一张', 'One more, please'],
  accepting: ['{seconds} 秒后采用', 'Kept in {seconds} s'],
  result: ['您的照片', 'Your photo'],
  confirm: ['请稍候，正在核对', 'One moment, please'],
} as const;
