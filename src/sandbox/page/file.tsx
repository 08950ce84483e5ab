import { useId, useRef } from 'preact/hooks';
import type { ShownFile } from '../wire.ts';

/** A file on a message: its name, and its text when somebody wants to read it. Nothing is downloaded. */
export const FileCard = ({ file }: { readonly file: ShownFile }) => {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  return (
    <>
      <button type="button" class="file" onClick={() => dialog.current?.showModal()}>
        <small>File</small> {file.name}
      </button>
      <dialog ref={dialog} class="file-dialog" aria-labelledby={id}>
        <h3 id={id}>{file.name}</h3>
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled with the keyboard too
          tabIndex={0}
        >
          {file.text}
        </pre>
        {file.leftOut > 0 && <p>… and {file.leftOut} more characters, which the sandbox does not show.</p>}
        <button type="button" class="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </dialog>
    </>
  );
};
