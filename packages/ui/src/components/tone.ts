/** What a colour is meant to say. Never the only carrier of that meaning: the text says it too. */
export type Tone = 'neutral' | 'good' | 'warn' | 'bad' | 'info';
