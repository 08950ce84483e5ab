import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readArrival } from './arrival.ts';
import { type CallLog, createCallLog } from './call-log.ts';
import { createFrontDoor } from './front-door.ts';
import { createGatekeeper } from './gatekeeper.ts';
import { hexOf, uuidOf } from './ids.ts';
import { furtherKeys, permanentKey, temporaryKey } from './keys.ts';
import { type Organisation, settle } from './organisation.ts';
import { createMarkers } from './paging.ts';
import { allRoutes } from './routes/all.ts';
import { seedOrganisation } from './seed.ts';
import { type CloudSwitches, defaultSwitches } from './switches.ts';
import { createThrottle } from './throttle.ts';
import { sendReply } from './wire.ts';

interface LocalCloudOptions {
  /** The cloud's clock, in milliseconds since the epoch: signatures, delays and rates go by it. */
  readonly now: () => number;
  /** Port on 127.0.0.1; a free one when left out. */
  readonly port?: number;
  /** State to start from; the seed when left out. It is changed in place. */
  readonly organisation?: Organisation;
  readonly switches?: Partial<CloudSwitches>;
}

/** A Huawei Cloud of one organisation on this computer: all services by path under one base URL. */
export interface LocalCloud {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  /** Keys of the management account that are accepted. All values are made up. */
  readonly credentials: {
    readonly ak: string;
    readonly sk: string;
    /** The management account's id. */
    readonly domainId: string;
    /** More keys of the same account. */
    readonly further: readonly { readonly ak: string; readonly sk: string }[];
    readonly temporary: { readonly ak: string; readonly sk: string; readonly securityToken: string };
  };
  readonly instanceId: string;
  readonly identityStoreId: string;
  readonly region: string;
  /** Live state, with every effect that is due by now applied. */
  readonly organisation: Organisation;
  readonly switches: CloudSwitches;
  readonly calls: CallLog;
  /** Cuts every connection and refuses new ones, so that nothing can be sent, until the returned function is called. */
  refuseConnections(): Promise<() => Promise<void>>;
  /** Ends everything: open connections, hanging calls and late answers too. May be called twice. */
  close(): Promise<void>;
}

/** Starts a local cloud. @throws when the port is taken */
export const startLocalCloud = async (options: LocalCloudOptions): Promise<LocalCloud> => {
  const { now } = options;
  const organisation = options.organisation ?? seedOrganisation(now());
  const switches: CloudSwitches = { ...defaultSwitches(), ...options.switches };
  const calls = createCallLog();
  const markers = createMarkers();
  const frontDoor = createFrontDoor({
    routes: allRoutes,
    gatekeeper: createGatekeeper([permanentKey, ...furtherKeys, temporaryKey]),
    throttle: createThrottle(),
  });
  const lateAnswers = new Set<NodeJS.Timeout>();
  let exchanges = 0;
  let ids = 0;
  const newId = (): string => {
    ids += 1;
    return uuidOf(`id:${now()}:${ids}`);
  };

  const later = (ms: number, send: () => void): void => {
    if (ms <= 0) {
      send();
      return;
    }
    const timer = setTimeout(() => {
      lateAnswers.delete(timer);
      send();
    }, ms);
    lateAnswers.add(timer);
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const arrival = await readArrival(request);
    const began = performance.now();
    const latencyMs = switches.latencyMs;
    exchanges += 1;
    const time = now();
    settle(organisation, time);
    const world = { organisation, switches, markers, now: time, newId };
    const { outcome, call } = frontDoor(arrival, world, hexOf(`exchange:${exchanges}`, 32));
    calls.add({ ...call, durationMs: Math.round(performance.now() - began) + latencyMs });
    if (outcome.kind === 'hang') return;
    later(latencyMs, () => {
      if (outcome.kind === 'cut') request.socket.resetAndDestroy();
      else sendReply(response, outcome.reply);
    });
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((cause: unknown) => {
      // Only a client that went away or a broken operation of ours ends here; the latter must not look like a cut.
      if (request.destroyed || response.headersSent) return;
      const body = JSON.stringify({ error_code: 'LOCAL.0500', error_msg: `local cloud: ${String(cause)}` });
      sendReply(response, { status: 500, headers: {}, body, sayEmptyLength: true });
    });
  });
  const listen = (wanted: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(wanted, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  const hangUp = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  await listen(options.port ?? 0);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : (options.port ?? 0);

  return {
    url: `http://127.0.0.1:${port}`,
    credentials: {
      ak: permanentKey.ak,
      sk: permanentKey.sk,
      domainId: organisation.managementAccountId,
      further: furtherKeys,
      temporary: temporaryKey,
    },
    instanceId: organisation.instance.instance_id,
    identityStoreId: organisation.instance.identity_store_id,
    region: organisation.instance.region,
    get organisation() {
      settle(organisation, now());
      return organisation;
    },
    switches,
    calls,
    refuseConnections: async () => {
      await hangUp();
      return () => listen(port);
    },
    close: () => {
      for (const timer of lateAnswers) clearTimeout(timer);
      lateAnswers.clear();
      return hangUp();
    },
  };
};
