import type { z } from 'zod';
import type { Grant, Identity, Impact, Target } from './facts.ts';
import type { Cloud, Directory, Lookup } from './ports.ts';

/** Values of a form, by field id; empty fields are left out. */
export type FormValues = Readonly<Record<string, string>>;

/** One field of a kind's form. Its id is the block id, a promise to people who automate. */
export type Field = FieldBase &
  (
    | {
        readonly type: 'choice';
        readonly options: readonly { readonly value: string; readonly words: string }[];
      }
    | {
        readonly type: 'lookup';
        readonly lookup: Lookup;
        /** Fields whose values the look-up needs; when one changes, this field starts afresh. */
        readonly within: readonly string[];
      }
  );

interface FieldBase {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  /** Shown only while another field has this value. */
  readonly onlyWhen?: { readonly field: string; readonly value: string };
}

/** What a filled-in form aims at, or what is wrong with it, by field id. */
export type Aim<T extends Target = Target> =
  | { readonly result: 'aimed'; readonly target: T }
  | { readonly result: 'wrong'; readonly errors: Readonly<Record<string, string>> };

/** The impact, or the sentence that says which named thing does not exist. */
export type Assessment =
  | { readonly result: 'assessed'; readonly impact: Impact }
  | { readonly result: 'no-such'; readonly words: string };

/** What the policy must know of a revocation. */
export interface Risk {
  /** Takes everything there is, so a second approver is always needed. */
  readonly everything: boolean;
  readonly principalType: 'USER' | 'GROUP' | 'EVERYBODY';
  /** Ids and names by which the target itself may be protected. */
  readonly names: readonly string[];
  readonly people: readonly Identity[] | 'unknown';
}

/** One changing call and the reads that prove it. A pure function of target and impact, so a restart finds the same. */
export interface Step {
  readonly key: string;
  /** What it does, for people: "disassociate all account authorizations". */
  readonly words: string;
  readonly target: Target;
  /** Keys of the approved grants that must be gone afterwards. */
  readonly grants: readonly string[];
}

/** The cloud accepted the change; `job` is what it gave to ask for the progress. */
interface Started {
  readonly job?: string;
  readonly status: number;
  readonly cloudRequest?: string;
}

/** What `start` tells of an accepted call that gives no job. */
export const startedBy = (answer: { readonly status: number; readonly requestId?: string }): Started => ({
  status: answer.status,
  ...(answer.requestId !== undefined && { cloudRequest: answer.requestId }),
});

interface Listed {
  /** Keys of the step's grants that are still there. */
  readonly remaining: readonly string[];
  /** Grants that are there now but are none of the step's. */
  readonly since: readonly Grant[];
}

/**
 * What reading says, each from a listing read to its last page.
 * - `gone`: none of the step's grants is listed.
 * - `pending`: some are listed and the cloud says that a deletion is running (`job`, if it was found).
 * - `present`: some are listed. `surely`: the cloud was asked and no deletion is running.
 * - `failed`: some are listed and the cloud says that the deletion failed.
 */
export type Look =
  | ({ readonly state: 'gone' } & Listed)
  | ({ readonly state: 'pending'; readonly job?: string } & Listed)
  | ({ readonly state: 'present'; readonly surely: boolean } & Listed)
  | ({ readonly state: 'failed'; readonly reason: string } & Listed);

/** A type of revocation with a target of its own shape: what a file in `revocations/` writes. */
export interface KindOf<T extends Target> {
  /** Also the form's callback id. */
  readonly name: string;
  readonly command: { readonly name: `/${string}`; readonly description: string; readonly usage: string };
  /** Title of form and review, at most 24 characters. */
  readonly title: string;
  /** One sentence above the form: what will happen. */
  readonly about: string;
  readonly fields: readonly Field[];
  /** The look-up fields that a slash text fills, in its order. */
  readonly spoken: readonly string[];
  readonly target: z.ZodType<T>;
  /** @throws {CloudFault} when the cloud could not be asked */
  aim(values: FormValues, directory: Directory): Promise<Aim>;
  /**
   * Residual access that cannot be read is said so; it does not make this fail.
   * @throws {CloudFault} when the cloud could not be asked for the grants themselves
   */
  impact(target: T, cloud: Cloud, directory: Directory): Promise<Assessment>;
  risk(target: T, impact: Impact): Risk;
  /** Requests with the same principal are executed one at a time. */
  principal(target: T): string;
  steps(target: T, impact: Impact): readonly Step[];
  /** Exactly one changing call. @throws {CloudFault} */
  start(step: Step, cloud: Cloud): Promise<Started>;
  /**
   * Reads only.
   * @param job what `start` gave; undefined when it may have begun something without telling; null when nothing was
   * begun, so that the listing is all that is asked for
   * @throws {CloudFault}
   */
  look(step: Step, job: string | undefined | null, cloud: Cloud): Promise<Look>;
}

/** A kind as the rest of the bot sees it: targets are checked by the kind's own schema on the way in. */
export type Kind = Omit<KindOf<Target>, 'target'>;

/** Closes a kind over its target's schema. */
export const defineKind = <T extends Target>(kind: KindOf<T>): Kind => ({
  ...kind,
  impact: (target, cloud, directory) => kind.impact(kind.target.parse(target), cloud, directory),
  risk: (target, impact) => kind.risk(kind.target.parse(target), impact),
  principal: (target) => kind.principal(kind.target.parse(target)),
  steps: (target, impact) => kind.steps(kind.target.parse(target), impact),
});
