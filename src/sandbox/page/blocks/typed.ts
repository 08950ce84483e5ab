import { useEffect, useRef, useState } from 'preact/hooks';
import type { Seat } from './seat.ts';
import { useSend } from './send.ts';
import { registerField } from './unsaved.ts';

/**
 * A text that is typed here and written to the workspace when the field is left, or when something asks for it.
 * What the workspace holds replaces it, unless somebody is just typing.
 */
export const useTyped = (seat: Seat, actionId: string, initial: string) => {
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const isUnsaved = useRef(false);
  const sending = useRef<Promise<unknown>>(Promise.resolve());
  const { send, fault } = useSend(seat, actionId);
  const state = seat.surface.valueOf(seat.blockId, actionId);
  const held = state === undefined ? initial : typeof state.value === 'string' ? state.value : '';
  const [text, setText] = useState(held);

  useEffect(() => {
    if (isUnsaved.current && field.current === document.activeElement) return;
    isUnsaved.current = false;
    setText(held);
  }, [held]);

  const type = (typed: string): void => {
    isUnsaved.current = true;
    setText(typed);
  };
  /** Writes the text even if it is unchanged, as an app may wait for it. */
  const write = (): Promise<unknown> => {
    isUnsaved.current = false;
    // What stands in the field is newer than what was last drawn.
    const typed = field.current?.value ?? text;
    sending.current = send(typed === '' ? null : typed);
    return sending.current;
  };
  const commit = (): Promise<unknown> => (isUnsaved.current ? write() : sending.current);

  const latest = useRef(commit);
  latest.current = commit;
  useEffect(() => {
    const { current: element } = field;
    if (element === null) return undefined;
    const leave = (): void => void latest.current();
    window.addEventListener('pagehide', leave);
    const forget = registerField(element, () => latest.current());
    return () => {
      window.removeEventListener('pagehide', leave);
      forget();
    };
  }, []);
  return { field, text, type, write, commit, fault };
};
