import { WebClient } from '@slack/web-api';
import { expect, it } from 'vitest';
import { useTheatre } from './browser.ts';

const theatre = useTheatre();

const hostile = '=1+1,<img src=x onerror=alert(1)>\nhttps://evil.example *bold* :tada:';

it('a file on a message is shown by its name, and read in a dialog, as text and nothing else', () =>
  theatre(async ({ as, rehearsal }) => {
    const alice = await as('alice');
    const { slack } = rehearsal.sandbox();
    const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
    await client.filesUploadV2({
      channel_id: 'C0INC04201',
      file_uploads: [
        { filename: 'list.csv', title: 'list.csv', content: hostile },
        { filename: 'long.txt', title: 'long.txt', content: 'x'.repeat(200_005) },
      ],
    });
    const message = alice.locator('.message').last();
    await message.getByRole('button', { name: 'list.csv' }).click();
    const dialog = alice.getByRole('dialog', { name: 'list.csv' });
    expect(await dialog.locator('pre').innerText()).toBe(hostile);
    expect(await dialog.locator('img, a').count()).toBe(0);
    await alice.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await message.getByRole('button', { name: 'long.txt' }).click();
    await alice.getByText('… and 5 more characters').waitFor();
    await alice.getByRole('button', { name: 'Close' }).click();
  }));
