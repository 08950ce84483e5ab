import type { WebClient } from './clients.ts';

/** A text that is too long for a message. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/** Where files are shown: a channel or direct messages by their id, and there perhaps a thread. */
export interface FilePlace {
  readonly channel: string;
  readonly thread?: string;
}

/** Uploads the files and shows them in one message. Errors are thrown as Slack's client throws them. */
export const shareFiles = async (
  client: WebClient,
  { channel, thread }: FilePlace,
  files: readonly TextFile[],
): Promise<void> => {
  const file_uploads = files.map(({ name, text }) => ({ filename: name, title: name, content: text }));
  await client.filesUploadV2({
    channel_id: channel,
    file_uploads,
    ...(thread !== undefined && { thread_ts: thread }),
  });
};
