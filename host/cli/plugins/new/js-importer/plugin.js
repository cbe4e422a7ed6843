// Makes a service of each line of a text: a name, and the names of those that it connects to.

export const meta = {
  describe() {
    return {
      name: 'NAME',
      version: '0.1.0',
      summary: 'Makes a service of each line of a text',
      mediaTypes: [],
      fileExtension: '',
      optionsSchema: JSON.stringify({
        type: 'object',
        properties: {
          name: { type: 'string', default: 'system', description: 'The name of the system.' },
          port: { type: 'integer', default: 80, minimum: 1, maximum: 65535, description: 'The port of every connection.' },
        },
      }),
    };
  },
};

export const importer = {
  // `files` are those that the user named: `content` is text where a file is UTF-8, else bytes.
  convert(files, request) {
    const options = JSON.parse(request.options);
    const services = new Map();
    const remarks = [];
    files.forEach(({ name: file, content }, number) => {
      const at = (line) => ({ file: number, line, column: 1 });
      if (content.tag !== 'text') {
        // What is wrong with the files is thrown as a list. Anything else that is thrown is a fault of the plugin.
        throw [{ severity: 'error', code: 'not-text', message: `${file} is not text`, position: at(1) }];
      }
      content.val.split('\n').forEach((line, index) => {
        const [name, ...targets] = line.split(/\s+/).filter((word) => word !== '');
        if (name === undefined) return;
        if (services.has(name)) {
          const help = 'Put all that it connects to on one line';
          const message = `\`${name}\` is there already`;
          remarks.push({ severity: 'warning', code: 'repeated-service', message, position: at(index + 1), help });
          return;
        }
        services.set(name, targets);
      });
    });
    if (services.size === 0) {
      throw [{ severity: 'error', code: 'no-services', message: 'no file has a line with a name' }];
    }
    // A connection leads to a service, so one that has no line of its own gets an entry.
    for (const target of [...services.values()].flat()) if (!services.has(target)) services.set(target, []);
    const connection = { protocol: 'tcp', port: options.port };
    const service = ([name, targets]) => {
      const connections = Object.fromEntries(targets.map((target) => [target, connection]));
      return [name, { image: { name }, ...(targets.length > 0 && { connections }) }];
    };
    const document = { name: options.name, services: Object.fromEntries([...services].map(service)) };
    // As people write it: keys in their order, two spaces.
    return { document: JSON.stringify(document, null, 2), remarks };
  },
};
