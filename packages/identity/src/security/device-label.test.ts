import { expect } from 'chai'
import { deviceLabel } from './device-label.js'

describe('the name of a device', () => {
  for (const [userAgent, label] of [
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0', 'Edge on Windows'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15', 'Safari on macOS'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1', 'Chrome on iPhone'],
    ['Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36', 'Samsung Internet on Android'],
    ['ccxt/4.5 (+https://github.com/ccxt/ccxt)', 'ccxt'],
    ['<script>alert(1)</script>', 'scriptalert'],
    ['', 'A program'],
  ] as const) {
    it(`is "${label}" for ${userAgent.slice(0, 40)}`, () => {
      expect(deviceLabel(userAgent)).to.equal(label)
    })
  }
})
