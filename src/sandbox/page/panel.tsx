import type { ComponentChildren } from 'preact';

export type PanelName = 'tour' | 'cloud' | 'thread';

interface Props {
  readonly shown: PanelName;
  readonly hasThread: boolean;
  readonly show: (name: PanelName) => void;
  readonly children: Readonly<Record<PanelName, ComponentChildren>>;
}

const titles: Readonly<Record<PanelName, string>> = {
  tour: 'Tour',
  cloud: 'Huawei Cloud',
  thread: 'Thread',
};

/** The column beside the conversation: one of the tour, the cloud and a thread. */
export const Panel = ({ shown, hasThread, show, children }: Props) => {
  const names: readonly PanelName[] = hasThread ? ['tour', 'cloud', 'thread'] : ['tour', 'cloud'];
  const open = names.includes(shown) ? shown : 'tour';
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const next = names.at((names.indexOf(open) + step) % names.length);
    if (next === undefined) return;
    show(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <aside class="panel" aria-label="Beside the conversation">
      <div class="tabs" role="tablist" aria-label="Beside the conversation" onKeyDown={move}>
        {names.map((name) => (
          <button
            key={name}
            id={`tab-${name}`}
            type="button"
            role="tab"
            aria-selected={name === open}
            aria-controls={`panel-${name}`}
            tabIndex={name === open ? 0 : -1}
            onClick={() => show(name)}
          >
            {titles[name]}
          </button>
        ))}
      </div>
      <div class="panel-body" id={`panel-${open}`} role="tabpanel" aria-labelledby={`tab-${open}`}>
        {children[open]}
      </div>
    </aside>
  );
};
