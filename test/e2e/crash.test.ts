import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { thisProcess } from '../../src/ledger/process-identity.ts';
import { onGround, statusOf } from './bot-process.ts';
import { type Bundle, bundleBot } from './crash/bundle.ts';
import { createLives, type Life } from './crash/lives.ts';
import { chains, effects } from './crash/points.ts';
import { accessNow, expectPromisesKept } from './crash/promises.ts';

/** Dozens of processes, which start slowly on a small machine. */
const patience = 180_000;

let bundle: Bundle;
beforeAll(async () => {
  bundle = await bundleBot();
}, patience);
afterAll(() => bundle.remove());

it.concurrent.each(chains)(
  'keeps its promises when it is killed at each point of $name, in one life after the other',
  ({ wish, points }) =>
    onGround(
      async (ground) => {
        const before = accessNow(ground);
        const bot = createLives(ground, wish);
        const lives: Life[] = [];
        for (const at of points) {
          const life = await bot.live({ at });
          expect(life.killed, `it came to the point "${at}"`).toBe(true);
          lives.push(life);
        }
        lives.push(await bot.live());
        await expectPromisesKept(ground, bot, lives, before);
        const unnamed = bot.effects().filter((effect) => !effect.some((what) => effects.has(what)));
        expect(unnamed, 'effects that are not in the table').toEqual([]);
      },
      [bundle.path],
    ),
  patience,
);

it.concurrent(
  'starts where a killed process left its lock, though a living one has the same number by now',
  () =>
    onGround(
      async (ground) => {
        await mkdir(ground.directory);
        const living = await thisProcess();
        const killed = { ...living, started: `${living.started}1`, instance: 'killed' };
        await writeFile(join(ground.directory, 'lock.json'), JSON.stringify(killed));
        const bot = await ground.run();
        expect(await statusOf(bot.port, '/healthz', 200)).toContain('ok');
      },
      [bundle.path],
    ),
  patience,
);
