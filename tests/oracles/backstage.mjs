// Reads Backstage catalogs with Backstage's own model. Usage: backstage.mjs FILE…

import { readFile } from 'node:fs/promises';
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
  console.log(`${file}: ${entities.length} entities`);
}
