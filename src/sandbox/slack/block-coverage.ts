import type { Coverage } from './coverage.ts';

const supported = (note: string): Coverage => ({ state: 'supported', note });
const partial = (note: string): Coverage => ({ state: 'partial', note });
const missing = (note: string): Coverage => ({ state: 'missing', note });

const young = 'rolls out slowly in Slack, so an app should not rely on it: refused';

/** Blocks: whether the sandbox accepts them, and how its page shows them. */
export const blockCoverage: Readonly<Record<string, Coverage>> = {
  actions: supported('25 elements'),
  context: supported('10 elements'),
  divider: supported(''),
  header: supported('plain text of 150 characters'),
  image: partial('never loaded: the page shows the alternative text and where it would come from'),
  input: supported('label, hint, optional, dispatch_action'),
  rich_text: supported('sections, lists, quotes, preformatted text and all leaves but teams'),
  section: supported('text, fields, accessory'),
  alert: missing(young),
  card: missing(young),
  carousel: missing(young),
  container: missing(young),
  context_actions: missing(young),
  data_table: missing(young),
  file: missing('read only in Slack'),
  markdown: missing(young),
  plan: missing(young),
  table: missing(young),
  task_card: missing(young),
  video: missing('needs links.embed:write'),
};

const noKinds = partial('lists every channel: filter and default_to_current_conversation have no effect');
const typed = partial(
  'focus_on_load has no effect; dispatch_action also tells the app when the field is left',
);

/** Elements of blocks, likewise. */
export const elementCoverage: Readonly<Record<string, Coverage>> = {
  button: supported('styles, confirm, the warning after 3 s'),
  channels_select: supported(''),
  checkboxes: supported(''),
  conversations_select: noKinds,
  datepicker: supported(''),
  datetimepicker: supported(''),
  email_text_input: typed,
  external_select: supported('type-ahead from min_query_length on; never retried'),
  file_input: partial('accepted, but nothing can be uploaded'),
  image: partial('never loaded'),
  multi_channels_select: supported(''),
  multi_conversations_select: noKinds,
  multi_external_select: supported(''),
  multi_static_select: supported(''),
  multi_users_select: supported(''),
  number_input: typed,
  overflow: supported(''),
  plain_text_input: typed,
  radio_buttons: supported(''),
  rich_text_input: partial('accepted, but nothing can be typed'),
  static_select: supported('options or groups'),
  timepicker: supported('in the zone of the browser'),
  url_text_input: typed,
  users_select: supported(''),
  workflow_button: missing('needs workflows'),
};
