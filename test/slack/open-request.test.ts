import { describe, expect, it } from 'vitest';
import { LedgerFault } from '../../src/domain/ports.ts';
import type { Desk } from '../../src/slack/desk.ts';
import { onOpen, redrawRequest } from '../../src/slack/open-request.ts';
import { ada, ben, createWorld, wholeProfile } from '../support/world.ts';
import { createFakeSlack } from './fake-slack.ts';

/** A request that Ada has open, and what her view and the record say after she is drawn anew or opens it herself. */
const bench = async () => {
  const { needs, people, ask, approve } = createWorld();
  const id = await ask('profile', wholeProfile);
  const state: { troubles: boolean } = { troubles: false };
  const slack = createFakeSlack(() =>
    state.troubles ? { error: 'internal_error' } : { view: { id: 'V1' } },
  );
  const recorded: string[] = [];
  const closed: string[] = [];
  const parts = {
    ...needs,
    client: slack.client,
    refusals: { note: async ({ tried }: { tried: string }) => void recorded.push(tried) },
    openViews: { shown: () => {}, closed: (view: string) => void closed.push(view) },
  };
  // Only these parts are needed where nothing is decided.
  const desk = parts as unknown as Desk;
  await approve(id, ben);
  const redraw = () => redrawRequest(desk, { view: 'V1', id, user: ada });
  const open = () => onOpen(desk, { user: { id: ada }, trigger_id: 't', actions: [] }, id);
  const shown = () => slack.calls.findLast(({ method }) => method === 'views.update')?.args.view ?? '';
  return { people, ledger: needs.ledger, clock: needs.clock, state, redraw, open, shown, recorded, closed };
};

describe('a request in a view', () => {
  it('of somebody who may not see it any more is taken away, and it is no try of theirs', async () => {
    const { people, redraw, shown, recorded, closed } = await bench();
    people.roles.approver.delete(ada);
    await redraw();
    expect(shown()).toContain('Only those who may ask');
    expect(closed).toEqual(['V1']);
    expect(recorded).toEqual([]);
  });

  it('stays as it is while Slack cannot be asked about its reader, and is drawn when it can', async () => {
    const { people, redraw, shown, recorded, closed } = await bench();
    people.reachable = false;
    await redraw();
    expect([shown(), closed, recorded]).toEqual(['', [], []]);
    people.reachable = true;
    await redraw();
    expect(shown()).toContain('R-000001 · approved');
  });

  it('stays due while Slack does not take it, and keeps nobody who stops the bot waiting', async () => {
    const { clock, state, redraw, shown, closed } = await bench();
    state.troubles = true;
    const before = clock.now();
    await redraw();
    expect([closed, clock.now()]).toEqual([[], before]);
    state.troubles = false;
    await redraw();
    expect(shown()).toContain('R-000001 · approved');
  });

  it('is due also where it has to be taken away and Slack does not take that', async () => {
    const { people, state, redraw, shown, closed } = await bench();
    people.roles.approver.delete(ada);
    state.troubles = true;
    await redraw();
    expect(closed).toEqual([]);
    state.troubles = false;
    await redraw();
    expect(shown()).toContain('Only those who may ask');
    expect(closed).toEqual(['V1']);
  });

  it('is refused on record to somebody who opens it and may not', async () => {
    const { people, open, shown, recorded } = await bench();
    people.roles.approver.delete(ada);
    await open();
    expect(shown()).toContain('Only those who may ask');
    expect(recorded).toEqual(['open']);
  });

  it('says so where it cannot be read, instead of looking it up for ever', async () => {
    const { ledger, open, shown } = await bench();
    ledger.ofRequest = async () => {
      throw new LedgerFault('Line 7 of the journal is damaged.');
    };
    await open().catch(() => undefined);
    expect(shown()).toContain('Line 7 of the journal is damaged.');
  });
});
