import { addWords } from '@/words/late'
import people from '@/words/zh-CN/people'

addWords({ people })
