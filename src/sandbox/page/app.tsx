import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Act, Answer, Look } from '../wire.ts';
import { AppHome } from './app-home.tsx';
import { CloudPanel } from './cloud/cloud-panel.tsx';
import { Conversation } from './conversation.tsx';
import { insideLink } from './inside-link.ts';
import type { Live, World } from './live.ts';
import { Modal } from './modal.tsx';
import { Notice } from './notice.tsx';
import { Panel, type PanelName } from './panel.tsx';
import { Sidebar } from './sidebar.tsx';
import { FollowLink, Names } from './surface.ts';
import { Thread } from './thread.tsx';
import { TopBar } from './top-bar.tsx';
import { Tour } from './tour/tour.tsx';
import { appPlace, useWhere } from './where.ts';

const useWorld = (live: Live): World => {
  const [world, setWorld] = useState(() => live.world());
  useEffect(() => live.onChange(() => setWorld(live.world())), [live]);
  return world;
};

/** Which of the three columns a narrow window shows. */
export type Column = 'places' | 'talk' | PanelName;

/** The whole page: places, the conversation, and beside it the tour, the cloud or a thread. */
export const App = ({ live }: { live: Live }) => {
  const { slack, cloud, lab, connected } = useWorld(live);
  const [where, go] = useWhere();
  const [principal, choosePrincipal] = useState<Look['principal']>();
  const [column, setColumn] = useState<Column>('talk');
  const [panel, setPanel] = useState<PanelName>('tour');
  const [notice, setNotice] = useState('');
  const [draft, setDraft] = useState('');

  useEffect(() => live.look({ as: where.as, ...(principal && { principal }) }), [live, where.as, principal]);

  const act = useMemo(
    () =>
      async (what: Act): Promise<Answer> => {
        const answer = await live.act(where.as, what);
        if (answer.outcome === 'cannot' || (answer.outcome === 'error' && what.do !== 'press')) {
          setNotice(answer.why ?? 'That did not work.');
        }
        return answer;
      },
    [live, where.as],
  );

  const show = (name: PanelName): void => {
    setPanel(name);
    setColumn(name);
  };

  if (slack === null || lab === null) {
    return <p class="waiting">{connected ? 'Opening the sandbox…' : 'Looking for the sandbox…'}</p>;
  }

  const place =
    where.at === appPlace
      ? slack.places.find(({ kind }) => kind === 'im')
      : (slack.places.find(({ name }) => name === where.at) ?? slack.places[0]);
  const parent = place?.messages.find(({ ts }) => ts === where.thread);

  const followLink = (url: string): void => {
    const aim = insideLink(url, slack);
    if (aim === undefined) setNotice(`The sandbox opens nothing outside. This link leads to ${url}`);
    else {
      go(aim);
      setColumn('talk');
    }
  };

  const conversation = place !== undefined && (
    <Conversation
      key={`${slack.me} ${place.id}`}
      slack={slack}
      place={place}
      act={act}
      draft={draft}
      setDraft={setDraft}
      openThread={(ts) => {
        go({ thread: ts });
        show('thread');
      }}
    />
  );

  return (
    <Names.Provider value={slack.names}>
      <FollowLink.Provider value={followLink}>
        <div class="page" data-column={column}>
          <TopBar slack={slack} lab={lab} connected={connected} where={where} go={go} />
          <main class="columns">
            <Sidebar
              slack={slack}
              where={where}
              go={(at) => {
                go({ at });
                setColumn('talk');
                if (at === appPlace && !slack.homeEnabled) void act({ do: 'open-home', tab: 'messages' });
              }}
            />
            <div class="talk">
              {where.at === appPlace && slack.homeEnabled ? (
                <AppHome key={where.as} slack={slack} act={act}>
                  {conversation}
                </AppHome>
              ) : (
                conversation
              )}
            </div>
            <Panel shown={panel} hasThread={parent !== undefined} show={show}>
              {{
                tour: (
                  <Tour
                    slack={slack}
                    cloud={cloud}
                    lab={lab}
                    where={where}
                    act={act}
                    go={go}
                    type={(line) => {
                      setDraft(line);
                      setColumn('talk');
                    }}
                  />
                ),
                cloud: (
                  <CloudPanel
                    scene={cloud}
                    lab={lab}
                    chosen={principal}
                    onChoose={choosePrincipal}
                    act={act}
                  />
                ),
                thread: parent && place && <Thread slack={slack} place={place} parent={parent} act={act} />,
              }}
            </Panel>
          </main>
          <nav class="switcher" aria-label="Parts of the page">
            {(['places', 'talk', 'tour', 'cloud'] as const).map((name) => (
              <button
                key={name}
                type="button"
                aria-current={column === name}
                onClick={() => (name === 'tour' || name === 'cloud' ? show(name) : setColumn(name))}
              >
                {{ places: 'Channels', talk: 'Chat', tour: 'Tour', cloud: 'Cloud' }[name]}
              </button>
            ))}
          </nav>
          {slack.modal !== null && (
            <Modal key={slack.modal.root_view_id} view={slack.modal} depth={slack.depth} act={act} />
          )}
          <Notice text={notice} dismiss={() => setNotice('')} />
        </div>
      </FollowLink.Provider>
    </Names.Provider>
  );
};
