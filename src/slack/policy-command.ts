import { namedIn } from '../domain/approvers.ts';
import { named } from '../domain/decide.ts';
import type { Field, Kind } from '../domain/kind.ts';
import { approversFor, everyApprover } from '../domain/policy.ts';
import { CloudFault, type KnownPerson } from '../domain/ports.ts';
import { forFallback } from '../domain/text.ts';
import { decidersOf } from '../domain/warnings.ts';
import { assess } from '../workflow/assess.ts';
import { whileLooking } from '../workflow/needs.ts';
import { bold, bullets, header, leaf, line, type Message, richText, section, small } from './blocks.ts';
import type { Desk } from './desk.ts';
import { fillFrom } from './fill.ts';
import { type Filled, valuesOf, withDefaults } from './form.ts';
import {
  approvedAlike,
  approvedWords,
  idsWords,
  peopleWords,
  waitingWords,
  whenWords,
} from './policy-words.ts';
import { parseSlashText } from './slash-text.ts';
import { plural } from './words.ts';

type PolicyDesk = Pick<Desk, 'people' | 'policy' | 'kinds' | 'directory' | 'cloud' | 'ledger' | 'clock'>;

const namesOf = async ({ people }: Pick<Desk, 'people'>, ids: readonly string[]) =>
  Object.fromEntries(
    (await Promise.all(ids.map(async (id) => [id, await people.groupName(id)] as const))).flatMap(
      ([id, name]) => (name === undefined ? [] : [[id, name] as const]),
    ),
  );

/** Who may ask and approve what, right now, with the people that Slack names. */
const showPolicy = async ({ people, policy, kinds, ledger }: PolicyDesk): Promise<Message> => {
  const ids = [...policy.requesters, ...everyApprover(policy), ...policy.escalateTo];
  const names = await namesOf({ people }, ids);
  const alike = approvedAlike(kinds, policy);
  const [requesters, ...approvers] = await Promise.all([
    people.behind(policy.requesters, whileLooking),
    ...alike.map(({ rule }) => people.behind(namedIn(rule), whileLooking)),
  ]);
  return {
    text: 'Who may ask and approve what',
    blocks: [
      header('Who may do what, now'),
      richText(
        line(
          bold('Ask: '),
          leaf(`${idsWords(policy.requesters, names)}. Now: ${peopleWords(requesters ?? [])}.`),
        ),
        ...alike.map((group, index) =>
          line(
            bold('Approve '),
            leaf(`${approvedWords(group, names)}. Now: ${peopleWords(approvers[index] ?? [])}.`),
          ),
        ),
      ),
      richText(line(bold('When a second person is needed')), bullets(whenWords(policy))),
      richText(line(bold('How long')), bullets(waitingWords(policy, names))),
      small(
        `Never the requester, never the person whose access it is. Policy ${ledger.inForce().policy?.digest ?? 'not yet on record'}. Try it out: policy profile NAME`,
      ),
    ],
  };
};

const kindCalled = (kinds: readonly Kind[], typed: string): Kind | undefined => {
  const wanted = typed.toLowerCase().replace(/^\//, '');
  return kinds.find(({ name, command }) => name === wanted || command.name === `/${wanted}`);
};

const isLookup = (field: Field): boolean => field.type === 'lookup';

/** Takes the words that are values of a choice (`GROUP`, `all-users`) out of what was typed, as chosen. */
const chosenIn = (kind: Kind, words: readonly string[]): { filled: Filled; rest: readonly string[] } => {
  const options: Record<string, { value: string; words: string }> = {};
  const rest = words.filter((word) => {
    for (const field of kind.fields) {
      const found = field.type === 'choice' && field.options.find(({ value }) => value === word);
      if (found) options[field.id] = found;
      if (found) return false;
    }
    return true;
  });
  return { filled: withDefaults(kind, { options }), rest };
};

const words = (...lines: readonly string[]): Message => ({
  text: forFallback(lines.join(' ')),
  blocks: lines.map(section),
});

const usage = (kinds: readonly Kind[]): string =>
  `Say a kind and whom it would be about: policy ${kinds.map(({ name }) => name).join(' | ')} NAME. A group: policy profile GROUP NAME.`;

/** What the policy would say if this person asked for that now. Nothing is requested. */
const simulate = async (desk: PolicyDesk, asker: KnownPerson, kind: Kind, text: string): Promise<Message> => {
  const { filled, rest } = chosenIn(kind, text.split(/\s+/));
  const shown = kind.fields.filter(
    ({ onlyWhen }) => onlyWhen === undefined || filled.options[onlyWhen.field]?.value === onlyWhen.value,
  );
  const lookups = shown.filter(isLookup).map(({ id }) => id);
  const { spoken } = parseSlashText(rest.join(' '), lookups.length);
  const found = await fillFrom(desk, kind, lookups, spoken, filled);
  const missing = shown.filter(({ id }) => found.filled.options[id] === undefined);
  if (missing.length > 0) {
    const still = `Still needed, in this order: ${missing.map(({ label }) => label).join(', ')}.`;
    return words(...found.notes, still);
  }
  const result = await assess(desk, kind, valuesOf(kind, found.filled), asker.person);
  if (result.result === 'wrong') return words(...Object.values(result.errors));
  if (result.result === 'refused') return words(result.refusal.words);
  const { impact, target, verdict, warnings } = result.assessed;
  const rule = approversFor(desk.policy, kind.name);
  const approvers = await desk.people.behind(namedIn(rule), whileLooking);
  const may =
    approvers === 'could not ask'
      ? approvers
      : decidersOf(kind.risk(target, impact), asker.person, approvers);
  return {
    text: 'What the policy would say',
    blocks: [
      header('If you asked for this now'),
      richText(
        line(bold(impact.title)),
        line(leaf(`${plural(impact.grants.length, 'grant')} would be removed.`)),
        ...(verdict.approvals === 0
          ? [line(leaf('It would go on by rule: no second approver is needed.'))]
          : [
              line(
                bold(`${plural(verdict.approvals, 'approval')} needed`),
                leaf(`, because ${verdict.because.join('; ')}.`),
              ),
              line(bold('May approve now: '), leaf(`${peopleWords(may)}.`)),
            ]),
        ...warnings.map((warning) => line(bold(`Careful: ${warning}`))),
      ),
      small(`Asked as ${named(asker.person)}. Nothing was requested, and nothing was called.`),
    ],
  };
};

/** `/revocations policy`, and `policy KIND WHO` to try it out. */
export const onPolicy = async (desk: PolicyDesk, asker: KnownPerson, text: string): Promise<Message> => {
  const [typed = '', ...rest] = text.trim().split(/\s+/);
  if (typed === '') return showPolicy(desk);
  const kind = kindCalled(desk.kinds, typed);
  if (kind === undefined) return words(`There is no kind "${typed.slice(0, 40)}".`, usage(desk.kinds));
  if (rest.length === 0) return words(usage(desk.kinds));
  try {
    return await simulate(desk, asker, kind, rest.join(' '));
  } catch (error) {
    if (!(error instanceof CloudFault)) throw error;
    return words(`The cloud could not be asked, so this cannot be tried out now: ${error.message}`);
  }
};
