import { useState } from 'preact/hooks';
import type { CloudScene, ShownCall } from '../../wire.ts';
import { shortPath, statusWords } from './call-words.ts';
import { Moment } from './moment.tsx';

const Call = ({ call }: { call: ShownCall }) => {
  const { words, tone } = statusWords(call.status);
  return (
    <li class={call.changes ? 'cloud-call cloud-call-changes' : 'cloud-call'}>
      <details>
        <summary>
          <span class="cloud-call-top">
            <Moment at={call.at} as="clock" />
            <span class={`cloud-chip cloud-${tone}`}>{words}</span>
            {call.changes && <span class="cloud-chip cloud-changes">changes</span>}
            <span class="cloud-call-ms">{call.durationMs} ms</span>
          </span>
          <span class="cloud-call-what">{call.operation}</span>
          <span class="cloud-call-path" title={call.path}>
            {call.method} {shortPath(call.path)}
          </span>
        </summary>
        <dl class="cloud-facts">
          <dt>Call</dt>
          <dd>
            <code>
              {call.method} {call.path}
            </code>
          </dd>
          {call.code !== undefined && (
            <>
              <dt>Error code</dt>
              <dd>
                <code>{call.code}</code>
              </dd>
            </>
          )}
          <dt>Request id</dt>
          <dd>
            <code>{call.requestId}</code>
          </dd>
        </dl>
      </details>
    </li>
  );
};

/** The log of signed calls, newest first. */
export const Calls = ({ calls, callCount }: Pick<CloudScene, 'calls' | 'callCount'>) => {
  const [onlyChanges, setOnlyChanges] = useState(false);
  const shown = calls.filter((call) => call.changes || !onlyChanges).toReversed();
  return (
    <>
      <div class="cloud-calls-bar">
        <label>
          <input
            type="checkbox"
            checked={onlyChanges}
            onChange={(event) => setOnlyChanges(event.currentTarget.checked)}
          />{' '}
          Only changes
        </label>
        <span class="cloud-quiet">
          {shown.length} of {callCount} {callCount === 1 ? 'call' : 'calls'}
        </span>
      </div>
      {shown.length === 0 ? (
        <p class="cloud-none">{onlyChanges ? 'No call changed anything yet.' : 'No call yet.'}</p>
      ) : (
        <ol class="cloud-calls" reversed>
          {shown.map((call) => (
            <Call key={call.number} call={call} />
          ))}
        </ol>
      )}
    </>
  );
};
