// Asks an endpoint by fetch-sparql-endpoint and by Comunica, and prints what they got as JSON.
import { QueryEngine } from '@comunica/query-sparql';
import { SparqlEndpointFetcher } from 'fetch-sparql-endpoint';

const [endpoint, select, construct, ask] = process.argv.slice(2);
const found = {};

const collect = stream => new Promise((resolve, reject) => {
  const items = [];
  stream.on('data', item => items.push(item)).on('end', () => resolve(items)).on('error', reject);
});

for (const method of ['GET', 'POST']) {
  const fetcher = new SparqlEndpointFetcher({ method });
  const rows = await collect(await fetcher.fetchBindings(endpoint, select));
  found[`fetch ${method}`] = {
    rows: rows.map(row => Object.fromEntries(Object.entries(row).map(([name, term]) => [name, term.value]))),
    triples: (await collect(await fetcher.fetchTriples(endpoint, construct))).length,
    ask: await fetcher.fetchAsk(endpoint, ask),
  };
}
const failing = await new SparqlEndpointFetcher().fetchBindings(endpoint, 'nonsense').then(() => 'no error', error => error.message);
found.error = failing;

// As a SPARQL source by its kind, and as Comunica finds out by itself from the service description.
for (const source of [{ type: 'sparql', value: endpoint }, endpoint]) {
  const engine = new QueryEngine();
  const context = { sources: [source] };
  const rows = await (await engine.queryBindings(select, context)).toArray();
  found[`comunica ${typeof source}`] = {
    rows: rows.map(row => Object.fromEntries([...row].map(([name, term]) => [name.value, term.value]))),
    triples: (await (await engine.queryQuads(construct, context)).toArray()).length,
    ask: await engine.queryBoolean(ask, context),
  };
}
console.log(JSON.stringify(found));
