import { expect, it } from 'vitest';
import { playStory } from '../../src/sandbox/story.ts';
import { openSandbox } from '../support/sandbox.ts';

it.each(['socket', 'http'] as const)(
  'the whole story holds over %s: three kinds, from a slash command to a proven result',
  async (transport) => {
    const sandbox = await openSandbox(transport);
    try {
      const transcript: string[] = [];
      await playStory(sandbox, (line) => transcript.push(line));
      expect(transcript.filter((line) => line.includes('✓')).length).toBeGreaterThan(25);
    } finally {
      await sandbox.close();
    }
  },
);
