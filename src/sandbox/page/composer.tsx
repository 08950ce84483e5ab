import { useRef, useState } from 'preact/hooks';
import type { SlackScene } from '../wire.ts';

type Command = SlackScene['commands'][number];

interface Props {
  readonly commands: readonly Command[];
  readonly label: string;
  readonly draft: string;
  readonly setDraft: (text: string) => void;
  readonly send: (text: string) => void;
}

const listId = 'slash-commands';

const offeredFor = (commands: readonly Command[], draft: string): readonly Command[] =>
  draft.startsWith('/') && !draft.includes(' ')
    ? commands.filter(({ command }) => command.startsWith(draft))
    : [];

/** The field to type into; what starts with `/` is completed from the app's manifest. */
export const Composer = ({ commands, label, draft, setDraft, send }: Props) => {
  const field = useRef<HTMLInputElement>(null);
  const [marked, setMarked] = useState(0);
  const [isClosed, setClosed] = useState(false);
  const offered = isClosed ? [] : offeredFor(commands, draft);
  const active = offered[Math.min(marked, offered.length - 1)];
  const typed = commands.find(({ command }) => draft === command || draft.startsWith(`${command} `));

  const change = (text: string): void => {
    setDraft(text);
    setMarked(0);
    setClosed(false);
  };
  const complete = ({ command }: Command): void => {
    change(`${command} `);
    field.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (active === undefined) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setMarked((before) => (before + step + offered.length) % offered.length);
    else if (event.key === 'Escape') setClosed(true);
    else if (event.key === 'Tab' || (event.key === 'Enter' && active.command !== draft)) complete(active);
    else return;
    event.preventDefault();
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        if (draft.trim() === '') return;
        send(draft.trim());
        change('');
      }}
    >
      {offered.length > 0 && (
        <div class="commands" id={listId} role="listbox" aria-label="Commands">
          {offered.map((one) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field keeps the focus and takes the arrow keys
            <div
              key={one.command}
              id={`${listId}-${one.command.slice(1)}`}
              role="option"
              tabIndex={-1}
              aria-selected={one === active}
              onClick={() => complete(one)}
            >
              <strong>{one.command}</strong> <span class="hint">{one.hint}</span>
              <small>{one.description}</small>
            </div>
          ))}
        </div>
      )}
      <div class="composer-line">
        <input
          ref={field}
          type="text"
          role="combobox"
          autocomplete="off"
          spellcheck={false}
          maxLength={4_000}
          aria-label={label}
          aria-expanded={offered.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={active && `${listId}-${active.command.slice(1)}`}
          aria-describedby="usage-hint"
          placeholder={`${label} · / for commands`}
          value={draft}
          onInput={({ currentTarget }) => change(currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <button type="submit" class="primary" disabled={draft.trim() === ''}>
          Send
        </button>
      </div>
      <p class="usage-hint" id="usage-hint">
        {typed === undefined ? '' : `${typed.command} ${typed.hint}`}
      </p>
    </form>
  );
};
