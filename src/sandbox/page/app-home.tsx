import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Act, Answer, SlackScene } from '../wire.ts';
import { Blocks } from './blocks/blocks.tsx';
import { homeSurface } from './place-surface.ts';
import { Tabs } from './tabs.tsx';

interface Props {
  readonly slack: SlackScene;
  readonly act: (act: Act) => Promise<Answer>;
  /** The direct messages with the app. */
  readonly children: ComponentChildren;
}

const titles = { home: 'Home', messages: 'Messages' } as const;

/** The app's own place: its Home tab, where the manifest has one, and its direct messages. */
export const AppHome = ({ slack, act, children }: Props) => {
  const [open, setOpen] = useState<keyof typeof titles>('home');
  // However somebody came here, also by a reload: Slack tells the app of each opening.
  useEffect(() => {
    void act({ do: 'open-home', tab: open });
  }, [open]);
  return (
    <Tabs label="Portcullis" titles={titles} names={['home', 'messages']} open={open} show={setOpen}>
      {open === 'messages' && children}
      {open === 'home' && (
        <section class="home" aria-label="Home">
          {slack.home === null ? (
            <p class="empty">The app has not shown anything here yet.</p>
          ) : (
            <Blocks blocks={slack.home.blocks} surface={homeSurface(slack.home, act)} />
          )}
        </section>
      )}
    </Tabs>
  );
};
