#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';

/**
 * What `waggle` is when it is installed: it starts the bundle with the code cache that the build made of it. V8 then
 * need not compile what every plan runs, which is a third of Waggle's own time. A cache of another Node is refused
 * by V8 and changes nothing but the time; nothing is ever written here.
 */
const bundle = join(__dirname, 'waggle.cjs');
// The bundle is pure ASCII, which the build sees to: one byte for a character is read and held faster.
const wrapped = Module.wrap(readFileSync(bundle, 'latin1'));
/** The build asks it for its cache. */
export const script = new Script(wrapped, { filename: bundle, cachedData: readCache() });
script.runInThisContext()({}, createRequire(bundle), { exports: {} }, bundle, __dirname);

function readCache(): Buffer | undefined {
  try {
    return readFileSync(join(__dirname, 'waggle.cache'));
  } catch {
    return undefined;
  }
}
