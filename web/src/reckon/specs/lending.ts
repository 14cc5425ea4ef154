/** 民间借贷: which interest a court upholds. */
import type { components } from '@/api/schema'
import { t } from '@/words'
import { reckonLending } from '../api'
import { day, yuan } from '../money'
import { type Field, type Tool, type Values, checked, given, rows, text, tool } from '../tool'

type Agreed = components['schemas']['LendingAgreed']
const money = (fen: number) => `${yuan(fen)} ${t('reckon.form.yuan')}`
const percent = (typed: string | undefined) => (typed ? `${typed}%` : '')

function agreed(values: Values): Agreed {
  if (text(values, 'agreed') === 'rate') return { kind: 'rate', rate: percent(text(values, 'rate')), unit: text(values, 'unit') as 'year' }
  return { kind: text(values, 'agreed') === 'unclear' ? 'unclear' : 'none' }
}

export const lending: Tool = tool({
  title: 'reckon.interest.lending',
  about: 'reckon.interest.lendingAbout',
  start: (today) => ({ amount: '', formed: '', due: '', until: today, agreed: 'rate', rate: '', unit: 'year', persons: true, deducted: '', lent: '', filed: '', overdue: '', penalty: '', charges: '', old: false, repayments: [] }),
  fields: (values) => {
    const rate: Field[] = [
      { key: 'rate', kind: 'percent', label: t('reckon.interest.rate') },
      { key: 'unit', kind: 'choice', label: t('reckon.interest.unit'), options: ['year', 'month', 'day'].map((value) => ({ value, label: t(`reckon.interest.${value}`) })) },
    ]
    return [
      { key: 'amount', kind: 'money', label: t('reckon.interest.lent') },
      { key: 'formed', kind: 'date', label: t('reckon.interest.formed') },
      { key: 'due', kind: 'date', label: t('reckon.interest.dueOn'), optional: true },
      { key: 'until', kind: 'date', label: t('reckon.interest.until') },
      { key: 'agreed', kind: 'choice', label: t('reckon.interest.agreed'), options: [['rate', 'agreedRate'], ['none', 'agreedNone'], ['unclear', 'agreedUnclear']].map(([value, key]) => ({ value: value!, label: t(`reckon.interest.${key}`) })) },
      ...(text(values, 'agreed') === 'rate' ? rate : []),
      {
        key: 'repayments', kind: 'rows', label: t('reckon.interest.repayments'), add: t('reckon.interest.repayment'), most: 60,
        fields: () => [{ key: 'on', kind: 'date', label: t('reckon.interest.on') }, { key: 'amount', kind: 'money', label: t('reckon.interest.amount') }],
      },
      { key: 'persons', kind: 'check', label: t('reckon.interest.persons'), more: true },
      { key: 'deducted', kind: 'money', label: t('reckon.interest.deducted'), optional: true, more: true },
      { key: 'lent', kind: 'date', label: t('reckon.interest.lentOn'), optional: true, more: true },
      { key: 'filed', kind: 'date', label: t('reckon.interest.filed'), optional: true, more: true },
      { key: 'overdue', kind: 'percent', label: t('reckon.interest.overdueRate'), optional: true, more: true },
      { key: 'penalty', kind: 'money', label: t('reckon.interest.penalty'), optional: true, more: true },
      { key: 'charges', kind: 'money', label: t('reckon.interest.charges'), optional: true, more: true },
      { key: 'old', kind: 'check', label: t('reckon.interest.oldRules'), more: true },
    ]
  },
  ask: async (values) => {
    const overdue = given(values, 'overdue')
    const result = await reckonLending({
      amount: text(values, 'amount'),
      formed: text(values, 'formed'),
      due: given(values, 'due'),
      until: text(values, 'until'),
      interest: agreed(values),
      between_persons: checked(values, 'persons'),
      deducted: given(values, 'deducted'),
      lent: given(values, 'lent'),
      filed: given(values, 'filed'),
      overdue: overdue ? { rate: percent(overdue) } : undefined,
      penalty: given(values, 'penalty'),
      charges: given(values, 'charges'),
      old_rules: checked(values, 'old'),
      repayments: rows(values, 'repayments').map((row) => ({ on: text(row, 'on'), amount: text(row, 'amount') })),
    })
    return {
      label: t('reckon.interest.owed'),
      headline: money(result.left),
      facts: [
        { label: t('reckon.interest.principal'), value: money(result.principal), number: true },
        { label: t('reckon.interest.within'), value: money(result.interest), number: true },
        { label: t('reckon.interest.overdue'), value: money(result.overdue), number: true },
        ...(result.charges ? [{ label: t('reckon.interest.upheld'), value: money(result.charges), number: true }] : []),
        { label: t('reckon.interest.refused'), value: money(result.refused), number: true },
        { label: t('reckon.interest.principalLeft'), value: money(result.principal_left), number: true },
        { label: t('reckon.interest.interestLeft'), value: money(result.interest_left), number: true },
        ...(result.surplus ? [{ label: t('reckon.interest.surplus'), value: money(result.surplus), number: true }] : []),
      ],
      table: {
        caption: t('reckon.interest.rows'),
        columns: [{ label: t('reckon.interest.span') }, { label: t('reckon.interest.days'), number: true }, { label: t('reckon.interest.rateUsed'), number: true }, { label: t('reckon.interest.interest'), number: true }],
        rows: result.rows.map((row) => [`${day(row.from)} – ${day(row.until)}`, String(row.days), row.rate, yuan(row.interest)]),
      },
      reason: result.reason,
    }
  },
})
