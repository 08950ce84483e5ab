import { afterAll, beforeAll, expect, it } from 'vitest';
import { onGround } from './bot-process.ts';
import { bundleBot } from './crash/bundle.ts';
import { createLives, type Life } from './crash/lives.ts';
import { chains, effects } from './crash/points.ts';
import { accessNow, expectPromisesKept } from './crash/promises.ts';

/** Dozens of processes, which start slowly on a small machine. */
const patience = 120_000;

let bundle: Awaited<ReturnType<typeof bundleBot>>;
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
        await expectPromisesKept(ground, bot.journal(), lives, before);
        const unnamed = bot.effects().filter((effect) => !effect.some((what) => effects.has(what)));
        expect(unnamed, 'effects that are not in the table').toEqual([]);
      },
      [bundle.path],
    ),
  patience,
);
