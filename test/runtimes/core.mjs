// The suite's core, in plain scripts: what every runtime and every binary must do alike (scripts/test-runtimes.mjs).
import { checkC } from './c_layer.mjs';
import { finish } from './check.mjs';
import { checkTyped } from './typed.mjs';

await checkC();
await checkTyped();
finish();
