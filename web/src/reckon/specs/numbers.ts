/** 号码核对: whether a number is written right. */
import { t } from '@/words'
import { checkNumber } from '../api'
import { type Tool, text, tool } from '../tool'

export const numbers: Tool = tool({
  title: 'reckon.numbers.title',
  about: 'reckon.numbers.about',
  start: () => ({ kind: 'case', typed: '' }),
  fields: (values) => [
    { key: 'kind', kind: 'choice', label: t('reckon.numbers.kind'), options: ['case', 'id', 'uscc'].map((value) => ({ value, label: t(`reckon.numbers.${value}`) })) },
    { key: 'typed', kind: 'text', label: t('reckon.numbers.typed'), hint: text(values, 'kind') === 'case' ? t('reckon.numbers.caseHint') : undefined },
  ],
  ask: async (values) => {
    const checked = await checkNumber({ kind: text(values, 'kind') as 'case', typed: text(values, 'typed') })
    return {
      label: t('reckon.numbers.result'),
      headline: t(checked.warnings.length ? 'reckon.numbers.doubtful' : 'reckon.numbers.ok'),
      note: checked.written || undefined,
      caution: checked.warnings.join(' ') || undefined,
      facts: [...checked.facts, { label: t('reckon.numbers.basis'), value: '', citations: checked.citations }],
    }
  },
})
