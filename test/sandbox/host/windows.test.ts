import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SEED } from '../../../src/sandbox/slack/seed.ts';
import type { SlackScene } from '../../../src/sandbox/wire.ts';
import { type OpenPage, openPage, openWindow } from '../../support/page.ts';

const { incident, audit } = SEED.channels;

let page: OpenPage;
let open: Awaited<ReturnType<typeof openWindow>>[];

const window = async (as: string) => {
  const one = await openWindow(page.host);
  open.push(one);
  one.look({ as });
  await one.until('the workspace', ({ slack }) => slack !== undefined);
  return one;
};

const textsIn = (slack: SlackScene | undefined, channel: string): string[] =>
  slack?.places.find(({ id }) => id === channel)?.messages.map(({ text }) => text) ?? [];

beforeEach(async () => {
  open = [];
  page = await openPage(new Map());
});

afterEach(async () => {
  for (const one of open) one.close();
  await page.close();
  if (page.complaints.length > 0) throw new Error(page.complaints.join('\n'));
});

describe('a window', () => {
  it('shows what the person whom it plays can see, and no more', async () => {
    const names = async (as: string) => {
      const { slack } = (await window(as)).seen();
      return slack?.places.map(({ name }) => name);
    };
    expect(await names('alice')).toEqual(
      expect.arrayContaining(['inc-042', 'security-audit', 'secret-room']),
    );
    expect(await names('carol')).not.toContain('secret-room');
    expect(await names('grace')).toEqual(['inc-042']);
  });

  it('is sent what others do, without asking', async () => {
    const alice = await window('alice');
    const bob = await window('bob');
    await alice.act('alice', { do: 'type', place: incident, text: 'Who is on call?' });
    await bob.until('a message', ({ slack }) => textsIn(slack, incident).length > 0);
    expect(textsIn(bob.seen().slack, incident)).toEqual(['Who is on call?']);
  });

  it('shows an ephemeral answer to nobody else', async () => {
    const alice = await window('alice');
    const bob = await window('bob');
    await alice.act('alice', { do: 'type', place: incident, text: '/revocations help' });
    const answer = await alice.until('the answer', ({ slack }) =>
      slack?.places.find(({ id }) => id === incident)?.messages.find(({ onlyYou }) => onlyYou),
    );
    await bob.act('bob', { do: 'type', place: incident, text: 'later' });
    expect(textsIn(bob.seen().slack, incident)).toEqual(['later']);
    expect(answer.onlyYou).toBe(true);
  });

  it('plays a form to its review: command, fields, type-ahead, the words beside a field', async () => {
    const alice = await window('alice');
    await alice.act('alice', { do: 'type', place: incident, text: '/revoke-profile' });
    await alice.until('the form', ({ slack }) => slack?.modal?.callback_id === 'profile');
    expect(await alice.act('alice', { do: 'submit' })).toMatchObject({
      outcome: 'errors',
      errors: { reason: 'Please complete this required field.' },
    });
    const block = alice.seen().slack?.modal?.blocks.find(({ block_id }) => block_id === 'principal');
    const actionId = String(Object(block?.element).action_id);
    const spot = { on: 'modal' } as const;
    const { choices = [] } = await alice.act('alice', {
      do: 'suggest',
      spot,
      blockId: 'principal',
      actionId,
      text: 'finch',
    });
    expect(choices.map(({ text }) => text.text).join()).toContain('mallory.finch');
    const value = choices[0]?.value ?? '';
    await alice.act('alice', { do: 'fill', spot, blockId: 'principal', value });
    await alice.act('alice', { do: 'fill', spot, blockId: 'reason', value: 'Laptop stolen' });
    expect(await alice.act('alice', { do: 'submit' })).toEqual({ outcome: 'ok' });
    await alice.until('the review', ({ slack }) => slack?.modal?.callback_id === 'profile/review');
    await alice.act('alice', { do: 'close', all: true });
    expect(alice.seen().slack?.modal).toBeNull();
  });

  it('says in words what a person cannot do', async () => {
    const alice = await window('alice');
    const answer = await alice.act('alice', {
      do: 'type',
      place: SEED.channels.archived,
      text: '/revocations list',
    });
    expect(answer.outcome).toBe('cannot');
    expect(answer.why).toContain('archived');
  });

  it('says in words when the app does not answer a click in time', async () => {
    const alice = await window('alice');
    await page.rehearsal.sandbox().stopBot();
    const answer = await alice.act('alice', { do: 'type', place: incident, text: '/revocations list' });
    expect(answer.outcome).toBe('ok');
    await alice.until('Slackbot', ({ slack }) =>
      textsIn(slack, incident).some((text) => text.includes('failed with the error "dispatch_failed"')),
    );
  });

  it('shows the chosen principal of the cloud, and the calls as they come', async () => {
    const alice = await window('alice');
    const { cloud } = alice.seen();
    const finch = cloud?.principals.find(({ name }) => name === 'mallory.finch');
    expect(cloud?.principal).toBeNull();
    alice.look({ as: 'alice', principal: { type: 'USER', id: finch?.id ?? '' } });
    const shown = await alice.until('the principal', (seen) => seen.cloud?.principal ?? undefined);
    expect(shown.grants.length).toBeGreaterThan(0);
    const before = alice.seen().cloud?.callCount ?? 0;
    await alice.act('alice', { do: 'type', place: incident, text: '/revoke-profile mallory.finch' });
    await alice.until('more calls', (seen) => (seen.cloud?.callCount ?? 0) > before);
  });

  it('stops and starts the bot, and the ledger stays', async () => {
    const alice = await window('alice');
    const bob = await window('bob');
    const restarting = alice.act('alice', { do: 'restart-bot' });
    await bob.until('the bot starting', ({ lab }) => lab?.bot === 'starting');
    expect((await bob.act('bob', { do: 'restart-bot' })).outcome).toBe('cannot');
    expect((await restarting).outcome).toBe('ok');
    await bob.until('the bot running', ({ lab }) => lab?.bot === 'running');
  });

  it('starts over with nothing of what was', async () => {
    const alice = await window('alice');
    await alice.act('alice', { do: 'type', place: incident, text: 'Something to forget' });
    await alice.act('alice', { do: 'switch', name: 'slow', on: true });
    await alice.until('the switch', ({ lab }) => lab?.switches.slow);
    expect((await alice.act('alice', { do: 'start-over' })).outcome).toBe('ok');
    await alice.until(
      'a new round',
      ({ lab, slack }) => lab?.round === 2 && textsIn(slack, incident).length === 0,
    );
    expect(alice.seen().lab?.switches.slow).toBe(false);
  });

  it('plays the story to its end, telling each step and who takes it', async () => {
    const alice = await window('alice');
    expect((await alice.act('alice', { do: 'play' })).outcome).toBe('ok');
    const whos = new Set<string>();
    const play = await alice.until('the end of the story', ({ lab }) => {
      if (lab?.play.who) whos.add(lab.play.who);
      return lab?.play.state === 'held' || lab?.play.state === 'broken' ? lab.play : undefined;
    });
    expect(play.lines.at(-1)).toContain('the ledger verifies');
    expect(play.state).toBe('held');
    expect([...whos]).toEqual(expect.arrayContaining([SEED.users.alice]));
    expect(textsIn(alice.seen().slack, audit).length).toBeGreaterThan(5);
  });

  it('forgets a story whose sandbox was thrown away', async () => {
    const alice = await window('alice');
    await alice.act('alice', { do: 'play' });
    await alice.until('a step', ({ lab }) => (lab?.play.lines.length ?? 0) > 3);
    await alice.act('alice', { do: 'start-over' });
    await alice.until('a new round', ({ lab }) => lab?.round === 3 && lab.play.state === 'idle');
    await alice.act('alice', { do: 'type', place: incident, text: '/revocations list' });
    expect(alice.seen().lab?.play).toEqual({ state: 'idle', lines: [], who: null });
  });
});

it('a window that talks nonsense is closed, with a line in the log', async () => {
  const nonsense = await openWindow(page.host);
  open.push(nonsense);
  nonsense.raw('{"id":1,"as":"alice","act":{"do":"drop-tables"}}');
  const [code] = await nonsense.closed;
  expect(code).toBe(1008);
  expect(page.complaints.splice(0)).toEqual([expect.stringContaining('could not be carried out')]);
});
