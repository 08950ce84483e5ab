import { useEffect, useState } from 'preact/hooks';
import type { Act, Answer, CloudScene, LabScene, SlackScene } from '../../wire.ts';
import type { Where } from '../where.ts';
import { type Step, steps } from './steps.ts';
import { Story } from './story.tsx';

interface Props {
  readonly slack: SlackScene;
  readonly cloud: CloudScene | null;
  readonly lab: LabScene;
  readonly where: Where;
  readonly act: (act: Act) => Promise<Answer>;
  readonly go: (change: Partial<Where>) => void;
  /** Puts a line into the message field. */
  readonly type: (line: string) => void;
}

/** Remembers which steps were done in this round, for this window; starting over forgets them. */
const useDone = (round: number, isDone: readonly boolean[]): readonly boolean[] => {
  const [kept, setKept] = useState({ round, done: isDone });
  const before = kept.round === round ? kept.done : [];
  const done = isDone.map((now, index) => now || before[index] === true);
  const key = `${round} ${done.join()}`;
  useEffect(() => setKept({ round, done }), [key]);
  return done;
};

interface StepProps {
  readonly step: Step;
  readonly number: number;
  readonly state: 'done' | 'now' | 'later';
  readonly go: Props['go'];
  readonly type: Props['type'];
}

const OneStep = ({ step, number, state, go, type }: StepProps) => (
  <li class="step" data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
    <details open={state === 'now'}>
      <summary>
        <span class="step-number" aria-hidden="true">
          {state === 'done' ? '✓' : number}
        </span>
        {step.title}
        {state === 'done' && <span class="step-done"> done</span>}
      </summary>
      <ol class="todo">
        {step.todo.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ol>
      {step.line !== undefined && <code class="line">{step.line}</code>}
      <p class="step-buttons">
        <button type="button" onClick={() => go({ as: step.as, at: step.at })}>
          Go there as {step.as[0]?.toUpperCase()}
          {step.as.slice(1)}
        </button>
        {step.line !== undefined && (
          <button
            type="button"
            class="primary"
            onClick={() => {
              go({ as: step.as, at: 'inc-042' });
              type(step.line ?? '');
            }}
          >
            Put the line into the message field
          </button>
        )}
      </p>
      <p class="step-notice">{step.notice}</p>
    </details>
  </li>
);

/** Five things to try, each ticked off when it has really happened; and the story that plays by itself. */
export const Tour = ({ slack, cloud, lab, where, act, go, type }: Props) => {
  const evidence = { slack, calls: cloud?.calls ?? [], where };
  const done = useDone(
    lab.round,
    steps.map((step) => step.isDone(evidence)),
  );
  const now = done.indexOf(false);
  return (
    <section class="tour" aria-label="Guided tour">
      <h2>Five steps</h2>
      <p>You play all roles. Nothing here is real, so nothing can go wrong.</p>
      <ol class="steps">
        {steps.map((step, index) => (
          <OneStep
            key={step.title}
            step={step}
            number={index + 1}
            state={done[index] === true ? 'done' : index === now ? 'now' : 'later'}
            go={go}
            type={type}
          />
        ))}
      </ol>
      {now === -1 && (
        <p class="tour-end" role="status">
          That was all of it. Now break something: the switches are under Huawei Cloud.
        </p>
      )}
      <Story
        lab={lab}
        act={act}
        follow={(handle) => go({ as: handle, at: 'inc-042' })}
        personas={slack.personas}
      />
    </section>
  );
};
