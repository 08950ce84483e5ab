import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import type { Core } from './core.ts';
import type { Delivery, Reply, Transport } from './delivery.ts';
import { parseJson } from './json.ts';
import { SEED } from './seed.ts';

/** A request to the app, ready to be sent; tests forge these. */
interface HttpDelivery {
  readonly body: string;
  readonly contentType: string;
  /** Unix seconds, as text; left out when undefined. */
  readonly timestamp: string | undefined;
  /** `v0=<hex>`; left out when undefined. */
  readonly signature: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

export type HttpReply =
  | {
      readonly outcome: 'answered';
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
    }
  | { readonly outcome: 'timeout' }
  | { readonly outcome: 'unreachable' };

export interface HttpTransport extends Transport {
  post(delivery: HttpDelivery): Promise<HttpReply>;
  deliverTo(url: string): void;
  close(): void;
}

/** Signature v0 over the exact bytes (reference 3.2). */
export const signatureOf = (secret: string, timestamp: string, body: string): string =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;

/** Body and content type of a delivery, exactly as Slack writes them; fields of a command that Slack never sends, as JSON. */
export const httpBody = (
  delivery: Pick<Delivery, 'type' | 'payload'>,
): { body: string; contentType: string } => {
  const form = 'application/x-www-form-urlencoded';
  if (delivery.type === 'events_api') {
    return { body: JSON.stringify(delivery.payload), contentType: 'application/json' };
  }
  if (delivery.type === 'slash_commands') {
    const fields = Object.entries(delivery.payload).map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
    return { body: new URLSearchParams(fields).toString(), contentType: form };
  }
  const payload = JSON.stringify(delivery.payload).replaceAll('/', '\\/');
  return { body: new URLSearchParams({ payload }).toString(), contentType: form };
};

/** Signed requests to the app's request URL. @param ackTimeoutMs real milliseconds */
export const createHttpTransport = (core: Core, ackTimeoutMs: number, requestUrl?: string): HttpTransport => {
  let target = requestUrl;
  const open = new Set<() => void>();

  const post = ({ body, contentType, timestamp, signature, headers }: HttpDelivery): Promise<HttpReply> => {
    const url = target;
    if (url === undefined || core.switches.outage) return Promise.resolve({ outcome: 'unreachable' });
    return new Promise((resolve) => {
      const settle = (reply: HttpReply) => {
        clearTimeout(timer);
        open.delete(giveUp);
        resolve(reply);
        call.destroy();
      };
      const giveUp = () => settle({ outcome: 'unreachable' });
      const timer = setTimeout(() => settle({ outcome: 'timeout' }), ackTimeoutMs);
      open.add(giveUp);
      const call = request(url, {
        method: 'POST',
        agent: false,
        headers: {
          'Content-Type': contentType,
          'Content-Length': Buffer.byteLength(body),
          'User-Agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
          ...(timestamp === undefined ? {} : { 'X-Slack-Request-Timestamp': timestamp }),
          ...(signature === undefined ? {} : { 'X-Slack-Signature': signature }),
          ...headers,
        },
      });
      call.on('error', giveUp);
      call.on('response', (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          if (core.switches.dropAcks > 0) {
            core.switches.dropAcks -= 1;
            return;
          }
          settle({
            outcome: 'answered',
            status: response.statusCode ?? 0,
            contentType: response.headers['content-type'] ?? '',
            body: Buffer.concat(parts).toString('utf8'),
          });
        });
      });
      call.end(body);
    });
  };

  return {
    post,
    deliverTo: (url) => {
      target = url;
    },
    send: async (delivery) => {
      const { body, contentType } = httpBody(delivery);
      const timestamp = String(Math.floor(core.now() / 1000));
      const signature = signatureOf(SEED.signingSecret, timestamp, body);
      const { retry } = delivery;
      const headers: Record<string, string> =
        retry === undefined
          ? {}
          : { 'X-Slack-Retry-Num': String(retry.number), 'X-Slack-Retry-Reason': retry.reason };
      const reply = await post({ body, contentType, timestamp, signature, headers });
      return asReply(reply);
    },
    close: () => {
      for (const giveUp of open) giveUp();
    },
  };
};

const asReply = (reply: HttpReply): Reply => {
  if (reply.outcome !== 'answered') return reply;
  if (reply.status !== 200) return { outcome: 'status', status: reply.status };
  if (reply.body === '') return { outcome: 'ok', body: undefined };
  const isJson = reply.contentType.startsWith('application/json');
  return { outcome: 'ok', body: isJson ? parseJson(reply.body) : reply.body };
};
