import { expect, it } from 'vitest';
import { realClock } from '../../src/clock.ts';
import type { Clock } from '../../src/domain/ports.ts';
import { SEED } from '../../src/sandbox/slack/seed.ts';
import { openSandbox } from '../support/sandbox.ts';

const list = '/revocations list';

it('comes back after an outage that cut its connection, and says meanwhile that it is not ready', async () => {
  const sandbox = await openSandbox('socket');
  try {
    const { slack } = sandbox;
    slack.switches.outage = true;
    slack.dropConnections();
    const failures = () => sandbox.lines.filter((line) => line.includes('Slack cannot be connected')).length;
    await expect.poll(failures, { timeout: 10_000 }).toBeGreaterThan(1);
    expect((await fetch(`http://127.0.0.1:${sandbox.botPort()}/readyz`)).status).toBe(503);
    expect((await fetch(`http://127.0.0.1:${sandbox.botPort()}/healthz`)).status).toBe(200);
    slack.switches.outage = false;
    await slack.whenConnected(15_000);
    const alice = slack.as(SEED.users.alice);
    expect(await alice.command(SEED.channels.incident, list)).toMatchObject({ outcome: 'ok' });
    await slack.until('an answer', () => alice.ephemerals().length > 0);
  } finally {
    await sandbox.close();
  }
});

it.each(['refresh_requested', 'link_disabled'] as const)(
  'connects anew when Slack ends the connection with %s',
  async (reason) => {
    const sandbox = await openSandbox('socket');
    try {
      const { slack } = sandbox;
      const opened = () => slack.calls.filter(({ method }) => method === 'apps.connections.open').length;
      slack.disconnect(reason);
      await slack.until('a second connection', () => opened() === 2 && slack.connections() === 1, 4_000);
      const alice = slack.as(SEED.users.alice);
      expect(await alice.command(SEED.channels.incident, list)).toMatchObject({ outcome: 'ok' });
      await slack.until('an answer', () => alice.ephemerals().length > 0);
    } finally {
      await sandbox.close();
    }
  },
);

it('leaves nobody without an answer while Slack renews one of its two connections', async () => {
  // The second connection comes 20 s after the first: here at once.
  const clock: Clock = {
    now: () => realClock.now(),
    sleep: (ms, signal) => realClock.sleep(ms === 20_000 ? 20 : ms, signal),
  };
  const sandbox = await openSandbox('socket', undefined, undefined, clock);
  try {
    const { slack } = sandbox;
    await slack.until('two connections', () => slack.connections() === 2, 5_000);
    const alice = slack.as(SEED.users.alice);
    const several = () => Promise.all([1, 2, 3, 4, 5].map(() => alice.command(SEED.channels.incident, list)));
    for (const _ of [1, 2]) {
      slack.disconnect('refresh_requested', 1);
      const asked = several();
      await slack.until('one connection to go', () => slack.connections() === 1, 5_000);
      for (const { outcome } of [...(await several()), ...(await asked)]) expect(outcome).toBe('ok');
      await slack.until('two connections again', () => slack.connections() === 2, 5_000);
    }
  } finally {
    await sandbox.close();
  }
});
