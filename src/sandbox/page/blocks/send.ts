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
  const [underway, setUnderway] = useState(0);
  const [fault, setFault] = useState<string>();
  const send = async (value?: FieldValue): Promise<Answer> => {
    const { surface, blockId, isField } = seat;
    setFault(undefined);
    setUnderway((count) => count + 1);
    const answer = await onItsWay(
      isField ? surface.fill(blockId, value ?? null) : surface.press(blockId, actionId, value),
    ).catch((): Answer => ({ outcome: 'error', why: 'The sandbox cannot be reached.' }));
    setFault(faultOf(answer));
    setUnderway((count) => count - 1);
    return answer;
  };
  return { send, isPending: underway > 0, fault };
};
