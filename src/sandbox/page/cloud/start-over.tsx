import { useId, useRef } from 'preact/hooks';

/** Starts everything over, but asks first. */
export const StartOver = ({ onStartOver }: { onStartOver: () => void }) => {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const close = () => dialog.current?.close();
  return (
    <>
      <button type="button" class="cloud-button" onClick={() => dialog.current?.showModal()}>
        Start over…
      </button>
      <dialog
        ref={dialog}
        class="cloud-dialog"
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-text`}
      >
        <h3 id={`${id}-title`}>Start over?</h3>
        <p id={`${id}-text`}>
          Everything in the sandbox is thrown away: all messages, all requests with their evidence, and every
          change in the cloud. The switches are off again. This cannot be undone.
        </p>
        <div class="cloud-buttons">
          <button type="button" class="cloud-button" onClick={close}>
            Keep everything
          </button>
          <button
            type="button"
            class="cloud-button cloud-button-danger"
            onClick={() => {
              close();
              onStartOver();
            }}
          >
            Throw away and start over
          </button>
        </div>
      </dialog>
    </>
  );
};
