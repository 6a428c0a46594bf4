// A registry on loopback that has one package: `node registry.mjs TARBALL MANIFEST` prints its port and serves until it is ended.
// npm treats what comes from a registry and what comes from a file differently, `prepare` scripts for one.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { argv } from 'node:process';

const [, , tarball = '', manifest = ''] = argv;
const bytes = readFileSync(tarball);
const version = JSON.parse(readFileSync(manifest, 'utf8'));
const server = createServer((request, response) => {
  if (request.url?.endsWith('.tgz')) {
    response.end(bytes);
    return;
  }
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const dist = {
    tarball: `http://127.0.0.1:${port}/${version.name}.tgz`,
    integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
    shasum: createHash('sha1').update(bytes).digest('hex'),
  };
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({
      name: version.name,
      'dist-tags': { latest: version.version },
      versions: { [version.version]: { ...version, dist } },
    }),
  );
});
server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(port);
});
