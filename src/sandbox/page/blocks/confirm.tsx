import type { types } from '@slack/bolt';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { AnyText, PlainText } from './text.tsx';

interface DialogProps {
  readonly confirm: types.ConfirmationDialog;
  readonly settle: (isYes: boolean) => void;
}

const ConfirmDialog = ({ confirm, settle }: DialogProps) => {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const deny = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    // The answer that changes nothing is the one under a hasty Enter.
    deny.current?.focus();
  }, []);
  // Closing gives the focus back to where it was, so the answer is given after it.
  const answer = (isYes: boolean) => () => {
    dialog.current?.close();
    settle(isYes);
  };
  const cancel = (event: Event): void => {
    event.preventDefault();
    answer(false)();
  };
  // Escape answers this question only, and is not for the form behind it.
  const keep = (event: KeyboardEvent): void => event.stopPropagation();
  return (
    <dialog
      ref={dialog}
      class="confirm"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onCancel={cancel}
      onKeyDown={keep}
    >
      <h2 id={`${id}-title`} class="confirm-title">
        {confirm.title === undefined ? 'Are you sure?' : <PlainText {...confirm.title} />}
      </h2>
      <p id={`${id}-text`} class="confirm-text">
        <AnyText of={confirm.text} />
      </p>
      <div class="confirm-answers">
        <button type="button" class="button" ref={deny} onClick={answer(false)}>
          {confirm.deny === undefined ? 'Cancel' : <PlainText {...confirm.deny} />}
        </button>
        <button type="button" class={`button ${confirm.style ?? 'primary'}`} onClick={answer(true)}>
          {confirm.confirm === undefined ? 'Yes' : <PlainText {...confirm.confirm} />}
        </button>
      </div>
    </dialog>
  );
};

/** Asks before something is done, where the app wants that; without a question the answer is yes. */
export const useConfirm = (confirm: types.ConfirmationDialog | undefined) => {
  const [settle, setSettle] = useState<{ with: (isYes: boolean) => void }>();
  const confirmed = (): Promise<boolean> =>
    confirm === undefined
      ? Promise.resolve(true)
      : new Promise((resolve) => {
          setSettle({
            with: (isYes) => {
              setSettle(undefined);
              resolve(isYes);
            },
          });
        });
  const dialog = confirm && settle ? <ConfirmDialog confirm={confirm} settle={settle.with} /> : null;
  return { confirmed, dialog };
};
