import type { ShownGrant } from '../../wire.ts';
import type { Noun } from './changes.ts';
import { Announcement, Marked, MarkWord } from './marked.tsx';
import { useWatched } from './use-watched.ts';

interface Row extends ShownGrant {
  /** The group that gives it; undefined when it is the principal's own. */
  readonly group?: string;
}

/** Grants that are there now, and struck through those that went while somebody watched. */
export const Grants = (props: { title: string; noun: Noun; grants: readonly Row[]; none: string }) => {
  const { title, noun, grants, none } = props;
  const rows = useWatched(grants);
  const grouped = rows.some(({ row }) => row.group !== undefined);
  return (
    <>
      <h4>{title}</h4>
      <Announcement rows={rows} noun={noun} />
      {rows.length === 0 ? (
        <p class="cloud-none">{none}</p>
      ) : (
        <table class="cloud-table">
          <thead>
            <tr>
              {grouped && <th scope="col">Group</th>}
              <th scope="col">Account</th>
              <th scope="col">Permission set</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ row, mark }) => (
              <tr key={row.key}>
                {grouped && (
                  <td>
                    <Marked mark={mark}>{row.group}</Marked>
                  </td>
                )}
                <td>
                  <Marked mark={mark}>{row.account}</Marked>
                </td>
                <td>
                  <Marked mark={mark}>{row.permissionSet}</Marked> <MarkWord mark={mark} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
};
