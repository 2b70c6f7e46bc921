/** Assets and networks, deposit addresses, deposits and withdrawals. */
import { balanceViews, type GatewayShare } from '@bourse/api'
import type { Asset, Deposit, Withdrawal } from '@bourse/client'
import { formatDecimal, parseDecimal } from '@bourse/core'
import { BinanceError, illegalCharacters, notRequired } from '../binance-error.js'
import type { Parameters } from '../request/parameters.js'
import { privateCall, type Call } from './call.js'

/** As many of the newest are looked through for a list. */
const MAX_READ = 1_000
const ASSET = '^[A-Z0-9]{1,16}$'

const DEPOSIT_STATUS: Readonly<Record<string, number>> = { pending: 0, credited: 1, too_small: 7, dropped: 2 }
const WITHDRAWAL_STATUS: Readonly<Record<string, number>> = { pending: 4, broadcast: 4, confirmed: 6, failed: 5 }

export function walletCalls(share: GatewayShare): Call[] {
  const { services } = share
  const assets = (): readonly Asset[] => services.presentation().assets
  const scaleOf = (code: string): number => services.exchange.catalog.assetByCode(code)?.scale ?? 8
  const networkOf = (code: string): string => assets().find((asset) => asset.code === code)?.network?.name ?? code

  return [
    privateCall('GET /sapi/v1/capital/config/getall', { access: 'read', weight: 10 }, async (_parameters, { user }) => {
      const { exchange } = services
      const balances = await share.reads.read(() => balanceViews(exchange, user.userId, exchange.catalog.assets()))
      return assets().map((asset) => coin(asset, balances.find((balance) => balance.asset === asset.code)))
    }),
    privateCall('GET /sapi/v1/capital/deposit/address', { access: 'read', weight: 10 }, async (parameters, { user }) => {
      const coinCode = asset(parameters, true)
      checkNetwork(parameters, networkOf(coinCode))
      const { address, tag } = await services.wallet.depositAddress(user.userId, coinCode)
      return { coin: coinCode, address, tag: tag ?? '', url: '' }
    }),
    privateCall('GET /sapi/v1/capital/deposit/hisrec', { access: 'read' }, async (parameters, { user }) => {
      const { items } = await services.wallet.deposits(user.userId, { limit: MAX_READ })
      const wanted = filterOf(parameters, (status) => DEPOSIT_STATUS[status] ?? 0)
      return wanted(items).map((deposit) => depositView(deposit, networkOf(deposit.asset)))
    }),
    privateCall('GET /sapi/v1/capital/withdraw/history', { access: 'read' }, async (parameters, { user }) => {
      const { items } = await services.wallet.withdrawals(user.userId, { limit: MAX_READ })
      const name = parameters.optional('withdrawOrderId')
      const wanted = filterOf(parameters, (status) => WITHDRAWAL_STATUS[status] ?? 4)
      return wanted(items.filter(({ requestId }) => name === undefined || requestId === name)).map((withdrawal) => withdrawalView(withdrawal, networkOf(withdrawal.asset), scaleOf(withdrawal.asset)))
    }),
    privateCall('POST /sapi/v1/capital/withdraw/apply', { access: 'withdraw', weight: 50, once: true }, async (parameters, { user }) => {
      const coinCode = asset(parameters, true)
      checkNetwork(parameters, networkOf(coinCode))
      if ((parameters.optional('addressTag') ?? '') !== '') throw notRequired('addressTag')
      const requestId = parameters.clientOrderId('withdrawOrderId') ?? services.randomId()
      const { withdrawalId } = await services.wallet.withdraw(user.userId, { requestId, asset: coinCode, address: parameters.required('address'), amount: parameters.requiredDecimal('amount') })
      return { id: withdrawalId }
    }),
  ]
}

function asset(parameters: Parameters, required: boolean): string {
  const code = required ? parameters.required('coin') : (parameters.optional('coin') ?? '')
  if (code !== '' && !new RegExp(ASSET).test(code)) throw illegalCharacters('coin', ASSET)
  return code
}

