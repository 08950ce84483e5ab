import type { types } from '@slack/bolt';
import { useEffect, useState } from 'preact/hooks';
import type { StateValue } from '../../slack/blocks/view.ts';
import type { FieldValue } from '../surface.ts';
import { useConfirm } from './confirm.tsx';
import { Fault } from './fault.tsx';
import type { Seat } from './seat.ts';
import { useSend } from './send.ts';

interface Choosable {
  readonly action_id?: string;
  readonly confirm?: types.ConfirmationDialog;
}

/** How a choice stands in the workspace's state, and how it is sent there. */
interface Form<T> {
  readonly initial: T;
  readonly read: (value: StateValue) => T;
  readonly write: (chosen: T) => FieldValue;
}

/**
 * What is chosen in an element: what the person chose last, until the workspace holds something new. `below` is to
 * be drawn after the element: its question, and what went wrong.
 */
export const useChoice = <T,>(seat: Seat, element: Choosable, { initial, read, write }: Form<T>) => {
  const actionId = element.action_id ?? '';
  const held = seat.surface.valueOf(seat.blockId, actionId);
  const heldText = JSON.stringify(held);
  const [mine, setMine] = useState<{ readonly chosen: T; readonly over: string | undefined }>();
  const { confirmed, dialog } = useConfirm(element.confirm);
  const { send, isPending, fault } = useSend(seat, actionId);
  useEffect(() => {
    // While choices are on their way, the workspace may still tell of an earlier one.
    if (!isPending && mine?.over !== heldText) setMine(undefined);
  }, [heldText, isPending]);
  /** False when the person thought better of it, or the workspace did not take it. */
  const choose = async (chosen: T): Promise<boolean> => {
    if (!(await confirmed())) return false;
    setMine({ chosen, over: heldText });
    const answer = await send(write(chosen));
    if (answer.outcome !== 'cannot') return true;
    setMine(undefined);
    return false;
  };
  const chosen = mine?.chosen ?? (held === undefined ? initial : read(held));
  const below = (
    <>
      <Fault words={fault} />
      {dialog}
    </>
  );
  return { chosen, choose, below };
};
