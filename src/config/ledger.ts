import { type Env, type LedgerConfig, problemsIn, withoutBlanks } from '../config.ts';
import { Environment } from './environment.ts';
import type { Problem } from './problems.ts';

const Needed = Environment.pick({ DATA_DIR: true, AUDIT_KEY: true, AUDIT_KEYS_OLD: true });

/** Reads what a look at the ledger needs; all other variables may be missing or wrong. Pure, as `readConfig`. */
export const readLedgerConfig = (
  env: Env,
):
  | { readonly ok: true; readonly ledger: LedgerConfig }
  | { readonly ok: false; readonly problems: readonly Problem[] } => {
  const texts = withoutBlanks(env);
  const values = Needed.safeParse(texts);
  if (!values.success) return { ok: false, problems: problemsIn(values.error, texts) };
  const { DATA_DIR: directory, AUDIT_KEY: auditKey, AUDIT_KEYS_OLD: oldKeys } = values.data;
  return { ok: true, ledger: { directory, auditKey, oldKeys } };
};
