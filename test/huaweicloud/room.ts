import { z } from 'zod';
import { CloudFault, type CloudRequest } from '../../src/domain/ports.ts';
import { Secret } from '../../src/domain/secret.ts';
import { type CloudClient, type CloudOptions, createCloud } from '../../src/huaweicloud/client.ts';
import type { Credentials } from '../../src/huaweicloud/credentials.ts';
import { fixedCredentials } from '../../src/huaweicloud/credentials.ts';
import { type FakeClock, fakeClock, recordingLog } from './fake-parts.ts';
import { type LocalGateway, startGateway } from './local-gateway.ts';

export const AK = 'AKEXAMPLE00000000001';
export const SK = 'SkExampleSecret/NotReal+0000000000000001';
export const TOKEN = 'ExampleSecurityToken//NotReal+AAAAABBBBBCCCCC==';

export const PERMANENT: Credentials = { ak: AK, sk: new Secret(SK) };
export const TEMPORARY: Credentials = { ...PERMANENT, securityToken: new Secret(TOKEN) };

export interface Room {
  readonly gateway: LocalGateway;
  readonly clock: FakeClock;
  readonly log: ReturnType<typeof recordingLog>;
  readonly cloud: CloudClient;
  close(): Promise<void>;
}

export function allAt(url: string): NonNullable<CloudOptions['endpoints']> {
  return { identitycenter: url, identitystore: url, organizations: url, modelarts: url, iam: url, sts: url };
}

/** The client and a real local server that stands for all services. */
export async function openRoom(options: Partial<CloudOptions> = {}): Promise<Room> {
  const gateway = await startGateway();
  const clock = fakeClock();
  const log = recordingLog();
  const cloud = createCloud({
    credentials: fixedCredentials(PERMANENT),
    endpoints: allAt(gateway.url),
    clock,
    random: () => 0.5,
    log,
    timeoutMs: 10_000,
    authPauseMs: 300_000,
    ...options,
  });
  return {
    gateway,
    clock,
    log,
    cloud,
    async close() {
      await cloud.close();
      await gateway.close();
    },
  };
}

const ANY = z.unknown();

export function read(more: Partial<CloudRequest<unknown>> = {}): CloudRequest<unknown> {
  const path = ['v1', 'instances'];
  return { service: 'identitycenter', method: 'GET', path, answer: ANY, effect: 'read', ...more };
}

export function change(more: Partial<CloudRequest<unknown>> = {}): CloudRequest<unknown> {
  const path = ['v1', 'instances', 'ins-1', 'disassociate-profile'];
  const body = { id: 'u-1' };
  return { service: 'identitycenter', method: 'POST', path, body, answer: ANY, effect: 'change', ...more };
}

/** The fault that a call ends with; fails when it ends in any other way. */
export async function faultOf(call: Promise<unknown>): Promise<CloudFault> {
  try {
    await call;
  } catch (error) {
    if (error instanceof CloudFault) return error;
    throw error;
  }
  throw new Error('the call succeeded');
}
