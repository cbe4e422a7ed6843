// Makes the component dist/graphml.wasm of plugin.js.

import { mkdir, writeFile } from 'node:fs/promises';
import { componentize } from '@bytecodealliance/componentize-js';

const { component } = await componentize({
  sourcePath: 'guest.js',
  witPath: '../../../wit/plugin.wit',
  worldName: 'renderer-plugin',
});
await mkdir('dist', { recursive: true });
await writeFile('dist/graphml.wasm', component);
