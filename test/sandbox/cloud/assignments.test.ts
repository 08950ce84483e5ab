import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { grantsOf, type Started, startCloud, trentsGrant } from './harness.ts';
import { refusalOf, sendSigned } from './official-sdk.ts';

const accepted = z.object({
  account_assignment_deletion_status: z.object({ request_id: z.string(), status: z.string() }),
});

const startDeletion = async (started: Started) => {
  const path = `${started.instance}/account-assignments/delete`;
  const answer = accepted.parse(await started.sdk({ method: 'POST', path, body: trentsGrant(started) }));
  return answer.account_assignment_deletion_status;
};

const statusOf = async ({ sdk, instance }: Started, id: string) =>
  z
    .object({ account_assignment_deletion_status: z.record(z.string(), z.unknown()) })
    .parse(await sdk({ method: 'GET', path: `${instance}/account-assignments/deletion-status/${id}` }))
    .account_assignment_deletion_status;

const listed = async (started: Started) => {
  const query = { account_id: trentsGrant(started).target_id };
  const rows = await started.sdk({ method: 'GET', path: `${started.instance}/account-assignments`, query });
  return z
    .object({ account_assignments: z.array(z.object({ principal_id: z.string() })) })
    .parse(rows)
    .account_assignments.some((row) => row.principal_id === trentsGrant(started).principal_id);
};

describe('the deletion of an assignment', () => {
  test('is in progress, and the assignment listed, until its time has passed', async () => {
    const started = await startCloud({ deletionDelayMs: 3_000 });
    const { request_id, status } = await startDeletion(started);
    expect(status).toBe('IN_PROGRESS');
    started.pass(2_999);
    expect(await statusOf(started, request_id)).toMatchObject({ status: 'IN_PROGRESS' });
    expect(await listed(started)).toBe(true);
    started.pass(1);
    expect(await listed(started)).toBe(false);
    expect(await statusOf(started, request_id)).toEqual({
      ...trentsGrant(started),
      created_date: started.now() - 3_000,
      request_id,
      status: 'SUCCEEDED',
    });
  });

  test('removes exactly the one grant', async () => {
    const started = await startCloud({ deletionDelayMs: 0 });
    const before = started.cloud.organisation.assignments.length;
    expect(await startDeletion(started)).toMatchObject({ status: 'SUCCEEDED' });
    expect(started.cloud.organisation.assignments.length).toBe(before - 1);
    expect(grantsOf(started, started.user('trent.osei').user_id)).toBe(1);
  });

  test('shows in the state without any call once its time has passed', async () => {
    const started = await startCloud({ deletionDelayMs: 10 });
    await startDeletion(started);
    started.pass(10);
    expect(grantsOf(started, started.user('trent.osei').user_id)).toBe(1);
  });

  test('is refused with 409 while another one of the same grant runs, and works on once that is done', async () => {
    const started = await startCloud({ failDeletions: 'no' });
    await startDeletion(started);
    expect(await refusalOf(startDeletion(started))).toMatchObject({ status: 409, code: 'IIC.1006' });
    started.pass(1_000);
    expect(await startDeletion(started)).toMatchObject({ status: 'IN_PROGRESS' });
  });

  test('can be made to fail, with a reason that shows only at the end', async () => {
    const started = await startCloud({ failDeletions: 'The account is being closed.' });
    const { request_id } = await startDeletion(started);
    expect(await statusOf(started, request_id)).not.toHaveProperty('failure_reason');
    started.pass(1_000);
    expect(await statusOf(started, request_id)).toMatchObject({
      status: 'FAILED',
      failure_reason: 'The account is being closed.',
    });
    expect(await listed(started)).toBe(true);
  });

  test('can be made to fail in one account only', async () => {
    const started = await startCloud({ deletionDelayMs: 0 });
    started.cloud.switches.failDeletionsInAccounts.add(started.account('prod-core').id);
    expect(await startDeletion(started)).toMatchObject({ status: 'SUCCEEDED' });
    const body = {
      permission_set_id: started.set('PowerUser').permission_set_id,
      principal_id: started.user('mallory.finch').user_id,
      principal_type: 'USER',
      target_id: started.account('prod-core').id,
      target_type: 'ACCOUNT',
    };
    const path = `${started.instance}/account-assignments/delete`;
    expect(await started.sdk({ method: 'POST', path, body })).toMatchObject({
      account_assignment_deletion_status: {
        status: 'FAILED',
        failure_reason: expect.stringContaining('account'),
      },
    });
  });

  test('fails when the person has left the identity store meanwhile, and names the person', async () => {
    const started = await startCloud({ deletionDelayMs: 0 });
    const body = trentsGrant(started);
    const { users } = started.cloud.organisation;
    users.splice(
      users.findIndex((user) => user.user_id === body.principal_id),
      1,
    );
    const path = `${started.instance}/account-assignments/delete`;
    expect(await started.sdk({ method: 'POST', path, body })).toMatchObject({
      account_assignment_deletion_status: {
        status: 'FAILED',
        failure_reason: expect.stringContaining(body.principal_id),
      },
    });
  });

  test('is found in the list of deletions, by status', async () => {
    const started = await startCloud();
    const { request_id } = await startDeletion(started);
    const list = (status: string) =>
      started.sdk({
        method: 'GET',
        path: `${started.instance}/account-assignments/deletion-statuses`,
        query: { status },
      });
    expect(await list('IN_PROGRESS')).toMatchObject({
      account_assignments_deletion_status: [
        { request_id, status: 'IN_PROGRESS', created_date: started.now() },
      ],
    });
    expect(await list('SUCCEEDED')).toMatchObject({ account_assignments_deletion_status: [] });
    started.pass(1_000);
    expect(await list('SUCCEEDED')).toMatchObject({ account_assignments_deletion_status: [{ request_id }] });
    expect(await refusalOf(list('DONE'))).toMatchObject({ status: 400 });
  });

  test('of an account outside the organisation is a 400, of an unknown job a 404', async () => {
    const started = await startCloud();
    const path = `${started.instance}/account-assignments`;
    const body = { ...trentsGrant(started), target_id: '0'.repeat(32) };
    expect(await refusalOf(started.sdk({ method: 'POST', path: `${path}/delete`, body }))).toMatchObject({
      status: 400,
      code: 'IIC.1210',
    });
    expect(
      await refusalOf(started.sdk({ method: 'GET', path: `${path}/deletion-status/unknown` })),
    ).toMatchObject({ status: 404, code: 'IIC.404' });
  });
});

