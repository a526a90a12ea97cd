/** The block as a whole breaks a rule. Its author's fault. */
export class InvalidBlock extends Error {
  override readonly name = 'InvalidBlock';
  readonly code = 'INVALID_BLOCK';
}
