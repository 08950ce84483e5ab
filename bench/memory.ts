import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
// The flag makes a global of the engine's own that no type describes; it takes nothing and gives nothing back.
const collect = runInNewContext('gc') as () => void;

/** Megabytes that are in use once what nobody needs is collected: objects, and buffers outside the heap. */
export const megabytesInUse = (): number => {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 2 ** 20;
};
