import type { Impact, Target } from '../../src/domain/facts.ts';
import type { Assessment, Kind, Step } from '../../src/domain/kind.ts';
import { createWorld, type World } from '../support/world.ts';

/** One kind in a world of its own. */
export const createBench = (name: string) => {
  const world: World = createWorld();
  const kind: Kind = world.kind(name);
  const { directory, cloud } = world.needs;
  const aim = async (values: Readonly<Record<string, string>>): Promise<Target> => {
    const result = await kind.aim(values, directory);
    if (result.result !== 'aimed') throw new Error(`Not aimed: ${JSON.stringify(result.errors)}`);
    return result.target;
  };
  const impactOf = (target: Target): Promise<Assessment> => kind.impact(target, cloud, directory);
  const prepare = async (values: Readonly<Record<string, string>>) => {
    const target = await aim(values);
    const assessment = await impactOf(target);
    if (assessment.result !== 'assessed') throw new Error(assessment.words);
    const steps = kind.steps(target, assessment.impact);
    return { target, impact: assessment.impact, steps, step: firstOf(steps) };
  };
  return { ...world, kind, directory, aim, impactOf, prepare };
};

const firstOf = (steps: readonly Step[]): Step => {
  const [step] = steps;
  if (step === undefined) throw new Error('No steps');
  return step;
};

/** As they come back from the ledger. */
export const throughJson = <T extends Target | Impact>(value: T): T => JSON.parse(JSON.stringify(value));
