import { expect, it } from 'vitest';
import type { Fact } from '../../src/domain/facts.ts';
import { answerClick } from '../../src/slack/click-answer.ts';
import type { Desk } from '../../src/slack/desk.ts';
import type { Click } from '../../src/slack/payloads.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';
import { approved, ends, person, requested } from '../support/stories.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';
import { silent } from '../support/world.ts';
import { createFakeSlack } from './fake-slack.ts';

const bench = async () => {
  const ledger = createMemoryLedger({ clock: createVirtualClock() });
  const facts: readonly Fact[] = [requested(), { fact: 'card_posted', channel: 'C1', ts: '1.0' }];
  const { id } = await ledger.append('new', 0, facts);
  const during: Fact[] = [];
  const slack = createFakeSlack(async () => {
    const fact = during.shift();
    if (fact) await ledger.append(id, null, [fact]);
    return {};
  });
  const heard: string[] = [];
  /** Clicks on the message `ts`, and resolves with the texts that it then got. */
  const click = async (ts: string, block_id: string, isStale: boolean): Promise<readonly string[]> => {
    const clicked: Click = {
      user: { id: 'UBOB' },
      trigger_id: 't',
      channel: { id: 'C1' },
      message: { ts },
      actions: [{ action_id: 'approve', block_id, value: id, action_ts: '9.9' }],
    };
    // Only these parts are needed where the answer is not shown in a view.
    const desk = { ledger, client: slack.client, log: silent } as unknown as Desk;
    const said = { words: 'Not so any more.', isStale };
    await answerClick(desk, clicked, id, async ({ text }) => void heard.push(text), said);
    return slack.calls
      .filter(({ method, args }) => method === 'chat.update' && args.ts === ts)
      .map(({ args }) => args.text ?? '');
  };
  const add = (fact: Fact) => ledger.append(id, null, [fact]);
  return { add, click, during, heard };
};

it('brings the card up to date whose buttons looked live, and no other that is kept so anyway', async () => {
  const { add, click, heard } = await bench();
  await add(ends.denied);
  expect(await click('1.0', 'decide:x', false)).toEqual([]);
  expect(await click('1.0', 'decide:x', true)).toEqual([expect.stringMatching(/^R-000001 denied/)]);
  expect(heard).toEqual(['Not so any more.', 'Not so any more.']);
});

it('brings a card up to date that nobody knows of, and never makes a card of a direct message', async () => {
  const { click } = await bench();
  expect(await click('2.0', 'decide:x', false)).toEqual([expect.stringMatching(/^R-000001 requested/)]);
  expect(await click('3.0', 'notice', true)).toEqual([]);
});

it('draws the card again when it changes while it is drawn', async () => {
  const { add, click, during } = await bench();
  await add(approved(person('UADA')));
  during.push(ends.succeeded);
  expect(await click('1.0', 'decide:x', true)).toEqual([
    expect.stringMatching(/^R-000001 approved/),
    expect.stringMatching(/^R-000001 succeeded/),
  ]);
});
