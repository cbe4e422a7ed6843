#!/usr/bin/env node
// Starts the binary of the package for this platform.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const platforms = JSON.parse(readFileSync(new URL('./platforms.json', import.meta.url), 'utf8'));
const { platform, arch } = process;
const isMusl = platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;

function fail(message, help) {
  console.error(`error: ${message}\n  help: ${help}`);
  process.exit(2);
}

function binary() {
  // SPEC_ENGINE_BINARY is for whoever builds their own.
  if (process.env.SPEC_ENGINE_BINARY) return process.env.SPEC_ENGINE_BINARY;
  const fits = Object.entries(platforms).filter(([, it]) => it.os === platform && it.cpu === arch);
  if (fits.length === 0) {
    const known = [...new Set(Object.values(platforms).map((it) => `${it.os} on ${it.cpu}`))].join(', ');
    fail(
      `spec-engine has no binary for ${platform} on ${arch}; there is one for ${known}`,
      'build it with `cargo install spec-engine --locked`, and name it in SPEC_ENGINE_BINARY',
    );
  }
  // A static binary runs anywhere; the other one only where there is glibc.
  const usable = fits.filter(([, it]) => !it.libc || it.libc === 'musl' || !isMusl);
  const wanted = usable.sort(([, a], [, b]) => Number(a.libc === 'musl') - Number(b.libc === 'musl'));
  const file = platform === 'win32' ? 'spec-engine.exe' : 'spec-engine';
  for (const [name] of wanted) {
    try {
      return require.resolve(`${name}/${file}`);
    } catch {
      // The next one.
    }
  }
  fail(
    `the package ${wanted[0][0]} is not installed`,
    'npm leaves it out with --omit=optional, or where the lock file was made on another platform: install again without both',
  );
}

const ran = spawnSync(binary(), process.argv.slice(2), { stdio: 'inherit' });
if (ran.error) fail(`cannot start ${ran.error.path}: ${ran.error.message}`, 'install the package again');
if (ran.signal) process.kill(process.pid, ran.signal);
process.exit(ran.status ?? 2);
