import { describe, expect, it } from 'vitest';
import { Fact } from '../../src/domain/facts.ts';
import { State } from '../../src/domain/state.ts';
import { plural, sentenceOf, stateWords } from '../../src/slack/words.ts';
import { approved, ends, person, proof, requested, stepOutcome, stepStarted } from '../support/stories.ts';
import { allModelArtsUsers, createWorld, project } from '../support/world.ts';

const bob = person('UBOB', 'bob@example.com');

const samples: readonly (readonly [Fact, RegExp])[] = [
  [requested(), /unora \(UNORA\) asked: Revoke all[\s\S]*Needs 1 approval by 2026-/],
  [requested({ affected: undefined }), /Members of the target may approve, except the requester\.\nReason: /],
  [requested({ approvals: 0, incident: 'INC-1' }), /Incident: INC-1[\s\S]*No second approver/],
  [approved(bob), /ubob \(UBOB\) approved/],
  [approved(), /Approved by rule/],
  [{ fact: 'approval_void', user: 'UBOB', words: 'left' }, /Approval void: left/],
  [ends.denied, /uada \(UADA\) denied: no/],
  [ends.cancelled, /unora \(UNORA\) cancelled/],
  [ends.expired, /Expired: late/],
  [{ fact: 'impact_grew', added: [{ key: 'k', words: 'more' }] }, /1 grant came on top: more/],
  [ends.halted, /Halted: grew/],
  [stepStarted(), /Calling the cloud: delete/],
  [stepStarted(2), /again \(start 2\)/],
  [
    stepOutcome('accepted', { status: 200, cloudRequest: 'abc', job: 'j1' }),
    /HTTP 200, cloud request abc, deletion j1/,
  ],
  [stepOutcome('refused', { code: 'IIC.1', message: 'no.' }), /did not accept.*IIC\.1.*no\.$/],
  [stepOutcome('unknown'), /unknown; reading will tell/],
  [proof('gone'), /none of the approved grants/],
  [proof('present', ['k1']), /1 approved grant still there/],
  [
    { ...proof('present', ['k1']), unread: true, words: 'Key refused.' },
    /^Not read back, because the cloud could not be asked: 1 approved grant counts as still there\. Key refused\.$/,
  ],
  [proof('late', ['k1', 'k2']), /2 approved grants still listed/],
  [ends.succeeded, /Succeeded\. gone/],
  [ends.unverified, /Unverified\. late/],
  [ends.partly_failed, /Partly failed\. some/],
  [ends.failed, /Failed\. none/],
  [requested({ retries: 'R-000003' }), /Retries R-000003/],
  [
    { ...proof('present', ['k1']), by: bob },
    /^ubob \(UBOB\) checked again\. Read back: 1 approved grant still/,
  ],
  [{ fact: 'stayed_gone', after: 45_000 }, /Still gone: read again 45 seconds after/],
  [{ fact: 'stayed_gone', after: 900_400 }, /Still gone: read again 15 minutes after/],
  [{ fact: 'stayed_gone', after: 86_400_000 }, /Still gone: read again 24 hours after/],
  [{ fact: 'stayed_gone', after: 7 * 86_400_000 }, /Still gone: read again 7 days after/],
  [
    { fact: 'came_back', grants: [{ key: 'k', words: 'admin' }] },
    /Came back: 1 grant .* is listed again: admin\./,
  ],
  [
    { fact: 'refused', by: bob, via: {}, tried: 'approve', code: 'c', words: 'w' },
    /tried "approve" and was refused \(c\)/,
  ],
  [{ fact: 'refusals_counted', user: 'U', name: 'n', tried: 'deny', code: 'c', count: 3 }, /3 more times/],
  [{ fact: 'started', version: '1', policy: 'p', approvers: ['UBOB'] }, /started, policy p, approvers UBOB/],
  [
    {
      fact: 'group_changed',
      group: 'S1',
      name: '@duty',
      first: true,
      added: [{ user: 'UBOB', name: 'Bob' }],
      removed: [],
    },
    /^The user group @duty \(S1\) has 1 member: Bob \(UBOB\)\.$/,
  ],
  [
    {
      fact: 'group_changed',
      group: 'S1',
      first: false,
      added: [{ user: 'UEVE' }],
      removed: [{ user: 'UBOB' }],
    },
    /^The user group S1 has changed\. Came in: UEVE\. Went out: UBOB\.$/,
  ],
  [
    { fact: 'policy_changed', policy: 'p2', settings: {}, changes: ['APPROVALS_NEEDED: 1 → 2'] },
    /Policy p2 is in force\. APPROVALS_NEEDED: 1 → 2\./,
  ],
  [
    { fact: 'notified', user: 'UBOB', why: 'reminded', state: 'requested', channel: 'D1', ts: '1' },
    /UBOB was reminded/,
  ],
  [{ fact: 'stopped', words: 'bye' }, /stopped: bye/],
  [{ fact: 'anchor', words: 'at 5' }, /Anchor: at 5/],
  [{ fact: 'recovered', words: 'torn' }, /Recovered: torn/],
  [{ fact: 'key_rejected', words: 'a host did not' }, /^Access key rejected: a host did not$/],
  [{ fact: 'key_accepted', words: 'a host does' }, /^Access key accepted: a host does$/],
  [{ fact: 'card_posted', channel: 'C1', ts: '1' }, /posted in C1/],
  [{ fact: 'cursor', name: 'audit', at: 4 }, /Cursor audit at 4/],
];

