import type { Act, Answer, CloudScene, FromPage, LabScene, Look, SlackScene, ToPage } from '../wire.ts';

/** All that this window knows, as the sandbox last told it. */
export interface World {
  readonly connected: boolean;
  readonly slack: SlackScene | null;
  readonly cloud: CloudScene | null;
  readonly lab: LabScene | null;
}

/** The line to the sandbox. */
export interface Live {
  world(): World;
  onChange(listener: () => void): () => void;
  /** Says whom this window shows; said again by itself after every reconnection. */
  look(look: Look): void;
  /** Does something as a person. Resolves with what came of it; a lost connection is an `error`. */
  act(as: string, act: Act): Promise<Answer>;
}

/** ms before the connection is tried again: the sandbox is on this computer. */
const retryAfter = 500;

const lost: Answer = { outcome: 'error', why: 'The sandbox does not answer. Is it still running?' };

/** Opens the line and keeps it open. */
export const connect = (address: string): Live => {
  const listeners = new Set<() => void>();
  const waiting = new Map<number, (answer: Answer) => void>();
  let world: World = { connected: false, slack: null, cloud: null, lab: null };
  let shown: Look | undefined;
  let socket: WebSocket | undefined;
  let count = 0;

  const become = (change: Partial<World>): void => {
    world = { ...world, ...change };
    for (const listener of listeners) listener();
  };

  const say = (message: FromPage): boolean => {
    if (socket?.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(message));
    return true;
  };

  const hear = (text: string): void => {
    // The sandbox that serves this page wrote it, from the same types.
    const message = JSON.parse(text) as ToPage;
    if ('id' in message) {
      waiting.get(message.id)?.(message.answer);
      waiting.delete(message.id);
    } else {
      become(message);
    }
  };

  const open = (): void => {
    const opened = new WebSocket(address);
    socket = opened;
    opened.addEventListener('open', () => {
      become({ connected: true });
      if (shown !== undefined) say({ look: shown });
    });
    opened.addEventListener('message', ({ data }) => hear(String(data)));
    opened.addEventListener('close', () => {
      become({ connected: false });
      for (const answer of waiting.values()) answer(lost);
      waiting.clear();
      setTimeout(open, retryAfter);
    });
  };
  open();

  return {
    world: () => world,
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    look: (look) => {
      shown = look;
      say({ look });
    },
    act: (as, act) =>
      new Promise((resolve) => {
        count += 1;
        waiting.set(count, resolve);
        if (say({ id: count, as, act })) return;
        waiting.delete(count);
        resolve(lost);
      }),
  };
};
