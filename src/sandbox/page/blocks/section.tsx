import type { types } from '@slack/bolt';
import { useId } from 'preact/hooks';
import type { Surface } from '../surface.ts';
import { Element } from './element.tsx';
import { AnyText } from './text.tsx';

interface SectionProps {
  readonly block: types.SectionBlock;
  readonly blockId: string;
  readonly surface: Surface;
}

/** Text, fields in two columns, and one element at the right. */
export const Section = ({ block, blockId, surface }: SectionProps) => {
  const id = useId();
  const { text, fields = [], accessory } = block;
  return (
    <div class="block section">
      <div class="section-words">
        {text && (
          <div class="section-text" id={`${id}-text`}>
            <AnyText of={text} />
          </div>
        )}
        {fields.length > 0 && (
          <div class="fields">
            {fields.map((field, index) => (
              <div key={index}>
                <AnyText of={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {accessory && (
        <div class="accessory">
          <Element
            key={`${accessory.type} ${'action_id' in accessory ? accessory.action_id : ''}`}
            element={accessory}
            seat={{
              surface,
              blockId,
              isField: false,
              controlId: `${id}-control`,
              ...(text && { labelledBy: `${id}-text` }),
            }}
          />
        </div>
      )}
    </div>
  );
};
