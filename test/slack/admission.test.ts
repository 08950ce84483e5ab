import { expect, it } from 'vitest';
import { appOf, foreign } from '../../src/slack/admission.ts';

const now = Date.UTC(2026, 2, 14, 15, 0, 0);
const at = (seconds: number) => String(now / 1000 + seconds);
const http = { team: 'T1' };
const socket = { team: 'T1', app: 'A1' };

it.each([
  ['a command', { team_id: 'T1', api_app_id: 'A1' }, socket],
  ['an interaction', { team: { id: 'T1' }, api_app_id: 'A1' }, socket],
  ['an interaction that names no app', { team: { id: 'T1' } }, socket],
  ['any app over HTTP, where the signature is the app’s own', { team: { id: 'T1' }, api_app_id: 'A2' }, http],
])('takes %s of this installation', (_, body, home) => {
  expect(foreign(body, home, { now })).toBeUndefined();
});

it.each([
  ['another team', { team_id: 'T2' }, http, /another workspace/],
  ['another team’s interaction', { team: { id: 'T2' } }, http, /another workspace/],
  ['no team', { team: null }, http, /another workspace/],
  ['an empty team', { team_id: '' }, http, /another workspace/],
  ['a team of the wrong type', { team_id: 7 }, http, /does not say/],
  ['no object', 'payload', http, /does not say/],
  ['another app', { team_id: 'T1', api_app_id: 'A2' }, socket, /another app/],
  ['before Slack has told who we are', { team_id: 'T1' }, undefined, /not yet/],
] as const)('ignores %s', (_, body, home, why) => {
  expect(foreign(body, home, { now })).toMatch(why);
});

it.each([
  [at(0), true],
  [at(-300), true],
  [at(300), true],
  [at(-301), false],
  [at(301), false],
  ['', false],
  ['soon', false],
  ['NaN', false],
  ['Infinity', false],
])('with the time stamp %s: %s', (timestamp, taken) => {
  expect(foreign({ team_id: 'T1' }, http, { now, timestamp }) === undefined).toBe(taken);
});

it('reads the app’s id out of an app-level token, and nothing out of anything else', () => {
  expect(appOf('xapp-1-A0PORTCULL-123-abc')).toBe('A0PORTCULL');
  for (const token of ['xoxb-1-A0PORTCULL-1', 'xapp-A0', '', 'xapp-1-a0-1-x'])
    expect(appOf(token)).toBeUndefined();
});
