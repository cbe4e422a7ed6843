// Does what its option says, so that a test sees what the user reads of it: `.ci/scaffolds` builds it.

import { log } from 'spec-engine:plugin/host@0.1.3';

export const meta = {
  describe() {
    console.log('describing');
    return {
      name: 'my-list',
      version: '0.1.0',
      summary: 'Does what its option says',
      mediaTypes: ['text/plain'],
      fileExtension: 'txt',
      optionsSchema: JSON.stringify({
        type: 'object',
        properties: { act: { type: 'string', default: 'print', enum: ['print', 'raise', 'text', 'answer', 'deep', 'late'] } },
      }),
    };
  },
};

const deep = (depth) => (depth === 0 ? null.length : deep(depth - 1));

export const renderer = {
  render(graph, request) {
    const what = JSON.parse(request.options).act;
    console.log('to standard output');
    console.error('to standard error');
    log('info', 'to the log');
    console.log(`at ${Date.now()} ${Math.random() < 1}`);
    if (what === 'raise') throw new TypeError('raised on purpose');
    if (what === 'text') throw 'only a text';
    if (what === 'answer') throw [{ severity: 'error', code: 'on-purpose', message: 'answered on purpose', help: 'Do not' }];
    if (what === 'deep') deep(3);
    if (what === 'late') import('./late.js').catch((why) => console.error(`late: ${why}`));
    const content = { tag: 'text', val: 'done\n' };
    return { artifacts: [{ path: 'loud.txt', mediaType: 'text/plain', content }], diagnostics: [] };
  },
};
