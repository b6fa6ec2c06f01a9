import * as fc from 'fast-check';

// CI says the same of the same commit each time; every other run tries new inputs.
if (process.env.CI) fc.configureGlobal({ seed: 20_261_130 });
