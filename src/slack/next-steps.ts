import type { Report } from '../domain/report.ts';
import { nameForSlack } from '../domain/text.ts';

/**
 * Residual access that another of our commands takes away is told with that command at the end. Other sentences end
 * with a full stop, so that no name within one is taken for a command.
 */
const toldCommand = /^.*: (\/[a-z-]+ .*[^.\s])$/s;

/** Incidents that a command takes for one; any other would be taken for a part of the name. */
const incidentForm = /^[A-Z][A-Z0-9]*-\d+$/;

/** What is read as the end of a reason. */
const quotes = /["\u201c\u201d\u201e]/g;

const mostSteps = 10;

/** Commands against what still works, each on one line, with incident and reason of the request, to be pasted. */
export const nextSteps = ({
  residual,
  incident = '',
  reason,
}: Pick<Report, 'residual' | 'incident' | 'reason'>): readonly string[] => {
  const words = nameForSlack(reason.replace(quotes, "'"), 300);
  const why = [...(incidentForm.test(incident) ? [incident] : []), `"${words}"`];
  return residual
    .flatMap((words) => toldCommand.exec(words)?.[1] ?? [])
    .slice(0, mostSteps)
    .map((command) => [nameForSlack(command, 200), ...why].join(' '));
};
