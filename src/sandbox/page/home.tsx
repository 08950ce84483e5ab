import type { Act, Answer, SlackScene } from '../wire.ts';
import { Blocks } from './blocks/blocks.tsx';
import { homeSurface } from './place-surface.ts';

interface Props {
  readonly slack: SlackScene;
  readonly act: (act: Act) => Promise<Answer>;
}

/** The app's Home tab. */
export const Home = ({ slack, act }: Props) => (
  <section class="home" aria-label="Home">
    <h1>Portcullis · Home</h1>
    {slack.home === null ? (
      <p class="empty">The app has not shown anything here yet.</p>
    ) : (
      <Blocks blocks={slack.home.blocks} surface={homeSurface(slack.home, act)} />
    )}
  </section>
);
