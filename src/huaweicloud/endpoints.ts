import type { CloudService } from '../domain/ports.ts';

/** Base URLs that replace the default ones, by service. */
export type Endpoints = Readonly<Partial<Record<CloudService, string | undefined>>>;

const REGION = /^[a-z0-9-]+$/;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Public hosts, as in the regions of the official SDKs and in the defaults of the Terraform provider.
 * Identity Center and its identity store differ: one is global, the other is regional.
 */
const HOSTS: Readonly<Record<CloudService, 'global' | 'regional'>> = {
  identitycenter: 'global',
  identitystore: 'regional',
  organizations: 'global',
  modelarts: 'regional',
  iam: 'global',
  sts: 'regional',
};

function overridden(service: CloudService, text: string): URL {
  if (!URL.canParse(text)) throw new RangeError(`The base URL of ${service} is not a URL.`);
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new RangeError(`The base URL of ${service} must have no user info, query or fragment.`);
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname))) {
    throw new RangeError(`The base URL of ${service} must begin with https: (http: only on loopback).`);
  }
  return url;
}

/**
 * Base URL of a service.
 * @param region needed by regional services without an override
 * @throws {RangeError} for a bad override, or a missing or bad region
 */
export function baseUrl(service: CloudService, region: string | undefined, overrides: Endpoints): URL {
  const override = overrides[service];
  if (override !== undefined) return overridden(service, override);
  if (HOSTS[service] === 'global') return new URL(`https://${service}.myhuaweicloud.com`);
  if (region === undefined) throw new RangeError(`${service} is a regional service: no region was given.`);
  if (!REGION.test(region))
    throw new RangeError(`A region of ${service} has other characters than a-z 0-9 -.`);
  return new URL(`https://${service}.${region}.myhuaweicloud.com`);
}
