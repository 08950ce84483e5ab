import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { CloudScene, LabScene } from '../../wire.ts';
import { Calls } from './calls.tsx';
import { Lab } from './lab.tsx';
import { Principal } from './principal.tsx';
import { type Chosen, PrincipalChooser } from './principal-chooser.tsx';
import { Projects } from './projects.tsx';
import { Switches } from './switches.tsx';
import type { Send } from './use-act.ts';

const Section = ({ title, children }: { title: string; children: ComponentChildren }) => {
  const id = useId();
  return (
    <section class="cloud-section" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  );
};

const ChosenPrincipal = (props: { scene: CloudScene; chosen: Chosen; round: number }) => {
  const { chosen, round } = props;
  const { principal, principals } = props.scene;
  if (chosen === undefined) return <p class="cloud-none">Nobody is chosen yet.</p>;
  if (!principals.some(({ id }) => id === chosen.id)) {
    return <p class="cloud-none">The cloud does not know this user or group any more.</p>;
  }
  if (principal?.id !== chosen.id) return <p class="cloud-none">One moment…</p>;
  return <Principal key={`${round}/${principal.type}/${principal.id}`} principal={principal} />;
};

/**
 * The local Huawei Cloud beside the workspace: who may do what, what was called, and what can be made to go wrong.
 * @param scene the cloud now, null until it is known
 * @param lab the sandbox now, null until it is known
 * @param chosen whom the reader wants to see
 */
export const CloudPanel = (props: {
  scene: CloudScene | null;
  lab: LabScene | null;
  chosen: Chosen;
  onChoose: (principal: Chosen) => void;
  act: Send;
}) => {
  const { scene, lab, chosen, onChoose, act } = props;
  const id = useId();
  const round = lab?.round ?? 0;
  return (
    <section class="cloud-panel" aria-labelledby={id}>
      <h2 id={id}>Huawei Cloud</h2>
      {scene === null ? (
        <p class="cloud-none">Waiting for the cloud…</p>
      ) : (
        <>
          <Section title="Who may do what">
            <PrincipalChooser principals={scene.principals} chosen={chosen} onChoose={onChoose} />
            <ChosenPrincipal scene={scene} chosen={chosen} round={round} />
          </Section>
          <Section title="ModelArts">
            <Projects key={round} projects={scene.projects} />
          </Section>
          <Section title="Signed calls">
            <Calls calls={scene.calls} callCount={scene.callCount} />
          </Section>
        </>
      )}
      {lab !== null && (
        <>
          <Section title="What goes wrong">
            <Switches switches={lab.switches} send={act} />
          </Section>
          <Section title="The sandbox">
            <Lab bot={lab.bot} send={act} />
          </Section>
        </>
      )}
    </section>
  );
};
