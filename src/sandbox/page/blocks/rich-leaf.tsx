import type { types } from '@slack/bolt';
import type { ComponentChildren } from 'preact';
import { emojiOf } from './emoji.ts';
import { Link } from './link.tsx';
import { Mention, Moment, Shout } from './mention.tsx';

const emojiText = ({ name, unicode }: types.RichTextEmoji): string => {
  const known = emojiOf(name);
  if (known !== undefined || unicode === undefined) return known ?? `:${name}:`;
  const points = unicode.split('-').map((hex) => Number.parseInt(hex, 16));
  return points.every((point) => point <= 0x10ffff) ? String.fromCodePoint(...points) : `:${name}:`;
};

const Bare = ({ leaf }: { leaf: types.RichTextElement }) => {
  switch (leaf.type) {
    case 'text':
      return <>{leaf.text}</>;
    case 'link':
      return <Link url={leaf.url}>{leaf.text ?? leaf.url}</Link>;
    case 'user':
      return <Mention kind="user" id={leaf.user_id} raw={`<@${leaf.user_id}>`} />;
    case 'usergroup':
      return <Mention kind="usergroup" id={leaf.usergroup_id} raw={`<!subteam^${leaf.usergroup_id}>`} />;
    case 'channel':
      return <Mention kind="channel" id={leaf.channel_id} raw={`<#${leaf.channel_id}>`} />;
    case 'broadcast':
      return <Shout range={leaf.range} />;
    case 'emoji':
      return (
        <span role="img" aria-label={leaf.name.replaceAll('_', ' ')}>
          {emojiText(leaf)}
        </span>
      );
    case 'date':
      return <Moment {...leaf} fallback={leaf.fallback ?? String(leaf.timestamp)} />;
    case 'color':
      return (
        <span class="colour">
          {leaf.value}
          <span class="colour-sample" style={{ backgroundColor: leaf.value }} />
        </span>
      );
    case 'team':
      return <>{leaf.team_id}</>;
  }
};

/** A leaf of rich text in its style. Nothing in its text is parsed. */
export const RichLeaf = ({ leaf }: { leaf: types.RichTextElement }) => {
  const { bold, italic, strike, code, underline } = leaf.style ?? {};
  let shown: ComponentChildren = <Bare leaf={leaf} />;
  if (code) shown = <code class="code">{shown}</code>;
  if (underline) shown = <u>{shown}</u>;
  if (strike) shown = <s>{shown}</s>;
  if (italic) shown = <em>{shown}</em>;
  if (bold) shown = <strong>{shown}</strong>;
  return <>{shown}</>;
};
