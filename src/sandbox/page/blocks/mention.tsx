import { useContext } from 'preact/hooks';
import { Names } from '../surface.ts';
import { dateText } from './dates.ts';
import { Link } from './link.tsx';

interface MentionProps {
  readonly kind: 'user' | 'channel' | 'usergroup';
  readonly id: string;
  /** What is shown for an id that nobody has. */
  readonly raw: string;
}

/** Someone, a channel or a group of people, by the name that the reader knows. */
export const Mention = ({ kind, id, raw }: MentionProps) => {
  const names = useContext(Names);
  const known = { user: names.users, channel: names.channels, usergroup: names.groups }[kind];
  const name = Object.hasOwn(known, id) ? known[id] : undefined;
  if (name === undefined) return <span class="unknown-mention">{raw}</span>;
  const sign = kind === 'channel' ? '#' : '@';
  return <span class="mention">{name.startsWith(sign) ? name : `${sign}${name}`}</span>;
};

/** A mention that wakes everybody, so it is loud. */
export const Shout = ({ range }: { range: string }) => <span class="mention shout">@{range}</span>;

interface MomentProps {
  readonly timestamp: number;
  readonly format: string;
  readonly fallback: string;
  readonly url?: string | undefined;
}

/** A moment in the reader's own zone. */
export const Moment = ({ timestamp, format, fallback, url = '' }: MomentProps) => {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const moment = new Date(timestamp * 1000);
  if (Number.isNaN(moment.getTime())) return <>{fallback}</>;
  const shown = (
    <time dateTime={moment.toISOString()} title={moment.toLocaleString()}>
      {dateText(timestamp, format, fallback, { timeZone, now: Date.now() })}
    </time>
  );
  return url === '' ? shown : <Link url={url}>{shown}</Link>;
};
