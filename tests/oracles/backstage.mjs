// Reads Backstage catalogs with Backstage's own model, and holds each against the graph.json beside it.
// Usage: backstage.mjs FILE…

import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import {
  EntityPolicies, FieldFormatEntityPolicy, NoForeignRootFieldsEntityPolicy, SchemaValidEntityPolicy,
  componentEntityV1alpha1Validator, groupEntityV1alpha1Validator, parseEntityRef, resourceEntityV1alpha1Validator,
  systemEntityV1alpha1Validator,
} from '@backstage/catalog-model';

const policy = EntityPolicies.allOf([
  new SchemaValidEntityPolicy(), new NoForeignRootFieldsEntityPolicy(), new FieldFormatEntityPolicy(),
]);
const validators = {
  Component: componentEntityV1alpha1Validator,
  Group: groupEntityV1alpha1Validator,
  Resource: resourceEntityV1alpha1Validator,
  System: systemEntityV1alpha1Validator,
};

// Throws where a node of the graph has no entity of its kind, name and dependencies. Deployments have none.
async function holdAgainstGraph(file, entities) {
  const graph = JSON.parse(await readFile(join(dirname(file), 'graph.json'), 'utf8'));
  const nodes = graph.nodes.filter(({ kind }) => kind !== 'helm' && kind !== 'terraform');
  const made = entities.filter(({ kind }) => kind === 'Component' || kind === 'Resource');
  if (made.length !== nodes.length) throw new Error(`${file}: ${made.length} entities of ${nodes.length} nodes`);
  const position = new Map(nodes.map(({ id }, index) => [id, index]));
  const targets = nodes.map(() => new Set());
  for (const { source, target } of graph.edges) {
    if (position.has(source) && position.has(target)) {
      const { kind, metadata } = made[position.get(target)];
      targets[position.get(source)].add(`${kind.toLowerCase()}:${metadata.name}`);
    }
  }
  nodes.forEach(({ label, kind }, index) => {
    const { kind: entity, metadata, spec } = made[index];
    const where = `${file}: ${entity} ${metadata.name}`;
    if ((kind === 'service') !== (entity === 'Component')) throw new Error(`${where} is made of a ${kind}`);
    // What has nothing to see needs no title.
    if ((metadata.title ?? '') !== label && /[\p{L}\p{N}]/u.test(label)) {
      throw new Error(`${where} has the title ${metadata.title}, and should have ${label}`);
    }
    const depends = (spec.dependsOn ?? []).toSorted().join(', ');
    const expected = [...targets[index]].toSorted().join(', ');
    if (depends !== expected) throw new Error(`${where} depends on ${depends}, and should on ${expected}`);
  });
}

for (const file of process.argv.slice(2)) {
  const documents = parseAllDocuments(await readFile(file, 'utf8'));
  const entities = documents.map((document) => {
    if (document.errors.length > 0) throw new Error(`${file}: ${document.errors[0].message}`);
    return document.toJS();
  });
  const known = new Set();
  for (const entity of entities) {
    await policy.enforce(entity);
    if (!(await validators[entity.kind].check(entity))) throw new Error(`${file}: ${entity.kind} is not one`);
    const ref = `${entity.kind}:${entity.metadata.name}`.toLowerCase();
    if (known.has(ref)) throw new Error(`${file}: ${ref} is there twice`);
    known.add(ref);
  }
  // Nothing leads to what is not there.
  for (const { metadata, spec } of entities) {
    for (const to of [spec.owner, ...(spec.dependsOn ?? [])].filter(Boolean)) {
      const { kind, name } = parseEntityRef(to, { defaultKind: 'group' });
      if (!known.has(`${kind}:${name}`.toLowerCase())) throw new Error(`${file}: ${metadata.name} leads to ${to}`);
    }
    if (spec.system && !known.has(`system:${spec.system}`.toLowerCase())) throw new Error(`${file}: no ${spec.system}`);
  }
  await holdAgainstGraph(file, entities);
  console.log(`${file}: ${entities.length} entities`);
}
