// Which platform facts a run of the tests is without: those that BSD_SOCKETS_WITHOUT forces off (lib/addon/platform.ts).
const without = process.env.BSD_SOCKETS_WITHOUT?.split(',') ?? [];

/** Whether the fact of this name holds on Linux and is not forced off; none of them holds on macOS. */
export const has = (fact: string): boolean =>
  process.platform === 'linux' && !without.includes('all') && !without.includes(fact);
