import type { types } from '@slack/bolt';
import { parseMrkdwn, type Token } from '../mrkdwn.ts';
import { withEmoji } from './emoji.ts';
import { Link } from './link.tsx';
import { Mention, Moment, Shout } from './mention.tsx';

// Tokens of a text have nothing of their own to be told apart by; their place is what they are.
const Tokens = ({ tokens }: { tokens: readonly Token[] }) => (
  <>
    {tokens.map((token, index) => (
      <One key={index} token={token} />
    ))}
  </>
);

const One = ({ token }: { token: Token }) => {
  switch (token.kind) {
    case 'text':
      return <>{token.text}</>;
    case 'break':
      return <br />;
    case 'bold':
      return (
        <strong>
          <Tokens tokens={token.inside} />
        </strong>
      );
    case 'italic':
      return (
        <em>
          <Tokens tokens={token.inside} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <Tokens tokens={token.inside} />
        </s>
      );
    case 'quote':
      return (
        <blockquote class="quote">
          <Tokens tokens={token.inside} />
        </blockquote>
      );
    case 'code':
      return <code class="code">{token.text}</code>;
    case 'code-block':
      return <pre class="code-block">{token.text}</pre>;
    case 'user':
    case 'channel':
    case 'usergroup':
      return <Mention {...token} />;
    case 'broadcast':
      return <Shout range={token.range} />;
    case 'link':
      return <Link url={token.url}>{token.label}</Link>;
    case 'date':
      return <Moment {...token} />;
    case 'emoji':
      return (
        <span role="img" aria-label={token.name.replaceAll('_', ' ')}>
          {token.character}
        </span>
      );
  }
};

/** A text with Slack's markup. */
export const Mrkdwn = ({ text, verbatim = false }: { text: string; verbatim?: boolean | undefined }) => (
  <Tokens tokens={parseMrkdwn(text, verbatim)} />
);

/** A text without markup: only short names of emoji are drawn. */
export const PlainText = ({ text, emoji = true }: { text: string; emoji?: boolean | undefined }) => (
  <>{emoji ? withEmoji(text) : text}</>
);

/** A text object of either type. */
export const AnyText = ({ of }: { of: types.PlainTextElement | types.MrkdwnElement }) =>
  of.type === 'mrkdwn' ? <Mrkdwn text={of.text} verbatim={of.verbatim} /> : <PlainText {...of} />;
