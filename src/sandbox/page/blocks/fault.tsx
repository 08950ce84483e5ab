/** Slack's warning beside an element whose press came to nothing. */
export const Fault = ({ words }: { words: string | undefined }) =>
  words === undefined ? null : (
    <span class="fault" role="alert">
      <span class="fault-icon" aria-hidden="true">
        ⚠
      </span>
      {words}
    </span>
  );
