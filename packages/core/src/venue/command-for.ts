/** Commands whose assets and markets are checked by the compiler. */
import type { Command } from '../domain/commands/commands.js'

/** Fields of commands that name an asset. */
export type AssetField = 'asset' | 'code' | 'base' | 'quote' | 'feeAsset'
/** Fields of commands that name a market. */
export type MarketField = 'market' | 'symbol'

/** A command with every name of an asset or market narrowed to those that were declared; `Given` may pick one kind of command. */
export type CommandFor<Asset extends string, Market extends string, Given extends Command = Command> = Given extends unknown
  ? { [Field in keyof Given]: Field extends AssetField ? NarrowText<Given[Field], Asset> : Field extends MarketField ? NarrowText<Given[Field], Market> : Given[Field] }
  : never

/** Replaces `string` in a field's type and keeps `undefined` where it is allowed. */
export type NarrowText<Value, Name extends string> = Value extends string ? Name : Value
