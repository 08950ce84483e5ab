import { z } from 'zod';
import { type Clock, type Cloud, CloudFault, type Log, type Project } from '../domain/ports.ts';
import { cached } from './cached.ts';

/** A configured ModelArts project. */
export interface ConfiguredProject {
  readonly region: string;
  readonly id: string;
}

const OwnProjects = z.object({ projects: z.array(z.object({ id: z.string(), name: z.string() })) });

/** Names by id: the only look-up that takes no permission; the one by name would need what is asked for. */
const ownProjectNames = async (cloud: Cloud): Promise<ReadonlyMap<string, string>> => {
  const { body } = await cloud.call({
    service: 'iam',
    method: 'GET',
    path: ['v3', 'auth', 'projects'],
    answer: OwnProjects,
    effect: 'read',
  });
  return new Map(body.projects.map(({ id, name }) => [id, name]));
};

/** The project's name; with region and beginning of the id where two share one; the id as the last resort. */
const tellApart = (projects: readonly Project[]): readonly Project[] => {
  const times = (name: string, all: readonly Project[]) => all.filter((one) => one.name === name).length;
  const short = projects.map((project) =>
    times(project.name, projects) > 1
      ? { ...project, name: `${project.region}/${project.id.slice(0, 4)}` }
      : project,
  );
  return short.map((project) =>
    times(project.name, short) > 1 ? { ...project, name: project.id } : project,
  );
};

/** The configured projects with their names, which people must type to confirm. */
export interface Projects {
  /** Never fails: a project whose name cannot be read is named by its id. */
  all(): Promise<readonly Project[]>;
}

export const createProjects = (
  cloud: Cloud,
  clock: Pick<Clock, 'now'>,
  maxAge: number,
  configured: readonly ConfiguredProject[],
  log: Log,
): Projects => {
  const names = cached(clock, maxAge, () => ownProjectNames(cloud));
  const readNames = async (): Promise<ReadonlyMap<string, string>> => {
    try {
      return await names.get();
    } catch (error) {
      if (!(error instanceof CloudFault)) throw error;
      log.warn('the names of the ModelArts projects could not be read', { error: error.message });
      return new Map();
    }
  };
  return {
    async all() {
      if (configured.length === 0) return [];
      const known = await readNames();
      return tellApart(configured.map(({ region, id }) => ({ region, id, name: known.get(id) || id })));
    },
  };
};
