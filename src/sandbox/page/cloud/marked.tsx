import type { ComponentChildren } from 'preact';
import type { Keyed, Noun, Watched } from './changes.ts';
import { tellChanges } from './changes.ts';

type Mark = Watched<Keyed>['mark'];

/** Text of a row: struck through when the row is gone. */
export const Marked = ({ mark, children }: { mark: Mark; children: ComponentChildren }) =>
  mark === 'gone' ? <del>{children}</del> : children;

/** The word beside a row that changed. */
export const MarkWord = ({ mark }: { mark: Mark }) =>
  mark === 'kept' ? null : <span class={`cloud-chip cloud-${mark}`}>{mark}</span>;

/** Tells, also to screen readers, what changed since somebody began to watch. */
export const Announcement = ({ rows, noun }: { rows: readonly Watched<Keyed>[]; noun: Noun }) => (
  <p class="cloud-announcement" role="status">
    {tellChanges(rows, noun)}
  </p>
);
