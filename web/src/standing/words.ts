import { addWords } from '@/words/late'
import standing from '@/words/zh-CN/standing'

addWords({ standing })