describe('the deletion of an assignment that is not there', () => {
  const deleteTwice = async (started: Started) => {
    await startDeletion(started);
    return startDeletion(started);
  };

  test('is a 404 at first', async () => {
    const started = await startCloud({ deletionDelayMs: 0 });
    expect(await refusalOf(deleteTwice(started))).toMatchObject({ status: 404, code: 'IIC.404' });
  });

  test('can be switched to 409', async () => {
    const started = await startCloud({ deletionDelayMs: 0, missingAssignment: '409' });
    expect(await refusalOf(deleteTwice(started))).toMatchObject({ status: 409, code: 'IIC.1007' });
  });

  test('can be switched to a job that fails', async () => {
    const started = await startCloud({ deletionDelayMs: 0, missingAssignment: 'failed-status' });
    expect(await deleteTwice(started)).toMatchObject({ status: 'FAILED' });
  });
});

test('a deleted grant can be created again, once', async () => {
  const started = await startCloud({ deletionDelayMs: 0 });
  await startDeletion(started);
  const create = () =>
    started.sdk({
      method: 'POST',
      path: `${started.instance}/account-assignments/create`,
      body: trentsGrant(started),
    });
  expect(await create()).toMatchObject({ account_assignment_creation_status: { status: 'SUCCEEDED' } });
  expect(await listed(started)).toBe(true);
  expect(await refusalOf(create())).toMatchObject({ status: 409, code: 'IIC.1257' });
});

describe('the removal of a profile', () => {
  const disassociate = ({ instance, cloud, now, user }: Started, change: Record<string, string> = {}) =>
    sendSigned(cloud, now(), {
      method: 'POST',
      path: `${instance}/disassociate-profile`,
      body: {
        id: user('mallory.finch').user_id,
        accessor_type: 'USER',
        identity_store_id: cloud.identityStoreId,
        ...change,
      },
    });

  test('takes all grants of the principal and of nobody else, and answers nothing', async () => {
    const started = await startCloud();
    const before = started.cloud.organisation.assignments.length;
    const answer = await disassociate(started);
    expect(answer).toMatchObject({ status: 200, text: '' });
    expect(answer.headers['content-length']).toBe('0');
    expect(answer.headers['x-request-id']).toMatch(/./);
    expect(grantsOf(started, started.user('mallory.finch').user_id)).toBe(0);
    expect(started.cloud.organisation.assignments.length).toBe(before - 5);
    expect(started.cloud.organisation.memberships.length).toBe(34);
  });

  test('can leave out the length of its empty answer', async () => {
    const answer = await disassociate(await startCloud({ emptyBodyContentLength: false }));
    expect(answer).toMatchObject({ status: 200, text: '' });
    expect(answer.headers['content-length']).toBeUndefined();
  });

  test('can take effect later, and then takes only what was there at the call', async () => {
    const started = await startCloud({ disassociateDelayMs: 2_000 });
    const { user_id } = started.user('mallory.finch');
    await disassociate(started);
    started.pass(1_999);
    expect(grantsOf(started, user_id)).toBe(5);
    started.cloud.organisation.assignments.push({
      account_id: started.account('staging').id,
      permission_set_id: started.set('PowerUser').permission_set_id,
      principal_id: user_id,
      principal_type: 'USER',
    });
    started.pass(1);
    expect(grantsOf(started, user_id)).toBe(1);
  });

  test('of a principal that does not exist, or of the other type, is a 404', async () => {
    const started = await startCloud();
    const answers = await Promise.all([
      disassociate(started, { id: 'nobody' }),
      disassociate(started, { accessor_type: 'GROUP' }),
      disassociate(started, { identity_store_id: 'd-0000000000' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(grantsOf(started, started.user('mallory.finch').user_id)).toBe(5);
  });

  test('wants accessor_type, not principal_type', async () => {
    const answer = await disassociate(await startCloud(), { principal_type: 'USER' });
    expect(answer.status).toBe(400);
  });
});

test('assignments of a principal can be narrowed to an account; an unknown principal is a 400', async () => {
  const { sdk, instance, user, account } = await startCloud();
  const path = `${instance}/account-assignments-for-principals`;
  const query = { principal_id: user('mallory.finch').user_id, principal_type: 'USER' };
  expect(await sdk({ method: 'GET', path, query })).toMatchObject({ page_info: { current_count: 5 } });
  expect(
    await sdk({ method: 'GET', path, query: { ...query, account_id: account('prod-core').id } }),
  ).toMatchObject({ page_info: { current_count: 2 } });
  const unknown = { ...query, principal_id: 'nobody' };
  expect(await refusalOf(sdk({ method: 'GET', path, query: unknown }))).toMatchObject({ status: 400 });
});
