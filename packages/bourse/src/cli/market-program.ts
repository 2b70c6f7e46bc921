/** The commands about markets. */
import { Option, type Command } from 'commander'
import { HOLD_STATES } from '../runtime/held-markets.js'
import { auctionCommand, referenceCommand } from './manage-commands.js'
import { addMarketCommand, haltMarketCommand, marketRulesCommand, resumeMarketCommand } from './market-commands.js'
import { jsonOption, withPlace } from './options.js'

export function addMarketCommands(program: Command): void {
  const market = program.command('market').description('markets, while the exchange runs or rests')
  const about = (name: string, description: string): Command => withPlace(market.command(name).argument('<market>', 'for example BTC-USDT').description(description).addOption(jsonOption()))
  about('add', 'list a market that the configuration names, without a restart')
    .option('--tick <decimal>', 'where the configuration does not name it yet: its tick, for the lines to add')
    .option('--lot <decimal>', 'the same: its lot')
    .option('--min-notional <decimal>', 'the same: the least price x quantity of an order')
    .action(addMarketCommand)
  about('halt', 'hold a market by hand, also over restarts')
    .addOption(new Option('--state <state>', 'halted: nothing; cancel-only: cancels; post-only: orders that do not trade at once').choices(HOLD_STATES).default('halted'))
    .option('--reason <text>', 'why, for whoever looks later')
    .action(haltMarketCommand)
  about('resume', 'let a market go on that was held by hand').action(resumeMarketCommand)
  about('rules', 'show the rules in force, and what the configuration says otherwise')
    .option('--apply', 'bring in what the configuration says, without a restart')
    .option('--cancel-breaking-orders', 'with --apply: cancel resting orders that break a changed rule')
    .action(marketRulesCommand)
  about('auction', 'collect orders without trading, then open the market at one price').option('--seconds <count>', 'how long orders are collected', '120').action(auctionCommand)
  about('reference', 'measure the price band from a price until the next trade').argument('<price>', 'for example 64000').action(referenceCommand)
}
