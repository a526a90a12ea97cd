export type NodeErrorCode =
  /** The base path holds a chain with another genesis. */
  | 'NODE_OTHER_GENESIS'
  /** Another process works on this base path. */
  | 'NODE_DATABASE_IN_USE'
  /** The database was written in a layout that this version does not read. */
  | 'NODE_DATABASE_FORMAT'
  /** The database is not what was written: cut, torn or overwritten. */
  | 'NODE_DATABASE_DAMAGED'
  /** The database could not be checked, as it has to be behind a node that was killed: says nothing of its pages. Transient. */
  | 'NODE_DATABASE_UNCHECKED'
  /** The database takes no more writes: a full disk above all. The node has to be started again. */
  | 'NODE_STORAGE'
  | 'NODE_STATE_UNAVAILABLE'
  /** A block that the rules refuse; says which rule. */
  | 'NODE_BLOCK_REFUSED'
  /** A block that is here already: harmless. */
  | 'NODE_BLOCK_KNOWN'
  /** A block whose parent is not here: that one has to come first. */
  | 'NODE_BLOCK_ORPHAN'
  /** The chain goes on by newer rules than those of this node, which has to be updated. */
  | 'NODE_RULES_OUTDATED'
  /** The chain goes by rules that are too old for this node, which has no way to go on with their state. */
  | 'NODE_STATE_OUTDATED'
  /** Transactions that a block was to be made of, and cannot hold. */
  | 'NODE_NOT_INCLUDED'
  /** This node is not among the authors of the chain. */
  | 'NODE_NO_KEY'
  /** A file that holds no exported blocks, or not all of them. */
  | 'NODE_BLOCK_FILE'
  /** States are to be kept that are gone, or to be given up that an archive keeps. */
  | 'NODE_PRUNING'
  /** Blocks that may not, or cannot, be taken back. */
  | 'NODE_REVERT'
  /** A queue is full. Transient: try again. */
  | 'NODE_BUSY'
  | 'NODE_CLOSED'
  | 'NODE_OPTIONS';

export class NodeError extends Error {
  override readonly name = 'NodeError';
  readonly code: NodeErrorCode;

  constructor(code: NodeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
