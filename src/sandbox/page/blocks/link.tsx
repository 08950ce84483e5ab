import type { ComponentChildren } from 'preact';
import { useContext } from 'preact/hooks';
import { FollowLink } from '../surface.ts';

/** Only these lead anywhere; every other address is shown as text. */
export const isFollowable = (url: string): boolean => /^(?:https?:\/\/|mailto:)/.test(url);

/** A link that the page follows in its own way: the browser never opens it. */
export const Link = ({ url, children }: { url: string; children: ComponentChildren }) => {
  const follow = useContext(FollowLink);
  if (!isFollowable(url)) return <>{children}</>;
  const take = (event: MouseEvent): void => {
    event.preventDefault();
    if (event.button === 0) follow(url);
  };
  return (
    <a class="link" href={url} rel="noopener noreferrer" title={url} onClick={take} onAuxClick={take}>
      {children}
    </a>
  );
};
