// The D2 compiler, as its authors publish it for JavaScript.
//
// A key is the whole way to a shape, as D2 writes it: `provider_aws.rds_orders`.

import { D2 } from '@terrastruct/d2';

let compiler;

export async function read(text) {
  compiler ??= start();
  const { d2, died } = await compiler;
  const compile = (layout) => Promise.race([d2.compile(text, { layout }), died]);
  // Where shapes stand does not count here, and the usual layout fails on some graphs whatever their text.
  const { diagram } = await compile('dagre').catch((error) => {
    if (String(error.message).startsWith('failed to dagre layout')) {
      return compile('elk');
    }
    throw error;
  });
  const boards = ['layers', 'scenarios', 'steps'].filter((kind) => diagram[kind]?.length > 0);
  if (boards.length > 0) {
    throw new Error(`the diagram has ${boards.join(' and ')}`);
  }
  const shapes = (diagram.shapes ?? []).map((shape) => {
    const way = split(shape.id);
    return { key: shape.id, group: way.length > 1 ? way.slice(0, -1).join('.') : null, label: shape.label, shape: shape.type, link: shape.link || null };
  });
  const parents = new Set(shapes.map((shape) => shape.group));
  return {
    nodes: shapes.filter((shape) => !parents.has(shape.key)),
    groups: shapes
      .filter((shape) => parents.has(shape.key))
      .map(({ key, label, group }) => ({ key, label, parent: group })),
    edges: (diagram.connections ?? []).map((connection) => ({
      source: connection.src,
      target: connection.dst,
      label: connection.label,
      directed: connection.srcArrow === 'none' && connection.dstArrow !== 'none',
    })),
  };
}

async function start() {
  // It takes a process with a `window` for a browser; the oracle of Mermaid makes one.
  const { window } = globalThis;
  delete globalThis.window;
  try {
    const d2 = new D2();
    await d2.ready;
    const died = new Promise((_, reject) => {
      d2.worker.on('exit', (code) => {
        compiler = undefined;
        reject(new Error(`the compiler ended with ${code}`));
      });
    });
    died.catch(() => {});
    return { d2, died };
  } finally {
    if (window !== undefined) {
      globalThis.window = window;
    }
  }
}

// Splits the id of a shape at its dots, not at those inside a quoted segment.
function split(id) {
  const segments = id.match(/"(?:\\.|[^"\\])*"|'(?:''|[^'])*'|[^.]+/g) ?? [];
  return segments.join('.') === id ? segments : [id];
}
