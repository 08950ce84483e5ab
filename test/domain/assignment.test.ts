import { expect, it } from 'vitest';
import { assignmentKey, assignmentsOf, namedGrants, setNames } from '../../src/domain/assignment.ts';
import { type Cloud, CloudFault } from '../../src/domain/ports.ts';
import { directoryOf } from '../support/fake-directory.ts';

it('names permission sets without the id beside the name, and by the id where there is no name', async () => {
  const directory = directoryOf({
    permissionSets: [
      { id: 'ps-1', name: 'PowerUser' },
      { id: 'ps-2', name: 'Billing (old)' },
    ],
  });
  expect(Object.fromEntries(await setNames(['ps-1', 'ps-2', 'ps-gone', 'ps-1'], directory))).toEqual({
    'ps-1': 'PowerUser',
    'ps-2': 'Billing (old)',
    'ps-gone': 'ps-gone',
  });
});

it('puts thousands of grants into words in their order, and lets everything else have its turn meanwhile', async () => {
  const directory = directoryOf({});
  const rows = Array.from({ length: 4_500 }, (_, index) => ({
    account_id: 'a-1',
    permission_set_id: `ps-${index % 2}`,
    principal_id: `u-${index}`,
    principal_type: 'USER',
  }));
  let turns = 0;
  let isOver = false;
  const turn = () => {
    turns += 1;
    if (!isOver) setImmediate(turn);
  };
  turn();
  const grants = await namedGrants(rows, directory);
  isOver = true;
  expect(grants.map(({ key }) => key)).toEqual(rows.map(assignmentKey));
  expect(grants.at(-1)?.words).toBe('ps-1 on a-1');
  expect(turns).toBeGreaterThanOrEqual(18);
});

const grant = { account_id: 'a-1', permission_set_id: 'ps-1', principal_id: 'u-1', principal_type: 'USER' };

it.each(['account_id', 'permission_set_id', 'principal_id', 'principal_type'])(
  'does not take a row without %s for one of somebody else',
  async (field) => {
    const cloud: Cloud = {
      call: async ({ answer }) => {
        const body = answer.safeParse({ account_assignments: [{ ...grant, [field]: '' }] });
        if (body.success) return { body: body.data, status: 200 };
        throw new CloudFault('unexpected-answer', 'wrong form', { retryable: false });
      },
    };
    await expect(assignmentsOf(cloud, 'ins-1', 'USER', 'u-1')).rejects.toMatchObject({
      family: 'unexpected-answer',
    });
  },
);
