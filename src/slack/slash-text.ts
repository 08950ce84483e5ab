/** What was typed after a slash command, taken apart. Nothing is guessed: what does not fit is left over. */
export interface SlashText {
  /** One text for each look-up field, in the kind's order; missing ones are left out. */
  readonly spoken: readonly string[];
  readonly incident?: string;
  readonly reason?: string;
}

const incidentForm = /^[A-Z][A-Z0-9]*-\d+$/;
const quoted = /["\u201c\u201d\u201e]([^"\u201c\u201d\u201e]*)["\u201c\u201d\u201e]?\s*$/u;

/**
 * Slack escapes these three in command text; a mention becomes the bare user id: `<@U1|name>` and `<@U1>`. What it takes
 * for an address becomes again what was typed: `<https://a.example/b>` and `<http://a.example|a.example>`. A channel
 * keeps its id only, also where Slack tells its name; a user group and `@here` become again what was typed.
 */
export const unescaped = (text: string): string =>
  text
    .replace(/<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/g, '@$1')
    .replace(/<mailto:([^|>]+)(?:\|[^>]*)?>/g, '$1')
    .replace(/<(https?:[^|<>]+)(?:\|([^>]+))?>/g, (_, address: string, typed: string = address) => typed)
    .replace(/<#([A-Z0-9]+)(?:\|[^>]*)?>/g, '#$1')
    .replace(/<!(?:subteam\^)?(\w+)(?:\|@?([^>]+))?>/g, (_, id: string, typed: string = id) => `@${typed}`)
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');

/**
 * `[who] [incident] ["reason"]`. An incident is a later token such as `INC-42`; the words before it name the
 * look-ups: with one look-up field all of them together, with several one word each and the rest to the last.
 */
export const parseSlashText = (text: string, fields: number): SlashText => {
  const clean = unescaped(text.trim());
  const reason = quoted.exec(clean);
  const words = (reason ? clean.slice(0, reason.index) : clean).split(/\s+/).filter((word) => word !== '');
  const at = words.findIndex((word, index) => index > 0 && incidentForm.test(word));
  const incident = at === -1 ? undefined : words[at];
  const named = words.filter((_, index) => index !== at);
  const spoken = named.slice(0, fields - 1);
  const rest = named.slice(fields - 1).join(' ');
  return {
    spoken: [...spoken, ...(rest === '' ? [] : [rest])],
    ...(incident !== undefined && { incident }),
    ...(reason?.[1] && { reason: reason[1].trim() }),
  };
};
