/** Words about something that could not be done. */
export const Notice = ({ text, dismiss }: { text: string; dismiss: () => void }) => (
  <div class="notices" role="alert">
    {text !== '' && (
      <p class="notice">
        <span>{text}</span>
        <button type="button" class="quiet" onClick={dismiss}>
          Dismiss
        </button>
      </p>
    )}
  </div>
);
