import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Assets } from '../../src/sandbox/host/assets.ts';
import { type PageHost, startPageHost } from '../../src/sandbox/host/page-host.ts';
import { type Rehearsal, startRehearsal } from '../../src/sandbox/host/rehearsal.ts';
import type {
  Act,
  Answer,
  CloudScene,
  FromPage,
  LabScene,
  Look,
  SlackScene,
  ToPage,
} from '../../src/sandbox/wire.ts';
import { openSandbox } from './sandbox.ts';

/** A page host on a free port, with a sandbox behind it that waits little. Close it at the end of the test. */
export interface OpenPage {
  readonly rehearsal: Rehearsal;
  readonly host: PageHost;
  /** What the page host complained of. */
  readonly complaints: string[];
  close(): Promise<void>;
}

export const openPage = async (assets: Assets): Promise<OpenPage> => {
  const complaints: string[] = [];
  const rehearsal = await startRehearsal({
    open: () => openSandbox('socket'),
    version: '0.0.0-test',
    beat: () => Promise.resolve(),
  });
  const host = await startPageHost({ rehearsal, assets, port: 0, log: (line) => complaints.push(line) });
  return {
    rehearsal,
    host,
    complaints,
    close: async () => {
      await host.close();
      await rehearsal.close();
    },
  };
};

interface Seen {
  readonly slack?: SlackScene;
  readonly cloud?: CloudScene;
  readonly lab?: LabScene;
}

/** A window without a browser: what it was sent, and what it can say. */
export const openWindow = async (host: PageHost) => {
  const socket = new WebSocket(host.url.replace('http:', 'ws:').concat('live'), {
    origin: host.url.slice(0, -1),
  });
  const answers = new Map<number, (answer: Answer) => void>();
  const waits = new Set<() => void>();
  let seen: Seen = {};
  let count = 0;
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as ToPage;
    if ('id' in message) answers.get(message.id)?.(message.answer);
    else seen = { ...seen, ...message };
    for (const ask of waits) ask();
  });
  await once(socket, 'open');
  const say = (message: FromPage): void => socket.send(JSON.stringify(message));

  return {
    seen: () => seen,
    look: (look: Look) => say({ look }),
    raw: (text: string) => socket.send(text),
    closed: once(socket, 'close'),
    act: (as: string, act: Act): Promise<Answer> =>
      new Promise((resolve) => {
        count += 1;
        answers.set(count, resolve);
        say({ id: count, as, act });
      }),
    /** Resolves with the first truthy answer, asked now and after every message. */
    until: <T>(what: string, probe: (seen: Seen) => T | undefined | false): Promise<T> =>
      new Promise((resolve, reject) => {
        const end = (): void => {
          clearTimeout(timer);
          waits.delete(ask);
        };
        const ask = (): void => {
          const found = probe(seen);
          if (found === undefined || found === false) return;
          end();
          resolve(found);
        };
        const timer = setTimeout(() => {
          end();
          reject(new Error(`The window was never sent ${what}`));
        }, 10_000);
        waits.add(ask);
        ask();
      }),
    close: () => socket.terminate(),
  };
};
