/**
 * The layers of the house, kept by a machine: imports go down only. `docs/architecture.md` draws the picture.
 */
const CHAIN = 'scale|crypto|frame|pallets|runtime|runtime-wasm|state|node';

/** Packages of the chain, each with the packages that its sources may import. */
const mayImport = {
  scale: [],
  crypto: [],
  frame: ['scale', 'crypto'],
  pallets: ['scale', 'crypto', 'frame'],
  runtime: ['scale', 'crypto', 'frame', 'pallets'],
  'runtime-wasm': ['scale', 'crypto', 'frame'],
  state: ['scale', 'crypto', 'frame'],
  node: ['scale', 'crypto', 'frame', 'state', 'p2p'],
  libvirt: [],
  p2p: [],
  daemon: [],
  'daemon-api': ['daemon'],
  'chain-client': [],
  'ssh-keys': [],
  machines: ['libvirt', 'ssh-keys'],
  ui: ['chain-client'],
};

const layers = Object.entries(mayImport).map(([name, below]) => ({
  name: `layer-${name}`,
  comment: `packages/${name} may import only: ${below.join(', ') || 'no other package of ours'}`,
  severity: 'error',
  from: { path: `^packages/${name}/src/` },
  to: { path: '^(packages|apps)/', pathNot: `^packages/(${[name, ...below].join('|')})/` },
}));

export default {
  forbidden: [
    ...layers,
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or need a third one below them',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'pallets-stand-alone',
      comment: 'A pallet states what it needs in its config; the runtime plugs it in',
      severity: 'error',
      from: { path: '^packages/pallets/src/([^/]+)/' },
      to: { path: '^packages/pallets/src/', pathNot: '^packages/pallets/src/($1|primitives)/' },
    },
    {
      name: 'apps-stand-alone',
      comment: 'No app imports an app',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'packages-below-apps',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/' },
      to: { path: '^apps/' },
    },
    {
      name: 'chain-only-through-client',
      comment:
        'Daemons and pages know the chain by RPC and metadata alone, so any chain with these pallets would do',
      severity: 'error',
      from: { path: '^apps/(provider|gateway|client|dapp)/src/' },
      to: { path: `^packages/(${CHAIN})/` },
    },
    {
      name: 'nothing-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|coverage)/' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.vue', '.json'],
    },
    builtInModules: { add: ['node:test'] },
  },
};
