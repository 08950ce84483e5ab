import { afterAll, beforeAll, expect, it } from 'vitest';
import { onGround } from '../e2e/bot-process.ts';
import { type Bundle, bundleBot } from '../e2e/crash/bundle.ts';
import { createLives, type Death, type Life } from '../e2e/crash/lives.ts';
import { accessNow, expectPromisesKept } from '../e2e/crash/promises.ts';

const kills = 200;
/** Stories at a time: each waits for the other side most of its life. */
const lanes = 3;
/** Kills of one story at most, so that each comes to its end. */
const mostKills = 6;
/** A kill falls up to so many ms after up to so many effects of a life, by which most have come to their end. */
const most = { effects: 60, ms: 40 };
/** This share of the kills falls within so many ms of the start. */
const starts = { share: 0.1, ms: 1_000 };
const patience = 15 * 60_000;

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
const randomBy = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};

let bundle: Bundle;
beforeAll(async () => {
  bundle = await bundleBot();
});
afterAll(() => bundle.remove());

it(
  `keeps its promises through ${kills} kills at random times`,
  async () => {
    const seed = Number(process.env.CRASH_SEED ?? Date.now() % 2 ** 31);
    console.log(`the seed of the kills: CRASH_SEED=${seed}`);
    let killed = 0;
    let stories = 0;
    /** How often a kill fell after each sort of fact. */
    const falls = new Map<string, number>();

    /** One request from asking to its end, by as many bots as it takes. */
    const play = (random: () => number) =>
      onGround(
        async (ground) => {
          ground.cloud.switches.deletionDelayMs = Math.floor(random() * 800);
          const before = accessNow(ground);
          const bot = createLives(ground, random() < 0.5 ? 'profile' : 'assignment');
          const lives: Life[] = [];
          for (let left = mostKills; left > 0; left -= 1) {
            const death: Death =
              random() < starts.share
                ? { effects: 0, ms: random() * starts.ms }
                : { effects: Math.ceil(random() * most.effects), ms: random() * most.ms };
            const life = await bot.live(death);
            lives.push(life);
            if (!life.killed) break;
            const last = bot.journal().at(-1)?.fact.fact ?? 'nothing';
            falls.set(last, (falls.get(last) ?? 0) + 1);
          }
          if (lives.at(-1)?.killed === true) lives.push(await bot.live());
          await expectPromisesKept(ground, bot, lives, before);
          killed += lives.filter((life) => life.killed).length;
        },
        [bundle.path],
      );

    const lane = async () => {
      while (killed < kills) {
        stories += 1;
        const story = stories;
        await play(randomBy(seed + story)).catch((error: unknown) => {
          throw new Error(`story ${story} of seed ${seed}`, { cause: error });
        });
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    console.log(`${killed} kills in ${stories} stories, after:`, Object.fromEntries(falls));
    expect(killed).toBeGreaterThanOrEqual(kills);
  },
  patience,
);
