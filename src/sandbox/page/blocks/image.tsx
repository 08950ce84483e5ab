import type { types } from '@slack/bolt';
import { PlainText } from './text.tsx';

const hostOf = (image: types.ImageElement): string => {
  if ('slack_file' in image) return 'a file in Slack';
  return URL.canParse(image.image_url) ? new URL(image.image_url).host : 'an address that cannot be read';
};

interface PictureProps {
  readonly image: types.ImageElement;
  readonly title?: types.PlainTextElement | undefined;
}

/** Stands for a picture, which is never loaded: nothing here asks another machine for anything. */
export const Picture = ({ image, title }: PictureProps) => (
  <figure class="picture">
    {title && (
      <figcaption class="picture-title">
        <PlainText {...title} />
      </figcaption>
    )}
    <div class="picture-box">
      <span>{image.alt_text}</span>
      <span class="picture-host">Picture from {hostOf(image)}, not loaded</span>
    </div>
  </figure>
);

/** A picture as small as the text beside it. */
export const SmallPicture = ({ image }: { image: types.ImageElement }) => (
  <span
    class="small-picture"
    role="img"
    aria-label={image.alt_text}
    title={`${image.alt_text} (${hostOf(image)})`}
  />
);
