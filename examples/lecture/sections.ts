// Lecture: the table of its 18 sections: their programs, and how they are started.
import { addresses, type Claim, claims } from './claims.js';

/** A program of a section: `<name>.ts`, and its twin `<name>.c`. */
export interface Program {
  /** Who it is on the screen. */
  readonly role: string;
  readonly name: string;
  /** `$1` stands for the first port that the section's first program has printed, `$2` for the second. */
  readonly args?: readonly string[];
  /** It is started when the first program has printed such a line. By default: one with a port. */
  readonly after?: RegExp;
  /** The signal that is to kill it. By default it is to exit with status 0. */
  readonly killedBy?: NodeJS.Signals;
}

/** Programs that talk with each other. The first is started at once. */
export interface Play {
  readonly title?: string;
  readonly programs: readonly Program[];
}

export interface Section {
  readonly number: number;
  readonly slug: keyof typeof claims;
  readonly title: string;
  readonly plays: readonly Play[];
  readonly claims: readonly Claim[];
}

function server(name: string, args: readonly string[] = []): Program {
  return { role: 'server', name: `${name}-server`, args };
}

function client(name: string, role = 'client', args: readonly string[] = ['$1']): Program {
  return { role, name: `${name}-client`, args };
}

const table: readonly Omit<Section, 'number' | 'claims'>[] = [
  {
    slug: 'types',
    title: 'Types of sockets',
    plays: [{ programs: [server('01-types'), { ...client('01-types', 'client', ['$1', '$2']), after: /^datagrams/ }] }],
  },
  {
    slug: 'socket',
    title: 'socket(), errno',
    plays: [{ programs: [{ role: 'program', name: '02-socket' }] }],
  },
  {
    slug: 'bind',
    title: 'bind()',
    plays: [
      {
        programs: [
          server('03-bind', ['0', String(addresses.length)]),
          client('03-bind', 'client', ['$1', ...addresses]),
        ],
      },
    ],
  },
  {
    slug: 'endianness',
    title: 'Endianness',
    plays: [
      {
        programs: [
          { role: 'receiver', name: '04-endianness-receiver' },
          { role: 'sender', name: '04-endianness-sender', args: ['$1'] },
        ],
      },
    ],
  },
  {
    slug: 'reuse',
    title: 'Reusing the same port',
    plays: [{ programs: [server('05-reuse'), client('05-reuse')] }],
  },
  {
    slug: 'listen',
    title: 'listen()',
    plays: [{ programs: [{ role: 'program', name: '06-listen' }] }],
  },
  {
    slug: 'connect',
    title: 'connect()',
    plays: [{ programs: [server('07-connect'), client('07-connect')] }],
  },
  {
    slug: 'accept',
    title: 'accept()',
    plays: [
      {
        programs: [
          server('08-accept'),
          client('08-accept', 'client 1'),
          { ...client('08-accept', 'client 2'), after: /^client at/ },
        ],
      },
    ],
  },
  {
    slug: 'send',
    title: 'send()',
    plays: [{ programs: [server('09-send'), client('09-send')] }],
  },
  {
    slug: 'recv',
    title: 'recv()',
    plays: [{ programs: [server('10-recv'), client('10-recv')] }],
  },
  {
    slug: 'close',
    title: 'close()',
    plays: [{ programs: [{ role: 'program', name: '11-close' }] }],
  },
  {
    slug: 'udp',
    title: 'UDP',
    plays: [
      {
        programs: [
          { role: 'receiver', name: '12-udp-receiver' },
          { role: 'sender', name: '12-udp-sender', args: ['$1'] },
        ],
      },
    ],
  },
  {
    slug: 'polling',
    title: 'Polling with non-blocking sockets',
    plays: [{ programs: [server('13-polling'), client('13-polling')] }],
  },
  {
    slug: 'select',
    title: 'select()',
    plays: [
      {
        programs: [
          server('14-select'),
          client('14-select', 'client 1', ['$1', 'hello from client 1']),
          { ...client('14-select', 'client 2', ['$1', 'hello from client 2']), after: /^client 1 is here/ },
        ],
      },
    ],
  },
  {
    slug: 'hostnames',
    title: 'Host names',
    plays: [{ programs: [server('15-hostnames'), client('15-hostnames')] }],
  },
  {
    slug: 'sigpipe',
    title: 'SIGPIPE',
    plays: [
      {
        title: 'with the default disposition',
        programs: [server('16-sigpipe'), { ...client('16-sigpipe', 'victim', ['$1', 'default']), killedBy: 'SIGPIPE' }],
      },
      {
        title: 'with signal(SIGPIPE, SIG_IGN)',
        programs: [server('16-sigpipe'), client('16-sigpipe', 'survivor', ['$1', 'ignore'])],
      },
    ],
  },
  {
    slug: 'headers',
    title: 'Packet headers',
    plays: [{ programs: [server('17-headers'), client('17-headers')] }],
  },
  {
    slug: 'game',
    title: 'The project: a tiny World of Warcraft',
    plays: [
      {
        programs: [
          server('18-game'),
          client('18-game', 'anna', [
            ...['$1', 'anna', 'half'],
            ...['ben has joined', 'join', 'ben hits anna', 'ben', 'ben has left', 'leave'],
          ]),
          {
            ...client('18-game', 'ben', [
              ...['$1', 'ben', 'whole'],
              ...['anna has joined', 'anna', 'anna hits ben: 6', 'anna', 'anna hits ben: 2', 'die'],
            ]),
            after: /bytes of a message are here/,
            killedBy: 'SIGABRT',
          },
        ],
      },
    ],
  },
];

export const sections: readonly Section[] = table.map((row, i) => ({
  number: i + 1,
  ...row,
  claims: claims[row.slug],
}));
