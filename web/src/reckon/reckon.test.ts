import { describe, expect, it } from 'vitest'
import { broughtBy, linkOf } from './link'
import { day, tidy, weekday, yuan } from './money'

describe('amounts', () => {
  it('are parted by thousands and have two decimals', () => {
    expect(yuan(0)).toBe('0.00')
    expect(yuan(5)).toBe('0.05')
    expect(yuan(123456789)).toBe('1,234,567.89')
    expect(yuan(-100)).toBe('-1.00')
    expect(tidy('1234567.5')).toBe('1,234,567.50')
    expect(tidy('０')).toBe('０')
    expect(tidy('12.345')).toBe('12.345')
    expect(tidy('abc')).toBe('abc')
    expect(tidy('007')).toBe('7.00')
  })
  it('days are said in Chinese', () => {
    expect(day('2025-03-08')).toBe('2025年3月8日')
    expect(weekday('2025-03-08')).toBe('星期六')
    expect(day('x')).toBe('x')
  })
})

describe('a shared link', () => {
  it('brings back what was filled in, in the part that no server sees', () => {
    const values = { code: 'property', amount: '100', halving: ['summary'], claims: [{ code: 'other', amount: '' }], wages: true }
    const link = linkOf('/tools/fee-case', values)
    expect(new URL(link, 'https://court.example').search).toBe('')
    expect(broughtBy(new URL(link, 'https://court.example').hash)).toEqual(values)
  })
  it('brings nothing that no form has', () => {
    const of = (value: unknown) => broughtBy(`#in=${encodeURIComponent(JSON.stringify(value))}`)
    expect(broughtBy('#x')).toBeNull()
    expect(broughtBy('#in=%')).toBeNull()
    expect(of([1])).toBeNull()
    expect(of({ a: 1, b: null, c: { d: 'e' }, 'x-y': 'z', __proto__x: 'q', ok: 'yes' })).toEqual({ ok: 'yes', __proto__x: 'q' })
    expect(of({ rows: [{ a: 'x', deep: [{ b: 'y' }] }] })).toEqual({ rows: [{ a: 'x' }] })
  })
})
