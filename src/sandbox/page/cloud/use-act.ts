import { useState } from 'preact/hooks';
import type { Act, Answer } from '../../wire.ts';
import { troubleOf } from './trouble.ts';

/** Sends what a person does to the sandbox, and resolves with what came of it. */
export type Send = (act: Act) => Promise<Answer>;

interface Acting {
  readonly run: (act: Act) => void;
  /** An act is under way. */
  readonly busy: boolean;
  /** Why it came to nothing. */
  readonly trouble: string | undefined;
}

/** Sends acts, and keeps words for the last one that failed. */
export const useAct = (send: Send): Acting => {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  const carryOut = async (act: Act): Promise<void> => {
    setBusy(true);
    setTrouble(undefined);
    try {
      setTrouble(troubleOf(await send(act)));
    } catch {
      setTrouble('The sandbox did not answer. Is it still running?');
    } finally {
      setBusy(false);
    }
  };
  return {
    busy,
    trouble,
    run: (act) => void carryOut(act),
  };
};
