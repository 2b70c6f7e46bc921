import { appendFile, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { assetAdapterContract } from '@bourse/testkit'
import { bankTransferAdapter } from './bank-transfers.js'

let folder = ''
let payments = 0

assetAdapterContract('bank transfers', {
  make: (dataDir) => bankTransferAdapter((folder = dataDir)),
  confirmationTimeMs: 1_000,
  pay: (_asset, iban, cents) => appendFile(path.join(folder, 'statement.csv'), `payment-${payments++},${iban},${cents}\n`),
  // The bank executes whatever lies in the payouts.
  mine: async () => writeFile(path.join(folder, 'paid.csv'), await readFile(path.join(folder, 'payouts.csv'), 'utf8').catch(() => '')),
})
