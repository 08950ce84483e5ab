import { expect, it } from 'vitest';
import type { Fact } from '../../src/domain/facts.ts';
import { stateOf } from '../../src/domain/request.ts';
import { createOpenViews, type OpenView, type OpenViews } from '../../src/slack/open-views.ts';
import { load } from '../../src/workflow/amend.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';
import { approved, ends, person, requested } from '../support/stories.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';
import { silent } from '../support/world.ts';

const bench = async () => {
  const clock = createVirtualClock();
  const ledger = createMemoryLedger({ clock });
  const { id } = await ledger.append('new', 0, [requested()]);
  const drawn: string[] = [];
  /** What comes in while a view is drawn, and what Slack then does. */
  const during: Fact[] = [];
  const state: { refuses: boolean } = { refuses: false };
  const add = (fact: Fact) => ledger.append(id, null, [fact]);
  const draw = async (view: OpenView): Promise<void> => {
    const request = await load(ledger, id);
    if (request === undefined) throw new Error('no request');
    drawn.push(`${view.view} ${view.user} ${stateOf(request)} ${view.said ?? ''}`.trim());
    const fact = during.shift();
    if (fact) await add(fact);
    if (state.refuses) throw new Error('Slack is down');
    views.shown(view, request);
  };
  const views: OpenViews = createOpenViews({ ledger, clock, log: silent, draw });
  /** Somebody opens the request. @returns shows it like that once more */
  const opens = async (view: string, said?: string) => {
    const request = await load(ledger, id);
    if (request === undefined) throw new Error('no request');
    const show = () => views.shown({ view, id, user: 'UADA', said }, request);
    show();
    return show;
  };
  views.start();
  await clock.advance(0);
  return { add, clock, drawn, during, opens, state, views };
};

it('draws each open view again when its request has changed, for its reader and with what they were told', async () => {
  const { add, clock, drawn, opens, views } = await bench();
  await opens('V1');
  await opens('V2', 'You approved it.');
  await clock.advance(10_000);
  expect(drawn).toEqual([]);
  await add(approved(person('UADA')));
  await clock.advance(1_000);
  expect(drawn).toEqual(['V1 UADA approved', 'V2 UADA approved You approved it.']);
  await views.stop();
  expect(clock.sleeping()).toBe(0);
});

it('draws nothing again for what a view does not show', async () => {
  const { add, clock, drawn, opens, views } = await bench();
  await opens('V1');
  await add({ fact: 'card_posted', channel: 'C1', ts: '1.2' });
  await add({ fact: 'refused', by: person('UZOE'), via: {}, tried: 'approve', code: 'c', words: 'w' });
  await clock.advance(120_000);
  expect(drawn).toEqual([]);
  await views.stop();
});

it('draws once more what went on while it was drawn', async () => {
  const { add, clock, drawn, during, opens, views } = await bench();
  await opens('V1');
  during.push(ends.expired);
  await add(approved(person('UADA')));
  await clock.advance(2_000);
  expect(drawn).toEqual(['V1 UADA approved', 'V1 UADA expired']);
  await views.stop();
});

it('notices what went on before a view was up', async () => {
  const { add, clock, drawn, opens, views } = await bench();
  const open = await opens('V1');
  views.closed('V1');
  await add(ends.expired);
  await clock.advance(2_000);
  open();
  await clock.advance(1_000);
  expect(drawn).toEqual(['V1 UADA expired']);
  await views.stop();
});

it('tries again later where Slack did not take it, and leaves the other views none the worse', async () => {
  const { add, clock, drawn, opens, state, views } = await bench();
  state.refuses = true;
  await opens('V1');
  await opens('V2');
  await add(ends.denied);
  await clock.advance(1_000);
  expect(drawn).toEqual(['V1 UADA denied', 'V2 UADA denied']);
  state.refuses = false;
  await clock.advance(61_000);
  expect(drawn.slice(2)).toEqual(['V1 UADA denied', 'V2 UADA denied']);
  await views.stop();
});

it('forgets a view that was closed, and the oldest of more than two hundred', async () => {
  const { add, clock, drawn, opens, views } = await bench();
  for (let n = 0; n <= 200; n += 1) await opens(`V${n}`);
  views.closed('V7');
  await add(ends.denied);
  await clock.advance(2_000);
  const names = drawn.map((words) => words.split(' ')[0]);
  expect(names).toHaveLength(199);
  for (const forgotten of ['V0', 'V7']) expect(names).not.toContain(forgotten);
  await views.stop();
});

it('forgets a view an hour after it was last drawn', async () => {
  const { add, clock, drawn, opens, views } = await bench();
  await opens('V1');
  await clock.advance(59 * 60_000);
  await add(approved(person('UADA')));
  await clock.advance(59 * 60_000);
  await add(ends.failed);
  await clock.advance(61 * 60_000);
  await add({ fact: 'came_back', grants: [] });
  await clock.advance(60_000);
  expect(drawn).toEqual(['V1 UADA approved', 'V1 UADA failed']);
  await views.stop();
});
