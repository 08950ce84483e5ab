import { useEffect, useRef, useState } from 'preact/hooks';
import type { Place, SlackScene } from '../wire.ts';
import { appPlace, type Where } from './where.ts';

interface Props {
  readonly slack: SlackScene;
  readonly where: Where;
  readonly go: (at: string) => void;
}

const latest = (place: Place | undefined): string => place?.messages.at(-1)?.ts ?? '';

/** Counts what came in since a place was last looked at in this window. */
const useUnread = (slack: SlackScene, where: Where): ((place: Place) => number) => {
  const opened = useRef(String(performance.timeOrigin / 1_000));
  const [seen, setSeen] = useState<Readonly<Record<string, string>>>({});
  const keyOf = (place: Place): string => `${slack.me} ${place.id}`;
  const current = slack.places.find((place) =>
    where.at === appPlace ? place.kind === 'im' : place.name === where.at,
  );
  const ts = latest(current);
  useEffect(() => {
    if (current !== undefined) setSeen((before) => ({ ...before, [keyOf(current)]: ts }));
  }, [current?.id, ts, slack.me]);
  return (place) => {
    if (place.id === current?.id) return 0;
    const since = seen[keyOf(place)] ?? opened.current;
    return place.messages.filter((message) => message.ts > since && message.thread === undefined).length;
  };
};

const marks = (place: Place): string =>
  [
    ...(place.kind === 'private' ? ['private'] : []),
    ...(place.isArchived ? ['archived'] : []),
    ...(place.isShared ? ['shared with another organisation'] : []),
    ...(place.isMember ? [] : ['not joined']),
  ].join(', ');

/** The channels that this person can look at, and the app. */
export const Sidebar = ({ slack, where, go }: Props) => {
  const unread = useUnread(slack, where);
  const entry = (at: string, label: string, note: string, count: number) => (
    <li key={at}>
      <button
        type="button"
        class="place"
        aria-current={where.at === at ? 'page' : undefined}
        onClick={() => go(at)}
      >
        <span class={count > 0 ? 'place-name unread' : 'place-name'}>{label}</span>
        {note !== '' && <small>{note}</small>}
        {count > 0 && (
          <span class="count">
            {count}
            <span class="sr-only"> new</span>
          </span>
        )}
      </button>
    </li>
  );
  const direct = slack.places.find(({ kind }) => kind === 'im');
  return (
    <nav class="places" aria-label="Channels and apps">
      <h2>{slack.workspace}</h2>
      <h3>Channels</h3>
      <ul>
        {slack.places
          .filter(({ kind }) => kind !== 'im')
          .map((place) => entry(place.name, `# ${place.name}`, marks(place), unread(place)))}
      </ul>
      <h3>Apps</h3>
      <ul>{entry(appPlace, 'Portcullis', '', direct === undefined ? 0 : unread(direct))}</ul>
    </nav>
  );
};
