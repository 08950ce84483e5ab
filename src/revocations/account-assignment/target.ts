import { z } from 'zod';
import { Assignment, assignmentKey } from '../../domain/assignment.ts';
import { listAll } from '../../domain/listing.ts';
import type { Cloud } from '../../domain/ports.ts';
import { CloudId, PrincipalType } from '../../domain/principal.ts';

/** One permission set on one account of one user or group. */
export const AssignmentTarget = z.object({
  instance: CloudId,
  principal_type: PrincipalType,
  principal: CloudId,
  account: CloudId,
  permission_set: CloudId,
});
export type AssignmentTarget = z.infer<typeof AssignmentTarget>;

/** Whether a listed assignment is exactly the target. */
export const isOf = (row: Assignment, target: AssignmentTarget): boolean =>
  row.principal_id === target.principal &&
  row.principal_type === target.principal_type &&
  row.account_id === target.account &&
  row.permission_set_id === target.permission_set;

/** The target's grant, as impacts and readings name it. */
export const keyOf = (target: AssignmentTarget): string =>
  assignmentKey({
    principal_type: target.principal_type,
    principal_id: target.principal,
    account_id: target.account,
    permission_set_id: target.permission_set,
  });

/** Everybody who has this permission set on this account: the grant itself, and groups that give the same. */
export const holders = (target: AssignmentTarget, cloud: Cloud): Promise<readonly Assignment[]> =>
  listAll(
    cloud,
    {
      service: 'identitycenter',
      path: ['v1', 'instances', target.instance, 'account-assignments'],
      query: { account_id: target.account, permission_set_id: target.permission_set },
    },
    'account_assignments',
    Assignment,
  );
