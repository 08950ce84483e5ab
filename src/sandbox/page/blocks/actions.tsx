import type { types } from '@slack/bolt';
import { useId } from 'preact/hooks';
import type { Surface } from '../surface.ts';
import { Element } from './element.tsx';

interface ActionsProps {
  readonly block: types.ActionsBlock;
  readonly blockId: string;
  readonly surface: Surface;
}

/** A row of elements that tell the app at once. */
export const Actions = ({ block, blockId, surface }: ActionsProps) => {
  const id = useId();
  return (
    <div class="block actions">
      {block.elements.map((element, index) => (
        <Element
          key={`${element.type} ${element.action_id}`}
          seat={{ surface, blockId, isField: false, controlId: `${id}-${index}` }}
          element={element}
        />
      ))}
    </div>
  );
};
