import { useContext } from 'preact/hooks';
import type { Act, Answer, Place, ShownMessage } from '../wire.ts';
import { Blocks } from './blocks/blocks.tsx';
import { Mrkdwn } from './blocks/text.tsx';
import { FileCard } from './file.tsx';
import { timeOf } from './message-time.ts';
import { messageSurface } from './place-surface.ts';
import { Names } from './surface.ts';

interface Props {
  readonly message: ShownMessage;
  readonly place: Place;
  readonly act: (act: Act) => Promise<Answer>;
  /** Replies below it; left out inside a thread. */
  readonly replies?: number;
  readonly openThread?: (ts: string) => void;
}

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

const initials = (name: string): string =>
  name
    .split(' ')
    .map((word) => word[0] ?? '')
    .join('')
    .slice(0, 2);

/** One message as Slack shows it. */
export const Message = ({ message, place, act, replies = 0, openThread }: Props) => {
  const names = useContext(Names);
  const name = names.users[message.user] ?? message.user;
  const time = timeOf(message.ts);
  return (
    <article
      class={message.onlyYou ? 'message only-you' : 'message'}
      data-ts={message.ts}
      aria-label={`${name}, ${clock.format(time)}`}
    >
      <span class={message.isApp ? 'avatar app' : 'avatar'} aria-hidden="true">
        {initials(name)}
      </span>
      <div class="message-body">
        {message.onlyYou && <p class="only-you-note">Only visible to you</p>}
        <p class="byline">
          <strong>{name}</strong>
          {message.isApp && <span class="app-badge">App</span>}
          <time dateTime={new Date(time).toISOString()} title={moment.format(time)}>
            {clock.format(time)}
          </time>
        </p>
        {message.blocks.length > 0 ? (
          <Blocks blocks={message.blocks} surface={messageSurface(place.id, message.ts, act)} />
        ) : (
          message.text !== '' && (
            <p class="message-text">
              <Mrkdwn text={message.text} />
              {message.edited && <small class="edited"> (edited)</small>}
            </p>
          )
        )}
        {message.files.map((file) => (
          <FileCard key={file.id} file={file} />
        ))}
        {replies > 0 && openThread && (
          <button type="button" class="replies" onClick={() => openThread(message.ts)}>
            {replies === 1 ? '1 reply' : `${replies} replies`}
          </button>
        )}
      </div>
    </article>
  );
};
