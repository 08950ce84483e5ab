import { byType, type Check, flag, may, need, oneOf, shape, text } from './checks.ts';

const plainText = (max: number, min: number): Check =>
  shape({ text: need(text(max, min)), emoji: may(flag) });

const mrkdwnText = (max: number): Check => shape({ text: need(text(max)), verbatim: may(flag) });

/** A `plain_text` object only. */
export const plain = (max: number, min = 1): Check => byType({ plain_text: plainText(max, min) });

/** A `plain_text` or `mrkdwn` object. */
export const anyText = (max: number): Check =>
  byType({ plain_text: plainText(max, 1), mrkdwn: mrkdwnText(max) });

/** The dialog before an action (reference section 5: 100, 300, 30, 30). */
export const confirm: Check = shape({
  title: need(plain(100)),
  text: need(anyText(300)),
  confirm: need(plain(30)),
  deny: need(plain(30)),
  style: may(oneOf('primary', 'danger')),
});
