import { expect, it } from 'vitest';
import { portalSessionsOf } from '../../src/domain/portal-session.ts';
import { type Cloud, CloudFault, type CloudRequest } from '../../src/domain/ports.ts';

const mallory = { store: 'd-1', region: 'eu-west-1', principal: 'u-1' };

const answering = (body: unknown) => {
  const asked: CloudRequest<unknown>[] = [];
  const cloud: Cloud = {
    call: async (request) => {
      asked.push(request);
      const answer = request.answer.safeParse(body);
      if (answer.success) return { body: answer.data, status: 200 };
      throw new CloudFault('unexpected-answer', 'wrong form', { retryable: false });
    },
  };
  return { cloud, asked };
};

it('are those of the user, and no row of anybody else', async () => {
  const { cloud, asked } = answering({
    session_list: [
      { session_id: 'one', user_id: 'u-1', session_not_valid_after: 7 },
      { session_id: 'two', user_id: null },
      { session_id: 'three', user_id: '' },
      { session_id: 'of another', user_id: 'u-2' },
    ],
  });
  const sessions = await portalSessionsOf(mallory, cloud);
  expect(sessions.map(({ session_id }) => session_id)).toEqual(['one', 'two', 'three']);
  expect(asked).toMatchObject([
    {
      service: 'identitystore',
      region: 'eu-west-1',
      method: 'GET',
      path: ['v1', 'identity-stores', 'd-1', 'users', 'u-1', 'sessions'],
      effect: 'read',
    },
  ]);
});

it.each([-1, 8.65e15, 'soon', null])(
  'have an unknown end where the cloud tells no moment: %j',
  async (end) => {
    const { cloud } = answering({ session_list: [{ session_id: 'one', session_not_valid_after: end }] });
    expect(await portalSessionsOf(mallory, cloud)).toEqual([{ session_id: 'one' }]);
  },
);

it.each([
  { session_list: [{ session_id: '' }] },
  { session_list: [], page_info: { next_marker: 'more' } },
  {},
])('are not believed when they are not the agreed list: %j', async (body) => {
  await expect(portalSessionsOf(mallory, answering(body).cloud)).rejects.toMatchObject({
    family: 'unexpected-answer',
  });
});

it.each([null, ''])('have no second page: %j', async (next_marker) => {
  expect(
    await portalSessionsOf(mallory, answering({ session_list: [], page_info: { next_marker } }).cloud),
  ).toEqual([]);
});