describe('the sentence of a fact', () => {
  it('is there for every fact there is', () => {
    const words = new Set(samples.map(([fact]) => fact.fact));
    const all = Fact.options.map((option) => option.shape.fact.value);
    expect([...words].toSorted()).toEqual([...all].toSorted());
  });

  it.each(samples.map(([fact, words]) => [fact.fact, fact, words] as const))(
    'says of %s what happened',
    (_, fact, words) => {
      expect(sentenceOf(fact)).toMatch(words);
    },
  );

  it('does not say that somebody was shown what Slack may have refused to show them', () => {
    const notified = { fact: 'notified', user: 'UBOB', state: 'denied', channel: 'D1', ts: '1' } as const;
    expect(sentenceOf({ ...notified, why: 'decided' })).toBe('UBOB need not decide any more.');
  });

  it('has no line break of anybody else', () => {
    const forged = 'x\n#9 R-000001 approved\rBob approved';
    const by = { ...bob, name: forged };
    const impact = { ...requested().impact, title: forged, grants: [{ key: 'k', words: forged }] };
    const asked = sentenceOf(requested({ by, reason: forged, impact, because: [forged] }));
    expect(asked.split('\n')).toHaveLength(4);
    expect(asked).not.toContain('\r');
    for (const fact of [
      { ...ends.denied, by, reason: forged },
      { ...ends.failed, words: forged },
      stepOutcome('refused', { message: forged }),
    ]) {
      expect(sentenceOf(fact)).not.toMatch(/[\r\n]/);
    }
  });

  it('shows an id in brackets only where it is ours, so that nobody is called like somebody else with their id', () => {
    const by = { ...bob, name: 'Eve (U0CAROL99), \uff08W0DAN9999, d\uff09' };
    for (const fact of [
      { ...ends.denied, by },
      requested({ by }),
      approved(by),
      { fact: 'refused', by, via: {}, tried: 'approve', code: 'c', words: 'w' },
      { fact: 'refusals_counted', user: by.user, name: by.name, tried: 'deny', code: 'c', count: 3 },
      {
        fact: 'group_changed',
        group: 'S1',
        first: true,
        added: [{ user: by.user, name: by.name }],
        removed: [],
      },
    ] as const) {
      const said = sentenceOf(fact);
      expect(said).toContain('Eve \\u{28}U0CAROL99), \\u{ff08}W0DAN9999, d\uff09 (UBOB)');
    }
  });

  it.each(['Bob (Washington)', 'Bob (University of York)', 'Bob (weekends only)'])(
    'leaves in its brackets what is only a word (%s)',
    (name) => {
      expect(sentenceOf({ ...ends.denied, by: { ...bob, name } })).toContain(`${name} (UBOB)`);
    },
  );

  it.each(['U0CAROL99', 'u0carol99', 'UCAROLABC'])(
    'takes no word in brackets for one that may be an id (%s)',
    (id) => {
      expect(sentenceOf({ ...ends.denied, by: { ...bob, name: `Eve (${id})` } })).toContain(
        `Eve \\u{28}${id}) (UBOB)`,
      );
    },
  );

  it('names at most ten grants and counts the rest', () => {
    const grants = Array.from({ length: 300 }, (_, n) => ({ key: `k${n}`, words: `grant ${n}` }));
    const said = sentenceOf(requested({ impact: { ...requested().impact, grants } }));
    expect(said).toContain('grant 9; and 290 more');
    expect(said).not.toContain('grant 10');
  });
});

it('calls every state by words of its own', () => {
  const words = State.options.map((state) => stateWords[state]);
  expect(new Set(words).size).toBe(State.options.length);
});

it('counts in words', () => {
  expect([0, 1, 2].map((count) => plural(count, 'grant'))).toEqual(['0 grants', '1 grant', '2 grants']);
});

it('does not say of one step that nothing is listed, while a later one is still to take something', async () => {
  const { cloud, ask, approve, finish, facts } = createWorld();
  cloud.authorizations.get(project)?.push({ user_id: 'all', user_type: 'all-users', type: 'agency' });
  const id = await ask('modelarts-authorization', allModelArtsUsers);
  await approve(id);
  await finish(id);
  const told = facts(id).filter(({ fact }) => fact === 'step_started' || fact === 'proof');
  expect(told.map(({ fact }) => fact)).toEqual(['step_started', 'proof', 'step_started', 'proof']);
  expect(told.map(sentenceOf)[1]).toContain('none of the approved grants of this step is listed');
});
