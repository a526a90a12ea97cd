import { describe, expect } from 'vitest';
import { mainJob } from './main-job.ts';

describe('the main job with the process driver', () => {
  mainJob({
    driver: 'process',
    image: 'process',
    checkInside: async (inside) => {
      expect(await inside('uname -s')).toBe('Linux');
      expect(await inside('pwd')).toBe(await inside('echo $HOME'));
    },
  });
});
