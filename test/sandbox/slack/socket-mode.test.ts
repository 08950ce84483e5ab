import { describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { SEED } from '../../../src/sandbox/slack/seed.ts';
import { type Bench, bench, clientOf, type Heard, socketApp } from './support.ts';

const { alice } = SEED.users;

const ticketUrl = async ({ slack }: Bench): Promise<string> =>
  String((await clientOf(slack, slack.appToken).apps.connections.open({})).url);

/** A bare connection and its first frame; `refused` when the upgrade was turned down. */
const connect = (url: string): Promise<{ socket: WebSocket; first: unknown } | 'refused'> =>
  new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.once('message', (data: Buffer) => resolve({ socket, first: JSON.parse(data.toString('utf8')) }));
    socket.once('error', () => resolve('refused'));
  });

describe('Socket Mode', () => {
  it('lets each ticket in once, and not for long', async () => {
    const setup = await bench();
    const url = await ticketUrl(setup);
    expect(await connect(url)).toMatchObject({ first: { type: 'hello', num_connections: 1 } });
    expect(await connect(url)).toBe('refused');
    const late = await ticketUrl(setup);
    setup.clock.advance(60_001);
    expect(await connect(late)).toBe('refused');
    expect(await connect(late.replace(/ticket=[^&]*/, 'ticket=invented'))).toBe('refused');
  });

  it('takes ten connections and sends the eleventh away', async () => {
    const setup = await bench();
    for (let count = 0; count < 10; count += 1) await connect(await ticketUrl(setup));
    expect(setup.slack.connections()).toBe(10);
    expect(await connect(await ticketUrl(setup))).toMatchObject({
      first: { type: 'disconnect', reason: 'too_many_websockets' },
    });
    expect(setup.slack.connections()).toBe(10);
  });

  it('gives each delivery to one connection', async () => {
    const setup = await bench();
    const one = await socketApp(setup);
    const other = await socketApp(setup);
    await setup.slack.as(alice).command('#inc-042', '/try one');
    await setup.slack.as(alice).command('#inc-042', '/try two');
    expect([one.heard.length, other.heard.length]).toEqual([1, 1]);
  });

  it('says goodbye with a reason, and the client leaves', async () => {
    const setup = await bench();
    await socketApp(setup);
    await setup.slack.whenConnected();
    setup.slack.disconnect('refresh_requested');
    await setup.slack.until('the client to leave', () => setup.slack.connections() === 0);
    expect((await setup.slack.as(alice).command('#inc-042', '/try')).outcome).toBe('dispatch_failed');
  });

  it('can be cut without a word', async () => {
    const setup = await bench();
    await socketApp(setup);
    setup.slack.dropConnections();
    await setup.slack.until('the connection to be gone', () => setup.slack.connections() === 0);
    expect((await setup.slack.as(alice).command('#inc-042', '/try')).outcome).toBe('dispatch_failed');
  });

  it('loses acknowledgements when told to', async () => {
    const setup = await bench();
    await socketApp(setup);
    setup.slack.switches.dropAcks = 1;
    expect((await setup.slack.as(alice).command('#inc-042', '/try')).outcome).toBe('timeout');
    expect((await setup.slack.as(alice).command('#inc-042', '/try')).outcome).toBe('ok');
  });

  it('delivers twice when told to, and the same thing again on demand', async () => {
    const setup = await bench({ switches: { duplicateDeliveries: 1 } });
    const { heard } = await socketApp(setup);
    await setup.slack.as(alice).command('#inc-042', '/try');
    await setup.slack.deliver.again();
    expect(heard).toHaveLength(3);
    expect(heard[1]?.body).toEqual(heard[0]?.body);
    expect(heard[2]?.body).toEqual(heard[0]?.body);
  });

  it('sends a forged payload of another team when asked to', async () => {
    const setup = await bench();
    const { heard } = await socketApp(setup);
    await setup.slack.as(alice).command('#inc-042', '/try');
    const { payload, ...delivery } = setup.slack.deliver.last();
    await setup.slack.deliver.send({ ...delivery, payload: { ...payload, team_id: SEED.otherTeam } });
    expect(heard[1]?.body.team_id).toBe(SEED.otherTeam);
  });

  it('repeats an event that was not acknowledged, with the same id, at most three times', async () => {
    const setup = await bench({ ackTimeoutMs: 20, switches: { eventRetryDelaysMs: [0, 0, 0] } });
    const { heard, client } = await socketApp(setup, () => 'silence');
    const last = new Promise<void>((resolve) => {
      client.on('slack_event', ({ retry_num }: Heard) => {
        if (retry_num === 3) resolve();
      });
    });
    await setup.slack.as(alice).openHome();
    await last;
    expect(heard.map(({ retry_num }) => retry_num)).toEqual([undefined, 1, 2, 3]);
    expect(new Set(heard.map(({ body }) => body.event_id)).size).toBe(1);
  });
});

describe('waiting for something', () => {
  it('ends when it happens', async () => {
    const { slack, client } = await bench();
    const waiting = slack.until('a post', () => slack.channel('#inc-042').saying('hello'));
    await client.chat.postMessage({ channel: SEED.channels.incident, text: 'hello' });
    expect((await waiting).text).toBe('hello');
  });

  it('gives up with what was waited for and what was there instead', async () => {
    const { slack, client } = await bench();
    await client.chat.postMessage({ channel: SEED.channels.incident, text: 'something else' });
    const waiting = slack.until('a card', () => slack.channel('#inc-042').saying('card'), 10);
    await expect(waiting).rejects.toThrow(
      /nothing within 10 ms while waiting for a card\n.*\n.*#inc-042.*something else/,
    );
  });
});
