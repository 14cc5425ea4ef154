/** A matter on its way to being issued: what the form holds, and what it amounts to for the court. */
import { newKey } from '@/api/client'
import type { MatterField } from '@/api/types'
import { dayAt } from '@/time'

export interface AskedField {
  key: string
  label: string
  type: MatterField['type']
  /** One to a line. */
  choices: string
  required: boolean
}

export const newAsked = (): AskedField => ({ key: `f${newKey()}`, label: '', type: 'text', choices: '', required: true })

const lines = (text: string): string[] => [...new Set(text.split('\n').map((line) => line.trim()).filter(Boolean))]

/** The fields as the court takes them; null while one cannot be filled in. */
export function toFields(asked: readonly AskedField[]): MatterField[] | null {
  const fields = asked.map(({ label, type, choices, required }): MatterField => {
    const plain = { label: label.trim(), type, required }
    return type === 'choice' ? { ...plain, choices: lines(choices) } : plain
  })
  const labels = new Set(fields.map((field) => field.label))
  const whole = fields.every((field) => field.label && (field.type !== 'choice' || (field.choices ?? []).length >= 2))
  return whole && labels.size === fields.length ? fields : null
}

export interface Pick {
  key: 'hours' | 'tomorrow' | 'days' | 'end'
  n?: number
  at: number
}

/** Deadlines that are often wanted, those of them that the sitting leaves room for. */
export function picks(now: number, closes: number): Pick[] {
  const all: Pick[] = [
    { key: 'hours', n: 2, at: now + 2 * 3_600_000 },
    { key: 'tomorrow', at: dayAt(now, 1, 17) },
    { key: 'days', n: 3, at: dayAt(now, 3, 17) },
    { key: 'days', n: 7, at: dayAt(now, 7, 17) },
    { key: 'end', at: closes },
  ]
  return all.filter((one) => one.at > now && (one.key === 'end' ? one.at === closes : one.at < closes))
}
