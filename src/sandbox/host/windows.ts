import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { FromPage, type Look, type ToPage } from '../wire.ts';
import { carryOut } from './carry-out.ts';
import { cloudScene } from './cloud-scene.ts';
import type { Rehearsal } from './rehearsal.ts';
import { personaNamed, slackScene } from './slack-scene.ts';

/** Real ms between two looks at what changes without a word: time itself, and the cloud. */
const glance = 250;
/** Real ms in which changes are gathered. */
const gather = 20;

interface Window {
  readonly socket: WebSocket;
  look: Look | undefined;
  /** What was sent last, by section. */
  readonly sent: Map<string, string>;
}

/** The browser windows that are open: each is sent what it shows whenever that changes. */
export const createWindows = (rehearsal: Rehearsal, log: (problem: string) => void) => {
  const server = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 });
  const windows = new Set<Window>();
  let gathering: NodeJS.Timeout | undefined;

  const send = (window: Window, message: ToPage): void => window.socket.send(JSON.stringify(message));

  const show = (window: Window, section: string, scene: ToPage): void => {
    const text = JSON.stringify(scene);
    if (window.sent.get(section) === text) return;
    window.sent.set(section, text);
    window.socket.send(text);
  };

  const refresh = (window: Window): void => {
    if (window.look !== undefined && rehearsal.isOpen()) {
      const { slack, cloud } = rehearsal.sandbox();
      show(window, 'slack', { slack: slackScene(slack, personaNamed(slack, window.look.as)) });
      show(window, 'cloud', { cloud: cloudScene(cloud, window.look.principal) });
    }
    // Last, so that a new round is told after what is in it.
    show(window, 'lab', { lab: rehearsal.lab() });
  };

  const refreshAll = (): void => {
    clearTimeout(gathering);
    gathering = undefined;
    for (const window of windows) refresh(window);
  };
  const unwatch = rehearsal.onChange(() => {
    gathering ??= setTimeout(refreshAll, gather);
  });
  const ticking = setInterval(refreshAll, glance);

  const receive = async (window: Window, text: string): Promise<void> => {
    const message = FromPage.parse(JSON.parse(text));
    if ('look' in message) {
      window.look = message.look;
      refresh(window);
      return;
    }
    const answer = await carryOut(rehearsal, message.as, message.act);
    refresh(window);
    send(window, { id: message.id, answer });
  };

  return {
    /** Takes over an upgrade that was found to come from the page itself. */
    upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      server.handleUpgrade(request, socket, head, (accepted) => {
        const window: Window = { socket: accepted, look: undefined, sent: new Map() };
        windows.add(window);
        accepted.on('close', () => windows.delete(window));
        accepted.on('error', () => accepted.terminate());
        accepted.on('message', (data: Buffer) => {
          receive(window, data.toString()).catch((error: unknown) => {
            log(`A window said something that could not be carried out: ${String(error)}`);
            accepted.close(1008);
          });
        });
        refresh(window);
      });
    },
    close: (): void => {
      clearInterval(ticking);
      clearTimeout(gathering);
      unwatch();
      for (const { socket } of windows) socket.terminate();
      server.close();
    },
  };
};
