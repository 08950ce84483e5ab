import { registry } from '../../../src/revocations/registry.ts';
import type { Delivery } from '../../../src/sandbox/slack/delivery.ts';
import { SEED } from '../../../src/sandbox/slack/seed.ts';
import { requestButtons } from '../../../src/slack/buttons.ts';
import { revocationsCommand } from '../../../src/slack/revocations-command.ts';
import { askProfile, fillAssignment, type Story } from '../../support/e2e.ts';

const commands = [revocationsCommand, ...registry.map(({ command }) => command)].map(({ name }) => name);
const forms = registry.map(({ name }) => name);
/** One is of no version of the bot: what listens to all others has it. */
const buttons = [...requestButtons, 'undo'];
const submissions = [...forms.flatMap((name) => [name, `${name}/review`]), 'deny'];

type Payload = Delivery['payload'];

const ofView = (payload: Payload, callback: string): Payload => ({
  ...payload,
  view: { ...(payload.view as Payload), callback_id: callback },
});

/** The same payload for each listener of its sort, whichever of them the story came to. */
const forEachListener = (payload: Payload): readonly Payload[] => {
  if (typeof payload.command === 'string') return commands.map((command) => ({ ...payload, command }));
  switch (payload.type) {
    case 'view_submission':
      return submissions.map((name) => ofView(payload, name));
    case 'block_suggestion':
      return forms.map((name) => ofView(payload, name));
    case 'block_actions':
      return buttons.map((name) => ({
        ...payload,
        actions: (payload.actions as readonly Payload[]).map((action) => ({ ...action, action_id: name })),
      }));
    default:
      throw new Error(`nothing listens to ${String(payload.type)}`);
  }
};

/** What Slack really sends, as a story brings it about, and the same for each listener: what is altered comes from these. */
export const recordDeliveries = async (story: Story): Promise<readonly Delivery[]> => {
  const { slack, stage, alice, bob, carol } = story;
  const { incident } = SEED.channels;
  const found: Delivery[] = [];
  const keep = () => found.push(slack.deliver.last());

  await stage.types(alice, '/revocations list');
  keep();
  await fillAssignment(story, 'trent.osei', ['prod-storefront', 'PowerUser']);
  keep();
  await alice.suggest('permission_set', 'Power');
  keep();
  await alice.submit();
  keep();
  await stage.view(alice, 'account-assignment/review');
  await alice.close({ all: true });
  const id = await askProfile(story);
  keep();
  const notice = await slack.until('the notice to Carol', () =>
    carol.dms().find((message) => message.text.includes(id)),
  );
  await carol.click(notice.channel, notice.ts, 'open');
  keep();
  await stage.view(carol, 'request');
  await slack.until('the buttons', () => JSON.stringify(carol.view()).includes('approve'));
  await carol.press('approve', { confirm: true });
  keep();
  await carol.close({ all: true });
  const other = await askProfile(story, 'mallory.finch', bob);
  const waiting = await stage.card(other, 'requested');
  await carol.click(incident, waiting.ts, 'deny');
  keep();
  await stage.view(carol, 'deny');
  await carol.fill('reason', 'Not her');
  await carol.submit();
  keep();
  for (const command of [
    '/revoke-profile mallory',
    '/revoke-modelarts',
    '/disable-user @mallory INC-1 "why"',
  ]) {
    await stage.types(alice, command);
    keep();
    await slack.until('a view', () => alice.view());
    await alice.close({ all: true });
  }
  return found.flatMap((one) => [
    one,
    ...forEachListener(one.payload).map((payload) => ({ ...one, payload })),
  ]);
};

/** Somebody opens a tab of the app's own place. */
export const homeOpened = (user: unknown, tab: unknown) => ({
  type: 'app_home_opened',
  user,
  channel: 'D0000000001',
  tab,
  event_ts: '1700000000.000100',
});
