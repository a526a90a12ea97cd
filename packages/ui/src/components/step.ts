/** One step of something that takes a while. */
export interface Step {
  readonly id: string;
  readonly title: string;
  readonly text?: string;
  readonly state: 'done' | 'current' | 'waiting' | 'failed';
}
