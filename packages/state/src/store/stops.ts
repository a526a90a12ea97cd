/** What is staged from one stop to the next: some tens of microseconds of work. A stop costs as much as some of it, for each that waits. */
export const PER_STOP = 16;
