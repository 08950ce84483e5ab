import type { Act, Answer, Place, ShownMessage, SlackScene } from '../wire.ts';
import { Message } from './message.tsx';
import { isGoneByNow } from './message-time.ts';

interface Props {
  readonly slack: SlackScene;
  readonly place: Place;
  readonly parent: ShownMessage;
  readonly act: (act: Act) => Promise<Answer>;
}

/** A message and the replies below it. */
export const Thread = ({ slack, place, parent, act }: Props) => {
  const replies = place.messages.filter((one) => one.thread === parent.ts && !isGoneByNow(one));
  return (
    <section class="thread" aria-label="Thread">
      <h2>
        Thread <small>{place.kind === 'im' ? place.name : `# ${place.name}`}</small>
      </h2>
      <div role="log" aria-label="Messages in the thread">
        {[parent, ...replies].map((message) => (
          <Message key={`${slack.me} ${message.ts}`} message={message} place={place} act={act} />
        ))}
      </div>
    </section>
  );
};
