import { describe, expect, it } from 'vitest';
import { nextSteps } from '../../src/slack/next-steps.ts';
import { parseSlashText } from '../../src/slack/slash-text.ts';

const residual = ['2 portal sessions are live: /revoke-sessions mallory.finch'];

describe('the next steps', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['a command', residual, ['/revoke-sessions mallory.finch INC-42 "stolen"']],
    ['no command', ['Console sessions live on for 8 h.', 'See: nothing'], []],
    [
      'several',
      ['A: /disable-user m', 'B.', '1 grant stays through the group x: y (g-1): /revoke-membership m g-1'],
      ['/disable-user m INC-42 "stolen"', '/revoke-membership m g-1 INC-42 "stolen"'],
    ],
    ['a command in the middle', ['1 grant stays through the group x: /revoke-profile bob (g-1).'], []],
    ['two in one, of which the last counts', ['x: /a b (g-1): /c d'], ['/c d INC-42 "stolen"']],
  ])('of what is told with %s', (_, sentences, commands) => {
    expect(nextSteps({ residual: [...sentences], incident: 'INC-42', reason: 'stolen' })).toEqual(commands);
  });

  it.each([
    ['INC-42', 'Laptop "stolen"', 'INC-42', "Laptop 'stolen'"],
    ['INC-42', 'in \u201cquotes\u201d\nand lines', 'INC-42', "in 'quotes' and lines"],
    ['case.7', 'stolen', undefined, 'stolen'],
    [undefined, 'INC-9 was it', undefined, 'INC-9 was it'],
  ])('carry incident %j and reason %j so that the form reads them again', (incident, reason, one, other) => {
    const [command = ''] = nextSteps({ residual, incident, reason });
    expect(command).not.toContain('\n');
    expect(parseSlashText(command.replace('/revoke-sessions ', ''), 1)).toEqual({
      spoken: ['mallory.finch'],
      ...(one !== undefined && { incident: one }),
      reason: other,
    });
  });

  it('are cut visibly, and are not too many', () => {
    const many = Array.from({ length: 40 }, (_, n) => `x: /disable-user ${n}`);
    const commands = nextSteps({ residual: many, reason: 'r'.repeat(1_000) });
    expect(commands).toHaveLength(10);
    expect(commands[0]).toMatch(/r…"$/);
  });
});
