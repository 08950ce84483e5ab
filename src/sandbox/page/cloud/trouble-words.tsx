/** Says at once why something came to nothing. */
export const Trouble = ({ words }: { words: string | undefined }) => (
  <p class="cloud-trouble" role="alert">
    {words}
  </p>
);
