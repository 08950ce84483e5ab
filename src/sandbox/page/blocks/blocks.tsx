import type { types } from '@slack/bolt';
import type { Block } from '../../slack/blocks/block.ts';
import type { Surface } from '../surface.ts';
import { Actions } from './actions.tsx';
import { Picture, SmallPicture } from './image.tsx';
import { Input } from './input.tsx';
import { RichText } from './rich-text.tsx';
import { Section } from './section.tsx';
import { AnyText, PlainText } from './text.tsx';

const Context = ({ block }: { block: types.ContextBlock }) => (
  <div class="block context">
    {block.elements.map((element, index) =>
      element.type === 'image' ? (
        <SmallPicture key={index} image={element} />
      ) : (
        <div key={index}>
          <AnyText of={element} />
        </div>
      ),
    )}
  </div>
);

interface OneProps {
  readonly block: types.KnownBlock;
  readonly blockId: string;
  readonly surface: Surface;
}

const One = ({ block, ...place }: OneProps) => {
  switch (block.type) {
    case 'section':
      return <Section block={block} {...place} />;
    case 'header':
      return (
        <h3 class="block header">
          <PlainText {...block.text} />
        </h3>
      );
    case 'context':
      return <Context block={block} />;
    case 'divider':
      return <hr class="block divider" />;
    case 'actions':
      return <Actions block={block} {...place} />;
    case 'input':
      return <Input block={block} {...place} />;
    case 'image':
      return (
        <div class="block">
          <Picture image={block} title={block.title} />
        </div>
      );
    case 'rich_text':
      return <RichText block={block} />;
    default:
      // The local Slack takes none of these, so this says that something is amiss.
      return <p class="block not-here">The sandbox does not show blocks of the type {block.type}.</p>;
  }
};

/** Blocks as Slack shows them, with their elements at work. */
export const Blocks = ({ blocks, surface }: { blocks: readonly Block[]; surface: Surface }) => (
  <div class="blocks">
    {blocks.map((block) => (
      // The local Slack checked them against Slack's rules when it stored them; this is the type of what passes.
      <One
        key={block.block_id}
        block={block as types.KnownBlock}
        blockId={block.block_id}
        surface={surface}
      />
    ))}
  </div>
);
