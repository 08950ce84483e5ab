import { z } from 'zod';
import { copyOf, isObject, type JsonObject, objectsOf } from '../json.ts';
import {
  all,
  byType,
  type Check,
  flag,
  type Inspection,
  list,
  may,
  need,
  report,
  rule,
  shape,
  text,
} from './checks.ts';
import { accessory, actionElement, contextElement, image, inputElement } from './elements.ts';
import { richTextElements } from './rich-text.ts';
import { anyText, plain } from './texts.ts';

/** A block as Slack stores it: with a block_id; other members by its type. */
export const Block = z.looseObject({ type: z.string(), block_id: z.string() });
export type Block = z.infer<typeof Block>;

const block_id = may(text(255));

const sectionHasText = rule((value) =>
  value.text === undefined && value.fields === undefined ? 'missing required field: text' : undefined,
);

/** The block types an app should stick to; all others are refused on every surface. */
const block: Check = byType({
  section: all(
    shape({
      block_id,
      text: may(anyText(3000)),
      fields: may(list(anyText(2000), 10)),
      accessory: may(accessory),
      expand: may(flag),
    }),
    sectionHasText,
  ),
  header: shape({ block_id, text: need(plain(150)) }),
  divider: shape({ block_id }),
  context: shape({ block_id, elements: need(list(contextElement, 10)) }),
  actions: shape({ block_id, elements: need(list(actionElement, 25)) }),
  input: shape({
    block_id,
    label: need(plain(2000)),
    element: need(inputElement),
    hint: may(plain(2000)),
    optional: may(flag),
    dispatch_action: may(flag),
  }),
  image: (value, pointer, inspection) => {
    const { block_id: _id, title, ...rest } = isObject(value) ? value : {};
    image(rest, pointer, inspection);
    if (_id !== undefined) text(255)(_id, `${pointer}/block_id`, inspection);
    if (title !== undefined) plain(2000)(title, `${pointer}/title`, inspection);
  },
  rich_text: shape({ block_id, elements: richTextElements }),
});

/** The interactive elements of a block, each with the member it stands in. */
export const elementsOf = (value: JsonObject): JsonObject[] => {
  if (value.type === 'input') return isObject(value.element) ? [value.element] : [];
  if (value.type === 'actions') return objectsOf(value.elements);
  return value.type === 'section' && isObject(value.accessory) ? [value.accessory] : [];
};

const reportRepeated = (blocks: unknown, pointer: string, inspection: Inspection): void => {
  const blockIds = new Set<string>();
  for (const [index, one] of (Array.isArray(blocks) ? blocks : []).entries()) {
    if (!isObject(one)) continue;
    const at = `${pointer}/${index}`;
    if (typeof one.block_id === 'string') {
      if (blockIds.has(one.block_id)) {
        report(inspection, `\`block_id\` "${one.block_id}" already exists`, `${at}/block_id`);
      }
      blockIds.add(one.block_id);
    }
    const actionIds = new Set<string>();
    for (const [position, element] of elementsOf(one).entries()) {
      if (typeof element.action_id !== 'string') continue;
      if (actionIds.has(element.action_id)) {
        const place = `${at}/elements/${position}/action_id`;
        report(inspection, `\`action_id\` "${element.action_id}" already exists`, place);
      }
      actionIds.add(element.action_id);
    }
  }
};

/** Checks a list of blocks: at most 50 in a message, 100 in a view. */
export const checkBlocks: Check = (value, pointer, inspection) => {
  list(block, inspection.surface === 'message' ? 50 : 100)(value, pointer, inspection);
  reportRepeated(value, pointer, inspection);
};

const filledIn = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(filledIn);
  if (!isObject(value)) return value;
  const copy: JsonObject = {};
  for (const [name, member] of Object.entries(value)) copy[name] = filledIn(member);
  if (copy.type === 'plain_text' && copy.emoji === undefined) copy.emoji = true;
  if (copy.type === 'mrkdwn' && copy.verbatim === undefined) copy.verbatim = false;
  return copy;
};

const withActionIds = (value: JsonObject, mint: () => string): void => {
  for (const element of elementsOf(value)) {
    if (element.type !== 'image') element.action_id ??= mint();
  }
};

/**
 * Checked blocks in the form Slack stores them: ids filled in, `emoji` and `verbatim` set.
 * @param mint makes the ids that the app left out
 */
export const storedBlocks = (value: unknown, mint: () => string): Block[] =>
  objectsOf(filledIn(copyOf(value))).map((one) => {
    withActionIds(one, mint);
    if (one.type === 'input') {
      one.optional ??= false;
      one.dispatch_action ??= false;
    }
    return Block.parse({ ...one, block_id: one.block_id ?? mint() });
  });
