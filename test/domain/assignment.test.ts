import { expect, it } from 'vitest';
import { setNames } from '../../src/domain/assignment.ts';
import { directoryOf } from '../support/fake-directory.ts';

it('names permission sets without the id beside the name, and by the id where there is no name', async () => {
  const directory = directoryOf({
    permissionSets: [
      { id: 'ps-1', name: 'PowerUser' },
      { id: 'ps-2', name: 'Billing (old)' },
    ],
  });
  expect(Object.fromEntries(await setNames(['ps-1', 'ps-2', 'ps-gone', 'ps-1'], directory))).toEqual({
    'ps-1': 'PowerUser',
    'ps-2': 'Billing (old)',
    'ps-gone': 'ps-gone',
  });
});
