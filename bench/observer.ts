import { startHeartbeat } from './heartbeat.ts';

/** Loaded into the bot before itself: whenever it is asked, it tells how long nothing else could run since the last time, in ms. */
let heartbeat = startHeartbeat();
process.on('message', () => {
  process.send?.(heartbeat.stop());
  heartbeat = startHeartbeat();
});
