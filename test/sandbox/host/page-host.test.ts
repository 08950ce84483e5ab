import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { readAssets } from '../../../src/sandbox/host/assets.ts';
import { type OpenPage, openPage } from '../../support/page.ts';

interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

const get = (url: string, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Got> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const call = request({ hostname, port, path, method, headers }, (answer) => {
      let body = '';
      answer.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
    });
    call.on('error', reject);
    call.end();
  });

/** The status that a WebSocket is refused with, or 101. */
const upgrade = (url: string, path: string, options: { origin?: string; host?: string }): Promise<number> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace('http:', 'ws:').slice(0, -1)}${path}`, {
      ...(options.origin !== undefined && { origin: options.origin }),
      ...(options.host !== undefined && { headers: { host: options.host } }),
    });
    socket.on('unexpected-response', (_call, answer) => {
      resolve(answer.statusCode ?? 0);
      socket.terminate();
    });
    socket.on('open', () => {
      resolve(101);
      socket.terminate();
    });
    socket.on('error', () => undefined);
  });

let page: OpenPage;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portcullis-page-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>page</title>');
  await writeFile(join(folder, 'assets', 'page.js'), 'console.log(1)');
  page = await openPage(await readAssets(folder));
});

afterAll(async () => {
  await page.close();
  await rm(folder, { recursive: true });
});

describe('the page host', () => {
  it('listens on the loopback interface only', () => {
    expect(page.host.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  });

  it('serves the page and its assets with their types', async () => {
    const index = await get(page.host.url, '/');
    expect(index).toMatchObject({ status: 200, body: '<!doctype html><title>page</title>' });
    expect(index.headers['content-type']).toBe('text/html; charset=utf-8');
    const script = await get(page.host.url, '/assets/page.js');
    expect(script.status).toBe(200);
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
  });

  it('forbids the page to load or to send anything elsewhere, and others to frame it', async () => {
    const { headers } = await get(page.host.url, '/');
    const policy = String(headers['content-security-policy']).split('; ');
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "connect-src 'self'",
        "img-src 'self'",
        "frame-ancestors 'none'",
      ]),
    );
    expect(policy.join()).not.toMatch(/unsafe|\*|https?:/);
  });

  it.each(['/../package.json', '/%2e%2e/package.json', '/assets/', '/live', '/nothing'])(
    'has nothing but the page: %s is not found',
    async (path) => {
      expect((await get(page.host.url, path)).status).toBe(404);
    },
  );

  it('answers no other method than GET', async () => {
    expect((await get(page.host.url, '/', {}, 'POST')).status).toBe(405);
  });

  it('refuses a foreign name that points here, and says whom it answers', async () => {
    const { status, body } = await get(page.host.url, '/', { host: 'evil.example' });
    expect(status).toBe(403);
    expect(body).toContain(page.host.url.slice(0, -1));
  });

  it('opens a live line only for its own page', async () => {
    const own = page.host.url.slice(0, -1);
    expect(await upgrade(page.host.url, '/live', { origin: own })).toBe(101);
    expect(await upgrade(page.host.url, '/live', { origin: 'https://evil.example' })).toBe(403);
    expect(await upgrade(page.host.url, '/live', {})).toBe(403);
    expect(await upgrade(page.host.url, '/live', { origin: own, host: 'evil.example' })).toBe(403);
    expect(await upgrade(page.host.url, '/other', { origin: own })).toBe(403);
  });

  it('says what to do when the page was not built', async () => {
    await expect(readAssets(join(folder, 'nowhere'))).rejects.toThrow('npm run sandbox');
  });
});
