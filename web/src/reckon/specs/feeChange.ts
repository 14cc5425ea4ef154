/** 补交与退费: what changes a fee that was already paid. */
import type { components } from '@/api/schema'
import { t } from '@/words'
import { type FeeItem, reckonFeeChange } from '../api'
import { yuan } from '../money'
import { type Field, type Tool, checked, text, tool } from '../tool'
import { itemsOf } from './fee'

type Adjust = components['schemas']['FeeAdjust']
const KINDS = ['changed', 'to_ordinary', 'order_to_suit', 'refund'] as const
const EVENTS = ['withdrawn', 'mediated', 'not_accepted', 'not_accepted_upheld', 'remanded', 'crime', 'crime_continues', 'suspended', 'ended', 'transferred', 'top_up_unpaid', 'won'] as const

export const feeChange: Tool = tool<FeeItem[]>({
  title: 'reckon.fee.change',
  about: 'reckon.fee.changeAbout',
  load: async () => (await itemsOf(false)).filter((item) => item.halves && item.asks),
  start: (today, items) => ({ kind: 'changed', code: items[0]?.code ?? '', amount: '', after: '', on: today, when: 'before_end_of_investigation', summary: false, paid: '', event: 'withdrawn', halved: false }),
  fields: (values, items) => {
    const kind = text(values, 'kind')
    const choice: Field = { key: 'kind', kind: 'choice', label: t('reckon.fee.event'), options: KINDS.map((value) => ({ value, label: t(`reckon.fee.${value}`) })) }
    const code: Field = { key: 'code', kind: 'choice', label: t('reckon.fee.kind'), options: items.map((item) => ({ value: item.code, label: item.label })) }
    const on: Field = { key: 'on', kind: 'date', label: t('reckon.fee.on') }
    const when = ['before_end_of_investigation', 'after_end_of_investigation'].map((value) => ({ value, label: t(`reckon.fee.${value}`) }))
    if (kind === 'refund')
      return [
        choice,
        { key: 'event', kind: 'choice', label: t('reckon.fee.reason'), options: EVENTS.map((value) => ({ value, label: t(`reckon.fee.events.${value}`) })) },
        { key: 'paid', kind: 'money', label: t('reckon.fee.paid') },
        { key: 'halved', kind: 'check', label: t('reckon.fee.wasHalved') },
      ]
    if (kind === 'order_to_suit') return [choice, { key: 'amount', kind: 'money', label: t('reckon.fee.orderAmount') }, on]
    if (kind === 'to_ordinary') return [choice, code, { key: 'amount', kind: 'money', label: t('reckon.fee.orderAmount') }, on]
    return [
      choice,
      code,
      { key: 'amount', kind: 'money', label: t('reckon.fee.before') },
      { key: 'after', kind: 'money', label: t('reckon.fee.after') },
      { key: 'when', kind: 'choice', label: t('reckon.fee.when'), options: when },
      on,
      { key: 'summary', kind: 'check', label: t('reckon.fee.wasSummary') },
    ]
  },
  ask: async (values) => {
    const query = { code: text(values, 'code'), on: text(values, 'on'), amount: text(values, 'amount') }
    const settled = await reckonFeeChange(
      ((): Adjust => {
        switch (text(values, 'kind')) {
          case 'refund':
            return { kind: 'refund', paid: text(values, 'paid'), event: text(values, 'event') as never, halved: checked(values, 'halved') }
          case 'order_to_suit':
            return { kind: 'order_to_suit', amount: text(values, 'amount'), on: text(values, 'on') }
          case 'to_ordinary':
            return { kind: 'to_ordinary', query: { ...query, halving: ['summary'] } }
          default:
            return { kind: 'changed', query: { ...query, halving: checked(values, 'summary') ? ['summary'] : [] }, amount: text(values, 'after'), when: text(values, 'when') as never }
        }
      })(),
    )
    return {
      label: t('reckon.numbers.result'),
      headline: settled.text,
      facts: [
        { label: t('reckon.fee.pay'), value: `${yuan(settled.pay)} ${t('reckon.form.yuan')}`, number: true },
        { label: t('reckon.fee.refundable'), value: `${yuan(settled.refund)} ${t('reckon.form.yuan')}`, number: true },
      ],
      reason: settled.reason,
    }
  },
})
