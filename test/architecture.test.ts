import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

/** Source text by path below `src`. */
type Sources = ReadonlyMap<string, string>;

/**
 * The table "Rooms, and who may import whom" of the design: what a room may import besides itself. `node:` and
 * packages are named one by one; `node:*` means all of Node.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  domain: ['zod', 'node:crypto'],
  revocations: ['domain', 'zod'],
  directory: ['domain', 'zod'],
  ledger: ['domain', 'zod', 'lowdb', 'node:*'],
  huaweicloud: ['domain', 'zod', 'undici', 'node:*'],
  workflow: ['domain'],
  slack: ['domain', 'workflow', 'zod', '@slack/*', 'node:*'],
  config: ['domain', 'zod', 'dotenv', 'node:*'],
  cli: ['domain', 'config', 'ledger', 'bot', 'node:*'],
  bot: ['*'],
  // The real parts, made where a process starts.
  clock: ['domain'],
  log: ['domain'],
  engine: ['node:v8'],
  'stop-signal': [],
  main: ['bot', 'config', 'clock', 'log', 'engine', 'stop-signal', 'ledger', 'domain', 'zod', 'node:*'],
  sandbox: ['sandbox/*', 'bot', 'config', 'clock', 'log', 'domain', 'zod', 'yaml', 'node:*'],
  'sandbox/host': ['sandbox', 'sandbox/*', 'ws', 'zod', 'node:*'],
  'sandbox/wire': ['sandbox/slack', 'sandbox/switch-names', 'zod'],
  'sandbox/switch-names': [],
  // Built for the browser: what it imports must run there.
  'sandbox/page': [
    'sandbox/wire',
    'sandbox/switch-names',
    'sandbox/slack',
    'preact',
    'gemoji',
    'vite',
    '@slack/bolt',
  ],
  // The emulators share no code with the clients they answer, so that neither hides a bug of the other.
  'sandbox/slack': ['zod', 'yaml', 'ws', 'node:*'],
  'sandbox/cloud': ['zod', 'node:*'],
};

const roomOf = (path: string): string => {
  const [first = '', second = ''] = path.replace(/\.tsx?$/, '').split('/');
  const inner = `${first}/${second}`;
  return inner in allowed ? inner : first;
};

/** Static, dynamic and type imports, re-exports and `require`. */
const specifiersIn = (source: string): readonly string[] => {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const found = code.matchAll(
    /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(?:'([^'\n]+)'|"([^"\n]+)"|`([^`\n]+)`)/g,
  );
  return [...found].map(([, single, double, back]) => single ?? double ?? back ?? '');
};

/** What an import leads to: a room of ours, a package, or a module of Node. */
const aimOf = (from: string, specifier: string): string => {
  if (!specifier.startsWith('.')) return specifier;
  return roomOf(new URL(specifier, `file:///${from}`).pathname.slice(1));
};

const matches = (aim: string, entry: string): boolean =>
  entry.endsWith('*') ? aim.startsWith(entry.slice(0, -1)) : aim === entry || aim.startsWith(`${entry}/`);

const mayImport = (room: string, aim: string): boolean =>
  aim === room || (allowed[room] ?? []).some((entry) => matches(aim, entry));

/** Every import that the table does not allow, and every file in a room that it does not know. */
const breaches = (sources: Sources): readonly string[] => {
  if (sources.size === 0) throw new Error('No module was read, so nothing was checked');
  return [...sources].flatMap(([path, source]) => {
    const room = roomOf(path);
    if (!(room in allowed)) return [`${path} is in no room of the table`];
    return specifiersIn(source)
      .filter((specifier) => !mayImport(room, aimOf(path, specifier)))
      .map((specifier) => `${path} may not import ${specifier}`);
  });
};

const readSources = async (): Promise<Sources> => {
  const root = new URL('../src/', import.meta.url);
  const paths = (await readdir(root, { recursive: true })).filter((path) => /\.tsx?$/.test(path));
  return new Map(
    await Promise.all(
      paths.map(async (path) => [path, await readFile(new URL(path, root), 'utf8')] as const),
    ),
  );
};

