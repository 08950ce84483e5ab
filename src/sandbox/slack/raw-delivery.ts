import type { Core } from './core.ts';
import type { Delivery, Reply, Transport } from './delivery.ts';
import type { Dispatcher } from './dispatcher.ts';
import { type HttpReply, type HttpTransport, httpBody, signatureOf } from './http-delivery.ts';
import type { JsonObject } from './json.ts';
import { SEED } from './seed.ts';

/** A forged HTTP delivery: everything not given is what Slack would send. */
interface Forgery {
  readonly delivery?: Delivery;
  /** Exact bytes; else those of `delivery`, else of the last interaction. */
  readonly body?: string;
  readonly contentType?: string;
  /** Unix seconds; null leaves the header out. */
  readonly timestamp?: string | null;
  /** The header itself; null leaves it out. */
  readonly signature?: string | null;
  /** Secret to sign with when `signature` is not given. */
  readonly secret?: string;
  /** Bytes that are signed when they differ from those sent. */
  readonly signedBody?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** For security tests: says to the app what Slack would never say. */
export interface RawDelivery {
  /** A copy of the last command or interaction, to be altered and sent again. */
  last(): Delivery;
  /** Any payload over the transport in use; over HTTP it is signed properly. */
  send(delivery: Delivery): Promise<Reply>;
  /** The last interaction once more, unchanged. */
  again(): Promise<Reply>;
  /** An event wrapped in its envelope, repeated when not acknowledged. */
  event(event: JsonObject): Promise<Reply>;
  /** HTTP only: chosen headers, signature, time and bytes. */
  raw(forgery: Forgery): Promise<HttpReply>;
}

export const createRawDelivery = (
  core: Core,
  dispatcher: Dispatcher,
  transport: Transport,
  http: HttpTransport | undefined,
): RawDelivery => {
  const last = (): Delivery => {
    const delivery = dispatcher.last();
    if (delivery === undefined) throw new Error('nothing was delivered yet');
    return delivery;
  };
  return {
    last,
    send: (delivery) => transport.send(delivery),
    again: () => transport.send(last()),
    event: (event) => dispatcher.event(event),
    raw: (forgery) => {
      if (http === undefined)
        throw new Error('raw deliveries exist over HTTP only; use send over Socket Mode');
      const { timestamp, signature, secret = SEED.signingSecret, headers } = forgery;
      const given = forgery.body;
      const form = given === undefined ? httpBody(forgery.delivery ?? last()) : undefined;
      const body = given ?? form?.body ?? '';
      const time = timestamp === undefined ? String(Math.floor(core.now() / 1000)) : timestamp;
      const signed = signatureOf(secret, time ?? '', forgery.signedBody ?? body);
      return http.post({
        body,
        contentType: forgery.contentType ?? form?.contentType ?? 'application/x-www-form-urlencoded',
        timestamp: time ?? undefined,
        signature: signature === undefined ? signed : (signature ?? undefined),
        ...(headers === undefined ? {} : { headers }),
      });
    },
  };
};
