import { describe, expect, it } from 'vitest'
import { matches } from './search'

describe('search', () => {
  const fields = ['(2026)沪0113民初10241号', '张晓岚 诉 宏远商贸有限公司', null, undefined]

  it('does not mind the shape of brackets, spaces and digits', () => {
    for (const query of ['（2026）沪0113民初 10241', '〔2026〕沪', '１０２４１', '张晓岚诉宏远', '  ']) expect(matches(query, fields)).toBe(true)
  })

  it('wants every word', () => {
    expect(matches('宏远 10241', fields)).toBe(true)
    expect(matches('宏远 09412', fields)).toBe(false)
  })
})
