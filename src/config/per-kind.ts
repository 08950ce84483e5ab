import type { z } from 'zod';
import type { ApproverRule } from '../domain/approvers.ts';
import type { Problem } from './problems.ts';
import * as value from './values.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What may be said for one kind of revocation by itself, with the kind's name behind it: `APPROVERS_PROFILE`. */
const settings = { APPROVERS: value.approverRule, APPROVALS_NEEDED: value.wholeNumber(1, 20) } as const;

type Setting = keyof typeof settings;

const forms: Readonly<Record<Setting, string>> = {
  APPROVERS: 'as APPROVERS',
  APPROVALS_NEEDED: 'as APPROVALS_NEEDED: 1 to 20',
};

const nameFor = (setting: Setting, kind: string): string =>
  `${setting}_${kind.toUpperCase().replaceAll('-', '_')}`;

/** Every variable that says something for one kind. */
export const perKindNames = (kinds: readonly string[]): readonly string[] =>
  (['APPROVERS', 'APPROVALS_NEEDED'] as const).flatMap((setting) =>
    kinds.map((kind) => nameFor(setting, kind)),
  );

/** Whether a variable says something for one kind, also where it names none. */
export const isPerKind = (name: string): boolean => /^(?:APPROVERS|APPROVALS_NEEDED)_/.test(name);

/** A name that begins like one of ours but ends with no kind: left alone, it would be a rule that nobody keeps. */
const misspelt = (env: Env, kinds: readonly string[]): readonly Problem[] => {
  const known = perKindNames(kinds);
  return Object.keys(env)
    .filter((name) => isPerKind(name) && !known.includes(name))
    .map((name) => ({
      name,
      wrong: 'ends with no kind of revocation, so it would be ignored',
      form: `one of ${known.filter((other) => other.startsWith(name.slice(0, 9))).join(', ')}`,
      source: 'correct the name, or take the variable out',
    }));
};

/** What the policy says of all kinds alike. */
const forAllKinds =
  /^(?:REQUESTERS|REQUIRE_APPROVAL|GROUP_APPROVAL_THRESHOLD|UNAPPROVED_LIMIT|PROTECTED_PRINCIPALS|APPROVER_COOL_OFF|APPROVAL_WINDOW|EXECUTION_WINDOW|ESCALATE_TO|ESCALATE_AFTER)_/;

/** Something for one kind that is there for all kinds only: left alone, more people might ask than somebody meant. */
const notPerKind = (env: Env): readonly Problem[] =>
  Object.keys(env)
    .filter((name) => forAllKinds.test(name))
    .map((name) => ({
      name,
      wrong: 'cannot be said for one kind of revocation, so it would be ignored',
      form: 'the name without a kind: it holds for all of them',
      source: 'correct the name, or take the variable out',
    }));

export interface PerKind {
  readonly approversOf: Readonly<Record<string, ApproverRule>>;
  readonly approvalsNeededOf: Readonly<Record<string, number>>;
  readonly problems: readonly Problem[];
}

/** Reads what is said for single kinds; a variable without text counts as left out. */
export const readPerKind = (env: Env, kinds: readonly string[]): PerKind => {
  const problems: Problem[] = [...misspelt(env, kinds), ...notPerKind(env)];
  const read = <T>(setting: Setting, schema: z.ZodType<T, string>): Readonly<Record<string, T>> => {
    const found: Record<string, T> = {};
    for (const kind of kinds) {
      const name = nameFor(setting, kind);
      const text = env[name]?.trim();
      if (!text) continue;
      const parsed = schema.safeParse(text);
      if (parsed.success) found[kind] = parsed.data;
      else problems.push({ name, wrong: 'has another form', form: forms[setting], source: 'your choice' });
    }
    return found;
  };
  return {
    approversOf: read('APPROVERS', settings.APPROVERS),
    approvalsNeededOf: read('APPROVALS_NEEDED', settings.APPROVALS_NEEDED),
    problems,
  };
};
