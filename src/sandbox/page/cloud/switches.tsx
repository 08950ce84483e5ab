import { useId } from 'preact/hooks';
import { type SwitchName, switchNames } from '../../switch-names.ts';
import type { LabScene } from '../../wire.ts';
import { Trouble } from './trouble-words.tsx';
import { type Send, useAct } from './use-act.ts';

const texts: Record<SwitchName, { readonly name: string; readonly does: string }> = {
  slow: { name: 'Slow', does: 'Every answer of the cloud takes 3 seconds.' },
  throttled: {
    name: 'Throttled',
    does: 'The cloud takes only two calls of a kind a second, and refuses more.',
  },
  failing: {
    name: 'Failing',
    does: 'The cloud accepts the deletion of a single grant, and then fails at it.',
  },
  lost: {
    name: 'Lost answers',
    does: 'The cloud does what it is told, but its answers to changes never arrive.',
  },
  'cloud-outage': { name: 'Cloud outage', does: 'Huawei Cloud cannot be reached.' },
  'slack-outage': { name: 'Slack outage', does: 'The bot and Slack cannot reach each other.' },
};

const Switch = (props: { name: SwitchName; on: boolean; onFlip: () => void }) => {
  const { name, on, onFlip } = props;
  const id = useId();
  return (
    <div class="cloud-switch">
      <div>
        <span id={`${id}-name`} class="cloud-switch-name">
          {texts[name].name}
        </span>
        <span id={`${id}-does`} class="cloud-quiet">
          {texts[name].does}
        </span>
      </div>
      <button
        type="button"
        role="switch"
        aria-checked={on}
        aria-labelledby={`${id}-name`}
        aria-describedby={`${id}-does`}
        onClick={onFlip}
      >
        {on ? 'On' : 'Off'}
      </button>
    </div>
  );
};

/** What one person can make go wrong. */
export const Switches = ({ switches, send }: { switches: LabScene['switches']; send: Send }) => {
  const { run, trouble } = useAct(send);
  return (
    <>
      {switchNames.map((name) => (
        <Switch
          key={name}
          name={name}
          on={switches[name]}
          onFlip={() => run({ do: 'switch', name, on: !switches[name] })}
        />
      ))}
      <Trouble words={trouble} />
    </>
  );
};
