import { expect, it } from 'vitest'
import type { Act, Transcript } from '@/api/types'
import { linesOf, makerDeeds, pointsOf } from './deeds'

it('a point is a line, its reason stands behind the bar', () => {
  const points = pointsOf(' 合同已签订 \n\n货款是否付清｜双方账目不一｜见附件\n数额|有异议')
  expect(points).toEqual([{ text: '合同已签订' }, { text: '货款是否付清', reason: '双方账目不一｜见附件' }, { text: '数额', reason: '有异议' }])
  expect(pointsOf(linesOf(points))).toEqual(points)
})

it('the next step is the last deed, and what is concluded is not worked on', () => {
  const all = (): boolean => true
  const at = (stage: string | null, until: string | null = null) =>
    makerDeeds({ current: stage && { stage, until } } as unknown as Transcript, all, Date.parse('2026-11-23T08:00:00Z')).map((one) => one.what)
  expect(at(null).at(-1)).toBe('draft')
  expect(at('drafted').at(-1)).toBe('circulate')
  expect(at('circulated', '2026-11-23T09:00:00Z')).not.toContain('conclude')
  expect(at('circulated', '2026-11-23T08:00:00Z').at(-1)).toBe('conclude')
  expect(at('signing')).toEqual(['draft'])
  const none = (kind: Act['kind']): boolean => kind === 'signature.confirm'
  expect(makerDeeds({ current: null } as unknown as Transcript, none, 0)).toEqual([])
})
