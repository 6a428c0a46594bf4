// The table of socket options: a row is an option's level, its number and its codec. A row's constant carries the types of its value, so
// that setsockopt and getsockopt are typed by the option.
import type { Codec } from './codecs.js';

declare const LEVEL: unique symbol;
declare const OPTION: unique symbol;
/** A level of options: a number that says which options belong to it. */
export type Level<L extends string> = number & { readonly [LEVEL]: L };
/** An option: a number that carries its level, and its value's type to set and to get. */
export type Option<L extends string, Set, Get = Set> = number & {
  readonly [OPTION]: { readonly level: L; readonly set: Set; readonly get: Get };
};
/** The level that an option belongs to; any, for an option without a type. */
export type LevelOf<O> = O extends { readonly [OPTION]: { readonly level: infer L extends string } }
  ? Level<L>
  : number;
/** What an option is set to; a number or bytes, for an option without a type. */
export type SetOf<O> = O extends { readonly [OPTION]: { readonly set: infer S } }
  ? S
  : number | ArrayBufferView | ArrayBufferLike;
/** What an option's value is; a number, for an option without a type. */
export type GetOf<O> = O extends { readonly [OPTION]: { readonly get: infer G } } ? G : number;

const rows = new Map<number, Map<number, Codec<unknown, unknown>>>();

/** The option `option` of `level`, which becomes a row of the table. */
export function row<L extends string, S, G>(level: Level<L>, option: number, codec: Codec<S, G>): Option<L, S, G> {
  let options = rows.get(level);
  if (options === undefined) rows.set(level, (options = new Map()));
  options.set(option, codec as Codec<unknown, unknown>);
  return option as Option<L, S, G>;
}
/** A row that this platform may lack. */
export const optional = <L extends string, S, G>(
  level: Level<L>,
  option: number | undefined,
  codec: Codec<S, G>,
): Option<L, S, G> | undefined => (option === undefined ? undefined : row(level, option, codec));

/** The codec of an option; undefined for one without a row. */
export const codecOf = (level: number, option: number): Codec<unknown, unknown> | undefined =>
  rows.get(level)?.get(option);
