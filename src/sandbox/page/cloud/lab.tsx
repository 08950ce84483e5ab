import type { LabScene } from '../../wire.ts';
import { StartOver } from './start-over.tsx';
import { Trouble } from './trouble-words.tsx';
import { type Send, useAct } from './use-act.ts';

/** Stops and starts the bot, or everything. */
export const Lab = ({ bot, send }: { bot: LabScene['bot']; send: Send }) => {
  const restart = useAct(send);
  const startOver = useAct(send);
  const starting = bot === 'starting' || restart.busy;
  return (
    <>
      <p class="cloud-quiet">
        Restarting really stops the bot and starts it on the same ledger. What was under way goes on
        afterwards.
      </p>
      <div class="cloud-buttons">
        <button
          type="button"
          class="cloud-button"
          // Not `disabled`, which would take the focus away from whoever has just pressed it.
          aria-disabled={starting}
          onClick={() => {
            if (!starting) restart.run({ do: 'restart-bot' });
          }}
        >
          {starting ? 'Starting…' : 'Restart the bot'}
        </button>
        <StartOver onStartOver={() => startOver.run({ do: 'start-over' })} />
      </div>
      <Trouble words={restart.trouble} />
      <Trouble words={startOver.trouble} />
    </>
  );
};
