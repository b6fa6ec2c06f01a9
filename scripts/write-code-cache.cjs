const { writeFileSync } = require('node:fs');
const { join } = require('node:path');

/** Runs `waggle` with the arguments it is given, and keeps what V8 compiled meanwhile. */
const { script } = require('../dist/main.cjs');
process.on('exit', () => writeFileSync(join(__dirname, '../dist/waggle.cache'), script.createCachedData()));
