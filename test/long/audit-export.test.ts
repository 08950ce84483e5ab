import { expect, it } from 'vitest';
import { home, ran } from '../cli/process.ts';

// Only here, because the sentences come with the whole bot, which takes its time to load.
it('portcullis audit export writes the sentences that people read as CSV', async () => {
  const { cwd } = await home();
  const { end, out, err } = await ran(cwd, ['audit', 'export', '--format', 'csv']);
  expect({ end, err }).toEqual({ end: 0, err: '5 facts exported; chain and keys are good.\n' });
  expect(out.split('\r\n')).toHaveLength(7);
  expect(out).toContain('"Anchor: here"');
});
