/** Shows custody to the gateway, in the words of the API. */
export { walletService } from '@bourse/api'