function checkNetwork(parameters: Parameters, network: string): void {
  const wanted = parameters.optional('network')
  if (wanted !== undefined && wanted.toLowerCase() !== network.toLowerCase()) throw new BinanceError(-4019, 'The current currency is not open for withdrawal on this network.', { hint: `The network of this coin is ${network}.` })
}

interface Moved {
  readonly asset: string
  readonly status: string
  readonly createdMs: number
}

/** Newest first, by coin, status and time, as asked for. */
function filterOf(parameters: Parameters, statusOf: (status: string) => number): <Item extends Moved>(items: readonly Item[]) => Item[] {
  const coin = asset(parameters, false)
  const status = parameters.integer('status')
  const [from, to] = [parameters.integer('startTime') ?? 0, parameters.integer('endTime') ?? Infinity]
  const offset = parameters.integer('offset') ?? 0
  const limit = parameters.limit(1_000, 1_000)
  return (items) =>
    items
      .filter((item) => (coin === '' || item.asset === coin) && (status === undefined || statusOf(item.status) === status) && item.createdMs >= from && item.createdMs <= to)
      .slice(offset, offset + limit)
}

function coin({ code, name, scale, network }: Asset, balance: { available: string; held: string } | undefined): object {
  const step = formatDecimal(1n, scale)
  return {
    coin: code,
    name,
    free: balance?.available ?? '0',
    locked: balance?.held ?? '0',
    freeze: '0',
    withdrawing: '0',
    ipoing: '0',
    ipoable: '0',
    storage: '0',
    isLegalMoney: false,
    trading: true,
    depositAllEnable: network?.deposit ?? false,
    withdrawAllEnable: network?.withdraw ?? false,
    networkList: network === undefined ? [] : [{
      network: network.name,
      name: network.name,
      coin: code,
      isDefault: true,
      depositEnable: network.deposit,
      withdrawEnable: network.withdraw,
      depositDust: network.minimumDeposit,
      withdrawFee: network.withdrawalFee,
      withdrawMin: network.minimumWithdrawal,
      withdrawMax: '9999999999',
      withdrawIntegerMultiple: step,
      minConfirm: network.requiredConfirmations,
      unLockConfirm: network.requiredConfirmations,
      addressRegex: '',
      memoRegex: '',
      specialTips: '',
      sameAddress: false,
      busy: false,
    }],
  }
}

function depositView(deposit: Deposit, network: string): object {
  const { depositId, amount, asset: code, address, txid, confirmations, requiredConfirmations, createdMs } = deposit
  return {
    id: depositId,
    amount,
    coin: code,
    network,
    status: DEPOSIT_STATUS[deposit.status] ?? 0,
    address,
    addressTag: '',
    txId: txid,
    insertTime: createdMs,
    transferType: 0,
    unlockConfirm: requiredConfirmations,
    confirmTimes: `${confirmations}/${requiredConfirmations}`,
    walletType: 0,
  }
}

/** `amount` is what arrives; with the fee it is what left the balance. */
function withdrawalView(withdrawal: Withdrawal, network: string, scale: number): object {
  const { withdrawalId, requestId, amount, fee, asset: code, address, txid, confirmations, createdMs } = withdrawal
  const [gross, charged] = [parseDecimal(amount, scale), parseDecimal(fee, scale)]
  return {
    id: withdrawalId,
    amount: typeof gross === 'bigint' && typeof charged === 'bigint' ? formatDecimal(gross - charged, scale) : amount,
    transactionFee: fee,
    coin: code,
    status: WITHDRAWAL_STATUS[withdrawal.status] ?? 4,
    address,
    txId: txid ?? '',
    applyTime: new Date(createdMs).toISOString().slice(0, 19).replace('T', ' '),
    network,
    transferType: 0,
    withdrawOrderId: requestId,
    info: '',
    confirmNo: confirmations,
    walletType: 0,
    txKey: '',
  }
}