describe('the rooms', () => {
  it('import only what the table allows', async () => {
    const sources = await readSources();
    expect([...sources.keys()]).toContain('domain/facts.ts');
    expect(sources.size).toBeGreaterThan(30);
    expect(breaches(sources)).toEqual([]);
  });

  it('that read Node, the clock or chance are not the pure ones', async () => {
    const impure = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\brandomUUID\(|\bprocess\.|\bsetTimeout\(/;
    const sources = [...(await readSources())].filter(([path]) =>
      /^(domain|revocations|workflow)\//.test(path),
    );
    expect(sources.length).toBeGreaterThan(20);
    expect(sources.filter(([, source]) => impure.test(source)).map(([path]) => path)).toEqual([]);
  });

  it('are not asked by name for a kind outside its own file', async () => {
    const asks =
      /['"`](?:account-assignment|profile|modelarts-authorization|portal-sessions|user-disable|group-membership)['"`]/;
    const sources = [...(await readSources())].filter(([path]) =>
      /^(?:domain|workflow|slack|directory|bot|config)/.test(path),
    );
    expect(sources.filter(([, source]) => asks.test(source)).map(([path]) => path)).toEqual([]);
  });
});

describe('the table is broken by', () => {
  const planted: readonly [path: string, source: string][] = [
    ['domain/a.ts', "import { fold } from '../ledger/file-ledger.ts';"],
    ['domain/a.ts', "import { readFile } from 'node:fs';"],
    ['domain/a.ts', "import lowdb from 'lowdb';"],
    ['workflow/a.ts', "import type { Client } from '../huaweicloud/client.ts';"],
    ['workflow/a.ts', "import { profile } from '../revocations/profile.ts';"],
    ['workflow/a.ts', "import { App } from '@slack/bolt';"],
    ['revocations/a.ts', "export { sign } from '../huaweicloud/sign.ts';"],
    ['revocations/a.ts', "import { approve } from '../workflow/approve.ts';"],
    ['slack/a.ts', "import { registry } from '../revocations/registry.ts';"],
    ['slack/a.ts', "const ledger = await import('../ledger/file-ledger.ts');"],
    ['huaweicloud/a.ts', 'import "../slack/app.ts";'],
    ['ledger/a.ts', "import { request } from 'undici';"],
    ['sandbox/cloud/routes/a.ts', "import { sign } from '../../../huaweicloud/sign.ts';"],
    ['sandbox/cloud/a.ts', "import { Fact } from '../../domain/facts.ts';"],
    ['sandbox/cloud/a.ts', "import { hub } from '../slack/socket-hub.ts';"],
    ['sandbox/slack/a.ts', "import { card } from '../../slack/card.ts';"],
    ['sandbox/slack/a.ts', "import { App } from '@slack/bolt';"],
    ['sandbox/main.ts', "import { sign } from '../huaweicloud/sign.ts';"],
    ['sandbox/slack/a.ts', "import { connect } from '../page/live.ts';"],
    ['sandbox/page/a.tsx', "import { readFileSync } from 'node:fs';"],
    ['sandbox/page/a.tsx', "import { startBot } from '../../bot.ts';"],
    ['sandbox/page/a.tsx', "import { cloudScene } from '../host/cloud-scene.ts';"],
    ['sandbox/host/a.ts', "import { App } from '@slack/bolt';"],
    ['cli/a.ts', "import { App } from '../slack/app.ts';"],
    ['main.ts', "import { app } from './slack/app.ts';"],
    ['domain/a.ts', "const { x } = require('../slack/app.ts');"],
    ['domain/a.ts', 'import {\n  one,\n  two,\n} from "../workflow/act.ts";'],
    ['domain/a.ts', "type T = import('../slack/app.ts').T;"],
  ];

  it.each(planted)('%s: %s', (path, source) => {
    expect(breaches(new Map([[path, source]]))).toHaveLength(1);
  });

  it('a room that it does not know', () => {
    expect(breaches(new Map([['helpers/a.ts', '']]))).toEqual(['helpers/a.ts is in no room of the table']);
  });

  it('nothing being read at all', () => {
    expect(() => breaches(new Map())).toThrow('No module was read');
  });
});

it('the table allows what the rooms need', () => {
  const fine: Sources = new Map([
    ['domain/a.ts', "import { z } from 'zod';\nimport { createHash } from 'node:crypto';\nimport './b.ts';"],
    ['workflow/a.ts', "// from '../slack/app.ts'\nimport { fold } from '../domain/request.ts';"],
    [
      'slack/forms/a.ts',
      "import { approve } from '../../workflow/approve.ts';\nimport bolt from '@slack/bolt';",
    ],
    [
      'bot.ts',
      "import { registry } from './revocations/registry.ts';\nimport { app } from './slack/app.ts';",
    ],
    ['sandbox/main.ts', "import { bot } from '../bot.ts';\nimport { cloud } from './cloud/local-cloud.ts';"],
    ['config.ts', "import { Secret } from './domain/secret.ts';"],
    ['config/slack.ts', "import { Secret } from '../domain/secret.ts';"],
  ]);
  expect(breaches(fine)).toEqual([]);
});
