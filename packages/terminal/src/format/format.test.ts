import { expect } from 'chai'
import { groupThousands, isZero, ratePercent, shorten, signOf, trimZeros, withSign } from './amounts.js'
import { editDecimal } from './decimal-input.js'
import { dateTime, shortDateTime } from './times.js'

describe('Amounts for reading', () => {
  it('have their thousands apart, never their decimals', () => {
    expect(groupThousands('1234567.8901234')).to.equal('1,234,567.8901234')
    expect(groupThousands('-1234')).to.equal('-1,234')
    expect(groupThousands('999')).to.equal('999')
  })

  it('lose zeros at the end but keep as many decimals as asked for', () => {
    expect(trimZeros('1.50000000', 2)).to.equal('1.50')
    expect(trimZeros('1.00000000')).to.equal('1')
    expect(trimZeros('10', 2)).to.equal('10.00')
    expect(trimZeros('0.00000001', 2)).to.equal('0.00000001')
  })

  it('are shortened by cutting, not by rounding', () => {
    const table = [['1234567.8', '1.234M'], ['999999', '999.999K'], ['12.34567', '12.345'], ['0.00001234', '0.00001'], ['1000', '1.00K'], ['54000000000', '54.00B'], ['0', '0']]
    for (const [amount, short] of table) expect(shorten(amount!), amount).to.equal(short)
  })

  it('have a sign', () => {
    expect([signOf('0.00'), signOf('-0.01'), signOf('5'), signOf(null)]).to.deep.equal([0, -1, 1, 0])
    expect([withSign('1.25'), withSign('-1.25'), withSign('0.00')]).to.deep.equal(['+1.25', '-1.25', '0.00'])
    expect([isZero('0.000'), isZero('0.001')]).to.deep.equal([true, false])
  })

  it('write fee rates in percent', () => {
    const table = [['0.001', '0.10%'], ['0.0008', '0.08%'], ['0', '0.00%'], ['0.000075', '0.0075%'], ['0.5', '50.00%'], ['0.0125', '1.25%'], ['-0.0001', '-0.01%']]
    for (const [rate, percent] of table) expect(ratePercent(rate!), rate).to.equal(percent)
  })
})

describe('A field for amounts', () => {
  const type = (text: string, scale = 8): string => [...text].reduce((value, key) => editDecimal(value, value + key, scale), '')

  it('turns a typed comma into the decimal point', () => {
    expect(type('0,5')).to.equal('0.5')
    expect(type('1,500')).to.equal('1.500')
  })

  it('reads pasted amounts with thousands apart', () => {
    expect(editDecimal('', '64,000.25', 2)).to.equal('64000.25')
    expect(editDecimal('', "1'000.5", 2)).to.equal('1000.5')
    expect(editDecimal('', ' 12 345.6 ', 2)).to.equal('12345.6')
  })

  it('does not make another number of one in a notation that it does not read', () => {
    for (const text of ['1e9', '-1', '+5', '0x10', '1-2', '12abc34']) {
      expect(editDecimal('', text, 8), text).to.equal('')
      expect(editDecimal('63000', text, 8), text).to.equal('63000')
    }
    expect(editDecimal('', '64,000.25 USDT', 2)).to.equal('64000.25')
  })

  it('leaves out letters, signs, a second point and zeros in front', () => {
    expect(type('-1e3')).to.equal('13')
    expect(type('1.2.3')).to.equal('1.23')
    expect(type('007')).to.equal('7')
    expect(type('0.07')).to.equal('0.07')
  })

  it('takes no more typed decimals than there are', () => {
    expect(type('1.23456', 2)).to.equal('1.23')
    expect(type('1.5', 0)).to.equal('15')
  })

  it('keeps pasted decimals, so that nothing is cut off unseen', () => {
    expect(editDecimal('', '0.123456789', 8)).to.equal('0.123456789')
  })
})

describe('Times', () => {
  it('leave the year out within the same year', () => {
    const moment = new Date(2026, 10, 21, 9, 5, 3).getTime()
    expect(dateTime(moment)).to.equal('2026-11-21 09:05:03')
    expect(shortDateTime(moment, new Date(2026, 0, 1).getTime())).to.equal('11-21 09:05:03')
    expect(shortDateTime(moment, new Date(2027, 0, 1).getTime())).to.equal('2026-11-21 09:05:03')
  })
})
