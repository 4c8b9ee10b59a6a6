//! What does a status mean, before it has a colour?
export type Tone = 'plain' | 'good' | 'warn' | 'bad' | 'info';
