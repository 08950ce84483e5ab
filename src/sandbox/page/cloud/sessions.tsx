import type { ShownPrincipal } from '../../wire.ts';
import { Moment } from './moment.tsx';

/** The live sessions of a user in the access portal. */
export const Sessions = ({ sessions }: Pick<ShownPrincipal, 'sessions'>) => {
  const live = sessions.filter(({ until }) => until > Date.now());
  return (
    <>
      <h4>Portal sessions</h4>
      {live.length === 0 ? (
        <p class="cloud-none">No live session.</p>
      ) : (
        <table class="cloud-table">
          <thead>
            <tr>
              <th scope="col">Address</th>
              <th scope="col">Since</th>
              <th scope="col">Until</th>
            </tr>
          </thead>
          <tbody>
            {live.map(({ id, address, agent, since, until }) => (
              <tr key={id}>
                <td class="cloud-address" title={agent}>
                  {address}
                </td>
                <td>
                  <Moment at={since} as="full" />
                </td>
                <td>
                  <Moment at={until} as="full" />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
};
