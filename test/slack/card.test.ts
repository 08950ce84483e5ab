import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/domain/facts.ts';
import { stampOf } from '../../src/domain/request.ts';
import { State } from '../../src/domain/state.ts';
import { liveInBlocks } from '../../src/sandbox/slack/mrkdwn.ts';
import { visibleText } from '../../src/sandbox/slack/visible-text.ts';
import { plainCard, renderCard } from '../../src/slack/card.ts';
import { stampIn } from '../../src/slack/request-buttons.ts';
import { approved, person, requested, stepOutcome, tell, waysTo } from '../support/stories.ts';

const buttonsIn = (blocks: readonly object[]): readonly string[] =>
  [...JSON.stringify(blocks).matchAll(/"action_id":"(\w+)"/g)].map(([, id]) => id ?? '');

describe('a card', () => {
  it.each(State.options)('of a request that is %s says so, to people and to machines', (state) => {
    const card = renderCard(tell(...waysTo[state]));
    expect(card.text).toMatch(new RegExp(`^R-000001 ${state}: `));
    expect(card.metadata).toEqual({
      event_type: 'portcullis_request',
      event_payload: { id: 'R-000001', state },
    });
    expect(visibleText(card)).toMatch(/^R-000001 · /);
    expect(visibleText(card)).toContain('unora (UNORA)');
  });

  const live: Readonly<Partial<Record<State, readonly string[]>>> = {
    requested: ['approve', 'deny', 'cancel'],
    unverified: ['check', 'retry'],
    failed: ['retry'],
    partly_failed: ['retry'],
  };

  it.each(State.options)('has only the buttons that do something (%s)', (state) => {
    const { blocks } = renderCard(tell(...waysTo[state]));
    expect(buttonsIn(blocks)).toEqual(live[state] ?? []);
  });

  it('says what a later reading has shown, and offers to retry what came back', () => {
    const stayed = renderCard(tell(...waysTo.succeeded, { fact: 'stayed_gone', after: 900_000 }));
    expect(visibleText(stayed)).toContain('Still gone: read again 15 minutes after the success');
    expect(buttonsIn(stayed.blocks)).toEqual([]);
    const grants = [{ key: 'k1', words: 'one' }];
    const back = renderCard(
      tell(...waysTo.succeeded, { fact: 'stayed_gone', after: 900_000 }, { fact: 'came_back', grants }),
    );
    expect(visibleText(back)).toMatch(/^R-000001 · succeeded: proven gone, but it came back/);
    expect(back.text).toMatch(/^R-000001 succeeded: .*Came back: 1 grant .* listed again: one\./);
    expect(buttonsIn(back.blocks)).toEqual(['retry']);
    expect(visibleText(back)).not.toContain('Still gone');
  });

  it('names the request that it retries', () => {
    const text = visibleText(renderCard(tell(requested({ retries: 'R-000003' }))));
    expect(text).toMatch(/Retries:? R-000003/);
  });

  it('tells everybody whom its warnings are for', () => {
    const text = visibleText(renderCard(tell(requested({ warnings: ['This takes away your own access.'] }))));
    expect(text).toContain('Warning to the requester: This takes away your own access.');
  });

  it('keeps its buttons while a second approval is missing, and names who approved', () => {
    const card = renderCard(tell(requested({ approvals: 2 }), approved(person('UADA'))));
    expect(buttonsIn(card.blocks)).toHaveLength(3);
    expect(visibleText(card)).toContain('Approved by uada (UADA). 1 more approval needed.');
  });

  it('asks for the approval with what tells its target from others, however long a name in the cloud is', () => {
    const { impact } = requested();
    const title = `Revoke all account access of user Eve Evil (eve.evil, u-2) ${'.'.repeat(300)} (mallory, u-1)`;
    const { blocks } = renderCard(tell(requested({ impact: { ...impact, title } })));
    const [, confirm = ''] =
      /"confirm":\{"title":[^}]*\},"text":\{[^}]*"text":"([^"]*)"/.exec(JSON.stringify(blocks)) ?? [];
    expect(confirm).toMatch(/^1 grant will be removed\. Revoke all account access of user /);
    expect(confirm).toContain('(mallory, u-1). This cannot be undone by the bot.');
  });

  it.each([' ', '\u00a0', '\u3000'])(
    'keeps a reason together, so that blanks (%j) in a row do not push a part of it onto what looks like a line of ours',
    (blank) => {
      const reason = `stolen${blank.repeat(300)}Approved by uada (UADA).`;
      expect(visibleText(renderCard(tell(requested({ reason }))))).toContain(
        'stolen Approved by uada (UADA).',
      );
    },
  );

  it('gives every button the id of the request and nothing else', () => {
    const { blocks } = renderCard(tell(requested()));
    const values = [...JSON.stringify(blocks).matchAll(/"value":"([^"]*)"/g)].map(([, value]) => value);
    expect(values).toEqual(['R-000001', 'R-000001', 'R-000001']);
  });

  it('marks the buttons that decide with what they stand for, and counts all of it', () => {
    const grown: Fact = { fact: 'impact_grew', added: [{ key: 'k2', words: 'two' }] };
    const [before, after] = [tell(requested()), tell(requested(), grown)].map((request) => {
      const { blocks } = renderCard(request);
      const mark = blocks.find(({ type }) => type === 'actions')?.block_id ?? '';
      expect(stampIn(mark)).toBe(stampOf(request));
      return { mark, text: JSON.stringify(blocks) };
    });
    expect(before?.mark).not.toBe(after?.mark);
    expect(before?.text).toContain('1 grant will be removed');
    expect(after?.text).toContain('2 grants will be removed');
  });

  it('asks before approving and cancelling, with the count in words', () => {
    const grants = Array.from({ length: 7 }, (_, n) => ({ key: `k${n}`, words: `g${n}` }));
    const { blocks } = renderCard(tell(requested({ impact: { ...requested().impact, grants } })));
    const dialogs = [...JSON.stringify(blocks).matchAll(/"confirm":\{"title"/g)];
    expect(dialogs).toHaveLength(2);
    expect(JSON.stringify(blocks)).toContain('7 grants will be removed');
  });

  it('says by rule, by whom, and with which ids of the cloud', () => {
    expect(visibleText(renderCard(tell(requested({ approvals: 0 }), approved())))).toContain('By rule');
    const called = renderCard(
      tell(...waysTo.executing, stepOutcome('accepted', { status: 200, cloudRequest: 'abc123' })),
    );
    expect(visibleText(called)).toContain('cloud request abc123');
  });

  it('is the same for the same request', () => {
    expect(renderCard(tell(...waysTo.executing))).toEqual(renderCard(tell(...waysTo.executing)));
  });

  it('stays within limits whatever is in it, and nothing in it is live', () => {
    const nasty = `<!channel> <https://evil.example|x> ${'\u202e\u200b&'.repeat(2_000)}\nline`;
    const grants = Array.from({ length: 500 }, (_, n) => ({ key: `k${n}`, words: `${n} ${nasty}` }));
    const impact = {
      ...requested().impact,
      title: nasty,
      grants,
      residual: Array.from({ length: 100 }, () => nasty),
    };
    const by = { ...person('UNORA'), name: nasty };
    const card = renderCard(tell(requested({ impact, by, reason: nasty, because: [nasty, nasty] })));
    expect(card.text.length).toBeLessThanOrEqual(4_000);
    expect(card.blocks.length).toBeLessThanOrEqual(50);
    expect(liveInBlocks(card.blocks).filter(({ kind }) => kind !== 'date')).toEqual([]);
    expect(card.text).not.toMatch(/[<>\u202e\u200b\n]/);
    expect(JSON.stringify(card.blocks).length).toBeLessThan(40_000);
  });

  it('as a plain one keeps what is live and drops what could be refused', () => {
    const card = renderCard(tell(requested()));
    const plain = plainCard(card);
    expect(buttonsIn(plain.blocks)).toEqual(['approve', 'deny', 'cancel']);
    expect(plain.text).toBe(card.text);
    expect(plain.metadata).toEqual(card.metadata);
    expect(plain.blocks.map(({ type }) => type)).toEqual(['section', 'actions']);
  });
});
