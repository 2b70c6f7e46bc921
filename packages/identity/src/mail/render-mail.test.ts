import { expect } from 'chai'
import { MAIL_TEMPLATES, MAIL_TEXTS } from './mail-texts.js'
import { renderMail } from './render-mail.js'

const BRAND = { name: 'Acme', defaultLanguage: 'en', texts: {} }
const NASTY = '<img src=x onerror=alert(1)>\r\nBcc: all@example.com {{brand}} \u202e'

describe('mails', () => {
  it('carry the anti-phishing code and every value in every language, as text and as HTML', () => {
    let count = 0
    for (const language of Object.keys(MAIL_TEXTS)) {
      for (const template of MAIL_TEMPLATES) {
        const mail = renderMail({ template, language, antiPhishingCode: 'tulip 7', values: { label: 'my bot', scopes: 'read', left: '9', amount: '1', asset: 'BTC', to: 'bc1q' }, actionUrl: 'http://x/verify-email#s', freezeUrl: 'http://x/freeze-account#t', heldUntilMs: 0, facts: { timeMs: 0, device: 'Firefox', address: '192.0.2.1' } }, BRAND)
        for (const part of [mail.text, mail.html]) expect(part, `${language} ${template}`).to.include('tulip 7').and.to.include('192.0.2.1').and.to.include('1970-01-01 00:00 UTC').and.to.not.include('{{')
        expect(mail.subject).to.match(/^Acme: ./)
        count++
      }
    }
    console.log(`      ${count} mails carry the code`)
  })

  it('say where a code of one\'s own is made while there is none', () => {
    expect(renderMail({ template: 'new_device' }, BRAND).text).to.include('none yet')
  })

  it('take nothing that a stranger wrote for more than text', () => {
    const mail = renderMail({ template: 'api_key_made', antiPhishingCode: NASTY, values: { label: NASTY, scopes: 'read' }, facts: { timeMs: 0, device: NASTY, address: 'x' } }, BRAND)
    expect(mail.html).to.include('&lt;img')
    expect(mail.html).to.not.include('<img')
    expect(mail.subject + mail.text).to.not.match(/\nBcc:|\u202e/)
    expect(mail.text).to.include('{{brand}}')
  })

  it('are worded by the brand where it has words of its own', () => {
    const texts = { de: { 'mail.new_device.subject': 'Neues Gerät bei {{brand}}' }, fr: { 'mail.new_device.subject': 'Nouvel appareil' } }
    expect(renderMail({ template: 'new_device', language: 'de' }, { ...BRAND, texts }).subject).to.equal('Acme: Neues Gerät bei Acme')
    expect(renderMail({ template: 'new_device', language: 'fr' }, { ...BRAND, texts }).subject).to.equal('Acme: Nouvel appareil')
    expect(renderMail({ template: 'totp_enabled', language: 'fr' }, { ...BRAND, texts }).subject).to.equal('Acme: Two-factor log-in was switched on')
  })
})
