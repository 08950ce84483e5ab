import type { ComponentChildren } from 'preact';

interface Props<Name extends string> {
  /** What the tabs are for. */
  readonly label: string;
  readonly titles: Readonly<Record<Name, string>>;
  readonly names: readonly Name[];
  readonly open: Name;
  readonly show: (name: Name) => void;
  readonly children: ComponentChildren;
}

const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };

/** Tabs, moved between with the arrow keys, and what the open one shows. */
export const Tabs = <Name extends string>({ label, titles, names, open, show, children }: Props<Name>) => {
  const move = (event: KeyboardEvent): void => {
    const step = steps[event.key];
    const next = step === undefined ? undefined : names.at((names.indexOf(open) + step) % names.length);
    if (next === undefined) return;
    show(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} onKeyDown={move}>
        {names.map((name) => (
          <button
            key={name}
            id={`tab-${name}`}
            type="button"
            role="tab"
            aria-selected={name === open}
            aria-controls={`panel-${name}`}
            tabIndex={name === open ? 0 : -1}
            onClick={() => show(name)}
          >
            {titles[name]}
          </button>
        ))}
      </div>
      <div class="tab-body" id={`panel-${open}`} role="tabpanel" aria-labelledby={`tab-${open}`}>
        {children}
      </div>
    </>
  );
};
