import type { types } from '@slack/bolt';
import { RichLeaf } from './rich-leaf.tsx';

// Parts and leaves have no ids; their place is what they are.
const Leaves = ({ leaves }: { leaves: readonly types.RichTextElement[] }) => (
  <>
    {leaves.map((leaf, index) => (
      <RichLeaf key={index} leaf={leaf} />
    ))}
  </>
);

/** `offset` is in what Slack sends, but not in its types. */
type NumberedList = types.RichTextList & { offset?: number };

const numbers = ['decimal', 'lower-alpha', 'lower-roman'] as const;
const bullets = ['disc', 'circle', 'square'] as const;

const List = ({ list }: { list: NumberedList }) => {
  const { indent = 0, offset = 0 } = list;
  const isOrdered = list.style === 'ordered';
  const look = {
    class: list.border === 1 ? 'rich-list bordered' : 'rich-list',
    style: {
      marginInlineStart: `${indent * 1.5}em`,
      listStyleType: (isOrdered ? numbers : bullets)[indent % 3],
    },
  };
  const items = list.elements.map((item, index) => (
    <li key={index}>
      <Leaves leaves={item.elements} />
    </li>
  ));
  return isOrdered ? (
    <ol {...look} start={offset + 1}>
      {items}
    </ol>
  ) : (
    <ul {...look}>{items}</ul>
  );
};

const Part = ({ part }: { part: types.RichTextBlockElement }) => {
  switch (part.type) {
    case 'rich_text_section':
      return (
        <div class="rich-section">
          <Leaves leaves={part.elements} />
        </div>
      );
    case 'rich_text_list':
      return <List list={part} />;
    case 'rich_text_quote':
      return (
        <blockquote class="quote">
          <Leaves leaves={part.elements} />
        </blockquote>
      );
    case 'rich_text_preformatted':
      return (
        <pre class="code-block">
          <Leaves leaves={part.elements} />
        </pre>
      );
  }
};

/** What people type, and the safest carrier of text that others wrote. */
export const RichText = ({ block }: { block: types.RichTextBlock }) => (
  <div class="block rich-text">
    {block.elements.map((part, index) => (
      <Part key={index} part={part} />
    ))}
  </div>
);
