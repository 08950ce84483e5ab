import { useEffect, useRef, useState } from 'preact/hooks';
import type { Act, Answer, LabScene, ShownPerson } from '../../wire.ts';

interface Props {
  readonly lab: LabScene;
  readonly personas: readonly ShownPerson[];
  readonly act: (act: Act) => Promise<Answer>;
  /** Looks over the shoulder of this person, by handle. */
  readonly follow: (handle: string) => void;
}

const endings: Readonly<Record<LabScene['play']['state'], string>> = {
  idle: '',
  playing: 'Playing…',
  held: 'Every step held.',
  broken: 'The story broke at the last line.',
};

/** The story that plays by itself, to be watched in the conversation. */
export const Story = ({ lab, personas, act, follow }: Props) => {
  const { state, lines, who } = lab.play;
  const [isFollowing, setFollowing] = useState(true);
  const list = useRef<HTMLElement>(null);
  const handle = personas.find(({ id }) => id === who)?.handle;

  useEffect(() => {
    if (isFollowing && state === 'playing' && handle !== undefined) follow(handle);
  }, [handle, isFollowing, state]);
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [lines.length]);

  return (
    <section class="story" aria-label="A story that plays by itself">
      <h2>Or watch</h2>
      <p>
        The whole story plays by itself, step by step. It starts over first: what you did here is thrown away.
      </p>
      <p class="step-buttons">
        <button
          type="button"
          disabled={state === 'playing' || lab.bot !== 'running'}
          onClick={() => void act({ do: 'play' })}
        >
          Start over and play the story
        </button>
      </p>
      <label class="check">
        <input
          type="checkbox"
          checked={isFollowing}
          onChange={({ currentTarget }) => setFollowing(currentTarget.checked)}
        />
        Look over the shoulder of whoever acts
      </label>
      <p role="status" class="story-state" data-state={state}>
        {endings[state]}
      </p>
      {lines.length > 0 && (
        <section
          class="transcript"
          ref={list}
          aria-label="Transcript"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled with the keyboard too
          tabIndex={0}
        >
          {lines.map((line, index) => (
            <p key={index}>{line}</p>
          ))}
        </section>
      )}
    </section>
  );
};
