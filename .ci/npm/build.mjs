#!/usr/bin/env node
// Makes the npm packages: `spec-engine`, which has no binary, and a package for each platform that has one.
//
// Usage: build.mjs VERSION BINARIES OUT
//
// BINARIES has a folder TARGET/ with the binary for each target that there is; a platform without one is left out of OUT,
// but stays in the list of optional dependencies.

import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [version, binaries, out] = process.argv.slice(2);
if (!out) {
  console.error('usage: build.mjs VERSION BINARIES OUT');
  process.exit(2);
}
const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const manifest = readFileSync(join(root, 'Cargo.toml'), 'utf8');
const repository = { type: 'git', url: /^repository = "(.*)"$/m.exec(manifest)[1] };
const platforms = JSON.parse(readFileSync(join(here, 'platforms.json'), 'utf8'));
const licences = ['LICENSE-APACHE', 'LICENSE-MIT', 'licences/THIRD-PARTY.md'];

function write(name, fields) {
  const folder = join(out, name);
  mkdirSync(folder, { recursive: true });
  const common = { name, version, license: 'MIT OR Apache-2.0', repository };
  const texts = licences.map((licence) => licence.split('/').pop());
  const files = [...fields.files, ...texts];
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ ...common, ...fields, files }, null, 2)}\n`);
  licences.forEach((licence, index) => copyFileSync(join(root, licence), join(folder, texts[index])));
  return folder;
}

for (const [name, { target, os, cpu, libc }] of Object.entries(platforms)) {
  const file = os === 'win32' ? 'spec-engine.exe' : 'spec-engine';
  const binary = join(binaries, target, file);
  if (!existsSync(binary)) continue;
  const fields = { description: `The binary of spec-engine for ${os} on ${cpu}`, os: [os], cpu: [cpu] };
  if (libc) fields.libc = [libc];
  const folder = write(name, { ...fields, preferUnplugged: true, files: [file] });
  copyFileSync(binary, join(folder, file));
  chmodSync(join(folder, file), 0o755);
}
const wrapper = write('spec-engine', {
  description: 'Checks a system-spec document, draws it, and says what a change breaks',
  keywords: ['architecture', 'diagram', 'linter', 'system-spec'],
  bin: { 'spec-engine': 'spec-engine.mjs' },
  engines: { node: '>=18' },
  files: ['spec-engine.mjs', 'platforms.json'],
  optionalDependencies: Object.fromEntries(Object.keys(platforms).map((name) => [name, version])),
});
cpSync(join(here, 'wrapper'), wrapper, { recursive: true });
copyFileSync(join(here, 'platforms.json'), join(wrapper, 'platforms.json'));
