import { defineHomelessConfig, Type, type ConfigOf } from '@hamster/daemon';

/** Everything that can be set: flags, environment (HAMSTER_NODE_…) and the file of --config. */
export const nodeConfig = defineHomelessConfig(
  'node',
  Type.Object({
    dev: Type.Boolean({
      default: false,
      description:
        'Run a fresh development chain: a block every second, rich accounts //Alice … //Ferdie, gone when the node stops',
    }),
    chain: Type.Optional(
      Type.String({
        ownVariable: true,
        minLength: 1,
        placeholder: 'dev|local|file',
        description: 'Chain to run: one of the built-in ones, or the path of a chain spec in JSON',
      }),
    ),
    basePath: Type.Optional(
      Type.String({
        path: true,
        minLength: 1,
        placeholder: 'directory',
        description:
          'Where to keep the chain; with --dev it then outlives the node (default ~/.hamster/node)',
      }),
    ),
    blockTime: Type.Optional(
      Type.String({
        placeholder: 'time',
        description:
          'Time between the blocks of a new dev or local chain, such as 500ms, 3s, or 1000 for milliseconds (default 1s, local 3s)',
      }),
    ),
    alice: Type.Boolean({
      default: false,
      description:
        'Author with the keys of //Alice, which everybody has: for chains that are not live (--dev does)',
    }),
    manualSeal: Type.Boolean({
      default: false,
      description: 'Make a block only when told to by the RPC method dev_newBlock',
    }),
    pruning: Type.Optional(
      Type.String({
        placeholder: 'blocks|archive',
        description:
          'For how many blocks to keep old state; archive keeps all of it (default: as before, 256 for a new chain)',
      }),
    ),
    network: Type.Boolean({
      default: true,
      description: 'Listen for peers, and dial them',
      off: 'Neither listen for peers nor dial any',
    }),
    bootnodes: Type.Array(Type.String(), {
      default: [],
      placeholder: 'multiaddr',
      description: 'Node to be connected to, such as /ip4/203.0.113.7/tcp/30333/p2p/12D3Koo…',
    }),
    port: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 65535,
        description: 'TCP port for peers; 0 takes a free one (default 30333, with --dev a free one)',
      }),
    ),
    wsPort: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 65535,
        description:
          'WebSocket port for peers, through which light clients come; 0 takes a free one (default the one behind --port)',
      }),
    ),
    listenAddr: Type.Array(Type.String(), {
      default: [],
      placeholder: 'multiaddr',
      description:
        'Where to listen for peers instead of --port and --ws-port on all interfaces (with --dev on this machine only)',
    }),
    publicAddr: Type.Array(Type.String(), {
      default: [],
      placeholder: 'multiaddr',
      description: 'Address under which others reach this node, told to peers instead of those listened on',
    }),
    nodeKeyFile: Type.Optional(
      Type.String({
        path: true,
        minLength: 1,
        placeholder: 'file',
        description:
          'Key that makes the peer id; made when it is not there (default below --base-path, otherwise a fresh one each time)',
      }),
    ),
    maxPeers: Type.Integer({
      default: 64,
      minimum: 1,
      maximum: 1024,
      description: 'Peers at one time, light clients among them',
    }),
    rpcPort: Type.Integer({
      default: 9944,
      minimum: 0,
      maximum: 65535,
      description: 'Port of JSON-RPC, for WebSocket and HTTP alike; 0 takes a free one',
    }),
    rpcExternal: Type.Boolean({
      default: false,
      description: 'Let other machines reach JSON-RPC (otherwise only this one does)',
    }),
    rpcCors: Type.Array(Type.String(), {
      default: [],
      placeholder: 'origin|all',
      description:
        'Web page that may use JSON-RPC, such as https://app.example; those of this machine always may',
    }),
    rpcMethods: Type.Enum(['auto', 'safe', 'unsafe'], {
      default: 'auto',
      placeholder: 'which',
      description:
        'Whether to serve methods that cost much or steer the node; auto serves them to this machine only',
    }),
    rpcMaxConnections: Type.Integer({
      default: 256,
      minimum: 1,
      maximum: 65535,
      description: 'WebSocket connections at one time',
    }),
    prometheus: Type.Boolean({
      default: true,
      description: 'Serve metrics for Prometheus',
      off: 'Serve no metrics for Prometheus',
    }),
    prometheusPort: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 65535,
        description:
          'Port of GET /metrics for Prometheus; 0 takes a free one (default 9615; with --dev none are served unless a port is said)',
      }),
    ),
    prometheusExternal: Type.Boolean({
      default: false,
      description: 'Let other machines read the metrics (otherwise only this one does)',
    }),
  }),
);

export type NodeConfig = ConfigOf<typeof nodeConfig>;

/** Shown below the options of --help. */
export const EXAMPLES = `
Examples:
  A development chain to play with; it starts afresh each time:
    hamster-node --dev
  The same, kept between runs, with a block every three seconds:
    hamster-node --dev --base-path ./my-chain --block-time 3s
  One that other machines and a web page can reach:
    hamster-node --dev --rpc-external --rpc-cors https://app.example
  Blocks on demand, for tests:
    hamster-node --dev --manual-seal
  A full node, which follows another one:
    hamster-node --chain spec.json --bootnodes /ip4/203.0.113.7/tcp/30333/p2p/12D3Koo…

Then connect wallets and programs to ws://127.0.0.1:9944. Ctrl-C stops the node.
Instead of flags, every setting can be an environment variable (HAMSTER_NODE_RPC_PORT=9955) or a line of --config.
`;
