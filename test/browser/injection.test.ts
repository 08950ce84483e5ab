import { expect, it } from 'vitest';
import { useTheatre } from './browser.ts';
import { card, send } from './steps.ts';

const theatre = useTheatre();

const hostile =
  '<!channel> <https://evil.example|the runbook> <img src=x onerror=alert(1)> *bold* <@U0BOB00001>';

it('what somebody writes as a reason stays text on the card: no ping, no link, no markup, no element', () =>
  theatre(async ({ as }) => {
    const alice = await as('alice');
    await send(alice, '/revoke-profile mallory.finch');
    const reason = alice.getByLabel('Reason');
    await reason.fill(hostile);
    await alice.getByRole('button', { name: 'Review' }).click();
    await alice.getByRole('button', { name: 'Request approval' }).click();
    const shown = card(alice, 'R-000001');
    await shown.getByText(hostile).waitFor();
    expect(await shown.locator('a, img, script, .shout').count()).toBe(0);
  }));

it('a live sequence in a message would be seen: the page shows it as loudly as Slack does', () =>
  theatre(async ({ as, rehearsal }) => {
    const alice = await as('alice');
    const { slack } = rehearsal.sandbox();
    const call = (body: Record<string, unknown>) =>
      fetch(`${slack.apiUrl}chat.postMessage`, {
        method: 'POST',
        headers: { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ channel: 'C0INC04201', ...body }),
      });
    await call({
      text: 'escaped &lt;!channel&gt; and live <!channel>, see <https://evil.example|the runbook>',
    });
    const message = alice.locator('.message').last();
    await message.getByText('escaped <!channel> and live').waitFor();
    expect(await message.locator('.shout').allInnerTexts()).toEqual(['@channel']);
    await message.getByRole('link', { name: 'the runbook' }).click();
    await alice.getByText('This link leads to https://evil.example').waitFor();
    await call({ text: '<img src=x onerror=alert(1)><script>alert(1)</script> <javascript:alert(1)|press>' });
    await alice.getByText('<script>alert(1)</script>').waitFor();
    expect(await alice.locator('.message').last().locator('a, img, script').count()).toBe(0);
    await call({
      text: 'picture',
      blocks: [{ type: 'image', image_url: 'https://evil.example/spy.png', alt_text: 'a harmless picture' }],
    });
    await alice.getByText('a harmless picture').first().waitFor();
  }));
