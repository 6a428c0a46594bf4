// @ts-check
// Prints with the function that its first argument names.
import * as c from 'bsd-sockets/c';

const text = new (c.array(c.char, 8))('memory');

/** @type {Record<string, () => void>} */
const ways = {
  perror() {
    c.close(-1);
    c.perror('close() failed');
    c.perror('');
    c.perror(null);
    c.perror(text);
    c.perror(new Uint8Array(4));
    c.set_errno(99_999);
    c.perror('unknown');
    c.set_errno(0);
    c.perror('none');
  },
  herror() {
    c.herror('none yet');
    c.gethostbyname(null); // the resolver's internal error
    c.herror('gethostbyname');
    c.herror('');
    c.herror(null);
    c.herror(text);
  },
  printf() {
    process.stdout.write('before\n');
    c.printf('%s has %d\n', 'printf', 5);
    c.fprintf(c.stdout, '%s\n', text);
    c.fprintf(c.stderr, 'to %s\n', 'stderr');
    if (c.printf('four') !== 4) c.abort();
    process.stdout.write('\nafter\n');
  },
};

ways[process.argv[2] ?? '']?.();
