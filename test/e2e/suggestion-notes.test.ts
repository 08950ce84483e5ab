import { expect, it } from 'vitest';
import type { LocalCloud } from '../../src/sandbox/cloud/local-cloud.ts';
import { seedOrganisation } from '../../src/sandbox/cloud/seed.ts';
import { inStory, type Story } from '../support/e2e.ts';

const open = async ({ stage, alice }: Story): Promise<void> => {
  await stage.types(alice, '/revoke-profile');
  await stage.view(alice, 'profile');
};

const wordsOf = (options: readonly Record<string, unknown>[]): string[] =>
  options.map((option) => String(Object(option.text).text));

/** As many people named Kim as there are numbers. */
const addKims = (cloud: LocalCloud, count: number): void => {
  const [somebody] = seedOrganisation(0).users;
  if (somebody === undefined) throw new Error('The seed has no users');
  for (let index = 0; index < count; index += 1) {
    cloud.organisation.users.push({
      ...somebody,
      user_id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      user_name: `kim.${index}`,
      display_name: 'Kim Tran',
      emails: [],
    });
  }
};

it('more than 100 matches say "keep typing", and that line aims at nobody', () =>
  inStory(async (story) => {
    const { alice, cloud, stage } = story;
    addKims(cloud, 150);
    await open(story);
    const offered = await alice.suggest('principal', 'kim');
    expect(offered).toHaveLength(100);
    const note = offered.at(-1) ?? {};
    expect(wordsOf([note])[0]).toMatch(/keep typing/i);
    await alice.fill('principal', note);
    await alice.fill('reason', 'Laptop stolen');
    await alice.submit();
    await stage.view(alice, 'profile');
    expect(JSON.stringify(alice.view()?.blocks)).toContain('hoose');
  }));

it('a cloud that cannot be asked is said in the menu', () =>
  inStory(async (story) => {
    const { alice, cloud } = story;
    cloud.switches.outage = true;
    await open(story);
    const offered = await alice.suggest('principal', 'finch');
    expect(wordsOf(offered).join()).toMatch(/^Still reading the users|cannot be read now/);
  }));
