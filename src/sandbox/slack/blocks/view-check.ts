import { isObject, objectsOf } from '../json.ts';
import { checkBlocks } from './block.ts';
import { type Fault, flag, type Inspection, may, need, oneOf, report, shape, text } from './checks.ts';
import { plain } from './texts.ts';

const shared = {
  blocks: need(checkBlocks),
  callback_id: may(text(255, 0)),
  private_metadata: may(text(3000, 0)),
  external_id: may(text(255, 0)),
};

const modal = shape({
  ...shared,
  title: need(plain(24)),
  submit: may(plain(24)),
  close: may(plain(24)),
  clear_on_close: may(flag),
  notify_on_close: may(flag),
  submit_disabled: may(flag),
});

const home = shape(shared);

/** Everything wrong with a view; `pointer` is its place in the request. */
export const viewFaults = (view: unknown, pointer: string): Fault[] => {
  const faults: Fault[] = [];
  const type = isObject(view) ? view.type : undefined;
  const inspection: Inspection = { surface: type === 'home' ? 'home' : 'modal', faults };
  if (!isObject(view)) {
    report(inspection, 'must provide an object', pointer);
    return faults;
  }
  oneOf('modal', 'home')(type, `${pointer}/type`, inspection);
  (type === 'home' ? home : modal)(view, pointer, inspection);
  const asks = objectsOf(view.blocks).some((block) => block.type === 'input');
  if (type === 'modal' && asks && view.submit === undefined) {
    report(inspection, 'must define `submit` to use an `input` block in modals', pointer);
  }
  return faults;
};

/** Everything wrong with a message's blocks. */
export const messageFaults = (blocks: unknown, pointer: string): Fault[] => {
  const inspection: Inspection = { surface: 'message', faults: [] };
  checkBlocks(blocks, pointer, inspection);
  return inspection.faults;
};

/** A fault as Slack writes it in `errors`. */
export const faultText = ({ message, pointer }: Fault): string => `${message} [json-pointer:${pointer}]`;
