import type { ComponentChildren } from 'preact';
import { Tabs } from './tabs.tsx';

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
  return (
    <aside class="panel" aria-label="Beside the conversation">
      <Tabs label="Beside the conversation" titles={titles} names={names} open={open} show={show}>
        {children[open]}
      </Tabs>
    </aside>
  );
};
