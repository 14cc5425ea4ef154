import { describe, expect, it } from 'vitest'
import { monthsOf } from './calendar'
import { markedLine, marks } from './marks'

const hits = (text: string, query: string) =>
  marks(text, query)
    .filter((piece) => piece.hit)
    .map((piece) => piece.text)

describe('marks', () => {
  it('finds what the server finds: width and case make no difference, and the text keeps its own', () => {
    expect(hits('金额ＲＭＢ２００元', 'rmb200')).toEqual(['ＲＭＢ２００'])
    expect(hits('INV-2026 与 inv', 'Inv')).toEqual(['INV', 'inv'])
    expect(hits('借条与借据', '借')).toEqual(['借', '借'])
    expect(hits('面积 30㎡', 'm2')).toEqual(['㎡'])
    expect(hits('😀借条', '条')).toEqual(['条'])
  })

  it('marks every word, and what overlaps as one', () => {
    expect(hits('原告提交借条', '借条　原告')).toEqual(['原告', '借条'])
    expect(hits('哈哈哈', '哈哈')).toEqual(['哈哈哈'])
    expect(hits('没有', '有没')).toEqual([])
    expect(hits('什么都行', '  ')).toEqual([])
  })

  it('loses nothing of the text', () => {
    for (const query of ['借', 'a', '', '借 a']) {
      expect(marks('a借条Ａ', query).map((piece) => piece.text).join('')).toBe('a借条Ａ')
    }
  })

  it('a row begins shortly before the first hit', () => {
    const line = markedLine(`${'前'.repeat(200)}\n借条`, '借')
    expect(line[0]!.text).toMatch(/^…前+ $/)
    expect(line[0]!.text.length).toBeLessThan(30)
    expect(line[1]).toEqual({ text: '借', hit: true })
    expect(markedLine('前面借条', '借')[0]).toEqual({ text: '前面', hit: false })
    expect(markedLine('前'.repeat(200), '')).toHaveLength(1)
  })
})

describe('monthsOf', () => {
  it('begins the week on Monday and shows every month between the first and the last', () => {
    const months = monthsOf([
      { date: '2026-11-03', acts: 14 },
      { date: '2026-11-18', acts: 11 },
      { date: '2027-02-01', acts: 1 },
    ])
    expect(months.map((one) => [one.key, one.blanks, one.days.length])).toEqual([
      ['2026-11', 6, 30],
      ['2026-12', 1, 31],
      ['2027-01', 4, 31],
      ['2027-02', 0, 28],
    ])
    expect(months[0]!.days[17]).toEqual({ date: '2026-11-18', day: 18, acts: 11 })
    expect(months[0]!.days[18]!.acts).toBe(0)
    expect(monthsOf([])).toEqual([])
    expect(monthsOf([{ date: '2028-02-29', acts: 1 }])[0]!.days).toHaveLength(29)
  })
})
