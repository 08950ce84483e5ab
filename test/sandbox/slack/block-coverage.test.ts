import type { types } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import { blockCoverage, elementCoverage } from '../../../src/sandbox/slack/block-coverage.ts';
import { messageFaults } from '../../../src/sandbox/slack/blocks/view-check.ts';

type AnyElement =
  | types.InputBlock['element']
  | types.ActionsBlock['elements'][number]
  | NonNullable<types.SectionBlock['accessory']>;

/** Every type that the vendor knows; the compiler finds one that is missing here. */
const vendorBlocks: Record<types.KnownBlock['type'], true> = {
  actions: true,
  alert: true,
  card: true,
  carousel: true,
  container: true,
  context: true,
  context_actions: true,
  data_table: true,
  divider: true,
  file: true,
  header: true,
  image: true,
  input: true,
  markdown: true,
  plan: true,
  rich_text: true,
  section: true,
  table: true,
  task_card: true,
  video: true,
};
const vendorElements: Record<AnyElement['type'], true> = {
  button: true,
  channels_select: true,
  checkboxes: true,
  conversations_select: true,
  datepicker: true,
  datetimepicker: true,
  email_text_input: true,
  external_select: true,
  file_input: true,
  image: true,
  multi_channels_select: true,
  multi_conversations_select: true,
  multi_external_select: true,
  multi_static_select: true,
  multi_users_select: true,
  number_input: true,
  overflow: true,
  plain_text_input: true,
  radio_buttons: true,
  rich_text_input: true,
  static_select: true,
  timepicker: true,
  url_text_input: true,
  users_select: true,
  workflow_button: true,
};

const isUnknown = (faults: readonly { readonly message: string }[], type: string): boolean =>
  faults.some(({ message }) => message.includes(`unsupported type: ${type}`));

/** Whether an element is unknown wherever it could stand. */
const isUnknownElement = (type: string): boolean =>
  [
    { type: 'actions', elements: [{ type }] },
    { type: 'section', text: { type: 'plain_text', text: 'x' }, accessory: { type } },
    { type: 'input', label: { type: 'plain_text', text: 'x' }, element: { type } },
  ].every((block) => isUnknown(messageFaults([block], ''), type));

describe('the table of blocks and elements', () => {
  it('says something about each that the vendor knows, and names no other', () => {
    expect(Object.keys(blockCoverage).toSorted()).toEqual(Object.keys(vendorBlocks).toSorted());
    expect(Object.keys(elementCoverage).toSorted()).toEqual(Object.keys(vendorElements).toSorted());
  });

  it.each(Object.entries(blockCoverage))('tells the truth about the block %s', (type, { state }) => {
    expect(isUnknown(messageFaults([{ type }], ''), type)).toBe(state === 'missing');
  });

  it.each(Object.entries(elementCoverage))('tells the truth about the element %s', (type, { state }) => {
    expect(isUnknownElement(type)).toBe(state === 'missing');
  });
});
