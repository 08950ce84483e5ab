import { useId } from 'preact/hooks';
import type { CloudScene, Look } from '../../wire.ts';

/** A user or group by type and id. */
export type Chosen = Look['principal'];

type Listed = CloudScene['principals'][number];

const optionOf = ({ type, id }: NonNullable<Chosen>): string => `${type}/${id}`;

const Choices = ({ label, principals }: { label: string; principals: readonly Listed[] }) => (
  <optgroup label={label}>
    {principals.map((one) => (
      <option key={one.id} value={optionOf(one)}>
        {one.displayName === one.name ? one.name : `${one.name} (${one.displayName})`}
      </option>
    ))}
  </optgroup>
);

/** Chooses whom to look at: the reader's own kind of menu, which can be typed into and is easy for a thumb. */
export const PrincipalChooser = (props: {
  principals: readonly Listed[];
  chosen: Chosen;
  onChoose: (principal: Chosen) => void;
}) => {
  const { principals, chosen, onChoose } = props;
  const id = useId();
  const choose = (value: string): void => {
    const found = principals.find((one) => optionOf(one) === value);
    onChoose(found && { type: found.type, id: found.id });
  };
  return (
    <div class="cloud-chooser">
      <label for={id}>User or group</label>
      <select
        id={id}
        value={chosen === undefined ? '' : optionOf(chosen)}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        <option value="">Choose whom to look at…</option>
        <Choices label="Users" principals={principals.filter(({ type }) => type === 'USER')} />
        <Choices label="Groups" principals={principals.filter(({ type }) => type === 'GROUP')} />
      </select>
    </div>
  );
};
