import type { types } from '@slack/bolt';
import { useContext } from 'preact/hooks';
import { FollowLink } from '../surface.ts';
import { useConfirm } from './confirm.tsx';
import { Fault } from './fault.tsx';
import { isFollowable } from './link.tsx';
import type { Seat } from './seat.ts';
import { useSend } from './send.ts';
import { PlainText } from './text.tsx';

/** A button; while its press is on the way it turns, and a further press does nothing. */
export const PressButton = ({ seat, element }: { seat: Seat; element: types.Button }) => {
  const follow = useContext(FollowLink);
  const { confirmed, dialog } = useConfirm(element.confirm);
  const { send, isPending, fault } = useSend(seat, element.action_id ?? '');
  const press = async (): Promise<void> => {
    if (isPending || !(await confirmed())) return;
    if (element.url !== undefined && isFollowable(element.url)) follow(element.url);
    await send(element.value);
  };
  return (
    <div class="element">
      <button
        type="button"
        id={seat.controlId}
        class={`button ${element.style ?? ''}`}
        aria-label={element.accessibility_label}
        aria-busy={isPending}
        aria-disabled={isPending}
        onClick={() => void press()}
      >
        <PlainText {...element.text} />
        {isPending && <span class="spinner" aria-hidden="true" />}
      </button>
      <Fault words={fault} />
      {dialog}
    </div>
  );
};
