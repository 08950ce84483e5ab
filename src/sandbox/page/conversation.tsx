import { useEffect, useRef } from 'preact/hooks';
import type { Act, Answer, Place, SlackScene } from '../wire.ts';
import { Composer } from './composer.tsx';
import { Message } from './message.tsx';
import { isGoneByNow } from './message-time.ts';

interface Props {
  readonly slack: SlackScene;
  readonly place: Place;
  readonly act: (act: Act) => Promise<Answer>;
  readonly draft: string;
  readonly setDraft: (text: string) => void;
  readonly openThread: (ts: string) => void;
}

/** Follows the newest message, unless somebody has scrolled up to read. */
const useFollowing = (newest: string | undefined) => {
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    if (atEnd.current) list.current?.scrollTo({ top: list.current.scrollHeight });
  });
  useEffect(() => {
    atEnd.current = true;
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [newest]);
  const onScroll = (): void => {
    const box = list.current;
    if (box) atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
  };
  return { list, onScroll };
};

const whyNot = (place: Place): string | undefined => {
  if (place.isArchived) return 'This channel is archived: nobody can write here.';
  return place.isMember ? undefined : 'You are not in this channel.';
};

/** A channel, or the direct messages with the app: its messages and the field to type into. */
export const Conversation = ({ slack, place, act, draft, setDraft, openThread }: Props) => {
  const posts = place.messages.filter((message) => message.thread === undefined && !isGoneByNow(message));
  const { list, onScroll } = useFollowing(posts.at(-1)?.ts);
  const title = place.kind === 'im' ? place.name : `# ${place.name}`;
  const refusal = whyNot(place);
  return (
    <section class="conversation" aria-label={title}>
      <h2>{title}</h2>
      <div
        class="messages"
        role="log"
        aria-label={`Messages in ${title}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled with the keyboard too
        tabIndex={0}
        ref={list}
        onScroll={onScroll}
      >
        {posts.length === 0 && <p class="empty">Nothing was said here yet. Type / to see the commands.</p>}
        {posts.map((message) => (
          <Message
            key={message.ts}
            message={message}
            place={place}
            act={act}
            replies={place.messages.filter(({ thread }) => thread === message.ts).length}
            openThread={openThread}
          />
        ))}
      </div>
      {refusal === undefined ? (
        <Composer
          commands={slack.commands}
          label={`Message ${title}`}
          draft={draft}
          setDraft={setDraft}
          send={(text) => void act({ do: 'type', place: place.id, text })}
        />
      ) : (
        <p class="no-composer">{refusal}</p>
      )}
    </section>
  );
};
