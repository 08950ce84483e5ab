import { useEffect, useState } from 'preact/hooks';
import type { ShownProject } from '../../wire.ts';
import type { Watched } from './changes.ts';
import { Announcement, Marked, MarkWord } from './marked.tsx';
import { useWatched } from './use-watched.ts';

const noun = { one: 'authorization', many: 'authorizations' };

type Entry = ShownProject['entries'][number] & { readonly project: string };

const Project = ({ project, rows }: { project: ShownProject; rows: readonly Watched<Entry>[] }) => {
  const changes = rows.filter(({ mark }) => mark !== 'kept').length;
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (changes > 0) setOpen(true);
  }, [changes]);
  return (
    <details class="cloud-project" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <strong>{project.name}</strong> in {project.account},{' '}
        {project.entries.length === 1 ? '1 entry' : `${project.entries.length} entries`}
      </summary>
      {rows.length === 0 ? (
        <p class="cloud-none">Nobody is authorized.</p>
      ) : (
        <ul>
          {rows.map(({ row, mark }) => (
            <li key={row.key}>
              <Marked mark={mark}>
                {row.user} <span class="cloud-quiet">by {row.through}</span>
              </Marked>{' '}
              <MarkWord mark={mark} />
            </li>
          ))}
        </ul>
      )}
    </details>
  );
};

/** Who is authorized in each ModelArts project; a project opens by itself when something in it changes. */
export const Projects = ({ projects }: { projects: readonly ShownProject[] }) => {
  const rows = useWatched(
    projects.flatMap(({ id, entries }): Entry[] => entries.map((entry) => ({ ...entry, project: id }))),
  );
  return (
    <>
      <Announcement rows={rows} noun={noun} />
      {projects.map((project) => (
        <Project
          key={project.id}
          project={project}
          rows={rows.filter(({ row }) => row.project === project.id)}
        />
      ))}
    </>
  );
};
