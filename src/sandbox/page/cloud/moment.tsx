const styles = {
  full: new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }),
  clock: new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' }),
};

/** A time in the reader's own time zone. */
export const Moment = ({ at, as }: { at: number; as: keyof typeof styles }) => (
  <time dateTime={new Date(at).toISOString()}>{styles[as].format(at)}</time>
);
