// Makes the component dist/NAME.wasm of plugin.js.

import { mkdir, writeFile } from 'node:fs/promises';
import { componentize } from '@bytecodealliance/componentize-js';

const { component } = await componentize({
  sourcePath: 'guest.js',
  witPath: 'wit/plugin.wit',
  worldName: 'PLUGIN_WORLD',
});
await mkdir('dist', { recursive: true });
await writeFile('dist/NAME.wasm', component);
