import { describe, expect, it } from 'vitest'
import { chatTime, dayAt, dayWord, fromInput, fullTime, hourMinute, listTime, shortTime, span, timeLeft, toInput } from './time'

// 2026-11-20 14:05 in Beijing.
const now = '2026-11-20T06:05:00Z'

describe('times are Beijing time whatever the device says', () => {
  it('crosses midnight eight hours before UTC does', () => {
    expect(fullTime('2026-11-20T16:00:00Z')).toBe('2026年11月21日 00:00')
    expect(hourMinute('2026-11-20T15:59:00Z')).toBe('23:59')
  })

  it('knows no summer time', () => {
    expect(fullTime('2026-07-01T00:00:00Z')).toBe('2026年7月1日 08:00')
  })

  it('names near days by the day of Beijing', () => {
    expect(dayWord('2026-11-20T15:59:59Z', now)).toBe('今天')
    expect(dayWord('2026-11-20T16:00:00Z', now)).toBe('明天')
    expect(dayWord('2026-11-19T15:59:00Z', now)).toBe('昨天')
    expect(dayWord('2026-11-22T01:00:00Z', now)).toBe('后天')
    expect(dayWord('2026-11-23T06:00:00Z', now)).toBe('11月23日')
    expect(dayWord('2025-12-31T16:00:00Z', now)).toBe('1月1日')
    expect(dayWord('2025-12-31T15:59:00Z', now)).toBe('2025年12月31日')
  })

  it('shows the clock for today and the day for the rest', () => {
    expect(listTime('2026-11-20T06:02:00Z', now)).toBe('14:02')
    expect(listTime('2026-11-19T06:02:00Z', now)).toBe('昨天')
    expect(shortTime('2026-11-24T01:00:00Z', now)).toBe('11月24日 09:00')
    expect(shortTime('2027-01-04T01:00:00Z', now)).toBe('2027年1月4日 09:00')
  })

  it('writes a span once when it is one day', () => {
    expect(span('2026-11-20T01:00:00Z', '2026-11-23T09:00:00Z')).toBe('11-20 09:00 至 11-23 17:00')
    expect(span('2026-11-20T05:00:00Z', '2026-11-20T09:00:00Z')).toBe('11-20 13:00 至 17:00')
    expect(span('2026-12-31T05:00:00Z', '2027-01-02T09:00:00Z')).toBe('2026-12-31 13:00 至 2027-01-02 17:00')
  })

  it('speaks as people do between messages', () => {
    expect(chatTime('2026-11-20T06:05:00Z', now)).toBe('下午 2:05')
    expect(chatTime('2026-11-20T04:30:00Z', now)).toBe('中午 12:30')
    expect(chatTime('2026-11-19T16:10:00Z', now)).toBe('凌晨 12:10')
    expect(chatTime('2026-11-19T01:00:00Z', now)).toBe('昨天 上午 9:00')
  })
})

describe('time left', () => {
  it('rounds up to the minute and ends with the deadline', () => {
    expect(timeLeft('2026-11-23T09:00:00Z', now)).toBe('3 天 2 小时')
    expect(timeLeft('2026-11-20T08:10:00Z', now)).toBe('2 小时 5 分')
    expect(timeLeft('2026-11-20T06:05:01Z', now)).toBe('1 分钟')
    expect(timeLeft('2026-11-21T06:05:00Z', now)).toBe('1 天')
    expect(timeLeft(now, now)).toBeNull()
    expect(timeLeft('2026-11-20T06:04:59Z', now)).toBeNull()
  })
})

describe('datetime-local inputs are read as Beijing time', () => {
  it('goes there and back', () => {
    expect(fromInput('2026-11-23T14:00')).toBe('2026-11-23T06:00:00Z')
    expect(toInput('2026-11-23T06:00:00Z')).toBe('2026-11-23T14:00')
    expect(fromInput('2026-01-01T00:30')).toBe('2025-12-31T16:30:00Z')
  })

  it('refuses what is no date', () => {
    for (const wrong of ['', '2026-11-23', '2026-02-31T10:00', '2026-13-01T10:00', 'tomorrow']) expect(fromInput(wrong)).toBeNull()
  })

  it('finds the quick choices by the day of Beijing', () => {
    expect(toInput(dayAt('2026-11-20T16:30:00Z', 0, 14))).toBe('2026-11-21T14:00')
    expect(toInput(dayAt(now, 1, 9))).toBe('2026-11-21T09:00')
  })
})
