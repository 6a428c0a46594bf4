// Lecture: the claims of its 18 sections, and where their programs' output shows each.

/** A sentence of the lecture, and where the output shows it: what `seen` captures is the observed value. */
export interface Claim {
  readonly text: string;
  /** Whose output; without it, that of all, each line with its role before it, role after role. */
  readonly role?: string;
  readonly seen: RegExp;
  /** Where it is not enough that the text is there. */
  readonly holds?: (...captured: string[]) => boolean;
}

type Shown = readonly [text: string, seen: RegExp, holds?: Claim['holds']];

/** Claims that the output of one role shows. */
const by = (role: string, ...claims: readonly Shown[]): Claim[] =>
  claims.map(([text, seen, holds]) => ({ text, role, seen, ...(holds && { holds }) }));

// Linux has all of 127.0.0.0/8; elsewhere only this one address is sure to be there.
export const addresses = process.platform === 'linux' ? ['127.0.0.1', '127.0.0.2'] : ['127.0.0.1'];

/** By the section's name. */
export const claims = {
  types: [
    ...by(
      'server',
      ['A stream is a run of bytes: two sends, one recv()', /^stream: one run of (19 bytes: "Hi!Hope you're well")$/m],
      [
        'A datagram is one message: two sends, two recv()s',
        /^datagram 1: (3 bytes: "Hi!")\ndatagram 2: (16 bytes: "Hope you're well")$/m,
      ],
      [
        'In a stream a header with the length keeps messages apart',
        /^message: (3 "Hi!")\n.*\nmessage: (16 "Hope you're well")$/m,
      ],
      [
        'The length goes over the wire in network byte order',
        /^header on the wire: (00 00 00 03)\n.*\nheader on the wire: (00 00 00 10)$/m,
      ],
    ),
  ],
  socket: [
    ...by(
      'program',
      ['socket() gives a descriptor', /^socket\(AF_INET, SOCK_STREAM, 0\): (descriptor \d+, IPv4, a stream)$/m],
      ['PF_INET works as AF_INET does', /^socket\(PF_INET, SOCK_STREAM, 0\): descriptor \d+, (IPv4, a stream)$/m],
      ['IPv6 is AF_INET6', /^socket\(AF_INET6, SOCK_STREAM, 0\): .* (IPv6, a stream)$/m],
      ['UDP is SOCK_DGRAM', /^socket\(AF_INET, SOCK_DGRAM, 0\): .* (IPv4, datagrams)$/m],
      ['A call that fails gives -1 and sets errno', /gave -1 and (EINVAL): .*\n.*gave -1 and (EWOULDBLOCK): /],
      ['perror(str) prints "str: message"', /^(perror\(\) says: Invalid argument)$/m],
      [
        'strerror(code) returns the message',
        /^strerror\(EINVAL\) .*: (.*)\nstrerror\(EWOULDBLOCK\) .*: (.*)\nstrerror\(EINTR\) .*: (.*)$/m,
      ],
    ),
  ],
  bind: [
    ...by('client', [
      'Only one process can bind a port at a time',
      /^a second bind .* gave (EADDRINUSE): yes\nbind failed: (.*)$/m,
    ]),
    ...by('server', [
      'INADDR_ANY binds every address',
      addresses.length > 1 ? /by address (127.0.0.1)\n.*by address (127.0.0.2)/ : /by address (127.0.0.1)/,
    ]),
  ],
  endianness: [
    ...by(
      'sender',
      [
        'Which are you on? 0x0A0B in memory',
        /^(\w{4})\n(this machine is \w+-endian)/,
        (bytes, kind) => bytes === (kind === 'this machine is big-endian' ? '0a0b' : '0b0a'),
      ],
      ['Network byte order is big-endian', /^htons\(0x0A0B\) in memory: (0a0b)$/m],
    ),
    ...by(
      'receiver',
      ['256 without conversion is 1 to the other kind of machine', /reads (256)\n.*the other kind reads (1)$/m],
      ['16-bit numbers are converted', /bytes (0100), ntohs\(\) gives (256)$/m],
      ['32-bit numbers are converted', /bytes (0a0b0c0d), ntohl\(\) gives (0x0a0b0c0d)$/m],
      ['64-bit numbers are converted', /bytes (0a0b0c0d0e0f1011), be64toh\(\) .*: yes$/m],
    ),
  ],
  reuse: [
    ...by(
      'server',
      [
        'After a connection its port cannot be bound again',
        /without SO_REUSEADDR gave (EADDRINUSE): yes\nbind failed: (.*)$/m,
      ],
      ['SO_REUSEADDR, set before bind(), allows it', /with SO_REUSEADDR (gave 0)$/m],
      ['setsockopt() changes the sizes of buffers', /holds (at least 65536 bytes): yes$/m],
      ['and time-outs', /a time-out of (100 ms gave EWOULDBLOCK): yes$/m],
    ),
  ],
  listen: [
    ...by(
      'program',
      [
        'A socket is active until listen(): nobody can connect to it',
        /^connect\(\) before listen\(\) gave (ECONNREFUSED): yes$/m,
      ],
      [
        'The order of the calls matters',
        /^(accept\(\) before listen\(\) gave EINVAL): yes$[\s\S]*^(bind\(\) after listen\(\) gave EINVAL): yes$/m,
      ],
      [
        'back_log is the length of the queue of waiting connections',
        /^connection 1: in the queue\n(?:.*in the queue\n)*(connection \d: the queue is full)/m,
      ],
      ['accept() makes room in it', /^accept\(\) has taken one\n(connection \d: in the queue)$/m],
      [
        'Forgetting htons() gives the wrong port',
        /^(8080 without htons\(\) is \d+)[\s\S]*^(8080 with htons\(\) is 8080)$/m,
      ],
    ),
  ],
  connect: [
    ...by(
      'client',
      [
        'connect() returns when the connection is established',
        /^(connected to 127\.0\.0\.1, port \d+)\nthe peer is the server: yes$/m,
      ],
      ['or when it has failed', /gave (ECONNREFUSED): yes\nconnection failed: (.*)$/m],
      [
        'inet_addr() gives a number in network byte order',
        /^inet_addr\("1\.2\.3\.4"\) is (0x\w{8}, in memory 1 2 3 4)$/m,
      ],
    ),
  ],
  accept: [
    ...by(
      'server',
      [
        'accept() returns a new descriptor for that client',
        /^accept\(\) on (descriptor \d+) gave (descriptor \d+)$[\s\S]*^three descriptors: yes$/m,
      ],
      ['The passive socket is not for talking to a client', /^recv\(\) on the passive socket gave (ENOTCONN): yes$/m],
    ),
    ...by('client 1', ['Each client has its own: the first', /^the server says: (you came first)$/m]),
    ...by('client 2', ['and the second', /^the server says: (you came second)$/m]),
    {
      text: "client_sin holds the client's address and port",
      seen: /^server: client at (127\.0\.0\.1, port \d+)$[\s\S]*^client 1: connected from \1$/m,
    },
    ...by('server', [
      'in network byte order',
      /^its port is in network byte order: yes\nits (address in memory: 127 0 0 1)$/m,
    ]),
  ],
  send: [
    ...by('client', ['send() returns how many bytes it took', /^send\(\) took (12 bytes)$/m]),
    ...by('server', [
      'write() and writev() work too',
      /^message 1: hello, world\nmessage 2: (hello, world)\nmessage 3: (hello, world)$/m,
    ]),
    ...by(
      'client',
      [
        'A blocking socket blocks until all is sent',
        /^a blocking send\(\) of (\d+) bytes took (\d+)$/m,
        (all, sent) => all === sent,
      ],
      [
        'A non-blocking one may take part of it',
        /^~ a non-blocking send\(\) of (\d+) bytes took (\d+)$/m,
        (all, sent) => Number(sent) < Number(all),
      ],
      ['or nothing', /^the next send\(\) gave (EWOULDBLOCK): yes$/m],
      ['The rest is retried', /^with retries it took (8388608)$/m],
    ),
  ],
  recv: [
    ...by(
      'server',
      ['With no data recv() blocks', /^~ recv\(\) waited (\d+ ms)\nrecv\(\) waited until the sender sent: yes$/m],
      ['With some it returns some', /^recv\(\) of (4096 bytes gave 12): hello, world$/m],
      [
        'No guarantee that read_bytes == expected_data_len: the rest is retried',
        /^recv\(\) of (12 bytes gave 7)\nrecv\(\) of (5 bytes gave 5)\ntogether: (hello, world)$/m,
      ],
      ['read() and readv() work too', /^read\(\) gave (12: hello, world)\nreadv\(\) gave (12: .*)$/m],
      ['On close it returns 0, which is no error', /recv\(\) gave (0, errno is 0)$/m],
      ['On an error it returns -1', /recv\(\) gave (-1, errno is ENOTCONN): yes$/m],
    ),
  ],
  close: [
    ...by(
      'program',
      ['No more than so many files and sockets can be open', /^one more gave (EMFILE): yes\nsocket\(\) failed: (.*)$/m],
      ['close() releases them', /^closed one\n(one more got the number .*): yes$/m],
    ),
  ],
  udp: [
    ...by(
      'receiver',
      [
        'Without a connection, each sendto() is one message',
        /^message 1: (12 bytes: hello, world)[\s\S]*^message 2: (3 bytes: Hi!)$/m,
      ],
      ['recvfrom() says where it came from', /^from (127\.0\.0\.1, port \d+)$/m],
    ),
    ...by(
      'sender',
      ['and an answer goes there', /^answer 1: (12 bytes: hello, world)$/m],
      ['Best effort: nobody says that nobody is there', /to nobody (took 12 bytes)$/m],
    ),
  ],
  polling: [
    ...by(
      'server',
      [
        'Polling asks again and again',
        /^~ polling called (recv\(\) \d+ times)[\s\S]*^polling called recv\(\) more than 100 times: yes$/m,
      ],
      ['select() asks when there is data', /^select called (recv\(\): 1)$/m],
      [
        'Polling wastes CPU cycles',
        /^~ polling .* used (\d+\.\d ms)[\s\S]*^~ select .* used (\d+\.\d ms)[\s\S]*than select: yes$/m,
      ],
    ),
  ],
  select: [
    ...by(
      'server',
      ['Nothing within 5000 us: select() gives 0', /^nobody has sent: (select\(\) gives 0)$/m],
      ['sock1 has data', /^client 1 has sent: (select\(\) gives 1)\n(sock1 has data: hello from client 1)\nclient 2/m],
      ['sock2 has data', /^client 2 has sent: (select\(\) gives 1)\n(sock2 has data: hello from client 2)\nboth/m],
      ['Both have data', /^both have sent: (select\(\) gives 2)\nsock1 has data.*\nsock2 has data/m],
    ),
  ],
  hostnames: [
    ...by('client', ['gethostbyname() finds the address of a name', /^address 1: (127\.0\.0\.1)$/m]),
    ...by('server', ['and connect() goes there', /^a client came from (127\.0\.0\.1)$/m]),
    ...by(
      'client',
      ['It may have several: they are a list', /^an address has (4 bytes)\n(?:address \d+: .*\n)*(address \d+: .*)$/m],
      ['A name has a variable length', /^("localhost" has 9 characters)\n("127\.1" has 5 characters)$/m],
      [
        'An unknown name gives NULL and h_errno',
        /^"no such host" gave (NULL): yes\nh_errno is (HOST_NOT_FOUND): yes$/m,
      ],
    ),
  ],
  sigpipe: [
    ...by('victim', [
      'A write to a connection that the peer has closed kills a C program',
      /the answer is here: yes\n\[(killed by SIGPIPE)\]$/,
    ]),
    ...by('survivor', [
      'Ignored, the call fails with EPIPE',
      /^alive: the next write\(\) gave (-1 and EPIPE): yes\nwrite failed: (.*)$/m,
    ]),
  ],
  headers: [
    ...by(
      'client',
      ['The compiler pads a header', /^padded: (12 bytes), (source_addr at 4), (dest_addr at 8)$/m],
      ['Packed it has no gaps', /^packed: (11 bytes), (source_addr at 3), (dest_addr at 7)$/m],
    ),
    ...by(
      'server',
      ['On the wire it is 11 bytes', /^a header of 11 bytes: (00 17 07 01 02 03 04 80 20 84 d6)$/m],
      [
        'and the receiver can read its fields',
        /^(length 23)\n(type 7)\n(source addr 1\.2\.3\.4)\n(dest addr 128\.32\.132\.214)$/m,
      ],
    ),
  ],
  game: [
    ...by(
      'server',
      ['One server, one thread, several clients', /^(ben has joined)\n(anna has joined)$/m],
      ['Half a message stops nobody: the rest comes later', /^(2 bytes of a message are here: the game goes on)$/m],
    ),
    ...by('anna', ['Messages are framed: each player sees each of them', /^(anna hits ben: 2 of 10 left)$/m]),
    ...by('ben', ['A client dies', /\[(killed by SIGABRT)\]$/]),
    ...by('anna', ['and harms no other', /^(ben has left)$/m]),
  ],
} satisfies Readonly<Record<string, readonly Claim[]>>;
