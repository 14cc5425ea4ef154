import { expect, it } from 'vitest'
import { initials, signOf, toneOf } from './people'

it('shows people by surname and organisations by two characters of their own name', () => {
  expect(initials('张晓岚')).toBe('张')
  expect(initials('宏远商贸有限公司')).toBe('宏远')
  expect(initials('上海宏远商贸有限公司')).toBe('宏远')
  expect(initials('杭州市乐购超市')).toBe('乐购')
  expect(initials('')).toBe('')
})

it('gives judges the gavel, the clerk the notebook, an assessor the name on the colour of the bench', () => {
  expect(signOf('sole_judge')).toBe('gavel')
  expect(signOf('court_clerk')).toBe('notebook')
  expect([signOf('lay_assessor'), toneOf('lay_assessor')]).toEqual(['name', 'bench'])
  expect(toneOf('third_party_agent')).toBe('agent')
})
