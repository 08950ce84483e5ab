import { describe, expect, it } from 'vitest';
import type { Kind } from '../../src/domain/kind.ts';
import { registry } from '../../src/revocations/registry.ts';
import { liveInBlocks } from '../../src/sandbox/slack/mrkdwn.ts';
import {
  contextOf,
  type Filled,
  formView,
  noteValue,
  readForm,
  textErrors,
  valuesOf,
  withDefaults,
} from '../../src/slack/form.ts';
import { loadingView, noticeView } from '../../src/slack/views.ts';

const kind = (name: string): Kind => {
  const found = registry.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`There is no kind ${name}`);
  return found;
};
const filled = (options: Record<string, string>, texts: Partial<Filled> = {}): Filled => ({
  options: Object.fromEntries(
    Object.entries(options).map(([id, value]) => [id, { value, words: `the ${value}` }]),
  ),
  ...texts,
});
interface Element {
  readonly action_id: string;
  readonly type: string;
  readonly initial_option?: { readonly value: string };
  readonly initial_value?: string;
}
const inputs = (name: string, state: Filled) =>
  formView(kind(name), 'draft', withDefaults(kind(name), state), []).blocks.flatMap((block) =>
    block.type === 'input' && 'element' in block ? [{ ...block, element: block.element as Element }] : [],
  );
const element = (name: string, state: Filled, id: string) =>
  inputs(name, state).find((block) => block.block_id === id)?.element;

describe('what was chosen in a menu', () => {
  const chosen = (value: string) => ({
    values: { principal: { a: { selected_option: { text: { text: 'words' }, value } } } },
  });

  it('is the option and its words', () => {
    expect(readForm(chosen('u-1')).options).toEqual({ principal: { value: 'u-1', words: 'words' } });
  });

  it.each(['', noteValue(0), noteValue(7)])('is nothing when the value is "%s"', (value) => {
    expect(readForm(chosen(value)).options).toEqual({});
  });
});

describe('the form of each kind', () => {
  it.each([
    [
      'account-assignment',
      {},
      ['principal_type', 'principal', 'account', 'permission_set', 'reason', 'incident'],
    ],
    ['profile', {}, ['principal_type', 'principal', 'reason', 'incident']],
    ['modelarts-authorization', {}, ['project', 'scope', 'user', 'reason', 'incident']],
    ['modelarts-authorization', { scope: 'all-users' }, ['project', 'scope', 'reason', 'incident']],
  ])('%s has the blocks that automation relies on, with %j', (name, options, blocks) => {
    expect(inputs(name, filled(options)).map(({ block_id }) => block_id)).toEqual(blocks);
  });

  it.each(registry.map(({ name }) => name))(
    '%s is a modal of that name with only the draft’s id in it',
    (name) => {
      expect(formView(kind(name), 'draft', filled({}), [])).toMatchObject({
        type: 'modal',
        callback_id: name,
        private_metadata: 'draft',
        submit: { text: 'Review' },
      });
    },
  );

  it('has no submit button while it loads, nor where there is nothing to submit', () => {
    expect(loadingView('t')).not.toHaveProperty('submit');
    expect(noticeView('t', ['words'])).not.toHaveProperty('submit');
  });

  it('puts the context of a look-up into its action id, so that it starts afresh with another', () => {
    const user = filled({ principal_type: 'USER', principal: 'u1' });
    expect(element('account-assignment', user, 'account')?.action_id).toBe('account:USER:u1');
    const group = filled({ principal_type: 'GROUP' });
    expect(element('account-assignment', group, 'account')?.action_id).toBe('account:GROUP:');
    const field = kind('account-assignment').fields.find(({ id }) => id === 'account');
    if (field?.type !== 'lookup') throw new Error('account is no look-up');
    expect(contextOf(field, 'account:USER:u1')).toEqual({ principal_type: 'USER', principal: 'u1' });
    expect(contextOf(field, 'account')).toEqual({ principal_type: '', principal: '' });
  });

  it('keeps what was chosen and typed', () => {
    const state = filled({ principal_type: 'GROUP', principal: 'g1' }, { reason: 'why', incident: 'INC-1' });
    expect(element('profile', state, 'principal_type')?.initial_option?.value).toBe('GROUP');
    expect(element('profile', state, 'principal')?.initial_option?.value).toBe('g1');
    expect(element('profile', state, 'reason')?.initial_value).toBe('why');
    expect(element('profile', state, 'incident')?.initial_value).toBe('INC-1');
  });

  it('cuts a reason that is too long visibly, and never within a character', () => {
    const state = filled({}, { reason: `${'x'.repeat(999)}\u{1f600}` });
    expect(element('profile', state, 'reason')?.initial_value).toBe(`${'x'.repeat(999)}…`);
  });

  it('shows no option that Slack would refuse', () => {
    expect(element('profile', filled({ principal_type: 'ROOT' }), 'principal_type')).not.toHaveProperty(
      'initial_option',
    );
    for (const principal of ['', 'x'.repeat(151)]) {
      expect(element('profile', filled({ principal }), 'principal')).not.toHaveProperty('initial_option');
    }
  });

  it('says its notes as plain text', () => {
    const view = formView(kind('profile'), 'd', filled({}), ['<!channel> *x*']);
    expect(JSON.stringify(view)).toContain('<!channel> *x*');
    expect(liveInBlocks(view.blocks)).toEqual([]);
  });

  it('takes only the values of fields that are shown', () => {
    const state = filled({ project: 'p1', scope: 'all-users', user: 'u1', unheard: 'x' });
    expect(valuesOf(kind('modelarts-authorization'), state)).toEqual({ project: 'p1', scope: 'all-users' });
  });
});

describe('a form that was sent', () => {
  const text = (value: string | null) => ({ x: { value } });
  it('is read by its block ids, whatever the action ids are; empty fields are left out', () => {
    const option = (value: string) => ({ selected_option: { text: { text: `the ${value}` }, value } });
    expect(
      readForm({
        values: {
          principal: { 'principal:USER': option('u1') },
          account: { account: { selected_option: null } },
          reason: text('  why \n'),
          incident: text(null),
        },
      }),
    ).toEqual({ options: { principal: { value: 'u1', words: 'the u1' } }, reason: 'why' });
    expect(readForm({ values: {} })).toEqual({ options: {} });
  });

  it.each([
    ['why', undefined, []],
    ['x'.repeat(1_000), 'INC-42', []],
    ['撤'.repeat(1_000), 'a.b_c-d', []],
    ['', undefined, ['reason']],
    ['  ', undefined, ['reason']],
    ['x'.repeat(1_001), undefined, ['reason']],
    ['why', '../x', ['incident']],
    ['why', 'x'.repeat(65), ['incident']],
    ['why', 'INC 42', ['incident']],
    ['why', 'é', ['incident']],
    ['', '<x>', ['reason', 'incident']],
  ])('with the reason %j and the incident %j is wrong in %j', (reason, incident, wrong) => {
    const state = readForm({ values: { reason: text(reason), incident: text(incident ?? null) } });
    expect(Object.keys(textErrors(state))).toEqual(wrong);
  });
});
