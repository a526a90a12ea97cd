/** What is to run on the machine. */
export interface Remote {
  /** Words that its shell gets, joined by spaces; none: a shell to type into. */
  readonly command: readonly string[];
  /** A terminal for the command, too, where there is one here. */
  readonly tty: boolean;
}
