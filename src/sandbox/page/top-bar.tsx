import type { LabScene, SlackScene } from '../wire.ts';
import { addressOf, type Where } from './where.ts';

interface Props {
  readonly slack: SlackScene;
  readonly lab: LabScene;
  readonly connected: boolean;
  readonly where: Where;
  readonly go: (change: Partial<Where>) => void;
}

const condition = (connected: boolean, lab: LabScene): string => {
  if (!connected) return 'The sandbox does not answer';
  return { running: 'Bot is running', starting: 'Bot is starting…', stopped: 'Bot is stopped' }[lab.bot];
};

/** Says at all times that this is the sandbox, who is played, and whether the bot runs. */
export const TopBar = ({ slack, lab, connected, where, go }: Props) => {
  const next = slack.personas.find(({ handle }) => handle === 'bob' && where.as !== 'bob');
  const other = next ?? slack.personas[0];
  return (
    <header class="top">
      <h1 class="sandbox-sign">
        <strong>Sandbox</strong> <span class="wide-only">Nothing here is real</span>
      </h1>
      <p class="condition" data-bot={connected ? lab.bot : 'stopped'} role="status">
        {condition(connected, lab)}
      </p>
      <label class="persona">
        <span>You are</span>
        <select value={where.as} onChange={({ currentTarget }) => go({ as: currentTarget.value })}>
          {slack.personas.map(({ id, handle, name, role }) => (
            <option key={id} value={handle}>
              {name} ({role})
            </option>
          ))}
        </select>
      </label>
      {other !== undefined && (
        <a
          class="second wide-only"
          href={addressOf({ ...where, as: other.handle })}
          target="_blank"
          rel="noopener noreferrer"
        >
          Second window as {other.name.split(' ')[0]}
        </a>
      )}
    </header>
  );
};
