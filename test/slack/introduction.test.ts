import { expect, it } from 'vitest';
import { createIntroduction } from '../../src/slack/introduction.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';
import { silent } from '../support/world.ts';
import { createFakeSlack, refusedBy } from './fake-slack.ts';

const bench = () => {
  const clock = createVirtualClock();
  const state = { error: '', retryAfter: 0 };
  const slack = createFakeSlack(() =>
    state.retryAfter > 0
      ? { retryAfter: state.retryAfter }
      : state.error === ''
        ? { team_id: 'T1', bot_id: 'B1', user_id: 'UBOT' }
        : { error: state.error },
  );
  const said: string[] = [];
  const log = { ...silent, error: (words: string) => void said.push(words) };
  const introduction = createIntroduction({ client: () => slack.client, clock, log, app: undefined });
  return { clock, state, slack, said, introduction };
};

it('asks until Slack has told who the bot is', async () => {
  const { clock, state, introduction } = bench();
  state.error = 'internal_error';
  void introduction.begin();
  await clock.advance(100);
  expect(introduction.trouble()).toContain('internal_error');
  state.error = '';
  await clock.advance(1_000);
  expect([introduction.trouble(), introduction.home()?.team]).toEqual([undefined, 'T1']);
});

it('says what to do once a minute when the token is refused while the bot runs, until it is accepted', async () => {
  const { clock, state, said, introduction } = bench();
  await introduction.begin();
  state.error = 'token_revoked';
  for (let second = 0; second < 90; second += 1) {
    introduction.doubt(refusedBy('token_revoked'));
    await clock.advance(1_000);
  }
  expect(introduction.trouble()).toContain('token_revoked');
  expect(said).toHaveLength(2);
  expect(said[1]).toContain('check SLACK_BOT_TOKEN and reinstall the app');
  state.error = '';
  await clock.advance(60_000);
  expect(introduction.trouble()).toBeUndefined();
});

it('does not take one call that the token is too weak for, or any other fault, for a refused token', async () => {
  const { clock, slack, said, introduction } = bench();
  await introduction.begin();
  introduction.doubt(refusedBy('internal_error'));
  expect(slack.calls).toHaveLength(1);
  introduction.doubt(refusedBy('missing_scope'));
  await clock.advance(0);
  expect([introduction.trouble(), said]).toEqual([undefined, []]);
});

it('ends at the stop whatever Slack says', async () => {
  const { clock, state, introduction } = bench();
  state.error = 'token_revoked';
  void introduction.begin();
  await clock.advance(0);
  await introduction.stop();
  expect(clock.sleeping()).toBe(0);
});

it('does not say at the stop that it is tried again', async () => {
  const { state, said, introduction } = bench();
  state.error = 'internal_error';
  void introduction.begin();
  await introduction.stop();
  expect(said).toEqual([]);
});

it('leaves Slack alone for as long as it wants', async () => {
  const { clock, state, slack, introduction } = bench();
  state.retryAfter = 30;
  void introduction.begin();
  await clock.advance(29_000);
  expect(slack.calls).toHaveLength(1);
  state.retryAfter = 0;
  await clock.advance(1_000);
  expect(introduction.home()?.team).toBe('T1');
});
