// Benchmark: plots of what a run found. One of each group, and one of all of them against C.
import { parse, View } from 'vega';
import { compile } from 'vega-lite';

/** @param {object} spec */
async function svg(spec) {
  const { spec: compiled } = compile({
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    padding: 12,
    ...spec,
  });
  return `${await new View(parse(compiled), { renderer: 'none' }).toSVG()}\n`;
}

const font = 'system-ui, sans-serif';
const config = {
  font,
  view: { stroke: null },
  axis: { domain: false, ticks: false, grid: false, labelFontSize: 12, labelPadding: 8 },
  title: { anchor: 'start', fontSize: 14, offset: 12 },
};
const ours = '#1f6feb';
const others = '#9aa4af';
const limit = '#24292f';

const UNITS = {
  allocation: 'bytes',
  time: 'ns',
  cpu: 'ns of CPU',
  memory: 'bytes',
  start: 'ms more',
  throughput: 'MB/s',
};
/** @param {string} name */
const colourOf = (name) =>
  name === 'C' || name.startsWith('C ')
    ? limit
    : /^(node:|koffi|CPython|posix-socket|unix-dgram|node-unix-socket|an empty)/.test(name)
      ? others
      : ours;

/** A group: a bar for each contestant's median, and the ratio to the first. */
function plotGroup({ title, measure, rows: all }) {
  // One that is beyond all others would make them slivers: the table has it.
  const rows = all.filter(({ value }) => value.median < 50 * Math.max(all[0].value.median, 1));
  const difference = measure === 'start';
  const values = rows.map(({ name, value, relation }, i) => ({
    name,
    ...(difference ? relation : value),
    colour: colourOf(name),
    label: `${(difference ? relation : value).median.toLocaleString('en', { maximumFractionDigits: difference ? 1 : measure === 'allocation' ? 4 : 0 })}${i === 0 || difference ? '' : `  (${relation.median.toFixed(2)} ×)`}`,
  }));
  const y = { field: 'name', type: 'nominal', sort: null, title: null, axis: { labelLimit: 240 } };
  return svg({
    title: `${title} (${UNITS[measure]})`,
    width: 560,
    height: { step: 30 },
    config,
    data: { values },
    layer: [
      {
        mark: { type: 'bar', height: 16 },
        encoding: {
          y,
          x: { field: 'median', type: 'quantitative', title: null, axis: { grid: true, gridColor: '#eaeef2' } },
          color: { field: 'colour', type: 'nominal', scale: null },
        },
      },
      {
        mark: { type: 'text', align: 'left', dx: 6, fontSize: 12 },
        encoding: { y, x: { field: 'median', type: 'quantitative' }, text: { field: 'label' } },
      },
    ],
  });
}

const SERIES = [
  ['bsd-sockets/c', /^(bsd-sockets\/c|\/c )/, '#0a3069'],
  ['bsd-sockets', /^(Socket|Poller|MessageBatch|tryRecv)$/, '#218bff'],
  ['bsd-sockets/promises', /^promises$/, '#8250df'],
  ['node:net, node:dgram', /^node:/, '#bc4c00'],
  ['CPython', /^CPython$/, '#bf8700'],
  ['koffi', /^koffi$/, '#6e7781'],
];

/** Everything that was measured against C: how many times as long it takes. */
function plotAll({ groups }) {
  const machine = [...new Set(Object.values(groups).map((group) => group.machine))].join('; ');
  const values = Object.values(groups).flatMap(({ short, measure, rows }) =>
    colourOf(rows[0].name) !== limit
      ? []
      : rows.flatMap(({ name, relation }) => {
          const series = SERIES.find(([, names]) => names.test(name))?.[0];
          const times = measure === 'throughput' ? 1 / relation.median : relation.median;
          return series ? [{ short, series, times }] : [];
        }),
  );
  const x = {
    field: 'times',
    type: 'quantitative',
    title: null,
    scale: { type: 'log', nice: false, domainMin: 0.9 },
    axis: { values: [1, 1.2, 1.5, 2, 3, 5, 10, 20], format: '~g', grid: true, gridColor: '#f6f8fa' },
  };
  const y = {
    field: 'short',
    type: 'nominal',
    sort: null,
    title: null,
    axis: { labelLimit: 300, grid: true, gridColor: '#eaeef2' },
  };
  const color = {
    field: 'series',
    type: 'nominal',
    title: null,
    scale: { domain: SERIES.map(([name]) => name), range: SERIES.map(([, , colour]) => colour) },
    legend: { orient: 'bottom', columns: 3, labelFontSize: 12, labelLimit: 240, symbolSize: 90 },
  };
  return svg({
    title: {
      text: 'Time or CPU, as a multiple of what the same program takes in C (line at 1)',
      subtitle: machine,
      subtitleColor: '#57606a',
      subtitlePadding: 6,
    },
    width: 560,
    height: { step: 26 },
    config,
    data: { values },
    layer: [
      { mark: { type: 'rule', color: limit, strokeWidth: 1.5 }, encoding: { x: { datum: 1 } } },
      { mark: { type: 'point', filled: true, size: 90, opacity: 0.9 }, encoding: { x, y, color } },
    ],
  });
}

/** SVG texts by the names of their files. */
export async function draw(results) {
  const plots = Object.entries(results.groups).map(async ([name, result]) => [name, await plotGroup(result)]);
  return Object.fromEntries([...(await Promise.all(plots)), ['summary', await plotAll(results)]]);
}
