import { useEffect, useRef, useState } from 'preact/hooks';
import type { View } from '../slack/blocks/view.ts';
import type { Act, Answer } from '../wire.ts';
import { Blocks } from './blocks/blocks.tsx';
import { PlainText } from './blocks/text.tsx';
import { commitFields } from './blocks/unsaved.ts';
import { modalSurface } from './place-surface.ts';

interface Props {
  readonly view: View;
  /** Views in the modal, this one included. */
  readonly depth: number;
  readonly act: (act: Act) => Promise<Answer>;
}

type Sending =
  | { readonly state: 'idle' | 'pending' }
  | { readonly state: 'answered'; readonly answer: Answer };

const idle: Sending = { state: 'idle' };

/** Puts the focus on the first field, else on the title; again when another view takes the place of this one. */
const useFocus = (view: View) => {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  useEffect(() => {
    const box = dialog.current;
    if (!box) return;
    const field = box.querySelector<HTMLElement>(
      '.modal-body :is(input, textarea, select, [role="combobox"])',
    );
    (field ?? box.querySelector<HTMLElement>('h2'))?.focus();
    box.querySelector('.modal-body')?.scrollTo({ top: 0 });
  }, [view.id, view.callback_id]);
  return dialog;
};

/** The open modal: the top view of its stack. */
export const Modal = ({ view, depth, act }: Props) => {
  const dialog = useFocus(view);
  const [sending, setSending] = useState<Sending>(idle);
  const version = `${view.id} ${view.hash}`;
  useEffect(() => setSending(idle), [version]);
  const answer = sending.state === 'answered' ? sending.answer : undefined;
  const errors = answer?.errors ?? {};
  const hasErrors = Object.keys(errors).length > 0;

  useEffect(() => {
    if (hasErrors) dialog.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [hasErrors, dialog]);

  const submit = async (): Promise<void> => {
    if (sending.state === 'pending' || dialog.current === null) return;
    setSending({ state: 'pending' });
    await commitFields(dialog.current);
    setSending({ state: 'answered', answer: await act({ do: 'submit' }) });
  };
  const close = (all: boolean): void => void act({ do: 'close', all });

  return (
    <dialog
      ref={dialog}
      class="modal"
      data-hash={view.hash}
      aria-labelledby="modal-title"
      onCancel={(event) => {
        event.preventDefault();
        close(false);
      }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <header class="modal-head">
          {depth > 1 && (
            <button type="button" class="quiet" aria-label="Back" onClick={() => close(false)}>
              ←
            </button>
          )}
          <h2 id="modal-title" tabIndex={-1}>
            <PlainText text={view.title?.text ?? ''} />
          </h2>
          <button type="button" class="quiet" aria-label="Close" onClick={() => close(true)}>
            ✕
          </button>
        </header>
        <section
          class="modal-body"
          aria-labelledby="modal-title"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled with the keyboard too
          tabIndex={0}
        >
          {answer?.outcome === 'trouble' && (
            <p class="trouble" role="alert">
              {answer.why}
            </p>
          )}
          <Blocks key={view.id} blocks={view.blocks} surface={modalSurface(view, act, errors)} />
        </section>
        <footer class="modal-foot">
          <span class="modal-note">Sandbox</span>
          <button type="button" onClick={() => close(false)}>
            <PlainText text={view.close?.text ?? 'Cancel'} />
          </button>
          {view.submit !== null && (
            <button
              type="submit"
              class="primary"
              disabled={view.submit_disabled}
              aria-busy={sending.state === 'pending'}
              aria-disabled={sending.state === 'pending'}
            >
              {sending.state === 'pending' ? <span class="spinner" role="img" aria-label="Sending" /> : null}
              <PlainText text={view.submit.text} />
            </button>
          )}
        </footer>
      </form>
    </dialog>
  );
};
