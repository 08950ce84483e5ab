/**
 * Sets V8's garbage collector up for a process that has to answer at once and keeps hundreds of thousands of objects
 * (docs/performance.md). Imported before everything else, while there is nothing to collect yet.
 */
import { setFlagsFromString } from 'node:v8';

// What is taken for long-lived by mistake keeps all it refers to through many collections: where hundreds of thousands of
// lines are verified and thrown away, one start in ten took 290 to 330 MB for it instead of 200.
setFlagsFromString('--no-allocation-site-pretenuring');
// Helpers that mark beside the work are late on a busy machine, and then everything waits until all is marked. The main
// thread's own steps are a few milliseconds each.
setFlagsFromString('--no-concurrent-marking');
