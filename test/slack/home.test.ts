import { expect, it } from 'vitest';
import { createHomes } from '../../src/slack/home.ts';
import { approvers } from '../support/fake-people.ts';
import { requested } from '../support/stories.ts';
import { ada, createWorld, nora } from '../support/world.ts';
import { createFakeSlack } from './fake-slack.ts';

/** Ada's Home while so many requests wait for her. */
const homeWith = async (waiting: number): Promise<string> => {
  const { needs } = createWorld();
  const slack = createFakeSlack(() => ({}));
  const by = { team: 'T1', user: nora, name: 'Nora' };
  for (let n = 0; n < waiting; n += 1) await needs.ledger.append('new', 0, [requested({ by })]);
  await createHomes({ ...needs, client: slack.client }).opened(ada);
  return slack.calls.find(({ method }) => method === 'views.publish')?.args.view ?? '';
};

it('says that more is waiting than it shows, so that nobody can hide a request behind many of theirs', async () => {
  const [ten, eleven, sixty] = await Promise.all([homeWith(10), homeWith(11), homeWith(60)]);
  expect(ten).toContain('R-000010');
  expect(ten).not.toContain('More may be waiting');
  for (const view of [eleven, sixty]) {
    expect(view).toContain('More may be waiting for you: /revocations list waiting');
    expect(view.match(/Expires/g)).toHaveLength(10);
  }
});

it('says of what waits that it does where Slack cannot tell whether its reader may decide', async () => {
  const { needs, people } = createWorld({ requesters: [ada] });
  const slack = createFakeSlack(() => ({}));
  await needs.ledger.append('new', 0, [requested()]);
  people.groups.delete(approvers);
  await createHomes({ ...needs, client: slack.client }).opened(ada);
  const view = slack.calls.find(({ method }) => method === 'views.publish')?.args.view ?? '';
  expect(view).not.toContain('Nothing waits for you');
  expect(view).toContain('R-000001');
});
