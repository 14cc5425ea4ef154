import { beforeEach, describe, expect, it } from 'vitest'
import type { Act, Audience } from '@/api/types'
import { isLetter, useLetters } from './letters'

const drawn = () => true

describe('unread private messages', () => {
  beforeEach(() => localStorage.clear())

  it('are those of others to me by name, not what the bench or everyone hears', () => {
    const to = (...members: string[]) => ({ members })
    const said = (actor: string, audience: Audience, kind = 'speech.text') => ({ kind, actor, audience }) as Act
    expect(isLetter(said('p', to('me', 'p')), 'me')).toBe(true)
    expect(isLetter(said('me', to('me', 'p')), 'me')).toBe(false)
    expect(isLetter(said('p', to('p', 'q')), 'me')).toBe(false)
    expect(isLetter(said('p', 'everyone'), 'me')).toBe(false)
    expect(isLetter(said('p', 'bench'), 'me')).toBe(false)
    expect(isLetter(said('p', to('me', 'p'), 'matter.issue'), 'me'), 'a matter is no message').toBe(false)
  })

  it('are counted by sender, each once, until their row has been on the screen', () => {
    const { byMember, add, saw, first } = useLetters('a.room')
    add([{ seq: 9, from: 'p' }, { seq: 4, from: 'p' }, { seq: 6, from: 'q' }])
    add([{ seq: 9, from: 'p' }])
    expect([...byMember.value]).toEqual([['p', 2], ['q', 1]])
    expect(first('p')).toBe(4)
    saw(5, 8, drawn)
    expect([...byMember.value]).toEqual([['p', 2]])
    saw(1, 20, (seq) => seq !== 9)
    expect(first('p'), 'a grey place is not a message').toBe(9)
    saw(9, 9, drawn)
    expect(byMember.value.size).toBe(0)
  })

  it('outlive a reload on this device, under their own name only', () => {
    useLetters('a.room').add([{ seq: 7, from: 'p' }])
    expect(useLetters('a.room').first('p')).toBe(7)
    expect(useLetters('b.room').first('p')).toBeUndefined()
    useLetters('a.room').saw(1, 10, drawn)
    expect(useLetters('a.room').first('p')).toBeUndefined()
  })

  it('that were seen before the mark has passed them stay seen, and are forgotten when it has', () => {
    const letter = { seq: 7, from: 'p' }
    const page = useLetters('a.room')
    page.tell([letter], 3)
    page.saw(7, 7, drawn)
    const reloaded = useLetters('a.room')
    reloaded.tell([letter], 3)
    expect(reloaded.first('p')).toBeUndefined()
    reloaded.tell([], 9)
    expect(localStorage.length).toBe(0)
  })

  it('stay unread when the mark has jumped over them', () => {
    useLetters('a.room').tell([{ seq: 7, from: 'p' }], 3)
    const later = useLetters('a.room')
    later.tell([], 40)
    expect(later.first('p')).toBe(7)
  })

  it('do not choke on what somebody else has left in their place', () => {
    for (const junk of ['{', '7', '[7]', '{"unread": [null, {"seq": "1", "from": 2}, {"seq": 3, "from": "p"}], "seen": ["x", 3]}']) {
      localStorage.setItem('weiting.letters.a.room', junk)
      expect(useLetters('a.room').unread.value.every((one) => one.from === 'p')).toBe(true)
    }
  })
})
