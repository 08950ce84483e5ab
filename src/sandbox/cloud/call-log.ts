/** The services of the cloud; one base URL serves all of them, by path. */
export type CloudService = 'identitycenter' | 'identitystore' | 'organizations' | 'modelarts' | 'iam' | 'sts';

/** One call as the cloud saw it. */
export interface Call {
  /** Milliseconds since the epoch, by the cloud's clock. */
  readonly at: number;
  /** `gateway` when no service has this path. */
  readonly service: CloudService | 'gateway';
  /** The documented name, such as `ListInstances`; `unknown` when no service has this path. */
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The JSON body (secret keys masked), its text when it is not JSON, undefined when there was none. */
  readonly body: unknown;
  /** Null when no answer was sent: a reset, or a call left hanging. */
  readonly status: number | null;
  /** Error code of a refusal. */
  readonly code?: string;
  readonly requestId: string;
  readonly durationMs: number;
  readonly effect: 'read' | 'change';
  /** True when the operation was carried out, whether or not its answer was sent. */
  readonly acted: boolean;
}

/** Every call since the start or the last `clear`, in the order of their arrival at a decision. */
export interface CallLog {
  readonly all: readonly Call[];
  /** Calls of changing operations, refused ones too: look at `acted`. */
  changes(): readonly Call[];
  clear(): void;
}

export const createCallLog = (): CallLog & { add(call: Call): void } => {
  const all: Call[] = [];
  return {
    all,
    add: (call) => {
      all.push(call);
    },
    changes: () => all.filter((call) => call.effect === 'change'),
    clear: () => {
      all.length = 0;
    },
  };
};
