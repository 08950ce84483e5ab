import { describe, expect, it } from 'vitest';
import { ruleText, settingsChanged, settingsOf } from '../../src/domain/policy-settings.ts';
import { policy } from '../support/world.ts';

const both = {
  anyone: ['UADA', 'S0'],
  together: [
    ['S1', 'S2'],
    ['S3', 'S4'],
  ],
};

it('writes an approver rule as it is configured', () => {
  expect(ruleText(both)).toBe('UADA,S0,S1+S2,S3+S4');
  expect(ruleText({ anyone: [], together: [['S1', 'S2']] })).toBe('S1+S2');
});

describe('a policy as settings', () => {
  it('is written by the names of the environment', () => {
    expect(
      settingsOf({
        requesters: ['S9', 'UNORA'],
        approvers: both,
        approversOf: { 'account-assignment': { anyone: ['S5'], together: [] } },
        approvalsNeeded: 2,
        approvalsNeededOf: { profile: 3 },
        coolOff: 24 * 3_600_000,
        escalateTo: ['S6', 'UBOSS'],
        escalateAfter: 90_000,
        requireApproval: 'always',
        groupThreshold: 7,
        unapprovedLimit: 4,
        protectedPrincipals: ['root', 'boss@x.example'],
        approvalWindow: 30 * 60_000,
        executionWindow: 2 * 3_600_000,
      }),
    ).toEqual({
      REQUESTERS: 'S9,UNORA',
      APPROVERS: 'UADA,S0,S1+S2,S3+S4',
      APPROVERS_ACCOUNT_ASSIGNMENT: 'S5',
      APPROVALS_NEEDED: '2',
      APPROVALS_NEEDED_PROFILE: '3',
      APPROVER_COOL_OFF: '1d',
      ESCALATE_TO: 'S6,UBOSS',
      ESCALATE_AFTER: '90s',
      REQUIRE_APPROVAL: 'always',
      GROUP_APPROVAL_THRESHOLD: '7',
      UNAPPROVED_LIMIT: '4',
      PROTECTED_PRINCIPALS: 'root,boss@x.example',
      APPROVAL_WINDOW: '30m',
      EXECUTION_WINDOW: '2h',
    });
  });

  it.each([
    [0, '0'],
    [1_000, '1s'],
    [61_000, '61s'],
    [120_000, '2m'],
    [3_600_000, '1h'],
    [25 * 3_600_000, '25h'],
    [48 * 3_600_000, '2d'],
    [1_500, '1500ms'],
  ])('writes %i ms as %s', (coolOff, text) => {
    expect(settingsOf({ ...policy, coolOff }).APPROVER_COOL_OFF).toBe(text);
  });
});

describe('what is different now', () => {
  const before = { APPROVERS: 'S1', APPROVALS_NEEDED: '1', ESCALATE_TO: '' };

  it('is told a line for each setting that changed, came or went', () => {
    const now = { APPROVERS: 'S1', APPROVALS_NEEDED: '2', ESCALATE_TO: 'S2', APPROVERS_PROFILE: 'S3' };
    expect(settingsChanged(before, now)).toEqual([
      'APPROVALS_NEEDED: 1 → 2',
      'ESCALATE_TO: empty → S2',
      'APPROVERS_PROFILE: empty → S3',
    ]);
    expect(settingsChanged(now, before)).toEqual([
      'APPROVALS_NEEDED: 2 → 1',
      'ESCALATE_TO: S2 → empty',
      'APPROVERS_PROFILE: S3 → empty',
    ]);
    expect(settingsChanged(now, now)).toEqual([]);
  });

  it('is everything where nothing is known of an earlier policy', () => {
    expect(settingsChanged(undefined, before)).toEqual([
      'APPROVERS: S1',
      'APPROVALS_NEEDED: 1',
      'ESCALATE_TO: empty',
    ]);
  });
});
