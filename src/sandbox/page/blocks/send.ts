import { useState } from 'preact/hooks';
import type { Answer } from '../../wire.ts';
import type { FieldValue } from '../surface.ts';
import type { Seat } from './seat.ts';
import { onItsWay } from './unsaved.ts';

const faultOf = ({ outcome, why }: Answer): string | undefined => {
  switch (outcome) {
    case 'ok':
      return undefined;
    case 'timeout':
      return 'Operation timed out. Apps need to respond within 3 seconds.';
    case 'error':
    case 'errors':
    case 'trouble':
    case 'cannot':
      return why ?? 'This app responded with an error.';
  }
};

/** Sends what a person did with an element, and keeps what came of it. */
export const useSend = (seat: Seat, actionId: string) => {
  const [sent, setSent] = useState<{ isPending: boolean; fault?: string | undefined }>({ isPending: false });
  const send = async (value?: FieldValue): Promise<Answer> => {
    const { surface, blockId, isField } = seat;
    setSent({ isPending: true });
    const answer = await onItsWay(
      isField ? surface.fill(blockId, value ?? null) : surface.press(blockId, actionId, value),
    ).catch((): Answer => ({ outcome: 'error', why: 'The sandbox cannot be reached.' }));
    setSent({ isPending: false, fault: faultOf(answer) });
    return answer;
  };
  return { ...sent, send };
};
