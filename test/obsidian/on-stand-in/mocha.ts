/** Mocha's words, where the specs run under vitest. */
export { afterAll as after, beforeAll as before, describe, it } from 'vitest';
